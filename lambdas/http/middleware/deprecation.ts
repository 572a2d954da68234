import { deprecationHeaders } from '../deprecation.ts';
import type { Step } from '../exchange.ts';

/** Every answer of a route that will go says so, whatever else it says. */
export function deprecation({ publicUrl }: { readonly publicUrl: string }): Step {
  const set: Step['after'] = ({ context: { exchange }, response }) => {
    const { deprecated } = (exchange.route as typeof exchange.route | undefined) ?? {};
    if (response && deprecated)
      response.headers = { ...deprecationHeaders(deprecated, publicUrl), ...response.headers };
  };
  return { after: set, onError: set };
}
