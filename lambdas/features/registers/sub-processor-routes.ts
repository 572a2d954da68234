import * as z from 'zod';
import { HTML, JSON_DOCUMENT } from '../../http/content.ts';
import { OrganisationId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { CHANGES_MAX, NewSubProcessorChange, SubProcessorChange } from './sub-processor.ts';
import { SubProcessorObjection } from './sub-processor-objection.ts';

const OBJECTIONS_SHOWN_MAX = 1000;
const { version, reason } = SubProcessorObjection.shape;

export const subProcessorRoutes = {
  listSubProcessors: {
    summary: 'Read who processes data for us',
    description:
      'Name, what they do, which data, where, within or outside the EEA, on which safeguard and until when (AT-03), and ' +
      'the changes that have been announced. JSON, or a page where `Accept` asks for it; `language` goes before ' +
      '`Accept-Language`.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/sub-processors',
    access: anyone,
    query: z.strictObject({ language: z.enum(['nb', 'en']).optional() }),
    success: { status: 200, content: [JSON_DOCUMENT, HTML] },
    problems: [],
    needs: ['core:read'],
    limit: { perSecond: 20, burst: 40 },
  },
  announceSubProcessorChange: {
    summary: 'Announce that a sub-processor is added, replaced or removed',
    description: 'Takes effect after 30 days at the earliest. Every controller is told, and can object until then.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/sub-processors',
    access: rolesThatMay('platform:register:manage'),
    body: NewSubProcessorChange,
    success: { status: 201, body: SubProcessorChange },
    problems: ['wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  listSubProcessorChanges: {
    summary: 'List the announced changes of sub-processors, with what controllers have against them',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/sub-processors',
    access: rolesThatMay('platform:register:manage'),
    success: {
      status: 200,
      body: z
        .strictObject({
          items: z
            .array(
              SubProcessorChange.extend({
                /** Organisations that have been told. */
                told: z.int().min(0),
                /** Every organisation has been told. */
                isToldToAll: z.boolean(),
                objections: z.array(SubProcessorObjection).max(OBJECTIONS_SHOWN_MAX),
              }),
            )
            .max(CHANGES_MAX),
        })
        .meta({ id: 'SubProcessorChanges' }),
    },
    problems: [],
    needs: readingRecords,
  },
  objectToSubProcessor: {
    summary: 'Object to an announced change of sub-processors',
    description: 'Until the day before it takes effect (GDPR Art. 28(2)). Once per change.',
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/sub-processor-objections',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: inOrganisation,
    body: z.strictObject({ version, reason }).meta({ id: 'NewSubProcessorObjection' }),
    success: { status: 201, body: SubProcessorObjection },
    problems: ['sub-processor-change-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  listSubProcessorObjections: {
    summary: 'List the announced changes of sub-processors, with the organisation’s objections',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/sub-processor-objections',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z
        .strictObject({
          organisationId: OrganisationId,
          items: z
            .array(
              z.strictObject({
                change: SubProcessorChange,
                objectBefore: PlainDate.meta({ description: 'The last day to object.' }),
                objection: SubProcessorObjection.optional(),
              }),
            )
            .max(CHANGES_MAX),
        })
        .meta({ id: 'SubProcessorObjections' }),
    },
    problems: [],
    needs: readingRecords,
  },
} as const satisfies Routes;
