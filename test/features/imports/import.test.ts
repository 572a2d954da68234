import { readFileSync } from 'node:fs';
import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyImport } from '../../../lambdas/features/imports/apply.ts';
import { applyFromStream } from '../../../lambdas/features/imports/apply-from-stream.ts';
import { importHandlers } from '../../../lambdas/features/imports/handlers.ts';
import {
  Import,
  ImportRow,
  importRef,
  type RowDecision,
  rowsRef,
  uploadKey,
} from '../../../lambdas/features/imports/import.ts';
import type { ImportKind } from '../../../lambdas/features/imports/limits.ts';
import { readUpload } from '../../../lambdas/features/imports/read-upload.ts';
import { readGroups } from '../../../lambdas/features/imports/read-world.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import { findImport, type Importer, placeOfJob, placeOfUpload } from '../../../lambdas/features/imports/worker.ts';
import { organisationEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { structureStore } from '../../../lambdas/features/organisations/structure-store.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { blockEntity, guardianLinkEntity, ownerOf, type PersonKind } from '../../../lambdas/features/people/person.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import { Guardian, Person } from '../../../lambdas/features/people/views.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { ImportId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { quarantine } from '../../../lambdas/platform/quarantine.ts';
import { aServer, type Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const BUCKET = 'quarantine';
let dynamoDb: TestDynamoDb;
let s3: Harness;
let store: TestStore;
let organisationId: OrganisationId;

beforeAll(async () => {
  [dynamoDb, s3] = await Promise.all([startDynamoDb(), aServer({ BucketName: BUCKET })]);
});
afterAll(() => Promise.all([dynamoDb.stop(), s3.end()]));
beforeEach(async () => {
  organisationId = anId('org');
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), [organisationId]);
  const owner = organisationOwner(organisationId);
  await asLeader()
    .records.change()
    .put(
      { entity: organisationEntity, owner },
      {
        id: organisationId,
        name: 'Solbakken',
        profile: 'kindergarten',
        timeZone: 'Europe/Oslo',
        language: 'nb',
        state: 'open',
        notArrivedAfterMinutes: 30,
      },
      'new',
    )
    .activity({ event: 'organisation.created', subject: owner })
    .commit();
});

const asLeader = (): Call => aCall(store, { role: 'leader', organisationId });
const files = () => quarantine(s3.client, BUCKET);
const imports = () => importHandlers(importStore, files());
const importer = (): Importer => ({ files: files(), openCall: () => aCall(store) });
const placeOfImport = (importId: ImportId) => ({ organisationId, importId });
const input = <P, B, Q>(params: P, body: B, query: Q) => ({
  params: { organisationId, ...params },
  body,
  query,
  ifMatch: undefined,
});

const example = (name: string) => readFileSync(new URL(`../../../examples/solbakken-${name}.csv`, import.meta.url));

async function begin(kind: ImportKind) {
  const answer = await imports().createImport(input({}, { kind }, undefined), asLeader());
  return { importId: Import.parse(answer.import).id, upload: answer.upload };
}
async function upload(
  { url, fields }: { url: string; fields: Record<string, string> },
  bytes: Uint8Array<ArrayBuffer>,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([bytes]));
  return fetch(url, { method: 'POST', body: form });
}
/** Uploaded and read: ready to be approved, or failed. */
async function take(kind: ImportKind, bytes: Uint8Array): Promise<ImportId> {
  const begun = await begin(kind);
  expect((await upload(begun.upload, new Uint8Array(bytes))).status).toBe(204);
  await readUpload(placeOfImport(begun.importId), importer());
  return begun.importId;
}
const status = async (importId: ImportId, call = asLeader()) =>
  Import.parse(await imports().getImport(input({ importId }, undefined, undefined), call));
async function rowsOf(importId: ImportId, limit = 100) {
  const rows: ImportRow[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit, ...(cursor !== undefined && { cursor }) };
    const page = await imports().listImportRows(input({ importId }, undefined, query), asLeader());
    rows.push(...page.items.map((row) => ImportRow.parse(row)));
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
}
const approve = (importId: ImportId, decisions: RowDecision[] = []) =>
  imports().approveImport(input({ importId }, { decisions }, undefined), asLeader());
async function takeIn(kind: ImportKind, bytes: Uint8Array, decisions: RowDecision[] = []) {
  const importId = await take(kind, bytes);
  await approve(importId, decisions);
  await applyImport(placeOfImport(importId), importer());
  return status(importId);
}

const people = personHandlers(personStore);
async function listed(kind: PersonKind) {
  const ids: { id: PersonId; name: string }[] = [];
  let cursor: string | undefined;
  do {
    const query = { kind, limit: 100, ...(cursor !== undefined && { cursor }) };
    const page = await people.listPeople(input({}, undefined, query), asLeader());
    ids.push(
      ...page.items.map(({ id, firstName, lastName }) => ({ id: id as PersonId, name: `${firstName} ${lastName}` })),
    );
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}
const idOf = async (kind: PersonKind, name: string) => (await listed(kind)).find((person) => person.name === name)!.id;
const read = async (personId: PersonId) =>
  Person.parse(await people.getPerson(input({ personId }, undefined, undefined), asLeader()));
const guardiansOf = async (personId: PersonId) =>
  (await people.listGuardians(input({ personId }, undefined, undefined), asLeader())).items.map((item) =>
    Guardian.parse(item),
  );

/** Everything that is stored, as it is stored: how many items, and their versions. */
async function snapshot() {
  const items: string[] = [];
  for (const table of [store.tableNames.core, store.tableNames.lookup]) {
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await dynamoDb.client.send(new ScanCommand({ TableName: table, ExclusiveStartKey }));
      for (const item of page.Items ?? []) items.push(`${item['pk']?.S} ${item['sk']?.S} ${item['version']?.N ?? ''}`);
      ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
    } while (ExclusiveStartKey);
  }
  return items.sort();
}

const HEADER =
  'Barn fornavn;Barn etternavn;Fødselsdato;Avdeling;Startdato;Foresatt 1 navn;Foresatt 1 relasjon;Foresatt 1 e-post;Foresatt 1 telefon;Bor hos;Adressesperre;Merknad';
const csv = (...lines: string[]) => new TextEncoder().encode([HEADER, ...lines].join('\n'));
const ola = 'Ola;Dal;01.02.2023;Blåveis;17.08.2026;Kari Dal;Mor;kari@example.no;47274947;Begge;;';
const noDecisions: RowDecision[] = [];
const ignoreRow31: RowDecision[] = [{ line: 31, block: [] }];

describe('an import of Solbakken’s register', () => {
  it('is read without changing anything, shows a plan per row, and removes the file', async () => {
    const before = await snapshot();
    const importId = await take('register', example('register'));
    expect(await status(importId)).toMatchObject({
      state: 'ready',
      rowsTotal: 60,
      rowsDone: 60,
      verdicts: { new: 57, error: 2, remark: 1 },
      rowsToDecide: 1,
      newGroups: ['Revebjella', 'Blåveis', 'Tyttebær', 'Trollhiet'],
    });
    expect(await snapshot()).toEqual(before);
    const key = uploadKey(organisationId, importId);
    await expect(s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))).rejects.toThrow();

    const rows = await rowsOf(importId, 7);
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 60 }, (_, i) => i + 2));
    expect(rows[12]).toMatchObject({
      line: 14,
      verdict: 'error',
      changes: [],
      errors: [{ line: 14, column: 'Fødselsdato', code: 'date-invalid', message: { nb: expect.any(String) } }],
    });
    expect(rows[29]).toMatchObject({
      remarks: [{ code: 'possible-block', needsDecision: true }],
      remarkText: 'Far har ikke samværsrett, skal ikke hente',
    });
    expect(rows[50]).toMatchObject({ remarks: [{ code: 'health-data', needsDecision: false }] });
    expect(rows[50]).not.toHaveProperty('remarkText');
  });

  it('is not approved while a possible block is undecided, and nothing is written', async () => {
    const importId = await take('register', example('register'));
    const before = await snapshot();
    await expect(approve(importId)).rejects.toMatchObject({
      slug: 'wrong-state',
      extensions: { undecidedLines: [31] },
    });
    await applyImport(placeOfImport(importId), importer());
    expect(await snapshot()).toEqual(before);
    expect(await status(importId)).toMatchObject({ state: 'ready' });
  });

  it('takes in children, guardians and groups, with the block that was decided (KP-04, KP-05)', async () => {
    const answer = await takeIn('register', example('register'), [
      { line: 31, block: ['guardian2'], basis: 'court-order' },
    ]);
    expect(answer).toMatchObject({ state: 'applied', rowsDone: 60, outcomes: { applied: 57, 'left-out': 3 } });
    expect(await listed('child')).toHaveLength(57);
    expect(await listed('guardian')).toHaveLength(75);
    const groups = await readGroups(organisationId, asLeader().records);
    expect(groups.map(({ name }) => name).sort()).toEqual(['Blåveis', 'Revebjella', 'Trollhiet', 'Tyttebær']);

    const maja = await idOf('child', 'Maja Ødegård');
    const father = await idOf('guardian', 'Sindre Ødegård');
    expect((await guardiansOf(maja)).map(({ firstName }) => firstName)).toEqual(['Sunniva']);
    const blocks = await asLeader().records.list(blockEntity, ownerOf(organisationId, maja));
    expect(blocks.items.map(({ value }) => value)).toMatchObject([{ personId: father, basis: 'court-order' }]);
    expect(await read(await idOf('child', 'Erik Sørensen'))).toMatchObject({ protectedAddress: true });
    expect(await read(await idOf('guardian', 'Sara Sørensen'))).toMatchObject({
      protectedAddress: true,
      email: 'sara.sorensen23@example.no',
      address: 'Larss Vei 15',
      postcode: '2324',
      phone: '+4741115499',
    });
    const daniel = await read(await idOf('child', 'Daniel Borge Nielsen'));
    expect(daniel).toMatchObject({ birthDate: '2023-07-27', placements: [{ from: '2026-08-17' }] });
    // Siblings share their guardians.
    const jakob = await idOf('child', 'Jakob Borge Nielsen');
    const idsOf = async (childId: PersonId) => (await guardiansOf(childId)).map(({ guardianId }) => guardianId).sort();
    expect(await idsOf(jakob)).toEqual(await idsOf(daniel.id));
  });

  it('changes nothing when it is run again, also on another day and after a change of hand', async () => {
    await takeIn('register', example('register'), [{ line: 31, block: ['guardian2'] }]);
    store.clock = new Date('2026-12-01T07:00:00Z');
    const before = await snapshot();
    const importId = await take('register', example('register'));
    expect(await status(importId)).toMatchObject({
      verdicts: { unchanged: 57, error: 2, remark: 1 },
      rowsToDecide: 0,
      newGroups: [],
    });
    await approve(importId);
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ outcomes: { unchanged: 57, 'left-out': 3 } });
    expect(await snapshot()).toEqual(before);
  });

  it('is followed by the staff list, of which one row has a guardian’s e-mail address (KP-06)', async () => {
    await takeIn('register', example('register'), ignoreRow31);
    const importId = await take('staff', example('staff'));
    const rows = await rowsOf(importId);
    expect(rows.filter(({ verdict }) => verdict === 'error')).toMatchObject([
      { line: 10, errors: [{ column: 'E-post', code: 'email-of-another' }] },
    ]);
    await approve(importId);
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ state: 'applied', outcomes: { applied: 17, 'left-out': 1 } });
    expect(await read(await idOf('staff', 'Sandra Ødegård'))).toMatchObject({
      email: 'sandra.odegard@solbakken.example.no',
      phone: '+4745384958',
      position: 'Styrer',
    });
  });

  it('keeps the health remark nowhere, and no value once it has been applied', async () => {
    const importId = await take('register', example('register'));
    const chunk = async () => JSON.stringify(await asLeader().records.get(rowsRef(organisationId, importId, 2)));
    expect(await chunk()).toContain('Johannes');
    expect(await chunk()).not.toMatch(/allergi|epipen/i);
    await approve(importId, ignoreRow31);
    await applyImport(placeOfImport(importId), importer());
    expect(await chunk()).not.toContain('Johannes');
    expect(JSON.stringify(await read(await idOf('child', 'Johannes Haugen')))).not.toMatch(/allergi|epipen/i);
  });

  it('tells no value in its activity records', async () => {
    await takeIn('register', example('register'), ignoreRow31);
    const child = await idOf('child', 'Jakob Borge Nielsen');
    const { Items = [] } = await dynamoDb.client.send(
      new QueryCommand({
        TableName: store.tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${organisationId}#${child}` } },
      }),
    );
    expect(Items.map((item) => item['event']?.S).sort()).toEqual([
      'guardian.linked',
      'guardian.linked',
      'person.created',
    ]);
    expect(JSON.stringify(Items)).not.toMatch(/Jakob|Borge|example\.no|2021-10-23/);
  });
});

describe('an import stopped in the middle', () => {
  it('goes on where it was, and ends as if nothing had happened', async () => {
    const importId = await take('register', example('register'));
    await approve(importId, [{ line: 31, block: ['guardian2'] }]);
    let calls = 0;
    const dying: Importer = {
      files: files(),
      openCall() {
        if (++calls > 60) throw new Error('the container is gone');
        return aCall(store);
      },
    };
    await expect(applyImport(placeOfImport(importId), dying)).rejects.toThrow('gone');
    const some = (await listed('child')).length;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(57);
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ state: 'applied', outcomes: { applied: 57, 'left-out': 3 } });
    expect(await listed('child')).toHaveLength(57);
    expect(await listed('guardian')).toHaveLength(75);
  });

  it('by two workers at once makes each person once', async () => {
    const importId = await take('register', example('register'));
    await approve(importId, ignoreRow31);
    await Promise.all([
      applyImport(placeOfImport(importId), importer()),
      applyImport(placeOfImport(importId), importer()),
    ]);
    expect(await status(importId)).toMatchObject({ state: 'applied' });
    expect(await listed('child')).toHaveLength(57);
    expect(await listed('guardian')).toHaveLength(75);
    expect(await readGroups(organisationId, asLeader().records)).toHaveLength(4);
  });

  it('after the rows were emptied ends with what had become of them', async () => {
    const importId = await take('register', csv(ola));
    await approve(importId);
    await applyImport(placeOfImport(importId), importer());
    const { records } = asLeader();
    const stored = (await records.get(importRef(organisationId, importId)))!;
    await records
      .change()
      .put(stored.ref, { ...stored.value, state: 'applying' }, { version: stored.version })
      .activity({ event: 'import.rewound', subject: stored.ref.owner })
      .commit();
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ state: 'applied', outcomes: { applied: 1 } });
  });

  it('is not touched by a second file under the same form', async () => {
    const begun = await begin('register');
    await upload(begun.upload, new Uint8Array(csv(ola)));
    await readUpload(placeOfImport(begun.importId), importer());
    await upload(begun.upload, new Uint8Array(csv(ola.replace('Ola', 'Per'))));
    await readUpload(placeOfImport(begun.importId), importer());
    expect(await rowsOf(begun.importId)).toMatchObject([{ changes: [{ name: 'Ola Dal' }, {}, {}, {}] }]);
    const Key = uploadKey(organisationId, begun.importId);
    await expect(s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).rejects.toThrow();
  });

  it('does nothing more when its events come again', async () => {
    const importId = await take('register', csv(ola));
    await approve(importId);
    await applyImport(placeOfImport(importId), importer());
    const before = await snapshot();
    await readUpload(placeOfImport(importId), importer());
    await applyImport(placeOfImport(importId), importer());
    expect(await snapshot()).toEqual(before);
    const [job] = await asLeader().records.pointersAt([
      { table: 'transient', pk: `IMPORT-JOB#${organisationId}`, sk: importId },
    ]);
    expect(job).toBeUndefined();
  });
});

describe('a job in the stream', () => {
  const inserted = (importId: ImportId, SequenceNumber: string, eventName = 'INSERT') => ({
    eventName,
    dynamodb: { SequenceNumber, Keys: { pk: { S: `IMPORT-JOB#${organisationId}` }, sk: { S: importId } } },
  });

  it('takes the import in', async () => {
    const importId = await take('register', csv(ola));
    await approve(importId);
    const lines: object[] = [];
    const log = (line: object) => lines.push(line);
    const other = { eventName: 'INSERT', dynamodb: { SequenceNumber: '1', Keys: { pk: { S: 'OUTBOX#x' } } } };
    const records = [other, inserted(importId, '2', 'REMOVE'), inserted(importId, '3')];
    expect(await applyFromStream(records, importer(), log)).toEqual({ batchItemFailures: [] });
    expect(await status(importId)).toMatchObject({ state: 'applied' });
    expect(lines).toEqual([]);
  });

  it('KP-12 is given up, and takes in nothing, when an erasure has made unreadable what was read in', async () => {
    const importId = await take('register', csv(ola));
    await approve(importId);
    const stored = await findImport(placeOfImport(importId), aCall(store).records);
    const owner = organisationOwner(organisationId);
    await aCall(store)
      .records.change()
      .keys({ do: 'shred', owner, retentionClass: 'import' })
      .activity({ event: 'erasure.fenced', subject: owner })
      .commit();
    // A worker that had read the record before writes it again, under the new key.
    await aCall(store)
      .records.change()
      .put(stored!.ref, stored!.value, { version: stored!.version })
      .activity({ event: 'import.progressed', subject: owner })
      .commit();
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ state: 'failed', fileErrors: [{ code: 'rows-gone' }] });
    expect(await listed('child')).toEqual([]);
  });

  it('comes again when it fails, and the log says nothing of what it was about', async () => {
    const importId = await take('register', csv(ola));
    await approve(importId);
    const failing: Importer = {
      files: files(),
      openCall: () => {
        throw new TypeError('Kari Dal');
      },
    };
    const lines: object[] = [];
    const answer = await applyFromStream([inserted(importId, '7')], failing, (line) => lines.push(line));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(lines).toEqual([{ event: 'import.interrupted', importId, error: 'TypeError' }]);
  });
});

describe('an import of two thousand rows', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => {
    const family = Math.floor(i / 2);
    return `Barn${i};Dal${family};01.02.2023;Blåveis;17.08.2026;Kari Dal${family};Mor;k${family}@example.no;47274947;Begge;;`;
  });

  it('is planned with progress that can be polled, and shown page by page', async () => {
    const begun = await begin('register');
    await upload(begun.upload, new Uint8Array(csv(...rows)));
    const seen: number[] = [];
    const watched: Importer = {
      files: files(),
      openCall() {
        const call = aCall(store);
        void status(begun.importId).then(({ rowsDone, state }) => state === 'reading' && seen.push(rowsDone));
        return call;
      },
    };
    await readUpload(placeOfImport(begun.importId), watched);
    expect(await status(begun.importId)).toMatchObject({ state: 'ready', rowsTotal: 2000, verdicts: { new: 2000 } });
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(await rowsOf(begun.importId)).toHaveLength(2000);
  });
});

describe('what has changed since the approval', () => {
  it('is not written over: the row is overtaken', async () => {
    await takeIn('register', csv(ola));
    const importId = await take('register', csv(ola.replace('47274947', '47007563')));
    await approve(importId);
    const personId = await idOf('guardian', 'Kari Dal');
    const params = { organisationId, personId };
    await people.changePerson({ params, query: undefined, body: { phone: '+4790000000' }, ifMatch: 1 }, asLeader());
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ outcomes: { overtaken: 1 } });
    expect(await read(personId)).toMatchObject({ phone: '+4790000000' });
  });

  it('never links across a block that was set in between', async () => {
    await takeIn('register', csv(ola));
    const [child, mother] = [await idOf('child', 'Ola Dal'), await idOf('guardian', 'Kari Dal')];
    const unlink = { organisationId, personId: child, guardianId: mother };
    await people.unlinkGuardian({ params: unlink, query: undefined, body: undefined, ifMatch: 1 }, asLeader());
    const importId = await take('register', csv(ola));
    expect(await rowsOf(importId)).toMatchObject([{ verdict: 'changed', changes: [{ what: 'link' }] }]);
    await approve(importId);
    const block = { organisationId, personId: child, otherId: mother };
    const body = { basis: 'court-order', since: '2026-11-23' } as const;
    await people.blockPerson({ params: block, query: undefined, body, ifMatch: undefined }, asLeader());
    await applyImport(placeOfImport(importId), importer());
    const links = await asLeader().records.list(guardianLinkEntity, ownerOf(organisationId, child));
    expect(links.items).toEqual([]);
  });
});

describe('a new e-mail address in the register', () => {
  it('is taken over, and the old one is free for another', async () => {
    await takeIn('register', csv(ola));
    await takeIn('register', csv(ola.replace('kari@', 'kari.dal@')));
    const guardian = await idOf('guardian', 'Kari Dal');
    expect(await read(guardian)).toMatchObject({ email: 'kari.dal@example.no', version: 2 });
    const { records } = asLeader();
    expect(await records.find(organisationId, 'email', 'kari@example.no')).toBeUndefined();
    expect(await records.find(organisationId, 'email', 'kari.dal@example.no')).toBe(guardian);
  });
});

describe('a decision about a row', () => {
  const withRemark = `${ola}Liker trær`;

  it('keeps its remark as a note only when it says so', async () => {
    await takeIn('register', csv(withRemark), noDecisions);
    const child = await idOf('child', 'Ola Dal');
    expect(await read(child)).not.toHaveProperty('note');
    await takeIn('register', csv(withRemark), [{ line: 2, keepAsNote: true }]);
    expect(await read(child)).toMatchObject({ note: 'Liker trær' });
  });

  it('about nobody, about a guardian who is not there, or given twice is refused', async () => {
    const importId = await take('register', csv(ola));
    for (const decisions of [
      [{ line: 99, block: [] }],
      [{ line: 2, block: ['guardian2' as const] }],
      [{ line: 2, keepAsNote: true }],
      [{ line: 2 }, { line: 2 }],
    ]) {
      await expect(approve(importId, decisions)).rejects.toMatchObject({ slug: 'malformed-request' });
    }
    expect(await status(importId)).toMatchObject({ state: 'ready' });
  });
});

describe('a child that may be held under another name', () => {
  const renamed = async () => {
    await takeIn('register', csv(ola));
    const childId = await idOf('child', 'Ola Dal');
    const { version } = await read(childId);
    await people.changePerson(
      { ...input({ personId: childId }, { firstName: 'Ole' }, undefined), ifMatch: version },
      asLeader(),
    );
    return childId;
  };

  it('is not made before somebody has decided; left out, it changes nothing', async () => {
    const childId = await renamed();
    const importId = await take('register', csv(ola));
    const [row] = await rowsOf(importId);
    expect(row).toMatchObject({ sameAs: childId, remarks: [{ code: 'possibly-same', needsDecision: true }] });
    expect(await status(importId)).toMatchObject({ rowsToDecide: 1 });
    await expect(approve(importId)).rejects.toMatchObject({ slug: 'wrong-state' });
    const block = approve(importId, [{ line: 2, isNewChild: false, block: ['guardian1'] }]);
    await expect(block).rejects.toMatchObject({ slug: 'malformed-request' });
    const before = await snapshot();
    await approve(importId, [{ line: 2, isNewChild: false }]);
    await applyImport(placeOfImport(importId), importer());
    expect(await status(importId)).toMatchObject({ state: 'applied', outcomes: { 'left-out': 1 } });
    expect(await snapshot()).toEqual(before);
  });

  it('is made when it is a new one', async () => {
    await renamed();
    await takeIn('register', csv(ola), [{ line: 2, isNewChild: true }]);
    expect((await listed('child')).map(({ name }) => name).sort()).toEqual(['Ola Dal', 'Ole Dal']);
    expect(await listed('guardian')).toHaveLength(1);
  });

  it('is no question of twins who each have a row, nor of other rows', async () => {
    await takeIn('register', csv(ola));
    const importId = await take('register', csv(ola, ola.replace('Ola', 'Liv')));
    for (const row of await rowsOf(importId)) expect(row).not.toHaveProperty('sameAs');
    const decided = approve(importId, [{ line: 2, isNewChild: true }]);
    await expect(decided).rejects.toMatchObject({ slug: 'malformed-request' });
  });
});

describe('a file that cannot be read', () => {
  it('fails with all that is wrong in it, and is removed', async () => {
    const importId = await take('register', csv().slice(0, 80));
    const { state, fileErrors = [] } = await status(importId);
    expect(state).toBe('failed');
    expect(fileErrors.map(({ code }) => code)).toContain('column-missing');
    expect(fileErrors.every(({ message }) => message.nb !== '' && message.en !== '')).toBe(true);
    await expect(approve(importId)).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('is refused by the form when it is too large, of another type or late', async () => {
    const { upload: form } = await begin('register');
    expect((await upload(form, new Uint8Array(5 * 1024 * 1024 + 1))).status).toBe(400);
    const asHtml = { ...form, fields: { ...form.fields, 'Content-Type': 'text/html' } };
    expect((await upload(asHtml, csv(ola) as Uint8Array<ArrayBuffer>)).status).toBe(403);
    const elsewhere = { ...form, fields: { ...form.fields, key: 'imports/other' } };
    expect((await upload(elsewhere, csv(ola) as Uint8Array<ArrayBuffer>)).status).toBe(403);
  });

  it('that names more groups than an organisation can have fails, and no group is made', async () => {
    const rows = Array.from({ length: 101 }, (_, i) =>
      ola.replace('Ola', `Barn ${i}`).replace('Blåveis', `Gruppe ${i}`),
    );
    expect(await status(await take('register', csv(...rows)))).toMatchObject({
      state: 'failed',
      fileErrors: [{ code: 'groups-too-many' }],
    });
    expect(await status(await take('register', csv(...rows.slice(1))))).toMatchObject({ state: 'ready' });
    expect(await readGroups(organisationId, asLeader().records)).toEqual([]);
  });

  it('that nobody began is removed, and nothing is made of it', async () => {
    const importId = anId('imp');
    const Key = uploadKey(organisationId, importId);
    await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: csv(ola) }));
    await readUpload(placeOfImport(importId), importer());
    await expect(s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).rejects.toThrow();
    await expect(status(importId)).rejects.toMatchObject({ slug: 'import-not-found' });
  });
});

describe('an import', () => {
  it('shows as expired when the file never came', async () => {
    const { importId } = await begin('staff');
    expect(await status(importId)).toMatchObject({ state: 'awaiting-upload' });
    store.clock = new Date(store.clock.getTime() + 5 * 60 * 1000);
    expect(await status(importId)).toMatchObject({ state: 'expired' });
  });

  it('is gone after thirty days', async () => {
    const importId = await take('register', csv(ola));
    store.clock = new Date(store.clock.getTime() + 30 * 24 * 60 * 60 * 1000);
    await expect(status(importId)).rejects.toMatchObject({ slug: 'import-not-found' });
  });

  it('can be rejected, and then its rows are gone', async () => {
    const importId = await take('register', csv(ola));
    const reject = () => imports().rejectImport(input({ importId }, undefined, undefined), asLeader());
    expect(await reject()).toMatchObject({ state: 'rejected' });
    expect(await rowsOf(importId)).toEqual([]);
    await expect(approve(importId)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(reject()).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await listed('child')).toEqual([]);
  });

  it('is unknown to another organisation', async () => {
    const importId = await take('register', csv(ola));
    const elsewhere = anId('org');
    await store.ring.create(elsewhere);
    const params = { organisationId: elsewhere, importId };
    const asked = imports().getImport({ params, query: undefined, body: undefined, ifMatch: undefined }, asLeader());
    await expect(asked).rejects.toMatchObject({ slug: 'import-not-found' });
  });

  it('is named by its upload and by its job, and by nothing else', () => {
    const place = placeOfImport(anId('imp'));
    expect(placeOfUpload(uploadKey(place.organisationId, place.importId))).toEqual(place);
    expect(placeOfJob(`IMPORT-JOB#${place.organisationId}`, place.importId)).toEqual(place);
    for (const key of [
      '',
      'imports',
      `imports/${place.organisationId}/x`,
      `other/${place.organisationId}/${place.importId}`,
    ]) {
      expect(placeOfUpload(key)).toBeUndefined();
    }
    expect(placeOfJob('OUTBOX#x', place.importId)).toBeUndefined();
    expect(importRef(place.organisationId, place.importId).key).toBe(place.importId);
  });
});

describe('a group that the register names', () => {
  const groupsIn = () => readGroups(organisationId, asLeader().records);

  it('is the one that is there, whatever its case', async () => {
    const group = { id: anId('grp'), name: 'BLÅVEIS', state: 'open' } as const;
    await structureStore.addGroup(organisationId, group, asLeader(), undefined);
    await takeIn('register', csv(ola));
    expect(await groupsIn()).toEqual([group]);
    expect(await read(await idOf('child', 'Ola Dal'))).toMatchObject({ placements: [{ groupId: group.id }] });
  });

  it('is made anew when it has been closed, and its name is then taken', async () => {
    const group = { id: anId('grp'), name: 'Blåveis', state: 'open' } as const;
    await structureStore.addGroup(organisationId, group, asLeader(), undefined);
    const stored = (await structureStore.group(organisationId, group.id, asLeader()))!;
    await structureStore.saveGroup(stored, { ...group, state: 'closed' }, asLeader());
    await takeIn('register', csv(ola));
    expect(await groupsIn()).toMatchObject([{ name: 'Blåveis', state: 'open' }]);
    const other = structureStore.addGroup(organisationId, { ...group, id: anId('grp') }, asLeader(), undefined);
    await expect(other).rejects.toMatchObject({ slug: 'name-taken' });
  });
});
