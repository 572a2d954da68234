import type { RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Records, Stored } from '../../platform/records.ts';
import type { Account, accountEntity } from '../accounts/account.ts';
import { fieldsNotHeld, type PersonRecord, type personEntity } from '../people/person.ts';
import { claimsFor, savePerson } from '../people/writes.ts';
import { accountRectificationEntity, rectificationEntity } from './rectified-values.ts';
import type { Proposal } from './request.ts';

/** The fields of a proposal that are not held about such a person, or that an account has another way to change. */
export function fieldsNotRectifiable(kind: PersonRecord['kind'] | 'account', proposal: Proposal): string[] {
  if (kind !== 'account') return fieldsNotHeld(kind, proposal);
  // A new address has to prove itself first: `POST /v1/me/email-changes`.
  const held: readonly string[] = ['firstName', 'lastName', 'phone'];
  return Object.keys(proposal).filter((field) => !held.includes(field));
}

interface About {
  readonly requestId: RequestId;
  readonly proposal: Proposal;
}

/** Puts the values in their place, and writes them ahead for a restore. Throws `email-taken`, and `wrong-state` for what is not held. One round trip. */
export async function rectifyPerson(
  change: Change,
  person: Stored<typeof personEntity>,
  { requestId, proposal }: About,
  records: Records,
  now: Date,
): Promise<void> {
  const { owner } = person.ref;
  const refused = fieldsNotRectifiable(person.value.kind, proposal);
  if (refused.length > 0) throw new Problem('wrong-state', `Not held about such a person: ${refused.join(', ')}.`);
  const after = rectified(person.value, proposal);
  savePerson(change, person, after, await claimsFor(records, person.value, after), { cause: { requestId } });
  putAhead(change, { entity: rectificationEntity, owner, key: requestId }, { requestId, proposal }, now);
}

export function rectifyAccount(
  change: Change,
  account: Stored<typeof accountEntity>,
  { requestId, proposal }: About,
  now: Date,
): void {
  const { firstName, lastName, phone } = proposal;
  change.put(account.ref, rectified(account.value, { firstName, lastName, phone }), { version: account.version });
  const { owner } = account.ref;
  putAhead(change, { entity: accountRectificationEntity, owner, key: requestId }, { requestId, proposal }, now);
}

function putAhead(
  change: Change,
  ref: { entity: typeof rectificationEntity | typeof accountRectificationEntity; owner: Owner; key: RequestId },
  { requestId, proposal }: About,
  now: Date,
): void {
  change
    .put(ref, { requestId, at: now.toISOString(), values: proposal }, 'new')
    .ledger({ kind: 'rectification', subject: ref.owner, about: requestId });
}

/** A named field is set, `null` takes it away; what is not named stays. */
function rectified<T extends PersonRecord | Account>(before: T, proposal: Proposal): T {
  const named = Object.entries(proposal).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...before, ...Object.fromEntries(named) }).filter(([, value]) => value !== null);
  // The entity's own schema checks what is put.
  return Object.fromEntries(merged) as T;
}
