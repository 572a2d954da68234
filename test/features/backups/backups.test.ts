import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ageInDays, backupManifestKey, offlineKey, parseBackup } from '../../../lambdas/features/backups/backup.ts';
import type { AccountId } from '../../../lambdas/http/ids.ts';
import { backupFiles } from '../../../lambdas/platform/backup-files.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let tables: TestDynamoDb;
let world: World;
const TODAY = '2030-03-12';
beforeAll(async () => {
  tables = await startDynamoDb();
});
afterAll(() => tables.stop());
beforeEach(async () => {
  world = await aWorld(tables);
  world.at(`${TODAY}T01:15:00Z`);
  // The service began today.
  world.dynamoDb.earliest = Date.parse(`${TODAY}T00:00:00Z`);
});

const keysIn = async (files: World['backup'], prefix = '') => {
  const keys: string[] = [];
  for await (const { key } of files.files(prefix)) keys.push(key);
  return keys;
};
const manifestOf = async (day = TODAY) => {
  const manifest = await world.backup.get(backupManifestKey(day));
  return manifest && parseBackup(manifest);
};
const registered = async (day = TODAY) => (await world.register.list()).find((backup) => backup.day === day);

describe('the daily backup', () => {
  it('FW-11: holds all tables as they were at one moment, under our own key, and the user pool', async () => {
    await world.aDayPasses();
    const today = world.dynamoDb.asked.filter(({ S3Prefix }) => S3Prefix?.startsWith(`daily/${TODAY}`));
    expect(today.map(({ S3Prefix }) => S3Prefix).sort()).toEqual(
      ['activity', 'core', 'rights'].map((table) => `daily/${TODAY}/${table}`),
    );
    expect(new Set(today.map(({ ExportTime }) => ExportTime?.toISOString()))).toEqual(
      new Set([`${TODAY}T01:15:00.000Z`]),
    );
    expect(
      today.every(({ S3SseKmsKeyId, ExportType }) => S3SseKmsKeyId !== undefined && ExportType === 'FULL_EXPORT'),
    ).toBe(true);
    expect(await manifestOf()).toMatchObject({
      day: TODAY,
      generation: 1,
      tables: { core: { itemCount: 2, exportTime: `${TODAY}T01:15:00.000Z` }, activity: { itemCount: 0 } },
      users: { count: 0 },
    });
  });

  it('is of the generation that is active', async () => {
    await world.exportTables(3);
    expect(world.dynamoDb.asked.map(({ TableArn }) => TableArn).sort()).toEqual(
      ['activity', 'core', 'rights'].map((table) => `arn:aws:dynamodb:table/${table}-g3`),
    );
  });

  it('is begun anew, whole and of one moment, when a restore has replaced the tables under it', async () => {
    world.dynamoDb.fates = { rights: 'is slow' };
    await world.exportTables(1);
    world.dynamoDb.fates = {};
    world.pass(1 / 24);
    await world.exportTables(2);
    await world.dynamoDb.settled();
    await world.listUsers();
    await world.keep();
    const manifest = await manifestOf();
    expect(manifest?.generation).toBe(2);
    const exported = Object.values(manifest!.tables);
    expect(new Set(exported.map(({ exportTime }) => exportTime)).size).toBe(1);
    expect(exported.every(({ tableArn }) => tableArn.endsWith('-g2'))).toBe(true);
  });

  it('begins nothing twice, also when what it began was not written down', async () => {
    await world.exportTables();
    const asked = world.dynamoDb.asked.length;
    await world.exportTables();
    expect(world.dynamoDb.asked).toHaveLength(asked);
    // As if the run had been cut off between DynamoDB's answer and our note of it.
    await removeCurrent(world.backup, `daily/${TODAY}/begun/g00001/core-00001.json`);
    await world.exportTables();
    const [first, again] = world.dynamoDb.asked.filter(({ S3Prefix }) => S3Prefix === `daily/${TODAY}/core`);
    expect(again?.ClientToken).toBe(first?.ClientToken);
    await world.dynamoDb.settled();
    await world.listUsers();
    await world.keep();
    expect((await manifestOf())?.tables.core.itemCount).toBe(2);
  });

  it('begins an export again that failed, for the same moment, and says so', async () => {
    world.dynamoDb.fates['rights'] = 'fails';
    await world.exportTables();
    delete world.dynamoDb.fates['rights'];
    world.at(`${TODAY}T02:15:00Z`);
    await world.aDayPasses();
    const ofRights = world.dynamoDb.asked.filter(({ S3Prefix }) => S3Prefix === `daily/${TODAY}/rights`);
    expect(ofRights.map(({ ExportTime }) => ExportTime?.toISOString())).toEqual(
      Array(2).fill(`${TODAY}T01:15:00.000Z`),
    );
    expect(world.metrics()).toContain('backup-export-failed');
    expect(await manifestOf()).toBeDefined();
  });

  it('starts the others when one is refused, and names it in an error', async () => {
    const { send } = world.dynamoDb.client;
    world.dynamoDb.client.send = (async (command: { input: { TableArn?: string } }) => {
      if (command.input.TableArn?.includes('core'))
        throw Object.assign(new Error('no'), { name: 'LimitExceededException' });
      return send(command as never);
    }) as never;
    await expect(world.exportTables()).rejects.toThrow('core: LimitExceededException');
    expect(await keysIn(world.backup, `daily/${TODAY}/begun/`)).toContain(
      `daily/${TODAY}/begun/g00001/rights-00001.json`,
    );
  });

  it('waits for a slow export, and is no backup before that', async () => {
    world.dynamoDb.fates['activity'] = 'is slow';
    await world.aDayPasses();
    expect(await manifestOf()).toBeUndefined();
    expect(await keysIn(world.offline)).toEqual([]);
    expect(world.metrics()).not.toContain('backup-missing');
    world.at(`${TODAY}T13:45:00Z`);
    await world.keep();
    expect(world.log).toContainEqual({ metric: 'backup-missing', day: TODAY, lacks: 'activity under-way' });
  });

  it('makes up for a missed day, but not for one that would then be kept too long', async () => {
    world.dynamoDb.earliest = 0;
    await world.aDayPasses();
    const days = new Set(world.dynamoDb.asked.map(({ S3Prefix }) => S3Prefix?.split('/')[1]));
    expect([...days].sort()).toEqual(['2030-03-10', '2030-03-11', TODAY]);
    expect((await manifestOf('2030-03-10'))?.tables.core.exportTime).toBe('2030-03-10T22:59:59.000Z');
  });

  it('lets a day pass from before there were tables, without an alarm', async () => {
    world.at(`${TODAY}T20:45:00Z`);
    await world.aDayPasses();
    await world.exportTables();
    expect(await manifestOf('2030-03-11')).toBeUndefined();
    expect(await manifestOf()).toBeDefined();
    expect(world.metrics()).not.toContain('backup-missing');
  });

  it.each([
    ['a data file was cut', 'data/', Buffer.from('cut')],
    ['the summary was changed', 'manifest-summary.json', Buffer.from('{"itemCount":1}')],
    ['the list of files was changed', 'manifest-files.json', Buffer.from('')],
  ])('is refused when %s, and the alarm rings', async (_what, part, content) => {
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers();
    const key = (await keysIn(world.backup, `daily/${TODAY}/core/`)).find((one) => one.includes(part))!;
    await world.backup.put(key, content);
    await world.keep();
    expect(await manifestOf()).toBeUndefined();
    expect(world.log).toContainEqual({ metric: 'backup-damaged', day: TODAY, what: 'core' });
  });
});

describe('the user pool in it', () => {
  const lines = async () => {
    const keys = (await keysIn(world.backup, `daily/${TODAY}/users/`)).map((key) => world.backup.get(key));
    const text = (await Promise.all(keys)).map((part) => Buffer.from(part!).toString()).join('');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { account: AccountId; sealed: string });
  };

  it('SM-12: has each user sealed under the account’s own key, and none without an account', async () => {
    const { accountId, sub } = await someoneWith(world.store, 'operator', 'platform-operator');
    world.cognito.subs = [sub, 'never-accepted'];
    await world.aDayPasses();
    const [line, ...others] = await lines();
    expect(others).toEqual([]);
    expect(line?.account).toBe(accountId);
    const everything = Buffer.from(JSON.stringify(await lines())).toString();
    expect(everything).not.toContain(sub);
    expect(everything).not.toContain('example.no');
    const owner = { controller: 'operator', subject: accountId } as const;
    const open = () =>
      world.openCall().records.openFile(owner, 'account', `user-pool/${TODAY}`, Buffer.from(line!.sealed, 'base64'));
    expect(Buffer.from((await open())!).toString()).toContain(`${sub}@example.no`);
    await world
      .openCall()
      .records.change()
      .keys({ do: 'erase', owner, retentionClass: 'account' })
      .activity({ event: 'account.erased', subject: owner })
      .commit();
    expect(await open()).toBeUndefined();
  });

  it('is gone on with where it was cut off', async () => {
    const { sub } = await someoneWith(world.store, 'operator', 'platform-operator');
    const { sub: last } = await someoneWith(world.store, 'operator', 'platform-operator');
    world.cognito.subs = [sub, ...Array.from({ length: 60 }, (_, i) => `nobody-${i}`), last];
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers(2);
    await world.keep();
    expect(await lines()).toHaveLength(1);
    expect(await manifestOf()).toBeUndefined();
    await world.listUsers();
    await world.keep();
    expect((await manifestOf())?.users).toMatchObject({ count: 2 });
    expect((await manifestOf())?.objects.filter(({ key }) => key.includes('/users/'))).toHaveLength(2);
  });

  it('begins anew when Cognito has forgotten where that was', async () => {
    const { sub } = await someoneWith(world.store, 'operator', 'platform-operator');
    world.cognito.subs = [sub, ...Array.from({ length: 60 }, (_, i) => `nobody-${i}`)];
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers(2);
    world.at(`${TODAY}T03:25:00Z`);
    world.cognito.forgetsTokens = true;
    world.cognito.subs.splice(0, 30);
    await world.listUsers();
    await world.keep();
    expect((await manifestOf())?.users).toEqual({
      key: `daily/${TODAY}/users/`,
      count: 0,
      takenAt: `${TODAY}T03:25:00.000Z`,
    });
    expect((await manifestOf())?.objects.filter(({ key }) => key.includes('/users/'))).toHaveLength(1);
  });
});

describe('the offline copy', () => {
  const DAY = 86_400_000;

  it('FW-11: is whole, in Glacier, and locked for 82 days from the moment that it shows', async () => {
    world.at(`${TODAY}T09:00:00Z`);
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers();
    world.at(`${TODAY}T11:00:00Z`);
    await world.keep();
    const made = (await manifestOf())!;
    const expected = [...made.objects.map(({ key }) => key), backupManifestKey(TODAY)].map(offlineKey);
    expect((await keysIn(world.offline, offlineKey(`daily/${TODAY}`))).sort()).toEqual(expected.sort());
    for (const { storageClass, lockedUntil } of world.s3.versionsIn['offline']!) {
      expect(storageClass).toBe('GLACIER_IR');
      expect(lockedUntil).toBe(Date.parse(`${TODAY}T09:00:00Z`) + 82 * DAY);
    }
    expect(await registered()).toMatchObject({ items: 2, offlineAt: `${TODAY}T11:00:00.000Z` });
  });

  it('is gone on with where it was cut off, its manifest last', async () => {
    world.dynamoDb.files['core'] = Array.from({ length: 20 }, (_, i) => [String(i)]);
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers();
    let left = 1;
    await world.keep({ hasTimeLeft: () => left-- > 0 });
    const copied = await keysIn(world.offline);
    expect(copied.length).toBeGreaterThan(0);
    expect(copied).not.toContain(offlineKey(backupManifestKey(TODAY)));
    expect((await registered())?.offlineAt).toBeUndefined();
    await world.keep();
    expect(await keysIn(world.offline)).toContain(offlineKey(backupManifestKey(TODAY)));
    expect((await registered())?.offlineAt).toBeDefined();
    const versions: string[] = [];
    for await (const { key } of world.offline.versions()) versions.push(key);
    expect(versions).toHaveLength(new Set(versions).size);
  });

  it('does not copy what is no longer what was checked', async () => {
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers();
    await world.keep({ hasTimeLeft: () => false });
    const data = (await manifestOf())!.objects.find(({ key }) => key.includes('/data/'))!;
    await world.backup.put(data.key, 'something else');
    await expect(world.keep()).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await keysIn(world.offline)).not.toContain(offlineKey(backupManifestKey(TODAY)));
  });

  it('FW-11: holds what people have uploaded, once and not every day, and anew before the copy ends', async () => {
    await world.uploaded.put('org_1/fil_1', 'sealed');
    await world.aDayPasses();
    const copies = (bucket: string) =>
      world.s3.versionsIn[bucket]!.filter(({ key }) => key.endsWith('files/org_1/fil_1')).length;
    expect([copies('backups'), copies('offline')]).toEqual([1, 1]);
    expect(world.log.at(-1)).toMatchObject({ metric: 'backup-kept', files: 2 });
    world.pass(1);
    await world.aDayPasses();
    expect([copies('backups'), copies('offline')]).toEqual([1, 1]);
    world.pass(30);
    await world.aDayPasses();
    expect([copies('backups'), copies('offline')]).toEqual([2, 2]);
  });

  it('ALL-05: of a file that was removed is gone at 90 days, and what is current always has one', async () => {
    await world.uploaded.put('org_1/fil_1', 'removed');
    await world.uploaded.put('org_1/fil_2', 'kept');
    await world.aDayPasses();
    const [version] = world.s3.versionsIn['files']!;
    await world.uploaded.removeVersion(version!);
    for (let day = 0; day < 90; day += 10) {
      world.pass(10);
      await world.aDayPasses();
    }
    for (const bucket of ['backups', 'offline']) {
      const files = world.s3.versionsIn[bucket]!.filter(({ key }) => key.includes('files/'));
      expect(files.some(({ key }) => key.endsWith('fil_1'))).toBe(false);
      expect(files.some(({ key }) => key.endsWith('fil_2'))).toBe(true);
    }
  });

  it('is not whole before the files are in it as well', async () => {
    for (let i = 0; i < 40; i++) await world.uploaded.put(`org_1/fil_${i}`, 'sealed');
    await world.exportTables();
    await world.dynamoDb.settled();
    await world.listUsers();
    let left = 10;
    await world.keep({ hasTimeLeft: () => left-- > 0 });
    expect((await registered())?.offlineAt).toBeUndefined();
    await world.keep();
    expect((await registered())?.offlineAt).toBeDefined();
    expect(world.s3.versionsIn['offline']!.filter(({ key }) => key.includes('files/'))).toHaveLength(40);
  });

  it('cannot be removed while it is locked', async () => {
    await world.aDayPasses();
    for await (const version of world.offline.versions())
      await expect(world.offline.removeVersion(version)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('FW-11: is made in a second region as well, where one is configured', async () => {
    world.elsewhere.push(backupFiles(world.s3.client, 'elsewhere'));
    await world.aDayPasses();
    const copies = (bucket: string) =>
      world.s3.versionsIn[bucket]!.map(({ key, lockedUntil, storageClass }) => [key, lockedUntil, storageClass]);
    expect(copies('elsewhere')).toEqual(copies('offline'));
    world.pass(88);
    await world.keep();
    expect(copies('elsewhere')).toEqual([]);
  });

  it('is found again by a service whose tables have forgotten it', async () => {
    await world.aDayPasses();
    // As after a restore from an older backup.
    await world
      .openCall()
      .records.change()
      .unpoint({ table: 'core', pk: 'operator#BACKUPS', sk: TODAY })
      .activity({ event: 'test.prepared', subject: { controller: 'operator', subject: anId('org') } })
      .commit();
    expect(await registered()).toBeUndefined();
    world.pass(10);
    await world.keep();
    expect((await registered())?.offlineAt).toBeDefined();
  });
});

describe('the end of a backup', () => {
  it('ALL-05: comes by our own sweep where the lifecycle fails, at 87 days and not while anything is locked', async () => {
    world.at(`${TODAY}T12:00:00Z`);
    await world.aDayPasses();
    const before = await keysIn(world.backup, `daily/${TODAY}`);
    const copies = await keysIn(world.offline);
    world.pass(86);
    await world.keep();
    expect(await keysIn(world.backup, `daily/${TODAY}`)).toEqual(before);
    expect(await keysIn(world.offline)).toEqual(copies);
    world.pass(1);
    await world.keep();
    expect(await keysIn(world.backup, `daily/${TODAY}`)).toEqual([]);
    expect(await keysIn(world.offline)).toEqual([]);
    expect(world.metrics()).not.toContain('backup-too-old');
  });

  it('ALL-05: is an alarm at 88 days when it cannot be brought about', async () => {
    world.at(`${TODAY}T12:00:00Z`);
    await world.aDayPasses();
    const kept = (await keysIn(world.offline)).length;
    const { removeVersion } = world.offline;
    world.offline.removeVersion = async () => {
      throw new Error('denied');
    };
    world.pass(87);
    await world.keep();
    expect(world.metrics()).not.toContain('backup-too-old');
    world.pass(1);
    await world.keep();
    expect(kept).toBeGreaterThan(10);
    expect(world.log).toContainEqual({ metric: 'backup-too-old', versions: kept });
    world.offline.removeVersion = removeVersion;
  });

  it('is counted from the day that a copy shows, or from when it was written if that was earlier', () => {
    const now = new Date('2030-06-08T00:00:00Z');
    const written = (instant: string, key: string) => ageInDays({ key, lastModified: new Date(instant) }, now);
    expect(written('2030-03-14T09:00:00Z', 'copies/daily/2030-03-12/core/x')).toBe(88);
    expect(written('2030-03-12T09:00:00Z', 'rights/2030-03-12/1.jsonl.gz')).toBe(87);
  });

  it('ALL-05: is gone on with where there was no time for all of it', async () => {
    world.at(`${TODAY}T12:00:00Z`);
    await world.aDayPasses();
    world.pass(87);
    let left = 40;
    await world.keep({ hasTimeLeft: () => left-- > 0 });
    expect((await keysIn(world.offline)).length).toBeGreaterThan(0);
    await world.keep();
    expect(await keysIn(world.offline)).toEqual([]);
  });

  it('leaves the list with the backup', async () => {
    await world.aDayPasses();
    world.pass(89);
    await world.keep();
    expect(await registered()).toBeDefined();
    world.pass(2);
    await world.keep();
    expect(await registered()).toBeUndefined();
  });
});

async function removeCurrent(files: World['backup'], key: string) {
  for await (const version of files.versions()) if (version.key === key) await files.removeVersion(version);
}
