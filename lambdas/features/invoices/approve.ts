import { InvoiceId } from '../../http/ids.ts';
import { StaleVersion } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import type { BillingClock } from '../metering/clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { invoicePointers } from './invoice.ts';
import { issueInvoice } from './issue.ts';
import { timeZoneOf } from './recipients.ts';
import { jobKey } from './run.ts';
import { approve, findInvoice } from './writes.ts';

/**
 * Approves the drafts of a month and issues them, each in changes of its own: whatever is interrupted goes on where it
 * was. True when all were looked at.
 */
export async function approveRun(issuer: Issuer, period: string, clock: BillingClock): Promise<boolean> {
  const { table, pk, sk } = invoicePointers.inRun(issuer, period, '');
  const timeZone = await timeZoneOf(issuer, clock.openCall());
  let approved = 0;
  for await (const { attributes } of pointersIn({ table, pk }, clock, { prefix: sk })) {
    const id = InvoiceId.parse(attributes?.['invoiceId']);
    const call = clock.openCall();
    const stored = await findInvoice(issuer, id, call);
    if (stored?.value.state !== 'draft') continue;
    try {
      await approve(issuer, stored, timeZone, call);
      approved++;
    } catch (error) {
      // Put aside, or approved by itself, at this moment.
      if (!(error instanceof StaleVersion)) throw error;
    }
    await issueInvoice(issuer, id, clock.openCall);
  }
  if (!clock.hasTimeLeft()) return false;
  await clock
    .openCall()
    .records.change()
    .unpoint(jobKey({ do: 'approve', issuer, period }))
    .activity({ event: 'invoice-run.issued', subject: issuerOwner(issuer), detail: { period, approved } })
    .commit();
  return true;
}
