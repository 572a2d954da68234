import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyFile } from '../../../bin/verify-log.ts';
import { ATTEMPTS_MAX } from '../../../lambdas/features/activity/export.ts';
import { activityExportHandlers } from '../../../lambdas/features/activity/export-handlers.ts';
import { activityExportRoutes } from '../../../lambdas/features/activity/export-routes.ts';
import { activityExportStore } from '../../../lambdas/features/activity/export-store.ts';
import {
  type LogMaker,
  makeActivityExports,
  sweepActivityExports,
} from '../../../lambdas/features/activity/make-export.ts';
import { readLogOfDays } from '../../../lambdas/features/activity/read-days.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aMaker, type Exports } from '../exports/world.ts';
import { aWorld, by, spki, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
let officer: SignedIn;
let exporter: Exports;
let maker: LogMaker;
const log: object[] = [];
const folder = mkdtempSync(join(tmpdir(), 'activity-export-'));
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.stop();
});
beforeEach(async () => {
  log.length = 0;
  world = await aWorld(db);
  officer = await world.colleague('privacy-officer', 'Ingrid');
  exporter = aMaker(world.store);
  maker = {
    sealed: exporter.sealed.files,
    signer: { ...exporter.signer, publicKey: async () => ({ keyId: 'key-1', spki }) },
    transparencyLog: world.log,
    openCall: () => ({
      ...exporter.openCall(),
      records: openRecords(world.store, {
        requestId: 'test',
        actor: 'system:exporter',
        newEventId: () => anId('evt'),
      }),
    }),
  };
});

const params = () => ({ organisationId: world.organisationId });
const service = () =>
  aService(
    world.store,
    activityExportRoutes,
    activityExportHandlers(activityExportStore({ sealed: exporter.sealed.files, downloads: exporter.downloads.files })),
  );
const client = (who = officer) => service().as({ token: tokenOf({ sub: who.sub }, world.store.now()), role: who.role });
const order = async (days = { from: '2026-11-23', to: '2026-11-23' }, who = officer) =>
  (await client(who).orderActivityExport({ params: params(), body: days })).body;
const list = async () => (await client().listActivityExports({ params: params() })).body.items;
const make = (id: string) =>
  makeActivityExports(
    [
      {
        eventName: 'INSERT',
        dynamodb: {
          Keys: { pk: { S: `EXPORT-JOB#${world.organisationId}#ACTIVITY` }, sk: { S: id } },
          SequenceNumber: '1',
        },
      },
    ],
    maker,
    (line) => log.push(line),
  );
const sweep = (with_ = maker) =>
  sweepActivityExports(
    with_,
    () => true,
    (line) => log.push(line),
  );
async function download(id: string, who = officer) {
  const { body } = await client(who).downloadActivityExport({ params: { ...params(), exportId: id as never } });
  const zip = exporter.downloads.objects.get(new URL(body.url).pathname.slice(1))!.content;
  const path = join(folder, `${id}.zip`);
  writeFileSync(path, zip);
  const texts = Object.entries(unzipSync(zip)).map(([name, content]) => [name, Buffer.from(content).toString('utf8')]);
  return { path, filename: body.filename, files: Object.fromEntries(texts) as Record<string, string> };
}
const refused = (slug: string) => ({ name: 'ProblemError', slug });

/** Somebody is seen; the log is brought up to it and signed. */
async function something(instant: string) {
  world.at(instant);
  const leader = await world.colleague('leader');
  const childId = await world.person();
  const id = await world.happened('person.seen', ownerOf(world.organisationId, childId), by(leader));
  world.at(new Date(Date.parse(instant) + 5 * 60_000).toISOString());
  await world.sequence();
  return { id, childId };
}

describe('a copy of the activity log', () => {
  it('holds the days in sentences, as a spreadsheet, and as a log that verifies with the public key alone', async () => {
    const { id: eventId } = await something('2026-11-23T07:00:00Z');
    const { id, ...ordered } = await order();
    expect(ordered).toEqual({
      state: 'ordered',
      from: '2026-11-23',
      to: '2026-11-23',
      orderedAt: '2026-11-23T07:05:00.000Z',
    });
    await make(id);
    expect(log).toEqual([]);
    const [made] = await list();
    expect(made).toMatchObject({ id, state: 'ready', expiresAt: '2026-11-30T07:05:00.000Z' });
    const { files, filename, path } = await download(id);
    expect(filename).toBe('vern-log-2026-11-23-2026-11-23.zip');
    expect(Object.keys(files)).toEqual([
      'README.txt',
      'index.nb.html',
      'index.en.html',
      'activity.csv',
      'log/log.jsonl',
      'public-key.pem',
    ]);
    expect(files['index.nb.html']).toContain('Kari Nordmann (styrer) så opplysningene om Emil Olstad.');
    expect(files['index.en.html']).toMatch(/Kari Nordmann \(.+\) .* Emil Olstad\./);
    expect(files['activity.csv']).toContain(eventId);
    expect(files['README.txt']).toContain('FIL.zip --key public-key.pem');
    expect(files['activity.csv']!.trim().split('\r\n')).toHaveLength(made!.events! + 1);

    const { isClean, lines } = await verifyFile([path, '--key', spki]);
    expect(lines.at(-1)).toBe('OK: every event is as it was signed.');
    expect(isClean).toBe(true);
    expect(lines[0]).toContain(`${made!.events} events`);
  });

  it('of some days is a part of the log, and says so', async () => {
    const { childId } = await something('2026-11-23T07:00:00Z');
    for (const day of ['2026-11-24', '2026-11-25', '2026-11-26']) {
      world.at(`${day}T09:00:00Z`);
      await world.happened('person.seen', ownerOf(world.organisationId, childId), { actor: officer.accountId });
      await world.sequence();
    }
    officer = await world.someone('privacy-officer');
    const { id } = await order({ from: '2026-11-24', to: '2026-11-25' });
    await make(id);
    const { files, path } = await download(id);
    expect(files['README.txt']).toContain('FIL.zip --part --key public-key.pem');
    expect(files['activity.csv']).not.toContain('2026-11-23T');
    expect(files['activity.csv']).not.toContain('2026-11-26T');
    expect((await verifyFile([path, '--key', spki, '--part'])).isClean).toBe(true);
    expect((await verifyFile([path, '--key', spki])).isClean).toBe(false);
  });

  it('of days on which nothing happened is empty, and verifies', async () => {
    await something('2026-11-23T07:00:00Z');
    const { id } = await order({ from: '2026-11-01', to: '2026-11-02' });
    await make(id);
    const { files, path } = await download(id);
    expect(files['index.en.html']).toContain('Nothing happened on these days.');
    expect((await verifyFile([path, '--key', spki, '--part'])).isClean).toBe(true);
  });

  it('gives no name to whoever has restricted, and an erased person is a former user', async () => {
    const [one, two] = [await something('2026-11-23T07:00:00Z'), await something('2026-11-23T07:10:00Z')];
    await world.restrict(one.childId);
    await world.erase(two.childId);
    officer = await world.colleague('privacy-officer');
    const { id } = await order();
    await make(id);
    const { files, path } = await download(id);
    expect(files['activity.csv']).not.toContain('Olstad');
    expect(files['index.nb.html']).toContain('tidligere bruker 1');
    expect((await verifyFile([path, '--key', spki])).isClean).toBe(true);
  });

  it('tells the officer who ordered it, and leaves its own traces in the log', async () => {
    await something('2026-11-23T07:00:00Z');
    const { id } = await order();
    await make(id);
    await download(id);
    const { items } = await maker
      .openCall()
      .records.activityLog.inMonth(world.organisationId, '2026-11', { limit: 20 });
    const events = items.map((row) => String(row['event'])).filter((event) => event.startsWith('activity-export.'));
    expect(events.sort()).toEqual(
      ['activity-export.begun', 'activity-export.fetched', 'activity-export.ordered', 'activity-export.ready'].sort(),
    );
  });
});

describe('ordering and fetching a copy', () => {
  it('is for privacy officers who have just signed in', async () => {
    for (const role of ['administrator', 'leader'] as const) {
      const other = await world.someone(role);
      await expect(order(undefined, other)).rejects.toMatchObject(refused('not-allowed'));
    }
    const outsider = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'privacy-officer');
    await expect(order(undefined, outsider)).rejects.toMatchObject({ status: 404 });
    const signedInAt = world.store.now();
    world.at('2026-11-23T07:10:00Z');
    const stale = service().as({ token: tokenOf({ sub: officer.sub }, signedInAt), role: officer.role });
    const body = { from: '2026-11-23', to: '2026-11-23' };
    await expect(stale.orderActivityExport({ params: params(), body })).rejects.toMatchObject(
      refused('fresh-proof-required'),
    );
    expect(await list()).toEqual([]);
  });

  it('takes one at a time, and days in their order', async () => {
    await order();
    await expect(order()).rejects.toMatchObject(refused('wrong-state'));
    await expect(order({ from: '2026-11-24', to: '2026-11-23' })).rejects.toMatchObject({ status: 400 });
    expect(await list()).toHaveLength(1);
  });

  it('gives nothing before it is ready, or of another organisation', async () => {
    const { id } = await order();
    await expect(download(id)).rejects.toMatchObject(refused('export-not-found'));
    await expect(download(anId('exp'))).rejects.toMatchObject(refused('export-not-found'));
  });

  it('is not for an officer whom a block keeps from somebody', async () => {
    await something('2026-11-23T07:00:00Z');
    const { id } = await order();
    await make(id);
    const childId = await world.person();
    await world.block(childId, officer.personId);
    await expect(order()).rejects.toMatchObject(refused('not-allowed'));
    await expect(download(id)).rejects.toMatchObject(refused('not-allowed'));
    expect(exporter.downloads.objects.size).toBe(0);
  });
});

describe('making a copy', () => {
  it('waits for the log to be signed, and is made by the sweep then', async () => {
    const { id } = await order();
    await make(id);
    expect(log).toEqual([{ event: 'activity-export.interrupted', exportId: id, error: 'Error' }]);
    expect(await list()).toMatchObject([{ id, state: 'ordered' }]);
    await world.sequence();
    await sweep();
    expect(await list()).toMatchObject([{ id, state: 'ready' }]);
  });

  it('is given up after some tries', async () => {
    const { id } = await order();
    for (let attempt = 0; attempt <= ATTEMPTS_MAX; attempt++) await sweep();
    expect(await list()).toMatchObject([{ id, state: 'failed' }]);
    await expect(download(id)).rejects.toMatchObject(refused('export-not-found'));
  });

  it('that was made twice at once is there once', async () => {
    await something('2026-11-23T07:00:00Z');
    const { id } = await order();
    await Promise.all([make(id), make(id), sweep()]);
    await sweep();
    expect(await list()).toMatchObject([{ id, state: 'ready' }]);
    expect(exporter.sealed.objects.size).toBe(1);
  });

  it('is over after seven days', async () => {
    await something('2026-11-23T07:00:00Z');
    const { id } = await order();
    await make(id);
    await sweep();
    expect(exporter.sealed.objects.size).toBe(1);
    world.at('2026-11-30T07:05:01Z');
    await sweep();
    expect(exporter.sealed.objects.size).toBe(0);
  });

  it('reads no more events than a file holds', async () => {
    await something('2026-11-23T07:00:00Z');
    const { records, now } = maker.openCall();
    const size = (await world.log.checkpoint(world.organisationId))!.checkpoint.size;
    const days = { from: new Date('2026-11-22T23:00:00Z'), until: new Date('2026-11-23T23:00:00Z') };
    const read = (eventsMax: number) =>
      readLogOfDays(records.activityLog, world.organisationId, days, { size, eventsMax, now });
    expect(await read(size)).toMatchObject({ from: 0, to: size });
    expect(await read(size - 1)).toBeUndefined();
  });
});
