import type { GuardianRights, RoleName } from './roles.ts';

/**
 * Rules are data: one action per kind of route, OR-ed rules; denials (a block, a closed organisation) are decided in
 * decide.ts and override them all.
 */
export type Rule =
  /** The role, wherever in the organisation the target is. */
  | { readonly role: RoleName; readonly within: 'organisation' }
  /** The role, when it is held for the whole organisation: for what has no target that a scope could hold. */
  | { readonly role: RoleName; readonly within: 'whole-organisation' }
  /** The role, when its scope (organisation, department, group, person) holds the target. */
  | { readonly role: RoleName; readonly within: 'scope' }
  /** A guardian of the target child with one of these rights. */
  | { readonly role: 'guardian'; readonly within: 'child'; readonly rights: readonly GuardianRights[] }
  /** The target is the caller. */
  | { readonly role: RoleName; readonly within: 'self' };

const anywhere = (...roles: readonly RoleName[]): Rule[] => roles.map((role) => ({ role, within: 'organisation' }));
const throughout = (...roles: readonly RoleName[]): Rule[] =>
  roles.map((role) => ({ role, within: 'whole-organisation' }));
const inScope = (...roles: readonly RoleName[]): Rule[] => roles.map((role) => ({ role, within: 'scope' }));
const self = (...roles: readonly RoleName[]): Rule[] => roles.map((role) => ({ role, within: 'self' }));
const guardian = (...rights: readonly GuardianRights[]): Rule[] => [{ role: 'guardian', within: 'child', rights }];

const everyRoleInside: readonly RoleName[] = [
  'administrator',
  'privacy-officer',
  'leader',
  'staff',
  'guardian',
  'member',
];

/** Platform staff, in an organisation that they hold a grant for: they look, and change nothing (SM-14). */
const withGrant: readonly RoleName[] = ['platform-operator', 'platform-support'];

export const rules = {
  'organisation:read': anywhere(...everyRoleInside, 'integration', ...withGrant),
  'organisation:manage': anywhere('administrator'),
  'agreement:read': anywhere('administrator', 'privacy-officer', 'leader', ...withGrant),
  'agreement:accept': anywhere('administrator'),
  'structure:read': anywhere('administrator', 'privacy-officer', 'leader', 'staff', 'integration', ...withGrant),
  'structure:manage': [...anywhere('administrator'), ...throughout('leader')],
  'role:manage': anywhere('administrator'),
  'role:read': anywhere('administrator', 'privacy-officer', 'leader', ...withGrant),
  'access-grant:manage': anywhere('administrator', 'privacy-officer'),
  'person:list': [...anywhere('administrator', ...withGrant), ...inScope('leader', 'staff', 'integration')],
  'person:read': [
    ...anywhere('administrator', ...withGrant),
    ...inScope('leader', 'staff', 'integration'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('guardian', 'member', 'staff'),
  ],
  'person:create': [...anywhere('administrator'), ...throughout('leader')],
  'person:manage': [...anywhere('administrator'), ...inScope('leader')],
  'picture:manage': [
    ...anywhere('administrator'),
    ...inScope('leader'),
    ...guardian('parental-responsibility'),
    ...self('guardian', 'member', 'staff'),
  ],
  'person:block': [...anywhere('administrator'), ...inScope('leader')],
  'person:invite': [...anywhere('administrator'), ...inScope('leader')],
  'guardians:invite': [...anywhere('administrator'), ...throughout('leader')],
  'consent-purpose:read': anywhere('administrator', 'privacy-officer', 'leader', 'staff'),
  'consent-purpose:manage': anywhere('administrator', 'privacy-officer'),
  'consent:list': [...anywhere('administrator', 'privacy-officer'), ...throughout('leader')],
  'consent:read': [...anywhere('administrator', 'privacy-officer'), ...inScope('leader', 'staff')],
  'statement:publish': anywhere('administrator', 'privacy-officer'),
  // Who has seen whom is for the one who watches over privacy: neither administrators nor the operator read it.
  'activity:read': anywhere('privacy-officer'),
  'request:read': anywhere('administrator', 'privacy-officer'),
  'request:register': [...anywhere('administrator', 'privacy-officer'), ...throughout('leader')],
  'request:decide': anywhere('administrator', 'privacy-officer'),
  'import:manage': [...anywhere('administrator'), ...throughout('leader')],
  'attendance:register': inScope('leader', 'staff', 'integration'),
  'attendance:read': [
    ...inScope('leader', 'staff', 'integration'),
    ...anywhere(...withGrant),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'attendance:correct': inScope('leader', 'staff'),
  'absence:report': [...inScope('leader', 'staff'), ...guardian('parental-responsibility')],
  'group-list:read': [...inScope('leader', 'staff'), ...anywhere(...withGrant)],
  // What a calendar shows follows from scope and child, event by event; decided where the events are known.
  'calendar:read': anywhere(...everyRoleInside),
  'calendar:manage': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  'calendar:import': [...anywhere('administrator'), ...throughout('leader')],
  'person-calendar:read': [
    ...anywhere('administrator'),
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('guardian', 'member', 'staff'),
  ],
  'event:answer': [...guardian('parental-responsibility'), ...self('guardian', 'member', 'staff')],
  'slot:manage': inScope('leader', 'staff'),
  'slot:book': guardian('parental-responsibility'),
  'reservation:read': [
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'reservation:manage': [...inScope('leader', 'staff'), ...guardian('parental-responsibility')],
  // Which children they are, and what the guardian may do for each of them, is decided child by child.
  'reservation:manage-siblings': anywhere('guardian'),
  'closure:read': anywhere(...everyRoleInside, 'integration'),
  'closure:manage': [...anywhere('administrator'), ...throughout('leader')],
  'capacity:read': inScope('leader', 'staff'),
  'capacity:manage': inScope('leader'),
  'custody:read': [...inScope('leader', 'staff'), ...guardian('parental-responsibility')],
  'custody:manage': [...anywhere('administrator'), ...inScope('leader')],
  'child-log:read': [...inScope('leader', 'staff'), ...guardian('parental-responsibility', 'information-only')],
  'child-log:write': inScope('leader', 'staff'),
  'photo:read': [...inScope('leader', 'staff'), ...guardian('parental-responsibility', 'information-only')],
  'photo:write': inScope('leader', 'staff'),
  'file:upload': anywhere('administrator', 'leader', 'staff', 'guardian', 'member'),
  'file:read': anywhere('administrator', 'leader', 'staff', 'guardian', 'member'),
  'document:read': [
    ...anywhere('administrator'),
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('guardian', 'member', 'staff'),
  ],
  'document:manage': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  // Which documents follows from each one's scope and audience; decided where they are known.
  'document:open': anywhere('administrator', 'leader', 'staff', 'guardian', 'member'),
  // Whoever is part of a thread, and nobody else: no leader and no administrator reads over a shoulder.
  'message:use': anywhere('administrator', 'leader', 'staff', 'guardian', 'member'),
  // Conversations about a child: who takes part in one is decided there. Administrators take part in none.
  'thread:use': [
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'message:announce': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  // What was sent to a person, and what became of it.
  'notice:read': [...anywhere('administrator'), ...inScope('leader'), ...self('guardian', 'member', 'staff')],
  // What the caller caused, or the organisation's jobs; decided where it is known who did.
  'notice:follow': anywhere('administrator', 'leader', 'staff'),
  'notice-preferences:manage': anywhere('administrator', 'privacy-officer', 'leader', 'staff', 'guardian', 'member'),
  'undeliverable:read': [...anywhere('administrator'), ...throughout('leader')],
  'distribution:manage': [...anywhere('administrator'), ...throughout('leader')],
  'distribution:read': [...anywhere('administrator', 'privacy-officer'), ...throughout('leader')],
  'survey:manage': [...anywhere('administrator'), ...throughout('leader')],
  'survey:read': [...anywhere('administrator', 'privacy-officer'), ...throughout('leader')],
  'enquiry:read': [...anywhere('administrator'), ...throughout('leader')],
  'enquiry:answer': [...anywhere('administrator'), ...throughout('leader')],
  'customer:read': [...anywhere('administrator'), ...throughout('leader', 'staff', 'integration')],
  'customer:manage': [...anywhere('administrator'), ...throughout('leader', 'staff', 'integration')],
  'ticket:read': [...anywhere('administrator'), ...throughout('leader', 'staff', 'integration')],
  'ticket:write': [...anywhere('administrator'), ...throughout('leader', 'staff', 'integration')],
  'ticket-settings:read': [...anywhere('administrator'), ...throughout('leader', 'staff')],
  // A contact's own alone: decided where the ticket is known.
  'ticket:own': anywhere('member', 'guardian'),
  'ticket-settings:manage': [...anywhere('administrator'), ...throughout('leader')],
  'chat:answer': [...anywhere('administrator'), ...throughout('leader', 'staff')],
  'correction:propose': anywhere('member'),
  'correction:decide': [...anywhere('administrator'), ...throughout('leader', 'staff')],
  'platform:support:answer': anywhere('platform-operator', 'platform-support'),
  'open-event:manage': [...anywhere('administrator'), ...throughout('leader')],
  'subscriber:manage': [...anywhere('administrator'), ...throughout('leader')],
  'safety-device:manage': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  'safety-device:read': [...anywhere('administrator'), ...inScope('leader', 'staff'), ...self('member')],
  // Whoever is a receiver with this right, within their hours: decided where the receivers are known.
  'position:read': [
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'receiver:manage': [...anywhere('administrator'), ...inScope('leader')],
  // A relative is shown their own entry alone.
  'receiver:read': [
    ...anywhere('administrator'),
    ...inScope('leader', 'staff'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'geofence:manage': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  'geofence:read': [...anywhere('administrator'), ...inScope('leader', 'staff'), ...self('member')],
  // Those of a department or of the whole place; which department it is, is decided where it is known.
  'shared-geofence:manage': [...anywhere('administrator'), ...inScope('leader')],
  'shared-geofence:read': [...anywhere('administrator'), ...inScope('leader', 'staff')],
  // Whoever has been told of an alarm may answer it by the link of the letter as well, in no role at all.
  // A program may show that somebody waits for help; that help is coming is for a person to say (`alarm:answer`).
  'alarm:list': inScope('leader', 'staff', 'integration'),
  'alarm:read': [
    ...inScope('leader', 'staff', 'integration'),
    ...guardian('parental-responsibility', 'information-only'),
    ...self('member'),
  ],
  'alarm:answer': [...inScope('leader', 'staff'), ...guardian('parental-responsibility', 'information-only')],
  // A department's own by its leader: which one it is, is decided where it is known.
  'alarm:configure': [...anywhere('administrator'), ...inScope('leader')],
  'views:read': [
    ...anywhere('privacy-officer'),
    ...guardian('parental-responsibility'),
    ...self('guardian', 'member', 'staff'),
  ],
  // The registers that a controller answers for (Art. 28, 30, 33): no leader or member of staff needs them.
  'register:read': anywhere('administrator', 'privacy-officer', ...withGrant),
  'register:manage': anywhere('administrator', 'privacy-officer'),
  'backup:read': anywhere('administrator', 'privacy-officer'),
  // Counts of nobody, and none below ten.
  'statistics:read': [...anywhere('administrator', 'privacy-officer'), ...throughout('leader')],
  // What was registered of a person's own use is theirs to see: no employer reads it (CE-04).
  'usage:read': self('member', 'staff', 'leader', 'administrator', 'privacy-officer'),
  'usage:settings': anywhere('administrator', 'privacy-officer'),
  // Never by whoever wrote the message; by the privacy officer where an administrator did: decided where the report is known.
  'abuse-report:handle': anywhere('administrator', 'privacy-officer'),
  'platform:statistics:read': anywhere('platform-operator'),
  'special-category:agree': anywhere('administrator'),
  'platform:register:manage': anywhere('platform-operator'),
  'organisation:export': anywhere('administrator'),
  // An employee's own hours; who approves them also corrects them, and both are seen in the history. Nobody approves
  // their own, so administrators may: a leader's hours need somebody where there is no other leader.
  'time-clock:use': self('member', 'staff', 'leader'),
  'time-clock:read': [...inScope('leader', 'staff'), ...self('member', 'staff', 'leader')],
  'time-clock:correct': [...inScope('leader', 'staff'), ...self('member')],
  'timesheet:read': [...anywhere('administrator'), ...inScope('leader', 'staff'), ...self('member', 'staff', 'leader')],
  'timesheet:approve': [...anywhere('administrator'), ...inScope('leader')],
  'payroll:export': [...anywhere('administrator'), ...throughout('leader', 'staff', 'integration')],
  'working-time:read': [...inScope('leader', 'staff'), ...self('member', 'staff', 'leader')],
  'working-time:manage': inScope('leader', 'staff'),
  'qualification:read': [...inScope('leader', 'staff'), ...self('member', 'staff', 'leader')],
  'qualification:manage': [...inScope('leader', 'staff'), ...self('member', 'staff', 'leader')],
  'workplace:manage': [...anywhere('administrator'), ...throughout('leader')],
  'site:read': anywhere('administrator', 'leader', 'staff', 'member'),
  'site:manage': [...anywhere('administrator'), ...throughout('leader')],
  // The client must hold the list ready for whoever inspects (byggherreforskriften, section 15).
  'site-list:read': anywhere('administrator', 'leader', 'staff'),
  'site-list:register': anywhere('administrator', 'leader', 'staff'),
  'site:check-in': self('member', 'staff', 'leader'),
  'retention:read': anywhere('administrator', 'privacy-officer', 'leader', ...withGrant),
  'retention:manage': anywhere('administrator'),
  'retention:preview': anywhere('administrator', 'privacy-officer'),
  // An organisation as an issuer: what it charges its customers, and what came of it.
  'billing:manage': [...anywhere('administrator'), ...throughout('leader')],
  'billing:read': [...anywhere('administrator'), ...throughout('leader', 'integration')],
  // What the operator has invoiced the organisation itself.
  'own-invoice:read': anywhere('administrator'),
  'platform:billing:manage': anywhere('platform-operator'),
  'platform:organisation:manage': anywhere('platform-operator'),
  'platform:organisation:read': anywhere('platform-operator', 'platform-support'),
  'platform:staff:manage': anywhere('platform-operator'),
  'platform:grant:request': anywhere('platform-operator', 'platform-support'),
  // Art. 38(5): bound by secrecy towards the operator's other staff as well.
  'dpo:answer': anywhere('platform-data-protection-officer'),
  'platform:request:decide': anywhere('platform-operator'),
  'platform:recovery:approve': anywhere('platform-operator', 'platform-support'),
  // Ids and names of events: what of them a role is told follows from what it may read (features/changes/told.ts).
  'change:read': throughout('integration'),
  'service-client:read': anywhere('administrator', 'privacy-officer'),
  'service-client:manage': anywhere('administrator'),
  'webhook:read': anywhere('administrator', 'privacy-officer'),
  'webhook:manage': anywhere('administrator'),
} as const satisfies Record<string, readonly Rule[]>;

export type Action = keyof typeof rules;

/** What an administrator can let a service client do: whatever a rule gives its role. */
export const serviceClientScopes = (Object.keys(rules) as Action[]).filter((action) =>
  rules[action].some((rule: Rule) => rule.role === 'integration'),
) as [Action, ...Action[]];
