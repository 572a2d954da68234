import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleSessionRef } from '../../../lambdas/features/access/role.ts';
import { agreementEndHandlers } from '../../../lambdas/features/agreement-end/handlers.ts';
import { agreementEndRoutes } from '../../../lambdas/features/agreement-end/routes.ts';
import { agreementEndStore } from '../../../lambdas/features/agreement-end/store.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { agreementAcceptanceRef } from '../../../lambdas/features/organisations/agreement-acceptance.ts';
import { agreementHashes } from '../../../lambdas/features/organisations/agreement-hashes.ts';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { organisationRef } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { ErasureId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aHouse, type House } from '../retention/world.ts';

let db: TestDynamoDb;
let house: House;
let administrator: SignedIn;
const version = currentAgreementVersion('kindergarten');
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db, {
    acceptedAgreementVersion: version,
    servicePeriod: { from: '2026-01-01', until: '2026-12-31' },
  });
  const personId = await house.person({ kind: 'staff', email: 'styrer@example.no' });
  administrator = await someoneWith(house.store, house.organisationId, 'administrator', { personId });
});

const as = (who: SignedIn) =>
  aService(house.store, agreementEndRoutes, agreementEndHandlers(agreementEndStore)).as({
    token: tokenOf({ sub: who.sub }, house.store.now()),
    role: who.role,
  });
/** The role stood open for half an hour. */
async function reopen(): Promise<void> {
  const now = house.store.now();
  const expiresAt = new Date(now.getTime() + 30 * 60_000);
  const ref = roleSessionRef(administrator.accountId, `origin-${administrator.sub}`, administrator.role);
  await house
    .records()
    .change()
    .put(ref, { openedAt: now.toISOString(), expiresAt: expiresAt.toISOString() }, 'new', {
      expiresAtEpochSeconds: Math.floor(expiresAt.getTime() / 1000),
    })
    .activity({ event: 'test.prepared', subject: ref.owner })
    .commit();
}
const params = () => ({ organisationId: house.organisationId });
const choose = (choice: 'return' | 'deletion', ifMatch = 1) =>
  as(administrator).chooseAgreementEnd({ params: params(), body: { choice }, ifMatch });
const read = async () => (await as(administrator).getAgreementEnd({ params: params() })).body;
const told = async (owner: Owner = ownerOf(house.organisationId, administrator.personId)) =>
  (await house.records().list(noticeEntity, owner)).items.map(({ value }) => value.content);
const ordered = async (subject: string) => {
  const { items } = await house.records().pointers('rights', 'ERASURES');
  return items.filter(({ attributes }) => attributes?.['subject'] === subject);
};

describe('the choice', () => {
  it('is return or deletion, kept with who chose and when, and can be changed', async () => {
    expect(await read()).toEqual({
      endsOn: '2026-12-31',
      agreementErasedOn: '2027-02-01',
      deletedOn: '2027-04-01',
      version: 1,
    });
    const { body } = await choose('return');
    expect(body).toMatchObject({ choice: 'return', chosenBy: administrator.personId, version: 2 });
    await choose('deletion', 2);
    expect(await read()).toMatchObject({ choice: 'deletion', deletedOn: '2027-01-01', version: 3 });
    await expect(choose('return', 2)).rejects.toMatchObject({ slug: 'stale-version' });
  });

  it('needs an agreement that ends', async () => {
    const records = house.records();
    const before = (await records.get(organisationRef(house.organisationId)))!;
    const { servicePeriod: _, ...organisation } = before.value;
    await records
      .change()
      .put(before.ref, organisation, { version: before.version })
      .activity({ event: 'test.prepared', subject: before.ref.owner })
      .commit();
    expect(await read()).toEqual({ version: 1 });
    await expect(choose('return')).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('is made by an administrator who has just signed in', async () => {
    const stale = {
      token: tokenOf({ sub: administrator.sub, authTime: 1 }, house.store.now()),
      role: administrator.role,
    };
    const service = aService(house.store, agreementEndRoutes, agreementEndHandlers(agreementEndStore)).as(stale);
    await expect(
      service.chooseAgreementEnd({ params: params(), body: { choice: 'return' }, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'fresh-proof-required' });
    expect(await read()).not.toHaveProperty('choice');
  });
});

describe('the end of an agreement', () => {
  it('is told before it comes, with the days', async () => {
    house.at('2026-12-01T02:15:00Z');
    expect(await house.sweep()).toMatchObject({ failed: 0, lines: [] });
    expect(await told()).toEqual([
      {
        template: 'agreement-ends',
        parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01', agreementErasedOn: '2027-02-01' },
      },
    ]);
    await house.sweep();
    expect(await told()).toHaveLength(1);
  });

  it('takes what we are controller for after a month, and not a second before (KP-10)', async () => {
    house.at('2027-01-31T22:59:59Z');
    await house.sweep();
    expect(await ordered(house.organisationId)).toEqual([]);
    house.at('2027-01-31T23:00:01Z');
    expect(await house.sweep()).toMatchObject({ failed: 0, lines: [] });
    const [order] = await ordered(house.organisationId);
    expect(order?.attributes).toMatchObject({ controller: 'operator' });
    const holder = { controller: 'operator', subject: house.organisationId } as const;
    expect((await house.records().get(erasureRef({ id: order!.sk as ErasureId, holder })))?.value).toMatchObject({
      cause: 'agreement-end',
      retentionClasses: ['agreement'],
    });
  });

  it('takes everything after 90 days, announced the day before, and word of it goes to an address that was kept', async () => {
    house.at('2027-03-31T02:15:00Z');
    await house.sweep();
    expect(await told()).toContainEqual({
      template: 'agreement-deletion',
      parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01' },
    });
    house.at('2027-03-31T21:59:59Z');
    expect(await house.sweep()).toMatchObject({ erased: 0 });
    house.at('2027-03-31T22:00:01Z');
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0, lines: [] });
    const whole = (await ordered(house.organisationId)).find(
      ({ attributes }) => attributes?.['controller'] === house.organisationId,
    );
    expect(whole).toBeDefined();
    await reopen();
    await expect(choose('return', (await read()).version)).rejects.toMatchObject({ slug: 'wrong-state' });

    const [ending] = (await house.records().pointers('core', 'operator#ENDING')).items;
    const to = { controller: 'operator', subject: ending!.attributes!['requestId'] as never } as const;
    await house.sweep();
    expect(await told(to)).toEqual([]);
    // As the erasure worker leaves it when it is at its end.
    await house.records().change().unpoint(whole!).activity({ event: 'test.erased', subject: to }).commit();
    house.at('2027-04-02T01:15:00Z');
    expect(await house.sweep()).toMatchObject({ failed: 0, lines: [] });
    expect(await told(to)).toEqual([
      { template: 'agreement-data-gone', parameters: { at: '2027-04-02T01:15:00.000Z' } },
    ]);
    house.at('2027-05-03T01:15:00Z');
    expect(await house.sweep()).toMatchObject({ shredded: 1, failed: 0, lines: [] });
  });

  it('takes everything three days after deletion was chosen', async () => {
    house.at('2027-01-10T12:00:00Z');
    await reopen();
    await choose('deletion');
    house.at('2027-01-12T02:15:00Z');
    await house.sweep();
    expect(await told()).toContainEqual(expect.objectContaining({ template: 'agreement-deletion' }));
    house.at('2027-01-12T23:00:01Z');
    expect(await house.sweep()).toMatchObject({ erased: 1, failed: 0 });
  });
});

describe('the agreements', () => {
  it('can be fetched: every version that was accepted, and for when the service is agreed (AT-17)', async () => {
    const acceptance = {
      version,
      at: '2026-01-02T08:00:00.000Z',
      personId: administrator.personId,
      accountId: administrator.accountId,
      hashes: agreementHashes(house.organisation),
    };
    const ref = agreementAcceptanceRef(house.organisationId, version);
    await house
      .records()
      .change()
      .put(ref, acceptance, 'new')
      .activity({ event: 'agreement.accepted', subject: ref.owner })
      .commit();
    expect((await as(administrator).listAgreements({ params: params() })).body).toEqual({
      servicePeriod: { from: '2026-01-01', until: '2026-12-31' },
      dataProcessing: [{ ...acceptance, isCurrent: true }],
    });
  });
});
