import type { Call } from '../../http/call.ts';
import { ExportId, OrganisationId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Pointer, Stored } from '../../platform/records.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { csvOf } from '../exports/csv.ts';
import { JOB_KEY_PREFIX } from '../exports/export.ts';
import { type Maker, unlessTakenOver } from '../exports/maker.ts';
import { publicKeyEntry } from '../exports/manifest.ts';
import { bytesOf, type Entry, zipOf } from '../exports/zip.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import { spanOf } from './days.ts';
import type { LoggedEntry } from './entry.ts';
import {
  ACTIVITY_JOB,
  type ActivityExport,
  ATTEMPTS_MAX,
  type activityExportEntity,
  activityExportPointers,
  activityExportRef,
  EVENTS_MAX,
  fileKeyOf,
  filePlaceOf,
} from './export.ts';
import { type AboutExport, activityPage, activityReadme, type Told } from './export-texts.ts';
import { logBundle } from './log-bundle.ts';
import { namesIn, readCast } from './names.ts';
import { readLogOfDays } from './read-days.ts';
import { sentenceOf } from './sentences.ts';

/** Its calls do not see through restrictions: whoever has restricted has no name here either. */
export interface LogMaker extends Pick<Maker, 'sealed' | 'signer'> {
  readonly transparencyLog: TransparencyLog;
  openCall(): Call;
}

type StoredExport = Stored<typeof activityExportEntity>;
interface Place {
  readonly organisationId: OrganisationId;
  readonly id: ExportId;
}
type Log = (line: { readonly event: string; readonly exportId: string; readonly error: string }) => void;

/** Records whose names are looked up together. */
const TOLD_AT_ONCE = 200;

/** Makes what has just been ordered. What fails is left to the sweep. */
export async function makeActivityExports(records: readonly StreamRecord[], maker: LogMaker, log: Log): Promise<void> {
  for (const { eventName, dynamodb } of records) {
    if (eventName === 'REMOVE') continue;
    const pk = dynamodb?.Keys?.['pk']?.S ?? '';
    const [controller, job] = pk.slice(JOB_KEY_PREFIX.length).split('#');
    const organisationId = OrganisationId.safeParse(controller);
    const id = ExportId.safeParse(dynamodb?.Keys?.['sk']?.S);
    if (job !== ACTIVITY_JOB || !organisationId.success || !id.success) continue;
    const place = { organisationId: organisationId.data, id: id.data };
    await tried(place, log, () => makeActivityExport(place, maker));
  }
}

/** Goes on with what was left behind, and ends what is over. */
export async function sweepActivityExports(maker: LogMaker, hasTimeLeft: () => boolean, log: Log): Promise<void> {
  const { items } = await maker.openCall().records.pointers('transient', activityExportPointers.all('').pk);
  for (const pointer of items) {
    if (!hasTimeLeft()) return;
    const organisationId = OrganisationId.safeParse(pointer.attributes?.['organisationId']);
    const id = ExportId.safeParse(pointer.sk);
    if (!organisationId.success || !id.success) continue;
    const place = { organisationId: organisationId.data, id: id.data };
    await tried(place, log, async () => {
      if (!(await endIfOver(place, pointer, maker))) await makeActivityExport(place, maker);
    });
  }
}

async function tried({ id }: Place, log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await unlessTakenOver(work);
  } catch (error) {
    log({ event: 'activity-export.interrupted', exportId: id, error: errorName(error) });
  }
}

async function makeActivityExport(place: Place, maker: LogMaker): Promise<void> {
  const stored = await begin(place, maker);
  if (stored?.value.state !== 'ordered') return;
  const made = await zipFor(place.organisationId, stored.value, maker);
  if (!made) {
    await save(stored, { ...stored.value, state: 'too-many-events' }, 'activity-export.too-large', maker);
    return;
  }
  await store(stored, made, maker);
}

/** Counted before it is tried: what ends the worker again and again is given up. */
async function begin({ organisationId, id }: Place, maker: LogMaker): Promise<StoredExport | undefined> {
  const stored = await maker.openCall().records.get(activityExportRef(organisationId, id));
  if (stored?.value.state !== 'ordered') return undefined;
  const isGivenUp = stored.value.attempts >= ATTEMPTS_MAX;
  const value: ActivityExport = isGivenUp
    ? { ...stored.value, state: 'failed' }
    : { ...stored.value, attempts: stored.value.attempts + 1 };
  return save(stored, value, isGivenUp ? 'activity-export.given-up' : 'activity-export.begun', maker);
}

interface Made {
  readonly zip: Uint8Array;
  readonly events: number;
}

/** Undefined when it would hold more events than a file does. */
async function zipFor(
  organisationId: OrganisationId,
  wanted: ActivityExport,
  maker: LogMaker,
): Promise<Made | undefined> {
  const { records, now } = maker.openCall();
  const [organisation, signed] = await Promise.all([
    records.get(organisationRef(organisationId)),
    maker.transparencyLog.checkpoint(organisationId),
  ]);
  if (!organisation) throw new Error('The organisation is closed');
  // A minute after the organisation was made there is one: the sweep tries again.
  if (!signed) throw new Error('The log has not been signed yet');
  const { name, timeZone, profile } = organisation.value;
  const { size } = signed.checkpoint;
  const options = { size, eventsMax: EVENTS_MAX, now };
  const days = await readLogOfDays(records.activityLog, organisationId, spanOf(wanted, timeZone), options);
  if (!days) return undefined;
  const told = await toldOf(organisationId, days.found, profile, maker);
  const about: AboutExport = {
    organisationName: name,
    timeZone,
    from: wanted.from,
    to: wanted.to,
    madeAt: now.toISOString(),
    exportId: wanted.id,
    leaves: { from: days.from, to: days.to, size },
  };
  const lines: string[] = [];
  for await (const line of logBundle(signed, days, maker.transparencyLog)) lines.push(line);
  const entries: Entry[] = [
    text('README.txt', activityReadme(about)),
    text('index.nb.html', activityPage(told, about, 'nb')),
    text('index.en.html', activityPage(told, about, 'en')),
    text('activity.csv', csvOf(told.map(({ sentence: { nb, en }, ...line }) => ({ ...line, nb, en })))),
    text('log/log.jsonl', lines.join('')),
    await publicKeyEntry(maker.signer),
  ];
  return { zip: await bytesOf(zipOf(entries, now)), events: told.length };
}

/** Newest first, with the names of today. */
async function toldOf(
  organisationId: OrganisationId,
  found: readonly LoggedEntry[],
  profile: Parameters<typeof namesIn>[1],
  maker: LogMaker,
): Promise<readonly Told[]> {
  const newestFirst = found.toSorted((one, other) => (other.leaf ?? 0) - (one.leaf ?? 0));
  const told: Told[] = [];
  for (let start = 0; start < newestFirst.length; start += TOLD_AT_ONCE) {
    const some = newestFirst.slice(start, start + TOLD_AT_ONCE);
    const { records } = maker.openCall();
    const cast = await readCast(
      records,
      organisationId,
      some.map(({ entry }) => entry),
    );
    const names = namesIn(cast, profile);
    for (const { entry, leaf = -1 } of some) {
      const { id, at, event } = entry;
      const sentence = { nb: sentenceOf(entry, 'nb', names), en: sentenceOf(entry, 'en', names) };
      told.push({ leaf, id, at, event, sentence });
    }
  }
  return told;
}

/** The file first, then that it is there: what was cut off between the two is written again. */
async function store(stored: StoredExport, { zip, events }: Made, maker: LogMaker): Promise<void> {
  const call = maker.openCall();
  const { owner } = stored.ref;
  const { id, orderedBy } = stored.value;
  const sealed = await call.records.sealFile(owner, 'export', filePlaceOf(id), zip);
  await maker.sealed.put(fileKeyOf(id), sealed, { contentType: 'application/octet-stream' });
  const expiresAtEpochSeconds = expiryAfter(terms.export.length, call.now);
  const expiresAt = new Date(expiresAtEpochSeconds * 1000).toISOString();
  const readyAt = call.now.toISOString();
  const ready: ActivityExport = { ...stored.value, state: 'ready', readyAt, expiresAt, events, bytes: zip.length };
  const organisationId = owner.controller as OrganisationId;
  const change = call.records
    .change()
    .put(stored.ref, ready, { version: stored.version }, { expiresAtEpochSeconds })
    .unpoint(activityExportPointers.job(organisationId, id))
    .activity({ event: 'activity-export.ready', subject: owner, about: [id], detail: { events } });
  const to = ownerOf(organisationId, orderedBy.personId);
  queueNotice(change, { to, template: 'activity-export-ready', parameters: { expiresAt } }, call);
  await change.commit();
}

async function save(
  stored: StoredExport,
  value: ActivityExport,
  event: `activity-export.${string}`,
  maker: LogMaker,
): Promise<StoredExport> {
  const { records, now } = maker.openCall();
  // What came to nothing is shown as long as a copy would be.
  const expiresAtEpochSeconds =
    value.state === 'ordered' ? stored.expiresAtEpochSeconds : expiryAfter(terms.export.length, now);
  const options = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
  await records
    .change()
    .put(stored.ref, value, { version: stored.version }, options)
    .activity({ event, subject: stored.ref.owner, about: [value.id] })
    .commit();
  return { ...stored, value, version: stored.version + 1 };
}

/** True when there is nothing to make any more: over, given up, or its organisation erased. */
async function endIfOver({ organisationId, id }: Place, pointer: Pointer, maker: LogMaker): Promise<boolean> {
  const { records } = maker.openCall();
  const stored = await records.get(activityExportRef(organisationId, id));
  if (stored?.value.state === 'ordered') return false;
  // Kept for its seven days, or until its reason has been read.
  if (stored?.value.state === 'ready') return true;
  await maker.sealed.remove(fileKeyOf(id));
  await records
    .change()
    .unpoint(pointer)
    .unpoint(activityExportPointers.job(organisationId, id))
    .activity({ event: 'activity-export.ended', subject: organisationOwner(organisationId), about: [id] })
    .commit();
  return true;
}

const text = (name: string, content: string): Entry => ({ name, content: Buffer.from(content, 'utf8') });
