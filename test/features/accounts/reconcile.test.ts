import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { reconcileFactors } from '../../../lambdas/features/accounts/reconcile.ts';
import { systemCall } from '../../../lambdas/functions/container.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
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

const anAdministrator = async () => someoneWith(world.store, (await anOrganisation(world.store)).id, 'administrator');
const believesInTotp = async ({ accountId }: SignedIn) =>
  (await world.records().get(accountRef(accountId)))?.value.totpOnSince !== undefined;

/** The pool's users in pages of two. */
const aDirectory = (subs: string[], hasTotp: (sub: string) => Promise<boolean>) => ({
  async users(after = '0') {
    const from = Number(after);
    const next = from + 2 < subs.length ? { next: String(from + 2) } : {};
    return { subs: subs.slice(from, from + 2), ...next };
  },
  hasTotp,
});
const reconcile = (directory: ReturnType<typeof aDirectory>) =>
  reconcileFactors(directory, () => systemCall(world.store, 'reconcile', 'test'));

describe('the reconciliation with Cognito', () => {
  it('KP-13 takes back a factor that went behind our back, on every page, and leaves the others', async () => {
    const people = [await anAdministrator(), await anAdministrator(), await anAdministrator()] as const;
    const [kept, , gone] = people;
    const subs = [...people.map(({ sub }) => sub), 'nobody-of-ours'];
    const seen = await reconcile(aDirectory(subs, async (sub) => sub !== gone.sub));
    expect(seen).toEqual({ users: 4, corrected: 1, unknown: 1, failed: 0 });
    expect([await believesInTotp(kept), await believesInTotp(gone)]).toEqual([true, false]);
  });

  it('goes on past whom it cannot look at, and says so', async () => {
    const [first, second] = [await anAdministrator(), await anAdministrator()];
    const directory = aDirectory([first.sub, second.sub], async (sub) => {
      if (sub === first.sub) throw new Error('throttled');
      return false;
    });
    expect(await reconcile(directory)).toEqual({ users: 2, corrected: 1, unknown: 0, failed: 1 });
    expect([await believesInTotp(first), await believesInTotp(second)]).toEqual([true, false]);
  });

  it('KP-12 knows no account any more where its key is a fence, and writes nothing', async () => {
    const erased = await anAdministrator();
    const Item = { pk: { S: `operator#${erased.accountId}` }, sk: { S: 'CLASS#account' }, state: { S: 'ERASED' } };
    await db.client.send(new PutItemCommand({ TableName: world.store.tableNames.keys, Item }));
    const seen = await reconcile(aDirectory([erased.sub], async () => false));
    expect(seen).toMatchObject({ corrected: 0, unknown: 1, failed: 0 });
  });
});
