import { accessDecision, type Target } from '../../access/decide.ts';
import type { Profile } from '../../access/roles.ts';
import type { RoleCaller } from '../../http/call.ts';
import type { PersonKind } from '../people/person.ts';
import { type DocumentRecord, editionInForce, type SharedScope } from './document.ts';

/** What the caller may do with one document. `see`: it is published for them; `work`: every edition, in every state. */
export interface Standing {
  readonly sees: boolean;
  readonly worksWith: boolean;
  readonly manages: boolean;
}
const nothing: Standing = { sees: false, worksWith: false, manages: false };

/** The organisation's structure, as far as a scope needs it. */
export interface Structure {
  departmentOf(groupId: string): string | undefined;
}

/** Whom a guardian is there for, or a member themself: where they are placed today. */
export interface Whereabouts {
  /** Whether there is anybody at all. */
  readonly isServed: boolean;
  readonly groupIds: ReadonlySet<string>;
  readonly departmentIds: ReadonlySet<string>;
}

export interface AboutPerson {
  readonly organisation: { readonly profile: Profile; readonly state: 'open' | 'closed' };
  readonly target: Target & { readonly kind: 'person' };
  readonly kind: PersonKind;
}

type Caller = Pick<RoleCaller, 'role' | 'scope' | 'personId'>;

/** Of a document about one person: the rules of access decide, and for those who do not work with it, its audience. Pure. */
export function standingOnPersons(caller: Caller, document: DocumentRecord, about: AboutPerson): Standing {
  const { target, organisation, kind } = about;
  const role = { name: caller.role, scope: caller.scope, personId: caller.personId };
  const may = (action: 'document:read' | 'document:manage') =>
    accessDecision(action, { role, organisation, target }) === 'allowed';
  if (!may('document:read')) return nothing;
  const isSelf = target.personId === caller.personId;
  if (!isSelf && worksThere(caller.role)) {
    // What is about somebody who works there is for their leaders, not for their colleagues.
    if (kind === 'staff' && caller.role === 'staff') return nothing;
    return { sees: true, worksWith: true, manages: may('document:manage') };
  }
  const isInForce = editionInForce(document) !== undefined;
  const isForThem = document.visibleTo === (isSelf ? 'person' : 'guardians');
  return { ...nothing, sees: isInForce && isForThem };
}

/** Of a shared document. Pure. */
export function standingOnShared(
  caller: Caller,
  document: DocumentRecord & { readonly scope: SharedScope },
  where: Whereabouts | undefined,
  structure: Structure,
): Standing {
  if (worksThere(caller.role)) {
    const manages = caller.role === 'administrator' || holds(caller.scope, document.scope, structure);
    const worksWith = manages || concernsScope(document.scope, caller.scope, structure);
    return { sees: worksWith, worksWith, manages };
  }
  const isForThem = document.visibleTo === 'guardians' && editionInForce(document) !== undefined;
  return { ...nothing, sees: isForThem && where !== undefined && concerns(document.scope, where) };
}

const worksThere = (role: RoleCaller['role']) => role === 'administrator' || role === 'leader' || role === 'staff';

/** Whether a role of this scope covers all that the document concerns. */
export function holds(role: RoleCaller['scope'], scope: SharedScope, { departmentOf }: Structure): boolean {
  if (role.kind === 'organisation') return true;
  if (scope.kind === 'organisation' || role.kind === 'person') return false;
  if (role.kind === scope.kind) return role.id === scope.id;
  return role.kind === 'department' && scope.kind === 'group' && departmentOf(scope.id) === role.id;
}

/** Whether what concerns all of that concerns whoever works in this scope too. */
function concernsScope(scope: SharedScope, role: RoleCaller['scope'], { departmentOf }: Structure): boolean {
  if (scope.kind === 'organisation') return true;
  return scope.kind === 'department' && role.kind === 'group' && departmentOf(role.id ?? '') === scope.id;
}

function concerns(scope: SharedScope, where: Whereabouts): boolean {
  switch (scope.kind) {
    case 'organisation':
      return where.isServed;
    case 'department':
      return where.departmentIds.has(scope.id);
    case 'group':
      return where.groupIds.has(scope.id);
  }
}
