import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { applyImport } from '../../../lambdas/features/imports/apply.ts';
import { importHandlers } from '../../../lambdas/features/imports/handlers.ts';
import { readUpload } from '../../../lambdas/features/imports/read-upload.ts';
import { importRoutes } from '../../../lambdas/features/imports/routes.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import { quarantine } from '../../../lambdas/platform/quarantine.ts';
import { aServer, type Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

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
const importer = () => ({ files: files(), openCall: () => aCall(store) });
async function as(role: RoleName) {
  const service = aService(store, importRoutes, importHandlers(importStore, files()));
  return service.as(await someoneWith(store, organisationId, role));
}
const refused = (slug: string) => ({ name: 'ProblemError', slug });

describe('an import, over HTTP', () => {
  it('is begun, uploaded, polled, shown, approved and taken in', async () => {
    const leader = await as('leader');
    const request = {
      params: { organisationId },
      body: { kind: 'staff' },
      idempotencyKey: 'import-key-000001',
    } as const;
    const begun = (await leader.createImport(request)).body;
    expect((await leader.createImport(request)).body).toEqual(begun);
    const form = new FormData();
    for (const [name, value] of Object.entries(begun.upload.fields)) form.append(name, value);
    form.append('file', new Blob(['Fornavn;Etternavn;E-post\nKari;Dal;kari@example.no\nPer;Dal;feil']));
    expect((await fetch(begun.upload.url, { method: 'POST', body: form })).status).toBe(204);

    const params = { organisationId, importId: begun.import.id };
    await readUpload(params, importer());
    expect((await leader.getImport({ params })).body).toMatchObject({ state: 'ready', verdicts: { new: 1, error: 1 } });
    const { items } = (await leader.listImportRows({ params })).body;
    expect(items).toMatchObject([
      { line: 2, verdict: 'new', changes: [{ who: 'staff', what: 'create', name: 'Kari Dal' }] },
      { line: 3, verdict: 'error', errors: [{ column: 'E-post', code: 'email-invalid' }] },
    ]);
    const approved = await leader.approveImport({ params, body: { decisions: [] } });
    expect(approved).toMatchObject({ status: 202, body: { state: 'applying' } });
    await applyImport(params, importer());
    expect((await leader.getImport({ params })).body).toMatchObject({ state: 'applied', outcomes: { applied: 1 } });

    await expect(leader.approveImport({ params, body: { decisions: [] } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(leader.rejectImport({ params })).rejects.toMatchObject(refused('wrong-state'));
  });

  it('that is not there is 404 on every route', async () => {
    const leader = await as('leader');
    const params = { organisationId, importId: anId('imp') };
    const asked = [
      leader.getImport({ params }),
      leader.listImportRows({ params }),
      leader.approveImport({ params, body: { decisions: [] } }),
      leader.rejectImport({ params }),
    ];
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: refused('import-not-found') });
    }
  });

  it('is the management’s alone', async () => {
    const staff = await as('staff');
    const begun = staff.createImport({ params: { organisationId }, body: { kind: 'staff' } });
    await expect(begun).rejects.toMatchObject(refused('not-allowed'));
  });
});
