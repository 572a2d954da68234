import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A place where the service, or AWS for it, keeps anything. */
export const sinks = [
  'core table',
  'activity table',
  'rights table',
  'keys table',
  'mirror table',
  'lookup table',
  'transient table',
  'gate table',
  'keys stream',
  'transient stream',
  'rights stream',
  'quarantine bucket',
  'files bucket',
  'exports bucket',
  'downloads bucket',
  'backup bucket',
  'offline bucket',
  'log bucket',
  'queues',
  'dead letters',
  'one-off schedules',
  'phones’ addresses',
  'function logs',
  'web log',
  'cognito',
  'suppression list',
  'programs outside',
  'delivered mail',
  'delivered to phones',
  'engines’ disks',
] as const;
export type Sink = (typeof sinks)[number];

/**
 * Where a copy is out of the service's hands, or belongs to the program that plays AWS here: looked into and told of apart.
 * What was delivered is the recipient's; the free pages of a database file are AWS's, who does not give them to anybody.
 */
export const outside: readonly Sink[] = ['delivered mail', 'delivered to phones', 'engines’ disks'];
/**
 * Plain while they are in use, and without any memory of AWS's: no versions, no backup, no point-in-time recovery. What
 * lies there at the end is all that anybody can have.
 */
const withoutHistory: readonly Sink[] = [
  'quarantine bucket',
  'downloads bucket',
  'lookup table',
  'cognito',
  'suppression list',
  'one-off schedules',
  'phones’ addresses',
];
/** What is nobody's after the recovery window: older images of these cannot be had from AWS. */
const forgotten: readonly Sink[] = ['keys table', 'mirror table', 'keys stream'];

/** Something that lay in a store. */
export interface Exhibit {
  readonly sink: Sink;
  readonly place: string;
  readonly bytes: Uint8Array;
  /** The row, where it was one: what in it is sealed is attacked with the names that it bears. */
  readonly row?: { readonly table: string; readonly item: Row };
}
/** When it was last seen to be there, by the service's clock. */
export interface DatedExhibit extends Exhibit {
  readonly seenUntilEpochMilliseconds: number;
}

/** All images of all stores, each once however often it was seen. */
export function evidenceBook() {
  const book = new Map<string, DatedExhibit>();
  let lastEpochMilliseconds = 0;
  return {
    add(exhibit: Exhibit, seenUntilEpochMilliseconds: number): void {
      const id = `${exhibit.sink}|${exhibit.place}|${digestOf(exhibit.bytes)}`;
      // A stream keeps a record for a day from when it was made; the engine that plays it keeps it for good.
      if (!exhibit.sink.endsWith(' stream') || !book.has(id)) book.set(id, { ...exhibit, seenUntilEpochMilliseconds });
      lastEpochMilliseconds = Math.max(lastEpochMilliseconds, seenUntilEpochMilliseconds);
    },
    all: (): DatedExhibit[] => [...book.values()],
    /**
     * What somebody can have at the time of the last photograph, when the recovery window of keys reaches back to a
     * moment: the newest image of what has no history, images of keys from within the window, and all of everything else.
     */
    obtainable: (windowBeganEpochMilliseconds: number): DatedExhibit[] =>
      [...book.values()].filter(({ sink, seenUntilEpochMilliseconds: seen }) => {
        if (withoutHistory.includes(sink)) return seen === lastEpochMilliseconds;
        return !forgotten.includes(sink) || seen >= windowBeganEpochMilliseconds;
      }),
  };
}
export type EvidenceBook = ReturnType<typeof evidenceBook>;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

/** A row as DynamoDB's own JSON: binary values are base64, so they are looked into like any other text. */
export function rowExhibit(sink: Sink, table: string, item: Row): Exhibit {
  const text = JSON.stringify(plainJson(item));
  return { sink, place: `${item['pk']?.S} / ${item['sk']?.S}`, bytes: Buffer.from(text), row: { table, item } };
}
export type Row = Readonly<Record<string, AttributeValue>>;

/** Bytes that could be a ciphertext, with what a reader of the code would try as its additional data. */
export interface Sealed {
  readonly bytes: Buffer;
  readonly sink: Sink;
  readonly place: string;
  /** Tells apart what lay in one place at different times: shares of one image belong together. */
  readonly image: string;
  /** The partition that it lies in: `<controller>#<subject>`. */
  readonly partition: string;
  readonly retentionClass: string | undefined;
  readonly boundTo: readonly string[];
  readonly contexts: readonly Readonly<Record<string, string>>[];
}

function plainJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  // In one order: the engine gives the attributes of a row in another one each time.
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, plainJson(inner)]));
}

const SCHEMA_VERSIONS_TRIED = [1, 2, 3, 4];
const KEY_VERSIONS_TRIED = [1, 2];
/** Nonce, at least one byte, tag. */
const SEALED_BYTES_MIN = 29;

/** Every binary value of a row, however deep; a file as a whole. */
export function sealedIn({ sink, place, bytes, row }: Exhibit): Sealed[] {
  const image = digestOf(bytes);
  if (!row)
    return [sealedFile(sink, place, bytes, image)].filter(({ bytes: { length } }) => length >= SEALED_BYTES_MIN);
  const { pk, sk } = { pk: row.item['pk']?.S ?? '', sk: row.item['sk']?.S ?? '' };
  // What lies in the mirror was bound to its place in Keys.
  const table = row.table === 'mirror' ? 'keys' : row.table;
  const places = SCHEMA_VERSIONS_TRIED.map((version) => `${table}|${pk}|${sk}|${version}`);
  const contexts = ['sealing', 'lookup'].flatMap((purpose) =>
    KEY_VERSIONS_TRIED.map((version) => ({ organisation: pk, purpose, version: String(version) })),
  );
  const found: Sealed[] = [];
  const collect = (value: AttributeValue, boundTo: readonly string[], retentionClass: string | undefined) => {
    const binary = value.B ? [value.B] : (value.BS ?? []);
    for (const each of binary) {
      if (each.byteLength < SEALED_BYTES_MIN) continue;
      const contextsOfKey = sk.startsWith('ORGANISATION-KEY#') ? contexts : [];
      found.push({
        bytes: Buffer.from(each),
        sink,
        place,
        image,
        partition: pk,
        retentionClass,
        boundTo,
        contexts: contextsOfKey,
      });
    }
    if (value.L) for (const each of value.L) collect(each, boundTo, retentionClass);
    if (!value.M) return;
    const { controller, subject, retentionClass: ofShare } = value.M;
    const shares = [controller?.S, subject?.S, ofShare?.S].every((part) => part !== undefined)
      ? places.map((each) => `item-key|${each.replaceAll('|', '/')}|${controller!.S}|${subject!.S}|${ofShare!.S}`)
      : boundTo;
    for (const each of Object.values(value.M)) collect(each, shares, ofShare?.S ?? retentionClass);
  };
  const classOfRow = row.item['retentionClass']?.S ?? /^CLASS#([\w-]+)/.exec(sk)?.[1];
  for (const value of Object.values(row.item)) collect(value, places, classOfRow);
  return found;
}

function sealedFile(sink: Sink, place: string, bytes: Uint8Array, image: string): Sealed {
  const key = place.slice(place.indexOf('/') + 1);
  const names = [key, key.split('/').at(-1) ?? key];
  return {
    bytes: Buffer.from(bytes),
    sink,
    place,
    image,
    partition: key,
    retentionClass: undefined,
    boundTo: names.flatMap((name) => [name, `file|${name}`, `exports|${name}`, `downloads|${name}`]),
    contexts: [],
  };
}
