import { inviteFirstAdministrator, OperatorCommand } from '../features/platform-staff/first-administrator.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const userPool = cognitoUserPool(env('USER_POOL_ID'));

/** What `npm run ops` invokes. Whatever is not exactly a known command is refused before anything is touched. */
async function work(event: unknown, { awsRequestId }: { readonly awsRequestId: string }) {
  const command = OperatorCommand.safeParse(event);
  if (!command.success) return { outcome: 'refused', reason: 'unknown-command' };
  return inviteFirstAdministrator(command.data, userPool, systemCall(store, 'ops', awsRequestId));
}

export const handler = whileOpen(store, work);
