import {
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ExportTableToPointInTimeCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../fixtures/assembly.ts';
import { arnOf, clientsOf, someTables, startTables } from './copies.ts';

const ResourceArn = arnOf('keys');

describe("a table's own policy", () => {
  it('is the one of the template, and denies what it denies', async () => {
    const { tables } = await someTables();
    const { Policy = '' } = await tables.send(new GetResourcePolicyCommand({ ResourceArn }));
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Sid: 'NoCopy', Effect: 'Deny' }] });
    const denied = { name: 'AccessDeniedException' };
    const copies = [
      tables.send(new ExportTableToPointInTimeCommand({ TableArn: ResourceArn, S3Bucket: 'backups' })),
      tables.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableName: 'keys',
          TargetTableName: 'copy',
          UseLatestRestorableTime: true,
        }),
      ),
      tables.send(new DeleteTableCommand({ TableName: 'keys' })),
    ];
    for (const copy of copies) await expect(copy).rejects.toMatchObject(denied);
    await tables.send(new DescribeTableCommand({ TableName: 'keys' }));
  });

  it('that somebody removed stays removed over a restart, for a comparison to find', async () => {
    const stateDir = aFolder();
    const before = await startTables(stateDir);
    const { tables } = clientsOf(before);
    const { RevisionId } = await tables.send(new GetResourcePolicyCommand({ ResourceArn }));
    const remove = (ExpectedRevisionId: string | undefined) =>
      tables.send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId }));
    await expect(remove('another')).rejects.toMatchObject({ name: 'PolicyNotFoundException' });
    await remove(RevisionId);
    await before.close();
    const after = await someTables(stateDir);
    const read = after.tables.send(new GetResourcePolicyCommand({ ResourceArn }));
    await expect(read).rejects.toMatchObject({ name: 'PolicyNotFoundException' });
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    await after.tables.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
    expect((await after.tables.send(new GetResourcePolicyCommand({ ResourceArn }))).Policy).toBe(Policy);
    const ofNobody = after.tables.send(new GetResourcePolicyCommand({ ResourceArn: arnOf('nobody') }));
    await expect(ofNobody).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
