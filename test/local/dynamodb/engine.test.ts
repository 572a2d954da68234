import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsJson } from '../../../local/aws-json.ts';
import { type DynamoDbEngine, startDynamoDb } from '../../../local/dynamodb/engine.ts';
import { aFolder } from '../fixtures/assembly.ts';

const table = {
  TableName: 'core',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};

const call = ({ endpoint }: { endpoint: string }, action: string, input: unknown) =>
  awsJson(endpoint, 'dynamodb')(`DynamoDB_20120810.${action}`, input);

/** The engine's process ids whose data lie in the folder. */
function enginesOn(folder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter(
      (line) =>
        line.includes('dynoxide') && line.includes(join(folder, 'dynamodb.sqlite')) && !line.includes('/bin/sh'),
    )
    .map((line) => Number.parseInt(line, 10));
}

async function anEngine(folder: string): Promise<DynamoDbEngine> {
  const engine = await startDynamoDb(folder);
  onTestFinished(() => engine.close());
  return engine;
}

describe('the DynamoDB engine', () => {
  it('keeps what it was given, and comes back on the same address when it dies', async () => {
    const folder = aFolder();
    const engine = await anEngine(folder);
    await call(engine, 'CreateTable', table);
    await call(engine, 'PutItem', { TableName: 'core', Item: { pk: { S: 'a' } } });
    const [pid = 0] = enginesOn(folder);
    process.kill(pid, 'SIGKILL');
    const read = () => call(engine, 'GetItem', { TableName: 'core', Key: { pk: { S: 'a' } } }).catch(() => undefined);
    await expect.poll(read).toMatchObject({ Item: { pk: { S: 'a' } } });
    expect(enginesOn(folder)).not.toContain(pid);
  });

  // In the engine's own words, as they stand in its binary.
  it.each([
    'SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?1',
    `SELECT keys_json FROM _stream_records
     WHERE table_name = ?1 AND shard_id = ?2 AND CAST(sequence_number AS INTEGER) > ?3
     ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT ?4`,
  ])('finds its place in a stream without looking through it: %s', async (query) => {
    const folder = aFolder();
    await anEngine(folder);
    const database = new DatabaseSync(join(folder, 'dynamodb.sqlite'), { readOnly: true });
    onTestFinished(() => database.close());
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${query}`)
      .all()
      .map(({ detail }) => detail);
    expect(plan).toEqual([expect.stringContaining('INDEX _stream_by_number')]);
  });

  it('ends when it is closed', async () => {
    const folder = aFolder();
    const engine = await startDynamoDb(folder);
    expect(enginesOn(folder)).toHaveLength(1);
    await engine.close();
    expect(enginesOn(folder)).toEqual([]);
  });

  it('does not outlive a runner that was killed', async () => {
    const folder = aFolder();
    const runner = fork(join(import.meta.dirname, '../fixtures/engine-owner.ts'), [folder]);
    await once(runner, 'message');
    expect(enginesOn(folder)).toHaveLength(1);
    runner.kill('SIGKILL');
    await once(runner, 'exit');
    await expect.poll(() => enginesOn(folder)).toEqual([]);
  });
});
