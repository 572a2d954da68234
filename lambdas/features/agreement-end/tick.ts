import type { Call } from '../../http/call.ts';
import { ErasureId, type OrganisationId, RequestId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Change, Records } from '../../platform/records.ts';
import { erasurePointers } from '../erasure/erasure.ts';
import { orderErasure } from '../erasure/order.ts';
import { queueNotice } from '../notices/notice.ts';
import { type Organisation, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { ownerOfRequest, replyAddressRef } from '../requests/request.ts';
import { eraseOn } from '../retention/due-index.ts';
import { dueDay } from '../retention/policy.ts';
import { type Sweep, type Swept, tried } from '../retention/sweeping.ts';
import { terms } from '../retention/terms.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { type AgreementEnd, agreementEndRef, daysOf, type EndStep, endOf, stepsDue } from './end.ts';

const OPERATORS_ZONE = 'Europe/Oslo';

/** Organisations that are being deleted, until whoever is to hear of it has been told. Attributes: `erasureId`, `requestId`. */
const endingPointer = (organisationId: OrganisationId | '') =>
  ({ table: 'core', pk: 'operator#ENDING', sk: organisationId }) as const;

/** Daily, for one organisation: asks, reminds, and has erased what the end of its agreement leaves no ground to keep. */
export async function tickAgreementEnd(organisationId: OrganisationId, sweep: Sweep, swept: Swept): Promise<void> {
  const call = sweep.openCall();
  const [organisation, stored] = await call.records.together([
    organisationRef(organisationId),
    agreementEndRef(organisationId),
  ]);
  const endsOn = organisation?.value.servicePeriod?.until;
  if (!organisation || endsOn === undefined) return;
  const { timeZone } = organisation.value;
  const end = endOf(stored?.value, endsOn);
  const steps = stepsDue(end, timeZone, dayIn(timeZone, call.now));
  if (steps.length === 0) return;

  const erasureId = steps.includes('deletion-ordered') ? call.newId('ers') : undefined;
  const after: AgreementEnd = { ...end, done: [...end.done, ...steps], ...(erasureId && { erasureId }) };
  const change = call.records.change();
  for (const step of steps) await take(step, change, { organisation: organisation.value, end: after }, call);
  if (erasureId) swept.erased++;
  await change
    .put(agreementEndRef(organisationId), after, stored ? { version: stored.version } : 'new')
    .activity({
      event: 'agreement.end-step',
      subject: agreementEndRef(organisationId).owner,
      detail: { steps: steps.join(' '), endsOn },
    })
    .commit();
}

interface Ending {
  readonly organisation: Organisation;
  /** As it is going to be stored. */
  readonly end: AgreementEnd;
}

async function take(step: EndStep, change: Change, ending: Ending, call: Call): Promise<void> {
  const { organisation, end } = ending;
  const owner = { controller: 'operator', subject: organisation.id } as const;
  if (step === 'agreement-erased') {
    // Invoices stay by law, acceptances as evidence: both lie in other classes (KP-10).
    const id = call.newId('ers');
    orderErasure(change, { id, owner, cause: 'agreement-end', retentionClasses: ['agreement'] }, call.now);
    return;
  }
  if (step === 'deletion-ordered') {
    const id = end.erasureId!;
    const all = { controller: organisation.id, subject: organisation.id } as const;
    orderErasure(change, { id, owner: all, cause: 'agreement-end' }, call.now);
    await keepAddress(change, organisation, id, call);
    return;
  }
  const { agreementErasedOn, deletedOn } = daysOf(end, organisation.timeZone);
  const parameters = { endsOn: end.endsOn, deletedOn };
  for (const personId of await toldOf(call.records, organisation, call.now)) {
    const to = ownerOf(organisation.id, personId);
    if (step === 'deletion-announced') queueNotice(change, { to, template: 'agreement-deletion', parameters }, call);
    else if (step === 'asked')
      queueNotice(change, { to, template: 'agreement-ends', parameters: { ...parameters, agreementErasedOn } }, call);
    else queueNotice(change, { to, template: 'agreement-choice-reminder', parameters }, call);
  }
}

/** Administrators and privacy officers to whom a notice can be written. */
async function toldOf(records: Records, { id, timeZone }: Organisation, now: Date) {
  const deciders = await decidersOf(records, id, timeZone, now);
  return reachable(records, id, deciders.slice(0, CONTROLLERS_TOLD_MAX));
}

/** Nobody of the organisation will be there to be told: one address is kept apart until word has been sent. */
async function keepAddress(
  change: Change,
  organisation: Organisation,
  erasureId: ErasureId,
  call: Call,
): Promise<void> {
  const [personId] = await toldOf(call.records, organisation, call.now);
  const person = personId && (await call.records.get(personRef(organisation.id, personId)));
  const requestId = call.newId('req');
  if (person?.value.email !== undefined) {
    const { email, language } = person.value;
    change.put(replyAddressRef('operator', requestId), { email, language }, 'new');
  }
  change.point({ ...endingPointer(organisation.id), attributes: { erasureId, requestId } });
}

/** Tells that all is gone, once the erasure is at its end; the address goes a month later, when the mail is surely out. */
export async function tellDeleted(sweep: Sweep, swept: Swept): Promise<void> {
  for await (const pointer of pointersIn(endingPointer(''), sweep)) {
    await tried('operator', sweep, swept, async () => {
      const erasureId = ErasureId.parse(pointer.attributes?.['erasureId']);
      const requestId = RequestId.parse(pointer.attributes?.['requestId']);
      const call = sweep.openCall();
      const [unfinished] = await call.records.pointersAt([erasurePointers.unfinished(erasureId)]);
      if (unfinished) return;
      const to = ownerOfRequest('operator', requestId);
      const subject = { controller: 'operator', subject: pointer.sk as OrganisationId } as const;
      const today = dayIn(OPERATORS_ZONE, call.now);
      const change = call.records.change().unpoint(pointer);
      if (await call.records.get(replyAddressRef('operator', requestId))) {
        queueNotice(change, { to, template: 'agreement-data-gone', parameters: { at: call.now.toISOString() } }, call);
        eraseOn(change, { owner: to, of: subject, classes: ['request'] }, dueDay(terms.request, today, OPERATORS_ZONE));
      }
      await change.activity({ event: 'agreement.deletion-told', subject, about: [erasureId] }).commit();
    });
  }
}
