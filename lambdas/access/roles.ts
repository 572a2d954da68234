/** The catalogue of roles per profile (FW-07, SM-01, SM-02). One file: every party that names a role reads it here. */

export const profiles = ['family', 'kindergarten', 'workplace', 'safety', 'itservice'] as const;
export type Profile = (typeof profiles)[number];

export const roleNames = [
  'administrator',
  'privacy-officer',
  'leader',
  'staff',
  'guardian',
  'member',
  'integration',
  'platform-operator',
  'platform-support',
  'platform-data-protection-officer',
] as const;
export type RoleName = (typeof roleNames)[number];

interface RoleDeclaration {
  /**
   * Opens only with TOTP, by a role session of 30 minutes, and only after a recorded undertaking of confidentiality
   * (SM-15, KP-13).
   */
  readonly guarded: boolean;
  /** The scopes in which the role may be granted. */
  readonly scopes: readonly ScopeKind[];
}

export type ScopeKind = 'organisation' | 'department' | 'group' | 'person';

export const roles: Readonly<Record<RoleName, RoleDeclaration>> = {
  administrator: { guarded: true, scopes: ['organisation'] },
  'privacy-officer': { guarded: true, scopes: ['organisation'] },
  leader: { guarded: true, scopes: ['organisation', 'department'] },
  staff: { guarded: true, scopes: ['organisation', 'department', 'group', 'person'] },
  guardian: { guarded: false, scopes: ['person'] },
  member: { guarded: false, scopes: ['person'] },
  // A program of the organisation's, never a person: no profile gives it a title, so nobody is invited to it or given it.
  integration: { guarded: false, scopes: ['organisation', 'department', 'group'] },
  'platform-operator': { guarded: true, scopes: ['organisation'] },
  'platform-support': { guarded: true, scopes: ['organisation'] },
  // Reads what people write in confidence (KP-17), and nothing else: no grant ever lets this role into an organisation.
  'platform-data-protection-officer': { guarded: true, scopes: ['organisation'] },
};

interface RoleTitle {
  readonly nb: string;
  readonly en: string;
}

/** Which roles a profile knows, and what its people call them. */
export const rolesOfProfile: Readonly<Record<Profile, Readonly<Partial<Record<RoleName, RoleTitle>>>>> = {
  kindergarten: {
    administrator: { nb: 'administrator', en: 'administrator' },
    'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
    leader: { nb: 'styrer', en: 'head of the kindergarten' },
    staff: { nb: 'ansatt', en: 'member of staff' },
    guardian: { nb: 'foresatt', en: 'guardian' },
  },
  family: {
    administrator: { nb: 'administrator', en: 'administrator' },
    'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
    leader: { nb: 'leder', en: 'leader' },
    staff: { nb: 'medarbeider', en: 'member of staff' },
    guardian: { nb: 'foresatt', en: 'guardian' },
    member: { nb: 'medlem', en: 'member' },
  },
  workplace: {
    administrator: { nb: 'administrator', en: 'administrator' },
    'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
    leader: { nb: 'leder', en: 'manager' },
    staff: { nb: 'personalmedarbeider', en: 'personnel officer' },
    member: { nb: 'ansatt', en: 'employee' },
  },
  safety: {
    administrator: { nb: 'administrator', en: 'administrator' },
    'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
    leader: { nb: 'avdelingsleder', en: 'department head' },
    staff: { nb: 'omsorgsperson', en: 'carer' },
    guardian: { nb: 'pårørende', en: 'relative' },
    member: { nb: 'tjenestemottaker', en: 'service recipient' },
  },
  itservice: {
    administrator: { nb: 'administrator', en: 'administrator' },
    'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
    leader: { nb: 'leder', en: 'manager' },
    staff: { nb: 'saksbehandler', en: 'agent' },
    member: { nb: 'kundekontakt', en: 'customer contact' },
  },
};

/** What a guardian may do for a child. */
export const guardianRights = ['parental-responsibility', 'information-only', 'pick-up-only'] as const;
export type GuardianRights = (typeof guardianRights)[number];
