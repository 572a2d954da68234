import { FileId, OrganisationId, PersonId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Change, type Pointer, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { filePointers, objectKey, uploadRef } from './file.ts';
import type { Inspector, Place } from './inspect-upload.ts';

/** Sorts before every instant that there is. */
const FIRST_INSTANT = '0000';

export interface Swept {
  removed: number;
  failed: number;
}

/**
 * Removes what was let go of, and what nothing has taken up in its time. Broken off anywhere, it goes on at the next run:
 * the row that leads here goes last. A file that is taken up at this very moment stays.
 */
export async function sweepFiles(
  inspector: Pick<Inspector, 'vault' | 'openCall'>,
  hasTimeLeft: () => boolean,
  log: (line: { readonly event: string; readonly fileId: string; readonly error: string }) => void,
): Promise<Swept> {
  const swept: Swept = { removed: 0, failed: 0 };
  const { table, pk } = filePointers.due('', '' as OrganisationId, '' as FileId);
  // `~` sorts after whatever follows the instant.
  const until = `${inspector.openCall().now.toISOString()}~`;
  const walk = { ...inspector, hasTimeLeft };
  for await (const pointer of pointersIn({ table, pk }, walk, { from: FIRST_INSTANT, to: until })) {
    const place = placeOfDue(pointer.sk);
    if (!place) continue;
    try {
      if (await sweepOne(place, pointer, inspector)) swept.removed++;
    } catch (error) {
      swept.failed++;
      // The name alone: a message may repeat what it was about.
      log({ event: 'file.not-removed', fileId: place.fileId, error: errorName(error) });
    }
  }
  return swept;
}

function placeOfDue(sk: string): Place | undefined {
  const [, organisation, file] = sk.split('#');
  const [organisationId, fileId] = [OrganisationId.safeParse(organisation), FileId.safeParse(file)];
  if (!organisationId.success || !fileId.success) return undefined;
  return { organisationId: organisationId.data, fileId: fileId.data };
}

async function sweepOne(
  place: Place,
  due: Pointer,
  inspector: Pick<Inspector, 'vault' | 'openCall'>,
): Promise<boolean> {
  const { organisationId, fileId } = place;
  const uploaderId = PersonId.safeParse(due.attributes?.['uploaderId']);
  if (uploaderId.success && !(await letGo(place, uploaderId.data, due, inspector))) return false;
  await inspector.vault.remove(objectKey(organisationId, fileId));
  const change = inspector.openCall().records.change().unpoint(due);
  // Of an upload that could not be read any more, because its uploader's keys are closed, these rows are still there.
  if (uploaderId.success) unpointUpload(change, place, uploaderId.data);
  const subject = organisationOwner(organisationId);
  await change.activity({ event: 'file.removed', subject, about: [fileId] }).commit();
  return true;
}

/**
 * Takes the upload away before its object goes, so that nothing can take it up any more; false where something has.
 * Whoever takes it up removes the same record: one of the two comes first.
 */
async function letGo(
  { organisationId, fileId }: Place,
  uploaderId: PersonId,
  due: PointerKey,
  { openCall }: Pick<Inspector, 'openCall'>,
): Promise<boolean> {
  const { records } = openCall();
  const upload = await records.get(uploadRef(organisationId, uploaderId, fileId));
  if (!upload) {
    // Taken up meanwhile, and the row with it; or its uploader's keys are closed, and nobody can take it up.
    const [[still], [home]] = await Promise.all([
      records.pointersAt([due]),
      records.pointersAt([filePointers.home(organisationId, fileId)]),
    ]);
    return still !== undefined && (home === undefined || home.attributes?.['uploadId'] === fileId);
  }
  const change = records
    .change()
    .remove(upload.ref, { version: upload.version })
    .point({ table: due.table, pk: due.pk, sk: due.sk })
    .activity({ event: 'file.expired', subject: upload.ref.owner, about: [fileId] });
  unpointUpload(change, { organisationId, fileId }, uploaderId);
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion) return false;
    throw error;
  }
}

const unpointUpload = (change: Change, { organisationId, fileId }: Place, uploaderId: PersonId) =>
  change
    .unpoint(filePointers.held(ownerOf(organisationId, uploaderId), fileId))
    .unpoint(filePointers.home(organisationId, fileId));
