import type { Profile } from '../../access/roles.ts';
import { type Category, categories, isUnder } from '../agreements/categories.ts';
import { basisUnder } from '../agreements/words.ts';
import { subProcessors } from '../registers/sub-processor-list.ts';
import { type Adjustments, type Policy, policyOf } from '../retention/policy.ts';
import { daysIn } from '../retention/terms.ts';
import type { MaterialReason, StatementFacts } from './published.ts';

/** What the generated statement declares, as data: each purpose once, with the longest of its terms. Pure. */
export function statementFacts(profile: Profile, adjustments: Adjustments = {}): StatementFacts {
  const policy = policyOf(profile, adjustments);
  const byPurpose = new Map<string, Processing>();
  for (const category of categories.filter(isUnder(profile))) {
    const one = processingOf(profile, policy, category);
    byPurpose.set(one.purpose, together(byPurpose.get(one.purpose), one));
  }
  return { processing: [...byPurpose.values()], recipients: subProcessors.map(({ name }) => name) };
}

type Processing = StatementFacts['processing'][number];

function processingOf(
  profile: Profile,
  policy: Policy,
  { purpose, entities: [declaration], keptAtMost }: Category,
): Processing {
  // What a profile does not keep has no term there.
  const length = policy[keptAtMost ?? declaration.retentionClass]?.length;
  // Absent where the term ends with something else than days.
  const termDays = length && daysIn(length);
  return {
    purpose: purpose.en,
    basis: basisUnder(profile, declaration.legalBasis).en,
    article9: declaration.article9,
    ...(termDays !== undefined && { termDays }),
  };
}

function together(one: Processing | undefined, other: Processing): Processing {
  if (!one) return other;
  const { termDays: _, ...rest } = one;
  return {
    ...rest,
    basis: [...new Set([...one.basis.split(' / '), other.basis])].sort().join(' / '),
    article9: one.article9 === 'none' ? other.article9 : one.article9,
    ...(one.termDays !== undefined &&
      other.termDays !== undefined && { termDays: Math.max(one.termDays, other.termDays) }),
  };
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
