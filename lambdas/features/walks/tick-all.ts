import { errorName } from '../../platform/error-name.ts';
import type { FamilyClock } from './family-clock.ts';

export type Step = (clock: FamilyClock) => Promise<object>;

/**
 * All steps beside each other, each a use case of its own feature: one that fails stops no other, and one that takes a
 * whole run (a letter to everybody) leaves the others their time. Throws what failed first, when all have ended.
 */
export async function tickAll(
  steps: Readonly<Record<string, Step>>,
  clock: FamilyClock,
  log: (line: { readonly metric: string; readonly [field: string]: unknown }) => void,
): Promise<Record<string, object>> {
  const ticked: Record<string, object> = {};
  const failures: unknown[] = [];
  await Promise.all(
    Object.entries(steps).map(async ([name, tick]) => {
      try {
        const done = await tick(clock);
        ticked[name] = done;
        log({ metric: `${name}-ticked`, ...done });
      } catch (error) {
        failures.push(error);
        log({ metric: 'family-clock-step-failed', step: name, error: errorName(error) });
      }
    }),
  );
  // Lambda's own error count alarms.
  if (failures.length > 0) throw failures[0];
  return ticked;
}
