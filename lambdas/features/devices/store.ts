import { AccountId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { accountOwner } from '../accounts/account.ts';
import { DEVICES_MAX, deviceEntity, deviceRef, digestOf, holderPointer, rowOfDevice, withoutDevice } from './device.ts';
import type { DeviceStore } from './handlers.ts';

export const deviceStore: DeviceStore = {
  async list(accountId, { records }) {
    return (await records.list(deviceEntity, accountOwner(accountId), { limit: DEVICES_MAX })).items;
  },

  async standing(accountId, digest, call) {
    const [own, [holder]] = await Promise.all([
      deviceStore.list(accountId, call),
      call.records.pointersAt([holderPointer(digest)]),
    ]);
    const holderId = AccountId.safeParse(holder?.attributes?.['accountId']).data;
    return { own, ...(holderId && holderId !== accountId && { formerHolder: holderId }) };
  },

  async put(device, { accountId, before, formerHolder, tooOld }, { records }, answer) {
    const digest = digestOf(device.endpointArn);
    const change = records
      .change()
      .put(deviceRef(accountId, digest), device, before ? { version: before.version } : 'new')
      .point({ ...holderPointer(digest), attributes: { accountId } });
    if (formerHolder) change.unpoint(rowOfDevice(formerHolder, digest));
    if (tooOld) withoutDevice(change, tooOld);
    return change
      .activity({
        event: 'device.registered',
        subject: accountOwner(accountId),
        about: [device.id, ...(tooOld ? [tooOld.value.id] : [])],
        detail: { platform: device.platform },
      })
      .commit(answer);
  },

  async remove(device, { records }) {
    await withoutDevice(records.change(), device, () => new Problem('device-not-found'))
      .activity({ event: 'device.removed', subject: device.ref.owner, about: [device.value.id] })
      .commit();
  },
};
