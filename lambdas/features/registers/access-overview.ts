import { type Profile, type RoleName, roleNames, roles, rolesOfProfile, type ScopeKind } from '../../access/roles.ts';
import { type Rule, rules } from '../../access/rules.ts';
import type { RoleRecord } from '../access/role.ts';
import type { Bilingual } from '../agreements/document.ts';

/** What a role may do, and how many hold it, by what it is held for. */
export interface RoleOverview {
  readonly role: RoleName;
  readonly title: Bilingual;
  readonly guarded: boolean;
  readonly holders: Record<ScopeKind, number>;
  readonly actions: { readonly action: string; readonly within: Rule['within']; readonly rights?: string[] }[];
}

/** Who has access to what under a profile: the rules themselves, with those who hold the roles. Pure. */
export const rolesOverview = (profile: Profile, held: readonly RoleRecord[]): RoleOverview[] =>
  roleNames.flatMap((role) => {
    const title = rolesOfProfile[profile][role];
    if (!title) return [];
    const holders = { organisation: 0, department: 0, group: 0, person: 0 };
    for (const one of held) if (one.role === role) holders[one.scope.kind]++;
    return [{ role, title, guarded: roles[role].guarded, holders, actions: actionsOf(role) }];
  });

const actionsOf = (role: RoleName): RoleOverview['actions'] =>
  Object.entries<readonly Rule[]>(rules).flatMap(([action, declared]) =>
    declared
      .filter((rule) => rule.role === role)
      .map((rule) => ({
        action,
        within: rule.within,
        ...(rule.within === 'child' && { rights: [...rule.rights] }),
      })),
  );
