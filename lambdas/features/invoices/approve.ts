import { InvoiceId } from '../../http/ids.ts';
import { StaleVersion } from '../../platform/records.ts';
import type { Issuer } from '../billing/issuer.ts';
import type { BillingClock } from '../metering/clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { endJob } from './end-job.ts';
import { invoicePointers } from './invoice.ts';
import { issueInvoice } from './issue.ts';
import { timeZoneOf } from './recipients.ts';
import type { Job } from './run.ts';
import { approve, findInvoice } from './writes.ts';

/**
 * Approves the drafts of a month and issues them, each in changes of its own: whatever is interrupted goes on where it
 * was. True when all were looked at. One that fails keeps no other waiting: it is thrown when the others are issued.
 */
export async function approveRun(job: Extract<Job, { do: 'approve' }>, clock: BillingClock): Promise<boolean> {
  const { issuer, period } = job;
  const { table, pk, sk } = invoicePointers.inRun(issuer, period, '');
  const timeZone = await timeZoneOf(issuer, clock.openCall());
  let approved = 0;
  const failures: unknown[] = [];
  for await (const { attributes } of pointersIn({ table, pk }, clock, { prefix: sk })) {
    const id = InvoiceId.parse(attributes?.['invoiceId']);
    try {
      if (await approveOne(issuer, id, timeZone, clock)) approved++;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  if (!clock.hasTimeLeft()) return false;
  const change = clock.openCall().records.change();
  await endJob(change, job, { event: 'invoice-run.issued', detail: { period, approved } });
  return true;
}

async function approveOne(issuer: Issuer, id: InvoiceId, timeZone: string, clock: BillingClock): Promise<boolean> {
  const call = clock.openCall();
  const stored = await findInvoice(issuer, id, call);
  if (stored?.value.state !== 'draft') return false;
  const isApproved = await approve(issuer, stored, timeZone, call).then(
    () => true,
    (error: unknown) => {
      // Put aside, or approved by itself, at this moment.
      if (error instanceof StaleVersion) return false;
      throw error;
    },
  );
  await issueInvoice(issuer, id, clock.openCall);
  return isApproved;
}
