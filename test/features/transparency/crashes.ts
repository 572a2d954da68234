import { type DynamoDBClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect } from 'vitest';
import { headHash, parseHead } from '../../../lambdas/features/transparency/checkpoint.ts';
import { headFileOf } from '../../../lambdas/features/transparency/heads.ts';
import { rootOf } from '../../../lambdas/features/transparency/merkle.ts';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { expectWhole, type LogWorld, newEvent, type Outside } from './log-world.ts';

/** What may happen at a call to the outside: the process dies before it, or after it was done and before the answer. */
export type Fate = 'none' | 'dies-before' | 'dies-after' | 'index-lags';
type Client = Pick<DynamoDBClient, 'send'>;

class Dead extends Error {
  override readonly name = 'TimeoutError';
}

/** A process: all of its calls go through here, and once it has died there are none any more. */
export function aProcess(
  client: Client,
  s3: Client,
  fateOf: (call: number) => Fate,
  turn: (what: string) => Promise<void> = async () => {},
): Outside & { readonly calls: number } {
  let calls = 0;
  let isDead = false;

  async function through(command: object, perform: () => Promise<object>): Promise<object> {
    const fate = isDead ? 'dies-before' : fateOf(++calls);
    await turn(command.constructor.name);
    if (isDead || fate === 'dies-before') return die();
    const answer = await perform();
    await turn(`${command.constructor.name}, the answer`);
    if (isDead || fate === 'dies-after') return die();
    return fate === 'index-lags' ? lagging(command, answer) : answer;
  }
  function die(): never {
    isDead = true;
    throw new Dead('no answer');
  }
  const to = (target: Client) => ({
    send: (command: object) => through(command, () => target.send(command as never) as unknown as Promise<object>),
  });
  return {
    client: to(client) as unknown as Outside['client'],
    s3: to(s3 as Client) as unknown as Outside['s3'],
    get calls() {
      return calls;
    },
  };
}

/** Every other record is not in the index yet. */
function lagging(command: object, answer: object): object {
  if (!(command instanceof QueryCommand) || command.input.IndexName !== 'pending') return answer;
  const { Items = [] } = answer as QueryCommandOutput;
  return { ...answer, Items: Items.filter((_, i) => i % 2 === 1) };
}

const aFate = (mishaps: number): fc.Arbitrary<Fate> =>
  fc.oneof(
    { weight: 100 - 3 * mishaps, arbitrary: fc.constant('none' as const) },
    { weight: mishaps, arbitrary: fc.constant('dies-before' as const) },
    { weight: mishaps, arbitrary: fc.constant('dies-after' as const) },
    { weight: mishaps, arbitrary: fc.constant('index-lags' as const) },
  );

export const aHistory = fc.record({
  /** Of each container: how many records, each about the one or the other organisation. */
  containers: fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  /** Sequencers that nobody keeps apart, each with its runs. */
  sequencers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
  fates: fc.infiniteStream(aFate(3)),
  scheduler: fc.scheduler(),
});
type History = typeof aHistory extends fc.Arbitrary<infer H> ? H : never;

/**
 * Plays it, lets everything come to rest, and looks: no record that a writer knows to be written is missing or twice in
 * the log, nothing seems amiss, and all that was ever signed is of one log.
 */
export async function playHistory(
  world: LogWorld,
  db: TestDynamoDb,
  { containers, sequencers, fates, scheduler }: History,
): Promise<void> {
  const [organisation, other] = [anId('org'), anId('org')];
  const nextFate = () => fates.next().value as Fate;
  const turn = (who: string) => (what: string) => scheduler.schedule(Promise.resolve(), `${who}: ${what}`);
  const written: { pk: string; sk: string }[] = [];

  const writing = containers.map(async (records, i) => {
    const container = world.container();
    for (const isOther of records) {
      // A writer that gets no answer goes on: it is one request that fails, not the container.
      const { client } = aProcess(db.client, db.client, nextFate, turn(`container ${i}`));
      const own = { ...container, dynamo: dynamo(client, async () => {}) };
      await newEvent(own, isOther ? other : organisation).then((key) => written.push(key), ignoreDeath);
    }
  });
  const sequencing = sequencers.map(async (runs, i) => {
    for (let run = 0; run < runs; run++) {
      const process = aProcess(db.client, world.s3.client as Client, nextFate, turn(`sequencer ${i}`));
      // So that a run has several batches.
      const sequencer = world.sequencer(process, { batchLeavesMax: 2 });
      // As if the other's lease were over: nothing but the conditions of the writes keeps them apart.
      const table = { ...sequencer.table, takeLease: async () => true, releaseLease: async () => {} };
      await sequenceLogs({ ...sequencer, table }).catch(ignoreDeath);
    }
  });
  await scheduler.waitFor(Promise.all([...writing, ...sequencing]));

  // Long enough for whatever seems to be missing to be reported.
  world.store.clock = new Date(world.store.clock.getTime() + 10 * 60_000);
  for (let run = 0; run < 2; run++) await sequenceLogs(world.sequencer());
  expect(world.lines.filter(({ metric }) => metric !== 'log-append-failed')).toEqual([]);
  for (const controller of [organisation, other]) {
    const keys = written.filter(({ pk }) => pk.startsWith(`${controller}#`));
    if ((await world.log.checkpoint(controller)) === undefined) {
      expect(keys).toEqual([]);
      continue;
    }
    const { rows } = await expectWhole(world, db, controller);
    const ids = rows.map((row) => String(row['sk']));
    expect(keys.filter(({ sk }) => !ids.includes(sk))).toEqual([]);
    await expectOneLog(world, controller);
  }
}

const ignoreDeath = (error: unknown) => {
  if (!(error instanceof Dead)) throw error;
};

/** Every checkpoint that was ever signed is of the log as it is. */
async function expectOneLog(world: LogWorld, controller: LogWorld['organisation']) {
  const files = world.files('log');
  const { size } = (await world.log.checkpoint(controller))!.checkpoint;
  const leaves = await world.log.leaves(controller, 0, size);
  for (const { key } of await files.list(`${controller}/checkpoint/`)) {
    const { checkpoint } = JSON.parse(Buffer.from((await files.get(key))!).toString()) as {
      checkpoint: { size: number; root: string };
    };
    expect(Buffer.from(rootOf(leaves.slice(0, checkpoint.size))).toString('base64')).toBe(checkpoint.root);
  }
}

export async function expectHeadsInARow(world: LogWorld) {
  const files = world.files('log');
  let previous = '';
  for (const [i, { key }] of (await files.list('heads/')).entries()) {
    const { text } = headFileOf((await files.get(key))!).head;
    expect(parseHead(text).head).toMatchObject({ number: i + 1, previous });
    previous = headHash(text);
  }
}

/** Each time with an organisation of its own: three records in its log, four that wait. */
export async function dieAtEveryCall(world: LogWorld, db: TestDynamoDb, fate: Fate): Promise<void> {
  const begun = async () => {
    const [container, organisation] = [world.container(), anId('org')];
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      ids.push((await newEvent(container, organisation)).sk);
      if (i === 2) await sequenceLogs(world.sequencer());
    }
    return { organisation, ids };
  };
  const run = (fateOf: (call: number) => Fate) => {
    const process = aProcess(db.client, world.s3.client as Client, fateOf);
    return { process, sequenced: sequenceLogs(world.sequencer(process)) };
  };
  await begun();
  const { process, sequenced } = run(() => 'none');
  await sequenced;
  expect(process.calls).toBeGreaterThan(25);

  for (let at = 1; at <= process.calls; at++) {
    const { organisation, ids } = await begun();
    await run((call) => (call === at ? fate : 'none')).sequenced.catch(() => {});
    // The lease of the dead is over.
    world.store.clock = new Date(world.store.clock.getTime() + 10 * 60_000);
    await sequenceLogs(world.sequencer());
    const { rows } = await expectWhole(world, db, organisation);
    const order = rows.toSorted((one, next) => Number(one['leaf']) - Number(next['leaf'])).map((row) => row['sk']);
    expect(order, `${fate} ${at}`).toEqual(ids);
    expect(world.lines.filter(({ metric }) => metric !== 'log-append-failed')).toEqual([]);
  }
}
