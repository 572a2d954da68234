import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleSessionRef } from '../../../lambdas/features/access/role.ts';
import { organisationExportHandlers } from '../../../lambdas/features/agreement-end/export-handlers.ts';
import { organisationExportRoutes } from '../../../lambdas/features/agreement-end/export-routes.ts';
import { organisationExportStore } from '../../../lambdas/features/agreement-end/export-store.ts';
import {
  makeOrganisationExports,
  sweepOrganisationExports,
} from '../../../lambdas/features/agreement-end/make-organisation-export.ts';
import { readRegister } from '../../../lambdas/features/agreement-end/read-register.ts';
import { childRegister, staffRegister } from '../../../lambdas/features/agreement-end/register-csv.ts';
import { applyImport } from '../../../lambdas/features/imports/apply.ts';
import { importHandlers } from '../../../lambdas/features/imports/handlers.ts';
import type { RowDecision } from '../../../lambdas/features/imports/import.ts';
import type { ImportKind } from '../../../lambdas/features/imports/limits.ts';
import { readUpload } from '../../../lambdas/features/imports/read-upload.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import { addInvoice } from '../../../lambdas/features/invoices/writes.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { addBlock } from '../../../lambdas/features/people/writes.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall } from '../../support/store.ts';
import { aMaker, type Exports } from '../exports/world.ts';
import { anIssuedInvoice } from '../invoices/sample.ts';
import { aHouse, type House } from '../retention/world.ts';

let db: TestDynamoDb;
let house: House;
let administrator: SignedIn;
let exporter: Exports;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db, { acceptedAgreementVersion: currentAgreementVersion('kindergarten') });
  const personId = await house.person({ kind: 'staff', firstName: 'Siv', email: 'styrer@example.no' });
  administrator = await someoneWith(house.store, house.organisationId, 'administrator', { personId });
  exporter = aMaker(house.store);
});

const log: string[] = [];
const make = (id: string) =>
  makeOrganisationExports(
    [
      {
        eventName: 'INSERT',
        dynamodb: {
          Keys: { pk: { S: `EXPORT-JOB#${house.organisationId}#${house.organisationId}` }, sk: { S: id } },
          SequenceNumber: '1',
        },
      },
    ],
    exporter.maker,
    (line) => log.push(JSON.stringify(line)),
  );
const sweep = () =>
  sweepOrganisationExports(
    exporter.maker,
    () => true,
    (line) => log.push(JSON.stringify(line)),
  );
const client = (who = administrator) =>
  aService(
    house.store,
    organisationExportRoutes,
    organisationExportHandlers(
      organisationExportStore({ sealed: exporter.sealed.files, downloads: exporter.downloads.files }),
    ),
  ).as({ token: tokenOf({ sub: who.sub }, house.store.now()), role: who.role });
const params = () => ({ organisationId: house.organisationId });
const list = async () => (await client().listOrganisationExports({ params: params() })).body.items;
const order = async () => (await client().exportOrganisation({ params: params() })).body;
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
async function download(exportId: string, part: number) {
  const { body } = await client().downloadOrganisationExport({
    params: { ...params(), exportId: exportId as never },
    body: { part },
  });
  const key = new URL(body.url).pathname.slice(1);
  const zip = unzipSync(exporter.downloads.objects.get(key)!.content);
  return Object.fromEntries(
    Object.entries(zip).map(([name, content]) => [name, Buffer.from(content).toString('utf8')]),
  );
}

/** Takes a register in as a leader does: uploaded, read, approved, applied. */
async function takeIn(of: House, kind: ImportKind, bytes: Uint8Array, decisions: RowDecision[] = []): Promise<void> {
  const call = () => aCall(of.store, { role: 'leader', organisationId: of.organisationId });
  const uploads = { uploadForm: async () => ({ url: 'https://uploads.test', fields: {} }) };
  const handlers = importHandlers(importStore, uploads);
  const at = { organisationId: of.organisationId as OrganisationId };
  const none = { query: undefined, ifMatch: undefined };
  const begun = await handlers.createImport({ params: at, body: { kind }, ...none }, call());
  const importId = begun.import.id as never;
  const importer = { files: { read: async () => bytes, remove: async () => {} }, openCall: () => aCall(of.store) };
  await readUpload({ ...at, importId }, importer);
  await handlers.approveImport({ params: { ...at, importId }, body: { decisions }, ...none }, call());
  await applyImport({ ...at, importId }, importer);
}
const example = (name: string) => readFileSync(new URL(`../../../examples/solbakken-${name}.csv`, import.meta.url));
const today = '2026-11-23';
const sorted = (csv: string) => csv.split('\r\n').sort();
async function registersOf(of: House) {
  const { children, staff } = await readRegister(() => aCall(of.store).records, of.organisationId, today);
  return { children: childRegister(children), staff: staffRegister(staff) };
}

describe('a copy of the whole organisation', () => {
  it('holds its registers, structure, agreements and everything about each person, and is fetched part by part', async () => {
    const groupId = await house.group();
    const childId = await house.person({ birthDate: '2023-02-01', placements: [{ groupId, from: '2024-08-01' }] });
    await house.picture(childId);
    const ordered = await order();
    expect(ordered).toMatchObject({ state: 'ordered', parts: [] });
    await expect(order()).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(download(ordered.id, 1)).rejects.toMatchObject({ slug: 'export-not-found' });

    await make(ordered.id);
    expect(log).toEqual([]);
    const [ready] = await list();
    expect(ready).toMatchObject({ state: 'ready', expiresAt: '2026-11-30T07:00:00.000Z' });
    expect(ready?.parts.map(({ people }) => people)).toEqual([0, 2]);

    const first = await download(ordered.id, 1);
    expect(first['register/children.csv']).toContain('Åse;Ødegård;01.02.2023');
    expect(first['register/staff.csv']).toContain('Siv;');
    expect(JSON.parse(first['organisation/group.json']!)).toHaveLength(1);
    expect(first['agreements/data-processing.nb.html']).toContain('<html lang="nb">');
    expect(first['SHA256SUMS']).toContain('register/children.csv');
    const second = await download(ordered.id, 2);
    expect(JSON.parse(second[`people/${childId}/person.json`]!)).toMatchObject([{ firstName: 'Åse' }]);
    expect(Object.keys(second)).toContain(`people/${childId}/picture.png`);
    await expect(download(ordered.id, 3)).rejects.toMatchObject({ slug: 'export-not-found' });
  });

  it('AT-08: holds the invoices that it sent, which the law has it keep, after its people', async () => {
    const { organisationId } = house;
    const invoice = anIssuedInvoice();
    const change = house.records().change();
    addInvoice(change, organisationId, invoice, 'Europe/Oslo');
    await change.activity({ event: 'test.prepared', subject: organisationOwner(organisationId) }).commit();
    const { id } = await order();
    await make(id);
    const [ready] = await list();
    const last = await download(id, ready!.parts.length);
    expect(JSON.parse(last[`history/${invoice.id}/invoice.json`]!)).toMatchObject([{ number: 1234, kid: invoice.kid }]);
  });

  it('tells whoever ordered it that it is ready, and nothing more', async () => {
    const { id } = await order();
    await make(id);
    const { items } = await house.records().list(noticeEntity, ownerOf(house.organisationId, administrator.personId));
    expect(items.map(({ value }) => value.content)).toEqual([
      { template: 'organisation-export-ready', parameters: { expiresAt: '2026-11-30T07:00:00.000Z' } },
    ]);
  });

  it('is gone after seven days, to the second, and its files with the next sweep', async () => {
    const { id } = await order();
    await make(id);
    house.at('2026-11-30T06:59:59Z');
    await reopen();
    expect(await list()).toHaveLength(1);
    expect(Object.keys(await download(id, 1))).toContain('README.txt');
    house.at('2026-11-30T07:00:00Z');
    expect(await list()).toEqual([]);
    await expect(download(id, 1)).rejects.toMatchObject({ slug: 'export-not-found' });
    await sweep();
    expect([...exporter.sealed.objects.keys()]).toEqual([]);
    expect((await house.records().pointers('transient', 'ORGANISATION-EXPORTS')).items).toEqual([]);
  });

  it('cannot be opened once the organisation is erased', async () => {
    const { id } = await order();
    await make(id);
    const owner = organisationOwner(house.organisationId);
    await house
      .records()
      .change()
      .keys({ do: 'erase', owner, retentionClass: 'export' })
      .activity({ event: 'test.erased', subject: owner })
      .commit();
    await expect(download(id, 1)).rejects.toMatchObject({ slug: 'export-not-found' });
  });

  it('goes on where a run was cut off, and is made by the sweep when the stream was missed', async () => {
    const { id } = await order();
    const { put } = exporter.maker.sealed;
    let puts = 0;
    const broken = {
      ...exporter.maker,
      sealed: {
        ...exporter.maker.sealed,
        put: async (...args: Parameters<typeof put>) => {
          if (++puts === 2) throw new Error('S3 is down');
          await put(...args);
        },
      },
    };
    await sweepOrganisationExports(
      broken,
      () => true,
      () => {},
    );
    expect(await list()).toMatchObject([{ state: 'ordered', parts: [{ people: 0 }] }]);
    await sweep();
    expect(await list()).toMatchObject([{ id, state: 'ready', parts: [{ people: 0 }, { people: 1 }] }]);
  });

  it('is for administrators who have just signed in', async () => {
    const leader = await someoneWith(house.store, house.organisationId, 'leader');
    await expect(client(leader).exportOrganisation({ params: params() })).rejects.toMatchObject({
      slug: 'not-allowed',
    });
    house.at('2026-11-23T07:10:00Z');
    const stale = { token: administrator.token, role: administrator.role };
    const service = aService(
      house.store,
      organisationExportRoutes,
      organisationExportHandlers(
        organisationExportStore({ sealed: exporter.sealed.files, downloads: exporter.downloads.files }),
      ),
    ).as(stale);
    await expect(service.exportOrganisation({ params: params() })).rejects.toMatchObject({
      slug: 'fresh-proof-required',
    });
  });
});

describe('a copy of everybody', () => {
  it('is neither ordered nor fetched by an administrator whom a block keeps from somebody, whichever role they name', async () => {
    const asParent = await house.person({ kind: 'guardian', firstName: 'Siv' });
    const parent = await someoneWith(house.store, house.organisationId, 'administrator', {
      otherPersonIds: [asParent],
    });
    const { id } = await order();
    await make(id);
    const childId = await house.person({ firstName: 'Emil', protectedAddress: true });
    const change = house.records().change();
    const block = { personId: asParent, basis: 'court-order', since: '2026-01-01' } as const;
    addBlock(change, house.organisationId, childId, block, { block: undefined, link: undefined });
    await change.commit();
    const refused = { slug: 'not-allowed' };
    await expect(client(parent).exportOrganisation({ params: params() })).rejects.toMatchObject(refused);
    const fetched = client(parent).downloadOrganisationExport({
      params: { ...params(), exportId: id as never },
      body: { part: 1 },
    });
    await expect(fetched).rejects.toMatchObject(refused);
    expect(exporter.downloads.objects.size).toBe(0);
    await download(id, 1);
  });
});

describe('the exported registers', () => {
  it('taken in by a fresh organisation give the same registers', async () => {
    const [from, to] = [await aHouse(db), await aHouse(db)];
    await takeIn(from, 'register', example('register'), [{ line: 31, block: [] }]);
    await takeIn(from, 'staff', example('staff'));
    const exported = await registersOf(from);
    expect(exported.children.split('\r\n').length).toBeGreaterThan(50);
    expect(exported.staff.split('\r\n').length).toBeGreaterThan(10);

    const lines = exported.children.split('\r\n');
    const toDecide = lines.flatMap((line, i): RowDecision[] =>
      line.includes('samværsrett') ? [{ line: i + 1, block: [] }] : [],
    );
    await takeIn(to, 'register', Buffer.from(exported.children), toDecide);
    await takeIn(to, 'staff', Buffer.from(exported.staff));
    const again = await registersOf(to);
    expect(sorted(again.children)).toEqual(sorted(exported.children));
    expect(sorted(again.staff)).toEqual(sorted(exported.staff));
  });

  it('quote what would break a row, and start no formula', () => {
    const person = { firstName: '=1+1', lastName: 'Nor"d; by', position: '+47 22', phone: '+4790000000' };
    expect(staffRegister([{ person: person as never, groupName: undefined }]).split('\r\n')[1]).toBe(
      '" =1+1";"Nor""d; by";;+4790000000;" +47 22";',
    );
  });
});
