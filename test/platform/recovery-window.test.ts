import {
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { isBeyondRecovery } from '../../lambdas/features/erasure/certificate.ts';
import { readRecoveryFacts } from '../../lambdas/platform/recovery-window.ts';

const FENCED = '2026-11-23T07:00:00.000Z';
const LATER = new Date('2026-11-23T07:00:01.000Z');

/** DynamoDB's control plane, with one page after another. */
function fakeDynamoDb(
  wanted: { earliest?: Date | undefined; status?: string; backups?: string[]; tables?: string[] } = {},
) {
  const asked: object[] = [];
  const {
    status = 'ENABLED',
    backups = [],
    tables = ['vern-dev-keys-g1', 'vern-dev-mirror-g1', 'vern-dev-core-g1'],
  } = wanted;
  const earliest = 'earliest' in wanted ? wanted.earliest : LATER;
  const client = {
    async send(command: unknown) {
      asked.push((command as { input: object }).input);
      if (command instanceof DescribeContinuousBackupsCommand) {
        const description = { PointInTimeRecoveryStatus: status, EarliestRestorableDateTime: earliest };
        return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: description } };
      }
      if (command instanceof ListBackupsCommand) {
        const isFirst = command.input.ExclusiveStartBackupArn === undefined;
        return isFirst
          ? { BackupSummaries: [], LastEvaluatedBackupArn: 'more' }
          : { BackupSummaries: backups.map((BackupArn) => ({ BackupArn })) };
      }
      if (command instanceof ListTablesCommand) {
        const isFirst = command.input.ExclusiveStartTableName === undefined;
        return isFirst
          ? { TableNames: [tables[0]], LastEvaluatedTableName: tables[0] }
          : { TableNames: tables.slice(1) };
      }
      throw new Error('an unexpected call');
    },
  } as unknown as Pick<DynamoDBClient, 'send'>;
  return { client, asked };
}
const factsOf = (wanted?: Parameters<typeof fakeDynamoDb>[0]) =>
  readRecoveryFacts(fakeDynamoDb(wanted).client, ['vern-dev-keys-g1', 'vern-dev-mirror-g1']);

describe('what AWS says of how far back the keys could be brought', () => {
  it('KP-12: allows a certificate when both tables restore to a later moment alone', async () => {
    expect(isBeyondRecovery(FENCED, await factsOf())).toBe(true);
    expect(isBeyondRecovery(FENCED, await factsOf({ earliest: new Date(FENCED) }))).toBe(false);
    expect(isBeyondRecovery(FENCED, await factsOf({ earliest: new Date('2026-11-22T07:00:00Z') }))).toBe(false);
  });

  it('allows it where nothing can be restored at all, and not where AWS leaves the moment unsaid', async () => {
    expect(isBeyondRecovery(FENCED, await factsOf({ status: 'DISABLED' }))).toBe(true);
    expect(isBeyondRecovery(FENCED, await factsOf({ earliest: undefined }))).toBe(false);
  });

  it('refuses it while there is a backup of any kind, also on a later page: it asks for all kinds', async () => {
    const { client, asked } = fakeDynamoDb({ backups: ['arn:backup'] });
    const facts = await readRecoveryFacts(client, ['vern-dev-keys-g1', 'vern-dev-mirror-g1']);
    expect(facts.backups).toEqual(['arn:backup', 'arn:backup']);
    expect(isBeyondRecovery(FENCED, facts)).toBe(false);
    const lists = asked.filter((input) => 'BackupType' in input);
    expect(lists).toHaveLength(4);
    expect(lists.every((input) => 'BackupType' in input && input.BackupType === 'ALL')).toBe(true);
  });

  it('refuses it while a copy of such a table stands, in another generation', async () => {
    const facts = await factsOf({ tables: ['vern-dev-keys-g1', 'vern-dev-mirror-g1', 'vern-dev-keys-g2'] });
    expect(facts.copies).toEqual(['vern-dev-keys-g2']);
    expect(isBeyondRecovery(FENCED, facts)).toBe(false);
  });
});
