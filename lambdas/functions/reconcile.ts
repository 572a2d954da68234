import type { ScheduledEvent } from 'aws-lambda';
import { reconcileFactors } from '../features/accounts/reconcile.ts';
import { env } from '../platform/env.ts';
import { userDirectory } from '../platform/user-directory.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const directory = userDirectory(env('USER_POOL_ID'));

/** Daily: what Cognito says of second factors against what we believe. */
async function work({ id }: ScheduledEvent): Promise<void> {
  const seen = await reconcileFactors(directory, () => systemCall(store, 'reconcile', id));
  console.info(JSON.stringify({ metric: 'factors-reconciled', ...seen }));
  // Tried again by Lambda, and then an alarm.
  if (seen.failed > 0) throw new Error('Some users could not be reconciled');
}

export const handler = whileOpen(store, work);
