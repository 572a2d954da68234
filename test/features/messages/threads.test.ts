import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import type { SignedIn } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aHouse, type House } from './house.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aHouse(db);
});
afterAll(() => db.stop());

const refused = (slug: string) => ({ name: 'ProblemError', slug });

/** A child with its group, two of the staff, and a mother and a father who live together. */
async function aFamily() {
  const groupId = await house.group();
  const childId = await house.child(groupId);
  const [siri, ola] = [await house.staff(groupId), await house.staff(groupId, 'staff', 'Ola')];
  const mother = await house.guardian(childId);
  const father = await house.guardian(childId, { relation: 'father' }, { firstName: 'Per' });
  return { groupId, childId, siri, ola, mother, father, of: house.of(childId) };
}
type Family = Awaited<ReturnType<typeof aFamily>>;

async function begun(family: Family, by: SignedIn, body: object = {}) {
  const written = { subject: 'Regntøy', text: 'Hun trenger nye støvler.', ...body };
  const { items } = (await house.as(by).beginThread({ params: family.of, body: written })).body;
  return items.map(({ id }) => ({ ...family.of, threadId: id }));
}
const textsOf = async (someone: SignedIn, params: Awaited<ReturnType<typeof begun>>[number]) =>
  (await house.as(someone).listMessages({ params, query: {} })).body.items.map(({ text }) => text);

describe('a conversation', () => {
  it('that staff begin is read by the guardians of the home, who answer the sender alone unless they say otherwise', async () => {
    const family = await aFamily();
    const { siri, ola, mother, father } = family;
    const [thread] = await begun(family, siri, { withTeam: true });
    expect(await textsOf(mother, thread!)).toEqual(['Hun trenger nye støvler.']);
    expect(await textsOf(ola, thread!)).toEqual(['Hun trenger nye støvler.']);

    await house.as(mother).reply({ params: thread!, body: { text: 'Til deg.' } });
    expect((await textsOf(siri, thread!))[0]).toBe('Til deg.');
    for (const other of [ola, father]) expect(await textsOf(other, thread!)).toHaveLength(1);

    await house.as(father).reply({ params: thread!, body: { text: 'Til alle.', toAll: true } });
    for (const one of [siri, ola, mother]) expect((await textsOf(one, thread!))[0]).toBe('Til alle.');
  });
});
void anId;
void refused;
