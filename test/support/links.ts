import { linkHandlers } from '../../lambdas/features/links/handlers.ts';
import { purposes } from '../../lambdas/features/links/link.ts';

type Effects = Parameters<typeof linkHandlers>[0];
type Pages = Parameters<typeof linkHandlers>[1];

/** The handlers of links of which a test needs some; pressing any other fails it. */
export function someLinkHandlers(effects: Partial<Effects>, pages: Partial<Pages> = {}) {
  const notThis = async (): Promise<never> => {
    throw new Error('not this link');
  };
  const others = Object.fromEntries(purposes.map((purpose) => [purpose, notThis]));
  return linkHandlers({ ...(others as unknown as Effects), ...effects }, { ...(others as unknown as Pages), ...pages });
}
