import type { AccountId, PersonId } from '../../../http/ids.ts';
import type { Owner } from '../../../platform/entity.ts';
import { Closed, type Records, StaleVersion, type Stored } from '../../../platform/records.ts';
import { accountRef } from '../../accounts/account.ts';
import { ownerOf, personEntity } from '../../people/person.ts';
import { keptUntil } from '../notice.ts';
import type { ChannelCall, SendBy } from './channel.ts';
import { shortText } from './short-text.ts';
import { type undeliverableNumberEntity, undeliverableNumberRef } from './undeliverable-number.ts';

/** To the number that stands in the recipient's record now. Two round trips, and a write when the number is refused. */
export const sendBySms: SendBy = async ({ to, letter }, call, { sendSms }) => {
  const [number, refused] = await Promise.all([
    numberOf(to, call.records),
    call.records.get(undeliverableNumberRef(to)),
  ]);
  if (number === undefined) return 'no-address';
  if (refused?.value.number === number) return 'undeliverable';
  const outcome = await sendSms({ number, text: shortText(letter) });
  if (outcome === 'refused') await rememberRefused(to, number, refused, call);
  return outcome;
};

/** Whoever has only written to us has no number. */
export async function numberOf(to: Owner, records: Records): Promise<string | undefined> {
  const { controller, subject } = to;
  if (subject.startsWith('acc_')) return (await records.get(accountRef(subject as AccountId)))?.value.phone;
  if (controller === 'operator' || !subject.startsWith('per_')) return undefined;
  const owner = ownerOf(controller, subject as PersonId);
  return (await records.get({ entity: personEntity, owner }))?.value.phone;
}

async function rememberRefused(
  to: Owner,
  number: string,
  before: Stored<typeof undeliverableNumberEntity> | undefined,
  { now, records }: ChannelCall,
): Promise<void> {
  const since = now.toISOString();
  const condition = before ? { version: before.version } : 'new';
  await records
    .change()
    .put(undeliverableNumberRef(to), { number, since }, condition, { expiresAtEpochSeconds: keptUntil(since) })
    .activity({ event: 'notice.number-refused', subject: to })
    .commit()
    .catch((error: unknown) => {
      // Another notice has just found the same, or the recipient was erased meanwhile.
      if (!(error instanceof StaleVersion || error instanceof Closed)) throw error;
    });
}
