import {
  DynamoDBClient,
  PutResourcePolicyCommand,
  QueryCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultOf, publicKeyOf } from '../../lambdas/features/transparency/checkpoint.ts';
import { parseWitness } from '../../lambdas/features/transparency/witness-text.ts';
import { type Cast, mailTo, theCast } from './rights-cast.ts';

/** What shows in the running cloud that nobody has changed anything quietly. */
vi.setConfig({ testTimeout: 300_000 });
let cast: Cast;
let lambda: LambdaClient;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  cast = await theCast();
  const { region, accessKeyId, secretAccessKey } = cast.endpoints;
  const credentials = { accessKeyId, secretAccessKey };
  lambda = new LambdaClient({ endpoint: cast.endpoints.lambda, region, credentials });
  dynamodb = new DynamoDBClient({ endpoint: cast.endpoints.dynamodb, region, credentials });
}, 180_000);
afterAll(async () => {
  lambda?.destroy();
  dynamodb?.destroy();
  await cast?.stop();
});

async function run(name: string): Promise<unknown> {
  const event = { 'detail-type': 'Scheduled Event', id: crypto.randomUUID() };
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: `vern-dev-${name}`, Payload: JSON.stringify(event) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer;
}

describe('the guarantees', () => {
  it('are kept by what the template made, and each that somebody breaks is named', async () => {
    expect(await run('guarantees')).toMatchObject({ broken: [] });

    await dynamodb.send(new UpdateTableCommand({ TableName: 'vern-dev-mirror', DeletionProtectionEnabled: false }));
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'vern-dev-core-g1',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 34 },
      }),
    );
    const ResourceArn = `arn:aws:dynamodb:${cast.endpoints.region}:000000000000:table/vern-dev-keys`;
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
    expect(await run('guarantees')).toMatchObject({
      broken: ['core.recovery-window', 'keys.resource-policy', 'mirror.deletion-protection'],
    });
  });
});

describe('the checkpoint of the week', () => {
  it('reaches the privacy officer, signed with a key that anyone may fetch', async () => {
    const { body } = await (await cast.as('privacy-officer')).listProofKeys();
    await run('sequencer');
    const since = cast.now();
    // Whatever day it is: within a week a Monday begins, and the schedule wakes the clock of rights.
    await cast.advance('P7D');
    const officer = cast.service.people.find(({ roles }) => roles.some(({ role }) => role === 'privacy-officer'))!;
    const mail = await mailTo(cast, officer.email, 'Ta vare på denne: ukens fingeravtrykk av loggen', since);
    const witness = parseWitness(mail.text);
    expect(witness.checkpoint.controller).toBe(cast.organisationId);
    const key = body.keys.find(({ keyId }) => keyId === witness.signed?.head.keyId);
    expect(faultOf(witness.signed!, publicKeyOf(key!.spki))).toBeUndefined();
    expect(mail.text).toContain('/v1/proofs/keys');
  });
});

describe('what the activity log has held for a year', () => {
  it('is gone the night after, and the log goes on', async () => {
    const month = new Date().toISOString().slice(0, 'YYYY-MM'.length);
    await run('sequencer');
    expect(await recordedIn(month)).toBeGreaterThan(10);
    await cast.advance('P366D');
    // The schedule of the night may have been there first.
    await run('retention');
    expect(await recordedIn(month)).toBe(0);
    expect(await run('sequencer')).toMatchObject({ failed: 0, findings: 0 });
  });

  async function recordedIn(month: string): Promise<number> {
    const { Count = 0 } = await dynamodb.send(
      new QueryCommand({
        TableName: 'vern-dev-activity-g1',
        IndexName: 'byMonth',
        KeyConditionExpression: '#month = :month',
        ExpressionAttributeNames: { '#month': 'month' },
        ExpressionAttributeValues: { ':month': { S: `${cast.organisationId}#${month}` } },
      }),
    );
    return Count;
  }
});
