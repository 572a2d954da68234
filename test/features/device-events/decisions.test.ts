import fc from 'fast-check';
import { encodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { afterEvents, type Fence, withoutOld } from '../../../lambdas/features/device-events/decisions.ts';
import { DeviceEvent } from '../../../lambdas/features/device-events/device-event.ts';
import { DEVICES_KNOWN_MAX, nowhere, Whereabouts } from '../../../lambdas/features/positions/whereabouts.ts';
import { instantOf } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const OSLO = 'Europe/Oslo';
const deviceId = anId('sdv');
const home = { latitude: 59.9139, longitude: 10.7522 };
const START = Date.UTC(2026, 10, 23, 12);

let counted = 0;
/** At so many minutes; so many metres north of home. */
function anEvent(minute: number, wanted: Partial<DeviceEvent> & { metres?: number } = {}): DeviceEvent {
  const { metres, ...fields } = wanted;
  const at = new Date(START + minute * 60_000);
  const id = `${encodeTime(at.getTime(), 10)}${String(counted++).padStart(16, '0')}`.toLowerCase();
  const position = metres !== undefined && {
    latitude: home.latitude + metres / 111_195,
    longitude: home.longitude,
    accuracyMetres: 10,
    source: 'satellite' as const,
  };
  return {
    id,
    at: at.toISOString(),
    sequence: minute,
    kind: position ? 'position' : 'self-check',
    ...(position && { position }),
    ...fields,
  };
}

const aFence = (wanted: Partial<Fence> = {}): Fence => ({
  id: anId('gfc'),
  version: 1,
  shape: { type: 'circle', centre: home, radiusMetres: 100 },
  alarmOn: 'both',
  ...wanted,
});

const follows = (events: readonly DeviceEvent[], fences: readonly Fence[] = [], before: Whereabouts = nowhere) =>
  afterEvents(before, events, { deviceId, fences, timeZone: OSLO });
const kindsOf = ({ occasions }: ReturnType<typeof follows>) => occasions.map(({ kind }) => kind);

describe('what a device sends', () => {
  it('raises an alarm for each call for help, however late it comes', () => {
    const first = follows([anEvent(60, { metres: 0 })]);
    const late = follows([anEvent(1, { kind: 'alarm' }), anEvent(2, { kind: 'fall' })], [], first.whereabouts);
    expect(kindsOf(late)).toEqual(['button', 'fall']);
    expect(late.whereabouts).toEqual(first.whereabouts);
  });

  it('tells of a low battery once, and again after it was charged', () => {
    const events = [50, 20, 15, 25, 19, 80, 20].map((batteryPercent, i) => anEvent(i, { batteryPercent }));
    const { occasions } = follows(events);
    expect(occasions.map(({ kind, at }) => [kind, at])).toEqual([
      ['battery-low', events[1]!.at],
      ['battery-low', events[6]!.at],
    ]);
  });

  it('keeps what it knows of the battery when an event says nothing of it', () => {
    const { whereabouts } = follows([anEvent(0, { batteryPercent: 15 }), anEvent(1)]);
    expect(whereabouts.devices).toMatchObject([{ batteryPercent: 15, isLow: true }]);
  });

  it('tells that it was switched off once, and not when it says so after it was on again', () => {
    expect(kindsOf(follows([anEvent(0, { kind: 'off' }), anEvent(1, { kind: 'off' })]))).toEqual(['switched-off']);
    const on = follows([anEvent(5, { kind: 'on' })]);
    expect(kindsOf(follows([anEvent(3, { kind: 'off' })], [], on.whereabouts))).toEqual([]);
  });

  it('finds who leaves and who comes back, once each', () => {
    const walk = [0, 50, 105, 200, 400, 95, 20].map((metres, i) => anEvent(i, { metres }));
    const fence = aFence();
    const { occasions } = follows(walk, [fence]);
    expect(occasions.map(({ kind, at, geofenceId }) => [kind, at, geofenceId])).toEqual([
      ['geofence-left', walk[3]!.at, fence.id],
      ['geofence-entered', walk[6]!.at, fence.id],
    ]);
    expect(kindsOf(follows(walk, [aFence({ alarmOn: 'leave' })]))).toEqual(['geofence-left']);
    expect(kindsOf(follows(walk, [aFence({ alarmOn: 'enter' })]))).toEqual(['geofence-entered']);
  });

  it('never takes a late position for a movement', () => {
    const fence = aFence();
    const first = follows([anEvent(0, { metres: 0 }), anEvent(10, { metres: 0 })], [fence]);
    const late = follows([anEvent(5, { metres: 500 })], [fence], first.whereabouts);
    expect(late.occasions).toEqual([]);
    expect(late.whereabouts.latest).toEqual(first.whereabouts.latest);
  });

  it('counts a geofence within its hours only, and tells of who is out when they begin', () => {
    const night = aFence({
      alarmOn: 'leave',
      hours: [
        {
          days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
          from: '22:00',
          until: '06:00',
        },
      ],
    });
    const minuteOf = (time: string) => (instantOf(OSLO, '2026-11-23', time).getTime() - START) / 60_000;
    const out = [anEvent(minuteOf('14:00'), { metres: 0 }), anEvent(minuteOf('20:00'), { metres: 900 })];
    const evening = follows(out, [night]);
    expect(evening.occasions).toEqual([]);
    const atTen = follows([anEvent(minuteOf('22:01'), { metres: 900 })], [night], evening.whereabouts);
    expect(kindsOf(atTen)).toEqual(['geofence-left']);
    expect(kindsOf(follows([anEvent(minuteOf('22:30'), { metres: 950 })], [night], atTen.whereabouts))).toEqual([]);
  });

  it('forgets where somebody was of a geofence that was drawn anew', () => {
    const fence = aFence();
    const inside = follows([anEvent(0, { metres: 0 })], [fence]);
    const redrawn = { ...fence, version: 2 };
    expect(kindsOf(follows([anEvent(1, { metres: 500 })], [redrawn], inside.whereabouts))).toEqual([]);
    expect(kindsOf(follows([anEvent(1, { metres: 500 })], [fence], inside.whereabouts))).toEqual(['geofence-left']);
  });

  it('knows no position, side or device for longer than positions are kept', () => {
    const [first, second] = [anEvent(0, { metres: 0 }), anEvent(10)];
    const known = follows([first, second], [aFence()]).whereabouts;
    expect(withoutOld(known, new Date(START - 1))).toEqual(known);
    expect(withoutOld(known, new Date(first.at))).toEqual({ devices: known.devices, fences: [] });
    expect(withoutOld(known, new Date(second.at))).toEqual(nowhere);
  });

  it('knows of a hundred devices and forgets the one that was heard of longest ago; no call for help is lost by it', () => {
    let known: Whereabouts = nowhere;
    const ids = Array.from({ length: DEVICES_KNOWN_MAX + 1 }, () => anId('sdv'));
    const heard = (id: (typeof ids)[number], minute: number, before: Whereabouts) =>
      afterEvents(before, [anEvent(minute, { kind: 'alarm' })], { deviceId: id, fences: [], timeZone: OSLO });
    // The second is the last to be heard of again.
    for (const [minute, id] of [...ids.entries(), [ids.length, ids[1]!] as const]) {
      const { whereabouts, occasions } = heard(id, minute, known);
      known = whereabouts;
      expect(occasions.map(({ kind }) => kind)).toEqual(['button']);
    }
    expect(Whereabouts.parse(known)).toEqual(known);
    expect(known.devices.map(({ id }) => id)).toEqual([...ids.slice(2), ids[1]]);
    // Late word of the one that is forgotten puts out nobody who was heard of later.
    const late = heard(ids[0]!, 0, known);
    expect([late.whereabouts, late.occasions.length]).toEqual([known, 1]);
  });

  it('raises one occasion for each kind, however many borders one step crosses', () => {
    const fences = [aFence(), aFence(), aFence({ shape: { type: 'circle', centre: home, radiusMetres: 200 } })];
    const events = [anEvent(0, { metres: 0 }), anEvent(1, { metres: 900 })];
    expect(kindsOf(follows(events, fences))).toEqual(['geofence-left']);
  });
});

const anyEvents = fc
  .array(
    fc.record({
      minute: fc.nat(300),
      metres: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
      battery: fc.option(fc.nat(100), { nil: undefined }),
      kind: fc.constantFrom('position', 'alarm', 'fall', 'battery', 'self-check', 'off', 'on'),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) => [...new Map(all.map((one) => [one.minute, one])).values()])
  .map((all) =>
    all.map(({ minute, metres, battery, kind }) =>
      anEvent(minute, {
        ...(metres !== undefined && { metres }),
        ...(battery !== undefined && { batteryPercent: battery }),
        kind: kind === 'position' && metres === undefined ? 'self-check' : (kind as DeviceEvent['kind']),
      }),
    ),
  );

describe('whatever the order', () => {
  const fence = aFence();

  it('a batch means the same however it is shuffled', () => {
    fc.assert(
      fc.property(
        anyEvents.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, shuffled]) => {
          expect(follows(shuffled, [fence])).toEqual(follows(events, [fence]));
        },
      ),
    );
  });

  it('it means the same in one batch and in several that follow one another', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(25), (events, cut) => {
        const ordered = events.toSorted((one, other) => one.sequence - other.sequence);
        const whole = follows(ordered, [fence]);
        const first = follows(ordered.slice(0, cut), [fence]);
        const second = follows(ordered.slice(cut), [fence], first.whereabouts);
        expect(second.whereabouts).toEqual(whole.whereabouts);
        expect([...first.occasions, ...second.occasions]).toEqual(whole.occasions);
      }),
    );
  });

  it('nothing goes back in time, coming and going take turns, and calls for help are never lost', () => {
    const batches = fc.array(anyEvents, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(batches, (all) => {
        let known: Whereabouts = nowhere;
        const told: ReturnType<typeof follows>['occasions'][number][] = [];
        for (const batch of all) {
          const { whereabouts, occasions } = follows(batch, [fence], known);
          expect(Date.parse(whereabouts.latest?.at ?? '9999-01-01')).toBeGreaterThanOrEqual(
            Date.parse(known.latest?.at ?? '1970-01-01'),
          );
          known = whereabouts;
          told.push(...occasions);
        }
        const crossings = told.filter(({ kind }) => kind.startsWith('geofence-'));
        for (const [i, { kind, at }] of crossings.entries()) {
          if (i === 0) continue;
          expect(kind).not.toBe(crossings[i - 1]!.kind);
          expect(Date.parse(at)).toBeGreaterThan(Date.parse(crossings[i - 1]!.at));
        }
        const calls = all.flat().filter(({ kind }) => kind === 'alarm' || kind === 'fall');
        expect(told.filter(({ kind }) => kind === 'button' || kind === 'fall')).toHaveLength(calls.length);
        expect(new Set(told.map(({ sourceId }) => sourceId)).size).toBe(told.length);
      }),
    );
  });

  it('its ids begin with its instant', () => {
    const event = anEvent(0, { metres: 0 });
    expect(DeviceEvent.safeParse(event).success).toBe(true);
    expect(DeviceEvent.safeParse({ ...event, at: '2026-11-23T12:00:00.001Z' }).success).toBe(false);
    expect(DeviceEvent.safeParse({ ...event, position: undefined }).success).toBe(false);
  });
});
