import * as z from 'zod';
import { profiles, roleNames } from '../../access/roles.ts';
import { HTML } from '../../http/content.ts';
import { AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { account, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { RoleScope } from '../access/role.ts';
import { PlainDate } from '../people/person.ts';
import { evidenceKinds } from './promise.ts';
import { SpecialCategoryAgreement } from './special-category.ts';
import { SubProcessor } from './sub-processor.ts';

const LINES_MAX = 500;
const Words = z.strictObject({ nb: z.string(), en: z.string() });
const Texts = z.array(z.string()).max(LINES_MAX);
const Article9 = z.enum(['not-special', 'allowed', 'refused']);

const Activity = z
  .strictObject({
    entities: Texts,
    what: Words,
    purpose: Words,
    subjects: Words,
    legalBasis: Words,
    specialCategory: Words,
    article9: Article9,
    sources: Texts,
    kept: Words,
    onErasure: Texts,
  })
  .meta({ id: 'ProcessingActivity' });
const Activities = z.array(Activity).max(LINES_MAX);
const Contact = z.strictObject({ name: z.string(), email: z.string(), dataProtectionOfficer: z.string() });

const ProcessingActivities = z
  .strictObject({
    controller: z.strictObject({ organisationId: OrganisationId, name: z.string(), profile: z.enum(profiles) }),
    /** Art. 30(1): what the organisation is the controller of. */
    activities: Activities,
    /** Art. 30(2): the operator as its processor. */
    processor: Contact,
    recipients: z.array(SubProcessor).max(LINES_MAX),
    transfersOutsideEea: z.array(SubProcessor).max(LINES_MAX),
    place: Words,
    securityMeasures: z.array(Words).max(LINES_MAX),
    /** Of which the operator itself is the controller: accounts, and the agreement with the customer. */
    operatorsOwn: Activities,
  })
  .meta({ id: 'ProcessingActivities' });

const ImpactAssessmentInput = z
  .strictObject({
    organisationId: OrganisationId,
    /** Art. 35(7)(a) and (b): what is processed, why, on which basis and for how long. */
    activities: Activities,
    /** Art. 35(7)(c): what the risks follow from. */
    riskFacts: z
      .array(
        z.strictObject({
          entities: Texts,
          what: Words,
          subjects: Words,
          children: z.boolean(),
          dependent: z.boolean(),
          location: z.boolean(),
          freeTextFields: Texts,
          specialCategories: Article9,
          outsideSources: Texts,
          pictures: z.boolean(),
        }),
      )
      .max(LINES_MAX),
    /** Art. 35(7)(d). */
    securityMeasures: z.array(Words).max(LINES_MAX),
  })
  .meta({ id: 'ImpactAssessmentInput' });

const AccessOverview = z
  .strictObject({
    roles: z
      .array(
        z.strictObject({
          role: z.enum(roleNames),
          title: Words,
          guarded: z.boolean(),
          holders: z.strictObject({
            organisation: z.int(),
            department: z.int(),
            group: z.int(),
            person: z.int(),
          }),
          actions: z
            .array(z.strictObject({ action: z.string(), within: z.string(), rights: Texts.optional() }))
            .max(LINES_MAX),
        }),
      )
      .max(roleNames.length),
    /** Everyone who holds a role that opens with a second factor. */
    guardedHolders: z
      .array(
        z.strictObject({
          roleId: RoleId,
          personId: PersonId,
          person: z.strictObject({ firstName: z.string(), lastName: z.string() }).optional(),
          role: z.enum(roleNames),
          scope: RoleScope,
          validFrom: PlainDate,
          validUntil: PlainDate.optional(),
          state: z.enum(['active', 'suspended', 'ended']),
        }),
      )
      .max(5000),
    /** Platform staff who can see the organisation right now. */
    grants: z.array(z.strictObject({ accountId: AccountId, until: z.iso.datetime() })).max(LINES_MAX),
    /** Not everybody was counted: the organisation has more roles than are read at once. */
    isCutShort: z.boolean(),
  })
  .meta({ id: 'AccessOverview' });

const Promises = z
  .array(
    z.strictObject({
      id: z.string(),
      nb: z.string(),
      en: z.string(),
      evidence: z.array(z.enum(evidenceKinds)).meta({
        description: 'What shows that it is kept; empty while the service does not do yet what it speaks of.',
      }),
    }),
  )
  .max(LINES_MAX);
const MyPromises = z
  .strictObject({
    everywhere: z.strictObject({
      since: z.iso.datetime(),
      promises: Promises,
      lastCheck: z
        .strictObject({
          checkedAt: z.iso.datetime(),
          checked: z.int().min(0).meta({ description: 'Settings that were compared.' }),
          broken: z.int().min(0).meta({ description: 'Of those: the ones that are not as they were deployed.' }),
        })
        .optional()
        .meta({
          description:
            'The last daily comparison of what the promises rest on (policies, locks, terms, recovery) with what was ' +
            'deployed. Absent when there was none since yesterday.',
        }),
    }),
    organisations: z
      .array(
        z.strictObject({
          organisationId: OrganisationId,
          organisationName: z.string(),
          profile: z.enum(profiles),
          since: PlainDate,
          promises: Promises,
        }),
      )
      .max(LINES_MAX),
  })
  .meta({ id: 'MyPromises' });

const Standing = z
  .strictObject({
    /** The profile promises to hold none, unless the agreement says otherwise. */
    isAgreementNeeded: z.boolean(),
    agreement: SpecialCategoryAgreement.optional(),
  })
  .meta({ id: 'SpecialCategories' });

export const overviewRoutes = {
  getProcessingActivities: {
    summary: 'Read the record of processing activities',
    description: 'GDPR Art. 30, made from what the service declares about every kind of record.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/processing-activities',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    success: { status: 200, body: ProcessingActivities },
    problems: [],
    needs: readingRecords,
  },
  getProcessingActivitiesPage: {
    summary: 'Read the record of processing activities as a page',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/processing-activities/page',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    query: z.strictObject({ language: z.enum(['nb', 'en']).optional() }),
    success: { status: 200, content: [HTML] },
    problems: [],
    needs: readingRecords,
  },
  getImpactAssessmentInput: {
    summary: 'Read the facts for an impact assessment',
    description: 'What Art. 35(7) asks for, as far as it follows from the service; the judgement is the controller’s.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/impact-assessment-input',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    success: { status: 200, body: ImpactAssessmentInput },
    problems: [],
    needs: readingRecords,
  },
  getAccessOverview: {
    summary: 'Read who has access to what',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/access-overview',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    success: { status: 200, body: AccessOverview },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'people',
  },
  getSpecialCategories: {
    summary: 'Read whether special categories of data may be registered',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/special-categories',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    success: { status: 200, body: Standing },
    problems: [],
    needs: readingRecords,
  },
  agreeOnSpecialCategories: {
    summary: 'Record the interest and the condition for special categories of data',
    description:
      'Only under a profile that holds none otherwise (CE-03, AT-12): the agreement states the legitimate interest and ' +
      'names a condition of GDPR Art. 9(2).',
    tag: 'Registers',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/special-categories',
    access: rolesThatMay('special-category:agree'),
    params: inOrganisation,
    body: SpecialCategoryAgreement.pick({ interest: true, condition: true }).meta({
      id: 'NewSpecialCategoryAgreement',
    }),
    success: { status: 200, body: Standing },
    problems: ['wrong-state'],
    needs: changingRecords,
  },
  withdrawSpecialCategories: {
    summary: 'Take back the agreement on special categories of data',
    tag: 'Registers',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/special-categories',
    access: rolesThatMay('special-category:agree'),
    params: inOrganisation,
    success: { status: 204 },
    problems: [],
    needs: changingRecords,
  },
  getMyPromises: {
    summary: 'Read which promises hold for me, and since when',
    description: 'Per organisation and its profile, since the first role or link there (ALL-03).',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/promises',
    access: account,
    success: { status: 200, body: MyPromises },
    problems: [],
    needs: [...changingRecords],
  },
} as const satisfies Routes;
