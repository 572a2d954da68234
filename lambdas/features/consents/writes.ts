import type { Call, Language } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { orderErasure } from '../erasure/order.ts';
import {
  CONSENT_RECORD_SCHEMA,
  type ConsentEvent,
  type ConsentState,
  consentEventRef,
  consentOwner,
  principalOwner,
  rowOf,
} from './consent.ts';
import { type ConsentPurpose, consentPointers } from './purpose.ts';
import { accountPurpose } from './standard-purposes.ts';

type WriteCall = Pick<Call, 'now' | 'newId'>;

export interface Given {
  readonly organisationId: OrganisationId;
  readonly principalId: PersonId;
  readonly purpose: ConsentPurpose;
  /** A consent to the purpose that has not ended: another guardian's, or the same one's to an earlier text. */
  readonly open: ConsentState | undefined;
  readonly by: { readonly personId: PersonId; readonly capacity: 'self' | 'guardian' };
  readonly statementVersion: string;
  readonly language: Language;
  readonly method: 'service' | 'registration';
}

/** Four writes, of which one is the activity record. Answers the event. */
export function giveConsent(change: Change, given: Given, call: WriteCall): ConsentEvent {
  const { organisationId, principalId, purpose, open, by } = given;
  const owner = principalOwner(organisationId, principalId);
  const event: ConsentEvent = {
    schema: CONSENT_RECORD_SCHEMA,
    consentId: open?.consentId ?? call.newId('con'),
    principalId,
    purposeId: purpose.id,
    purposeTextVersion: purpose.textVersion,
    statementVersion: given.statementVersion,
    language: given.language,
    lawfulBasis: 'GDPR Art. 6(1)(a)',
    dataCategories: purpose.fields,
    method: given.method,
    state: 'given',
    at: call.now.toISOString(),
    by,
  };
  change
    // The evidence lies under a key that outlives an erasure: nothing may be given behind one.
    .requireUnerased(owner)
    .put(consentEventRef(owner, event.consentId, (open?.sequence ?? 0) + 1), event, 'new')
    .point(dependantPointers.subject(owner, event.consentId))
    .point({
      ...consentPointers.of(organisationId, purpose.id, principalId),
      attributes: rowOf(event),
    })
    .activity({
      event: 'consent.given',
      subject: owner,
      about: [event.consentId, purpose.id],
      detail: { textVersion: purpose.textVersion, capacity: by.capacity },
    });
  return event;
}

export interface Ended {
  readonly organisationId: OrganisationId;
  readonly state: ConsentState;
  readonly how: 'withdrawn' | 'lapsed';
  /** Absent where time ended it. */
  readonly by?: Given['by'];
  /** Absent: signed in, or by time. */
  readonly method?: 'link';
  /** Absent: a withdrawal like any other. */
  readonly cause?: 'unsubscribed';
  readonly statementVersion: string;
  readonly language: Language;
}

/**
 * Ends a consent at once: its event, the ledger, and the erasure of what rests on it, which is closed in this same
 * transaction. Under `safety` the account's consent is what everything rests on: the person goes with it (SM-11).
 */
export function endConsent(change: Change, ended: Ended, call: WriteCall): ConsentEvent {
  const { organisationId, state, how, by } = ended;
  const { consentId, principalId, purposeId } = state;
  const owner = principalOwner(organisationId, principalId);
  const event: ConsentEvent = {
    ...lastGiving(state),
    statementVersion: ended.statementVersion,
    language: ended.language,
    method: ended.method ?? (by ? 'service' : 'clock'),
    state: how,
    at: call.now.toISOString(),
    by,
  };
  change
    .requireUnerased(owner)
    .put(consentEventRef(owner, consentId, state.sequence + 1), event, 'new')
    .point({
      ...consentPointers.of(organisationId, purposeId, principalId),
      attributes: rowOf(event),
    })
    .ledger({ kind: 'withdrawal', subject: owner, about: consentId, detail: { how } })
    .activity({ event: `consent.${how}`, subject: owner, about: [consentId, purposeId] });
  const erasing = { cause: ended.cause ?? 'withdrawal', of: owner } as const;
  orderErasure(change, { ...erasing, id: call.newId('ers'), owner: consentOwner(organisationId, consentId) }, call.now);
  if (purposeId === accountPurpose.id) orderErasure(change, { ...erasing, id: call.newId('ers'), owner }, call.now);
  return event;
}

/** The child has reached the age, or the purpose has changed: asked, and from then on there is a date for the answer. */
export function askAnew(
  change: Change,
  { organisationId, state, statementVersion, language }: Omit<Ended, 'how' | 'by' | 'method' | 'cause'>,
  call: WriteCall,
): void {
  const { consentId, principalId, purposeId } = state;
  const owner = principalOwner(organisationId, principalId);
  const event: ConsentEvent = {
    ...lastGiving(state),
    statementVersion,
    language,
    method: 'clock',
    state: 'asked-anew',
    at: call.now.toISOString(),
    by: undefined,
  };
  change
    .put(consentEventRef(owner, consentId, state.sequence + 1), event, 'new')
    .activity({ event: 'consent.asked-anew', subject: owner, about: [consentId, purposeId] });
}

function lastGiving({ events }: ConsentState): ConsentEvent {
  const given = events.findLast(({ state }) => state === 'given') ?? events.at(-1);
  if (!given) throw new Error('A consent without an event');
  return given;
}
