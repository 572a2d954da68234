import { errorName } from '../../platform/error-name.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { applyImport } from './apply.ts';
import { RESUMPTIONS_MAX, unfinishedPointer, whatToResume } from './import.ts';
import { readUpload } from './read-upload.ts';
import { findImport, type Importer, type Place, placeOfUnfinished, progressOf, unlessTakenOver } from './worker.ts';

export interface Swept {
  resumed: number;
  failed: number;
}

/**
 * Takes up the imports whose worker is gone: a stream and an event are tried a bounded number of times, and what they
 * leave behind would wait for ever. Begun again, an import goes on where it was. `hasTimeLeft` is asked before each one.
 */
export async function resumeImports(
  importer: Importer,
  hasTimeLeft: () => boolean,
  log: (line: { readonly event: string; readonly importId: string; readonly error: string }) => void,
): Promise<Swept> {
  const swept: Swept = { resumed: 0, failed: 0 };
  for await (const { sk } of pointersIn(unfinishedPointer('', ''), { ...importer, hasTimeLeft })) {
    const place = placeOfUnfinished(sk);
    if (!place) continue;
    try {
      if (await resume(place, importer)) swept.resumed++;
    } catch (error) {
      swept.failed++;
      // The name alone: a message may repeat what it was about.
      log({ event: 'import.not-resumed', importId: place.importId, error: errorName(error) });
    }
  }
  return swept;
}

/** True when there was something to take up. */
async function resume(place: Place, importer: Importer): Promise<boolean> {
  const call = importer.openCall();
  const stored = await findImport(place, call.records);
  const what = whatToResume(stored?.value, call.now);
  if (what === 'wait') return false;
  if (!stored || what === 'forget') {
    // Of one that has been applied, what the worker needed may still be there.
    if (stored?.value.state === 'applied') await applyImport(place, importer);
    await forget(place, importer);
    return false;
  }
  const resumptions = (stored.value.resumptions ?? 0) + 1;
  const progress = progressOf(stored, importer.openCall);
  await unlessTakenOver(async () => {
    if (resumptions > RESUMPTIONS_MAX) {
      await progress.save({ state: 'failed', fileErrors: [{ code: 'given-up' }] }, 'import.given-up');
      return;
    }
    // Counted before it is tried, and seen by every other sweep: whoever saves first has it.
    await progress.save({ resumptions }, 'import.resumed');
    if (what === 'apply') await applyImport(place, importer);
    else await readUpload(place, importer);
  });
  const after = await findImport(place, importer.openCall().records);
  // The upload never came, and its form is closed.
  if (after?.value.state === 'awaiting-upload') await forget(place, importer);
  return true;
}

async function forget({ organisationId, importId }: Place, importer: Importer): Promise<void> {
  await importer
    .openCall()
    .records.change()
    .unpoint(unfinishedPointer(organisationId, importId))
    .activity({ event: 'import.ended', subject: organisationOwner(organisationId), about: [importId] })
    .commit();
}
