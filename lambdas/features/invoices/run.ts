import * as z from 'zod';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { type Issuer, issuerIn } from '../billing/issuer.ts';
import { Period } from '../price-lists/price-list.ts';
import { invoicePointers } from './invoice.ts';

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

/**
 * `<issuer>#INVOICE-RUN` / `APPROVED#<period>#<instant>`: that the drafts of this round have been approved. Once: whoever
 * asks again while the answer is on its way approves nothing anew.
 */
export const approvedKey = (issuer: Issuer, { period, requestedAt }: Pick<InvoiceRun, 'period' | 'requestedAt'>) =>
  ({
    table: 'core',
    pk: invoicePointers.inRun(issuer, period, '').pk,
    sk: `APPROVED#${period}#${requestedAt}`,
  }) as const satisfies PointerKey;

/** What the worker has still to do: make drafts, approve them all, or issue one; writing a row wakes it, and the schedule finds what was left behind. */
export type Job =
  | { readonly do: 'draft'; readonly issuer: Issuer; readonly period: string }
  /** Each round of a month is a job of its own: the worker that ends one ends no other. */
  | { readonly do: 'approve'; readonly issuer: Issuer; readonly period: string; readonly round: string }
  | { readonly do: 'issue'; readonly issuer: Issuer; readonly invoiceId: string };

export const JOBS = 'BILLING-JOBS';
/** The rest of what a worker of weeks would leave behind: the open invoices lead to it as well. */
const JOB_KEPT_SECONDS = 30 * 24 * 60 * 60;

export const jobKey = (job: Job) =>
  ({
    table: 'transient',
    pk: JOBS,
    sk: `${job.issuer}#${job.do}#${subjectOf(job)}`,
  }) as const satisfies PointerKey;
function subjectOf(job: Job): string {
  if (job.do === 'issue') return job.invoiceId;
  return job.do === 'draft' ? job.period : `${job.period}#${job.round}`;
}
export const jobRow = (job: Job, now: Date): Pointer => ({
  ...jobKey(job),
  attributes: { ...job },
  expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + JOB_KEPT_SECONDS,
});
export function jobIn({ attributes = {} }: Pointer): Job {
  const issuer = issuerIn(attributes['issuer']);
  const what = z.enum(['draft', 'approve', 'issue']).parse(attributes['do']);
  if (what === 'issue') return { do: what, issuer, invoiceId: String(attributes['invoiceId']) };
  const period = String(attributes['period']);
  return what === 'draft'
    ? { do: what, issuer, period }
    : { do: what, issuer, period, round: String(attributes['round']) };
}
