import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, accountOwner, accountRef, Settings } from '../../../lambdas/features/accounts/account.ts';
import { eventSentences } from '../../../lambdas/features/activity/sentences.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { orderErasure } from '../../../lambdas/features/erasure/order.ts';
import { Email } from '../../../lambdas/features/people/person.ts';
import { pictureRef } from '../../../lambdas/features/pictures/picture.ts';
import { checkIntegrity } from '../../../lambdas/features/restore/replay/check-integrity.ts';
import { overlayRights } from '../../../lambdas/features/restore/replay/overlay-rights.ts';
import { decided, rebuildLookup } from '../../../lambdas/features/restore/replay/rebuild-lookup.ts';
import { removals } from '../../../lambdas/features/restore/replay/removals.ts';
import { replayLedger } from '../../../lambdas/features/restore/replay/replay-ledger.ts';
import { sweepRestored } from '../../../lambdas/features/restore/replay/sweep-restored.ts';
import type { StepContext } from '../../../lambdas/features/restore/step.ts';
import { copiedFile } from '../../../lambdas/features/rights-copy/copied.ts';
import { AccountId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { restoredTables } from '../../../lambdas/platform/restored-tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';
import { aHouse } from '../retention/world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

/** The step's context on tables that are as they were: what a restore brings them to is another test's. */
function contextOn(store: TestStore, more: Partial<StepContext> = {}) {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const table = { exportTime: store.now().toISOString() };
  const none = { get: async () => undefined, list: async () => [] };
  const author = { requestId: 'restore', actor: 'system:restore', newEventId: () => anId('evt') };
  const context: StepContext = {
    target: store,
    backup: { day: table.exportTime.slice(0, 10), tables: { core: table, activity: table, rights: table } },
    generation: 2,
    isDrill: false,
    requestId: 'restore',
    now: () => store.now(),
    hasTimeLeft: () => true,
    log: (line) => lines.push(line),
    backupFiles: none,
    offlineFiles: none,
    logFiles: none,
    openCall: (throughRestriction = false) => ({
      ...aCall(store),
      records: openRecords(store, author, undefined, { throughRestriction }),
    }),
    ...more,
  };
  return { context, lines };
}

async function aLedger(entries: number) {
  const house = await aHouse(db);
  const subject = { controller: house.organisationId, subject: anId('per') };
  for (let entry = 0; entry < entries; entry++) {
    await house
      .records()
      .change()
      .ledger({ kind: 'objection', subject, about: anId('req') })
      .activity({ event: 'test.prepared', subject })
      .commit();
  }
  const overwrite = (table: 'rights' | 'keys', row: { pk: string; sk: string } & Record<string, unknown>) =>
    db.client.send(new PutItemCommand({ TableName: house.store.tableNames[table], Item: marshall(row) }));
  return { ...house, overwrite, ledger: `${house.organisationId}#LEDGER` };
}
const replay = replayLedger(restoredTables);

describe('Lookup, when it is rebuilt', () => {
  it('finds an account that no person is linked to by the snapshot of the user pool', async () => {
    const { store, records } = await aHouse(db);
    const id = AccountId.parse(anId('acc'));
    const account: Account = {
      id,
      sub: crypto.randomUUID(),
      email: Email.parse('venter@example.no'),
      language: 'nb',
      settings: Settings.parse({}),
      createdAt: store.now().toISOString(),
      notBeforeEpochSeconds: 0,
    };
    const author = records().change().put(accountRef(id), account, 'new');
    await author.activity({ event: 'test.prepared', subject: accountOwner(id) }).commit();
    const find = () => records().find('operator', 'sub', account.sub);
    const { context } = contextOn(store);
    await rebuildLookup(restoredTables)(context);
    expect(await find()).toBeUndefined();

    const key = `copies/daily/${context.backup.day}/users/00001.jsonl`;
    const line = `${JSON.stringify({ account: id, sealed: 'AA==' })}\n`;
    const offlineFiles = {
      get: async (asked: string) => (asked === key ? Buffer.from(line) : undefined),
      list: async (prefix: string) => (key.startsWith(prefix) ? [{ key, lastModified: store.now() }] : []),
    };
    const rebuilt = await rebuildLookup(restoredTables)({ ...context, offlineFiles });
    expect(rebuilt).toMatchObject({ done: true, figures: { claims: 1 } });
    expect(await find()).toBe(id);
  });
});

describe('the replay of a ledger', () => {
  it('comes to its end at the head that Keys know', async () => {
    const { store } = await aLedger(3);
    const { context } = contextOn(store);
    expect(await replay(context)).toMatchObject({ done: true, figures: { entries: 3, entriesAhead: 0 } });
  });

  it('goes on where its time was over', async () => {
    const { store } = await aLedger(3);
    const { context } = contextOn(store, { hasTimeLeft: () => false });
    const first = await replay(context);
    if (first.done) throw new Error('It had no time');
    expect(JSON.parse(first.cursor!)).toMatchObject({ sequence: 1 });
    const rest = await replay({ ...context, hasTimeLeft: () => true, cursor: first.cursor! });
    expect(rest).toMatchObject({ done: true, figures: { entries: 2 } });
  });

  it('refuses a ledger in which an entry was changed', async () => {
    const { store, overwrite, ledger, organisationId: controller } = await aLedger(2);
    const row = {
      pk: ledger,
      sk: 'ENTRY#000000000002',
      at: '2026-11-23T07:00:00.000Z',
      kind: 'objection',
      previous: '',
    };
    await overwrite('rights', { ...row, hash: 'other' });
    await expect(replay(contextOn(store).context)).rejects.toMatchObject({
      name: 'RestoreRefused',
      code: 'ledger-broken',
      detail: { controller, sequence: 2 },
    });
  });

  it('ALL-04: takes from Keys the last entries, which were lost before they were copied', async () => {
    const { store, organisationId, ledger } = await aLedger(20);
    const rowsOfLedger = async () => {
      const query = { TableName: store.tableNames.rights, KeyConditionExpression: 'pk = :pk' };
      const { Items = [] } = await db.client.send(
        new QueryCommand({ ...query, ExpressionAttributeValues: { ':pk': { S: ledger } } }),
      );
      return Items;
    };
    const before = await rowsOfLedger();
    for (const { pk, sk } of before.slice(4)) {
      await db.client.send(new DeleteItemCommand({ TableName: store.tableNames.rights, Key: { pk: pk!, sk: sk! } }));
    }
    expect(await replay(contextOn(store).context)).toMatchObject({ done: true, figures: { entries: 20 } });
    expect(await rowsOfLedger()).toEqual(before);

    // More than Keys hold: nobody says what they were.
    for (const { pk, sk } of before.slice(3)) {
      await db.client.send(new DeleteItemCommand({ TableName: store.tableNames.rights, Key: { pk: pk!, sk: sk! } }));
    }
    const { context, lines } = contextOn(store);
    await expect(replay(context)).rejects.toMatchObject({ name: 'Error' });
    expect(lines).toContainEqual(expect.objectContaining({ controller: organisationId, replayed: 3, known: 20 }));
  });

  it('waits while Keys know of more than has been copied, but not in a drill', async () => {
    const { store, overwrite, organisationId } = await aLedger(1);
    await overwrite('keys', { pk: organisationId, sk: 'LEDGER-HEAD', sequence: 4, hash: 'newer' });
    const { context, lines } = contextOn(store);
    await expect(replay(context)).rejects.toMatchObject({ name: 'Error' });
    expect(lines).toContainEqual({
      event: 'restore.ledger-behind',
      controller: organisationId,
      replayed: 1,
      known: 4,
    });
    expect(await replay({ ...context, isDrill: true })).toMatchObject({ done: true, figures: { entriesAhead: 3 } });
  });

  it('refuses a ledger that is longer than Keys know, or that ends otherwise', async () => {
    const { store, overwrite, organisationId } = await aLedger(2);
    for (const [sequence, hash] of [
      [1, 'any'],
      [2, 'another'],
    ]) {
      await overwrite('keys', { pk: organisationId, sk: 'LEDGER-HEAD', sequence, hash });
      await expect(replay(contextOn(store).context)).rejects.toMatchObject({ code: 'ledger-ahead' });
    }
  });
});

describe('the overlay of the copies of rights', () => {
  it('comes to its end over days that each take longer than one run has', async () => {
    const { store } = await aHouse(db);
    const startedAt = store.clock;
    const pk = `${anId('org')}#${anId('per')}`;
    const rowsADay = 1_001;
    const copies = new Map<string, Uint8Array>();
    for (const day of [0, 1, 2]) {
      const at = startedAt.getTime() / 1000 + day * 24 * 60 * 60;
      const records = Array.from({ length: rowsADay }, (_, i) => {
        const keys = { pk: { S: pk }, sk: { S: `NOTE#${day}#${i}` } };
        const facts = { SequenceNumber: String(day * 10_000 + i), ApproximateCreationDateTime: Math.floor(at) };
        return {
          ...{ eventID: `event-${day}`, eventName: 'MODIFY' as const },
          eventSourceARN: 'arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-rights-g1/stream/1',
          dynamodb: { ...facts, Keys: keys, NewImage: keys },
        };
      });
      const { key, content } = copiedFile(records);
      copies.set(key, content);
    }
    const offlineFiles = {
      get: async (key: string) => copies.get(key),
      list: async (prefix: string) =>
        [...copies.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key, lastModified: startedAt })),
    };
    const { context } = contextOn(store, { offlineFiles, hasTimeLeft: () => false });
    store.clock = new Date(startedAt.getTime() + 3 * 24 * 60 * 60 * 1000);
    const overlay = overlayRights(restoredTables);
    let outcome = await overlay(context);
    for (let run = 1; !outcome.done && run < copies.size + 2; run++) {
      outcome = await overlay({ ...context, cursor: outcome.cursor! });
    }
    expect(outcome.done).toBe(true);
    const { rows } = await store.dynamo.query({
      TableName: store.tableNames.rights,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
    });
    expect(rows).toHaveLength(copies.size * rowsADay);
  });
});

describe('an erasure that was under way', () => {
  async function anErasure(state: 'surveyed' | 'fenced', more: { readonly accountId?: AccountId } = {}) {
    const house = await aHouse(db);
    const owner = { controller: house.organisationId, subject: await house.person() };
    const ref = erasureRef({ id: anId('ers'), holder: owner });
    const change = house.records().change();
    orderErasure(change, { id: ref.key, owner, cause: 'retention' }, house.store.now());
    await change.activity({ event: 'test.prepared', subject: owner }).commit();
    const { value, version } = (await house.records().get(ref))!;
    await house
      .records()
      .change()
      .put(ref, { ...value, ...more, state, tracesId: anId('req') }, { version })
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    return { house, ref };
  }

  it('is surveyed again when what its survey had put down is gone with Transient', async () => {
    const { house, ref } = await anErasure('surveyed');
    expect(await replay(contextOn(house.store).context)).toMatchObject({ figures: { erasuresSurveyedAgain: 1 } });
    expect((await house.records().get(ref))!.value.state).toBe('ordered');
  });

  it('rings the alarm when the account that goes with it came after the backup: no survey finds its user again', async () => {
    const { house, ref } = await anErasure('surveyed', { accountId: AccountId.parse(anId('acc')) });
    const { context, lines } = contextOn(house.store);
    await replay(context);
    expect(lines).toContainEqual(expect.objectContaining({ metric: 'erasure-without-traces', erasureId: ref.key }));
  });

  it('rings the alarm when nobody can say any more which of Cognito’s users goes with it, but not in a drill', async () => {
    const { house, ref } = await anErasure('fenced');
    const { context, lines } = contextOn(house.store);
    await replay({ ...context, isDrill: true });
    expect(lines.filter(({ metric }) => metric !== undefined)).toEqual([]);
    await replay(context);
    expect(lines).toContainEqual({
      metric: 'erasure-without-traces',
      erasureId: ref.key,
      controller: house.organisationId,
      event: 'restore.erasure-without-traces',
    });
  });
});

describe('what fell due since the backup', () => {
  it('is returned by no read, and its keys are as they were', async () => {
    const house = await aHouse(db);
    house.at('2026-01-10T09:00:00Z');
    const childId = await house.person({
      placements: [{ groupId: await house.group(), from: '2025-08-01', until: '2026-01-31' }],
    });
    await house.picture(childId);
    house.at('2026-11-23T09:00:00Z');
    expect(await house.sees(childId)).toEqual({ person: true, picture: true });
    const owner = { controller: house.organisationId, subject: childId };
    const before = await house.records().keyStates(owner);
    const swept = await sweepRestored(restoredTables)(contextOn(house.store).context);
    expect(swept).toMatchObject({ done: true, figures: { peopleLookedAt: 1, peopleHeld: 0 } });
    expect(await house.sees(childId)).toEqual({ person: false, picture: false });
    expect(await house.records().keyStates(owner)).toEqual(before);
    expect(await house.orders(childId)).toEqual([]);
  });

  it('is kept for whoever is still placed', async () => {
    const house = await aHouse(db);
    const childId = await house.person({ placements: [{ groupId: await house.group(), from: '2025-08-01' }] });
    await sweepRestored(restoredTables)(contextOn(house.store).context);
    expect(await house.sees(childId)).toMatchObject({ person: true });
  });
});

describe('the look at every restored row', () => {
  it('opens what is there, and removes a row of ids that leads nowhere', async () => {
    const house = await aHouse(db);
    await house.person({});
    const gone = anId('per');
    const pointer = { table: 'core', pk: `${house.organisationId}#PEOPLE`, sk: `child#${gone}` } as const;
    const subject = { controller: house.organisationId, subject: house.organisationId };
    await house.records().change().point(pointer).activity({ event: 'test.prepared', subject }).commit();
    const looked = await checkIntegrity(restoredTables)(contextOn(house.store).context);
    expect(looked).toMatchObject({ done: true, figures: { broken: 0, danglingRemoved: 1 } });
    expect(looked.figures!['opened']).toBeGreaterThan(1);
    expect(await house.records().pointersAt([pointer])).toEqual([undefined]);
  });

  it('refuses a row whose key is there and does not open it', async () => {
    const house = await aHouse(db);
    const childId = await house.person({});
    const row = {
      pk: `${house.organisationId}#${childId}`,
      sk: 'NOTE',
      schemaVersion: 1,
      retentionClass: 'person',
      sealed: new Uint8Array(60),
    };
    await db.client.send(new PutItemCommand({ TableName: house.store.tableNames.core, Item: marshall(row) }));
    const looking = checkIntegrity(restoredTables)(contextOn(house.store).context);
    await expect(looking).rejects.toMatchObject({ code: 'sealed-rows-broken', detail: { rows: 1 } });
  });

  it('takes what was sealed under a key that was shredded since for closed', async () => {
    const house = await aHouse(db);
    const childId = await house.person({});
    await house.picture(childId);
    const owner = { controller: house.organisationId, subject: childId };
    await house
      .records()
      .change()
      .keys({ do: 'shred', owner, retentionClass: 'photo' })
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    expect(await checkIntegrity(restoredTables)(contextOn(house.store).context)).toMatchObject({
      figures: { closed: 1, broken: 0 },
    });
    expect(await house.records().get(pictureRef(house.organisationId, childId))).toBeUndefined();
  });
});

describe('what the activity log says was taken away', () => {
  it('is known by events that are written', () => {
    const events = Object.entries(removals).flatMap(([event, { undoneBy }]) => [
      event,
      ...(undoneBy ? [undoneBy] : []),
    ]);
    expect(events.filter((event) => !Object.hasOwn(eventSentences, event))).toEqual([]);
  });
});

describe('who gets a value in the rebuilt Lookup', () => {
  const claim = (id: string, value: string, kind: 'email' | 'import-row' = 'email') =>
    ({ controller: 'operator', kind, value, id }) as const;

  it('is the one who has it, however it is written', () => {
    expect(decided([claim('per_1', 'Kari@Example.no'), claim('per_1', 'kari@example.no ')])).toMatchObject({
      unique: [{ id: 'per_1' }],
      doubtful: [],
    });
  });

  it('is nobody when two have what must be one’s alone', () => {
    expect(decided([claim('per_2', 'kari@example.no'), claim('per_1', 'KARI@example.no')])).toEqual({
      unique: [],
      shared: 0,
      doubtful: [{ kind: 'email', ids: 'per_1 per_2' }],
    });
  });

  it('is whoever came first where several may have the same name and date of birth', () => {
    const both = [
      claim('per_2', 'child|a|2020-01-01', 'import-row'),
      claim('per_1', 'child|a|2020-01-01', 'import-row'),
    ];
    expect(decided(both)).toMatchObject({ unique: [{ id: 'per_1' }], shared: 1, doubtful: [] });
  });
});
