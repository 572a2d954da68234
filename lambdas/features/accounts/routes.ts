import * as z from 'zod';
import { roleNames } from '../../access/roles.ts';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { account, accountWithFreshProof, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { RoleScope } from '../access/role.ts';
import { Email, Phone, PlainDate, personKinds } from '../people/person.ts';
import { Settings, SignIn } from './account.ts';

const Instant = z.iso.datetime();

export const MyRole = z
  .strictObject({
    id: RoleId,
    /** `operator` for platform staff. */
    organisationId: z.union([OrganisationId, z.literal('operator')]),
    organisationName: z.string(),
    role: z.enum(roleNames),
    title: z.string(),
    scope: RoleScope,
    /** Of the department or group, where the role is for one (SM-08). */
    scopeName: z.string().optional(),
    validFrom: PlainDate,
    validUntil: PlainDate.optional(),
    state: z.enum(['active', 'suspended', 'ended']),
    /** Must be opened by a role session, with a second factor. */
    guarded: z.boolean(),
  })
  .meta({ id: 'MyRole' });

export const Me = z
  .strictObject({
    id: AccountId,
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    email: Email,
    phone: Phone.optional(),
    language: z.enum(['nb', 'en']),
    settings: Settings,
    totpOn: z.boolean(),
    lastSignInAt: Instant.optional(),
    roles: z.array(MyRole),
    /** The persons that this account is, one per organisation. */
    persons: z.array(z.strictObject({ organisationId: OrganisationId, personId: PersonId, kind: z.enum(personKinds) })),
    /** The privacy statement of each of the caller's organisations, told after each sign-in (CE-16). */
    statements: z.array(
      z
        .strictObject({
          organisationId: OrganisationId,
          version: z.string(),
          title: z.string(),
          /** Something that matters has changed since the caller last confirmed. */
          material: z.boolean(),
          /** Shown until it is acknowledged; otherwise it is only mentioned. */
          mustAcknowledge: z.boolean(),
          acknowledgedAt: Instant.optional(),
        })
        .meta({ id: 'MyStatement' }),
    ),
    version: z.int().min(1),
  })
  .meta({ id: 'Me' });

const nullable = <S extends z.ZodType>(schema: S) => schema.nullable().optional();
const accountNeeds = [...changingRecords, 'lookup:read'] as const;
const meNeeds = [...accountNeeds, 'rights:read'] as const;

export const accountRoutes = {
  getMe: {
    summary: 'Read my account, roles and settings',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me',
    access: account,
    success: { status: 200, body: Me },
    problems: [],
    needs: meNeeds,
    versioned: true,
  },
  changeMe: {
    summary: 'Change my name, phone, language or settings',
    description: 'Everything but the e-mail address may be left empty, and is emptied by `null` (FW-02, CE-11).',
    tag: 'Me',
    method: 'PATCH',
    path: '/v1/me',
    access: account,
    body: z.strictObject({
      firstName: nullable(oneLine({ max: 80 })),
      lastName: nullable(oneLine({ max: 80 })),
      phone: nullable(Phone),
      language: z.enum(['nb', 'en']).optional(),
      settings: Settings.optional(),
    }),
    success: { status: 200, body: Me },
    problems: [],
    needs: meNeeds,
    versioned: true,
  },
  listMySignIns: {
    summary: 'List my sign-ins of the last three weeks',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/sign-ins',
    access: account,
    success: { status: 200, body: z.strictObject({ items: z.array(SignIn) }) },
    problems: [],
    needs: accountNeeds,
  },
  openRole: {
    summary: 'Open a guarded role for 30 minutes',
    description:
      'Staff, administrators and platform staff open their role with a second factor: TOTP must be on at Cognito, and ' +
      'the sign-in must be later than the moment it was turned on. The session is bound to this sign-in.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/role-sessions',
    access: account,
    body: z.strictObject({ organisationId: z.union([OrganisationId, z.literal('operator')]), roleId: RoleId }),
    success: { status: 201, body: z.strictObject({ roleId: RoleId, expiresAt: Instant }).meta({ id: 'RoleSession' }) },
    problems: [
      'role-not-found',
      'role-suspended',
      'totp-required',
      'confidentiality-undertaking-required',
      'fresh-proof-required',
    ],
    needs: [...accountNeeds, 'rights:read', 'user-pool:factors'],
    creates: true,
  },
  readUndertaking: {
    summary: 'Read the undertaking of confidentiality',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/confidentiality-undertaking',
    access: account,
    success: {
      status: 200,
      body: z
        .strictObject({ version: z.string(), nb: z.string(), en: z.string() })
        .meta({ id: 'ConfidentialityUndertaking' }),
    },
    problems: [],
    needs: accountNeeds,
  },
  giveUndertaking: {
    summary: 'Give the undertaking of confidentiality for a role',
    description: 'No staff or platform role opens before it (SM-15). Version, person and time are kept.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/confidentiality-undertakings',
    access: account,
    body: z.strictObject({
      organisationId: z.union([OrganisationId, z.literal('operator')]),
      roleId: RoleId,
      version: z.string().max(80),
    }),
    success: { status: 201, body: z.strictObject({ version: z.string(), at: Instant }) },
    problems: ['role-not-found', 'undertaking-outdated'],
    needs: [...accountNeeds, 'rights:read', 'rights:append'],
    creates: true,
  },
  beginTotp: {
    summary: 'Set up TOTP: a secret for any authenticator app',
    description:
      'Answers an `otpauth://` URI and the same as a QR code (SVG). It counts once a code has been verified.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/totp',
    access: accountWithFreshProof,
    success: {
      status: 200,
      body: z.strictObject({ otpauthUri: z.string(), secret: z.string(), qrSvg: z.string() }).meta({ id: 'TotpSetup' }),
    },
    problems: ['wrong-state'],
    needs: [...accountNeeds, 'user-pool:factors'],
  },
  turnOnTotp: {
    summary: 'Turn TOTP on with a code of the app',
    tag: 'Me',
    method: 'PUT',
    path: '/v1/me/totp',
    access: accountWithFreshProof,
    body: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
    success: { status: 204 },
    problems: ['wrong-code'],
    needs: [...accountNeeds, 'user-pool:factors'],
  },
  turnOffTotp: {
    summary: 'Turn TOTP off',
    description: 'Guarded roles cannot be opened without it.',
    tag: 'Me',
    method: 'DELETE',
    path: '/v1/me/totp',
    access: accountWithFreshProof,
    success: { status: 204 },
    problems: [],
    needs: [...accountNeeds, 'user-pool:factors'],
  },
  signOutEverywhere: {
    summary: 'Sign out everywhere, at once',
    description: 'Refresh tokens are revoked, and access tokens that are still alive are refused from now on.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/sign-outs',
    access: account,
    success: { status: 204 },
    problems: [],
    needs: [...accountNeeds, 'user-pool:factors'],
  },
  changeMyEmail: {
    summary: 'Ask to change my e-mail address',
    description: 'Confirmed by a link mailed to the new address; the old one is told.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/email-changes',
    access: accountWithFreshProof,
    body: z.strictObject({ email: Email }),
    success: { status: 202, body: z.strictObject({ confirmBefore: Instant }) },
    problems: [],
    needs: accountNeeds,
    creates: true,
  },
} as const satisfies Routes;
