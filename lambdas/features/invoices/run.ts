import * as z from 'zod';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { type Issuer, issuerIn } from '../billing/issuer.ts';
import { Period } from '../price-lists/price-list.ts';

/** A month's invoices of one issuer: made as drafts, looked at, approved. Repeating it makes what is missing. */
export const InvoiceRun = z
  .strictObject({
    period: Period,
    state: z.enum(['drafting', 'drafted']),
    requestedAt: z.iso.datetime(),
    drafted: z.int().min(0).meta({ description: 'Made in this round.' }),
    existing: z.int().min(0).meta({ description: 'Of that month already.' }),
    nothing: z.int().min(0).meta({ description: 'Recipients who had nothing to pay.' }),
  })
  .meta({ id: 'InvoiceRun' });
export type InvoiceRun = z.output<typeof InvoiceRun>;
export const RUNS_MAX = 100;

/** `<issuer>#INVOICE-RUNS` / `<period>`. Attributes: the run itself, which names nobody. */
export const runKey = (issuer: Issuer, period: string) =>
  ({ table: 'core', pk: `${issuer}#INVOICE-RUNS`, sk: period }) as const satisfies PointerKey;

export const runRow = (issuer: Issuer, run: InvoiceRun): Pointer => ({
  ...runKey(issuer, run.period),
  attributes: { ...run },
});
export function runIn({ attributes = {} }: Pointer): InvoiceRun {
  const { period, state, requestedAt, drafted, existing, nothing } = attributes;
  return InvoiceRun.parse({ period, state, requestedAt, drafted, existing, nothing });
}

/** What the worker has still to do: make drafts, approve them all, or issue one; writing a row wakes it, and the schedule finds what was left behind. */
export type Job =
  | { readonly do: 'draft' | 'approve'; readonly issuer: Issuer; readonly period: string }
  | { readonly do: 'issue'; readonly issuer: Issuer; readonly invoiceId: string };

export const JOBS = 'BILLING-JOBS';
/** The rest of what a worker of weeks would leave behind: the open invoices lead to it as well. */
const JOB_KEPT_SECONDS = 30 * 24 * 60 * 60;

export const jobKey = (job: Job) =>
  ({
    table: 'transient',
    pk: JOBS,
    sk: `${job.issuer}#${job.do}#${job.do === 'issue' ? job.invoiceId : job.period}`,
  }) as const satisfies PointerKey;
export const jobRow = (job: Job, now: Date): Pointer => ({
  ...jobKey(job),
  attributes: { ...job },
  expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + JOB_KEPT_SECONDS,
});
export function jobIn({ attributes = {} }: Pointer): Job {
  const issuer = issuerIn(attributes['issuer']);
  const what = z.enum(['draft', 'approve', 'issue']).parse(attributes['do']);
  return what === 'issue'
    ? { do: what, issuer, invoiceId: String(attributes['invoiceId']) }
    : { do: what, issuer, period: String(attributes['period']) };
}
