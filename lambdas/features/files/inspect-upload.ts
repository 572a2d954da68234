import type { Call } from '../../http/call.ts';
import { FileId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { FileVault } from '../../platform/file-vault.ts';
import type { Quarantine } from '../../platform/quarantine.ts';
import { StaleVersion, type Stored } from '../../platform/records.ts';
import { filePointers, objectKey, type Refusal, type uploadedFileEntity, uploadKey, uploadRef } from './file.ts';
import { inspect } from './inspection.ts';

/** What the inspector works with; a fresh call for each file, so that it sees the keys as they are then. */
export interface Inspector {
  readonly uploads: Pick<Quarantine, 'read' | 'remove'>;
  readonly vault: Pick<FileVault, 'keep' | 'read' | 'remove'>;
  openCall(): Call;
}

export interface Place {
  readonly organisationId: OrganisationId;
  readonly fileId: FileId;
}

/** From the key of an uploaded object; undefined for a key that is none of ours. */
export function placeOfFile(key: string): Place | undefined {
  const [folder, organisation, file, ...rest] = key.split('/');
  const [organisationId, fileId] = [OrganisationId.safeParse(organisation), FileId.safeParse(file)];
  if (folder !== 'files' || rest.length > 0 || !organisationId.success || !fileId.success) return undefined;
  return { organisationId: organisationId.data, fileId: fileId.data };
}

/**
 * Looks at an uploaded file, seals what is left of it and removes the upload, whatever it was. Done again, or twice at
 * once (events come twice, and a form takes a second file), it changes nothing: what was stored first is the file.
 */
export async function inspectUpload(place: Place, inspector: Inspector): Promise<void> {
  const { organisationId, fileId } = place;
  const stored = await awaitingUpload(place, inspector.openCall());
  if (stored) {
    const content = await inspector.uploads.read(uploadKey(organisationId, fileId), stored.value.bytes);
    if (content !== undefined) await unlessOvertaken(() => conclude(content, stored, place, inspector));
  }
  await inspector.uploads.remove(uploadKey(organisationId, fileId));
}

/** Undefined once it has been looked at, taken up or removed: a late event then finds nothing to do. */
async function awaitingUpload({ organisationId, fileId }: Place, { records }: Call) {
  const [home] = await records.pointersAt([filePointers.home(organisationId, fileId)]);
  if (home?.attributes?.['uploadId'] !== fileId) return undefined;
  const uploaderId = PersonId.parse(home.attributes['subject']);
  const stored = await records.get(uploadRef(organisationId, uploaderId, fileId));
  return stored?.value.state === 'awaiting' ? stored : undefined;
}

type StoredUpload = Stored<typeof uploadedFileEntity>;

async function conclude(
  content: Uint8Array | 'too-large',
  stored: StoredUpload,
  place: Place,
  inspector: Inspector,
): Promise<void> {
  const inspected =
    content === 'too-large' ? { refusal: 'size-differs' as const } : await inspect(stored.value, Buffer.from(content));
  if ('refusal' in inspected) return refuse(stored, inspected.refusal, inspector.openCall());
  const kept = await keepOnce(inspected.content, stored, place, inspector);
  const { records } = inspector.openCall();
  await save(stored, { state: 'checked', bytes: kept.byteLength }, records)
    .activity({ event: 'file.checked', subject: stored.ref.owner, about: [place.fileId] })
    .commit();
}

/** What lies there already was checked as well: by a try that ended before it could say so, or by one that was faster. */
async function keepOnce(content: Buffer, { value }: StoredUpload, place: Place, { vault }: Inspector): Promise<Buffer> {
  const key = objectKey(place.organisationId, place.fileId);
  if ((await vault.keep(key, value.key, content)) === 'kept') return content;
  const kept = await vault.read(key, value.key);
  // The sweep has come in between: the next try finds the record gone.
  if (!kept) throw new StaleVersion('The file has been removed');
  return kept;
}

async function refuse(stored: StoredUpload, refusal: Refusal, { records }: Call): Promise<void> {
  const { id } = stored.value;
  await save(stored, { state: 'refused', refusal }, records)
    .activity({ event: 'file.refused', subject: stored.ref.owner, about: [id], detail: { refusal } })
    .commit();
}

const save = (
  { ref, value, version, expiresAtEpochSeconds }: StoredUpload,
  changes: Partial<StoredUpload['value']>,
  records: Call['records'],
) =>
  records
    .change()
    .put(
      ref,
      { ...value, ...changes },
      { version },
      expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds },
    );

/** Another has looked at it, or the sweep was faster: nothing is wrong, and nothing is left to do here. */
async function unlessOvertaken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
  }
}
