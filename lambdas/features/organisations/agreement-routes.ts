import * as z from 'zod';
import { profiles } from '../../access/roles.ts';
import { HTML, PDF } from '../../http/content.ts';
import { inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { AgreementAcceptance } from './agreement-acceptance.ts';
import { LegalDocumentView } from './legal-document-view.ts';

const readingRights = [...readingRecords, 'rights:read'] as const satisfies readonly Capability[];

export const agreementRoutes = {
  getAgreement: {
    summary: 'Read the data-processing agreement in force',
    description:
      'In the language of `Accept-Language`. `standing` says whether personal data can be written today; an earlier ' +
      'version that was accepted stays good until the end of `acceptBefore`.',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/agreement',
    access: rolesThatMay('agreement:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z
        .strictObject({
          document: LegalDocumentView,
          standing: z.enum(['in-force', 'dpa-not-accepted', 'agreement-ended']),
          acceptBefore: PlainDate,
          accepted: AgreementAcceptance.optional(),
        })
        .meta({ id: 'DataProcessingAgreement' }),
    },
    problems: [],
    needs: readingRights,
  },
  acceptAgreement: {
    summary: 'Accept the data-processing agreement for the organisation',
    description: 'Who, when, which version and the hash of both languages are kept (FW-01).',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/agreement/acceptances',
    access: rolesThatMayBeforeAgreement('agreement:accept'),
    params: inOrganisation,
    body: z.strictObject({ version: z.string().max(80) }),
    success: { status: 201, body: AgreementAcceptance },
    problems: ['wrong-state'],
    needs: [...changingRecords, 'rights:read', 'rights:append'],
    creates: true,
  },
} as const satisfies Routes;

/** What is read and rendered, and changes nothing: a function of its own, because the PDF's library is half of it. */
export const documentRoutes = {
  getAgreementPage: {
    summary: 'Read the data-processing agreement as a page',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/agreement/page',
    access: rolesThatMay('agreement:read'),
    params: inOrganisation,
    success: { status: 200, content: [HTML] },
    problems: [],
    needs: readingRights,
  },
  getAgreementPdf: {
    summary: 'Fetch the data-processing agreement as a PDF',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/agreement/pdf',
    access: rolesThatMay('agreement:read'),
    params: inOrganisation,
    success: { status: 200, content: [PDF] },
    problems: [],
    needs: readingRights,
  },

  getStatement: {
    summary: 'Read the privacy statement of a profile',
    description: 'In both languages (AT-14), with the version that is sent when it is acknowledged.',
    tag: 'Contract',
    method: 'GET',
    path: '/v1/statements/{profile}',
    access: anyone,
    params: z.strictObject({ profile: z.enum(profiles) }),
    success: {
      status: 200,
      body: z
        .strictObject({ version: z.string(), nb: LegalDocumentView, en: LegalDocumentView })
        .meta({ id: 'PrivacyStatement' }),
    },
    problems: [],
    needs: [],
  },
} as const satisfies Routes;
