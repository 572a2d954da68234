import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import { entity, type Owner } from '../../lambdas/platform/entity.ts';
import { LEDGER_HEAD, ledgerHash, ledgerPartition } from '../../lambdas/platform/ledger.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import type { LedgerEntry } from '../../lambdas/platform/records.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';
import { type Fault, faults, reordered } from './interleaving.ts';

const declared = {
  schema: z.strictObject({ act: z.string() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'a test',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
  table: 'core',
} as const;
/** What is about the person, and what rests on a consent: a key each. */
const subjects = {
  person: entity({ ...declared, name: 'note', sortKey: 'NOTE', retentionClass: 'person' }),
  consent: entity({ ...declared, name: 'consented-note', sortKey: 'NOTE', retentionClass: 'consented' }),
} as const;
type SubjectName = keyof typeof subjects;

const keyActs = ['erase', 'shred', 'restrict', 'lift', 'refuse', 'allow'] as const;
type KeyAct = (typeof keyActs)[number];
interface Act {
  readonly do: 'write' | 'rewrite' | 'read' | KeyAct;
  readonly to: SubjectName;
}
const ledgerKinds: Record<KeyAct, LedgerEntry['kind']> = {
  erase: 'erasure',
  shred: 'shredding',
  restrict: 'restriction',
  lift: 'restriction-lifted',
  refuse: 'objection',
  allow: 'objection-lifted',
};

/** Most of it is reading and writing; a withdrawal is the erasure of what rests on the consent. */
const anAct: fc.Arbitrary<Act> = fc.record({
  do: fc.oneof(
    { weight: 6, arbitrary: fc.constant('write' as const) },
    { weight: 3, arbitrary: fc.constantFrom('rewrite', 'read') },
    { weight: 3, arbitrary: fc.constantFrom(...keyActs) },
  ),
  to: fc.constantFrom('person', 'person', 'consent'),
});
const aFault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('none' as const) },
  { weight: 3, arbitrary: fc.constantFrom(...faults) },
);
const aRun = fc.record({
  writers: fc.array(fc.array(anAct, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 }),
  faults: fc.infiniteStream(aFault),
  scheduler: fc.scheduler(),
});
type Run = typeof aRun extends fc.Arbitrary<infer R> ? R : never;

let db: TestDynamoDb;
let tableNames: Record<TableName, string>;
beforeAll(async () => {
  db = await startDynamoDb();
  tableNames = await db.createTables();
});
afterAll(() => db.stop());

/** One act that took effect, at its place in the order of all of them. */
interface Effect {
  readonly id: string;
  readonly act: Act;
  readonly position: number;
}
interface Reading {
  readonly to: SubjectName;
  readonly from: number;
  readonly until: number;
  readonly seen: readonly string[];
}

/** What one key and what lies under it look like after each effect, as the rules say. */
interface Standing {
  readonly state: 'ACTIVE' | 'RESTRICTED' | 'ERASED';
  readonly refused: boolean;
  readonly notes: ReadonlySet<string>;
}
const isOpen = ({ state, refused }: Standing) => state === 'ACTIVE' && !refused;
const legible = (standing: Standing): ReadonlySet<string> => (isOpen(standing) ? standing.notes : new Set());

function after(before: Standing, { id, act }: Effect): Standing {
  switch (act.do) {
    case 'write':
    case 'rewrite':
      return { ...before, notes: new Set([...before.notes, id]) };
    case 'erase':
      return { state: 'ERASED', refused: false, notes: new Set() };
    case 'shred':
      return { ...before, notes: new Set() };
    case 'restrict':
      return before.state === 'ACTIVE' ? { ...before, state: 'RESTRICTED' } : before;
    case 'lift':
      return before.state === 'RESTRICTED' ? { ...before, state: 'ACTIVE' } : before;
    case 'refuse':
      return before.state === 'ERASED' ? before : { ...before, refused: true };
    case 'allow':
      return { ...before, refused: false };
    default:
      return before;
  }
}

async function played({ writers, faults: fault, scheduler }: Run) {
  const controller = anId('org');
  const store = await aStore(db.client, tableNames, [controller]);
  const owners: Record<SubjectName, Owner> = {
    person: { controller, subject: anId('per') },
    consent: { controller, subject: anId('con') },
  };
  const cloud = reordered({ client: db.client, scheduler, nextFault: () => fault.next().value as Fault });
  const effects: Effect[] = [];
  const readings: Reading[] = [];
  const failures: unknown[] = [];

  const writing = writers.map(async (acts, i) => {
    let underWay: { id: string; act: Act } | undefined;
    const client = cloud.clientOf(`writer ${i}`, (position) => {
      if (underWay) effects.push({ ...underWay, position });
    });
    const own: TestStore = { ...store, dynamo: dynamo(client, async () => {}), now: () => store.now() };
    for (const [n, act] of acts.entries()) {
      underWay = { id: `${i}-${n}`, act };
      const records = openRecords(own, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') });
      try {
        await play(act, underWay.id, records);
      } catch (error) {
        if (!expected.has(error instanceof Error ? error.name : '')) failures.push(error);
      }
    }
  });

  async function play(act: Act, id: string, records: ReturnType<typeof openRecords>) {
    const owner = owners[act.to];
    const note = subjects[act.to];
    const change = records.change().activity({ event: 'note.changed', subject: owner, detail: { act: id } });
    if (act.do === 'read') {
      const from = cloud.position;
      const { items } = await records.list(note, owner);
      readings.push({ to: act.to, from, until: cloud.position, seen: items.map(({ value }) => value.act) });
    } else if (act.do === 'write') {
      await change.put({ entity: note, owner, key: id }, { act: id }, 'new').commit();
    } else if (act.do === 'rewrite') {
      // What it replaces is read first, and another may have replaced it since.
      const shared = { entity: note, owner, key: 'shared' } as const;
      const found = await records.get(shared);
      await change.put(shared, { act: id }, found ? { version: found.version } : 'new').commit();
    } else {
      const { retentionClass, name } = note;
      if (act.do === 'refuse' || act.do === 'allow') change.keys({ do: act.do, owner, retentionClass, entity: name });
      else change.keys({ do: act.do, owner, retentionClass });
      const kind = act.do === 'erase' && act.to === 'consent' ? 'withdrawal' : ledgerKinds[act.do];
      await change.ledger({ kind, subject: owner, about: id }).commit();
    }
  }

  await scheduler.waitFor(Promise.all(writing));
  return { controller, store, owners, effects: effects.sort((a, b) => a.position - b.position), readings, failures };
}
/** Refusals, and what a caller hears who does not know what became of the request. */
const expected = new Set(['Closed', 'StaleVersion', 'Busy', 'TimeoutError']);

const EMPTY: Standing = { state: 'ACTIVE', refused: false, notes: new Set() };

/** After each position, beginning with nothing. A note that was replaced is no longer there. */
function standings(effects: readonly Effect[], to: SubjectName): Map<number, Standing> {
  const found = new Map<number, Standing>([[0, EMPTY]]);
  let standing = EMPTY;
  let shared: string | undefined;
  const last = effects.at(-1)?.position ?? 0;
  const byPosition = new Map(effects.map((effect) => [effect.position, effect]));
  for (let position = 1; position <= last; position++) {
    const effect = byPosition.get(position);
    if (effect?.act.to === to) {
      standing = after(standing, effect);
      if (effect.act.do === 'rewrite') {
        if (shared !== undefined)
          standing = { ...standing, notes: new Set([...standing.notes].filter((n) => n !== shared)) };
        shared = effect.id;
      }
    }
    found.set(position, standing);
  }
  return found;
}

const asSet = (values: Iterable<string>) => [...new Set(values)].sort();

async function rowsOf(table: string, pk: string) {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => unmarshall(item));
}

describe('KP-12 KP-14 whoever reads, writes, erases, restricts and objects at the same time', () => {
  const assertAlways = (hold: (run: Awaited<ReturnType<typeof played>>) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(aRun, async (run) => {
        const outcome = await played(run);
        expect(outcome.failures).toEqual([]);
        await hold(outcome);
      }),
      { numRuns: RUNS },
    );
  const RUNS = 60;

  it(
    'leaves no write behind an erasure or a closed key, and loses none that took effect before',
    () =>
      assertAlways(async ({ owners, store, effects }) => {
        for (const to of ['person', 'consent'] as const) {
          const stood = standings(effects, to);
          const written = effects.filter(({ act }) => act.to === to && (act.do === 'write' || act.do === 'rewrite'));
          // Each write took effect while its key was open.
          expect(written.filter(({ position }) => !isOpen(stood.get(position - 1)!))).toEqual([]);

          const end = [...stood.values()].at(-1)!;
          const { items } = await openFresh(store).list(subjects[to], owners[to]);
          expect(asSet(items.map(({ value }) => value.act))).toEqual(asSet(legible(end)));
          const through = await openFresh(store, true).list(subjects[to], owners[to]);
          const kept = end.state === 'ERASED' ? [] : end.notes;
          expect(asSet(through.items.map(({ value }) => value.act))).toEqual(asSet(kept));
        }
      }),
    60_000,
  );

  it(
    'shows nobody what was closed all the while they were reading, and everything that was open all the while',
    () =>
      assertAlways(async ({ effects, readings }) => {
        for (const { to, from, until, seen } of readings) {
          const stood = standings(effects, to);
          const last = [...stood.keys()].at(-1)!;
          const during = Array.from({ length: until - from + 1 }, (_, i) => stood.get(Math.min(from + i, last))!);
          const atSomeTime = new Set(during.flatMap((standing) => [...legible(standing)]));
          expect(seen.filter((note) => !atSomeTime.has(note))).toEqual([]);
          const allTheTime = [...legible(during[0]!)].filter((note) => during.every((one) => legible(one).has(note)));
          expect(allTheTime.filter((note) => !seen.includes(note))).toEqual([]);
        }
      }),
    60_000,
  );

  it(
    'has each act in the ledger once, in the order in which they took effect, chained to the head',
    () =>
      assertAlways(async ({ controller, effects }) => {
        const entries = await rowsOf(tableNames.rights, ledgerPartition(controller));
        const acts = effects.filter(({ act }) => (keyActs as readonly string[]).includes(act.do));
        expect(entries.map(({ about }) => about)).toEqual(acts.map(({ id }) => id));
        let previous = '';
        for (const [i, { at, kind, controller: of, subject, about, hash, previous: said }] of entries.entries()) {
          expect(said).toBe(previous);
          const entry = { kind, subject: { controller: of, subject }, about } as LedgerEntry;
          previous = ledgerHash(previous, i + 1, at, entry);
          expect(hash).toBe(previous);
        }
        const head = (await rowsOf(tableNames.keys, controller)).find(({ sk }) => sk === LEDGER_HEAD);
        expect(head && { sequence: head['sequence'], hash: head['hash'] }).toEqual(
          entries.length === 0 ? undefined : { sequence: entries.length, hash: previous },
        );
      }),
    60_000,
  );

  const openFresh = (store: TestStore, throughRestriction = false) =>
    openRecords(store, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') }, undefined, {
      throughRestriction,
    });
});
