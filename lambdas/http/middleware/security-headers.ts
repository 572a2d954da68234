import type { Step } from '../exchange.ts';

/** Nothing is kept (FW-17), guessed, framed, or told to the next site; a page of ours brings a policy of its own. */
const securityHeaderValues = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

export function securityHeaders(): Step {
  const set: Step['after'] = ({ response }) => {
    if (response) response.headers = { ...securityHeaderValues, ...response.headers };
  };
  return { after: set, onError: set };
}
