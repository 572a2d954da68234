import type { Call } from '../../http/call.ts';
import type { AccountId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { PushEndpoints } from '../../platform/push.ts';
import { DEVICES_MAX, type Device, digestOf, type StoredDevice } from './device.ts';
import type { deviceRoutes } from './routes.ts';

/** What stands where a device is being registered. */
export interface Standing {
  /** The account's own devices. */
  readonly own: readonly StoredDevice[];
  /** Another account that this very device is registered for. */
  readonly formerHolder?: AccountId;
}

export interface DeviceStore {
  /** One wave. */
  list(accountId: AccountId, call: Call): Promise<readonly StoredDevice[]>;
  /** One wave. */
  standing(accountId: AccountId, digest: string, call: Call): Promise<Standing>;
  /** Over the version that was read, if there was one; what must make room for it goes in the same transaction. */
  put<A>(
    device: Device,
    place: {
      readonly accountId: AccountId;
      readonly before?: StoredDevice;
      readonly formerHolder?: AccountId;
      readonly tooOld?: StoredDevice;
    },
    call: Call,
    answer: A,
  ): Promise<A>;
  remove(device: StoredDevice, call: Call): Promise<void>;
}

export const deviceHandlers = (
  devices: DeviceStore,
  endpoints: PushEndpoints,
): HandlersFor<typeof deviceRoutes, Call> => ({
  async registerDevice({ body: { platform, token } }, call) {
    const accountId = accountOf(call);
    const endpointArn = await endpoints.register(platform, token);
    if (endpointArn === undefined) throw new Problem('push-token-refused');
    const digest = digestOf(endpointArn);
    const { own, formerHolder } = await devices.standing(accountId, digest, call);
    const before = own.find(({ value }) => value.endpointArn === endpointArn);
    const tooOld = before || own.length < DEVICES_MAX ? undefined : seenLongestAgo(own);
    if (tooOld) await endpoints.remove(tooOld.value.endpointArn);
    const seenAt = call.now.toISOString();
    const device: Device = before
      ? { ...before.value, seenAt }
      : { id: call.newId('dvc'), platform, endpointArn, addedAt: seenAt, seenAt };
    const place = {
      accountId,
      ...(before && { before }),
      ...(formerHolder && { formerHolder }),
      ...(tooOld && { tooOld }),
    };
    return devices.put(device, place, call, viewOf(device));
  },

  async listDevices(_, call) {
    return { items: (await devices.list(accountOf(call), call)).map(({ value }) => viewOf(value)) };
  },

  async deleteDevice({ params: { deviceId } }, call) {
    const device = (await devices.list(accountOf(call), call)).find(({ value }) => value.id === deviceId);
    if (!device) throw new Problem('device-not-found');
    // First there: if we stopped here, our own row would still lead to what is to be deleted.
    await endpoints.remove(device.value.endpointArn);
    await devices.remove(device, call);
  },
});

function seenLongestAgo(devices: readonly StoredDevice[]): StoredDevice | undefined {
  return devices.toSorted((a, b) => (a.value.seenAt < b.value.seenAt ? -1 : 1))[0];
}

/** Neither the token, which we do not keep, nor the address at SNS. */
const viewOf = ({ id, platform, addedAt, seenAt }: Device) => ({ id, platform, addedAt, seenAt });

/** The chain lets nobody without an account reach a route for accounts. */
function accountOf({ account }: Call): AccountId {
  if (!account) throw new Error('A route for accounts without an account');
  return account.accountId;
}
