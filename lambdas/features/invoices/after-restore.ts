import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { InvoiceId } from '../../http/ids.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { invoicePointers, listed } from './invoice.ts';
import { findInvoice, type StoredInvoice } from './writes.ts';

const PAGE_ROWS = 500;

/** What the activity log says of a number that was given. */
const Given = z.object({
  at: z.iso.datetime(),
  event: z.enum(['invoice.issued', 'invoice.credit-note-issued']),
  about: z.tuple([InvoiceId], z.string()),
  detail: z.object({ number: z.int().min(1), sha256: z.string() }),
});
type Given = z.output<typeof Given>;

interface BroughtBack {
  readonly isDone: boolean;
  /** Numbers that the restored tables had lost. */
  readonly numbers: number;
  /** Of those, whose invoice is not there: it was made after the backup. */
  readonly lost: number;
}

/**
 * Numbers that were given after the backup's instant, by the activity log, which is never set back: so that none is given
 * twice. An invoice that the restored tables hold without it has its number waiting: issued by another it would be a second
 * one. Repeating it changes nothing more.
 */
export async function bringNumbersBack(
  issuer: Issuer,
  since: Date,
  { openCall, hasTimeLeft }: { openCall(): Call; hasTimeLeft(): boolean },
): Promise<BroughtBack> {
  const { records } = openCall();
  // At its end an organisation's numbers went with it.
  if (issuer !== 'operator' && !(await records.get(organisationRef(issuer)))) {
    return { isDone: true, numbers: 0, lost: 0 };
  }
  const given = await givenSince(issuer, since, openCall());
  const rows = await records.pointersAt(given.map(({ detail }) => invoicePointers.number(issuer, detail.number)));
  const missing = given.filter((_, i) => rows[i] === undefined);
  let [numbers, lost] = [0, 0];
  for (const one of missing) {
    // One at least in each run, so that it comes to its end.
    if (numbers > 0 && !hasTimeLeft()) return { isDone: false, numbers, lost };
    if (!(await bringBack(issuer, one, openCall()))) lost++;
    numbers++;
  }
  return { isDone: true, numbers, lost };
}

/** Each number once, as it was given first, in their order. */
async function givenSince(issuer: Issuer, from: Date, { records }: Call): Promise<Given[]> {
  const found: Given[] = [];
  for (let after: string | undefined; ; ) {
    const range = { from, limit: PAGE_ROWS, ...(after !== undefined && { after }) };
    const { items, next } = await records.activityLog.ofSubject(issuerOwner(issuer), range);
    found.push(...items.flatMap((row) => Given.safeParse(row).data ?? []));
    if (next === undefined) break;
    after = next;
  }
  const newestFirst = found.toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const byNumber = new Map(newestFirst.map((one) => [one.detail.number, one]));
  return [...byNumber.values()].toSorted((one, other) => one.detail.number - other.detail.number);
}

/** False when its invoice is not there. */
async function bringBack(issuer: Issuer, given: Given, call: Call): Promise<boolean> {
  const {
    about: [id],
    detail: { number, sha256 },
  } = given;
  const change = call.records
    .change()
    .point(
      { ...invoicePointers.number(issuer, number), attributes: { invoiceId: id, sha256 } },
      { ifNew: () => new StaleVersion('The number is there') },
    );
  const stored = await findInvoice(issuer, id, call);
  if (stored) keepFor(stored, issuer, given, change);
  const about = [id, ...(stored ? [stored.value.recipient.id] : [])];
  await change
    .activity({ event: 'invoice.number-kept', subject: issuerOwner(issuer), about, detail: { number, sha256 } })
    .commit();
  return stored !== undefined;
}

/** The worker then issues it by the number and the day that it had: the same octets. */
function keepFor(stored: StoredInvoice, issuer: Issuer, { at, detail }: Given, change: Change): void {
  const { ref, value, version } = stored;
  if (value.state !== 'draft' && value.state !== 'approved') return;
  const approved = { ...value, state: 'approved' as const };
  change
    .put(ref, approved, { version })
    .point(listed(issuer, approved))
    .point({ ...invoicePointers.open(issuer, value.id), attributes: { number: detail.number, givenAt: at } });
}
