import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Organisation, organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { pointAll, pointCode } from '../../../lambdas/features/organisations/store.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
import { aWorld, type World } from './world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await anOrganisation(world.store);
  const change = world.records().change();
  pointAll(change, organisation);
  pointCode(change, organisation.id, 'SKBAKKE2');
  await change
    .activity({ event: 'code.made', subject: { controller: organisation.id, subject: organisation.id } })
    .commit();
  administrator = await someoneWith(world.store, organisation.id, 'administrator');
});

const inOrg = () => ({ organisationId: organisation.id });
const admin = () => world.as(administrator);
const organisationOfCode = async (code: string) =>
  (await world.records().pointersAt([organisationPointers.code(code)]))[0]?.attributes?.['organisationId'];

describe('an organisation', () => {
  it('is read by everyone with a role in it, without the dates of its customer agreement (KP-16)', async () => {
    const guardian = await someoneWith(world.store, organisation.id, 'guardian', { scope: { kind: 'organisation' } });
    const { body, etag } = await world.as(guardian).getOrganisation({ params: inOrg() });
    expect(body).toMatchObject({ id: organisation.id, name: 'Solbakken barnehage', version: 1 });
    expect(body).not.toHaveProperty('servicePeriod');
    expect(etag).toBe('"1"');
  });

  it('is not there for an outsider', async () => {
    const other = await anOrganisation(world.store);
    const outsider = await someoneWith(world.store, other.id, 'administrator');
    await expect(world.as(outsider).getOrganisation({ params: inOrg() })).rejects.toMatchObject({ status: 404 });
  });

  it('changes by what is named, and where the clocks find it the zone follows', async () => {
    const body = { name: 'Solbakken', timeZone: 'Atlantic/Reykjavik', notArrivedAfterMinutes: 45 };
    const changed = await admin().changeOrganisation({ params: inOrg(), body, ifMatch: 1 });
    expect(changed.body).toMatchObject({ ...body, language: 'nb', profile: 'kindergarten', version: 2 });
    const [pointer] = await world.records().pointersAt([organisationPointers.all(organisation.id)]);
    expect(pointer?.attributes).toEqual({ timeZone: 'Atlantic/Reykjavik' });
    expect(await world.events(organisation.id, organisation.id)).toContain('organisation.changed');
  });

  it('does not change over a version that was not read, and says which profile it has to nobody', async () => {
    await admin().changeOrganisation({ params: inOrg(), body: { name: 'A' }, ifMatch: 1 });
    const before = await world.written();
    await expect(
      admin().changeOrganisation({ params: inOrg(), body: { name: 'B' }, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'stale-version' });
    const profile = { profile: 'safety' } as unknown as { name: string };
    await expect(admin().changeOrganisation({ params: inOrg(), body: profile, ifMatch: 2 })).rejects.toMatchObject({
      slug: 'malformed-request',
    });
    expect(await world.written()).toEqual(before);
  });

  it('is left as it is by a member of staff', async () => {
    const staff = await someoneWith(world.store, organisation.id, 'staff');
    const before = await world.written();
    await expect(
      world.as(staff).changeOrganisation({ params: inOrg(), body: { name: 'X' }, ifMatch: 1 }),
    ).rejects.toMatchObject({ slug: 'not-allowed' });
    expect(await world.written()).toEqual(before);
  });
});

describe('the code of an organisation (CE-01)', () => {
  it('is replaced, and the one before finds nothing any more', async () => {
    expect((await admin().getOrganisationCode({ params: inOrg() })).body).toEqual({ code: 'SKBAKKE2' });
    const { code } = (await admin().renewOrganisationCode({ params: inOrg() })).body;
    expect(code).not.toBe('SKBAKKE2');
    expect((await admin().getOrganisationCode({ params: inOrg() })).body).toEqual({ code });
    expect(await organisationOfCode('SKBAKKE2')).toBeUndefined();
    expect(await organisationOfCode(code)).toBe(organisation.id);
  });

  it('is one code also when it is replaced several times at once', async () => {
    const renewals = await Promise.allSettled(
      Array.from({ length: 4 }, () => admin().renewOrganisationCode({ params: inOrg() })),
    );
    const codes = renewals.flatMap((renewal) => (renewal.status === 'fulfilled' ? [renewal.value.body.code] : []));
    const { code } = (await admin().getOrganisationCode({ params: inOrg() })).body;
    const found = await Promise.all(codes.map(organisationOfCode));
    expect(codes.filter((_, i) => found[i] !== undefined)).toEqual([code]);
  });

  it('is kept from whoever only works there', async () => {
    const staff = await someoneWith(world.store, organisation.id, 'staff');
    await expect(world.as(staff).getOrganisationCode({ params: inOrg() })).rejects.toMatchObject({ status: 403 });
  });
});
