import { type Profile, roles, rolesOfProfile } from '../../access/roles.ts';
import { Problem } from '../../http/problem.ts';
import type { RoleRecord } from '../access/role.ts';
import type { PersonKind } from '../people/person.ts';

/** More roles for one person in one organisation is a mistake. */
export const ROLES_OF_PERSON_MAX = 30;

export type RoleTerms = Pick<RoleRecord, 'scope' | 'validFrom' | 'validUntil'>;

/** Throws when the profile does not know the role, or it cannot be held on these terms. Pure. */
export function demandGrantable(
  role: RoleRecord['role'],
  terms: RoleTerms,
  facts: { readonly profile: Profile; readonly kind: PersonKind; readonly personId: string },
): void {
  if (!rolesOfProfile[facts.profile][role]) throw new Problem('wrong-state', 'This profile has no such role.');
  if (facts.kind === 'child') throw new Problem('wrong-state', 'A child holds no role.');
  demandTerms(role, terms, facts.personId);
}

/** Throws when the role cannot have this scope, or would end before it begins. Pure. */
export function demandTerms(
  role: RoleRecord['role'],
  { scope, validFrom, validUntil }: RoleTerms,
  personId: string,
): void {
  const isWhole = scope.kind === 'organisation';
  if (!roles[role].scopes.includes(scope.kind) || isWhole !== (scope.id === undefined) || !hasRightPrefix(scope)) {
    throw new Problem('wrong-state', 'This role cannot be given in that scope.');
  }
  // What a guardian reaches follows from the links to children; the role's scope is the guardian's own person.
  if (scope.kind === 'person' && !roles[role].guarded && scope.id !== personId) {
    throw new Problem('wrong-state', 'The scope of this role is the person who holds it.');
  }
  if (validUntil !== undefined && validUntil < validFrom) {
    throw new Problem('wrong-state', 'The last day is before the first.');
  }
}

const prefixes = { department: 'dep_', group: 'grp_', person: 'per_' } as const;
const hasRightPrefix = ({ kind, id }: RoleRecord['scope']) =>
  kind === 'organisation' || id?.startsWith(prefixes[kind]) === true;

export const isSameGrant = (one: RoleRecord, other: Pick<RoleRecord, 'role' | 'scope'>): boolean =>
  one.role === other.role && one.scope.kind === other.scope.kind && one.scope.id === other.scope.id;
