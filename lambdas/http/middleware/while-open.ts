import type { ApiOptions } from '../api.ts';
import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';

/** A restore takes minutes at least: whoever comes back sooner only finds the gate closed again. */
const COME_BACK_SECONDS = 60;

/** Nothing of a request is looked at before the gate is known to be open. */
export const whileOpen = (gate: ApiOptions['gate']): Step => ({
  before: async () => {
    if (!gate || (await gate.current()).isOpen) return;
    throw new Problem('service-restoring', undefined, { retryAfterSeconds: COME_BACK_SECONDS });
  },
});
