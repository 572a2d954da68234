import type { GuardianRights, Profile, RoleName, ScopeKind } from './roles.ts';
import { rolesOfProfile } from './roles.ts';
import { type Action, type Rule, rules } from './rules.ts';

/** Everything that decides an access, as facts. */
export interface AccessFacts {
  readonly role: {
    readonly name: RoleName;
    readonly scope: { readonly kind: ScopeKind; readonly id?: string };
    readonly personId: string;
    /** Of a service client: the actions that it was given, of those that its role may have. */
    readonly actions?: readonly string[];
  };
  /** Absent for a platform role acting on the platform itself. */
  readonly organisation: { readonly profile: Profile; readonly state: 'open' | 'closed' } | undefined;
  /** What the path names beside the organisation; absent when it names nothing. */
  readonly target: Target | undefined;
}

export type Target =
  | {
      readonly kind: 'person';
      readonly personId: string;
      /** Groups and departments in which the person is placed today. */
      readonly groupIds: readonly string[];
      readonly departmentIds: readonly string[];
      /** The caller's link to this child today, if there is one. */
      readonly guardianRights: GuardianRights | undefined;
      /** A block stands between the caller and this person. */
      readonly isBlocked: boolean;
    }
  | { readonly kind: 'group'; readonly groupId: string; readonly departmentId: string | undefined };

/**
 * `not-allowed`: no rule gives this role the action, anywhere (403). `out-of-reach`: the role has the action, but not
 * here; the caller must not learn whether there is anything (404).
 */
export type AccessDecision = 'allowed' | 'not-allowed' | 'out-of-reach';

export function accessDecision(action: Action, facts: AccessFacts): AccessDecision {
  const { role, organisation, target } = facts;
  const applicable = rules[action].filter((rule: Rule) => rule.role === role.name);
  if (applicable.length === 0) return 'not-allowed';
  if (role.name === 'integration' && !role.actions?.includes(action)) return 'not-allowed';
  // Denials override every rule.
  if (organisation && !isKnownInProfile(role.name, organisation.profile)) return 'not-allowed';
  if (organisation?.state === 'closed') return 'not-allowed';
  if (target?.kind === 'person' && target.isBlocked) return 'out-of-reach';
  return applicable.some((rule) => reaches(rule, facts)) ? 'allowed' : 'out-of-reach';
}

function reaches(rule: Rule, { role, target }: AccessFacts): boolean {
  switch (rule.within) {
    case 'organisation':
      return true;
    case 'whole-organisation':
      return role.scope.kind === 'organisation';
    case 'self':
      return target?.kind === 'person' && target.personId === role.personId;
    case 'child':
      return (
        target?.kind === 'person' && target.guardianRights !== undefined && rule.rights.includes(target.guardianRights)
      );
    case 'scope':
      // Without a target the handler lists what lies within the caller's scope, and no more.
      return target === undefined || isInScope(role.scope, target);
  }
}

export function isInScope(scope: { readonly kind: ScopeKind; readonly id?: string }, target: Target): boolean {
  switch (scope.kind) {
    case 'organisation':
      return true;
    case 'department':
      return target.kind === 'person'
        ? target.departmentIds.includes(scope.id ?? '')
        : target.departmentId !== undefined && target.departmentId === scope.id;
    case 'group':
      return target.kind === 'person' ? target.groupIds.includes(scope.id ?? '') : target.groupId === scope.id;
    case 'person':
      return target.kind === 'person' && target.personId === scope.id;
  }
}

/** Those whom no profile has a title for: they are in the organisation by its leave, and not of it. */
const fromOutside: readonly RoleName[] = ['platform-support', 'platform-operator', 'integration'];
const isKnownInProfile = (role: RoleName, profile: Profile) =>
  fromOutside.includes(role) || rolesOfProfile[profile][role] !== undefined;
