import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aHouse } from './house.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

it.each([
  // Homes of the child, guardians in each, and colleagues who get it too.
  { homes: 7, guardians: 1, colleagues: 0, isTaken: true },
  { homes: 4, guardians: 1, colleagues: 2, isTaken: true },
  { homes: 1, guardians: 2, colleagues: 7, isTaken: true },
  { homes: 6, guardians: 1, colleagues: 1, isTaken: false },
  { homes: 6, guardians: 2, colleagues: 0, isTaken: false },
])(
  'what goes to $homes homes of $guardians and to $colleagues colleagues fits a transaction, or is refused in words',
  async ({ homes, guardians, colleagues, isTaken }) => {
    const house = await aHouse(db);
    const groupId = await house.group();
    const childId = await house.child(groupId);
    const siri = await house.staff(groupId);
    for (let n = 0; n < colleagues; n++) await house.staff(groupId, 'staff', 'Ola');
    for (let home = 0; home < homes; home++) {
      for (let n = 0; n < guardians; n++) {
        await house.guardian(childId, { livesWith: true }, { address: `Stien ${home}`, postcode: '0001' });
      }
    }
    const body = { subject: 'Regntøy', text: 'Hun trenger nye støvler.', withTeam: colleagues > 0 };
    const begun = house.as(siri).beginThread({ params: house.of(childId), body });
    if (isTaken) expect((await begun).body.items).toHaveLength(homes);
    else await expect(begun).rejects.toMatchObject({ slug: 'too-many' });
  },
);
