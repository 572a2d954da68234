import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimFile, releaseFile, uploadsOf } from '../../../lambdas/features/files/claim.ts';
import { filePointers, objectKey, UNCLAIMED_MAX, uploadKey } from '../../../lambdas/features/files/file.ts';
import { fileHandlers } from '../../../lambdas/features/files/handlers.ts';
import { type Inspector, inspectUpload, placeOfFile } from '../../../lambdas/features/files/inspect-upload.ts';
import { fileRoutes } from '../../../lambdas/features/files/routes.ts';
import { fileStore } from '../../../lambdas/features/files/store.ts';
import { sweepFiles } from '../../../lambdas/features/files/sweep.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { FileId, OrganisationId } from '../../../lambdas/http/ids.ts';
import { SealBroken } from '../../../lambdas/platform/sealing.ts';
import type { Harness } from '../../local/s3/harness.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { exif, jpeg } from '../pictures/samples.ts';
import { anUpload, bucketsOf, inspectorOf, post, someBuckets } from './bench.ts';
import { pdf } from './samples.ts';

let dynamoDb: TestDynamoDb;
let s3: Harness;
let store: TestStore;
let organisationId: OrganisationId;
let uploader: SignedIn;

beforeAll(async () => {
  [dynamoDb, s3] = await Promise.all([startDynamoDb(), someBuckets()]);
});
afterAll(() => Promise.all([dynamoDb.stop(), s3.end()]));
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
  uploader = await someoneWith(store, organisationId, 'staff');
});

const as = (caller: SignedIn) => aService(store, fileRoutes, fileHandlers(fileStore, bucketsOf(s3), [])).as(caller);
const aPdf = (content = pdf()) => anUpload(as(uploader), organisationId, content, [s3, store]);
const begin = (body: { name: string; contentType: 'application/pdf' | 'image/jpeg'; bytes: number }) =>
  as(uploader).beginUpload({ params: { organisationId }, body });
const standing = async (fileId: FileId, caller = uploader) =>
  (await as(caller).getUpload({ params: { organisationId, fileId } })).body;
const look = (fileId: FileId, inspector: Inspector = inspectorOf(s3, store)) =>
  inspectUpload({ organisationId, fileId }, inspector);
const sweep = () => sweepFiles(inspectorOf(s3, store), () => true, console.error);
const refused = (slug: string) => ({ name: 'ProblemError', slug });

async function keysIn(bucket: 'quarantine' | 'files'): Promise<string[]> {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key ?? '').filter((key) => key.includes(organisationId));
}
const laterBy = (hours: number) => {
  store.clock = new Date(store.clock.getTime() + hours * 60 * 60 * 1000);
};

const home = () => ({
  owner: ownerOf(organisationId, anId('per')),
  kind: 'document' as const,
  ids: { documentId: anId('doc') },
});
async function claim(fileId: FileId, place = home()) {
  const { records } = aCall(store);
  const [upload] = await uploadsOf(records, organisationId, uploader.personId, [fileId]);
  const change = records.change();
  const file = claimFile(change, upload!, place);
  await change.activity({ event: 'document.changed', subject: place.owner }).commit();
  return file;
}

describe('an upload, over HTTP', () => {
  it('is begun, posted, looked at and sealed; nothing of it is left in quarantine', async () => {
    const content = jpeg({ extra: [exif] });
    const { body } = await begin({ name: 'Høst i skogen.jpg', contentType: 'image/jpeg', bytes: content.length });
    expect(await standing(body.fileId)).toMatchObject({ state: 'awaiting', bytes: content.length });
    expect(await post(body.upload, content)).toBe(204);
    expect((await keysIn('quarantine')).map(placeOfFile)).toEqual([{ organisationId, fileId: body.fileId }]);
    await look(body.fileId);
    const seen = await standing(body.fileId);
    expect(seen).toMatchObject({ state: 'checked', bytes: jpeg().length, name: 'Høst i skogen.jpg' });
    expect(seen).not.toHaveProperty('key');
    expect(await keysIn('quarantine')).toEqual([]);

    const file = await claim(body.fileId);
    const place = objectKey(organisationId, body.fileId);
    const { vault } = bucketsOf(s3);
    expect(await vault.read(place, file.key)).toEqual(jpeg());
  });

  it('does not open altered, in another place, or with another key', async () => {
    const fileId = await aPdf();
    const file = await claim(fileId);
    const { vault } = bucketsOf(s3);
    const place = objectKey(organisationId, fileId);
    const other = objectKey(organisationId, anId('fil'));
    await s3.client.send(new PutObjectCommand({ Bucket: 'files', Key: other, Body: await sealedAt(place) }));
    await expect(vault.read(other, file.key)).rejects.toThrow(SealBroken);
    await expect(vault.read(place, vault.newKey())).rejects.toThrow(SealBroken);
    const altered = await sealedAt(place);
    altered[20]! ^= 1;
    await s3.client.send(new PutObjectCommand({ Bucket: 'files', Key: place, Body: altered }));
    await expect(vault.read(place, file.key)).rejects.toThrow(SealBroken);
  });

  it('is refused when it is not what it was said to be, and says why', async () => {
    const { body } = await begin({ name: 'a.pdf', contentType: 'application/pdf', bytes: 5 });
    await post(body.upload, Buffer.from('MZ-ex'));
    await look(body.fileId);
    expect(await standing(body.fileId)).toMatchObject({ state: 'refused', refusal: { code: 'type-differs' } });
    expect(await keysIn('files')).toEqual([]);
    await expect(claim(body.fileId)).rejects.toMatchObject({ slug: 'file-not-checked' });
  });

  it('takes no file that is larger than was said, or of another type', async () => {
    const { body } = await begin({ name: 'a.pdf', contentType: 'application/pdf', bytes: 5 });
    expect(await post(body.upload, Buffer.alloc(6))).toBe(400);
    const fields = { ...body.upload.fields, 'Content-Type': 'text/html' };
    expect(await post({ ...body.upload, fields }, Buffer.alloc(5))).toBe(403);
    await s3.client.send(
      new PutObjectCommand({
        Bucket: 'quarantine',
        Key: uploadKey(organisationId, body.fileId),
        Body: Buffer.alloc(6),
      }),
    );
    await look(body.fileId);
    expect(await standing(body.fileId)).toMatchObject({ refusal: { code: 'size-differs' } });
  });

  it('takes no file after five minutes', async () => {
    const { body } = await begin({ name: 'a.pdf', contentType: 'application/pdf', bytes: 5 });
    s3.setTime(Date.now() + 6 * 60_000);
    try {
      expect(await post(body.upload, Buffer.alloc(5))).toBe(403);
    } finally {
      s3.setTime(Date.now());
    }
    expect(await standing(body.fileId)).toMatchObject({ state: 'awaiting' });
  });

  it('is seen by whoever uploaded it, and by nobody else', async () => {
    const fileId = await aPdf();
    const params = { organisationId, fileId };
    for (const role of ['leader', 'administrator'] as const) {
      const other = await someoneWith(store, organisationId, role);
      await expect(as(other).getUpload({ params })).rejects.toMatchObject(refused('file-not-found'));
    }
    const { records } = aCall(store);
    await expect(uploadsOf(records, organisationId, anId('per'), [fileId])).rejects.toMatchObject({
      slug: 'file-not-found',
    });
  });

  it('has no content for anybody before something holds it', async () => {
    const params = { organisationId, fileId: await aPdf() };
    await expect(as(uploader).getFileContent({ params })).rejects.toMatchObject(refused('file-not-found'));
    await expect(as(uploader).downloadFile({ params })).rejects.toMatchObject(refused('file-not-found'));
  });

  it('holds no number of a card in its name, and nobody piles up more than a bounded number', async () => {
    const body = { contentType: 'application/pdf', bytes: 5 } as const;
    await expect(begin({ ...body, name: 'Kort 4111 1111 1111 1111.pdf' })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    for (let i = 0; i < UNCLAIMED_MAX; i++) await begin({ ...body, name: `${i}.pdf` });
    await expect(begin({ ...body, name: 'one more.pdf' })).rejects.toMatchObject(refused('too-many'));
  });
});

async function sealedAt(key: string): Promise<Uint8Array> {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: 'files', Key: key }));
  return Body!.transformToByteArray();
}

describe('the inspector', () => {
  it('changes nothing when an event comes twice, or after the file was taken up', async () => {
    const fileId = await aPdf();
    const before = await sealedAt(objectKey(organisationId, fileId));
    await look(fileId);
    await claim(fileId);
    await s3.client.send(
      new PutObjectCommand({ Bucket: 'quarantine', Key: uploadKey(organisationId, fileId), Body: pdf('% another\n') }),
    );
    await look(fileId);
    expect(await sealedAt(objectKey(organisationId, fileId))).toEqual(before);
    expect(await keysIn('quarantine')).toEqual([]);
  });

  it('goes on where a crash between the storing and its record left it, with what was stored', async () => {
    const content = pdf('% one\n');
    const { body } = await begin({ name: 'a.pdf', contentType: 'application/pdf', bytes: content.length });
    await post(body.upload, content);
    const inspector = inspectorOf(s3, store);
    const crashing: Inspector = {
      ...inspector,
      vault: {
        ...inspector.vault,
        async keep(...file) {
          await inspector.vault.keep(...file);
          throw new Error('the power is gone');
        },
      },
    };
    await expect(look(body.fileId, crashing)).rejects.toThrow('power');
    expect(await standing(body.fileId)).toMatchObject({ state: 'awaiting' });
    // The form takes another file meanwhile: the one that was stored first is the file.
    await post(body.upload, pdf('% two\n'));
    await look(body.fileId);
    const file = await claim(body.fileId);
    expect(await inspector.vault.read(objectKey(organisationId, body.fileId), file.key)).toEqual(content);
  });

  it('looks twice at once and stores once', async () => {
    const content = pdf();
    const { body } = await begin({ name: 'a.pdf', contentType: 'application/pdf', bytes: content.length });
    await post(body.upload, content);
    await Promise.all([look(body.fileId), look(body.fileId)]);
    const file = await claim(body.fileId);
    expect(await bucketsOf(s3).vault.read(objectKey(organisationId, body.fileId), file.key)).toEqual(content);
  });

  it('leaves alone what is no upload of a file', () => {
    expect(placeOfFile(`imports/${organisationId}/${anId('imp')}`)).toBeUndefined();
    expect(placeOfFile(`files/${organisationId}/../${anId('fil')}`)).toBeUndefined();
  });
});

describe('a file', () => {
  it('is taken up once, however many try', async () => {
    const fileId = await aPdf();
    const [one, other] = [home(), home()];
    const claims = await Promise.allSettled([claim(fileId, one), claim(fileId, other)]);
    expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(claims.find((settled) => settled.status === 'rejected')).toMatchObject({
      reason: { slug: 'file-not-found' },
    });
    const { records } = aCall(store);
    const holders = await records.pointersAt([one, other].map(({ owner }) => filePointers.held(owner, fileId)));
    expect(holders.filter((pointer) => pointer !== undefined)).toHaveLength(1);
  });

  it('goes when nothing has taken it up within a day, and not before', async () => {
    const fileId = await aPdf();
    laterBy(23.9);
    expect(await sweep()).toEqual({ removed: 0, failed: 0 });
    laterBy(0.2);
    expect(await sweep()).toEqual({ removed: 1, failed: 0 });
    expect(await keysIn('files')).toEqual([]);
    await expect(claim(fileId)).rejects.toMatchObject({ slug: 'file-not-found' });
    const { records } = aCall(store);
    const owner = ownerOf(organisationId, uploader.personId);
    expect(
      await records.pointersAt([filePointers.held(owner, fileId), filePointers.home(organisationId, fileId)]),
    ).toEqual([undefined, undefined]);
    expect(await sweep()).toEqual({ removed: 0, failed: 0 });
  });

  it('stays when something has taken it up, and goes within the hour when that lets go', async () => {
    const fileId = await aPdf();
    const place = home();
    const file = await claim(fileId, place);
    laterBy(30);
    expect(await sweep()).toEqual({ removed: 0, failed: 0 });
    const change = aCall(store).records.change();
    releaseFile(change, file, place, store.now());
    await change.activity({ event: 'document.changed', subject: place.owner }).commit();
    expect(await sweep()).toEqual({ removed: 1, failed: 0 });
    expect(await keysIn('files')).toEqual([]);
  });

  it('is removed by the next run when one was broken off', async () => {
    await aPdf();
    laterBy(25);
    const { vault, openCall } = inspectorOf(s3, store);
    const failing = {
      openCall,
      vault: { ...vault, remove: () => Promise.reject(new Error('no answer')) },
    };
    expect(
      await sweepFiles(
        failing,
        () => true,
        () => {},
      ),
    ).toEqual({ removed: 0, failed: 1 });
    expect(await keysIn('files')).toHaveLength(1);
    expect(await sweep()).toEqual({ removed: 1, failed: 0 });
    expect(await keysIn('files')).toEqual([]);
  });

  it('is either taken up or swept when both come at once', async () => {
    const fileId = await aPdf();
    laterBy(25);
    const [claimed] = await Promise.allSettled([claim(fileId), sweep()]);
    await sweep();
    expect(await keysIn('files')).toHaveLength(claimed.status === 'fulfilled' ? 1 : 0);
  });
});
