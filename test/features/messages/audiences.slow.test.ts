import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageId, PersonId, ThreadId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import type { SignedIn } from '../../support/service.ts';
import { aHouse, type House } from './house.ts';

/** Sequences of things that people do, each with people of its own. */
const SEQUENCES = 10;

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aHouse(db);
});
afterAll(() => db.stop());

const names = ['siri', 'ola', 'late', 'mother', 'partner', 'father'] as const;
type Name = (typeof names)[number];
const ofStaff: readonly Name[] = ['siri', 'ola', 'late'];
/** Each guardian, and who shares their home. */
const homes: readonly (readonly Name[])[] = [['mother', 'partner'], ['father']];

interface Real {
  readonly people: Readonly<Record<Name, SignedIn>>;
  readonly childId: PersonId;
  readonly threads: ThreadId[];
  readonly messages: { readonly id: MessageId; readonly text: string }[];
}
/** What is known without looking: who is in each thread, and who was in each message’s audience when it was written. */
interface Model {
  readonly threads: { readonly members: Set<Name> }[];
  readonly messages: { readonly thread: number; readonly by: Name; readonly readers: ReadonlySet<Name> }[];
  readonly gone: Set<Name>;
}

const who = fc.constantFrom(...names);
const which = fc.nat({ max: 5 });
const step = fc.oneof(
  fc.record({ do: fc.constant('begin' as const), by: who, withTeam: fc.boolean() }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('reply' as const), by: who, thread: which, toAll: fc.boolean() }),
  },
  fc.record({ do: fc.constant('add' as const), by: who, thread: which, whom: who }),
  fc.record({ do: fc.constant('remove' as const), by: who, thread: which, whom: who }),
  fc.record({ do: fc.constant('block' as const), whom: fc.constantFrom<Name>('mother', 'partner', 'father') }),
  fc.record({ do: fc.constant('erase' as const), whom: who }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const succeeds = async (asked: Promise<unknown>) =>
  asked.then(
    () => true,
    () => false,
  );

async function take(taken: Step, model: Model, real: Real): Promise<void> {
  const { people, childId } = real;
  const of = house.of(childId);
  const ofThread = (n: number) => ({ ...of, threadId: real.threads[n]! });
  if (taken.do === 'block') {
    if (!model.gone.has(taken.whom)) await house.block(childId, people[taken.whom].personId);
    model.gone.add(taken.whom);
    return;
  }
  if (taken.do === 'erase') {
    if (model.gone.has(taken.whom)) return;
    await house.erase(people[taken.whom].personId);
    model.gone.add(taken.whom);
    return;
  }
  const isGone = model.gone.has(taken.by);
  if (taken.do === 'begin') {
    const text = `message ${real.messages.length}`;
    const body = { subject: 'x', text, ...(ofStaff.includes(taken.by) && { withTeam: taken.withTeam }) };
    const begun = await house
      .as(people[taken.by])
      .beginThread({ params: of, body })
      .catch(() => undefined);
    if (!begun) return;
    expect(isGone).toBe(false);
    for (const { id } of begun.body.items) {
      real.threads.push(id);
      const messages = await house.as(people[taken.by]).listMessages({ params: { ...of, threadId: id }, query: {} });
      real.messages.push({ id: messages.body.items[0]!.id, text });
    }
    const there = (name: Name) => !model.gone.has(name);
    const team = ofStaff.filter((name) => there(name) && name !== 'late');
    const parties = ofStaff.includes(taken.by)
      ? homes
          .map((home) => [...home.filter(there), ...(taken.withTeam ? team : [])])
          .filter((party) => party.some((name) => !ofStaff.includes(name)))
      : [team];
    expect(begun.body.items).toHaveLength(parties.length);
    // In the order in which the service answered, each is the thread of one home.
    for (const { id } of begun.body.items) {
      const seen: boolean[] = await Promise.all(
        names.map((name) => succeeds(house.as(people[name]).getThread({ params: { ...of, threadId: id } }))),
      );
      const members = new Set(names.filter((_, i) => seen[i]));
      const party = parties.find(
        (one) =>
          new Set([...one, taken.by]).size === members.size && [...one, taken.by].every((name) => members.has(name)),
      );
      expect(party, `a thread of ${[...members].join()}`).toBeDefined();
      const thread = model.threads.push({ members }) - 1;
      model.messages.push({ thread, by: taken.by, readers: new Set(members) });
    }
    return;
  }
  const n = taken.thread % Math.max(1, model.threads.length);
  const thread = model.threads[n];
  if (!thread) return;
  const client = house.as(people[taken.by]);
  if (taken.do === 'reply') {
    const text = `message ${real.messages.length}`;
    const answer = await client
      .reply({ params: ofThread(n), body: { text, toAll: taken.toAll } })
      .catch(() => undefined);
    if (!answer) return;
    expect(isGone || !thread.members.has(taken.by)).toBe(false);
    const mine = model.messages.filter((message) => message.thread === n && message.readers.has(taken.by));
    const answered = mine.findLast(({ by }) => by !== taken.by) ?? mine.at(-1);
    const wanted = taken.toAll ? thread.members : answered?.by === taken.by ? answered.readers : [answered?.by];
    const readers = new Set(
      [...wanted].filter((name) => name && thread.members.has(name) && !model.gone.has(name)) as Name[],
    );
    readers.add(taken.by);
    real.messages.push({ id: answer.body.id, text });
    model.messages.push({ thread: n, by: taken.by, readers });
    return;
  }
  const { personId } = people[taken.whom];
  if (taken.do === 'add') {
    if (!(await succeeds(client.addParticipant({ params: ofThread(n), body: { personId } })))) return;
    expect([ofStaff.includes(taken.by), ofStaff.includes(taken.whom)]).toEqual([true, true]);
    expect(isGone || model.gone.has(taken.whom) || !thread.members.has(taken.by)).toBe(false);
    thread.members.add(taken.whom);
    return;
  }
  const params = { ...ofThread(n), participantId: personId };
  if (!(await succeeds(client.removeParticipant({ params })))) return;
  expect(isGone || !thread.members.has(taken.by)).toBe(false);
  thread.members.delete(taken.whom);
}

/** Everybody reads all that they can: just what they were in the audience of, where they still take part. */
async function demandNobodyReadsMore(model: Model, { people, childId, threads, messages }: Real): Promise<void> {
  for (const [n, thread] of model.threads.entries()) {
    for (const name of names) {
      const params = { ...house.of(childId), threadId: threads[n]! };
      const page = await house
        .as(people[name])
        .listMessages({ params, query: { limit: 100 } })
        .catch(() => undefined);
      const isIn = thread.members.has(name) && !model.gone.has(name);
      const expected = model.messages.flatMap((message, i) =>
        message.thread === n && isIn && message.readers.has(name) ? [messages[i]!.id] : [],
      );
      expect([name, page?.body.items.map(({ id }) => id).sort() ?? []]).toEqual([name, expected.sort()]);
    }
  }
}

describe('whatever people do', () => {
  it('nobody reads a message whose audience they were not in, and no answer goes further than its conversation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20 }), async (steps) => {
        const real = await aCast();
        const model: Model = { threads: [], messages: [], gone: new Set() };
        for (const one of [{ do: 'begin', by: 'siri', withTeam: true } as const, ...steps])
          await take(one, model, real);
        await demandNobodyReadsMore(model, real);
      }),
      { numRuns: SEQUENCES },
    );
  }, 600_000);
});

async function aCast(): Promise<Real> {
  const groupId = await house.group();
  const childId = await house.child(groupId);
  const [siri, ola, late] = [await house.staff(groupId), await house.staff(groupId), await house.staff(undefined)];
  const [mother, partner] = [await house.guardian(childId), await house.guardian(childId)];
  const father = await house.guardian(childId, { livesWith: false });
  return { people: { siri, ola, late, mother, partner, father }, childId, threads: [], messages: [] };
}
