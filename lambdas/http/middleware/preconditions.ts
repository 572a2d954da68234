import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';
import { demandsIdempotencyKey, demandsIfMatch } from '../route-facts.ts';

/** What a changing request must bring. After authorisation: an outsider learns nothing from a 428. */
export const preconditions = (): Step => ({
  before: ({ context: { exchange } }) => {
    const { route, input, admission } = exchange;
    if (demandsIdempotencyKey(route) && !admission.idempotency) throw new Problem('idempotency-key-required');
    if (demandsIfMatch(route) && input.ifMatch === undefined) throw new Problem('version-required');
  },
});
