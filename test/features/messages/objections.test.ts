import { afterAll, beforeAll, expect, it } from 'vitest';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall } from '../../support/store.ts';
import { aHouse } from './house.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

it.each(['message-thread', 'thread-message'])(
  'one who objects to what is kept as %s closes a conversation for nobody else, and gets nothing more of it',
  async (entity) => {
    const house = await aHouse(db);
    const groupId = await house.group();
    const childId = await house.child(groupId);
    const [siri, mother, father] = [
      await house.staff(groupId),
      await house.guardian(childId),
      await house.guardian(childId, { relation: 'father' }),
    ];
    const body = { subject: 'Regntøy', text: 'Hun trenger nye støvler.' };
    const { items } = (await house.as(siri).beginThread({ params: house.of(childId), body })).body;
    const params = { ...house.of(childId), threadId: items[0]!.id };

    const owner = ownerOf(house.organisationId, mother.personId);
    await aCall(house.store)
      .records.change()
      .keys({ do: 'refuse', owner, retentionClass: 'daily-life', entity })
      .ledger({ kind: 'objection', subject: owner })
      .activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) })
      .commit();

    await house.as(father).reply({ params, body: { text: 'Vi tar dem med.', toAll: true } });
    const [newest] = (await house.as(siri).listMessages({ params, query: {} })).body.items;
    expect(newest).toMatchObject({ text: 'Vi tar dem med.', by: { personId: father.personId } });
    await house.as(siri).markRead({ params, body: { messageId: newest!.id } });
    await house.as(siri).reply({ params, body: { text: 'Takk.' } });
    expect((await house.notices(mother.personId)).length).toBe(1);
  },
);
