import { type OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { safetyDevicePointers } from './safety-device.ts';

/** Beyond these the sweep looks no further in one organisation. */
const PAGES_MAX = 100;

interface Listening {
  readonly now: Date;
  readonly openedAt: Date | undefined;
}

export interface SilentDevice {
  readonly deviceId: SafetyDeviceId;
  readonly recipientId: PersonId;
  /** When it was last heard of, or came into service; where that is not known any more, since when we listen: RFC 3339. */
  readonly since: string;
  /** The same for the same silence, however often it is looked for. */
  readonly sourceId: string;
}

/**
 * Devices in service that have been silent for longer than they may be. No device can be heard while the service is being
 * restored, and nothing is known afterwards of when it was heard before: each has its time again from when we opened.
 * Two round trips for each page of devices.
 *
 * @param openedAt since when we listen; undefined where we were never closed
 */
export async function silentDevices(
  records: Pick<Records, 'pointers' | 'pointersAt'>,
  organisationId: OrganisationId,
  { now, openedAt }: Listening,
): Promise<readonly SilentDevice[]> {
  const { table, pk } = safetyDevicePointers.inService(organisationId, '');
  const silent: SilentDevice[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await records.pointers(table, pk, after === undefined ? {} : { after });
    const watched = page.items.filter(({ attributes }) => typeof attributes?.['selfCheckMinutes'] === 'number');
    const ids = watched.map(({ sk }) => SafetyDeviceId.parse(sk));
    const heard = await records.pointersAt(ids.map((id) => safetyDevicePointers.heard(organisationId, id)));
    silent.push(...watched.flatMap((row, i) => silenceOf(row, ids[i]!, heard[i], { now, openedAt })));
    after = page.next;
    if (after === undefined) break;
  }
  return silent;
}

function silenceOf(
  { attributes }: Pointer,
  deviceId: SafetyDeviceId,
  heard: Pointer | undefined,
  { now, openedAt }: Listening,
): SilentDevice[] {
  const given = Number(attributes?.['keyGivenAtEpochSeconds']);
  const known = Math.max(given, Number(heard?.attributes?.['atEpochSeconds'] ?? 0));
  const listened = Math.max(known, (openedAt?.getTime() ?? 0) / 1000);
  const minutes = Number(attributes?.['selfCheckMinutes']);
  if (now.getTime() / 1000 - listened <= minutes * 60) return [];
  const since = heard ? known : listened;
  return [
    {
      deviceId,
      recipientId: PersonId.parse(attributes?.['personId']),
      since: new Date(since * 1000).toISOString(),
      // By what is known of the device: a gate that was closed for an hour makes no second silence of one.
      sourceId: `${deviceId}#silent#${known}`,
    },
  ];
}
