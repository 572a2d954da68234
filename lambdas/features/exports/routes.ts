import * as z from 'zod';
import { ExportId, OrganisationId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { account, accountWithFreshProof, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { ExportRecord, redactionReasons, TEXTS_MAX, TextDecision, TextDigest } from './export.ts';
import { SignedPortable } from './portable.ts';

const EXPORTS_MAX = 200;
const shape = ExportRecord.shape;

const Export = z
  .strictObject({
    id: ExportId,
    /** The organisation that holds the data; absent for the account itself. */
    organisationId: OrganisationId.optional(),
    personId: PersonId.optional().meta({ description: 'Whom it is about: the caller, or a child of theirs.' }),
    state: shape.state.meta({
      description: '`awaiting-redaction`: the organisation looks through texts in which others could be named.',
    }),
    language: shape.language,
    orderedAt: shape.orderedAt,
    readyAt: shape.readyAt,
    expiresAt: shape.expiresAt.meta({ description: 'It cannot be fetched after this.' }),
    bytes: shape.bytes,
  })
  .meta({ id: 'Export' });
export type Export = z.output<typeof Export>;

const Download = z
  .strictObject({
    url: z.url().meta({ description: 'Works for a minute, for whoever has it. Follow it at once.' }),
    expiresAt: z.iso.datetime(),
    filename: z.string(),
  })
  .meta({ id: 'ExportDownload' });

const ExportText = z.strictObject({
  digest: TextDigest,
  /** The kind of record, and the field in it. */
  record: z.string(),
  field: z.string(),
  label: z.strictObject({ nb: z.string(), en: z.string() }),
  text: z.string(),
});
const ExportToLookThrough = z
  .strictObject({
    id: ExportId,
    personId: PersonId,
    state: shape.state,
    texts: z.array(ExportText).max(TEXTS_MAX),
  })
  .meta({ id: 'ExportToLookThrough' });
export type ExportToLookThrough = z.output<typeof ExportToLookThrough>;

const Decisions = z.strictObject({ decisions: z.array(TextDecision).min(1).max(TEXTS_MAX) }).meta({
  id: 'ExportDecisions',
  examples: [
    {
      decisions: [{ digest: '9f86d081884c7d659a2feaa0c55ad015'.repeat(2), shown: 'not', reason: redactionReasons[0] }],
    },
  ],
});

const portableLeftOut = ['picture', 'fields', 'consented'] as const;
const PortableImported = z
  .strictObject({
    personId: PersonId,
    /** What this organisation may not hold about such a person, or cannot take. */
    leftOut: z.array(z.enum(portableLeftOut)),
  })
  .meta({ id: 'PortableImported' });
export type PortableImported = z.output<typeof PortableImported>;

const ofExport = inOrganisation.extend({ exportId: ExportId });

export const exportRoutes = {
  listMyExports: {
    summary: 'List the copies that I can fetch',
    description:
      'Copies of what is held about the caller and their children, as they were asked for by requests for access and ' +
      'portability. Gone after seven days.',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/me/exports',
    access: account,
    success: { status: 200, body: z.strictObject({ items: z.array(Export).max(EXPORTS_MAX) }) },
    problems: [],
    needs: [...readingRecords, 'transient:read'],
    throughRestriction: true,
  },
  downloadMyExport: {
    summary: 'Get a link to one of my copies',
    description:
      'A ZIP file: pages to read, the data as JSON with its schema and as CSV, calendar, contact card, pictures, and a ' +
      'signed manifest. The link works for a minute; ask for another as often as needed.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/me/exports/{exportId}/downloads',
    access: accountWithFreshProof,
    params: z.strictObject({ exportId: ExportId }),
    success: { status: 200, body: Download },
    problems: ['export-not-found'],
    needs: [...changingRecords, 'exports:read', 'downloads:write'],
    throughRestriction: true,
  },
  lookThroughExport: {
    summary: 'Read the texts that others could be named in',
    description:
      'Before a copy is handed out, the organisation decides what would adversely affect others (GDPR Art. 15(4)). What ' +
      'the person wrote themself is not shown here.',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/exports/{exportId}/redaction',
    access: rolesThatMay('request:decide'),
    params: ofExport,
    success: { status: 200, body: ExportToLookThrough },
    problems: ['export-not-found'],
    needs: [...changingRecords, 'rights:read'],
    throughRestriction: true,
  },
  releaseExport: {
    summary: 'Decide what of the texts is handed out',
    description:
      'One decision for each text, by its digest: whole, in part, or not, with a reason. The copy says that something ' +
      'was left out, and why.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/exports/{exportId}/redaction',
    access: rolesThatMay('request:decide'),
    params: ofExport,
    body: Decisions,
    success: { status: 200, body: ExportToLookThrough },
    problems: ['export-not-found', 'wrong-state', 'texts-changed', 'forbidden-content'],
    needs: [...changingRecords, 'rights:read'],
    throughRestriction: true,
  },
  importPortable: {
    summary: 'Take in what a person brings from another organisation',
    description:
      'The file `portable/portable.json` of a copy (GDPR Art. 20), unchanged: its signature is checked. Makes a new ' +
      'person, who can see where the data came from; attendance follows within minutes. At most 256 KB.',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/portable-imports',
    access: rolesThatMay('person:create'),
    params: inOrganisation,
    body: SignedPortable,
    success: { status: 201, body: PortableImported },
    problems: ['portable-refused', 'email-taken', 'forbidden-content'],
    needs: [...changingRecords, 'lookup:read', 'lookup:write', 'proofs:read'],
    creates: true,
  },
} as const satisfies Routes;
