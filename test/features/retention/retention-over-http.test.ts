import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { addBlock } from '../../../lambdas/features/people/writes.ts';
import { legalHoldEntity } from '../../../lambdas/features/requests/hold.ts';
import { retentionHandlers } from '../../../lambdas/features/retention/handlers.ts';
import { retentionRoutes } from '../../../lambdas/features/retention/routes.ts';
import { retentionStore } from '../../../lambdas/features/retention/store.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aHouse, type House } from './world.ts';

let db: TestDynamoDb;
let house: House;
let administrator: SignedIn;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db, { acceptedAgreementVersion: currentAgreementVersion('kindergarten') });
  administrator = await someoneWith(house.store, house.organisationId, 'administrator');
});

const service = () => aService(house.store, retentionRoutes, retentionHandlers(retentionStore));
const as = (who: SignedIn) => service().as({ token: who.token, role: who.role });
const params = () => ({ organisationId: house.organisationId });
const change = (body: object, ifMatch = 1) =>
  as(administrator).changeRetention({ params: params(), body: body as never, ifMatch });
const termOf = async (kept: string) =>
  (await as(administrator).getRetention({ params: params() })).body.terms.find((term) => term.kept === kept);

describe('the terms in force', () => {
  it('are the profile’s, said in both languages, until the organisation decides otherwise', async () => {
    expect(await termOf('person')).toMatchObject({
      length: { months: 6 },
      words: {
        nb: '6 måneder etter at oppholdet eller rollen er slutt',
        en: '6 months after the placement or role ended',
      },
      isAdjustable: true,
    });
    expect(await termOf('invoice')).toMatchObject({ floor: { length: { years: 5 } }, isAdjustable: false });
    expect(await termOf('identified-usage')).toBeUndefined();
  });

  it('are shortened by an administrator, and the next sweep keeps the new term', async () => {
    const groupId = await house.group();
    const childId = await house.person({ placements: [{ groupId, from: '2024-08-01', until: '2026-11-01' }] });
    const { body } = await change({ person: { length: { days: 20 } } });
    expect(body).toMatchObject({ decidedBy: administrator.personId, version: 2 });
    expect(await termOf('attendance')).toMatchObject({ length: { days: 20 } });
    expect(await termOf('person')).toMatchObject({ defaultLength: { months: 6 } });

    house.at('2026-11-21T22:59:59Z');
    expect(await house.sweep()).toMatchObject({ erased: 0 });
    house.at('2026-11-21T23:00:01Z');
    expect(await house.sweep()).toMatchObject({ erased: 1 });
    expect(await house.orders(childId)).toHaveLength(1);
  });

  it('are longer only on a stated basis, which is shown', async () => {
    await expect(change({ person: { length: { months: 7 } } })).rejects.toMatchObject({
      slug: 'term-refused',
      problem: { errors: [{ pointer: '#/body/person', detail: 'Longer than the default needs a `basis`.' }] },
    });
    expect(await termOf('person')).toMatchObject({ length: { months: 6 } });
    await change({ person: { length: { months: 7 }, basis: 'Barnehageloven § 50' } });
    expect(await termOf('person')).toMatchObject({ length: { months: 7 }, basis: 'Barnehageloven § 50' });
  });

  it('are not changed over a version that somebody else has changed, nor without a fresh proof', async () => {
    await change({ photo: { length: { days: 3 } } });
    await expect(change({ photo: { length: { days: 5 } } })).rejects.toMatchObject({ slug: 'stale-version' });
    const stale = { ...administrator, token: tokenOf({ sub: administrator.sub, authTime: 1 }, house.store.now()) };
    await expect(as(stale).changeRetention({ params: params(), body: {}, ifMatch: 2 })).rejects.toMatchObject({
      slug: 'fresh-proof-required',
    });
  });
});

describe('the preview', () => {
  const preview = async (until: string, who = administrator) =>
    (await as(who).previewRetention({ params: params(), query: { until } })).body.items;

  it('says what goes when, by person, and what is held', async () => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2024-08-01', until: '2026-08-31' }];
    const [child, held] = [await house.person({ placements }), await house.person({ placements })];
    await house.person({ placements: [{ groupId, from: '2024-08-01' }] });
    const id = anId('hld');
    const owner = ownerOf(house.organisationId, held);
    const by = administrator.personId;
    await house
      .records()
      .change()
      .put(
        { entity: legalHoldEntity, owner, key: id },
        { id, personId: held, basis: 'court-order', since: '2026-09-01T08:00:00.000Z', by },
        'new',
      )
      .activity({ event: 'hold.set', subject: owner })
      .commit();

    expect(await preview('2026-09-30')).toEqual([]);
    const photo = { retentionClass: 'photo', on: '2026-10-01' };
    expect(await preview('2026-10-01')).toEqual([
      { personId: child, kind: 'child', lastDay: '2026-08-31', goes: [photo], isHeld: false },
      { personId: held, kind: 'child', lastDay: '2026-08-31', goes: [photo], isHeld: true },
    ]);
    expect((await preview('2027-03-01'))[0]).toMatchObject({ goes: [photo, { on: '2027-03-01' }] });
  });

  it('leaves out whoever a block keeps from the caller, and whoever has come back', async () => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2024-08-01', until: '2026-08-31' }];
    const [blocked, back] = [await house.person({ placements }), await house.person({ placements })];
    const staffId = await house.person({ kind: 'staff' });
    const caller = await someoneWith(house.store, house.organisationId, 'privacy-officer', { personId: staffId });
    const block = house.records().change();
    addBlock(
      block,
      house.organisationId,
      blocked,
      { personId: staffId, basis: 'court-order', since: '2026-01-01' },
      { block: undefined, link: undefined },
    );
    await block.commit();
    await house.role(back, 'member', { validFrom: '2026-01-01' });
    expect(await preview('2027-03-01', caller)).toEqual([]);
    expect((await preview('2027-03-01')).map(({ personId }) => personId)).toEqual([blocked]);
  });

  it('is read page by page', async () => {
    const groupId = await house.group();
    const placements = [{ groupId, from: '2024-08-01', until: '2026-08-31' }];
    for (let i = 0; i < 3; i++) await house.person({ placements });
    const read = (cursor?: string) =>
      as(administrator).previewRetention({
        params: params(),
        query: { until: '2027-03-01', limit: 2, ...(cursor !== undefined && { cursor }) },
      });
    const first = (await read()).body;
    expect(first.items).toHaveLength(2);
    expect((await read(first.next)).body.items).toHaveLength(1);
  });

  it('is not for staff', async () => {
    const staff = await someoneWith(house.store, house.organisationId, 'staff');
    await expect(preview('2027-03-01', staff)).rejects.toMatchObject({ slug: 'not-allowed' });
  });
});
