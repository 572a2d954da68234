import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { BreachId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { BREACH_NOTICE_HOURS } from '../agreements/operator.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { Email, Phone } from '../people/person.ts';
import { operatorItself } from './operator-itself.ts';

const Instant = z.iso.datetime();
const COUNT_MAX = 100_000_000;

/** GDPR Art. 33(3), in the order of Datatilsynet's form. What is not known yet is left out and comes in a later phase (Art. 33(4)). */
export const BreachFacts = z
  .strictObject({
    kinds: z
      .array(z.enum(['confidentiality', 'integrity', 'availability']))
      .min(1)
      .max(3),
    cause: z.enum([
      'sent-to-the-wrong-recipient',
      'published-by-mistake',
      'unauthorised-access',
      'attack',
      'lost-or-stolen',
      'technical-fault',
      'other',
    ]),
    beganAt: Instant,
    endedAt: Instant,
    whatHappened: freeText({ max: 4000 }),
    howItArose: freeText({ max: 2000 }),
    approximateSubjects: z.int().min(0).max(COUNT_MAX),
    subjectCategories: z.array(oneLine({ max: 80 })).max(20),
    approximateRecords: z.int().min(0).max(COUNT_MAX),
    dataCategories: z.array(oneLine({ max: 120 })).max(30),
    relation: oneLine({ max: 300 }),
    whereabouts: freeText({ max: 1000 }),
    consequences: freeText({ max: 4000 }),
    measuresTaken: freeText({ max: 4000 }),
    measuresPlanned: freeText({ max: 4000 }),
    subjectsInformed: freeText({ max: 2000 }),
    contact: z.strictObject({ name: oneLine({ max: 160 }), email: Email, phone: Phone.optional() }),
  })
  .partial()
  .meta({ id: 'BreachFacts' });
export type BreachFacts = z.output<typeof BreachFacts>;

/** The least that a breach is registered with. */
export const FirstFacts = BreachFacts.required({ kinds: true, whatHappened: true }).meta({ id: 'FirstBreachFacts' });

export const PHASES_MAX = 40;
const REPORTS_MAX = 40;

const Phase = z.strictObject({
  at: Instant,
  /** Who knew: the operator as processor, or the controller itself. */
  from: z.enum(['operator', 'controller']),
  facts: BreachFacts,
});

/** Art. 34(3), or that the risk is not high (Art. 34(1)). */
const reasonsNotToTell = ['no-high-risk', 'unintelligible', 'risk-averted', 'told-publicly'] as const;

const decided = { at: Instant, personId: PersonId };

export const Breach = z.strictObject({
  id: BreachId,
  /** When the controller knew: the 72 hours run from here. */
  knownAt: Instant,
  phases: z.array(Phase).min(1).max(PHASES_MAX),
  /** What was sent to Datatilsynet, and when; `phase` counts from 1. */
  reports: z
    .array(z.strictObject({ ...decided, phase: z.int().min(1), reference: oneLine({ max: 80 }).optional() }))
    .max(REPORTS_MAX),
  notReported: z.strictObject({ ...decided, reason: freeText({ max: 2000 }) }).optional(),
  /** Whether those affected are told (Art. 34), and how many have been. */
  personsTold: z.int().min(0),
  personsNotTold: z.strictObject({ ...decided, reason: z.enum(reasonsNotToTell) }).optional(),
});
export type Breach = z.output<typeof Breach>;

/** At the operator, with what it concerns. Which organisations are named stands in pointers. */
export const Incident = Breach.extend({
  concernsAccounts: z.boolean(),
  affects: z.enum(['every-organisation', 'named-organisations']),
});
export type Incident = z.output<typeof Incident>;

const documented = {
  table: 'rights',
  schemaVersion: 1,
  purpose: 'to document personal-data breaches, report them in time and tell those affected',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  exported: {
    not: 'it is the controller’s own documentation (Art. 33(5)); those affected are told in a letter of their own',
  },
  onErasure: 'delete',
} as const;

export const breachEntity = entity({
  ...documented,
  name: 'breach',
  sortKey: 'BREACH',
  schema: Breach,
  ourRole: 'processor',
  retentionClass: 'organisation',
});

export const incidentEntity = entity({
  ...documented,
  name: 'operator-breach',
  sortKey: 'OPERATOR-BREACH',
  schema: Incident,
  ourRole: 'controller',
  retentionClass: 'agreement',
});

/** An organisation's register; a breach that the operator told it of has the operator's id. */
export const breachRef = (organisationId: OrganisationId, key: BreachId) =>
  ({ entity: breachEntity, owner: organisationOwner(organisationId), key }) as const;
export const incidentRef = (key: BreachId) => ({ entity: incidentEntity, owner: operatorItself, key }) as const;

const HOUR_MILLISECONDS = 60 * 60 * 1000;
const REPORT_HOURS = 72;
const hoursAfter = (instant: string, hours: number) =>
  new Date(Date.parse(instant) + hours * HOUR_MILLISECONDS).toISOString();

/** Art. 33(1): 72 hours as they pass, through weekends, holidays and the change of the clock. */
export const reportDueAt = ({ knownAt }: Pick<Breach, 'knownAt'>) => hoursAfter(knownAt, REPORT_HOURS);
/** ALL-08: 24 hours from the operator's knowledge to each controller's. */
export const tellDueAt = ({ knownAt }: Pick<Breach, 'knownAt'>) => hoursAfter(knownAt, BREACH_NOTICE_HOURS);

/** Something has been sent, or decided not to be. */
export const isReportDecided = ({ reports, notReported }: Pick<Breach, 'reports' | 'notReported'>) =>
  reports.length > 0 || notReported !== undefined;

export const isReportOverdue = (breach: Breach, now: Date) =>
  !isReportDecided(breach) && reportDueAt(breach) < now.toISOString();

/** What is known by now: a later phase goes before an earlier one, field by field. */
export const factsOf = ({ phases }: Pick<Breach, 'phases'>): BreachFacts =>
  Object.assign({}, ...phases.map(({ facts }) => facts));

export const withPhase = <B extends Breach>(breach: B, phase: z.output<typeof Phase>): B => ({
  ...breach,
  phases: [...breach.phases, phase],
});

/** What of the breaches is found without opening any. */
export const breachPointers = {
  /** An organisation that an incident names. */
  affected: (breachId: BreachId, organisationId: OrganisationId) =>
    ({ table: 'core', pk: `BREACH-AFFECTED#${breachId}`, sk: organisationId }) as const,
  /** There until every affected organisation has been told of a phase. Attributes: `breachId`, `phase`. */
  toTell: (breachId: BreachId, phase: number) =>
    ({ table: 'core', pk: 'BREACHES-TO-TELL', sk: `${breachId}#${numbered(phase)}` }) as const,
  /** An organisation that has been told of a phase. */
  told: (breachId: BreachId, phase: number, organisationId: OrganisationId) =>
    ({ table: 'core', pk: `BREACH-TOLD#${breachId}#${numbered(phase)}`, sk: organisationId }) as const,
  /** What must have been done by an instant: the 24 hours of the operator, the 72 of a controller. Attributes: `controller`. */
  deadline: (dueAt: string, breachId: BreachId, what: 'tell' | 'report', controller: OrganisationId | 'operator') =>
    ({ table: 'core', pk: 'BREACH-DEADLINES', sk: `${dueAt}#${breachId}#${what}#${controller}` }) as const,
  /** A person who has been told of a breach (Art. 34). */
  personTold: (controller: OrganisationId | 'operator', breachId: BreachId, subject: string) =>
    ({ table: 'core', pk: `${controller}#${breachId}`, sk: `TOLD#${subject}` }) as const,
};
const numbered = (phase: number) => String(phase).padStart(2, '0');
