import { AccountId, PersonId, RequestId } from '../../../http/ids.ts';
import type { EntryInLedger } from '../../../platform/ledger-entries.ts';
import type { Change, Stored } from '../../../platform/records.ts';
import { accountRef } from '../../accounts/account.ts';
import { personRef } from '../../people/writes.ts';
import { accountRectificationEntity, rectificationEntity } from '../../requests/rectified-values.ts';
import type { Proposal } from '../../requests/request.ts';
import type { StepContext } from '../step.ts';
import { coreHoldsUntil } from './window.ts';

/**
 * Puts what was put right back in its place, from the sealed values that were written ahead. Only what the restored Core
 * may not hold: an older one has perhaps been changed again since. Answers whether anything had to be written.
 */
export async function replayRectification(context: StepContext, entry: EntryInLedger): Promise<boolean> {
  if (entry.at < coreHoldsUntil(context).toISOString()) return false;
  const { subject: owner, about } = entry;
  const requestId = RequestId.parse(about);
  const { records } = context.openCall(true);
  if (owner.controller === 'operator') {
    const [rectified, account] = await records.together([
      { entity: accountRectificationEntity, owner, key: requestId },
      accountRef(AccountId.parse(owner.subject)),
    ]);
    if (!rectified || !account) return false;
    const { firstName, lastName, phone } = rectified.value.values;
    return write(account, { firstName, lastName, phone }, (after) =>
      records.change().put(account.ref, after, { version: account.version }),
    );
  }
  const [rectified, person] = await records.together([
    { entity: rectificationEntity, owner, key: requestId },
    personRef(owner.controller, PersonId.parse(owner.subject)),
  ]);
  // Erased since, or registered after the backup.
  if (!rectified || !person) return false;
  const { expiresAtEpochSeconds } = person;
  return write(person, rectified.value.values, (after) =>
    records
      .change()
      .put(
        person.ref,
        after,
        { version: person.version },
        expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds },
      ),
  );

  async function write<V extends object>(
    { value }: Pick<Stored<never>, 'version'> & { readonly value: V },
    proposal: Proposal,
    put: (after: V) => Change,
  ): Promise<boolean> {
    const after = withValues(value, proposal);
    if (JSON.stringify(sorted(after)) === JSON.stringify(sorted(value))) return false;
    await put(after)
      .activity({ event: 'restore.rectification-kept', subject: owner, about: [requestId] })
      .commit();
    return true;
  }
}

/** As the rectification itself did: a named field is set, `null` takes it away. */
function withValues<T extends object>(before: T, proposal: Proposal): T {
  const named = Object.entries(proposal).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...before, ...Object.fromEntries(named) }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged) as T;
}

const sorted = (value: object) => Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
