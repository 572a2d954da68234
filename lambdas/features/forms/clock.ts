import type { Call } from '../../http/call.ts';
import { OpenEventId, OrganisationId } from '../../http/ids.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Pointer, StaleVersion } from '../../platform/records.ts';
import { enquiryRef } from '../enquiries/enquiry.ts';
import { endEnquiry } from '../enquiries/store.ts';
import { keptUntil, openEventRef, signUpRef } from '../open-events/open-event.ts';
import { endSignUp } from '../open-events/store.ts';
import { tickOpenEvent } from '../open-events/tick.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { DUE_PARTITION, dueRow } from './due.ts';

/** Rows of one run; the next run, a quarter of an hour later, goes on. */
const ROWS_MAX = 500;

export interface FormClock {
  /** A fresh one for each row. */
  openCall(): Call;
  hasTimeLeft(): boolean;
  log(line: { readonly event: string; readonly error?: string }): void;
}
interface FormsTicked {
  looked: number;
  erased: number;
  failed: number;
}

/**
 * Has erased what was sent by a form and kept for its time, and tells of open events what has changed. Running it twice,
 * or twice at once, changes nothing more.
 */
export async function tickForms(clock: FormClock): Promise<FormsTicked> {
  const ticked: FormsTicked = { looked: 0, erased: 0, failed: 0 };
  const { records, now } = clock.openCall();
  // `~` sorts after the id, so that what is due this very millisecond is in.
  const range = { from: '0', to: `${now.toISOString()}~`, limit: ROWS_MAX };
  const { items } = await records.pointers('core', DUE_PARTITION, range);
  for (const row of items) {
    if (!clock.hasTimeLeft()) break;
    ticked.looked++;
    try {
      if (await look(row, clock)) ticked.erased++;
    } catch (error) {
      // Somebody else was faster: the next run looks at what they did.
      if (error instanceof StaleVersion) continue;
      ticked.failed++;
      clock.log({ event: 'form-tick-failed', error: errorName(error) });
    }
  }
  return ticked;
}

/** Whether something has been erased. */
async function look(row: Pointer, clock: FormClock): Promise<boolean> {
  // Written by dueRow, and by nobody else.
  const { kind, id, controller, subject } = row.attributes as {
    readonly kind: 'enquiry' | 'sign-up' | 'open-event';
    readonly id: string;
    readonly controller: ControllerId;
    readonly subject: Owner['subject'];
  };
  const owner: Owner = { controller, subject };
  const call = clock.openCall();
  if (kind === 'open-event') {
    if (await tickOpenEvent(owner, OpenEventId.parse(id), clock)) await drop(row, owner, call);
    return false;
  }
  if (kind === 'enquiry') {
    const enquiry = await call.records.get(enquiryRef(owner));
    if (enquiry) await endEnquiry(enquiry, 'retention', call);
    else await drop(row, owner, call);
    return enquiry !== undefined;
  }
  return lookAtSignUp(row, owner, call);
}

/** An event that was put off keeps its sign-ups for longer. */
async function lookAtSignUp(row: Pointer, owner: Owner, call: Call): Promise<boolean> {
  const signUp = await call.records.get(signUpRef(owner));
  if (!signUp) {
    await drop(row, owner, call);
    return false;
  }
  const organisationId = OrganisationId.parse(owner.controller);
  const [event, organisation] = await call.records.together([
    openEventRef(organisationId, signUp.value.openEventId),
    organisationRef(organisationId),
  ]);
  const until = event && organisation && keptUntil(event.value, organisation.value.timeZone);
  if (until === undefined || until <= call.now.toISOString()) {
    await endSignUp(signUp, 'retention', call);
    return true;
  }
  await call.records
    .change()
    .put(signUp.ref, { ...signUp.value, dueAt: until }, { version: signUp.version })
    .unpoint(row)
    .point(dueRow(owner, until, { kind: 'sign-up', id: signUp.value.id }))
    .activity({ event: 'sign-up.kept', subject: organisationOwner(organisationId), about: [signUp.value.id] })
    .commit();
  return false;
}

/** What it led to is gone, or done. */
async function drop(row: Pointer, { controller }: Owner, call: Call): Promise<void> {
  const subject = organisationOwner(OrganisationId.parse(controller));
  await call.records.change().unpoint(row).activity({ event: 'form.row-dropped', subject }).commit();
}
