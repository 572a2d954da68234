import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { freeText, oneLine } from '../../http/free-text.ts';
import { AccountId, BreachId, OrganisationId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { type Capability, changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Breach, BreachFacts, FirstFacts, Incident } from './breach.ts';

const Instant = z.iso.datetime();
const clock = {
  reportDueAt: Instant.meta({ description: 'Datatilsynet is to be told before this instant (Art. 33(1)).' }),
  isReportOverdue: z.boolean(),
  version: z.int().min(1),
};
const BreachView = Breach.extend(clock).meta({ id: 'Breach' });
const IncidentView = Incident.extend({
  ...clock,
  tellDueAt: Instant.meta({ description: 'Every organisation affected is to be told before this instant (ALL-08).' }),
  /** Organisations told of the last phase. */
  organisationsTold: z.int().min(0),
  isToldToAll: z.boolean(),
}).meta({ id: 'OperatorBreach' });

const reading = [...readingRecords, 'rights:read'] as const satisfies readonly Capability[];
const changing = [...changingRecords, 'rights:read', 'rights:append'] as const satisfies readonly Capability[];
const ofBreach = inOrganisation.extend({ breachId: BreachId });
const ofIncident = z.strictObject({ breachId: BreachId });
const language = z.strictObject({ language: z.enum(['nb', 'en']).optional() });

/** One transaction tells them all. */
const CUSTOMERS_NAMED_MAX = 40;
const PERSONS_TOLD_AT_ONCE_MAX = 30;

const Report = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('sent'),
      sentAt: Instant,
      /** Altinn's reference. */
      reference: oneLine({ max: 80 }).optional(),
    }),
    z.strictObject({ decision: z.literal('not-needed'), reason: freeText({ max: 2000 }) }),
  ])
  .meta({ id: 'BreachReport' });

/** In both languages: each is told in their own. */
const WordsToPersons = z
  .strictObject({
    whatHappened: freeText({ max: 1000 }),
    consequences: freeText({ max: 1000 }),
    measures: freeText({ max: 1000 }),
    contact: oneLine({ max: 200 }),
  })
  .meta({ id: 'WordsToPersons' });
const words = z.strictObject({ nb: WordsToPersons, en: WordsToPersons });
const notTold = z.strictObject({
  decision: z.literal('not-needed'),
  reason: Breach.shape.personsNotTold.unwrap().shape.reason,
});
const PersonNotice = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('tell'),
      personIds: z.array(PersonId).min(1).max(PERSONS_TOLD_AT_ONCE_MAX),
      words,
    }),
    notTold,
  ])
  .meta({ id: 'BreachPersonNotice' });
const AccountNotice = z
  .discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('tell'),
      accountIds: z.array(AccountId).min(1).max(PERSONS_TOLD_AT_ONCE_MAX),
      words,
    }),
    notTold,
  ])
  .meta({ id: 'BreachAccountNotice' });

export const breachRoutes = {
  recordBreach: {
    summary: 'Register a personal-data breach',
    description:
      'The 72 hours to Datatilsynet run from `knownAt`, through weekends. What is not known yet comes later, in phases.',
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/breaches',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: inOrganisation,
    body: z.strictObject({ knownAt: Instant, facts: FirstFacts }).meta({ id: 'NewBreach' }),
    success: { status: 201, body: BreachView },
    problems: ['wrong-state'],
    needs: changing,
    creates: true,
  },
  listBreaches: {
    summary: 'List the organisation’s breaches',
    description: 'Its own, and those that the operator told it of (ALL-08).',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/breaches',
    access: rolesThatMay('register:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(BreachView) },
    problems: [],
    needs: reading,
  },
  getBreach: {
    summary: 'Read a breach',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/breaches/{breachId}',
    access: rolesThatMay('register:read'),
    params: ofBreach,
    success: { status: 200, body: BreachView },
    problems: ['breach-not-found'],
    needs: reading,
  },
  addBreachPhase: {
    summary: 'Add what has become known about a breach',
    description: 'Each field stands for itself: what is named replaces what was said before (Art. 33(4)).',
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/breaches/{breachId}/phases',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: ofBreach,
    body: BreachFacts,
    success: { status: 201, body: BreachView },
    problems: ['breach-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
  getBreachNotification: {
    summary: 'Read the draft of the report to Datatilsynet',
    description: 'Filled from the register in the order of Datatilsynet’s form in Altinn, with what is still missing.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/breaches/{breachId}/notification',
    access: rolesThatMay('register:read'),
    params: ofBreach,
    query: language,
    success: { status: 200, content: [HTML] },
    problems: ['breach-not-found'],
    needs: reading,
  },
  reportBreach: {
    summary: 'Record that a breach was reported to Datatilsynet, or why it need not be',
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/breaches/{breachId}/reports',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: ofBreach,
    body: Report,
    success: { status: 201, body: BreachView },
    problems: ['breach-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
  tellOfBreach: {
    summary: 'Tell those affected by a breach, or record why they need not be told',
    description: 'At most 30 at a time; whoever has been told is not told again (Art. 34).',
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/breaches/{breachId}/notices',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: ofBreach,
    body: PersonNotice,
    success: { status: 201, body: BreachView },
    problems: ['breach-not-found', 'person-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
    // Whoever has restricted the use of their data is told all the same.
    throughRestriction: true,
  },

  recordIncident: {
    summary: 'Register a breach at the operator',
    description: 'Every organisation affected is told within 24 hours, with the facts (ALL-08).',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/breaches',
    access: rolesThatMay('platform:register:manage'),
    body: z
      .strictObject({
        knownAt: Instant,
        facts: FirstFacts,
        concernsAccounts: z.boolean(),
        affects: z.discriminatedUnion('organisations', [
          z.strictObject({ organisations: z.literal('every-organisation') }),
          z.strictObject({
            organisations: z.literal('named-organisations'),
            ids: z.array(OrganisationId).max(CUSTOMERS_NAMED_MAX),
          }),
        ]),
      })
      .meta({ id: 'NewOperatorBreach' }),
    success: { status: 201, body: IncidentView },
    problems: ['wrong-state'],
    needs: changing,
    creates: true,
  },
  listIncidents: {
    summary: 'List the operator’s breaches',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/breaches',
    access: rolesThatMay('platform:register:manage'),
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(IncidentView) },
    problems: [],
    needs: reading,
  },
  addIncidentPhase: {
    summary: 'Add what has become known about a breach at the operator',
    description: 'The organisations affected are told again; those named here as well.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/breaches/{breachId}/phases',
    access: rolesThatMay('platform:register:manage'),
    params: ofIncident,
    body: z
      .strictObject({ facts: BreachFacts, alsoAffects: z.array(OrganisationId).max(CUSTOMERS_NAMED_MAX).optional() })
      .meta({ id: 'NewOperatorBreachPhase' }),
    success: { status: 201, body: IncidentView },
    problems: ['breach-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
  getIncidentNotification: {
    summary: 'Read the draft of the operator’s own report to Datatilsynet',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/breaches/{breachId}/notification',
    access: rolesThatMay('platform:register:manage'),
    params: ofIncident,
    query: language,
    success: { status: 200, content: [HTML] },
    problems: ['breach-not-found'],
    needs: reading,
  },
  reportIncident: {
    summary: 'Record that the operator reported a breach of its own to Datatilsynet, or why it need not',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/breaches/{breachId}/reports',
    access: rolesThatMay('platform:register:manage'),
    params: ofIncident,
    body: Report,
    success: { status: 201, body: IncidentView },
    problems: ['breach-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
  tellAccountsOfIncident: {
    summary: 'Tell the holders of accounts that a breach concerns, or record why they need not be told',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/breaches/{breachId}/notices',
    access: rolesThatMay('platform:register:manage'),
    params: ofIncident,
    body: AccountNotice,
    success: { status: 201, body: IncidentView },
    problems: ['breach-not-found', 'account-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
} as const satisfies Routes;
