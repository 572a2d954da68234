import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { applyImport } from '../../../lambdas/features/imports/apply.ts';
import { importHandlers } from '../../../lambdas/features/imports/handlers.ts';
import { readUpload } from '../../../lambdas/features/imports/read-upload.ts';
import { importRoutes } from '../../../lambdas/features/imports/routes.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { personRoutes } from '../../../lambdas/features/people/routes.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { quarantine } from '../../../lambdas/platform/quarantine.ts';
import { aServer, type Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
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
async function as(role: RoleName, personId?: PersonId, otherPersonIds: readonly PersonId[] = []) {
  const service = aService(store, importRoutes, importHandlers(importStore, files()));
  return service.as(await someoneWith(store, organisationId, role, { ...(personId && { personId }), otherPersonIds }));
}
const people = async (role: RoleName) =>
  aService(store, personRoutes, personHandlers(personStore)).as(await someoneWith(store, organisationId, role));
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

  it('shows nothing of a child that a block keeps from whoever looks, and is not theirs to approve', async () => {
    const held = { firstName: 'Ola', lastName: 'Dal', birthDate: '2023-02-01' };
    const { body: child } = await people('leader').then((leader) =>
      leader.createPerson({ params: { organisationId }, body: { kind: 'child', ...held } }),
    );
    const blockedId = (await aPerson(store, organisationId, { kind: 'staff', firstName: 'Per' })).id;
    const parentId = (await aPerson(store, organisationId, { kind: 'guardian', firstName: 'Ove' })).id;
    const header =
      'Barn fornavn;Barn etternavn;Fødselsdato;Avdeling;Startdato;Foresatt 1 navn;Foresatt 1 relasjon;Foresatt 1 e-post';
    const row = 'Ola;Dal;01.02.2023;Blåveis;17.08.2026;Kari Dal;Mor;kari@example.no';
    const leader = await as('leader');
    const begun = (await leader.createImport({ params: { organisationId }, body: { kind: 'register' } })).body;
    const form = new FormData();
    for (const [name, value] of Object.entries(begun.upload.fields)) form.append(name, value);
    form.append('file', new Blob([`${header}\n${row}`]));
    await fetch(begun.upload.url, { method: 'POST', body: form });
    const params = { organisationId, importId: begun.import.id };
    await readUpload(params, importer());
    const manager = await people('leader');
    for (const otherId of [blockedId, parentId]) {
      const blocking = { organisationId, personId: child.id, otherId };
      await manager.blockPerson({ params: blocking, body: { basis: 'court-order', since: '2026-11-01' } });
    }
    const blocked = await as('leader', blockedId);
    const [hidden] = (await blocked.listImportRows({ params })).body.items;
    expect(hidden).toEqual({
      line: 2,
      verdict: 'changed',
      changes: [],
      errors: [],
      remarks: [expect.objectContaining({ code: 'kept-from-you' })],
    });
    const approval = { params, body: { decisions: [] } };
    await expect(blocked.approveImport(approval)).rejects.toMatchObject(refused('not-allowed'));
    const blockedAsAnother = await as('leader', anId('per'), [parentId]);
    expect((await blockedAsAnother.listImportRows({ params })).body.items).toEqual([hidden]);
    await expect(blockedAsAnother.approveImport(approval)).rejects.toMatchObject(refused('not-allowed'));
    const [shown] = (await leader.listImportRows({ params })).body.items;
    expect(shown?.changes).not.toEqual([]);
    expect((await leader.approveImport(approval)).status).toBe(202);
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
