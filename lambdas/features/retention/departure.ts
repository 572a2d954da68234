import type { RoleRecord } from '../access/role.ts';
import type { PersonKind, Placement } from '../people/person.ts';

/** What ties a person to an organisation. */
export interface Standing {
  readonly kind: PersonKind;
  readonly placements: readonly Placement[];
  readonly roles: readonly Pick<RoleRecord, 'role' | 'state' | 'validUntil'>[];
  /** Of a guardian: the children, each with the last day of the link and of the child itself, where there is one. */
  readonly children: readonly ChildOfGuardian[];
}
export interface ChildOfGuardian {
  readonly linkedUntil: string | undefined;
  /** `gone`: erased, so that nobody knows its last day any more. */
  readonly endedOn: string | undefined | 'gone';
}

/**
 * The last day of the last placement or role, past or to come; undefined while one is open, and for whoever never had
 * one: inactivity is not leaving (SM-11). A guardian is there for a child, and leaves with the last one, whatever role
 * was given to sign in with. Of children that are gone nobody knows the day: `otherwise` is taken.
 */
export function endedOn({ placements, roles, children }: Standing, otherwise: string): string | undefined {
  const ends: (string | undefined)[] = placements.map(({ until }) => until);
  for (const { role, state, validUntil } of roles) {
    if (role === 'guardian' && children.length > 0) continue;
    ends.push(state === 'ended' ? (validUntil ?? otherwise) : validUntil);
  }
  for (const child of children) ends.push(endOfGuardianship(child, otherwise));
  if (ends.some((end) => end === undefined)) return undefined;
  return (ends as string[]).sort().at(-1);
}

function endOfGuardianship({ linkedUntil, endedOn: childEnd }: ChildOfGuardian, otherwise: string) {
  const left = childEnd === 'gone' ? otherwise : childEnd;
  if (linkedUntil === undefined || left === undefined) return linkedUntil ?? left;
  return linkedUntil < left ? linkedUntil : left;
}

/** As far as placements alone say it; what a write of a person can know. */
export const endOfPlacements = (placements: readonly Placement[]): string | undefined =>
  endedOn({ kind: 'child', placements, roles: [], children: [] }, '');
