import { randomBytes } from 'node:crypto';
import type { Call } from '../../http/call.ts';
import { TicketId } from '../../http/ids.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import type { Change, PointerKey, Records } from '../../platform/records.ts';
import { hashOf } from '../links/link.ts';

/** 160 bits: knowing the address is having been sent it. In lower case, which no mail server on the way changes. */
const TOKEN_BYTES = 20;
/** Answers come late, and one that nobody reads is answered by nobody: as long as a ticket is kept after it was closed. */
const ADDRESS_SECONDS = 2 * 365 * 24 * 60 * 60;
export const MAIL_ADDRESS = 'MAIL-ADDRESS';

/** Where a mail to an address of ours belongs. */
interface MailAddress {
  readonly owner: Owner;
  readonly ticketId: TicketId;
  /** The ticket's number of renewals when it was made: one of an earlier number is dead. */
  readonly epoch: number;
}

/** Where it lies; the token itself is kept nowhere. Attributes: `controller`, `subject`, `ticketId`, `epoch`. */
export const mailAddressKey = (hash: string): PointerKey => ({
  table: 'transient',
  pk: `${MAIL_ADDRESS}#${hash}`,
  sk: MAIL_ADDRESS,
});

/** Makes an address that takes answers to one ticket from one person, in the transaction of the mail that names it (two writes). */
export function makeMailAddress(change: Change, { owner, ticketId, epoch }: MailAddress, call: Pick<Call, 'now'>) {
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const hash = hashOf(token);
  const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + ADDRESS_SECONDS;
  change.point({ ...mailAddressKey(hash), attributes: { ...owner, ticketId, epoch }, expiresAtEpochSeconds });
  // From the owner's own partition, so that an erasure finds the addresses that are still open.
  const { controller, subject } = owner;
  const own = { table: 'transient', pk: `${controller}#${subject}`, sk: `${MAIL_ADDRESS}#${hash}` } as const;
  change.point({ ...own, expiresAtEpochSeconds });
  return token;
}

/** What an address was made for; undefined when it was never made, or is over. One round trip. */
export async function findMailAddress(records: Records, token: string): Promise<MailAddress | undefined> {
  const [pointer] = await records.pointersAt([mailAddressKey(hashOf(token))]);
  const { controller, subject, ticketId, epoch } = pointer?.attributes ?? {};
  const id = TicketId.safeParse(ticketId);
  if (!id.success || typeof epoch !== 'number') return undefined;
  return {
    owner: { controller, subject: subject as SubjectId } as Owner,
    ticketId: id.data,
    epoch,
  };
}
