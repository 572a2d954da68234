import type { PersonId } from '../../http/ids.ts';
import type { GuardianOfChild } from '../attendance/guardians.ts';
import type { Custody } from '../custody/custody.ts';
import { isLinkedOn, type PersonRecord } from '../people/person.ts';

export type Household = readonly [PersonId, ...PersonId[]];

/** Whoever may be written to about the child on a day: linked, more than picking up, and kept away by no block. */
export const mayBeWrittenTo = ({ link, isBlocked }: GuardianOfChild, day: string): boolean =>
  !isBlocked && isLinkedOn(link, day) && link.rights !== 'pick-up-only';

export interface FamilyFacts {
  readonly guardians: readonly GuardianOfChild[];
  readonly custody: Custody | undefined;
  personOf(personId: PersonId): Pick<PersonRecord, 'address' | 'postcode' | 'protectedAddress'> | undefined;
}

/**
 * Who of the guardians live together: each home of an agreement about two homes, else whoever the child lives with.
 * Where that is not sure (another address, a protected one, living elsewhere) a guardian is a household alone: two
 * conversations too many are a nuisance, one too few tells one home of the other. Pure.
 */
export function householdsOf(
  guardianIds: readonly PersonId[],
  { guardians, custody, personOf }: FamilyFacts,
): Household[] {
  const byHome = Map.groupBy(guardianIds, homeOf);
  return [...byHome.values()].flatMap((members) => {
    const addresses = new Set(members.flatMap((id) => addressOf(personOf(id)) ?? []));
    // One address, or none that is known: they live together. Of two, whoever's is not known is at neither.
    const parts = Map.groupBy(members, (id) => (addresses.size < 2 ? '' : (addressOf(personOf(id)) ?? id)));
    return [...parts.values()] as unknown as Household[];
  });

  function homeOf(guardianId: PersonId): string {
    if (personOf(guardianId)?.protectedAddress !== false) return guardianId;
    if (!custody) {
      const link = guardians.find((one) => one.link.guardianId === guardianId)?.link;
      return link?.livesWith ? 'lives-with' : guardianId;
    }
    const isOf = (home: 'first' | 'second') => custody.homes[home].includes(guardianId);
    if (isOf('first') === isOf('second')) return guardianId;
    return isOf('first') ? 'first' : 'second';
  }
}

const addressOf = (
  person: { readonly address?: string | undefined; readonly postcode?: string | undefined } | undefined,
) =>
  person?.address === undefined
    ? undefined
    : `${person.address} ${person.postcode ?? ''}`.toLowerCase().replace(/\s+/g, ' ').trim();
