import { decodeTime } from 'ulid';
import { AbuseReportId, type FileId, type OrganisationId, PhotoId, ThreadId } from '../../http/ids.ts';
import { type Owner, type RetentionClass, type SharedId, sharedPointers } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import type { PointerKey } from '../../platform/records.ts';
import { abuseReportEntity, abuseReportKey } from '../abuse-reports/abuse-report.ts';
import { filePointers } from '../files/file.ts';
import type { Eraser } from './eraser.ts';
import { fileIn, filesOfRows } from './files.ts';

/** What is left out of a row that lives on: a share that no key opens any more, and whose it was. */
export interface DeadShare {
  readonly key: PointerKey;
  /** Its place in the row's list of holders. */
  readonly at: number;
  readonly owner: Owner;
}

/** What of one thread or photo goes, and in which order: files, then the rows that lead to it, then its own. */
export interface EndOfShared {
  readonly sharedId: SharedId;
  readonly files: readonly FileId[];
  readonly keys: readonly PointerKey[];
  readonly shares: readonly DeadShare[];
}

/** Only these classes, as far as they were shredded at that instant; absent: everything of the subject. */
export interface Shredding {
  readonly classes: readonly RetentionClass[];
  readonly at: string;
}

type FromPointers = Pick<Eraser, 'rows' | 'fences' | 'openCall'>;

/**
 * What goes with a person of all that they share: whole, what is about them, and what nobody's key opens any more. A row
 * that another still opens stays, without the person's share.
 */
export async function* endsOfShared(
  owner: Owner,
  shredding: Shredding | undefined,
  eraser: FromPointers,
): AsyncGenerator<EndOfShared> {
  const isOpen = openShares(eraser);
  const about = new Set(await sharedIn('about', owner, eraser));
  const held = new Set(await sharedIn('held', owner, eraser));
  for (const sharedId of new Set([...about, ...held])) {
    const rows: RawRow[] = [];
    for await (const row of eraser.rows.of('core', `${owner.controller}#${sharedId}`)) rows.push(row);
    const records = rows.filter(({ attributes }) => attributes['sealed'] !== undefined);
    const goesWhole = about.has(sharedId) && (!shredding || isOfTerm(sharedId, records, shredding));
    const dead = goesWhole ? records : await filtered(records, async (row) => !(await isOpenRow(row, isOpen)));
    if (dead.length === records.length) yield await wholeEnd(owner, sharedId, rows, eraser);
    else yield await partialEnd(owner, { sharedId, rows, dead, isHeld: held.has(sharedId) }, isOpen, eraser);
  }
}

/** Begun before the class was shredded: what has come about the person since is none of it. */
const isOfTerm = (sharedId: SharedId, records: readonly RawRow[], { classes, at }: Shredding): boolean =>
  records.some(({ attributes }) => classes.includes(attributes['retentionClass'] as RetentionClass)) &&
  decodeTime(sharedId.slice('thr_'.length).toUpperCase()) <= Date.parse(at);

/** Ids of what a person shares, by the rows in their own partition. */
export async function sharedIn(as: 'held' | 'about', owner: Owner, { rows }: Pick<Eraser, 'rows'>) {
  const { pk, sk } = sharedPointers[as](owner, '');
  const found: SharedId[] = [];
  for await (const row of rows.of('core', pk, sk)) {
    const id = row.sk.slice(sk.length);
    const sharedId = ThreadId.safeParse(id).data ?? PhotoId.safeParse(id).data;
    if (sharedId) found.push(sharedId);
  }
  return found;
}

async function wholeEnd(owner: Owner, sharedId: SharedId, rows: readonly RawRow[], eraser: FromPointers) {
  const holders = new Map([owner, ...rows.flatMap(sharesOf)].map(({ controller, subject }) => [subject, controller]));
  const elsewhere: PointerKey[] = [];
  for (const [subject, controller] of holders) {
    const holder = { controller, subject } as Owner;
    elsewhere.push(...(await rowsOfHolder(holder, sharedId, eraser)));
    // The subject's own lead here: they go last, after all that they lead to.
    if (subject !== owner.subject) {
      elsewhere.push(sharedPointers.held(holder, sharedId), sharedPointers.about(holder, sharedId));
    }
  }
  const files = rows.flatMap(({ sk }) => fileIn(sk) ?? []);
  return {
    sharedId,
    files,
    keys: [
      ...elsewhere,
      ...files.map((fileId) => filePointers.home(owner.controller as OrganisationId, fileId)),
      ...rows.flatMap((row) => rowsLeadingTo(owner, row)),
      ...rows.map(keyOfRow),
      sharedPointers.held(owner, sharedId),
      sharedPointers.about(owner, sharedId),
    ],
    shares: [],
  };
}

interface LivingOn {
  readonly sharedId: SharedId;
  readonly rows: readonly RawRow[];
  readonly dead: readonly RawRow[];
  /** Whether the subject has, or had, a share in it. */
  readonly isHeld: boolean;
}

async function partialEnd(
  owner: Owner,
  { sharedId, rows, dead, isHeld }: LivingOn,
  isOpen: IsOpen,
  eraser: FromPointers,
) {
  const files = await filesOfRows(rows, dead, owner, eraser);
  const living = rows.filter((row) => row.attributes['sealed'] !== undefined && !dead.includes(row));
  const theirs = living.flatMap((row) =>
    sharesOf(row).flatMap((share, at) => (share.subject === owner.subject ? [{ row, at, share }] : [])),
  );
  const gone = await filtered(theirs, async ({ share }) => !(await isOpen(share)));
  const holdsNothing = isHeld && gone.length === theirs.length;
  return {
    sharedId,
    files,
    keys: [
      ...(holdsNothing ? await rowsOfHolder(owner, sharedId, eraser) : []),
      ...files.flatMap((fileId) => [
        filePointers.home(owner.controller as OrganisationId, fileId),
        filePointers.held({ controller: owner.controller, subject: sharedId }, fileId),
      ]),
      ...dead.flatMap((row) => rowsLeadingTo(owner, row)),
      ...dead.map(keyOfRow),
      ...(holdsNothing ? [sharedPointers.held(owner, sharedId)] : []),
    ],
    shares: gone.map(({ row, at }) => ({ key: keyOfRow(row), at, owner })),
  };
}

/** Rows of ids in a holder's own partition that lead to the thread: what waits to be read. */
async function rowsOfHolder({ controller, subject }: Owner, sharedId: SharedId, { rows }: FromPointers) {
  const found: PointerKey[] = [];
  for await (const row of rows.of('core', `${controller}#${subject}`, 'INBOX#')) {
    if (row.sk.split('#').includes(sharedId)) found.push(keyOfRow(row));
  }
  return found;
}

/** Rows of ids in partitions of the organisation's that lead to one row: a report of misuse stands in the list of all. */
function rowsLeadingTo({ controller }: Owner, { sk }: Pick<RawRow, 'sk'>): PointerKey[] {
  const [kind, rest] = sk.split('#');
  const reportId = kind === abuseReportEntity.sortKey ? AbuseReportId.safeParse(rest).data : undefined;
  return reportId ? [abuseReportKey(controller as OrganisationId, reportId)] : [];
}

interface Share {
  readonly controller: Owner['controller'];
  readonly subject: Owner['subject'];
  readonly retentionClass: RetentionClass;
  readonly keyGeneration?: number;
}
const sharesOf = ({ attributes }: RawRow) => (attributes['holders'] ?? []) as readonly Share[];

type IsOpen = (share: Share) => Promise<boolean>;

async function isOpenRow(row: RawRow, isOpen: IsOpen): Promise<boolean> {
  const shares = sharesOf(row);
  const closed = await filtered(shares, async (share) => !(await isOpen(share)));
  return row.attributes['opensWhile'] === 'all' ? closed.length === 0 : closed.length < shares.length;
}

/** Whether the key that wraps a share is still there, restricted or not; every holder is looked up once. */
function openShares({ openCall, fences }: FromPointers): IsOpen {
  const known = new Map<string, Promise<{ isErased: boolean; generation: number }>>();
  async function look({ controller, subject, retentionClass }: Share) {
    const owner = { controller, subject };
    const [states, generations] = await Promise.all([
      openCall().records.keyStates(owner),
      fences.generations(owner, [retentionClass]),
    ]);
    const state = states.get(retentionClass);
    return { isErased: state === undefined || state === 'ERASED', generation: generations.get(retentionClass) ?? 1 };
  }
  return async (share) => {
    const id = `${share.controller}#${share.subject}#${share.retentionClass}`;
    const looked = known.get(id) ?? look(share);
    known.set(id, looked);
    const { isErased, generation } = await looked;
    return !isErased && (share.keyGeneration ?? 1) === generation;
  };
}

async function filtered<T>(values: readonly T[], is: (value: T) => Promise<boolean>): Promise<T[]> {
  const chosen = await Promise.all(values.map(is));
  return values.filter((_, i) => chosen[i]);
}

const keyOfRow = ({ table, pk, sk }: RawRow): PointerKey => ({ table: table as PointerKey['table'], pk, sk });
