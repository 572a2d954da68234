import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { OrganisationId } from '../../http/ids.ts';
import { inLanguage, inOrganisation } from '../../http/params.ts';
import { account, anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { LegalDocumentView } from '../organisations/legal-document-view.ts';
import { materialReasons, OwnSections, STATEMENTS_SHOWN_MAX } from './published.ts';

const Instant = z.iso.datetime();
const Version = z
  .string()
  .regex(/^[\w.-]{1,80}$/)
  .meta({ examples: ['2026-11-21.2e5e95e7aab9505a'] });

const VersionLine = z
  .strictObject({
    version: Version,
    publishedAt: Instant,
    material: z.boolean(),
    reasons: z.array(z.enum(materialReasons)),
  })
  .meta({ id: 'StatementVersion' });

const reading = [...readingRecords, 'rights:read'] as const satisfies readonly Capability[];

const OrganisationStatement = z
  .strictObject({
    version: Version,
    document: LegalDocumentView,
    /** The newest first; earlier ones stay as they were. */
    versions: z.array(VersionLine).max(STATEMENTS_SHOWN_MAX),
  })
  .meta({ id: 'OrganisationStatement' });

/** For everyone: what an organisation does with data is no secret, and who is asked to join reads it first. */
export const statementRoutes = {
  getOrganisationStatement: {
    summary: 'Read the privacy statement of an organisation',
    description: 'In bokmål or English (AT-14), with the versions before it. Whoever registers sends its `version`.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statement',
    access: anyone,
    params: inOrganisation,
    query: inLanguage,
    success: { status: 200, body: OrganisationStatement },
    problems: ['organisation-not-found'],
    needs: reading,
  },
  getOrganisationStatementPage: {
    summary: 'Read the privacy statement of an organisation as a page',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statement/page',
    access: anyone,
    params: inOrganisation,
    query: inLanguage,
    success: { status: 200, content: [HTML] },
    problems: ['organisation-not-found'],
    needs: reading,
  },
  getStatementVersion: {
    summary: 'Read an earlier version of an organisation’s privacy statement',
    description: 'The text as it was published: what somebody was shown can be proven.',
    tag: 'Consents',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statement/versions/{version}',
    access: anyone,
    params: inOrganisation.extend({ version: Version }),
    query: inLanguage,
    success: { status: 200, body: z.strictObject({ ...VersionLine.shape, document: LegalDocumentView }) },
    problems: ['organisation-not-found', 'statement-not-found'],
    needs: reading,
  },
} as const satisfies Routes;

export const statementPublicationRoutes = {
  publishStatement: {
    summary: 'Publish the privacy statement with words of your own',
    description:
      'The generated part stays what is declared. Say what the change does to people: narrowing their rights or changing ' +
      'their duties is material, and so is a new purpose. What can be seen from the declarations is added to what you ' +
      'say. A material change is mailed to everyone concerned and shown until they confirm that they read it (AT-13).',
    tag: 'Consents',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/statement/versions',
    access: rolesThatMay('statement:publish'),
    params: inOrganisation,
    body: z
      .strictObject({
        own: OwnSections.refine(({ nb, en }) => nb.length === en.length, 'as many sections in each language'),
        changes: z.strictObject({
          narrowsRights: z.boolean(),
          changesDuties: z.boolean(),
          newPurpose: z.boolean(),
        }),
      })
      .meta({ id: 'NewStatement' }),
    success: { status: 201, body: VersionLine },
    problems: ['wrong-state', 'forbidden-content'],
    needs: [...changingRecords, 'rights:read', 'rights:append'],
    creates: true,
  },
} as const satisfies Routes;

export const acknowledgementRoutes = {
  acknowledgeStatement: {
    summary: 'Confirm that I have read the privacy statement of an organisation',
    description: 'Version, language and time are kept (AT-15). It is no consent to anything. Again changes nothing.',
    tag: 'Consents',
    method: 'POST',
    path: '/v1/me/statements/acknowledgements',
    access: account,
    body: z.strictObject({ organisationId: OrganisationId, version: Version }).meta({ id: 'NewAcknowledgement' }),
    success: {
      status: 201,
      body: z
        .strictObject({ organisationId: OrganisationId, version: Version, at: Instant })
        .meta({ id: 'Acknowledgement' }),
    },
    problems: ['organisation-not-found', 'statement-outdated'],
    needs: [...changingRecords, 'lookup:read', 'rights:read', 'rights:append'],
    creates: true,
    throughRestriction: true,
  },
} as const satisfies Routes;
