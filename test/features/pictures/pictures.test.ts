import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GuardianRights, RoleName } from '../../../lambdas/access/roles.ts';
import { organisationEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
} from '../../../lambdas/features/people/person.ts';
import { pictureHandlers } from '../../../lambdas/features/pictures/handlers.ts';
import { PICTURE_BYTES_MAX, pictureRef } from '../../../lambdas/features/pictures/picture.ts';
import { pictureRoutes } from '../../../lambdas/features/pictures/routes.ts';
import { pictureStore } from '../../../lambdas/features/pictures/store.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { exif, GPS_SECRET, jpeg, png, pngChunk, vp8, vp8x, webp, webpChunk } from './samples.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let leader: Client<typeof pictureRoutes>;
let emil: PersonRecord;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
  leader = await as('leader');
  emil = await aPerson(store, organisationId);
});

const service = () => aService(store, pictureRoutes, pictureHandlers(pictureStore));
async function as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}, where = organisationId) {
  return service().as(await someoneWith(store, where, role, wanted));
}
const of = (personId: PersonId, where = organisationId) => ({ organisationId: where, personId });
const refused = (slug: string, more: object = {}) => ({ name: 'ProblemError', slug, ...more });

const types = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;
const picture = (kind: keyof typeof types, content: Buffer) => ({
  contentType: types[kind],
  content: content.toString('base64'),
});
const plain = picture('jpeg', jpeg());
const put = (client: Client<typeof pictureRoutes>, personId: PersonId, body = plain, ifMatch: string | number = 1) =>
  client.putPicture({ params: of(personId), ifMatch, body });
const octetsOf = async (client: Client<typeof pictureRoutes>, personId: PersonId) =>
  Buffer.from((await client.getPicture({ params: of(personId) })).body.content);
const noPicture = (personId: PersonId, version = 1) =>
  expect(leader.getPicture({ params: of(personId) })).rejects.toMatchObject(
    refused('picture-not-found', { status: 404, problem: { version } }),
  );

/** Someone linked to the child, signed in as a guardian. */
async function guardianOf(childId: PersonId, rights: GuardianRights) {
  const { id: guardianId } = await aPerson(store, organisationId, { kind: 'guardian', firstName: 'Kari' });
  const link = { guardianId, relation: 'mother', rights, livesWith: true, from: '2026-08-17' } as const;
  const owner = ownerOf(organisationId, childId);
  await aCall(store)
    .records.change()
    .put({ entity: guardianLinkEntity, owner, key: guardianId }, link, 'new')
    .activity({ event: 'guardian.linked', subject: owner })
    .commit();
  return {
    guardianId,
    client: await as('guardian', { personId: guardianId, scope: { kind: 'person', id: guardianId } }),
  };
}

/** The rows of one partition, as they lie there. */
async function rowsOf(table: 'core' | 'keys' | 'activity', subject: PersonId) {
  const { Items = [] } = await dynamoDb.client.send(
    new QueryCommand({
      TableName: store.tableNames[table],
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${organisationId}#${subject}` } },
    }),
  );
  return Items;
}

describe('a picture, over HTTP', () => {
  it('is put, seen, replaced by version and removed (FW-02, KP-04)', async () => {
    await noPicture(emil.id);
    const first = await put(leader, emil.id);
    expect(first).toMatchObject({ etag: '"2"', body: { contentType: 'image/jpeg', bytes: jpeg().length, version: 2 } });
    expect(await octetsOf(leader, emil.id)).toEqual(jpeg());

    for (const ifMatch of [1, 3]) {
      await expect(put(leader, emil.id, picture('png', png()), ifMatch)).rejects.toMatchObject(
        refused('stale-version'),
      );
    }
    expect(await octetsOf(leader, emil.id)).toEqual(jpeg());
    await put(leader, emil.id, picture('png', png()), first.etag!);
    expect(await octetsOf(leader, emil.id)).toEqual(png());

    const stale = leader.removePicture({ params: of(emil.id), ifMatch: 2 });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    expect((await leader.removePicture({ params: of(emil.id), ifMatch: 3 })).status).toBe(204);
    await noPicture(emil.id, 4);
    const again = leader.removePicture({ params: of(emil.id), ifMatch: 4 });
    await expect(again).rejects.toMatchObject(refused('picture-not-found'));
  });

  it('never gets a version that an earlier one had, and leaves no image behind when it is removed', async () => {
    await put(leader, emil.id);
    await leader.removePicture({ params: of(emil.id), ifMatch: 2 });
    const left = await aCall(store).records.get(pictureRef(organisationId, emil.id));
    expect(left?.value).toEqual({});
    await expect(put(leader, emil.id, plain, 1)).rejects.toMatchObject(refused('stale-version'));
    expect((await put(leader, emil.id, plain, 3)).etag).toBe('"4"');
  });

  it('is put once by two who both saw none', async () => {
    const both = await Promise.allSettled([put(leader, emil.id), put(leader, emil.id, picture('png', png()))]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused('stale-version') });
  });

  it('is not kept of someone who was removed while it was on its way', async () => {
    const sitter = { ...of(anId('per')), profile: 'kindergarten', kind: 'child', picture: undefined } as const;
    await expect(pictureStore.save(sitter, plain, aCall(store))).rejects.toMatchObject({ slug: 'person-not-found' });
    expect(await rowsOf('core', sitter.personId)).toEqual([]);
  });

  it('is answered as itself: not stored, not guessed, in a sandbox, with its version', async () => {
    await put(leader, emil.id, picture('webp', webp(vp8())));
    const { headers, body, etag } = await leader.getPicture({ params: of(emil.id) });
    expect([body.contentType, etag]).toEqual(['image/webp', '"2"']);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'; sandbox"),
    });
    const { token, role } = await someoneWith(store, organisationId, 'leader');
    const url = `https://vern.test/v1/organisations/${organisationId}/people/${emil.id}/picture`;
    const asked = { authorization: `Bearer ${token}`, 'vern-role': role };
    const known = (version: string) =>
      service().send(url, { method: 'GET', headers: { ...asked, 'if-none-match': version } });
    expect([(await known('"2"')).status, (await known('"1"')).status]).toEqual([304, 200]);
  });

  it('keeps nothing that tells place or camera', async () => {
    const withPlace = [
      [picture('jpeg', jpeg({ extra: [exif] })), jpeg()],
      [picture('png', png({ extra: [pngChunk('tEXt', `Location\0${GPS_SECRET}`)] })), png()],
      [picture('webp', webp(vp8x(0x08), vp8(), webpChunk('EXIF', GPS_SECRET))), webp(vp8())],
    ] as const;
    for (const [i, [body, kept]] of withPlace.entries()) {
      expect(Buffer.from(body.content, 'base64').includes(GPS_SECRET)).toBe(true);
      await put(leader, emil.id, body, i + 1);
      expect(await octetsOf(leader, emil.id)).toEqual(kept);
    }
  });

  it('is sealed, under a key of its own term: one month, whatever else is kept about the child', async () => {
    await put(leader, emil.id, picture('png', png()));
    const [core, keys] = await Promise.all([rowsOf('core', emil.id), rowsOf('keys', emil.id)]);
    const row = core.find(({ sk }) => sk?.S === 'PICTURE');
    expect(row?.['retentionClass']).toEqual({ S: 'photo' });
    expect(Object.keys(row ?? {}).sort()).toEqual(['pk', 'retentionClass', 'schemaVersion', 'sealed', 'sk', 'version']);
    expect(Buffer.from(row?.['sealed']?.B ?? []).includes('iVBOR')).toBe(false);
    expect(keys.map(({ sk }) => sk?.S)).toContain('CLASS#photo');
  });

  it('is as large as it may be, and no larger', async () => {
    const ofBytes = (bytes: number) =>
      picture('jpeg', jpeg({ coded: Buffer.alloc(bytes - jpeg({ coded: Buffer.alloc(0) }).length) }));
    expect((await put(leader, emil.id, ofBytes(PICTURE_BYTES_MAX))).body.bytes).toBe(PICTURE_BYTES_MAX);
    expect(await octetsOf(leader, emil.id)).toHaveLength(PICTURE_BYTES_MAX);
    for (const body of [ofBytes(PICTURE_BYTES_MAX + 1), picture('png', png({ width: 5000 }))]) {
      await expect(put(leader, emil.id, body, 2)).rejects.toMatchObject(refused('picture-too-large', { status: 413 }));
    }
  });

  it('is refused when it is no base64, no picture, or another than it says; nothing is written', async () => {
    const jpegSaidPng = { ...plain, contentType: 'image/png' } as const;
    for (const body of [jpegSaidPng, picture('png', Buffer.from('<svg/>')), { ...plain, content: '' }]) {
      await expect(put(leader, emil.id, body)).rejects.toMatchObject(refused('not-a-picture', { status: 422 }));
    }
    for (const content of ['not base64!', plain.content.slice(0, -1), `data:image/jpeg;base64,${plain.content}`]) {
      await expect(put(leader, emil.id, { ...plain, content })).rejects.toMatchObject(
        refused('malformed-request', { problem: { errors: [{ pointer: '#/body/content' }] } }),
      );
    }
    const svg = { contentType: 'image/svg+xml', content: plain.content } as unknown as typeof plain;
    await expect(put(leader, emil.id, svg)).rejects.toMatchObject(refused('malformed-request'));
    await noPicture(emil.id);
  });

  it('leaves a record of each change and each look, with nothing personal in it (SM-04, SM-05)', async () => {
    await put(leader, emil.id);
    await leader.getPicture({ params: of(emil.id) });
    await leader.removePicture({ params: of(emil.id), ifMatch: 2 });
    const rows = await rowsOf('activity', emil.id);
    const events = ['person.created', 'picture.set', 'person.seen', 'picture.removed'];
    expect(rows.map(({ event }) => event?.S).sort()).toEqual(events.sort());
    for (const row of rows) expect(row).not.toHaveProperty('detail');
  });
});

describe('whose picture', () => {
  it.each([
    ['family', 'guardian', true],
    ['family', 'member', true],
    ['kindergarten', 'staff', true],
    ['kindergarten', 'guardian', false],
    ['workplace', 'staff', false],
    ['safety', 'member', false],
    ['itservice', 'member', false],
  ] as const)('is held under %s of a %s: %s (FW-02, KP-04, KP-05, KP-06)', async (profile, kind, isHeld) => {
    organisationId = (await anOrganisation(store, { profile })).id;
    const administrator = await as('administrator');
    const { id } = await aPerson(store, organisationId, { kind });
    const putting = put(administrator, id);
    if (isHeld) return expect((await putting).status).toBe(200);
    await expect(putting).rejects.toMatchObject(refused('picture-not-held', { status: 409 }));
    return noPictureFor(administrator, id);
  });
  const noPictureFor = (client: Client<typeof pictureRoutes>, personId: PersonId) =>
    expect(client.getPicture({ params: of(personId) })).rejects.toMatchObject(refused('picture-not-found'));

  it('is put and removed by a guardian with parental responsibility, and by no other', async () => {
    const { client: mother, guardianId } = await guardianOf(emil.id, 'parental-responsibility');
    await put(mother, emil.id);
    expect(await octetsOf(mother, emil.id)).toEqual(jpeg());

    const informed = (await guardianOf(emil.id, 'information-only')).client;
    expect(await octetsOf(informed, emil.id)).toEqual(jpeg());
    const pickingUp = (await guardianOf(emil.id, 'pick-up-only')).client;
    const another = await aPerson(store, organisationId);
    const ofAnother = (await guardianOf(another.id, 'parental-responsibility')).client;
    for (const client of [pickingUp, ofAnother]) {
      await expect(client.getPicture({ params: of(emil.id) })).rejects.toMatchObject(refused('person-not-found'));
    }
    for (const client of [informed, pickingUp, ofAnother]) {
      await expect(put(client, emil.id, plain, 2)).rejects.toMatchObject(refused('person-not-found'));
      const removing = client.removePicture({ params: of(emil.id), ifMatch: 2 });
      await expect(removing).rejects.toMatchObject(refused('person-not-found'));
    }
    expect((await mother.removePicture({ params: of(emil.id), ifMatch: 2 })).status).toBe(204);

    const owner = ownerOf(organisationId, emil.id);
    const block = { personId: guardianId, basis: 'court-order', since: '2026-11-01' } as const;
    await aCall(store)
      .records.change()
      .put({ entity: blockEntity, owner, key: guardianId }, block, 'new')
      .activity({ event: 'block.set', subject: owner })
      .commit();
    await expect(put(mother, emil.id, plain, 3)).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is put by staff themselves, not by a colleague; a privacy officer sees none', async () => {
    const [kari, per] = await Promise.all([
      aPerson(store, organisationId, { kind: 'staff' }),
      aPerson(store, organisationId, { kind: 'staff' }),
    ]);
    const asKari = await as('staff', { personId: kari.id });
    expect((await put(asKari, kari.id)).status).toBe(200);
    for (const id of [per.id, emil.id]) {
      await expect(put(asKari, id)).rejects.toMatchObject(refused('person-not-found'));
    }
    const officer = await as('privacy-officer');
    await expect(officer.getPicture({ params: of(kari.id) })).rejects.toMatchObject(refused('not-allowed'));
    await expect(put(officer, kari.id)).rejects.toMatchObject(refused('not-allowed'));
  });

  it('is of nobody, or of another organisation: 404 on every route', async () => {
    const elsewhere = (await anOrganisation(store)).id;
    const stranger = await as('leader', {}, elsewhere);
    const asked: [Client<typeof pictureRoutes>, ReturnType<typeof of>, string][] = [
      [leader, of(anId('per')), 'person-not-found'],
      [stranger, of(emil.id), 'organisation-not-found'],
      [stranger, of(emil.id, elsewhere), 'person-not-found'],
    ];
    for (const [client, params, slug] of asked) {
      const answers = [
        client.getPicture({ params }),
        client.putPicture({ params, ifMatch: 1, body: plain }),
        client.removePicture({ params, ifMatch: 1 }),
      ];
      for (const answer of await Promise.allSettled(answers)) expect(answer).toMatchObject({ reason: refused(slug) });
    }
    await noPicture(emil.id);
  });

  it('waits for the data-processing agreement (FW-01)', async () => {
    await put(leader, emil.id);
    const ref = { entity: organisationEntity, owner: organisationOwner(organisationId) };
    const { value, version } = (await aCall(store).records.get(ref))!;
    const { acceptedAgreementVersion: _, ...unsigned } = value;
    await aCall(store)
      .records.change()
      .put(ref, unsigned, { version })
      .activity({ event: 'organisation.changed', subject: ref.owner })
      .commit();
    await expect(put(leader, emil.id, plain, 2)).rejects.toMatchObject(refused('dpa-not-accepted'));
    const removing = leader.removePicture({ params: of(emil.id), ifMatch: 2 });
    await expect(removing).rejects.toMatchObject(refused('dpa-not-accepted'));
    expect(await octetsOf(leader, emil.id)).toEqual(jpeg());
  });
});
