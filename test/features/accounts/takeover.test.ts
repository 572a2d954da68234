import {
  type CognitoIdentityProviderClient,
  NotAuthorizedException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { accountHandlers } from '../../../lambdas/features/accounts/handlers.ts';
import { accountStore } from '../../../lambdas/features/accounts/store.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { cognitoUserPool, TokenRevoked } from '../../../lambdas/platform/user-pool.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
});

const aGuardian = async () => someoneWith(world.store, (await anOrganisation(world.store)).id, 'guardian');
const press = async (token: string) =>
  (await world.service.send(`https://vern.test/l/${token}`, { method: 'POST' })).status;
const emailOf = async ({ accountId }: SignedIn) => (await world.records().get(accountRef(accountId)))!.value.email;

describe('a new address that a stolen session asked for', () => {
  async function asked() {
    const someone = await aGuardian();
    const before = await emailOf(someone);
    await world.service.as(someone).changeMyEmail({ body: { email: 'tyv@example.no' } });
    const owner: Owner = { controller: 'operator', subject: someone.accountId };
    return { someone, before, link: await world.tokenTo(owner, 'email-change-confirm') };
  }

  it('is not taken into use once its owner has signed out everywhere', async () => {
    const { someone, before, link } = await asked();
    world.pass(60);
    await world.service.as(someone).signOutEverywhere();
    expect(await press(link)).toBe(404);
    expect(await emailOf(someone)).toBe(before);
    expect(world.pool.addresses.size).toBe(0);
  });

  it('is not taken into use either when both happen in the same second', async () => {
    const { someone, link } = await asked();
    await world.service.as(someone).signOutEverywhere();
    expect(await press(link)).toBe(404);
    expect(world.pool.addresses.size).toBe(0);
  });

  it('may be asked for again after signing in anew', async () => {
    const { someone } = await asked();
    await world.service.as(someone).signOutEverywhere();
    world.pass(5);
    const token = tokenOf({ sub: someone.sub, originJti: 'anew' }, world.store.clock);
    await world.service.as({ token }).changeMyEmail({ body: { email: 'ny@example.no' } });
    const owner: Owner = { controller: 'operator', subject: someone.accountId };
    const notice = (await world.noticesTo(owner)).find(({ address }) => address === 'ny@example.no')!;
    const { token: link } = (notice.content as { parameters: { token: string } }).parameters;
    expect(await press(link)).toBe(200);
    expect(await emailOf(someone)).toBe('ny@example.no');
  });
});

describe('signing out everywhere', () => {
  it('wins over a change of settings at the same moment', async () => {
    const someone = await aGuardian();
    const me = world.service.as(someone);
    await me.getMe();
    const changes = [1, 2, 3].map((number) =>
      me.changeMe({ ifMatch: 1, body: { firstName: `Navn ${number}` } }).catch(() => undefined),
    );
    await Promise.all([me.signOutEverywhere(), ...changes]);
    await expect(me.getMe()).rejects.toMatchObject({ slug: 'not-signed-in' });
  });

  it('does not bring back what a change of settings read before it', async () => {
    const someone = await aGuardian();
    const call = { ...aCall(world.store), records: world.records() };
    const account = { ...call.account!, accountId: someone.accountId };
    const view = await accountStore.view({ ...call, account });
    await world.service.as(someone).signOutEverywhere();
    await expect(
      accountStore.change({ ...view.account, firstName: 'Sen' }, view.version, ['firstName'], { ...call, account }),
    ).rejects.toMatchObject({ slug: 'stale-version' });
    await expect(world.service.as(someone).getMe()).rejects.toMatchObject({ slug: 'not-signed-in' });
  });
});

describe('an open guarded role', () => {
  const list = (administrator: SignedIn, organisationId: Awaited<ReturnType<typeof anOrganisation>>['id']) =>
    world.service.as(administrator).listJoinRequests({ params: { organisationId } });

  it('KP-13 closes at once when the second factor is turned off, and stays closed when another is turned on', async () => {
    const organisation = await anOrganisation(world.store);
    const administrator = await someoneWith(world.store, organisation.id, 'administrator');
    await list(administrator, organisation.id);
    world.pass(1);
    await world.service.as(administrator).turnOffTotp();
    await expect(list(administrator, organisation.id)).rejects.toMatchObject({ slug: 'role-session-required' });
    await world.service.as(administrator).turnOnTotp({ body: { code: '123456' } });
    await expect(list(administrator, organisation.id)).rejects.toMatchObject({ slug: 'role-session-required' });
  });
});

describe('Cognito as it may answer', () => {
  const answering = (error: Error) =>
    cognitoUserPool('eu-west-1_test', {
      send: async () => {
        throw error;
      },
    } as unknown as CognitoIdentityProviderClient);
  const gone = new UserNotFoundException({ message: 'User does not exist.', $metadata: {} });
  const revoked = new NotAuthorizedException({ message: 'Access Token has been revoked', $metadata: {} });

  it('lists no factor for a user that is gone', async () => {
    expect(await answering(gone).hasTotp('sub')).toBe(false);
  });

  it('that takes a token no more makes its bearer sign in again, and is no failure of ours', async () => {
    const pool = answering(revoked);
    await expect(pool.associateTotp('token')).rejects.toBeInstanceOf(TokenRevoked);
    const someone = await aGuardian();
    const call = { ...aCall(world.store), records: world.records() };
    const mine = { ...call, account: { ...call.account!, accountId: someone.accountId } };
    const factors = { ...pool, hasTotp: async () => false };
    const handlers = accountHandlers(accountStore, factors, { version: 'v1', nb: '', en: '' });
    const nothing = { params: undefined, query: undefined, ifMatch: undefined };
    await expect(handlers.beginTotp({ ...nothing, body: undefined }, mine)).rejects.toMatchObject({
      slug: 'not-signed-in',
    });
    await expect(handlers.turnOnTotp({ ...nothing, body: { code: '123456' } }, mine)).rejects.toMatchObject({
      slug: 'not-signed-in',
    });
  });
});
