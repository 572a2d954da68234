import type { DynamoDBStreamEvent } from 'aws-lambda';
import { copyRights } from '../features/rights-copy/copy.ts';
import { env } from '../platform/env.ts';
import { filesClient } from '../platform/files.ts';
import { putOnce } from '../platform/put-once.ts';

const put = putOnce(filesClient(), env('OFFLINE_BUCKET'));

/** Within a minute of being written: every change of Rights, removals included, lies where nobody can change it. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const { changes, outcome } = await copyRights(Records, put);
  console.log(JSON.stringify({ metric: 'rights-copied', changes, outcome }));
}
