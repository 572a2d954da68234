import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  GetItemCommand,
  ListBackupsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { loseDisk } from '../../../local/client/disk.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import { aFolder, anAssembly, aTable } from '../fixtures/assembly.ts';
import { aCloud } from '../fixtures/cloud.ts';
import { clientsOf, keys } from './copies.ts';

const recovered = {
  Replicas: [
    {
      Region: 'eu-west-1',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  ],
};
const template = {
  resources: {
    Core: aTable('vern-test-core-g1', recovered),
    Rights: aTable('vern-test-rights-g1'),
    Keys: aTable('vern-test-keys'),
    Gate: aTable('vern-test-gate'),
  },
};

const post = ({ endpoints }: EmbeddedCloud, body: object, headers: Record<string, string> = {}) =>
  fetch(`${endpoints.mailbox}/disk`, { method: 'POST', headers, body: JSON.stringify(body) });

describe('a lost disk', () => {
  it('takes what a restore brings back and leaves keys and gate, also at the next start', async () => {
    const stateDir = aFolder();
    const before = await startEmbeddedCloud({ outdir: anAssembly([template]), stateDir });
    const first = clientsOf(before);
    await first.put('vern-test-core-g1', 'a');
    await first.put('vern-test-keys', 'kept');
    await first.tables.send(
      new CreateTableCommand({
        TableName: 'vern-test-core-g2',
        ...keys,
        KeySchema: [...keys.KeySchema],
        AttributeDefinitions: [...keys.AttributeDefinitions],
      }),
    );
    expect(await loseDisk(before.endpoints.mailbox)).toEqual([
      'vern-test-core-g1',
      'vern-test-core-g2',
      'vern-test-rights-g1',
    ]);
    const read = new GetItemCommand({ TableName: 'vern-test-core-g1', Key: { pk: { S: 'p' }, sk: { S: 'a' } } });
    await expect(first.tables.send(read)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await before.close();

    const after = clientsOf(await aCloud(template, {}, stateDir));
    const { TableNames } = await after.tables.send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['vern-test-gate', 'vern-test-keys']);
    expect(await after.sortKeys('vern-test-keys')).toEqual(['kept']);
    // Neither AWS's own backup nor its recovery outlives a lost disk.
    expect((await after.tables.send(new ListBackupsCommand({ BackupType: 'ALL' }))).BackupSummaries).toEqual([]);
    await expect(
      after.tables.send(new DescribeContinuousBackupsCommand({ TableName: 'vern-test-core-g1' })),
    ).rejects.toMatchObject({ name: 'TableNotFoundException' });
  });

  it('is all or nothing, and no web page can cause it', async () => {
    const cloud = await aCloud(template, {});
    const names = async () => (await clientsOf(cloud).tables.send(new ListTablesCommand({}))).TableNames?.length;
    expect((await post(cloud, { lose: ['vern-test-keys', 'nothing'] })).status).toBe(404);
    expect((await post(cloud, { lose: 'vern-test-keys' })).status).toBe(400);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await post(cloud, { lose: ['vern-test-keys'] }, elsewhere)).status).toBe(403);
    expect(await names()).toBe(4);
  });
});
