import type { Context } from 'aws-lambda';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { profiles } from '../../../lambdas/access/roles.ts';
import { anEvent } from '../../http/kit.ts';

const environment = {
  PUBLIC_URL: 'https://api.example.test',
  USER_POOL_ID: 'eu-west-1_Test',
  USER_POOL_CLIENT_ID: 'client',
  AWS_REGION: 'eu-west-1',
};

async function load() {
  vi.resetModules();
  return await import('../../../lambdas/functions/contract.ts');
}

/** Sends a GET to the function as it is deployed; the log line goes where the function sends it. */
async function get(path: string) {
  const { handler } = await load();
  const response = await handler(anEvent({ path }), {} as Context & Parameters<typeof handler>[1]);
  return { status: response.statusCode, json: JSON.parse(response.body ?? '') };
}

describe('the contract function, as it is deployed', () => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    return () => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    };
  });

  it('is up', async () => {
    expect(await get('/v1/health')).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  it('tells where to sign in, and a version of the statement for each profile', async () => {
    const { json } = await get('/v1/sign-in-configuration');
    expect(json).toMatchObject({ userPoolId: 'eu-west-1_Test', clientId: 'client', region: 'eu-west-1' });
    expect(json).not.toHaveProperty('endpoint');
    expect(Object.keys(json.statementVersions).sort()).toEqual([...profiles].sort());
  });

  it('tells the address of a user pool that is not at AWS', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', 'http://127.0.0.1:4000');
    expect((await get('/v1/sign-in-configuration')).json).toMatchObject({ endpoint: 'http://127.0.0.1:4000' });
  });

  it('does not start half configured', async () => {
    vi.stubEnv('PUBLIC_URL', '');
    await expect(load()).rejects.toThrow('PUBLIC_URL');
  });
});
