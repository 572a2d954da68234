import { type OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { safetyDevicePointers } from './safety-device.ts';

/** Beyond these the sweep looks no further in one organisation. */
const PAGES_MAX = 100;

export interface SilentDevice {
  readonly deviceId: SafetyDeviceId;
  readonly recipientId: PersonId;
  /** When it was last heard of, or came into service: RFC 3339. */
  readonly since: string;
  /** The same for the same silence, however often it is looked for. */
  readonly sourceId: string;
}

/**
 * Devices in service that have been silent for longer than they may be. After a restore nothing is known of when they
 * were last heard of: then each is silent since it came into service, until it sends something. Two round trips for each
 * page of devices.
 */
export async function silentDevices(
  records: Pick<Records, 'pointers' | 'pointersAt'>,
  organisationId: OrganisationId,
  now: Date,
): Promise<readonly SilentDevice[]> {
  const { table, pk } = safetyDevicePointers.inService(organisationId, '');
  const silent: SilentDevice[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await records.pointers(table, pk, after === undefined ? {} : { after });
    const watched = page.items.filter(({ attributes }) => typeof attributes?.['selfCheckMinutes'] === 'number');
    const ids = watched.map(({ sk }) => SafetyDeviceId.parse(sk));
    const heard = await records.pointersAt(ids.map((id) => safetyDevicePointers.heard(organisationId, id)));
    silent.push(...watched.flatMap((row, i) => silenceOf(row, ids[i]!, heard[i], now)));
    after = page.next;
    if (after === undefined) break;
  }
  return silent;
}

function silenceOf(
  { attributes }: Pointer,
  deviceId: SafetyDeviceId,
  heard: Pointer | undefined,
  now: Date,
): SilentDevice[] {
  const given = Number(attributes?.['keyGivenAtEpochSeconds']);
  const since = Math.max(given, Number(heard?.attributes?.['atEpochSeconds'] ?? 0));
  const minutes = Number(attributes?.['selfCheckMinutes']);
  if (now.getTime() / 1000 - since <= minutes * 60) return [];
  return [
    {
      deviceId,
      recipientId: PersonId.parse(attributes?.['personId']),
      since: new Date(since * 1000).toISOString(),
      sourceId: `${deviceId}#silent#${since}`,
    },
  ];
}
