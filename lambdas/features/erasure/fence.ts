import { ChatId, ConsentId, InvoiceId, RequestId, SiteId, TimesheetId } from '../../http/ids.ts';
import { type DependantId, dependantPointers, type Owner } from '../../platform/entity.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { holdNumberPointer, readHolds } from '../requests/hold.ts';
import { isClosed, requestRef } from '../requests/request.ts';
import { type Eraser, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { erasedClasses, isOrganisation, isPerson, type Place } from './erasure.ts';
import { endEvidenceLater } from './evidence.ts';
import { countFence, mayFence } from './fence-limit.ts';
import { numberFormerUser } from './former-users.ts';
import { orderPersons } from './organisation-erasure.ts';

/** Writes that the dependants of the first transaction may take; the record, the ledger and the rest are below twenty. */
const DEPENDANT_WRITES_MAX = 70;
/** Why a fence waits, as its record says it. */
const waits = ['legal-hold', 'stopped'] as const;
const HELD_SECONDS = 60 * 60;
const STOPPED_SECONDS = 15 * 60;

/**
 * Closes for ever every class of the subject, used or not, so that nothing can be stored behind the erasure; and those
 * of its consents and requests. One transaction with the ledger, the activity record and the erasure's own record.
 */
export async function fence(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { value } = stored;
  const call = eraser.openCall();
  const { owner } = place;
  // What rests on a consent is held with the person whose consent it is.
  const held = isOrganisation(place.holder) ? undefined : await readHolds(call.records, place.holder);
  if (held && held.inForce.length > 0) return wait(stored, place, eraser, 'legal-hold', HELD_SECONDS);
  const isWhole = value.retentionClasses === undefined;
  if (isWhole && isWholeOrganisation(owner)) {
    const persons = await orderPersons(stored, place, eraser);
    if (persons !== 'none-left') return persons;
  }
  if ((await mayFence(place, value.cause, eraser)) === 'stopped') {
    eraser.log({ metric: 'erasures-stopped', controller: owner.controller, erasureId: place.id });
    return wait(stored, place, eraser, 'stopped', STOPPED_SECONDS);
  }
  if (isWhole && (await isSurveyOutdated(stored, place, eraser))) return surveyAgain(stored, place, eraser);

  const change = call.records.change();
  if (held) change.requireAbsent(holdNumberPointer(place.holder, held.count), changedMeanwhile);
  if (isWhole && isPerson(owner) && value.accountId === undefined) {
    change.requireAbsent({ entity: accountLinkEntity, owner }, changedMeanwhile);
  }
  if (isWhole) close(change, owner);
  // Nobody can say which rows of an organisation's register were about them: what was read in is unreadable from here on.
  if (isWhole && isPerson(owner) && owner.controller !== 'operator') {
    change.keys({ do: 'shred', owner: organisationOwner(owner.controller), retentionClass: 'import' });
  }
  for (const retentionClass of value.retentionClasses ?? []) change.keys({ do: 'shred', owner, retentionClass });
  const dependants = isWhole ? await dependantsOf(owner, value.requestId, eraser) : [];
  let writes = 0;
  for (const dependant of dependants) {
    writes += erasedClasses(dependant).length;
    if (writes > DEPENDANT_WRITES_MAX) break;
    close(change, dependant);
  }
  if (isWhole && value.cause !== 'agreement-end') await numberFormerUser(change, owner, call.records);
  // The indexes of a whole organisation. Its sealing key opens nothing any more but the evidence, and goes with that.
  if (isWhole && isWholeOrganisation(owner)) {
    change.keys({ do: 'erase-organisation-key', controller: place.owner.controller, purpose: 'lookup' });
    // What it accepted as the operator's customer ends then, too.
    const customer: Owner = { controller: 'operator', subject: owner.subject };
    await endEvidenceLater(change, { owner: customer, holder: customer }, call.records, call.now);
  }
  if (isWhole) await endEvidenceLater(change, place, call.records, call.now);
  countFence(change, place, value.cause, call.now);
  const { missing: _, ...current } = value;
  await save(change, { ...stored, value: current }, place, { state: 'fenced', fencedAt: call.now.toISOString() })
    .ledger({
      kind: isWhole ? 'erasure' : 'shredding',
      subject: owner,
      about: place.id,
      detail: { cause: value.cause, ...(value.retentionClasses && { classes: value.retentionClasses.join(' ') }) },
    })
    .activity({ event: 'erasure.fenced', subject: owner, about: [place.id], detail: { cause: value.cause } })
    .commit();
  return 'went-on';
}

const changedMeanwhile = () => new StaleVersion('Something was put down about the subject meanwhile');

/**
 * The survey was made before a wait of perhaps weeks, or an account has been linked since: what the cascade would not
 * find any more has to be written down first.
 */
async function isSurveyOutdated({ value }: StoredErasure, { owner }: Place, eraser: Eraser): Promise<boolean> {
  if (value.missing?.some((name) => (waits as readonly string[]).includes(name))) return true;
  if (!isPerson(owner)) return false;
  const link = await eraser.openCall().records.get({ entity: accountLinkEntity, owner });
  return link !== undefined && link.value.accountId !== value.accountId;
}

async function surveyAgain(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { missing: _, ...value } = stored.value;
  const change = eraser.openCall().records.change();
  await save(change, { ...stored, value }, place, { state: 'ordered' })
    .activity({ event: 'erasure.survey-outdated', subject: place.owner, about: [place.id] })
    .commit();
  return 'went-on';
}

const isWholeOrganisation = (owner: Owner): boolean => isOrganisation(owner) && owner.controller === owner.subject;

export function close(change: Change, owner: Owner): void {
  for (const retentionClass of erasedClasses(owner)) change.keys({ do: 'erase', owner, retentionClass });
}

/**
 * The consents and requests with keys of their own, and an organisation's sites, time sheets and invoices. Not a request that an erasure is answering: its key goes by itself,
 * at most 30 days after the answer.
 */
export async function dependantsOf(owner: Owner, answered: RequestId | undefined, eraser: Eraser): Promise<Owner[]> {
  const { controller, subject } = owner;
  const prefix = dependantPointers.subject(owner, '' as RequestId).sk;
  const others: Owner[] = [];
  const requestIds: RequestId[] = [];
  for await (const { sk } of eraser.rows.of('core', `${controller}#${subject}`, prefix)) {
    const id = sk.slice(prefix.length);
    const requestId = RequestId.safeParse(id);
    if (requestId.success) requestIds.push(requestId.data);
    else others.push({ controller, subject: withKeysOfItsOwn(id) });
  }
  const requests = await eraser.openCall().records.getMany(requestIds.map((id) => requestRef(owner, id)));
  const isBeingAnswered = (i: number) => {
    const request = requests[i]?.value;
    if (requestIds[i] === answered) return true;
    return request?.erasureId !== undefined && !isClosed(request.state);
  };
  return [...others, ...requestIds.filter((_, i) => !isBeingAnswered(i)).map((id) => ({ controller, subject: id }))];
}

function withKeysOfItsOwn(id: string): DependantId {
  for (const kind of [ChatId, InvoiceId, SiteId, TimesheetId] as const) {
    const found = kind.safeParse(id).data;
    if (found !== undefined) return found;
  }
  return ConsentId.parse(id);
}

/** Those that did not fit into the fence's own transaction; each change is one of its own, so that any may be the last. */
export async function fenceDependants(
  dependants: readonly Owner[],
  { owner, id }: Place,
  eraser: Eraser,
): Promise<void> {
  for (const dependant of dependants) {
    const { records } = eraser.openCall();
    const states = await records.keyStates(dependant);
    if (erasedClasses(dependant).every((retentionClass) => states.get(retentionClass) === 'ERASED')) continue;
    const change = records.change();
    close(change, dependant);
    await change
      .activity({ event: 'erasure.dependant-fenced', subject: owner, about: [id, dependant.subject] })
      .commit();
  }
}

async function wait(
  stored: StoredErasure,
  place: Place,
  eraser: Eraser,
  reason: (typeof waits)[number],
  seconds: number,
): Promise<StepOutcome> {
  const { records, now } = eraser.openCall();
  const nextTryAt = new Date(now.getTime() + seconds * 1000).toISOString();
  await save(records.change(), stored, place, { missing: [reason], nextTryAt })
    .activity({ event: 'erasure.waiting', subject: place.owner, about: [place.id], detail: { reason } })
    .commit();
  return 'waiting';
}
