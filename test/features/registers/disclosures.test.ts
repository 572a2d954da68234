import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { addBlock } from '../../../lambdas/features/people/writes.ts';
import {
  accountDisclosureEntity,
  mayBeKnown,
  personDisclosureEntity,
} from '../../../lambdas/features/registers/disclosure.ts';
import { tickRegisters } from '../../../lambdas/features/registers/tick.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let officer: SignedIn;
let operator: SignedIn;
let params: { organisationId: Awaited<ReturnType<typeof anOrganisation>>['id'] };
let personId: PersonId;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  params = { organisationId: (await anOrganisation(world.store)).id };
  officer = await someoneWith(world.store, params.organisationId, 'privacy-officer');
  operator = await someoneWith(world.store, 'operator', 'platform-operator');
  personId = (await aPerson(world.store, params.organisationId)).id;
});

const handedOut = {
  authority: 'Oslo politidistrikt',
  legalBasis: 'Straffeprosessloven § 210',
  orderReference: '26-123456',
  categories: ['attendance'],
  disclosedAt: '2026-11-22T10:00:00.000Z',
};
const order = () => ({ ...handedOut, subjects: [personId], notice: { state: 'open' as const } });
const secretUntil = (until: string) => ({ state: 'withheld' as const, reason: 'secrecy-order' as const, until });
const api = () => world.as(officer);
const entries = async () =>
  (await world.records().list(personDisclosureEntity, ownerOf(params.organisationId, personId))).items.map(
    ({ value }) => value,
  );

describe('a disclosure on lawful order (CE-10, AT-07, SM-10)', () => {
  it('is recorded with authority, law, order, what, whose, when and by whom', async () => {
    await api().recordDisclosure({ params, body: order() });
    const { items } = (await api().listDisclosures({ params })).body;
    expect(items).toMatchObject([
      { ...handedOut, subjects: [personId], recordedBy: officer.personId, isKnownToSubjects: true },
    ]);
  });

  it('lies in the person’s own partition, where their export finds it (Art. 15)', async () => {
    await api().recordDisclosure({ params, body: order() });
    expect(await entries()).toEqual([handedOut]);
    expect(personDisclosureEntity.exported).toBe('copy');
  });

  it('is neither shown to nor written by whom a block keeps from one of those concerned', async () => {
    const { id } = (await api().recordDisclosure({ params, body: order() })).body;
    const parent = await someoneWith(world.store, params.organisationId, 'administrator');
    const change = world.records().change();
    const block = { personId: parent.personId, basis: 'court-order', since: '2026-01-01' } as const;
    addBlock(change, params.organisationId, personId, block, { block: undefined, link: undefined });
    await change.commit();
    const blocked = world.as(parent);
    expect((await blocked.listDisclosures({ params })).body.items).toEqual([]);
    await expect(blocked.recordDisclosure({ params, body: order() })).rejects.toMatchObject({
      slug: 'person-not-found',
    });
    const told = blocked.changeDisclosureNotice({
      params: { ...params, disclosureId: id },
      body: { state: 'open' },
      ifMatch: 1,
    });
    await expect(told).rejects.toMatchObject({ slug: 'disclosure-not-found' });
    expect((await api().listDisclosures({ params })).body.items).toHaveLength(1);
  });

  it('is recorded about someone who has restricted the use of their data, too (Art. 18(2))', async () => {
    const owner = ownerOf(params.organisationId, personId);
    await world
      .records()
      .change()
      .keys({ do: 'restrict', owner, retentionClass: 'person' })
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    await api().recordDisclosure({ params, body: order() });
    expect(await world.rows('rights', `${params.organisationId}#${personId}`)).toHaveLength(1);
    expect(await entries()).toEqual([]);
  });

  it('is sealed: no row of the register holds a word of it', async () => {
    await api().recordDisclosure({ params, body: order() });
    const { organisationId } = params;
    const rows = [
      ...(await world.rows('rights', `${organisationId}#${organisationId}`)),
      ...(await world.rows('rights', `${organisationId}#${personId}`)),
    ];
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(Buffer.from(row['sealed']?.B ?? []).length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('politidistrikt');
  });

  it('that is secret is nowhere near the person until the last day is over, and then it is', async () => {
    await api().recordDisclosure({ params, body: { ...order(), notice: secretUntil('2026-12-01') } });
    expect(await entries()).toEqual([]);
    expect(await world.rows('rights', `${params.organisationId}#${personId}`)).toEqual([]);
    world.store.clock = new Date('2026-12-01T22:59:59.999Z');
    expect(await tickRegisters(world.clock)).toMatchObject({ disclosuresOpened: 0 });
    expect(await entries()).toEqual([]);
    world.store.clock = new Date('2026-12-01T23:00:00.000Z');
    expect(await tickRegisters(world.clock)).toMatchObject({ disclosuresOpened: 1, failed: 0 });
    expect(await entries()).toEqual([handedOut]);
    expect(await tickRegisters(world.clock)).toMatchObject({ disclosuresOpened: 0 });
    expect(await world.rows('core', 'DISCLOSURES-WITHHELD')).toEqual([]);
  });

  it('stays secret for longer when the order is prolonged, and is shown when the person has been told', async () => {
    const { id: disclosureId } = (
      await api().recordDisclosure({ params, body: { ...order(), notice: secretUntil('2026-12-01') } })
    ).body;
    const change = (body: Parameters<ReturnType<typeof api>['changeDisclosureNotice']>[0]['body'], ifMatch: number) =>
      api().changeDisclosureNotice({ params: { ...params, disclosureId }, body, ifMatch });
    await change(secretUntil('2027-01-31'), 1);
    world.store.clock = new Date('2026-12-15T08:00:00.000Z');
    expect(await tickRegisters(world.clock)).toMatchObject({ disclosuresOpened: 0 });
    expect(await entries()).toEqual([]);
    world.store.clock = new Date('2026-11-23T07:05:00.000Z');
    await change({ state: 'told', at: '2026-11-23T07:00:00.000Z', how: 'Brev.' }, 2);
    expect(await entries()).toEqual([handedOut]);
    // What they may see is not withheld again.
    await expect(change(secretUntil('2027-02-28'), 3)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(change({ state: 'open' }, 2)).rejects.toMatchObject({ slug: 'stale-version' });
  });

  it('that is past its last day of secrecy counts as known, whether or not the clock has been', () => {
    expect(mayBeKnown(secretUntil('2026-12-01'), '2026-12-01')).toBe(false);
    expect(mayBeKnown(secretUntil('2026-12-01'), '2026-12-02')).toBe(true);
  });

  it('names only who is there, and nothing that is still to come; nothing is written otherwise', async () => {
    const refused = {
      'person-not-found': { ...order(), subjects: [anId('per')] },
      'wrong-state': { ...order(), disclosedAt: '2026-11-23T07:00:00.001Z' },
    };
    for (const [slug, body] of Object.entries(refused))
      await expect(api().recordDisclosure({ params, body })).rejects.toMatchObject({ slug });
    expect((await api().listDisclosures({ params })).body.items).toEqual([]);
    const nowhere = { ...params, disclosureId: anId('dis') };
    await expect(
      api().changeDisclosureNotice({ params: nowhere, body: { state: 'open' }, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'disclosure-not-found' });
  });
});

describe('a disclosure about an account', () => {
  const about = () => ({ ...handedOut, subjects: [officer.accountId], notice: secretUntil('2026-12-01') });
  it('is the operator’s, and lies with the account once it may be known', async () => {
    const at = world.as(operator);
    const { id: disclosureId, version } = (await at.recordOperatorDisclosure({ body: about() })).body;
    const owner = accountOwner(officer.accountId);
    const seen = async () => (await world.records().list(accountDisclosureEntity, owner)).items.length;
    expect(await seen()).toBe(0);
    await at.changeOperatorDisclosureNotice({ params: { disclosureId }, body: { state: 'open' }, ifMatch: version });
    expect(await seen()).toBe(1);
    expect((await at.listOperatorDisclosures()).body.items).toMatchObject([{ subjects: [officer.accountId] }]);
    await expect(
      at.changeOperatorDisclosureNotice({ params: { disclosureId }, body: secretUntil('2027-01-01'), ifMatch: 2 }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('names only accounts that are there', async () => {
    const at = world.as(operator);
    await expect(at.recordOperatorDisclosure({ body: { ...about(), subjects: [anId('acc')] } })).rejects.toMatchObject({
      slug: 'account-not-found',
    });
    await expect(
      at.recordOperatorDisclosure({ body: { ...about(), disclosedAt: '2027-01-01T00:00:00.000Z' } }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(
      at.changeOperatorDisclosureNotice({ params: { disclosureId: anId('dis') }, body: { state: 'open' }, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'disclosure-not-found' });
  });
});
