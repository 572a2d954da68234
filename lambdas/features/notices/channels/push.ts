import { AccountId, PersonId } from '../../../http/ids.ts';
import type { Owner } from '../../../platform/entity.ts';
import { Closed, type Records, StaleVersion } from '../../../platform/records.ts';
import type { SnsOutcome } from '../../../platform/sns.ts';
import { accountLinkEntity, accountOwner } from '../../accounts/account.ts';
import { DEVICES_MAX, deviceEntity, type StoredDevice, withoutDevice } from '../../devices/device.ts';
import { type ChannelCall, type SendBy, somethingWaits } from './channel.ts';

/**
 * To every device on which the recipient's account is signed in; two round trips, and a write for each device that
 * takes nothing any more. It says that something waits, or that an alarm does, and nothing else (KP-09): not even who
 * has written.
 */
export const sendByPush: SendBy = async ({ to, letter }, call, { sendPush, endpoints }) => {
  const devices = await devicesOf(to, call.records);
  if (devices.length === 0) return 'no-address';
  const outcomes = await Promise.all(
    devices.map(async (device) => {
      const { endpointArn } = device.value;
      const body = letter.pushesSubject ? letter.subject : somethingWaits[letter.language];
      const outcome = await sendPush({ endpointArn, title: 'Vern', body });
      if (outcome === 'refused') {
        // First there: if we stopped here, our own row would still lead to it.
        await endpoints.remove(endpointArn);
        await forget(device, call);
      }
      return outcome;
    }),
  );
  return together(outcomes);
};

/** Those of the account that the recipient signs in with. Two round trips. */
export async function devicesOf(to: Owner, records: Records): Promise<readonly StoredDevice[]> {
  const accountId = await accountOf(to, records);
  if (!accountId) return [];
  return (await records.list(deviceEntity, accountOwner(accountId), { limit: DEVICES_MAX })).items;
}

async function accountOf(owner: Owner, records: Records): Promise<AccountId | undefined> {
  const own = AccountId.safeParse(owner.subject);
  if (own.success) return own.data;
  if (!PersonId.safeParse(owner.subject).success) return undefined;
  return (await records.get({ entity: accountLinkEntity, owner }))?.value.accountId;
}

/** One device is enough; and while one may still be reached, the notice is not given up. Pure. */
export function together(outcomes: readonly SnsOutcome[]): SnsOutcome {
  for (const outcome of ['accepted', 'unknown', 'later'] as const) if (outcomes.includes(outcome)) return outcome;
  return 'refused';
}

/** The app is gone from the device, or notices are turned off there: SNS keeps its endpoint no longer than we do. */
async function forget(device: StoredDevice, { records }: ChannelCall): Promise<void> {
  await withoutDevice(records.change(), device)
    .activity({ event: 'device.unreachable', subject: device.ref.owner, about: [device.value.id] })
    .commit()
    .catch((error: unknown) => {
      // Another notice has just found the same, or the account was erased meanwhile.
      if (!(error instanceof StaleVersion || error instanceof Closed)) throw error;
    });
}
