import { inspectUpload } from '../../../lambdas/features/files/inspect-upload.ts';
import type { FileId, OrganisationId } from '../../../lambdas/http/ids.ts';
import { fileVault } from '../../../lambdas/platform/file-vault.ts';
import { bucketFiles } from '../../../lambdas/platform/files.ts';
import { quarantine } from '../../../lambdas/platform/quarantine.ts';
import { aServer, type Harness } from '../../local/s3/harness.ts';
import { aCall, type TestStore } from '../../support/store.ts';

/** The three buckets that a file passes through, in an S3 of the test's own. */
export const someBuckets = (): Promise<Harness> =>
  aServer({ BucketName: 'quarantine' }, { BucketName: 'files' }, { BucketName: 'downloads' });

export const bucketsOf = ({ client }: Harness) => ({
  uploads: quarantine(client, 'quarantine'),
  vault: fileVault(client, 'files'),
  downloads: bucketFiles(client, 'downloads'),
});

export const inspectorOf = (s3: Harness, store: TestStore) => ({ ...bucketsOf(s3), openCall: () => aCall(store) });

/** Posts the form as a browser does (S3 PostObject); the status that S3 answers with. */
export async function post(
  { url, fields }: { readonly url: string; readonly fields: Readonly<Record<string, string>> },
  content: Buffer,
): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(content)]));
  return (await fetch(url, { method: 'POST', body: form })).status;
}

interface Uploading {
  beginUpload(request: {
    params: { organisationId: OrganisationId };
    body: { name: string; contentType: 'application/pdf'; bytes: number };
  }): Promise<{
    body: { fileId: FileId; upload: { url: string; fields: Record<string, string> } };
  }>;
}

/** A PDF uploaded and looked at: its id. */
export async function anUpload(
  client: Uploading,
  organisationId: OrganisationId,
  content: Buffer,
  [s3, store]: readonly [Harness, TestStore],
  name = 'Plan for høsten.pdf',
): Promise<FileId> {
  const { body } = await client.beginUpload({
    params: { organisationId },
    body: { name, contentType: 'application/pdf', bytes: content.length },
  });
  await post(body.upload, content);
  await inspectUpload({ organisationId, fileId: body.fileId }, inspectorOf(s3, store));
  return body.fileId;
}
