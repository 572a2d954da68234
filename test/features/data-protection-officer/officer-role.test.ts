import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../../lambdas/access/rules.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someoneWith } from '../../support/service.ts';
import { aWorld } from '../organisations/world.ts';

let dynamoDb: TestDynamoDb;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());

describe('the data-protection officer’s role (KP-17, GDPR Art. 38)', () => {
  it('opens the channel and nothing else, and nobody else opens that', () => {
    const officers = Object.entries(rules).filter(([, one]) =>
      one.some(({ role }) => role === 'platform-data-protection-officer'),
    );
    expect(officers.map(([action]) => action)).toEqual(['dpo:answer']);
    expect(rules['dpo:answer']).toEqual([{ role: 'platform-data-protection-officer', within: 'organisation' }]);
  });

  it.each([
    ['platform-data-protection-officer', 'platform-support'],
    ['platform-support', 'platform-data-protection-officer'],
  ] as const)('is not held together with another at the operator: %s, then %s', async (first, second) => {
    const world = await aWorld(dynamoDb);
    const manager = await someoneWith(world.store, 'operator', 'platform-operator');
    const invite = (role: typeof first | typeof second) =>
      world.as(manager).invitePlatformStaff({ body: { email: 'ombud@vern.example', language: 'nb', role } });
    const { body } = await invite(first);
    await expect(invite(second)).rejects.toMatchObject({ slug: 'wrong-state' });
    await world.as(manager).endPlatformRole({ params: { roleId: body.roleId } });
    expect((await invite(second)).body.role).toBe(second);
  });
});
