import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readOpsCommand } from '../../../bin/ops.ts';
import {
  inviteFirstAdministrator,
  OperatorCommand,
} from '../../../lambdas/features/platform-staff/first-administrator.ts';
import { platformStore } from '../../../lambdas/features/platform-staff/store.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';
import { aDirectory } from '../organisations/world.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let directory: ReturnType<typeof aDirectory>;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  // A fresh deployment: not even the operator has keys.
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), []);
  directory = aDirectory();
});

const command = (email = 'drift@vern.example') => ({ command: 'first-administrator', email, language: 'nb' }) as const;
const run = (email?: string, by = directory) => inviteFirstAdministrator(command(email), by, aCall(store));
const staff = () => platformStore.staff(aCall(store));

describe('the first administrator of a fresh deployment', () => {
  it('gets the operator’s keys made, an account and the role of a platform operator', async () => {
    expect(await run()).toMatchObject({ outcome: 'invited' });
    expect(await staff()).toMatchObject([
      { role: { role: 'platform-operator', state: 'active' }, email: 'drift@vern.example' },
    ]);
  });

  it('is the first once: a second is refused before Cognito is asked', async () => {
    await run();
    expect(await run('annen@vern.example')).toEqual({ outcome: 'refused', reason: 'a-platform-operator-exists' });
    expect([...directory.subs.keys()]).toEqual(['drift@vern.example']);
    expect(await staff()).toHaveLength(1);
  });

  it('is invited when the run before was cut off after Cognito had made the user', async () => {
    const cutOff = {
      ...directory,
      async invite(email: string) {
        await directory.invite(email);
        throw new Error('cut off');
      },
    };
    await expect(run(undefined, cutOff)).rejects.toThrow('cut off');
    expect(await staff()).toEqual([]);
    expect(await run()).toMatchObject({ outcome: 'invited' });
    expect(await staff()).toHaveLength(1);
  });

  it('is one also when two consoles run at once', async () => {
    const outcomes = await Promise.all([run('en@vern.example'), run('to@vern.example')]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['invited', 'refused']);
    expect(await staff()).toHaveLength(1);
  });
});

describe('the operator’s console', () => {
  it.each([
    ['an unknown command', { ...command(), command: 'drop-everything' }],
    ['an unknown field', { ...command(), force: true }],
    ['no address', { ...command(), email: 'drift' }],
    ['another language', { ...command(), language: 'sv' }],
    ['nothing', undefined],
  ])('takes %s for no command', (_, event) => {
    expect(OperatorCommand.safeParse(event).success).toBe(false);
  });

  it('invokes the function of the stage, dev where none is named', () => {
    const args = ['first-administrator', '--email', 'drift@vern.example', '--language', 'nb'];
    expect(readOpsCommand(args)).toEqual({ functionName: 'vern-dev-ops', stateDir: undefined, event: command() });
    expect(readOpsCommand([...args, '--stage', 'prod', '--state', '.vern'])).toMatchObject({
      functionName: 'vern-prod-ops',
      stateDir: '.vern',
    });
  });

  it.each([
    [[]],
    [['erase-everything']],
    [['first-administrator', '--language', 'nb']],
    [['first-administrator', '--email', 'a@b.example', '--language', 'sv']],
    [['first-administrator', '--email', 'a@b.example', '--language', 'nb', '--stage', 'Prod;rm']],
    [['first-administrator', '--email', 'a@b.example', '--language', 'nb', '--force']],
  ])('refuses %j', (args) => {
    expect(() => readOpsCommand(args)).toThrow();
  });
});
