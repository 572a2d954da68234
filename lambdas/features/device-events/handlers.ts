import type { Call, DeviceCaller } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { deviceOf } from '../safety-devices/handlers.ts';
import { callForHelp } from './decisions.ts';
import { type DeviceEvent, inOrder, refusalOf } from './device-event.ts';
import type { deviceEventRoutes } from './routes.ts';

/** Events in one transaction; those that raise alarms write more, and are halved until they fit. */
const EVENTS_PER_CHANGE = 50;

export interface DeviceEventStore {
  /** Since when events of a recipient are kept, as the organisation has decided; one round trip. */
  keptSince(device: DeviceCaller, call: Call): Promise<Date>;
  /**
   * Takes events that may have been taken before, in the order of their instants: each is stored once, and what follows
   * from it (alarms, where the recipient is) follows once. All or none of them; a few round trips.
   */
  take(device: DeviceCaller, events: readonly DeviceEvent[], call: Call): Promise<void>;
  /** Of events that are not stored: each call for help raises its alarm once, and nothing else follows. */
  hear(device: DeviceCaller, events: readonly DeviceEvent[], call: Call): Promise<void>;
}

export const deviceEventHandlers = (store: DeviceEventStore): HandlersFor<typeof deviceEventRoutes, Call> => ({
  async sendDeviceEvents({ body: { events } }, call) {
    const device = deviceOf(call);
    const { selfCheckMinutes } = device;
    const keptSince = await store.keptSince(device, call);
    const distinct = [...new Map(events.map((event) => [event.id, event])).values()].toSorted(inOrder);
    const judged = distinct.map((event) => ({ event, reason: refusalOf(event, call.now, keptSince) }));
    // Somebody has called, whatever the device took the time to be: it was not later than now.
    const calls = judged
      .filter(({ event, reason }) => reason === 'in-the-future' && callForHelp(event) !== undefined)
      .map(({ event }) => ({ ...event, at: call.now.toISOString() }));
    if (calls.length > 0) await store.hear(device, calls, call);
    const fresh = judged.filter(({ reason }) => reason === undefined).map(({ event }) => event);
    for (let from = 0; from < fresh.length; from += EVENTS_PER_CHANGE) {
      await store.take(device, fresh.slice(from, from + EVENTS_PER_CHANGE), call);
    }
    return {
      taken: fresh.map(({ id }) => id),
      refused: judged.flatMap(({ event: { id }, reason }) => (reason ? [{ id, reason }] : [])),
      ...(selfCheckMinutes !== undefined && { selfCheckMinutes }),
    };
  },
});
