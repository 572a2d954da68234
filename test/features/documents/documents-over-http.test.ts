import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleRef } from '../../../lambdas/features/access/role.ts';
import { decidedAudienceOf } from '../../../lambdas/features/activity/who-may-know.ts';
import { tickDocuments } from '../../../lambdas/features/documents/clock.ts';
import {
  DOCUMENTS_OF_PERSON_MAX,
  DOCUMENTS_SHARED_MAX,
  type DocumentRecord,
  type DocumentScope,
  documentRef,
  EDITIONS_MAX,
  ownerOfDocument,
} from '../../../lambdas/features/documents/document.ts';
import { sharedDocumentHandlers } from '../../../lambdas/features/documents/handlers.ts';
import { documentHome } from '../../../lambdas/features/documents/home-store.ts';
import { sharedDocumentRoutes } from '../../../lambdas/features/documents/routes.ts';
import { documentStore } from '../../../lambdas/features/documents/store.ts';
import { objectKey } from '../../../lambdas/features/files/file.ts';
import { fileHandlers } from '../../../lambdas/features/files/handlers.ts';
import { fileRoutes } from '../../../lambdas/features/files/routes.ts';
import { fileStore } from '../../../lambdas/features/files/store.ts';
import type { DocumentId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { anUpload, bucketsOf, someBuckets } from '../files/bench.ts';
import { pdf } from '../files/samples.ts';

let dynamoDb: TestDynamoDb;
let s3: Harness;
let store: TestStore;
let here: Kindergarten;
let group: GroupId;
let child: PersonId;
let mother: SignedIn;
let staff: SignedIn;
let content: Buffer;

beforeAll(async () => {
  [dynamoDb, s3] = await Promise.all([startDynamoDb(), someBuckets()]);
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
});
afterAll(() => Promise.all([dynamoDb.stop(), s3.end()]));
beforeEach(async () => {
  here = await aKindergarten(dynamoDb, {}, store);
  group = await here.group();
  child = await aChild();
  mother = await aGuardian(child);
  staff = await someoneWith(store, here.organisationId, 'staff', { scope: { kind: 'group', id: group } });
  content = pdf();
});

const placed = () => [{ groupId: group, from: '2026-01-01' }];
const aChild = async () => (await aPerson(store, here.organisationId, { placements: placed() })).id;
const aGuardian = async (of: PersonId, link = {}): Promise<SignedIn> =>
  someoneWith(store, here.organisationId, 'guardian', { personId: await here.guardian(of, link) });

const routes = { ...fileRoutes, ...sharedDocumentRoutes };
const service = () =>
  aService(store, routes, {
    ...fileHandlers(fileStore, bucketsOf(s3), [documentHome]),
    ...sharedDocumentHandlers(documentStore),
  });
const as = (caller: SignedIn) => service().as(caller);
const upload = (by = staff, what = content) => anUpload(as(by), here.organisationId, what, [s3, store]);
const refused = (slug: string) => ({ name: 'ProblemError', slug });
const of = (documentId: DocumentId) => ({ organisationId: here.organisationId, documentId });
const ofChild = (personId = child) => ({ organisationId: here.organisationId, personId });

const fields = { kind: 'plan', title: 'Plan for høsten', visibleTo: 'guardians', receipt: 'confirmation' } as const;
async function aDraft(wanted: Partial<Record<keyof typeof fields, string>> = {}, by = staff, personId = child) {
  const body = { ...fields, ...wanted, fileId: await upload(by) } as typeof fields & { fileId: never };
  return (await as(by).createPersonDocument({ params: ofChild(personId), body })).body;
}
async function aSharedDraft(scope: { kind: 'group'; id: GroupId } | { kind: 'organisation' }, by = staff) {
  const body = { ...fields, scope, fileId: await upload(by) };
  return (await as(by).createDocument({ params: { organisationId: here.organisationId }, body })).body;
}
const publish = async ({ id, version }: { id: DocumentId; version: number }, by = staff) =>
  (await as(by).publishDocument({ params: of(id), ifMatch: version })).body;
const fileOf = ({ editions }: { editions: readonly { file: { id: string } }[] }) => ({
  organisationId: here.organisationId,
  fileId: editions.at(-1)!.file.id as never,
});
const eventsOf = (personId: PersonId) => here.activities(personId);
const clock = () => ({ openCall: () => aCall(store), hasTimeLeft: () => true, log: () => {} });

describe('a document about a child', () => {
  it('is seen by nobody but staff until it is published, and then by those who may know of the child', async () => {
    const draft = await aDraft();
    expect(draft).toMatchObject({ state: 'draft', editions: [{ number: 1, file: { name: 'Plan for høsten.pdf' } }] });
    expect(JSON.stringify(draft)).not.toContain('"key"');
    await expect(as(mother).getDocument({ params: of(draft.id) })).rejects.toMatchObject(refused('document-not-found'));
    await expect(as(mother).getFileContent({ params: fileOf(draft) })).rejects.toMatchObject(refused('file-not-found'));
    expect(await here.notices(mother.personId)).toEqual([]);

    const shown = await publish(draft);
    expect(shown).toMatchObject({ state: 'published', version: 2 });
    expect(await here.notices(mother.personId)).toEqual([
      { template: 'document-about-child', parameters: { childId: child, asked: 'confirmation' } },
    ]);
    expect((await as(mother).listPersonDocuments({ params: ofChild() })).body.items).toMatchObject([
      { id: draft.id, mine: {} },
    ]);
    const informed = await aGuardian(child, { rights: 'information-only' });
    expect((await as(informed).getDocument({ params: of(draft.id) })).body.id).toBe(draft.id);
  });

  it('is opened as it was uploaded, and that it was is on record before it leaves', async () => {
    const shown = await publish(await aDraft());
    const answer = await as(mother).getFileContent({ params: fileOf(shown) });
    expect(Buffer.from(answer.body.content as Uint8Array)).toEqual(content);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(await eventsOf(child)).toContain('file.opened');

    const { url, filename, name } = (await as(mother).downloadFile({ params: fileOf(shown) })).body;
    expect({ filename, name }).toEqual({ filename: 'vern-2026-11-23.pdf', name: 'Plan for høsten.pdf' });
    expect(decodeURIComponent(url)).not.toContain('høsten');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(content);
    expect((await eventsOf(child)).filter((event) => event === 'file.opened')).toHaveLength(2);
  });

  it('has not been opened by whoever asked for the headers alone (HEAD)', async () => {
    const shown = await publish(await aDraft());
    const { organisationId, fileId } = fileOf(shown);
    const url = `https://vern.test/v1/organisations/${organisationId}/files/${fileId}/content`;
    const headers = { authorization: `Bearer ${mother.token}`, 'vern-role': mother.role };
    const looked = await service().send(url, { method: 'HEAD', headers });
    expect([looked.status, looked.headers.get('content-type'), await looked.text()]).toEqual([
      200,
      'application/pdf',
      '',
    ]);
    expect((await as(mother).getDocument({ params: of(shown.id) })).body.mine).toEqual({});
    await service().send(url, { method: 'GET', headers });
    expect((await as(mother).getDocument({ params: of(shown.id) })).body.mine).toMatchObject({
      opened: { edition: 1 },
    });
  });

  it('that guardians do not see is opened without their being told that there is one', async () => {
    const told = async () => (await eventsOf(child)).filter((event) => decidedAudienceOf(event) === 'guardians');
    const draft = await aDraft();
    const [forStaff, forChild] = [
      await publish(await aDraft({ visibleTo: 'staff', receipt: 'none' })),
      await publish(await aDraft({ visibleTo: 'person', receipt: 'none' })),
    ];
    const before = await told();
    for (const one of [draft, forStaff, forChild]) await as(staff).getFileContent({ params: fileOf(one) });
    expect(await told()).toEqual(before);
    expect(await eventsOf(child)).toEqual(expect.arrayContaining(['document.file-opened', 'document.own-file-opened']));
    await as(staff).getFileContent({ params: fileOf(await publish(draft)) });
    expect(await told()).toHaveLength(before.length + 1);
  });

  it('is not there for whoever may not know of the child', async () => {
    const shown = await publish(await aDraft());
    const blocked = await aGuardian(child);
    await here.block(child, blocked.personId);
    const asSomebodyElse = await here.person({ kind: 'member' });
    await here.block(child, asSomebodyElse);
    const elsewhere = { scope: { kind: 'group', id: await here.group() } } as const;
    const outsiders = {
      'a guardian of another child': await aGuardian(await aChild()),
      'a guardian who only picks up': await aGuardian(child, { rights: 'pick-up-only' }),
      'a former guardian': await aGuardian(child, { until: '2026-11-22' }),
      'a blocked parent': blocked,
      'a parent who is blocked as somebody else': await someoneWith(store, here.organisationId, 'guardian', {
        personId: await here.guardian(child),
        otherPersonIds: [asSomebodyElse],
      }),
      "another group's staff": await someoneWith(store, here.organisationId, 'staff', elsewhere),
    };
    for (const [who, outsider] of Object.entries(outsiders)) {
      const client = as(outsider);
      const attempts = [
        client.getDocument({ params: of(shown.id) }),
        client.getFileContent({ params: fileOf(shown) }),
        client.downloadFile({ params: fileOf(shown) }),
        client.listPersonDocuments({ params: ofChild() }),
      ];
      const slugs = (await Promise.allSettled(attempts)).map((one) => one.status === 'rejected' && one.reason.slug);
      expect(slugs, who).toEqual(['document-not-found', 'file-not-found', 'file-not-found', 'person-not-found']);
    }
  });

  it('opens nothing for a role that ended a second ago', async () => {
    const shown = await publish(await aDraft());
    const client = as(mother);
    await client.getFileContent({ params: fileOf(shown) });
    const { records } = aCall(store);
    const role = await records.get(roleRef(here.organisationId, mother.personId, mother.role));
    await records
      .change()
      .put(role!.ref, { ...role!.value, state: 'ended' }, { version: role!.version })
      .activity({ event: 'role.ended', subject: role!.ref.owner })
      .commit();
    await expect(client.getFileContent({ params: fileOf(shown) })).rejects.toMatchObject(
      refused('organisation-not-found'),
    );
    await expect(client.downloadFile({ params: fileOf(shown) })).rejects.toMatchObject(
      refused('organisation-not-found'),
    );
  });

  it('for staff alone is not shown to guardians, and nobody is told', async () => {
    const shown = await publish(await aDraft({ visibleTo: 'staff', receipt: 'none' }));
    await expect(as(mother).getDocument({ params: of(shown.id) })).rejects.toMatchObject(refused('document-not-found'));
    expect((await as(mother).listPersonDocuments({ params: ofChild() })).body.items).toEqual([]);
    expect(await here.notices(mother.personId)).toEqual([]);
    await expect(aDraft({ visibleTo: 'staff' })).rejects.toMatchObject(refused('wrong-state'));
  });

  it('shows readers the newest edition that was published, and staff the older ones too', async () => {
    const first = await publish(await aDraft());
    const second = pdf('% second\n');
    const { body: added } = await as(staff).addEdition({
      params: of(first.id),
      body: { fileId: await upload(staff, second) },
    });
    expect((await as(mother).getDocument({ params: of(first.id) })).body.editions).toMatchObject([{ number: 1 }]);
    await expect(as(mother).getFileContent({ params: fileOf(added) })).rejects.toMatchObject(refused('file-not-found'));
    const shown = await publish(added);
    expect((await as(mother).getDocument({ params: of(first.id) })).body.editions).toMatchObject([{ number: 2 }]);
    await expect(as(mother).getFileContent({ params: fileOf(first) })).rejects.toMatchObject(refused('file-not-found'));
    const older = await as(staff).getFileContent({ params: fileOf(first) });
    expect(Buffer.from(older.body.content as Uint8Array)).toEqual(content);
    await expect(publish(shown)).rejects.toMatchObject(refused('wrong-state'));
  });

  it('is withdrawn and published again; removed, its files go as well', async () => {
    const shown = await publish(await aDraft());
    await expect(as(staff).withdrawDocument({ params: of(shown.id), ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await as(staff).withdrawDocument({ params: of(shown.id), ifMatch: 2 });
    await expect(as(mother).getDocument({ params: of(shown.id) })).rejects.toMatchObject(refused('document-not-found'));
    await expect(as(staff).withdrawDocument({ params: of(shown.id), ifMatch: 3 })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    const again = await publish({ id: shown.id, version: 3 });
    await expect(as(staff).removeDocument({ params: of(shown.id), ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await as(staff).removeDocument({ params: of(shown.id), ifMatch: again.version });
    await expect(as(staff).getDocument({ params: of(shown.id) })).rejects.toMatchObject(refused('document-not-found'));
    await expect(as(staff).downloadFile({ params: fileOf(shown) })).rejects.toMatchObject(refused('file-not-found'));
    const due = (await here.rows('core', 'FILES-DUE')).map(({ sk }) => String(sk));
    expect(due.filter((sk) => sk.endsWith(fileOf(shown).fileId))).toHaveLength(1);
  });

  it('takes a file once, and none that was not checked or is somebody else’s', async () => {
    const fileId = await upload();
    const body = { ...fields, fileId };
    await as(staff).createPersonDocument({ params: ofChild(), body });
    await expect(as(staff).createPersonDocument({ params: ofChild(), body })).rejects.toMatchObject(
      refused('file-not-found'),
    );
    const leader = await someoneWith(store, here.organisationId, 'leader');
    const theirs = { ...fields, fileId: await upload(leader) };
    await expect(as(staff).createPersonDocument({ params: ofChild(), body: theirs })).rejects.toMatchObject(
      refused('file-not-found'),
    );
    const begun = await as(staff).beginUpload({
      params: { organisationId: here.organisationId },
      body: { name: 'a.pdf', contentType: 'application/pdf', bytes: 5 },
    });
    const unchecked = { ...fields, fileId: begun.body.fileId };
    const params = { organisationId: here.organisationId };
    const shared = { ...unchecked, scope: { kind: 'group', id: group } } as const;
    await expect(as(staff).createPersonDocument({ params: ofChild(), body: unchecked })).rejects.toMatchObject(
      refused('file-not-checked'),
    );
    await expect(as(staff).createDocument({ params, body: shared })).rejects.toMatchObject(refused('file-not-checked'));
    const missing = { ...shared, fileId: anId('fil') };
    await expect(as(staff).createDocument({ params, body: missing })).rejects.toMatchObject(refused('file-not-found'));
    const draft = await aDraft();
    for (const [id, slug] of [
      [begun.body.fileId, 'file-not-checked'],
      [anId('fil'), 'file-not-found'],
    ] as const) {
      await expect(as(staff).addEdition({ params: of(draft.id), body: { fileId: id } })).rejects.toMatchObject(
        refused(slug),
      );
    }
  });

  it('opens nothing when what lies there was altered, and nothing is on record as opened', async () => {
    const shown = await publish(await aDraft());
    const Key = objectKey(here.organisationId, fileOf(shown).fileId);
    await s3.client.send(new PutObjectCommand({ Bucket: 'files', Key, Body: Buffer.alloc(200, 1) }));
    await expect(as(mother).getFileContent({ params: fileOf(shown) })).rejects.toMatchObject({ status: 500 });
    await expect(as(mother).downloadFile({ params: fileOf(shown) })).rejects.toMatchObject({ status: 500 });
    expect(await eventsOf(child)).not.toContain('file.opened');
  });

  it('is not shown in place when it is too large for that', async () => {
    content = pdf(`%${'x'.repeat(4 * 1024 * 1024)}\n`);
    const shown = await publish(await aDraft());
    await expect(as(mother).getFileContent({ params: fileOf(shown) })).rejects.toMatchObject(refused('file-not-shown'));
    expect((await as(mother).downloadFile({ params: fileOf(shown) })).body.filename).toMatch(/pdf$/);
  });
});

describe('a receipt', () => {
  it('says who has opened and confirmed, and who has not; guardians see their own alone', async () => {
    const shown = await publish(await aDraft());
    const father = await aGuardian(child, { relation: 'father' });
    await as(mother).getFileContent({ params: fileOf(shown) });
    const confirmation = { params: of(shown.id), body: { edition: 1 } };
    const { body: mine } = await as(mother).confirmDocument(confirmation);
    expect(mine.mine).toMatchObject({ opened: { edition: 1 }, confirmed: { edition: 1 } });
    expect((await as(mother).confirmDocument(confirmation)).body).toEqual(mine);
    expect((await as(father).getDocument({ params: of(shown.id) })).body.mine).toEqual({});
    const { items } = (await as(staff).listDocumentReceipts({ params: of(shown.id) })).body;
    expect(items).toHaveLength(2);
    expect(items).toEqual(
      expect.arrayContaining([
        { readerId: mother.personId, childId: child, opened: expect.anything(), confirmed: expect.anything() },
        { readerId: father.personId, childId: child },
      ]),
    );
    expect(await eventsOf(mother.personId)).toContain('document.confirmed');
    await expect(as(mother).listDocumentReceipts({ params: of(shown.id) })).rejects.toMatchObject(
      refused('not-allowed'),
    );
  });

  it('is for the edition in force, and for whoever is asked for one', async () => {
    const shown = await publish(await aDraft());
    const confirm = (by: SignedIn, edition: number, id = shown.id) =>
      as(by).confirmDocument({ params: of(id), body: { edition } });
    await expect(confirm(mother, 2)).rejects.toMatchObject(refused('wrong-state'));
    await expect(confirm(staff, 1)).rejects.toMatchObject(refused('wrong-state'));
    await expect(confirm(mother, 1, anId('doc'))).rejects.toMatchObject(refused('document-not-found'));
    const plain = await publish(await aDraft({ receipt: 'none' }));
    await expect(confirm(mother, 1, plain.id)).rejects.toMatchObject(refused('wrong-state'));
    await as(mother).getFileContent({ params: fileOf(plain) });
    expect((await as(mother).getDocument({ params: of(plain.id) })).body).not.toHaveProperty('mine');
    expect((await as(staff).listDocumentReceipts({ params: of(plain.id) })).body.items).toEqual([]);
  });

  it('notes both when two open at once', async () => {
    const shown = await publish(await aDraft());
    const open = () => as(mother).getFileContent({ params: fileOf(shown) });
    await Promise.all([open(), open()]);
    expect((await eventsOf(child)).filter((event) => event === 'file.opened')).toHaveLength(2);
    expect((await as(mother).getDocument({ params: of(shown.id) })).body.mine).toMatchObject({
      opened: { edition: 1 },
    });
  });
});

describe('a document that is shared', () => {
  it('is for the group, and for nobody outside it', async () => {
    const shown = await publish(await aSharedDraft({ kind: 'group', id: group }));
    const listed = await as(mother).listDocuments({ params: { organisationId: here.organisationId } });
    expect(listed.body.items).toMatchObject([{ id: shown.id, editions: [{ number: 1 }] }]);
    await as(mother).getFileContent({ params: fileOf(shown) });
    const stranger = await aGuardian((await aPerson(store, here.organisationId)).id);
    expect((await as(stranger).listDocuments({ params: { organisationId: here.organisationId } })).body.items).toEqual(
      [],
    );
    await expect(as(stranger).getDocument({ params: of(shown.id) })).rejects.toMatchObject(
      refused('document-not-found'),
    );
    await expect(as(stranger).getFileContent({ params: fileOf(shown) })).rejects.toMatchObject(
      refused('file-not-found'),
    );
    await here.block(child, mother.personId);
    await expect(as(mother).getFileContent({ params: fileOf(shown) })).rejects.toMatchObject(refused('file-not-found'));
  });

  it('is made by those whose role holds all whom it concerns', async () => {
    const params = { organisationId: here.organisationId };
    const fileId = await upload();
    const make = (scope: object, by = staff) =>
      as(by).createDocument({ params, body: { ...fields, fileId, scope } as never });
    await expect(make({ kind: 'organisation' })).rejects.toMatchObject(refused('not-allowed'));
    await expect(make({ kind: 'group', id: await here.group() })).rejects.toMatchObject(refused('not-allowed'));
    await expect(make({ kind: 'group', id: anId('grp') })).rejects.toMatchObject(refused('group-not-found'));
    await expect(make({ kind: 'department', id: anId('dep') })).rejects.toMatchObject(refused('department-not-found'));
    const scope = { kind: 'group', id: group } as const;
    await expect(
      as(staff).createDocument({ params, body: { ...fields, visibleTo: 'person', scope, fileId } }),
    ).rejects.toMatchObject(refused('wrong-state'));
    const title = 'Kort 4111 1111 1111 1111';
    await expect(as(staff).createDocument({ params, body: { ...fields, title, scope, fileId } })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(
      as(staff).createPersonDocument({ params: ofChild(), body: { ...fields, title, fileId } }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    await expect(
      as(staff).createPersonDocument({ params: ofChild(anId('per')), body: { ...fields, fileId } }),
    ).rejects.toMatchObject(refused('person-not-found'));
    await expect(as(staff).listPersonDocuments({ params: ofChild(anId('per')) })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    const leader = await someoneWith(store, here.organisationId, 'leader');
    const everybody = await publish(await aSharedDraft({ kind: 'organisation' }, leader), leader);
    // Staff of a group read what is for everybody, and do not change it.
    await as(staff).getFileContent({ params: fileOf(everybody) });
    const ofIt = of(everybody.id);
    const ifMatch = everybody.version;
    const attempts = [
      () => as(staff).changeDocument({ params: ofIt, body: { title: 'x' }, ifMatch }),
      () => as(staff).publishDocument({ params: ofIt, ifMatch }),
      () => as(staff).withdrawDocument({ params: ofIt, ifMatch }),
      () => as(staff).removeDocument({ params: ofIt, ifMatch }),
      () => as(staff).addEdition({ params: ofIt, body: { fileId } }),
      () => as(staff).listDocumentReceipts({ params: ofIt }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refused('document-not-found'));
  });

  it('is told of in slices, once to each, and not after it was withdrawn', async () => {
    // What the tests before have published waits for the clock too.
    await tickDocuments(clock());
    const others = await Promise.all(Array.from({ length: 12 }, () => aChild()));
    await Promise.all(others.map((one) => here.guardian(one)));
    await here.guardian(others[0]!, {}, mother.personId);
    const blocked = await here.guardian(others[1]!);
    await here.block(others[1]!, blocked);
    const draft = await aSharedDraft({ kind: 'group', id: group });
    await publish(draft);
    expect(await here.notices(mother.personId)).toEqual([]);
    const [one, other] = await Promise.all([tickDocuments(clock()), tickDocuments(clock())]);
    // Twelve guardians of the others, and the mother of two.
    expect(one.told + other.told).toBe(13);
    expect(await tickDocuments(clock())).toEqual({ told: 0, failed: 0 });
    expect(await here.notices(mother.personId)).toHaveLength(1);
    expect(await here.notices(blocked)).toEqual([]);

    const { items } = (await as(staff).listDocumentReceipts({ params: of(draft.id), query: { limit: 100 } })).body;
    expect(items).toHaveLength(13);
    const first = (await as(staff).listDocumentReceipts({ params: of(draft.id), query: { limit: 5 } })).body;
    const second = await as(staff).listDocumentReceipts({
      params: of(draft.id),
      query: { limit: 100, cursor: first.next! },
    });
    const seen = new Set([...first.items, ...second.body.items].map(({ readerId }) => readerId));
    expect(seen.size).toBe(13);

    const withdrawn = await publish(await aSharedDraft({ kind: 'group', id: group }));
    await as(staff).withdrawDocument({ params: of(withdrawn.id), ifMatch: withdrawn.version });
    expect(await tickDocuments(clock())).toEqual({ told: 0, failed: 0 });
  });

  it('is listed page by page', async () => {
    for (let i = 0; i < 3; i++) await publish(await aSharedDraft({ kind: 'group', id: group }));
    const params = { organisationId: here.organisationId };
    const first = (await as(mother).listDocuments({ params, query: { limit: 2 } })).body;
    const second = (await as(mother).listDocuments({ params, query: { limit: 2, cursor: first.next! } })).body;
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3);
    expect(second.next).toBeUndefined();
  });
});

describe('a change', () => {
  it('needs the version that was read, and leaves its audience alone while it is published', async () => {
    const draft = await aDraft();
    const change = (body: object, ifMatch: number) => as(staff).changeDocument({ params: of(draft.id), body, ifMatch });
    expect((await change({ title: 'Ny tittel', receipt: 'opening' }, 1)).body).toMatchObject({
      title: 'Ny tittel',
      receipt: 'opening',
      version: 2,
    });
    await expect(change({ title: 'x' }, 1)).rejects.toMatchObject(refused('stale-version'));
    await expect(change({ title: 'Kort 4111 1111 1111 1111' }, 2)).rejects.toMatchObject(refused('forbidden-content'));
    await expect(publish({ id: draft.id, version: 1 })).rejects.toMatchObject(refused('stale-version'));
    const shown = await publish({ id: draft.id, version: 2 });
    await expect(change({ visibleTo: 'staff', receipt: 'none' }, shown.version)).rejects.toMatchObject(
      refused('wrong-state'),
    );
    expect((await change({ kind: 'report' }, shown.version)).body).toMatchObject({
      kind: 'report',
      state: 'published',
    });
  });

  it('is bounded: editions of a document, documents of a person and of an organisation', async () => {
    const draft = await aDraft();
    const scope = { kind: 'person', id: child } as const;
    const { records } = aCall(store);
    const stored = await records.get(documentRef(ownerOfDocument(here.organisationId, scope), draft.id));
    const full = Array.from({ length: EDITIONS_MAX }, (_, i) => ({ ...stored!.value.editions[0]!, number: i + 1 }));
    await records
      .change()
      .put(stored!.ref, { ...stored!.value, editions: full }, { version: 1 })
      .activity({ event: 'test.prepared', subject: stored!.ref.owner })
      .commit();
    const fileId = await upload();
    await expect(as(staff).addEdition({ params: of(draft.id), body: { fileId } })).rejects.toMatchObject(
      refused('too-many'),
    );

    await fill(scope, stored!.value, DOCUMENTS_OF_PERSON_MAX);
    await expect(
      as(staff).createPersonDocument({ params: ofChild(), body: { ...fields, fileId } }),
    ).rejects.toMatchObject(refused('too-many'));
    const shared = { kind: 'group', id: group } as const;
    await fill(shared, stored!.value, DOCUMENTS_SHARED_MAX);
    const params = { organisationId: here.organisationId };
    await expect(
      as(staff).createDocument({ params, body: { ...fields, scope: shared, fileId } }),
    ).rejects.toMatchObject(refused('too-many'));
  });

  /** As many documents as there may be, as they would lie there. */
  async function fill(scope: DocumentScope, like: DocumentRecord, documents: number) {
    const owner = ownerOfDocument(here.organisationId, scope);
    for (let from = 0; from < documents; from += 90) {
      const change = aCall(store).records.change().activity({ event: 'test.prepared', subject: owner });
      for (let i = from; i < Math.min(from + 90, documents); i++) {
        const id = anId('doc');
        change.put(documentRef(owner, id), { ...like, id, scope, editions: like.editions.slice(0, 1) }, 'new');
      }
      await change.commit();
    }
  }
});
