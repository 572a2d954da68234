import type { PersonId } from '../../http/ids.ts';
import type { GuardianOfChild } from '../attendance/guardians.ts';
import { isLinkedOn } from '../people/person.ts';
import { type Custody, homeOn } from './custody.ts';

/**
 * Who is reminded of what has to be said about a child's day: of those who decide for the child and whom no block keeps
 * away, whoever has the child on that day; without an agreement about it, or when nobody of that home may decide,
 * whoever the child lives with.
 */
export function remindersGoTo(
  guardians: readonly GuardianOfChild[],
  custody: Custody | undefined,
  day: string,
): PersonId[] {
  const deciding = guardians.filter(
    ({ link, isBlocked }) => !isBlocked && link.rights === 'parental-responsibility' && isLinkedOn(link, day),
  );
  const home = custody && homeOn(custody, day);
  const atHome = deciding.filter(({ link }) => home?.includes(link.guardianId));
  const reminded = atHome.length > 0 ? atHome : deciding.filter(({ link }) => link.livesWith);
  return reminded.map(({ link }) => link.guardianId);
}
