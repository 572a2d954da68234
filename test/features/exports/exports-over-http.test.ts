import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AttendanceDay, attendanceDayRef } from '../../../lambdas/features/attendance/attendance-day.ts';
import { carriedDaysPointers } from '../../../lambdas/features/exports/carried-days.ts';
import { exportHandlers } from '../../../lambdas/features/exports/handlers.ts';
import { makeExport } from '../../../lambdas/features/exports/make.ts';
import { makeFromStream } from '../../../lambdas/features/exports/make-from-stream.ts';
import { exportRoutes } from '../../../lambdas/features/exports/routes.ts';
import { exportStore } from '../../../lambdas/features/exports/store.ts';
import { blockEntity, ownerOf, peoplePointers } from '../../../lambdas/features/people/person.ts';
import { blockRef, linkRef } from '../../../lambdas/features/people/writes.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith, tokenOf } from '../../support/service.ts';
import { anId, aStore, type TestStore } from '../../support/store.ts';
import { aMaker, type Exports, unpacked } from './world.ts';

let db: TestDynamoDb;
let store: TestStore;
let exports: Exports;
let service: ReturnType<typeof aService<typeof exportRoutes>>;
let organisationId: OrganisationId;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  exports = aMaker(store);
  const files = { sealed: exports.sealed.files, downloads: exports.downloads.files };
  service = aService(store, exportRoutes, exportHandlers(exportStore, files, exports.signer));
  organisationId = (await anOrganisation(store)).id;
});

/** A test number of a card network: valid, and nobody's. */
const CARD_NUMBER = '4111 1111 1111 1111';
const self = { kind: 'self' } as const;
const aMember = async () => {
  const person = await aPerson(store, organisationId, { kind: 'guardian', firstName: 'Kari' });
  const someone = await someoneWith(store, organisationId, 'guardian', {
    personId: person.id,
    scope: { kind: 'person', id: person.id },
  });
  return { ...someone, owner: ownerOf(organisationId, person.id) };
};
const aChildOf = async (
  guardianId: PersonId,
  rights: 'parental-responsibility' | 'pick-up-only' = 'parental-responsibility',
) => {
  const child = await aPerson(store, organisationId, {
    firstName: 'Emil',
    note: 'Bestemor Gunvor henter på fredager.',
  });
  await exports
    .openCall()
    .records.change()
    .put(
      linkRef(organisationId, child.id, guardianId),
      { guardianId, relation: 'mother', rights, livesWith: true, from: '2020-01-01' },
      'new',
    )
    .point(peoplePointers.child(organisationId, guardianId, child.id))
    .activity({ event: 'test.prepared', subject: ownerOf(organisationId, child.id) })
    .commit();
  return child.id;
};
const failed = (slug: string) => expect.objectContaining({ slug });

describe('my copies', () => {
  it('are listed with their state, and the link leads to a plain copy that opens', async () => {
    const me = await aMember();
    const { id } = await exports.make({ owner: me.owner, audience: self });
    const client = service.as(me);
    const { items } = (await client.listMyExports()).body;
    expect(items).toMatchObject([{ id, organisationId, personId: me.personId, state: 'ready' }]);
    const { url, expiresAt, filename } = (await client.downloadMyExport({ params: { exportId: id } })).body;
    expect(expiresAt).toBe('2026-11-23T07:01:00.000Z');
    expect(filename).toBe('vern-2026-11-23.zip');
    const [[key, copy] = []] = [...exports.downloads.objects];
    expect(url).toContain(key);
    expect(unpacked(copy!.content).text('index.nb.html')).toContain('Kari');
  });

  it('need a sign-in of the last five minutes to be fetched', async () => {
    const me = await aMember();
    const { id } = await exports.make({ owner: me.owner, audience: self });
    const authTime = store.now().getTime() / 1000 - 301;
    const client = service.as({ token: tokenOf({ sub: me.sub, authTime }, store.now()) });
    await expect(client.downloadMyExport({ params: { exportId: id } })).rejects.toEqual(failed('fresh-proof-required'));
    expect(exports.downloads.objects.size).toBe(0);
  });

  it('are nobody else’s, and none after seven days', async () => {
    const [me, other] = [await aMember(), await aMember()];
    const { id } = await exports.make({ owner: me.owner, audience: self });
    const get = (who: typeof me) => service.as(who).downloadMyExport({ params: { exportId: id } });
    await expect(get(other)).rejects.toEqual(failed('export-not-found'));
    expect((await service.as(other).listMyExports()).body.items).toEqual([]);
    store.clock = new Date('2026-11-30T07:00:00Z');
    const later = { ...me, token: tokenOf({ sub: me.sub }, store.now()) };
    await expect(get(later)).rejects.toEqual(failed('export-not-found'));
    expect((await service.as(later).listMyExports()).body.items).toEqual([]);
  });

  it('die with the person: no key, no copy, at once', async () => {
    const me = await aMember();
    const { id } = await exports.make({ owner: me.owner, audience: self });
    await exports
      .openCall()
      .records.change()
      .keys({ do: 'erase', owner: me.owner, retentionClass: 'export' })
      .activity({ event: 'test.erased', subject: me.owner })
      .commit();
    await expect(service.as(me).downloadMyExport({ params: { exportId: id } })).rejects.toEqual(
      failed('export-not-found'),
    );
  });
});

describe('a child’s copy', () => {
  const ofChild = async (guardianId: PersonId, childId: PersonId) => {
    const owner = ownerOf(organisationId, childId);
    const audience = { kind: 'guardian', guardianId, rights: 'parental-responsibility' } as const;
    const { id, holder } = await exports.make({ owner, audience });
    return { id, holder };
  };

  it('waits for the organisation where others could be named, and says what was left out', async () => {
    const me = await aMember();
    const childId = await aChildOf(me.personId);
    const { id, holder } = await ofChild(me.personId, childId);
    expect((await service.as(me).listMyExports()).body.items).toMatchObject([{ id, state: 'awaiting-redaction' }]);

    const officer = service.as(await someoneWith(store, organisationId, 'privacy-officer'));
    const params = { organisationId, exportId: id };
    const { texts } = (await officer.lookThroughExport({ params })).body;
    expect(texts).toMatchObject([
      { record: 'person', field: 'note', label: { nb: 'Merknad' }, text: 'Bestemor Gunvor henter på fredager.' },
    ]);
    const { digest } = texts[0]!;
    const body = {
      decisions: [{ digest, shown: 'in-part', text: '… henter på fredager.', reason: 'rights-of-others' } as const],
    };
    expect((await officer.releaseExport({ params, body })).body).toMatchObject({ state: 'ordered' });

    await makeExport({ holder, id }, exports.maker);
    const file = await exports.open(holder, id);
    expect(file.json('data/person.json')).toMatchObject([{ firstName: 'Emil', note: '… henter på fredager.' }]);
    for (const content of Object.values(file.files)) expect(Buffer.from(content).toString()).not.toContain('Gunvor');
    expect(file.text('index.en.html')).toContain('Art. 15(4)');
  });

  it('is released only by a decision about each text as it is now', async () => {
    const me = await aMember();
    const { id } = await ofChild(me.personId, await aChildOf(me.personId));
    const officer = service.as(await someoneWith(store, organisationId, 'privacy-officer'));
    const params = { organisationId, exportId: id };
    const decide = (digest: string) =>
      officer.releaseExport({ params, body: { decisions: [{ digest, shown: 'whole' }] } });
    await expect(decide('0'.repeat(64))).rejects.toEqual(failed('texts-changed'));
    const { texts } = (await officer.lookThroughExport({ params })).body;
    await decide(texts[0]!.digest);
    await expect(decide(texts[0]!.digest)).rejects.toEqual(failed('wrong-state'));
  });

  it('is looked through by nobody whom a block keeps from the child, and in no other organisation', async () => {
    const me = await aMember();
    const childId = await aChildOf(me.personId);
    const { id } = await ofChild(me.personId, childId);
    const officer = await someoneWith(store, organisationId, 'administrator');
    const look = (organisation: OrganisationId, who: typeof officer) =>
      service.as(who).lookThroughExport({ params: { organisationId: organisation, exportId: id } });
    await look(organisationId, officer);
    await block(childId, officer.personId);
    await expect(look(organisationId, officer)).rejects.toEqual(failed('export-not-found'));
    await expect(
      service.as(officer).releaseExport({
        params: { organisationId, exportId: id },
        body: { decisions: [{ digest: '0'.repeat(64), shown: 'whole' }] },
      }),
    ).rejects.toEqual(failed('export-not-found'));
    const elsewhere = (await anOrganisation(store)).id;
    const theirs = await someoneWith(store, elsewhere, 'administrator');
    await expect(look(elsewhere, theirs)).rejects.toEqual(failed('export-not-found'));
  });

  it('is lost to a guardian who ceases to be one, or whom a block keeps from the child', async () => {
    const me = await aMember();
    const childId = await aChildOf(me.personId);
    const { id } = await ofChild(me.personId, childId);
    const seen = async () => (await service.as(me).listMyExports()).body.items.map((item) => item.id);
    expect(await seen()).toEqual([id]);
    await block(childId, me.personId);
    expect(await seen()).toEqual([]);
    await lift(childId, me.personId);
    expect(await seen()).toEqual([id]);
    const link = await exports.openCall().records.get(linkRef(organisationId, childId, me.personId));
    await exports
      .openCall()
      .records.change()
      .put(link!.ref, { ...link!.value, until: '2026-11-22' }, { version: link!.version })
      .activity({ event: 'test.prepared', subject: ownerOf(organisationId, childId) })
      .commit();
    expect(await seen()).toEqual([]);
  });
});

const block = async (childId: PersonId, personId: PersonId) => {
  await exports
    .openCall()
    .records.change()
    .put(blockRef(organisationId, childId, personId), { personId, basis: 'court-order', since: '2026-01-01' }, 'new')
    .activity({ event: 'test.prepared', subject: ownerOf(organisationId, childId) })
    .commit();
};
const lift = async (childId: PersonId, personId: PersonId) => {
  await exports
    .openCall()
    .records.change()
    .remove({ entity: blockEntity, owner: ownerOf(organisationId, childId), key: personId }, { version: 1 })
    .activity({ event: 'test.prepared', subject: ownerOf(organisationId, childId) })
    .commit();
};

const attended = (day: string): AttendanceDay => ({
  day,
  stays: [
    { id: '1', checkedInAt: `${day}T07:00:00.000Z`, checkedInBy: anId('per'), checkedOutAt: `${day}T14:00:00.000Z` },
  ],
  corrections: [],
});

describe('what a person brings along', () => {
  const anAdministrator = async (id: OrganisationId) => service.as(await someoneWith(store, id, 'administrator'));
  const portableOf = async (organisation: OrganisationId, personId: PersonId) =>
    (await exports.of({ owner: ownerOf(organisation, personId), audience: self })).json('portable/portable.json') as {
      portable: { data: unknown };
      signature: { value: string };
    };

  it('AT-09 makes the same person in another organisation: its export gives the same portable data back', async () => {
    const person = await aPerson(store, organisationId, {
      kind: 'guardian',
      firstName: 'Kåre',
      lastName: 'Ærø',
      email: 'kare@example.no',
      phone: '+4790000000',
      address: 'Storgata 1',
      postcode: '0150',
      language: 'en',
    });
    const taken = await portableOf(organisationId, person.id);
    const there = (await anOrganisation(store, { name: 'Lia barnehage' })).id;
    const body = taken as never;
    const { body: answer } = await (await anAdministrator(there)).importPortable({
      params: { organisationId: there },
      body,
    });
    expect(answer.leftOut).toEqual([]);
    const again = await exports.of({ owner: ownerOf(there, answer.personId), audience: self });
    const back = again.json('portable/portable.json') as typeof taken;
    expect(back.portable.data).toEqual(taken.portable.data);
    expect(back.portable.data).toMatchObject({ person: { firstName: 'Kåre', email: 'kare@example.no' } });
    // AT-16: where it came from is seen.
    expect(again.json('data/origin.json')).toMatchObject([{ origin: 'Solbakken barnehage', originId: organisationId }]);
  });

  it('brings two years of attendance along: the days are written within minutes, and come back the same', async () => {
    const child = await aPerson(store, organisationId, { birthDate: '2022-04-09' });
    const days = Array.from({ length: 170 }, (_, i) => new Date(Date.UTC(2026, 3, 1 + i)).toISOString().slice(0, 10));
    for (let first = 0; first < days.length; first += 80) {
      const change = exports.openCall().records.change();
      for (const day of days.slice(first, first + 80)) {
        change.put(attendanceDayRef(organisationId, child.id, day), attended(day), 'new');
      }
      await change.activity({ event: 'test.prepared', subject: ownerOf(organisationId, child.id) }).commit();
    }
    const taken = await portableOf(organisationId, child.id);
    const there = (await anOrganisation(store)).id;
    const { body: answer } = await (await anAdministrator(there)).importPortable({
      params: { organisationId: there },
      body: taken as never,
    });
    const job = carriedDaysPointers.job(there, answer.personId);
    const record = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: job.pk }, sk: { S: job.sk } } } };
    await makeFromStream([record], exports.maker, () => {});
    const back = await portableOf(there, answer.personId);
    expect(back.portable.data).toEqual(taken.portable.data);
    expect(await exports.openCall().records.pointersAt([job])).toEqual([undefined]);
  });

  it('is refused when a word of it was changed, or when it is an account’s', async () => {
    const person = await aPerson(store, organisationId, { kind: 'guardian' });
    const taken = JSON.stringify(await portableOf(organisationId, person.id));
    const administrator = await anAdministrator(organisationId);
    const changed = JSON.parse(taken.replace('"Emil"', '"Emma"'));
    await expect(administrator.importPortable({ params: { organisationId }, body: changed })).rejects.toEqual(
      failed('portable-refused'),
    );
    const me = await aMember();
    const account = await exports.of({
      owner: { controller: 'operator', subject: me.accountId },
      audience: self,
    });
    await expect(
      administrator.importPortable({
        params: { organisationId },
        body: account.json('portable/portable.json') as never,
      }),
    ).rejects.toEqual(failed('portable-refused'));
  });

  it('is refused with a card number in it (CE-09), like the part of a text that is handed out', async () => {
    const person = await aPerson(store, organisationId, { kind: 'guardian' });
    const taken = JSON.stringify(await portableOf(organisationId, person.id));
    const body = JSON.parse(taken.replace('"Olstad"', `"${CARD_NUMBER}"`));
    const administrator = await anAdministrator(organisationId);
    await expect(administrator.importPortable({ params: { organisationId }, body })).rejects.toEqual(
      failed('forbidden-content'),
    );
    const text = { digest: '0'.repeat(64), shown: 'in-part', text: CARD_NUMBER, reason: 'rights-of-others' } as const;
    const params = { organisationId, exportId: anId('exp') };
    await expect(administrator.releaseExport({ params, body: { decisions: [text] } })).rejects.toEqual(
      failed('forbidden-content'),
    );
  });

  it('is refused where another person already has the e-mail address', async () => {
    const person = await aPerson(store, organisationId, { kind: 'guardian', email: 'kari@example.no' });
    const body = (await portableOf(organisationId, person.id)) as never;
    const there = (await anOrganisation(store)).id;
    const administrator = await anAdministrator(there);
    await administrator.importPortable({ params: { organisationId: there }, body });
    await expect(administrator.importPortable({ params: { organisationId: there }, body })).rejects.toEqual(
      failed('email-taken'),
    );
  });
});
