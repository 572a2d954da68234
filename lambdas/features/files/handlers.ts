import type { Call, RoleCaller } from '../../http/call.ts';
import type { RichContent } from '../../http/content.ts';
import type { FileId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { FileVault } from '../../platform/file-vault.ts';
import type { Files } from '../../platform/files.ts';
import type { Quarantine } from '../../platform/quarantine.ts';
import {
  endingOf,
  isShownInPlace,
  objectKey,
  refusalMessages,
  UNCLAIMED_MAX,
  UNCLAIMED_SECONDS,
  UPLOAD_SECONDS,
  type UploadedFile,
  uploadKey,
} from './file.ts';
import type { FileHome, FilePlace, FoundFile } from './home.ts';
import { plainCopyOf } from './plain-copy.ts';
import type { fileRoutes, UploadStanding } from './routes.ts';

interface Uploader {
  readonly organisationId: OrganisationId;
  readonly uploaderId: PersonId;
}

export interface FileStore {
  /** How much of what they have uploaded nothing holds yet. One wave. */
  unclaimed(uploader: Uploader, call: Call): Promise<number>;
  begin<A>(uploader: Uploader, upload: UploadedFile, call: Call, answer: A): Promise<A>;
  findUpload(uploader: Uploader, fileId: FileId, call: Call): Promise<UploadedFile | undefined>;
  /** What holds the file; undefined while nothing does. One wave. */
  placeOf(organisationId: OrganisationId, fileId: FileId, call: Call): Promise<FilePlace | undefined>;
  /** Before a single octet leaves (SM-05). */
  recordOpening(found: FoundFile, how: 'shown' | 'downloaded', call: Call): Promise<void>;
}

interface FileBuckets {
  readonly uploads: Pick<Quarantine, 'uploadForm'>;
  readonly vault: Pick<FileVault, 'newKey' | 'read'>;
  readonly downloads: Pick<Files, 'put' | 'linkTo'>;
}

export const fileHandlers = (
  files: FileStore,
  { uploads, vault, downloads }: FileBuckets,
  homes: readonly FileHome[],
): HandlersFor<typeof fileRoutes, Call> => ({
  async beginUpload({ params: { organisationId }, body }, call) {
    const uploader = { organisationId, uploaderId: callerOf(call).personId };
    if ((await files.unclaimed(uploader, call)) >= UNCLAIMED_MAX) {
      throw new Problem('too-many', `At most ${UNCLAIMED_MAX} files that nothing has taken up.`);
    }
    const fileId = call.newId('fil');
    const form = await uploads.uploadForm({
      key: uploadKey(organisationId, fileId),
      contentType: body.contentType,
      bytesMax: body.bytes,
      validForSeconds: UPLOAD_SECONDS,
    });
    const upload: UploadedFile = {
      ...body,
      id: fileId,
      key: vault.newKey(),
      state: 'awaiting',
      uploadUntil: secondsAfter(call.now, UPLOAD_SECONDS),
      dueAt: secondsAfter(call.now, UNCLAIMED_SECONDS),
    };
    return files.begin(uploader, upload, call, { fileId, upload: form, expiresAt: upload.uploadUntil });
  },

  async getUpload({ params: { organisationId, fileId } }, call) {
    const uploader = { organisationId, uploaderId: callerOf(call).personId };
    const upload = await files.findUpload(uploader, fileId, call);
    if (!upload) throw new Problem('file-not-found');
    return standingOf(upload);
  },

  async getFileContent({ params: { organisationId, fileId } }, call): Promise<RichContent> {
    const found = await foundFile(files, homes, { organisationId, fileId }, call);
    const { file } = found;
    if (!found.mayInline || !isShownInPlace(file)) throw new Problem('file-not-shown');
    const content = await contentOf(vault, organisationId, found);
    await files.recordOpening(found, 'shown', call);
    return {
      contentType: file.contentType,
      content,
      filename: file.name,
      // Opened by itself it is what its type says and nothing else, whatever a browser makes of its octets.
      contentSecurityPolicy: "default-src 'none'; sandbox; frame-ancestors 'none'",
    };
  },

  async downloadFile({ params: { organisationId, fileId } }, call) {
    const found = await foundFile(files, homes, { organisationId, fileId }, call);
    const { name, contentType } = found.file;
    const content = await contentOf(vault, organisationId, found);
    await files.recordOpening(found, 'downloaded', call);
    const copy = await plainCopyOf({ content, contentType, ending: endingOf[contentType] }, downloads, call.now);
    return { ...copy, name };
  },
});

/** Decided anew at each request by whoever holds the file: nothing that was allowed once is remembered. */
async function foundFile(
  files: FileStore,
  homes: readonly FileHome[],
  { organisationId, fileId }: { readonly organisationId: OrganisationId; readonly fileId: FileId },
  call: Call,
): Promise<FoundFile> {
  const place = await files.placeOf(organisationId, fileId, call);
  const home = place && homes.find(({ kind }) => kind === place.kind);
  const found = await home?.find(place!, fileId, call);
  if (!found) throw new Problem('file-not-found');
  return found;
}

async function contentOf(
  vault: Pick<FileVault, 'read'>,
  organisationId: OrganisationId,
  { file }: FoundFile,
): Promise<Buffer> {
  const content = await vault.read(objectKey(organisationId, file.id), file.key);
  if (!content) throw new Problem('file-not-found');
  return content;
}

const standingOf = ({
  id,
  name,
  contentType,
  bytes,
  state,
  refusal,
  uploadUntil,
  dueAt,
}: UploadedFile): UploadStanding => ({
  fileId: id,
  name,
  contentType,
  bytes,
  state,
  ...(refusal && { refusal: { code: refusal, message: refusalMessages[refusal] } }),
  uploadUntil,
  removedAt: dueAt,
});

const secondsAfter = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();

/** The chain lets nobody without a role reach a route for roles. */
function callerOf({ role }: Call): RoleCaller {
  if (!role) throw new Error('A route for roles without a role');
  return role;
}
