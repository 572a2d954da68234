import { ExportConflictException, type ExportTableToPointInTimeCommandInput } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { exportTables } from '../../lambdas/platform/table-export.ts';

function aDynamoDb(refuses: (input: ExportTableToPointInTimeCommandInput) => Error | undefined = () => undefined) {
  const asked: ExportTableToPointInTimeCommandInput[] = [];
  const send = async ({ input }: { input: ExportTableToPointInTimeCommandInput }) => {
    asked.push(input);
    const refusal = refuses(input);
    if (refusal) throw refusal;
    return {};
  };
  return { asked, client: { send } as unknown as Parameters<typeof exportTables>[0] };
}
const wanted = ['core', 'activity', 'rights'].map((name) => ({ name, arn: `arn:${name}` }));
const today = { bucket: 'backups', day: '2026-11-23' };

describe('the daily export', () => {
  it('FW-11 takes every table whole, under its own token and prefix of the day', async () => {
    const { client, asked } = aDynamoDb();
    expect(await exportTables(client, wanted, today)).toEqual({ started: 3 });
    expect(asked.map(({ TableArn, ExportType, S3Bucket }) => [TableArn, ExportType, S3Bucket])).toEqual(
      wanted.map(({ arn }) => [arn, 'FULL_EXPORT', 'backups']),
    );
    expect(new Set(asked.map(({ ClientToken }) => ClientToken)).size).toBe(3);
    expect(asked.map(({ S3Prefix }) => S3Prefix)).toContain('daily/2026-11-23/rights');
  });

  it('asks for the same again on a second run of the day, so that DynamoDB finds the first', async () => {
    const { client, asked } = aDynamoDb();
    await exportTables(client, wanted, today);
    await exportTables(client, wanted, today);
    expect(asked.slice(3)).toEqual(asked.slice(0, 3));
  });

  it('starts the others when one is refused, and says which one in an error, a conflict too', async () => {
    const conflict = new ExportConflictException({ message: 'conflict', $metadata: {} });
    const { client, asked } = aDynamoDb(({ TableArn }) => (TableArn === 'arn:core' ? conflict : undefined));
    await expect(exportTables(client, wanted, today)).rejects.toMatchObject({
      name: 'ExportsNotStarted',
      message: 'core: ExportConflictException',
    });
    expect(asked).toHaveLength(3);
  });
});
