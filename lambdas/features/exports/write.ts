import * as z from 'zod';
import type { Language } from '../../http/call.ts';
import type { ExportId } from '../../http/ids.ts';
import type { Signer } from '../../platform/signing.ts';
import { type AttendanceDay, attendanceDayEntity } from '../attendance/attendance-day.ts';
import { endingOf, type KeptFile } from '../files/file.ts';
import { type PersonRecord, personEntity } from '../people/person.ts';
import { type Image, pictureEntity } from '../pictures/picture.ts';
import { calendarOf } from './calendar-file.ts';
import { contactCardOf } from './contact-card.ts';
import { type Content, SeenLine } from './content.ts';
import { extensionOf } from './controllers-copy.ts';
import { csvOf } from './csv.ts';
import { isPortableFor } from './export.ts';
import { wordsOf } from './field-words.ts';
import { FILES_BYTES_MAX } from './files-of.ts';
import { indexPage } from './index-page.ts';
import { type Listed, listed, manifestEntries } from './manifest.ts';
import { portableOf, SignedPortable, signedBytes } from './portable.ts';
import { readme } from './readme.ts';
import { schemaOf } from './schemas.ts';
import type { Entry, Sink } from './zip.ts';

export interface Making {
  readonly id: ExportId;
  readonly at: Date;
  /** Of what stands in one language only: the calendar. */
  readonly language: Language;
  readonly signer: Signer;
  /** The contents of a file that a record holds; undefined when it is gone. Absent where no contents go along. */
  readFile?(file: KeptFile): Promise<Uint8Array | undefined>;
}

/** Hands the files of one export to the sink, one after the other; the manifest last. */
export async function writeContent(content: Content, making: Making, sink: Sink): Promise<void> {
  const files: Listed[] = [];
  for await (const entry of entriesOf(content, making)) {
    files.push(listed(entry));
    await sink(entry);
  }
  const about = {
    exportId: making.id,
    createdAt: making.at.toISOString(),
    controller: content.collected.owner.controller,
  };
  for (const entry of await manifestEntries(files, about, making.signer)) await sink(entry);
}

async function* entriesOf(content: Content, making: Making): AsyncGenerator<Entry> {
  yield text('README.txt', readme());
  yield text('index.nb.html', indexPage(content, making.at, 'nb', making.id));
  yield text('index.en.html', indexPage(content, making.at, 'en', making.id));
  for (const { entity, records } of content.parts) {
    yield* dataFiles(entity.name, records, schemaOf(entity, wordsOf(entity).title.en));
  }
  yield* dataFiles('activity', content.seen, z.toJSONSchema(z.array(SeenLine)));
  yield* filesForPeople(content, making);
  yield* heldFiles(content, making);
  yield* portableFiles(content, making);
}

function* dataFiles(name: string, records: readonly unknown[], schema: object): Generator<Entry> {
  yield json(`data/${name}.json`, records);
  yield text(`data/${name}.csv`, csvOf(records));
  yield json(`data/schemas/${name}.schema.json`, schema);
}

/** What other programs open: the picture, the calendar, the contact card. */
function* filesForPeople({ parts, collected }: Content, { at, language }: Making): Generator<Entry> {
  const recordsOf = (name: string) => parts.find(({ entity }) => entity.name === name)?.records ?? [];
  const { image } = (recordsOf(pictureEntity.name)[0] ?? {}) as { image?: Image };
  if (image) {
    const content = Buffer.from(image.content, 'base64');
    yield { name: `files/picture.${extensionOf(image)}`, content };
  }
  const days = recordsOf(attendanceDayEntity.name) as readonly AttendanceDay[];
  if (days.length > 0) {
    const timeZone = collected.organisation?.timeZone ?? 'Europe/Oslo';
    yield text('attendance.ics', calendarOf(days, { at, timeZone, language, subject: collected.owner.subject }));
  }
  const [person] = recordsOf(personEntity.name) as readonly Partial<PersonRecord>[];
  if (person) yield text('contacts.vcf', contactCardOf(person, image, at));
}

/** Documents, attachments and photos, by the ids under which the records name them. */
async function* heldFiles({ collected }: Content, { readFile }: Making): AsyncGenerator<Entry> {
  let bytes = 0;
  for (const file of new Map(collected.files.map((one) => [one.id, one])).values()) {
    bytes += file.bytes;
    if (!readFile || bytes > FILES_BYTES_MAX) return;
    const content = await readFile(file);
    if (content) yield { name: `files/${file.id}.${endingOf[file.contentType]}`, content };
  }
}

async function* portableFiles(content: Content, { at, signer }: Making): AsyncGenerator<Entry> {
  const portable = isPortableFor(content.collected.audience) ? portableOf(content, at) : undefined;
  if (!portable) return;
  const { keyId, signature } = await signer.sign(signedBytes(portable));
  const signed: SignedPortable = { portable, signature: { keyId, algorithm: 'ECDSA_SHA_256', value: signature } };
  yield json('portable/portable.json', signed);
  yield json('portable/portable.schema.json', z.toJSONSchema(SignedPortable, { unrepresentable: 'any' }));
}

const text = (name: string, content: string): Entry => ({ name, content: Buffer.from(content, 'utf8') });
const json = (name: string, value: unknown): Entry => text(name, `${JSON.stringify(value, null, 2)}\n`);
