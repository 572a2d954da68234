import type { Profile } from '../../access/roles.ts';
import type { RetentionClass } from '../../platform/entity.ts';
import { categories, isUnder } from '../agreements/categories.ts';
import { basisUnder } from '../agreements/words.ts';
import { subProcessors } from '../registers/sub-processor-list.ts';
import { policyOf } from '../retention/policy.ts';
import { daysIn } from '../retention/terms.ts';
import type { MaterialReason, StatementFacts } from './published.ts';

/** What the generated statement declares, as data. Pure. */
export const statementFacts = (profile: Profile): StatementFacts => ({
  processing: categories.filter(isUnder(profile)).map(({ purpose, entities: [declaration], keptAtMost }) => {
    const termDays = keptAtMost ? Number.parseInt(keptAtMost.en, 10) : termDaysOf(profile, declaration.retentionClass);
    return {
      purpose: purpose.en,
      basis: basisUnder(profile, declaration.legalBasis).en,
      article9: typeof declaration.article9 === 'string' ? declaration.article9 : 'declared',
      ...(termDays !== undefined && { termDays }),
    };
  }),
  recipients: subProcessors.map(({ name }) => name),
});

/** Absent where the term ends with something else than days. */
function termDaysOf(profile: Profile, retentionClass: RetentionClass): number | undefined {
  const { length } = policyOf(profile)[retentionClass];
  return length && daysIn(length);
}

/** What makes a change material, seen from the declarations alone: nobody has to remember to say it. Pure. */
export function detectedReasons(before: StatementFacts, after: StatementFacts): readonly MaterialReason[] {
  const earlier = new Map(before.processing.map((one) => [one.purpose, one]));
  const reasons = after.processing.flatMap((now): MaterialReason[] => {
    const then = earlier.get(now.purpose);
    if (!then) return ['new-purpose', ...(now.article9 === 'none' ? [] : (['special-category'] as const))];
    return [
      ...((now.termDays ?? Number.POSITIVE_INFINITY) > (then.termDays ?? Number.POSITIVE_INFINITY)
        ? (['longer-term'] as const)
        : []),
      ...(now.basis === then.basis ? [] : (['other-basis'] as const)),
      ...(now.article9 === then.article9 || now.article9 === 'none' ? [] : (['special-category'] as const)),
    ];
  });
  const hasNewRecipient = after.recipients.some((name) => !before.recipients.includes(name));
  return [...new Set(hasNewRecipient ? [...reasons, 'new-recipient' as const] : reasons)];
}
