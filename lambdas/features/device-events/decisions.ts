import type { GeofenceId, SafetyDeviceId } from '../../http/ids.ts';
import type { AlarmKind } from '../alarms/kinds.ts';
import type { Occasion } from '../alarms/raise.ts';
import { afterPosition, type Crossing } from '../geofences/crossings.ts';
import type { Geofence } from '../geofences/geofence.ts';
import { DEVICES_KNOWN_MAX, type Whereabouts } from '../positions/whereabouts.ts';
import { type DeviceEvent, inOrder } from './device-event.ts';

/** Whoever may have to charge it is told once; and again only after it was charged in between. */
const LOW_PERCENT = 20;
const CHARGED_PERCENT = 30;

/** A geofence that holds for the recipient. */
export interface Fence extends Pick<Geofence, 'shape' | 'hours' | 'alarmOn'> {
  readonly id: GeofenceId;
  readonly version: number;
}

type DeviceStanding = Whereabouts['devices'][number];

/**
 * What events mean, taken in the order in which they happened: what is known moves forward only, so one that is late
 * changes nothing of it. A call for help is one however late it comes. Events that were taken before are not for here.
 * One occasion for each event and kind. Pure.
 */
export function afterEvents(
  before: Whereabouts,
  events: readonly DeviceEvent[],
  {
    deviceId,
    fences,
    timeZone,
  }: { readonly deviceId: SafetyDeviceId; readonly fences: readonly Fence[]; readonly timeZone: string },
): { readonly whereabouts: Whereabouts; readonly occasions: readonly Occasion[] } {
  let whereabouts = onlyOf(fences, before);
  const occasions: Occasion[] = [];
  for (const event of events.toSorted(inOrder)) {
    const source = (kind: AlarmKind, geofenceId?: GeofenceId): Occasion => ({
      kind,
      at: event.at,
      sourceId: sourceOf(deviceId, event, kind),
      deviceId,
      ...(geofenceId && { geofenceId }),
    });
    const call = callForHelp(event);
    if (call) occasions.push(source(call));
    const { device, told } = afterWord(
      whereabouts.devices.find(({ id }) => id === deviceId),
      event,
      deviceId,
    );
    occasions.push(...told.map((kind) => source(kind)));
    whereabouts = { ...whereabouts, devices: withDevice(whereabouts.devices, device) };
    const moved = afterMove(whereabouts, event, deviceId, fences, timeZone);
    whereabouts = moved.whereabouts;
    for (const [crossing, [first]] of Map.groupBy(moved.crossed, (one) => one.crossing)) {
      occasions.push(source(crossing === 'leave' ? 'geofence-left' : 'geofence-entered', first!.geofenceId));
    }
  }
  return { whereabouts, occasions };
}

/** Without what has been known for longer than positions are kept: a device that reports keeps no old position alive. Pure. */
export function withoutOld({ devices, latest, fences }: Whereabouts, keptSince: Date): Whereabouts {
  const isKept = ({ at }: { readonly at: string }) => Date.parse(at) > keptSince.getTime();
  const own = devices.filter(isKept);
  // On which side of a border somebody was is known from the same position.
  return latest && isKept(latest) ? { devices: own, latest, fences } : { devices: own, fences: [] };
}

/** The same for the same event, however often it comes. */
export const sourceOf = (deviceId: SafetyDeviceId, { id }: Pick<DeviceEvent, 'id'>, kind: AlarmKind): string =>
  `${deviceId}#${id}#${kind}`;

/** What must reach somebody whatever else is closed. Pure. */
export function callForHelp({ kind }: Pick<DeviceEvent, 'kind'>): AlarmKind | undefined {
  if (kind === 'alarm') return 'button';
  return kind === 'fall' ? 'fall' : undefined;
}

/** What is known of geofences that are gone, or were drawn anew, is known of nothing. */
const onlyOf = (fences: readonly Fence[], { fences: standings, ...rest }: Whereabouts): Whereabouts => ({
  ...rest,
  fences: standings.filter(({ id, version }) => fences.some((fence) => fence.id === id && fence.version === version)),
});

function afterWord(
  before: DeviceStanding | undefined,
  { at, sequence, kind, batteryPercent = before?.batteryPercent }: DeviceEvent,
  id: SafetyDeviceId,
): { readonly device: DeviceStanding; readonly told: readonly AlarmKind[] } {
  if (before && inOrder({ at, sequence }, before) <= 0) return { device: before, told: [] };
  const isLow = batteryPercent !== undefined && batteryPercent < (before?.isLow ? CHARGED_PERCENT : LOW_PERCENT + 1);
  const isOff = kind === 'off';
  const told: AlarmKind[] = [];
  if (isLow && !before?.isLow) told.push('battery-low');
  if (isOff && !before?.isOff) told.push('switched-off');
  return { device: { id, at, sequence, ...(batteryPercent !== undefined && { batteryPercent }), isLow, isOff }, told };
}

/** Of too many the one that was heard of longest ago is forgotten: what it sends next is taken like a new one's. */
function withDevice(known: readonly DeviceStanding[], device: DeviceStanding): DeviceStanding[] {
  const all = [...known.filter(({ id }) => id !== device.id), device];
  if (all.length <= DEVICES_KNOWN_MAX) return all;
  const oldest = all.reduce((one, other) => (inOrder(other, one) < 0 ? other : one));
  return all.filter((one) => one !== oldest);
}

function afterMove(
  before: Whereabouts,
  { id: eventId, at, sequence, position }: DeviceEvent,
  deviceId: SafetyDeviceId,
  fences: readonly Fence[],
  timeZone: string,
) {
  const crossed: { readonly crossing: Crossing; readonly geofenceId: GeofenceId }[] = [];
  if (!position) return { whereabouts: before, crossed };
  // Two devices count each for itself: of one instant, the first that came is as good as the other.
  const isLate = before.latest && inOrder({ at, sequence }, before.latest) <= 0;
  if (isLate) return { whereabouts: before, crossed };
  const standings = fences.flatMap((fence): Whereabouts['fences'] => {
    const { id, version } = fence;
    const known = before.fences.find((one) => one.id === id);
    const { standing, crossing } = afterPosition(fence, known, position, new Date(at), timeZone);
    if (crossing) crossed.push({ crossing, geofenceId: id });
    return standing ? [{ id, version, ...standing }] : [];
  });
  return {
    whereabouts: { ...before, latest: { id: eventId, at, sequence, deviceId, position }, fences: standings },
    crossed,
  };
}
