import { type ExportId, OrganisationId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { dependantPointers, type SubjectId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Pointer, Stored } from '../../platform/records.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { agreementDocument } from '../agreements/agreement.ts';
import { renderHtml } from '../agreements/html.ts';
import { writePersonExport, writeSchemas } from '../exports/controllers-copy.ts';
import { JOB_KEY_PREFIX } from '../exports/export.ts';
import { type Maker, unlessTakenOver } from '../exports/maker.ts';
import { listed, manifestEntries } from '../exports/manifest.ts';
import { bytesOf, type Entry, zipOf } from '../exports/zip.ts';
import { queueNotice } from '../notices/notice.ts';
import { agreementAcceptanceRef } from '../organisations/agreement-acceptance.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, peoplePointers } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import {
  ATTEMPTS_MAX,
  type OrganisationExport,
  type organisationExportEntity,
  organisationExportPointers,
  organisationExportRef,
  PARTS_MAX,
  partKeyOf,
  partPlaceOf,
} from './organisation-export.ts';
import { readRegister } from './read-register.ts';
import { exportReadme } from './readme.ts';
import { childRegister, staffRegister } from './register-csv.ts';

/** Of one ZIP, before compression: with its compressed and its sealed form it fits the exporter's memory. */
const PART_BYTES_MAX = 64 * 1024 * 1024;
const PAGE_PERSONS = 50;
const ACCEPTANCES_READ_MAX = 200;

type StoredExport = Stored<typeof organisationExportEntity>;
interface Place {
  readonly organisationId: OrganisationId;
  readonly id: ExportId;
}
type Log = (line: { readonly event: string; readonly exportId: string; readonly error: string }) => void;

/** Makes what has just been ordered. What fails is left to the sweep. */
export async function makeOrganisationExports(records: readonly StreamRecord[], maker: Maker, log: Log): Promise<void> {
  for (const { eventName, dynamodb } of records) {
    if (eventName === 'REMOVE') continue;
    const pk = dynamodb?.Keys?.['pk']?.S ?? '';
    const [controller, subject] = pk.slice(JOB_KEY_PREFIX.length).split('#');
    const organisationId = OrganisationId.safeParse(controller);
    if (!organisationId.success || controller !== subject) continue;
    const place = { organisationId: organisationId.data, id: (dynamodb?.Keys?.['sk']?.S ?? '') as ExportId };
    await tried(place, log, () => makeOrganisationExport(place, maker));
  }
}

/** Goes on with what was left behind, and ends what is over. */
export async function sweepOrganisationExports(maker: Maker, hasTimeLeft: () => boolean, log: Log): Promise<void> {
  const { items } = await maker.openCall().records.pointers('transient', organisationExportPointers.all('').pk);
  for (const pointer of items) {
    if (!hasTimeLeft()) return;
    const organisationId = OrganisationId.safeParse(pointer.attributes?.['organisationId']);
    if (!organisationId.success) continue;
    const place = { organisationId: organisationId.data, id: pointer.sk as ExportId };
    await tried(place, log, async () => {
      if (!(await endIfOver(place, pointer, maker))) await makeOrganisationExport(place, maker);
    });
  }
}

async function tried({ id }: Place, log: Log, work: () => Promise<void>): Promise<void> {
  try {
    await unlessTakenOver(work);
  } catch (error) {
    log({ event: 'organisation-export.interrupted', exportId: id, error: errorName(error) });
  }
}

/**
 * Part by part: first the organisation itself with its registers and agreements, then its people. Each part is stored
 * with how far it goes, so that a run that is cut off goes on there.
 */
export async function makeOrganisationExport(place: Place, maker: Maker): Promise<void> {
  let stored = await begin(place, maker);
  while (stored?.value.state === 'ordered') {
    const isFirst: boolean = stored.value.parts.length === 0;
    const part: Part = isFirst ? await firstPart(place, maker) : await nextPart(place, stored.value, maker);
    stored = await store(stored, part, maker);
  }
}

const nextPart = (place: Place, value: OrganisationExport, maker: Maker): Promise<Part> =>
  value.after?.startsWith(HISTORY) ? historyPart(place, value.after, maker) : peoplePart(place, value, maker);

interface Part {
  readonly entries: readonly Entry[];
  readonly people: number;
  /** Where the next one begins. */
  readonly after: string | undefined;
  readonly isLast: boolean;
}

/** Counted before it is tried: what ends the worker again and again is given up. */
async function begin({ organisationId, id }: Place, maker: Maker): Promise<StoredExport | undefined> {
  const { records } = maker.openCall();
  const stored = await records.get(organisationExportRef(organisationId, id));
  if (stored?.value.state !== 'ordered') return undefined;
  const isGivenUp = stored.value.attempts >= ATTEMPTS_MAX;
  const value: OrganisationExport = isGivenUp
    ? { ...stored.value, state: 'failed' }
    : { ...stored.value, attempts: stored.value.attempts + 1 };
  return save(stored, value, isGivenUp ? 'organisation-export.given-up' : 'organisation-export.begun', maker);
}

async function firstPart({ organisationId, id }: Place, maker: Maker): Promise<Part> {
  const { records, now } = maker.openCall();
  const [organisation, acceptances] = await Promise.all([
    records.get(organisationRef(organisationId)),
    records.list(
      agreementAcceptanceRef(organisationId, '').entity,
      { controller: 'operator', subject: organisationId },
      { limit: ACCEPTANCES_READ_MAX },
    ),
  ]);
  if (!organisation) throw new Error('The organisation is closed');
  const { profile, name, timeZone } = organisation.value;
  const register = await readRegister(() => maker.openCall().records, organisationId, dayIn(timeZone, now));
  const entries: Entry[] = [
    text('README.txt', exportReadme()),
    text('register/children.csv', childRegister(register.children)),
    text('register/staff.csv', staffRegister(register.staff)),
    text('agreements/accepted.json', json(acceptances.items.map(({ value }) => value))),
    ...(['nb', 'en'] as const).map((language) => {
      const page = renderHtml(agreementDocument(profile, language, { name }));
      return { name: `agreements/data-processing.${language}.html`, content: Buffer.from(page.content) };
    }),
  ];
  const sink = (entry: Entry) => void entries.push(entry);
  await writePersonExport(records, organisationOwner(organisationId), 'organisation', sink);
  await writeSchemas(organisationId, 'schemas/organisation', sink);
  await writeSchemas('per_' as never, 'schemas/people', sink);
  return {
    entries: await withManifest(entries, organisationId, id, maker),
    people: 0,
    after: undefined,
    isLast: false,
  };
}

async function peoplePart(
  { organisationId, id }: Place,
  { after: begun }: OrganisationExport,
  maker: Maker,
): Promise<Part> {
  const { pk } = peoplePointers.person(organisationId, 'child', '' as never);
  const entries: Entry[] = [];
  let [after, people, bytes, isLast] = [begun, 0, 0, false];
  while (!isLast && bytes < PART_BYTES_MAX) {
    const { records } = maker.openCall();
    const range = { limit: PAGE_PERSONS, ...(after !== undefined && { after }) };
    const { items, next } = await records.pointers('core', pk, range);
    for (const { sk } of items) {
      const personId = sk.slice(sk.indexOf('#') + 1);
      const owner = ownerOf(organisationId, personId as never);
      await writePersonExport(records, owner, `people/${personId}`, (entry) => {
        entries.push(entry);
        bytes += entry.content.length;
      });
      after = sk;
      people++;
      if (bytes >= PART_BYTES_MAX) break;
    }
    isLast = next === undefined && after === (items.at(-1)?.sk ?? after);
  }
  const withMore = isLast && (await hasHistory(organisationId, maker));
  const manifest = await withManifest(entries, organisationId, id, maker);
  return { entries: manifest, people, after: withMore ? HISTORY : after, isLast: isLast && !withMore };
}

/** Where the organisation's own partition leads to what has keys of its own (`dependantPointers`), and of what kinds. */
const HISTORY = 'SUBJECT#';
const historyKinds = ['ivc_', 'sit_', 'tsh_'] as const;

async function hasHistory(organisationId: OrganisationId, maker: Maker): Promise<boolean> {
  const { pk } = dependantPointers.subject(organisationOwner(organisationId), '' as never);
  const { records } = maker.openCall();
  const pages = await Promise.all(
    historyKinds.map((kind) => records.pointers('core', pk, { prefix: `${HISTORY}${kind}`, limit: 1 })),
  );
  return pages.some(({ items }) => items.length > 0);
}

/** What the law has the organisation keep for longer than its people: invoices, time sheets, site lists; after the people. */
async function historyPart({ organisationId, id }: Place, begun: string, maker: Maker): Promise<Part> {
  const { pk } = dependantPointers.subject(organisationOwner(organisationId), '' as never);
  const entries: Entry[] = [];
  let [after, bytes, isLast] = [begun, 0, false];
  while (!isLast && bytes < PART_BYTES_MAX) {
    const { records } = maker.openCall();
    const range = { prefix: HISTORY, limit: PAGE_PERSONS, ...(after !== HISTORY && { after }) };
    const { items, next } = await records.pointers('core', pk, range);
    for (const { sk } of items) {
      after = sk;
      const subject = sk.slice(HISTORY.length) as SubjectId;
      if (!historyKinds.some((kind) => subject.startsWith(kind))) continue;
      await writePersonExport(records, { controller: organisationId, subject }, `history/${subject}`, (entry) => {
        entries.push(entry);
        bytes += entry.content.length;
      });
      if (bytes >= PART_BYTES_MAX) break;
    }
    isLast = next === undefined && after === (items.at(-1)?.sk ?? after);
  }
  return { entries: await withManifest(entries, organisationId, id, maker), people: 0, after, isLast };
}

async function withManifest(entries: readonly Entry[], controller: OrganisationId, exportId: ExportId, maker: Maker) {
  const createdAt = maker.openCall().now.toISOString();
  return [
    ...entries,
    ...(await manifestEntries(entries.map(listed), { exportId, createdAt, controller }, maker.signer)),
  ];
}

/** The file first, then that it is there: a part that was cut off between the two is written again. */
async function store(stored: StoredExport, part: Part, maker: Maker): Promise<StoredExport> {
  const call = maker.openCall();
  const { owner } = stored.ref;
  const { id, parts, orderedBy } = stored.value;
  const number = parts.length + 1;
  if (number > PARTS_MAX) throw new Error('More parts than an export takes');
  const zip = await bytesOf(zipOf(part.entries, call.now));
  const sealed = await call.records.sealFile(owner, 'export', partPlaceOf(id, number), zip);
  await maker.sealed.put(partKeyOf(id, number), sealed, { contentType: 'application/octet-stream' });
  const value: OrganisationExport = {
    ...stored.value,
    parts: [...parts, { bytes: zip.length, people: part.people }],
    ...(part.after !== undefined && { after: part.after }),
    attempts: 1,
  };
  if (!part.isLast) return save(stored, value, 'organisation-export.part-made', maker);

  const expiresAtEpochSeconds = expiryAfter(terms.export.length, call.now);
  const expiresAt = new Date(expiresAtEpochSeconds * 1000).toISOString();
  const ready: OrganisationExport = { ...value, state: 'ready', readyAt: call.now.toISOString(), expiresAt };
  const organisationId = owner.controller as OrganisationId;
  const change = call.records
    .change()
    .put(stored.ref, ready, { version: stored.version }, { expiresAtEpochSeconds })
    .unpoint(organisationExportPointers.job(organisationId, id))
    .activity({ event: 'organisation-export.ready', subject: owner, about: [id], detail: { parts: number } });
  const to = ownerOf(organisationId, orderedBy.personId);
  queueNotice(change, { to, template: 'organisation-export-ready', parameters: { expiresAt } }, call);
  await change.commit();
  return { ...stored, value: ready, version: stored.version + 1 };
}

async function save(
  stored: StoredExport,
  value: OrganisationExport,
  event: `organisation-export.${string}`,
  maker: Maker,
): Promise<StoredExport> {
  const { expiresAtEpochSeconds } = stored;
  await maker
    .openCall()
    .records.change()
    .put(
      stored.ref,
      value,
      { version: stored.version },
      expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds },
    )
    .activity({ event, subject: stored.ref.owner, about: [value.id] })
    .commit();
  return { ...stored, value, version: stored.version + 1 };
}

/** True when there is nothing to make any more: over, given up, or its organisation erased. */
async function endIfOver({ organisationId, id }: Place, pointer: Pointer, maker: Maker): Promise<boolean> {
  const { records } = maker.openCall();
  const stored = await records.get(organisationExportRef(organisationId, id));
  if (stored && stored.value.state !== 'failed') return stored.value.state === 'ready';
  for (let part = 1; part <= (stored?.value.parts.length ?? PARTS_MAX); part++) {
    await maker.sealed.remove(partKeyOf(id, part));
  }
  const change = records
    .change()
    .unpoint(pointer)
    .unpoint(organisationExportPointers.job(organisationId, id))
    .activity({ event: 'organisation-export.ended', subject: organisationOwner(organisationId), about: [id] });
  if (stored) change.remove(stored.ref, { version: stored.version });
  await change.commit();
  return true;
}

const text = (name: string, content: string): Entry => ({ name, content: Buffer.from(content, 'utf8') });
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
