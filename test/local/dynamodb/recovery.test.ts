import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ExportTableToPointInTimeCommand,
  ListBackupsCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  RestoreTableToPointInTimeCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../fixtures/assembly.ts';
import { arnOf, clientsOf, keys, someTables, startTables } from './copies.ts';

type Clients = ReturnType<typeof clientsOf>;

async function restored({ tables, sortKeys }: Clients, TargetTableName: string, more: object) {
  await tables.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName: 'core', TargetTableName, ...more } as never),
  );
  const summary = async () => (await tables.send(new DescribeTableCommand({ TableName: TargetTableName }))).Table;
  await expect.poll(async () => (await summary())?.TableStatus, { timeout: 20_000 }).toBe('ACTIVE');
  return { table: await summary(), sortKeys: await sortKeys(TargetTableName) };
}

describe('a restore to a point in time', () => {
  it('brings back what the table held then, and nothing of what came later', async () => {
    const clients = await someTables();
    const { cloud, tables, put } = clients;
    await put('core', 'kept');
    await put('core', 'changed', { value: { S: 'before' } });
    await put('core', 'deleted');
    cloud.clock.advance('PT1H');
    const RestoreDateTime = new Date(cloud.clock.now());
    cloud.clock.advance('PT1H');
    await put('core', 'changed', { value: { S: 'after' } });
    await tables.send(new DeleteItemCommand({ TableName: 'core', Key: { pk: { S: 'p' }, sk: { S: 'deleted' } } }));
    await put('core', 'added');
    cloud.clock.advance('PT1H');
    const then = await restored(clients, 'core-then', { RestoreDateTime });
    expect(then.sortKeys).toEqual(['changed', 'deleted', 'kept']);
    expect(then.table).toMatchObject({
      RestoreSummary: { SourceTableArn: arnOf('core'), RestoreInProgress: false },
      SSEDescription: { Status: 'ENABLED' },
      DeletionProtectionEnabled: false,
    });
    const latest = await restored(clients, 'core-latest', { UseLatestRestorableTime: true });
    expect(latest.sortKeys).toEqual(['added', 'changed', 'kept']);
    await expect(restored(clients, 'core-latest', { UseLatestRestorableTime: true })).rejects.toMatchObject({
      name: 'TableAlreadyExistsException',
    });
  });

  it('reaches no further back than the recovery, nor into the last five minutes, nor where there is none', async () => {
    const clients = await someTables();
    const { cloud, tables } = clients;
    cloud.clock.advance('PT1H');
    const at = (epochMilliseconds: number) => ({ RestoreDateTime: new Date(epochMilliseconds) });
    const invalid = { name: 'InvalidRestoreTimeException' };
    await expect(restored(clients, 'too-late', at(cloud.clock.now() - 60_000))).rejects.toMatchObject(invalid);
    await expect(restored(clients, 'too-early', at(cloud.clock.now() - 7_200_000))).rejects.toMatchObject(invalid);
    const fromLookup = { SourceTableName: 'lookup', UseLatestRestorableTime: true };
    await expect(restored(clients, 'lookup-then', fromLookup)).rejects.toMatchObject({
      name: 'PointInTimeRecoveryUnavailableException',
    });
    expect((await tables.send(new ListTablesCommand({}))).TableNames).toEqual(['core', 'keys', 'lookup']);
  });

  it('serves a table that came later once its recovery is on, and remembers over a restart', async () => {
    const stateDir = aFolder();
    const before = await startTables(stateDir);
    const first = clientsOf(before);
    await first.tables.send(new CreateTableCommand({ TableName: 'core-g2', ...keys } as never));
    const SourceTableName = 'core-g2';
    const on = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 };
    const answer = await first.tables.send(
      new UpdateContinuousBackupsCommand({ TableName: 'core-g2', PointInTimeRecoverySpecification: on }),
    );
    expect(answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 7,
    });
    await first.put('core-g2', 'early');
    before.clock.advance('PT1H');
    const RestoreDateTime = new Date(before.clock.now());
    await before.close();
    const after = await someTables(stateDir);
    after.cloud.clock.advance('PT1H');
    await after.put('core-g2', 'late');
    expect((await restored(after, 'back', { SourceTableName, RestoreDateTime })).sortKeys).toEqual(['early']);
  });
});

describe('a table that is deleted', () => {
  const unprotected = (TableName: string) => new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false });

  it('must be unprotected first, leaves a system backup for 35 days, and is not made anew at the next start', async () => {
    const stateDir = aFolder();
    const before = await startTables(stateDir);
    const { tables } = clientsOf(before);
    const drop = new DeleteTableCommand({ TableName: 'core' });
    await expect(tables.send(drop)).rejects.toMatchObject({ name: 'ValidationException' });
    await tables.send(unprotected('core'));
    await tables.send(drop);
    await before.close();

    const after = await someTables(stateDir);
    expect((await after.tables.send(new ListTablesCommand({}))).TableNames).toEqual(['keys', 'lookup']);
    const backups = async (input: object) =>
      (await after.tables.send(new ListBackupsCommand(input))).BackupSummaries ?? [];
    expect(await backups({})).toEqual([]);
    expect(await backups({ BackupType: 'ALL' })).toMatchObject([
      { TableName: 'core', BackupType: 'SYSTEM', BackupName: 'core$DeletedTableBackup' },
    ]);
    after.cloud.clock.advance('P35D');
    expect(await backups({ BackupType: 'ALL' })).toEqual([]);
  });

  it('leaves none behind when its recovery was switched off first', async () => {
    const { tables } = await someTables();
    const off = { PointInTimeRecoveryEnabled: false };
    await tables.send(new UpdateContinuousBackupsCommand({ TableName: 'core', PointInTimeRecoverySpecification: off }));
    await tables.send(unprotected('core'));
    await tables.send(new DeleteTableCommand({ TableName: 'core' }));
    expect((await tables.send(new ListBackupsCommand({ BackupType: 'ALL' }))).BackupSummaries).toEqual([]);
    await expect(tables.send(new DescribeContinuousBackupsCommand({ TableName: 'core' }))).rejects.toMatchObject({
      name: 'TableNotFoundException',
    });
  });
});

describe('an export', () => {
  it('is encrypted with the key that it names, and else by S3 itself', async () => {
    const { tables, objects } = await someTables();
    const S3SseKmsKeyId = 'arn:aws:kms:eu-west-1:000000000000:key/backup';
    const exported = async (more: object) => {
      const { ExportDescription } = await tables.send(
        new ExportTableToPointInTimeCommand({ TableArn: arnOf('core'), S3Bucket: 'backups', ...more }),
      );
      const id = ExportDescription?.ExportArn?.split('/').at(-1);
      const head = new HeadObjectCommand({ Bucket: 'backups', Key: `AWSDynamoDB/${id}/manifest-summary.json` });
      const written = () => objects.send(head).catch(() => undefined);
      await expect.poll(written, { timeout: 20_000 }).toBeDefined();
      return written();
    };
    expect(await exported({ S3SseAlgorithm: 'KMS', S3SseKmsKeyId })).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: S3SseKmsKeyId,
    });
    expect(await exported({})).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  it('with a token that was used runs once, and shows no moment outside the window', async () => {
    const { cloud, tables } = await someTables();
    const ask = (more: object) =>
      tables.send(new ExportTableToPointInTimeCommand({ TableArn: arnOf('core'), S3Bucket: 'backups', ...more }));
    const first = await ask({ ClientToken: 'today' });
    expect((await ask({ ClientToken: 'today' })).ExportDescription?.ExportArn).toBe(first.ExportDescription?.ExportArn);
    await expect(ask({ ClientToken: 'today', S3Prefix: 'x' })).rejects.toMatchObject({
      name: 'ExportConflictException',
    });
    await expect(ask({ ExportTime: new Date(cloud.clock.now() - 3_600_000) })).rejects.toMatchObject({
      name: 'InvalidExportTimeException',
    });
  });
});

describe('tags', () => {
  it('are those of the template, and those that were added', async () => {
    const { tables } = await someTables();
    await tables.send(new TagResourceCommand({ ResourceArn: arnOf('core'), Tags: [{ Key: 'a', Value: 'b' }] }));
    const { Tags } = await tables.send(new ListTagsOfResourceCommand({ ResourceArn: arnOf('core') }));
    expect(Tags).toHaveLength(2);
    expect(Tags).toContainEqual({ Key: 'stage', Value: 'test' });
    expect(Tags).toContainEqual({ Key: 'a', Value: 'b' });
  });
});
