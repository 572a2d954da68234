import * as z from 'zod';
import { ConsentId, ConsentPurposeId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PersonRecord } from '../people/person.ts';
import { ownerOf } from '../people/person.ts';
import { type ConsentPurpose, consentableFields } from './purpose.ts';

/** The specification whose fields an event carries; see receipt.ts for how they are called there. */
export const CONSENT_RECORD_SCHEMA = 'ISO/IEC TS 27560:2023';

/**
 * What happened to one consent (ISO/IEC TS 27560): ids, codes, versions and instants only, because the proof outlives
 * an erasure. The texts are found by their versions.
 */
export const ConsentEvent = z.strictObject({
  schema: z.literal(CONSENT_RECORD_SCHEMA),
  /** Record id: one consent of one person to one purpose, from the first giving to its end. */
  consentId: ConsentId,
  /** PII principal: whom it is about. */
  principalId: PersonId,
  purposeId: ConsentPurposeId,
  purposeTextVersion: z.int().min(1),
  /** Privacy notice that was in force, and the language that it was read in. */
  statementVersion: z.string().max(80),
  language: z.enum(['nb', 'en']),
  lawfulBasis: z.literal('GDPR Art. 6(1)(a)'),
  dataCategories: z.array(z.enum(consentableFields)).max(consentableFields.length),
  /** `link`: the one in each newsletter, or its one click (RFC 8058). */
  method: z.enum(['service', 'registration', 'clock', 'link']),
  state: z.enum(['given', 'withdrawn', 'asked-anew', 'lapsed']),
  at: z.iso.datetime(),
  /** Who gave or withdrew; absent where time did. */
  by: z.strictObject({ personId: PersonId, capacity: z.enum(['self', 'guardian']) }).optional(),
});
export type ConsentEvent = z.output<typeof ConsentEvent>;

export const consentEventEntity = entity({
  name: 'consent-event',
  table: 'rights',
  sortKey: 'CONSENT',
  schema: ConsentEvent,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove what a person was shown, acknowledged or consented to',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 7(1), Art. 5(2)' },
});

/** Giving is refused beyond this; withdrawing never is. */
export const CONSENT_EVENTS_MAX = 400;

export const consentEventRef = (owner: Owner, consentId: ConsentId, sequence: number) =>
  ({ entity: consentEventEntity, owner, key: `${consentId}#${String(sequence).padStart(4, '0')}` }) as const;

/** What rests on a consent is sealed under keys of its own, and dies with them. */
export const consentOwner = (organisationId: OrganisationId, consentId: ConsentId): Owner => ({
  controller: organisationId,
  subject: consentId,
});
export const principalOwner = (organisationId: OrganisationId, principalId: PersonId): Owner =>
  ownerOf(organisationId, principalId);

interface Giving {
  readonly personId: PersonId;
  readonly capacity: 'self' | 'guardian';
  readonly at: string;
  readonly purposeTextVersion: number;
}

/** One consent as its events leave it. */
export interface ConsentState {
  readonly consentId: ConsentId;
  readonly principalId: PersonId;
  readonly purposeId: ConsentPurposeId;
  /** Who has given it, each once, with the text that they last gave it to. */
  readonly givings: readonly Giving[];
  readonly askedAnewAt?: string;
  readonly ended?: { readonly how: 'withdrawn' | 'lapsed'; readonly at: string };
  /** The newest events' number within the consent: the next one has the number after. */
  readonly sequence: number;
  readonly events: readonly ConsentEvent[];
}

/** The fold: each consent as it stands, the oldest first. The order that the events come in makes no difference. Pure. */
export function currentConsents(events: readonly ConsentEvent[]): readonly ConsentState[] {
  const inOrder = [...events].sort((one, other) => compare(one.at, other.at) || stateOrder(one) - stateOrder(other));
  const states = new Map<ConsentId, ConsentState>();
  for (const event of inOrder) states.set(event.consentId, after(states.get(event.consentId), event));
  return [...states.values()];
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
/** At the same instant an end comes last: in doubt there is no consent. */
const stateOrder = ({ state }: ConsentEvent) => ['given', 'asked-anew', 'lapsed', 'withdrawn'].indexOf(state);

function after(before: ConsentState | undefined, event: ConsentEvent): ConsentState {
  const { consentId, principalId, purposeId, at } = event;
  const { askedAnewAt, ...state } = before ?? {
    consentId,
    principalId,
    purposeId,
    givings: [],
    sequence: 0,
    events: [],
  };
  const counted = { ...state, sequence: state.sequence + 1, events: [...state.events, event] };
  const asked = askedAnewAt === undefined ? {} : { askedAnewAt };
  // What has ended stays ended: whoever consents again begins a new consent, with new keys.
  if (state.ended) return { ...counted, ...asked };
  switch (event.state) {
    case 'given':
      // An answer: whatever is asked later has a date of its own.
      return { ...counted, givings: withGiving(state.givings, event) };
    case 'asked-anew':
      return { ...counted, askedAnewAt: at };
    case 'withdrawn':
    case 'lapsed':
      return { ...counted, ...asked, ended: { how: event.state, at } };
  }
}

function withGiving(givings: readonly Giving[], { by, at, purposeTextVersion }: ConsentEvent): readonly Giving[] {
  if (!by) return givings;
  return [...givings.filter(({ personId }) => personId !== by.personId), { ...by, at, purposeTextVersion }];
}

export const standings = [
  'in-force',
  'waiting-for-others',
  'to-be-asked-anew',
  'withdrawn',
  'lapsed',
  'purpose-retired',
] as const;
export type Standing = (typeof standings)[number];

/** What decides a standing beside the events. */
export interface PrincipalFacts {
  /** Grown up, or a child that has reached the age of the purpose. */
  readonly decidesAlone: boolean;
  /** Guardians with parental responsibility today whom no block keeps away. */
  readonly guardianIds: readonly PersonId[];
}

/**
 * Where a consent stands. When a child reaches the age, what its guardians gave goes on only until the child has had
 * the chance to answer (the clock then lets it lapse); a changed purpose is not covered at all until asked anew. Pure.
 */
export function standingOf(
  state: ConsentState,
  purpose: ConsentPurpose,
  { decidesAlone, guardianIds }: PrincipalFacts,
): { readonly standing: Standing; readonly isInForce: boolean; readonly missing: number } {
  const closed = (standing: Standing) => ({ standing, isInForce: false, missing: 0 });
  if (state.ended) return closed(state.ended.how);
  if (purpose.state === 'retired') return closed('purpose-retired');
  const holding = state.givings.filter(({ purposeTextVersion }) => purposeTextVersion >= purpose.holdsSinceTextVersion);
  if (holding.length === 0) return closed('to-be-asked-anew');
  const inForce = { standing: 'in-force', isInForce: true, missing: 0 } as const;
  if (holding.some(({ capacity }) => capacity === 'self')) return inForce;
  const missing = guardiansMissing(purpose, holding, guardianIds);
  if (decidesAlone) return { standing: 'to-be-asked-anew', isInForce: missing === 0, missing: 0 };
  return missing === 0 ? inForce : { standing: 'waiting-for-others', isInForce: false, missing };
}

function guardiansMissing(
  { guardians }: ConsentPurpose,
  holding: readonly Giving[],
  guardianIds: readonly PersonId[],
): number {
  if (guardians === 'either') return 0;
  return guardianIds.filter((id) => !holding.some(({ personId }) => personId === id)).length;
}

/**
 * What the row of a purpose and a person says (`consentPointers.of`), by the last event that was given or ended it:
 * enough to know, without opening anything, who gets a newsletter now. Pure.
 */
export const rowOf = ({ consentId, state, by, purposeTextVersion }: ConsentEvent) =>
  state === 'given' && by
    ? ({ consentId, state, textVersion: purposeTextVersion, capacity: by.capacity } as const)
    : ({ consentId, state: 'ended' } as const);

/** The consent that counts for a purpose: the one that has not ended, otherwise the newest. */
export const consentTo = (states: readonly ConsentState[], purposeId: ConsentPurposeId): ConsentState | undefined => {
  const ofPurpose = states.filter((state) => state.purposeId === purposeId);
  return ofPurpose.findLast(({ ended }) => ended === undefined) ?? ofPurpose.at(-1);
};

/** Only a child below the age of the purpose is spoken for; without a date of birth a child counts as below. */
export const decidesAlone = (
  { kind, birthDate }: Pick<PersonRecord, 'kind' | 'birthDate'>,
  { age }: Pick<ConsentPurpose, 'age'>,
  today: string,
): boolean => kind !== 'child' || (birthDate !== undefined && birthdayOf(birthDate, age) <= today);

/** 29 February comes of age on 1 March where the year has none: the day compares as the one before it. */
const birthdayOf = (birthDate: string, age: number) => `${Number(birthDate.slice(0, 4)) + age}${birthDate.slice(4)}`;

/** How long the child, or whoever is asked anew, has to answer before the old consent lapses. */
export const ANSWER_DAYS = 30;
export const isAnswerOverdue = ({ askedAnewAt }: ConsentState, now: Date): boolean =>
  askedAnewAt !== undefined && daysAfter(askedAnewAt.slice(0, 10), ANSWER_DAYS) <= now.toISOString().slice(0, 10);
