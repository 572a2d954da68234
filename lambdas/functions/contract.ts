import document from '../../docs/openapi.json' with { type: 'json' };
import { statementVersions } from '../features/agreements/current-versions.ts';
import { contractHandlers } from '../features/contract/handlers.ts';
import { contractRoutes } from '../features/contract/routes.ts';

import { api } from '../http/api.ts';
import { Problem } from '../http/problem.ts';
import { env } from '../platform/env.ts';
import { containerGate } from './container-gate.ts';

const publicUrl = env('PUBLIC_URL');
/** The variable of AWS's own SDKs: set where the user pool is not AWS's. */
const endpoint = process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'];

const handlers = contractHandlers({
  document,
  publicUrl,
  signIn: {
    userPoolId: env('USER_POOL_ID'),
    clientId: env('USER_POOL_CLIENT_ID'),
    region: env('AWS_REGION'),
    ...(endpoint !== undefined && { endpoint }),
    statementVersions,
  },
});

/** The contract is for anyone and about nobody: no table, no key, no account. */
export const handler = api(
  contractRoutes,
  handlers,
  {
    async authenticate() {
      throw new Problem('not-signed-in');
    },
    async admit({ now }) {
      return { call: { now }, replay: undefined };
    },
    async conclude() {},
  },
  { publicUrl, now: () => new Date(), gate: containerGate() },
);
