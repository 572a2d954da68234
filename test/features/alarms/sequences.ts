import fc from 'fast-check';
import { expect } from 'vitest';
import { answerAlarm } from '../../../lambdas/features/alarms/answer.ts';
import {
  type AlarmClock,
  type Hint,
  sweepAlarms,
  tickFromStream,
  tickQueued,
} from '../../../lambdas/features/alarms/clock.ts';
import { alarmPointers } from '../../../lambdas/features/alarms/pointers.ts';
import type { AlarmId, PersonId } from '../../../lambdas/http/ids.ts';
import { aCall, type TestStore } from '../../support/store.ts';
import { AlarmModel, cast, type Name, names } from './model.ts';
import { anAlarmClock, aSafetyHome, occasion, type SafetyHome } from './safety-home.ts';

const BEGIN = '2026-11-23T02:00:00.000Z';

/** The service as it runs: the store, and what the stream, the queue and the scheduler have not handed out yet. */
interface World {
  readonly store: TestStore;
  readonly home: SafetyHome;
  readonly recipientId: PersonId;
  readonly people: Readonly<Record<Name, PersonId>>;
  /** In the order of the model's alarms. */
  readonly ids: AlarmId[];
  readonly inStream: Hint[];
  readonly asked: Hint[];
  readonly seenRows: Set<string>;
}
type Command = fc.AsyncCommand<AlarmModel, World>;

const clockOf = (world: World, store: TestStore = world.store, but: Partial<AlarmClock> = {}) =>
  anAlarmClock(store, { wakeUp: async (hint) => void world.asked.push(hint), ...but });

/** What the table's stream brings: the rows that have been written since it was last looked at. */
async function readStream(world: World): Promise<void> {
  for (const hint of await world.home.due()) {
    const row = `${hint.alarmId} ${hint.dueAt}`;
    if (world.seenRows.has(row)) continue;
    world.seenRows.add(row);
    world.inStream.push(hint);
  }
}

const inserted = ({ alarmId, dueAt }: Hint) => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: '1', Keys: { pk: { S: 'ALARM-DUE#0' }, sk: { S: `${dueAt}#${alarmId}` } } },
});

/** Which alarm of the model a row that is still there leads to. */
function modelledBy({ alarmId, dueAt }: Hint, model: AlarmModel, world: World): number | undefined {
  const index = world.ids.indexOf(alarmId);
  return model.alarms[index]?.dueAt === Date.parse(dueAt) ? index : undefined;
}

/** Several people at once answer the alarm of this many places before the newest. */
const answeredAlarm = (model: AlarmModel, back: number): number | undefined =>
  model.alarms.length === 0 ? undefined : model.alarms.length - 1 - (back % model.alarms.length);

class Raise implements Command {
  readonly events: readonly (readonly [sourceId: string, kind: 'button' | 'battery-low'])[];
  readonly requests: number;
  constructor(events: Raise['events'], requests: number) {
    this.events = events;
    this.requests = requests;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const occasions = this.events.map(([sourceId, kind]) => occasion(`${kind}-${sourceId}`, { kind }));
    // A device that heard no answer sends again, while the first request is still on its way.
    const answers = await Promise.all(
      Array.from({ length: this.requests }, () => world.home.raise(world.recipientId, ...occasions)),
    );
    const expected = this.events.map(([sourceId, kind]) => model.raise(`${kind}-${sourceId}`, kind));
    for (const ids of answers) {
      for (const [i, index] of expected.entries()) {
        world.ids[index] ??= ids[i]!;
        expect(ids[i]).toBe(world.ids[index]);
      }
    }
    await readStream(world);
  }
  toString = () => `raise(${JSON.stringify(this.events)} ×${this.requests})`;
}

class Wait implements Command {
  readonly minutes: number;
  constructor(minutes: number) {
    this.minutes = minutes;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    model.now += this.minutes * 60_000;
    world.home.at(new Date(model.now));
  }
  toString = () => `wait(${this.minutes})`;
}

class Stream implements Command {
  readonly loses: boolean;
  constructor(loses: boolean) {
    this.loses = loses;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const hint = world.inStream.shift();
    if (!hint || this.loses) return;
    const index = modelledBy(hint, model, world);
    await tickFromStream([inserted(hint)], clockOf(world));
    if (index !== undefined && Date.parse(hint.dueAt) <= model.now) model.look(index);
    await readStream(world);
  }
  toString = () => (this.loses ? 'the stream loses a record' : 'stream');
}

class Queue implements Command {
  readonly which: number;
  readonly times: number;
  readonly loses: boolean;
  constructor(which: number, times: number, loses: boolean) {
    this.which = which;
    this.times = times;
    this.loses = loses;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    if (world.asked.length === 0) return;
    // Early, late, in another order, and twice at once.
    const [hint] = world.asked.splice(this.which % world.asked.length, 1);
    if (!hint || this.loses) return;
    const index = modelledBy(hint, model, world);
    const message = { messageId: '1', body: JSON.stringify(hint) };
    const ticks = Array.from({ length: this.times }, () => tickQueued([message], clockOf(world)));
    for (const tick of await Promise.all(ticks)) expect(tick.batchItemFailures).toEqual([]);
    if (index !== undefined) model.look(index);
    await readStream(world);
  }
  toString = () => (this.loses ? 'the queue loses a message' : `queue(${this.which} ×${this.times})`);
}

class Sweep implements Command {
  readonly workers: number;
  constructor(workers: number) {
    this.workers = workers;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const sweeps = Array.from({ length: this.workers }, () => sweepAlarms(clockOf(world)));
    for (const swept of await Promise.all(sweeps)) expect(swept.failed).toBe(0);
    for (const index of model.alarms.keys()) model.look(index);
    await readStream(world);
  }
  toString = () => `sweep(×${this.workers})`;
}

/** A worker that dies when it writes: before anything is written, or before it hears that it was. */
class Crash implements Command {
  readonly when: 'before' | 'after';
  constructor(when: 'before' | 'after') {
    this.when = when;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const [hint] = (await world.home.due()).filter(({ dueAt }) => Date.parse(dueAt) <= model.now);
    if (!hint) return;
    const { store } = world;
    const when = this.when;
    const dying: TestStore = {
      ...store,
      clock: store.clock,
      now: () => store.clock,
      dynamo: {
        ...store.dynamo,
        async transact(items, token) {
          if (when === 'after') await store.dynamo.transact(items, token);
          throw new Error('the worker was killed');
        },
      },
    };
    const message = { messageId: '1', body: JSON.stringify(hint) };
    await tickQueued([message], clockOf(world, dying, { log: () => {} }));
    if (when === 'after') model.look(world.ids.indexOf(hint.alarmId), 1);
    await readStream(world);
  }
  toString = () => `a worker dies ${this.when} it has written`;
}

class Acknowledge implements Command {
  readonly back: number;
  readonly by: readonly Name[];
  constructor(back: number, by: readonly Name[]) {
    this.back = back;
    this.by = by;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const index = answeredAlarm(model, this.back);
    if (index === undefined) return;
    const place = {
      organisationId: world.home.organisationId,
      recipientId: world.recipientId,
      alarmId: world.ids[index]!,
    };
    const heard = await Promise.all(
      this.by.map(async (name, i) => {
        const by = { by: world.people[name], how: i % 2 === 0 ? 'signed-in' : 'link' } as const;
        return [name, (await answerAlarm(place, by, { state: 'acknowledged' }, aCall(world.store))).is] as const;
      }),
    );
    const isRinging = model.alarms[index]!.state === 'ringing';
    const winners = heard.filter(([, is]) => is === 'done').map(([name]) => name);
    // One acknowledger: whoever it is of those who try at once, the others learn that it is taken.
    if (isRinging) {
      expect(winners).toHaveLength(1);
      model.answer(index, winners[0]!);
    }
    for (const [name, is] of heard) expect(is).toBe(model.answer(index, name));
    await readStream(world);
  }
  toString = () => `acknowledge(${this.back}, ${this.by.join(' and ')})`;
}

class Resolve implements Command {
  readonly back: number;
  readonly by: Name;
  constructor(back: number, by: Name) {
    this.back = back;
    this.by = by;
  }
  check = () => true;
  async run(model: AlarmModel, world: World) {
    const index = answeredAlarm(model, this.back);
    if (index === undefined) return;
    // A second answer of the same person with the same outcome is the same answer.
    if (model.alarms[index]!.state === 'resolved') return;
    const place = {
      organisationId: world.home.organisationId,
      recipientId: world.recipientId,
      alarmId: world.ids[index]!,
    };
    const by = { by: world.people[this.by], how: 'signed-in' } as const;
    const { is } = await answerAlarm(place, by, { state: 'resolved', outcome: 'helped' }, aCall(world.store));
    expect(is).toBe(model.resolve(index, this.by));
    await readStream(world);
  }
  toString = () => `resolve(${this.back}, ${this.by})`;
}

const aName = fc.constantFrom(...names);
const anEvent = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('button', 'button', 'battery-low'));
const aCommand: fc.Arbitrary<Command>[] = [
  fc
    .tuple(fc.array(anEvent, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 1, 2))
    .map(([events, requests]) => new Raise(events as Raise['events'], requests)),
  fc.constantFrom(1, 3, 5, 10, 30, 61, 13 * 60).map((minutes) => new Wait(minutes)),
  fc.constantFrom(1, 3, 5, 10).map((minutes) => new Wait(minutes)),
  fc.constantFrom(false, false, true).map((loses) => new Stream(loses)),
  fc
    .tuple(fc.nat({ max: 3 }), fc.constantFrom(1, 1, 2), fc.constantFrom(false, false, true))
    .map(([which, times, loses]) => new Queue(which, times, loses)),
  fc.constantFrom(1, 1, 2).map((workers) => new Sweep(workers)),
  fc.constantFrom('before' as const, 'after' as const).map((when) => new Crash(when)),
  fc
    .tuple(fc.nat({ max: 3 }), fc.uniqueArray(aName, { minLength: 1, maxLength: 3 }))
    .map(([back, by]) => new Acknowledge(back, by)),
  fc.tuple(fc.nat({ max: 3 }), aName).map(([back, by]) => new Resolve(back, by)),
];

/** Plays so many random sequences against the model; fails with the shortest that differs. */
export async function playSequences(store: TestStore, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(aCommand, { maxCommands: 40, size: 'max' }), async (commands) => {
      const world = await aWorld(store);
      const model = new AlarmModel(Date.parse(BEGIN));
      await fc.asyncModelRun(() => ({ model, real: world }), commands);
      await compare(model, world);
      await forget(world);
    }),
    { numRuns },
  );
}

async function aWorld(store: TestStore): Promise<World> {
  store.clock = new Date(BEGIN);
  const home = await aSafetyHome(store);
  const recipientId = await home.recipient();
  const [first, second, third, head] = await Promise.all([
    ...[0, 1, 2].map(() => home.carer()),
    home.person({ kind: 'staff' }),
  ]);
  const people = { first: first!, second: second!, third: third!, head: head! };
  await home.role(people.head, { role: 'leader' });
  for (const [i, name] of (['first', 'second', 'third'] as const).entries()) {
    await home.receives(people[name], recipientId, { place: i + 1, channels: [...cast[name]] });
  }
  return { store, home, recipientId, people, ids: [], inStream: [], asked: [], seenRows: new Set() };
}

/** Nothing lost and nothing twice: what there is at the end is what there should be. */
async function compare(model: AlarmModel, world: World): Promise<void> {
  const { home, recipientId, people, ids } = world;
  // Whatever was lost on the way: the sweep of the next minute finds all that is due.
  await new Sweep(1).run(model, world);
  const alarms = await home.alarms(recipientId);
  expect(alarms.map(({ id }) => id).sort()).toEqual([...ids].sort());
  for (const alarm of alarms) {
    const modelled = model.alarms[ids.indexOf(alarm.id)]!;
    const isRinging = alarm.state === 'raised' || alarm.state === 'notified';
    expect(isRinging ? 'ringing' : alarm.state === 'acknowledged' ? 'answered' : 'resolved').toBe(modelled.state);
    expect(alarm.acknowledged?.by).toBe(
      modelled.state === 'resolved' ? alarm.acknowledged?.by : modelled.answeredBy && people[modelled.answeredBy],
    );
  }
  const open = model.alarms.flatMap(({ state }, index) => (state === 'resolved' ? [] : [ids[index]]));
  expect([...(await home.onBoard())].sort()).toEqual(open.sort());
  const due = (await home.due()).map(({ alarmId, dueAt }) => `${alarmId} ${Date.parse(dueAt)}`);
  const modelledDue = model.alarms.flatMap(({ dueAt }, index) => (dueAt < Infinity ? [`${ids[index]} ${dueAt}`] : []));
  expect(due.sort()).toEqual(modelledDue.sort());

  const counted = new Map<string, number>();
  for (const name of names) {
    for (const { content, channel } of await home.notices(people[name])) {
      if (!('parameters' in content) || !('alarmId' in content.parameters)) continue;
      const key = `${ids.indexOf(content.parameters.alarmId)} ${name} ${content.template} ${channel}`;
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
  }
  expect(new Map([...counted].sort())).toEqual(new Map([...model.notices].sort()));
}

/** The next sequence begins with nothing due. */
async function forget({ store, home }: World): Promise<void> {
  for (const { alarmId, dueAt } of await home.due()) {
    await home.change().unpoint(alarmPointers.due(alarmId, dueAt)).commit();
  }
  store.clock = new Date(BEGIN);
}
