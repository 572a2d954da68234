import { createVerify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { personDocumentEntity } from '../../../lambdas/features/documents/document.ts';
import { exportRef } from '../../../lambdas/features/exports/export.ts';
import { makeExport } from '../../../lambdas/features/exports/make.ts';
import { objectKey } from '../../../lambdas/features/files/file.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { aMaker, type Exports, keyIn, sha256 } from './world.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let exports: Exports;
const self = { kind: 'self' } as const;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  exports = aMaker(house.store);
});

const ownerOfPerson = async () => ownerOf(house.organisationId, await house.person({ firstName: 'Åse' }));

describe('an export that is made', () => {
  it('holds the person, as JSON that its schema describes, as CSV, and on both pages', async () => {
    const file = await exports.of({ owner: await ownerOfPerson(), audience: self });
    expect(file.json('data/person.json')).toMatchObject([{ firstName: 'Åse', lastName: 'Ødegård' }]);
    expect(file.text('data/person.csv')).toContain('Ødegård');
    expect(Object.keys(file.files)).toEqual(
      expect.arrayContaining(['README.txt', 'index.nb.html', 'index.en.html', 'data/schemas/person.schema.json']),
    );
  });

  it('is proven by its manifest: every file by its hash, the manifest by a signature', async () => {
    const { files, json, text } = await exports.of({ owner: await ownerOfPerson(), audience: self });
    const manifest = json('manifest.json') as { files: { name: string; sha256: string; bytes: number }[] };
    const unlisted = ['SHA256SUMS', 'manifest.json', 'manifest.sig', 'public-key.pem'];
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(
      Object.keys(files)
        .filter((name) => !unlisted.includes(name))
        .sort(),
    );
    for (const { name, sha256: expected, bytes } of manifest.files) {
      expect(sha256(files[name]!)).toBe(expected);
      expect(files[name]!.length).toBe(bytes);
      expect(text('SHA256SUMS')).toContain(`${expected}  ${name}\n`);
    }
    const isSigned = (content: Uint8Array) =>
      createVerify('sha256')
        .update(content)
        .verify(keyIn(text('public-key.pem')), files['manifest.sig']!);
    expect(isSigned(files['manifest.json']!)).toBe(true);
    expect(isSigned(Buffer.from(text('manifest.json').replace('vern-export', 'vern-exporT')))).toBe(false);
  });

  it('FW-13: has the documents that the person may open, and not what staff keep among themselves', async () => {
    const owner = await ownerOfPerson();
    const document = async (visibleTo: 'guardians' | 'staff') => {
      const [id, fileId] = [anId('doc'), anId('fil')];
      const key = Buffer.alloc(32, 7).toString('base64');
      const file = { id: fileId, name: 'Plan.pdf', contentType: 'application/pdf', bytes: 9, key } as const;
      const at = house.store.clock.toISOString();
      await exports
        .openCall()
        .records.change()
        .put(
          { entity: personDocumentEntity, owner, key: id },
          {
            id,
            scope: { kind: 'person', id: owner.subject as PersonId },
            kind: 'plan',
            title: 'Plan',
            visibleTo,
            receipt: 'none',
            state: 'published',
            editions: [{ number: 1, file, addedAt: at, publishedAt: at }],
          },
          'new',
        )
        .activity({ event: 'document.created', subject: owner })
        .commit();
      exports.vault.set(objectKey(house.organisationId, fileId), Buffer.from(`%PDF ${visibleTo}`));
      return fileId;
    };
    const [shown, kept] = [await document('guardians'), await document('staff')];
    const { text, files, json } = await exports.of({ owner, audience: self });
    expect(text(`files/${shown}.pdf`)).toBe('%PDF guardians');
    expect(Object.keys(files)).not.toContain(`files/${kept}.pdf`);
    expect(json('data/person-document.json')).toHaveLength(2);
  });

  it('can be fetched for seven days, and its record is then gone', async () => {
    const { id, holder } = await exports.make({ owner: await ownerOfPerson(), audience: self });
    const read = async () => (await exports.openCall().records.get(exportRef(holder, id)))?.value.state;
    house.at('2026-11-30T06:59:59Z');
    expect(await read()).toBe('ready');
    house.at('2026-11-30T07:00:00Z');
    expect(await read()).toBeUndefined();
  });

  it('is made once: whoever comes second leaves it alone', async () => {
    const { id, holder } = await exports.make({ owner: await ownerOfPerson(), audience: self });
    const before = [...exports.sealed.objects.values()][0]!.content;
    await makeExport({ holder, id }, exports.maker);
    expect([...exports.sealed.objects.values()][0]!.content).toBe(before);
  });

  it('lies in the bucket sealed: no name can be read there', async () => {
    await exports.make({ owner: await ownerOfPerson(), audience: self });
    for (const [key, { content }] of exports.sealed.objects) {
      const seen = `${key}${Buffer.from(content).toString('latin1')}`;
      for (const hint of ['Ødegård', 'index.nb.html']) expect(seen.slice(0, 500)).not.toContain(hint);
    }
  });
});
