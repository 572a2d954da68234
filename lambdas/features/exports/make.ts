import type { PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { announceAnswer } from '../claims/announce.ts';
import { objectKey } from '../files/file.ts';
import { queueNotice } from '../notices/notice.ts';
import { concludeRequest } from '../requests/outcome.ts';
import { requestRef } from '../requests/request.ts';
import { collect } from './collect.ts';
import { contentOf } from './content.ts';
import {
  ATTEMPTS_MAX,
  EXPORT_KEPT_SECONDS,
  EXPORT_PENDING_SECONDS,
  type ExportRecord,
  epochSeconds,
  type exportEntity,
  exportPointers,
  fileKeyOf,
  filePlaceOf,
  ownerOfExport,
  receiverOf,
} from './export.ts';
import { findExport, type Maker, type Place } from './maker.ts';
import { textsIn, undecided } from './texts.ts';
import { writeContent } from './write.ts';
import { bytesOf, type Entry, zipOf } from './zip.ts';

/**
 * Makes an ordered export: reads everything that is held, asks the controller where others could be named, writes the
 * ZIP, seals it and tells the receiver. Begun again after a crash it begins from the start; of two that make the same
 * one, the second to save stops (`StaleVersion`).
 */
export async function makeExport(place: Place, maker: Maker): Promise<void> {
  const stored = await begin(place, maker);
  if (!stored) return;
  const { now, records } = maker.openCall();
  const { audience, decisions = [] } = stored.value;
  const owner = ownerOfExport(place.holder.controller, stored.value);
  const collected = await collect(records, maker.activityLog, owner, audience);
  if (undecided(textsIn(collected.records), decisions).length > 0) {
    const value: ExportRecord = { ...stored.value, state: 'awaiting-redaction', attempts: 0 };
    return save(stored, value, 'export.awaiting-redaction', maker);
  }
  const entries: Entry[] = [];
  await writeContent(
    contentOf(collected, decisions),
    {
      id: place.id,
      at: now,
      language: stored.value.language,
      signer: maker.signer,
      readFile: ({ id, key }) =>
        owner.controller === 'operator'
          ? Promise.resolve(undefined)
          : maker.vault.read(objectKey(owner.controller, id), key),
    },
    (entry) => {
      entries.push(entry);
    },
  );
  const zip = await bytesOf(zipOf(entries, now));
  const sealed = await records.sealFile(place.holder, 'export', filePlaceOf(place.id), zip);
  await maker.sealed.put(fileKeyOf(place.id), sealed, { contentType: 'application/octet-stream' });
  await announce(stored, zip.length, maker);
}

/** Counted before it is tried: what ends the worker again and again is given up. */
async function begin(place: Place, maker: Maker): Promise<Stored<typeof exportEntity> | undefined> {
  const stored = await findExport(place, maker.openCall().records);
  if (stored?.value.state !== 'ordered') return undefined;
  if (stored.value.attempts >= ATTEMPTS_MAX) {
    await save(stored, { ...stored.value, state: 'failed' }, 'export.given-up', maker);
    return undefined;
  }
  const value = { ...stored.value, attempts: stored.value.attempts + 1 };
  await save(stored, value, 'export.begun', maker);
  return { ...stored, value, version: stored.version + 1 };
}

async function save(
  stored: Stored<typeof exportEntity>,
  value: ExportRecord,
  event: `export.${string}`,
  maker: Maker,
): Promise<void> {
  const { records, now } = maker.openCall();
  const change = records
    .change()
    .put(
      stored.ref,
      value,
      { version: stored.version },
      { expiresAtEpochSeconds: epochSeconds(now) + EXPORT_PENDING_SECONDS },
    )
    .activity({ event, subject: stored.ref.owner, about: [value.id] });
  if (value.state === 'failed') await conclude(change, stored, 'incomplete', records, now);
  await change.commit();
}

/** From here it can be fetched, for seven days; the mail says so and nothing more. */
async function announce(stored: Stored<typeof exportEntity>, bytes: number, maker: Maker): Promise<void> {
  const call = maker.openCall();
  const { records, now } = call;
  const { ref, value, version } = stored;
  const { id, audience, requestId } = value;
  const owner = ownerOfExport(ref.owner.controller, value);
  const expiresAtEpochSeconds = epochSeconds(now) + EXPORT_KEPT_SECONDS;
  const expiresAt = new Date(expiresAtEpochSeconds * 1000).toISOString();
  const toHolder = { controller: ref.owner.controller, holder: ref.owner.subject };
  const change = records
    .change()
    .put(
      ref,
      { ...value, state: 'ready', readyAt: now.toISOString(), expiresAt, bytes },
      { version },
      { expiresAtEpochSeconds },
    )
    .unpoint(exportPointers.job(ref.owner, id))
    // Outlives the record: it is what leads the sweep to the file.
    .point({ ...exportPointers.all(id), attributes: { ...toHolder, dueAt: expiresAt } })
    .activity({ event: 'export.ready', subject: owner, about: [id], detail: { bytes } });
  if (audience.kind === 'claim') {
    if (requestId) announceAnswer(change, { controller: ref.owner.controller, requestId, what: 'answer' }, call);
  } else {
    const receiver = receiverOf(owner, audience);
    change.point({ ...exportPointers.receiver(receiver, id), attributes: toHolder, expiresAtEpochSeconds });
    const parameters = { expiresAt, childIds: audience.kind === 'guardian' ? [owner.subject as PersonId] : [] };
    queueNotice(change, { to: receiver, template: 'export-ready', parameters }, call);
  }
  await conclude(change, stored, 'done', records, now);
  await change.commit();
}

/** The request that asked for it is answered with it, or waits on. */
async function conclude(
  change: ReturnType<Records['change']>,
  { value, ref }: Stored<typeof exportEntity>,
  outcome: 'done' | 'incomplete',
  records: Records,
  now: Date,
): Promise<void> {
  if (value.requestId === undefined) return;
  const subject: Owner = ownerOfExport(ref.owner.controller, value);
  const request = await records.get(requestRef(subject, value.requestId));
  if (request) concludeRequest(change, request, outcome, now);
}
