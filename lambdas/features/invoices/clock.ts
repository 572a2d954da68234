import { InvoiceId, OrganisationId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import type { BillingClock } from '../metering/clock.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { approveRun } from './approve.ts';
import { reminded } from './decisions.ts';
import { draftRun } from './draft.ts';
import { invoicePointers } from './invoice.ts';
import { issueInvoice } from './issue.ts';
import { tellRecipient, timeZoneOf } from './recipients.ts';
import { JOBS, type Job, jobIn } from './run.ts';
import { findInvoice, saveInvoice } from './writes.ts';

/** What has been asked for: drafts of a month, and numbers for what is approved. A job that fails stops no other. */
export async function doJobs(clock: BillingClock): Promise<{ readonly done: number; readonly failed: number }> {
  let [done, failed] = [0, 0];
  for await (const row of pointersIn({ table: 'transient', pk: JOBS }, clock)) {
    const job = jobIn(row);
    try {
      if (await doJob(job, clock)) done++;
    } catch (error) {
      failed++;
      const name = error instanceof Error ? error.name : '';
      clock.log({
        event: 'billing-job-failed',
        metric: 'billing-job-failed',
        job: job.do,
        issuer: job.issuer,
        error: name,
      });
    }
  }
  return { done, failed };
}

function doJob(job: Job, clock: BillingClock): Promise<boolean> {
  switch (job.do) {
    case 'draft':
      return draftRun(job.issuer, job.period, clock);
    case 'approve':
      return approveRun(job, clock);
    case 'issue':
      return issueInvoice(job.issuer, InvoiceId.parse(job.invoiceId), clock.openCall);
  }
}

/** Once a day: reminders that are due, and what was approved and has no job any more (after a restore). */
export async function lookAtOpen(clock: BillingClock): Promise<{ readonly reminded: number; readonly issued: number }> {
  const count = { reminded: 0, issued: 0 };
  await lookAtIssuer('operator', clock, count);
  for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.safeParse(sk).data;
    if (organisationId !== undefined) await lookAtIssuer(organisationId, clock, count);
  }
  return count;
}

async function lookAtIssuer(issuer: Issuer, clock: BillingClock, count: { reminded: number; issued: number }) {
  for await (const { sk } of pointersIn(invoicePointers.open(issuer, ''), clock)) {
    const id = InvoiceId.parse(sk);
    try {
      if (await issueInvoice(issuer, id, clock.openCall)) count.issued++;
      else if (await remind(issuer, id, clock)) count.reminded++;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      clock.log({ event: 'invoice-not-looked-at', metric: 'billing-job-failed', issuer, invoiceId: id, error: name });
    }
  }
}

async function remind(issuer: Issuer, id: InvoiceId, clock: BillingClock): Promise<boolean> {
  const call = clock.openCall();
  const [stored, timeZone] = await Promise.all([findInvoice(issuer, id, call), timeZoneOf(issuer, call)]);
  const after = stored && reminded(stored.value, dayIn(timeZone, call.now));
  if (!after) return false;
  const change = call.records.change();
  saveInvoice(change, issuer, stored, after, timeZone);
  // A fee is for a reminder that was sent (inkassoforskriften section 1-2): where nobody is told, none is made.
  if ((await tellRecipient(change, issuer, after, 'invoice-reminder', call)) === 0) return false;
  const detail = { reminder: after.reminders.length };
  try {
    await change.activity({ event: 'invoice.reminded', subject: issuerOwner(issuer), about: [id], detail }).commit();
    return true;
  } catch (error) {
    // Paid or credited at this moment, or whoever is to be told was erased: tomorrow it is looked at again.
    if (error instanceof StaleVersion || error instanceof Closed) return false;
    throw error;
  }
}
