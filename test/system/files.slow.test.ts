import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FileId, RoleId } from '../../lambdas/http/ids.ts';
import { waitForMail } from '../../local/client/mailbox.ts';
import type { Api } from '../../local/client/visitor.ts';
import { pdf } from '../features/files/samples.ts';
import { type Cast, eventually, theCast } from './rights-cast.ts';

/** A file's whole way on the running cloud: form, quarantine, inspector, document, mail, opening, and its end. */
vi.setConfig({ testTimeout: 300_000 });
const SECRET = 'Planen for Nora';

let cast: Cast;
let s3: S3Client;
beforeAll(async () => {
  cast = await theCast();
  const { region, accessKeyId, secretAccessKey } = cast.endpoints;
  const credentials = { accessKeyId, secretAccessKey };
  s3 = new S3Client({ endpoint: cast.endpoints.s3, region, credentials, forcePathStyle: true });
}, 180_000);
afterAll(async () => {
  s3?.destroy();
  await cast?.stop();
});

describe('a file', () => {
  it('KP-04: goes from a form to those who may open it, and nobody reads it where it lies', async () => {
    const leader = await cast.as('leader');
    const content = pdf(`% ${SECRET}\n`);
    const fileId = await upload(leader, content);
    await eventually('the file to be checked', async () => (await stateOf(leader, fileId)) === 'checked');
    expect(await bodiesIn('quarantine')).toEqual([]);
    const lying = await bodiesIn('files');
    expect(lying).toHaveLength(1);
    expect(lying.some((body) => body.includes(SECRET))).toBe(false);

    const { organisationId, childId } = cast;
    const { body: draft } = await leader.createPersonDocument({
      params: { organisationId, personId: childId },
      body: { fileId, kind: 'plan', title: 'Plan', visibleTo: 'guardians', receipt: 'confirmation' },
    });
    const params = { organisationId, documentId: draft.id };
    await leader.publishDocument({ params, ifMatch: draft.version });
    await waitForMail(cast.endpoints.mailbox, 'kari@example.no', ({ subject }) => subject.includes('dokument venter'));

    const mother = cast.mother.as(await guardianRole());
    const ofFile = { organisationId, fileId };
    const shown = await mother.getFileContent({ params: ofFile });
    expect(Buffer.from(shown.body.content as Uint8Array)).toEqual(content);
    const { body: link } = await mother.downloadFile({ params: ofFile });
    const fetched = await fetch(link.url);
    expect(fetched.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(Buffer.from(await fetched.arrayBuffer())).toEqual(content);
    const { body: read } = await mother.confirmDocument({ params, body: { edition: 1 } });
    expect(read.mine?.confirmed?.edition).toBe(1);
    const receipts = (await leader.listDocumentReceipts({ params })).body.items;
    expect(receipts.find(({ readerId }) => readerId === cast.motherId)?.confirmed).toBeDefined();
    expect(receipts).toHaveLength(2);
  });

  it('is refused when it is not what it says, and leaves nothing behind', async () => {
    const leader = await cast.as('leader');
    const before = (await bodiesIn('files')).length;
    const fileId = await upload(leader, Buffer.from('<html><script>alert(1)</script></html>'));
    await eventually('the file to be refused', async () => (await stateOf(leader, fileId)) === 'refused');
    expect(await bodiesIn('quarantine')).toEqual([]);
    expect(await bodiesIn('files')).toHaveLength(before);
  });

  it('is removed when nothing has taken it up within a day, and the plain copies are gone long before', async () => {
    const leader = await cast.as('leader');
    const before = (await bodiesIn('files')).length;
    const fileId = await upload(leader, pdf());
    await eventually('the file to be checked', async () => (await stateOf(leader, fileId)) === 'checked');
    expect(await bodiesIn('files')).toHaveLength(before + 1);
    await cast.advance('PT26H');
    await eventually('the file to be removed', async () => (await bodiesIn('files')).length === before);
    await eventually('the plain copies to be removed', async () => (await bodiesIn('downloads')).length === 0);
  });
});

async function upload(api: Api, content: Buffer): Promise<FileId> {
  const { body } = await api.beginUpload({
    params: { organisationId: cast.organisationId },
    body: { name: 'Plan.pdf', contentType: 'application/pdf', bytes: content.length },
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(body.upload.fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(content)]));
  expect((await fetch(body.upload.url, { method: 'POST', body: form })).status).toBe(204);
  return body.fileId;
}

const stateOf = async (api: Api, fileId: FileId) =>
  (await api.getUpload({ params: { organisationId: cast.organisationId, fileId } })).body.state;

async function guardianRole(): Promise<RoleId> {
  const { roles } = (await cast.mother.api.getMe()).body;
  return roles.find(({ role }) => role === 'guardian')!.id;
}

/** What lies in the bucket of that kind, as it lies there. */
async function bodiesIn(kind: 'quarantine' | 'files' | 'downloads'): Promise<string[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name }) => Name?.includes(`buckets${kind}`))?.Name;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from(await Body!.transformToByteArray()).toString('latin1');
    }),
  );
}
