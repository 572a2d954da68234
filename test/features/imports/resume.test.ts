import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyImport } from '../../../lambdas/features/imports/apply.ts';
import { importHandlers } from '../../../lambdas/features/imports/handlers.ts';
import { uploadKey } from '../../../lambdas/features/imports/import.ts';
import { readUpload } from '../../../lambdas/features/imports/read-upload.ts';
import { resumeImports } from '../../../lambdas/features/imports/resume.ts';
import { importRoutes } from '../../../lambdas/features/imports/routes.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import type { Importer } from '../../../lambdas/features/imports/worker.ts';
import type { ImportId, OrganisationId } from '../../../lambdas/http/ids.ts';
import { quarantine } from '../../../lambdas/platform/quarantine.ts';
import { aServer, type Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, someoneWith } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let s3: Harness;
let store: TestStore;
let organisationId: OrganisationId;

beforeAll(async () => {
  [dynamoDb, s3] = await Promise.all([startDynamoDb(), aServer({ BucketName: 'quarantine' })]);
});
afterAll(() => Promise.all([dynamoDb.stop(), s3.end()]));
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
});

const files = () => quarantine(s3.client, 'quarantine');
const importer = (): Importer => ({ files: files(), openCall: () => aCall(store) });
/** A worker whose container is gone after so many calls. */
function dying(callsLeft: number): Importer {
  let left = callsLeft;
  return {
    files: files(),
    openCall() {
      if (left-- <= 0) throw new Error('the container is gone');
      return aCall(store);
    },
  };
}
const lines: unknown[] = [];
const sweep = (by = importer()) =>
  resumeImports(
    by,
    () => true,
    (line) => lines.push(line),
  );
const later = (minutes: number) => {
  store.clock = new Date(store.now().getTime() + minutes * 60_000);
};
/** Signed in anew each time: a role stands open for half an hour. */
async function asLeader() {
  const service = aService(store, importRoutes, importHandlers(importStore, files()));
  return service.as(await someoneWith(store, organisationId, 'leader'));
}
const placeOf = (importId: ImportId) => ({ organisationId, importId });
const stateOf = async (importId: ImportId) => (await (await asLeader()).getImport({ params: placeOf(importId) })).body;
const staffList = 'Fornavn;Etternavn;E-post\nKari;Dal;kari@example.no\nPer;Dal;per@example.no';

async function begin() {
  const leader = await asLeader();
  return (await leader.createImport({ params: { organisationId }, body: { kind: 'staff' } })).body;
}
async function uploaded(): Promise<ImportId> {
  const { import: begun, upload } = await begin();
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
  form.append('file', new Blob([staffList]));
  expect((await fetch(upload.url, { method: 'POST', body: form })).status).toBe(204);
  return begun.id;
}
async function approved(): Promise<ImportId> {
  const importId = await uploaded();
  await readUpload(placeOf(importId), importer());
  await (await asLeader()).approveImport({ params: placeOf(importId), body: { decisions: [] } });
  return importId;
}

describe('an import that its worker left behind', () => {
  it('is taken up where it was, but not while a worker may still have it', async () => {
    const importId = await approved();
    await expect(applyImport(placeOf(importId), dying(3))).rejects.toThrow('gone');
    later(15);
    expect(await sweep()).toEqual({ resumed: 0, failed: 0 });
    expect(await stateOf(importId)).toMatchObject({ state: 'applying' });
    later(2);
    expect(await sweep()).toEqual({ resumed: 1, failed: 0 });
    expect(await stateOf(importId)).toMatchObject({ state: 'applied', outcomes: { applied: 2 } });
    expect(await sweep()).toEqual({ resumed: 0, failed: 0 });
  });

  it('is read when the word of its upload was lost, and when the reading broke off', async () => {
    const [lost, broken] = [await uploaded(), await uploaded()];
    await expect(readUpload(placeOf(broken), dying(4))).rejects.toThrow('gone');
    later(60);
    expect(await sweep()).toEqual({ resumed: 2, failed: 0 });
    for (const importId of [lost, broken]) {
      expect(await stateOf(importId)).toMatchObject({ state: 'ready', verdicts: { new: 2 } });
    }
  });

  it('is taken up by one of two sweeps', async () => {
    const importId = await approved();
    later(20);
    await Promise.all([sweep(), sweep()]);
    expect(await stateOf(importId)).toMatchObject({ state: 'applied' });
  });

  it('says that its file has to come again when the quarantine no longer has it', async () => {
    const importId = await uploaded();
    await expect(readUpload(placeOf(importId), dying(4))).rejects.toThrow('gone');
    await files().remove(uploadKey(organisationId, importId));
    later(60);
    await sweep();
    expect(await stateOf(importId)).toMatchObject({ state: 'failed', fileErrors: [{ code: 'file-gone' }] });
  });

  it('is given up in the end, and the log names nothing but the import', async () => {
    const importId = await approved();
    lines.length = 0;
    for (let tries = 0; tries < 10; tries++) {
      later(20);
      expect(await sweep(dying(4))).toEqual({ resumed: 0, failed: 1 });
    }
    expect(lines[0]).toEqual({ event: 'import.not-resumed', importId, error: 'Error' });
    later(20);
    await sweep();
    expect(await stateOf(importId)).toMatchObject({ state: 'failed', fileErrors: [{ code: 'given-up' }] });
  });

  it('is let go of when the upload never came', async () => {
    const { import: begun } = await begin();
    later(60);
    expect(await sweep()).toEqual({ resumed: 1, failed: 0 });
    expect(await sweep()).toEqual({ resumed: 0, failed: 0 });
    expect(await stateOf(begun.id)).toMatchObject({ state: 'expired' });
    const gone = s3.client.send(
      new HeadObjectCommand({ Bucket: 'quarantine', Key: uploadKey(organisationId, begun.id) }),
    );
    await expect(gone).rejects.toThrow();
  });
});

describe('the imports of an organisation', () => {
  it('are listed newest first, page by page, and are nobody else’s', async () => {
    const ids: ImportId[] = [];
    for (let i = 0; i < 3; i++) {
      ids.unshift((await begin()).import.id);
      later(1);
    }
    const leader = await asLeader();
    const first = (await leader.listImports({ params: { organisationId }, query: { limit: 2 } })).body;
    const query = { limit: 2, cursor: first.next! };
    const second = (await leader.listImports({ params: { organisationId }, query })).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBeUndefined();
    expect(first.items[0]).not.toHaveProperty('resumptions');
    const other = await anOrganisation(store);
    const service = aService(store, importRoutes, importHandlers(importStore, files()));
    const stranger = service.as(await someoneWith(store, other.id, 'leader'));
    expect((await stranger.listImports({ params: { organisationId: other.id } })).body.items).toEqual([]);
  });
});
