import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { BackupFiles, StoredFile } from '../../platform/backup-files.ts';
import {
  type BackedUpTable,
  type BackupManifest,
  backedUpTables,
  exportPrefix,
  parsedJson,
  usersPrefix,
} from './backup.ts';
import { type Attempt, readBegun, type UserPart } from './begun.ts';
import { isSnapshotWhole, userPartKey } from './snapshot-users.ts';

type Files = Pick<BackupFiles, 'get' | 'files'>;

/** What a day lacks; `damaged`: DynamoDB says that it is there, and it is not as DynamoDB describes it. */
export interface Lack {
  readonly what: BackedUpTable | 'users';
  readonly why: 'not-begun' | 'under-way' | 'outside-recovery-window' | 'damaged';
}

/** As DynamoDB writes them (developer guide, "DynamoDB table export output format"). */
const Summary = z.object({
  exportArn: z.string(),
  tableArn: z.string(),
  exportTime: z.string(),
  itemCount: z.int().min(0),
  billedSizeBytes: z.number().min(0),
  manifestFilesS3Key: z.string(),
});
const DataFile = z.object({ itemCount: z.int().min(0), etag: z.string(), dataFileS3Key: z.string() });

/** The manifest of a day that is whole and sound, or what it lacks. */
export async function completedBackup(
  day: string,
  files: Files,
  now: Date,
): Promise<BackupManifest | readonly [Lack, ...Lack[]]> {
  const begun = await readBegun(day, files);
  const parts = await Promise.all(
    backedUpTables.map((table) => exportedTable(table, day, begun.attempts[table], files)),
  );
  const users = await snapshotOf(day, begun.userParts, files);
  const [lack, ...lacks] = [...parts, users].filter((part) => 'why' in part);
  if (lack) return [lack, ...lacks];
  if (!begun.day) return [{ what: 'core', why: 'not-begun' }];
  const tables = parts as readonly Exported[];
  const objects = [...tables, users as Snapshot].flatMap((part) => part.files);
  return {
    format: 'vern-backup-1',
    day,
    generation: begun.day.generation,
    completedAt: now.toISOString(),
    tables: Object.fromEntries(tables.map(({ table, described }) => [table, described])) as BackupManifest['tables'],
    users: (users as Snapshot).described,
    objects: objects.map(({ key, bytes, etag }) => ({ key, bytes, etag })),
  };
}

interface Exported {
  readonly table: BackedUpTable;
  readonly described: BackupManifest['tables'][BackedUpTable];
  readonly files: readonly StoredFile[];
}

async function exportedTable(
  what: BackedUpTable,
  day: string,
  attempts: readonly Attempt[],
  files: Files,
): Promise<Exported | Lack> {
  if (attempts.length === 0) return { what, why: 'not-begun' };
  // The newest that has ended: an attempt that was begun twice, or that failed, may lie beside it.
  for (const attempt of attempts.toReversed()) {
    if ('refused' in attempt) return { what, why: 'outside-recovery-window' };
    const folder = `${exportPrefix(day, what)}/AWSDynamoDB/${attempt.exportArn.split('/').at(-1)}/`;
    const found = new Map<string, StoredFile>();
    for await (const file of files.files(folder)) found.set(file.key, file);
    if (!found.has(`${folder}manifest-summary.json`)) continue;
    const described = await soundExport(attempt.exportArn, folder, found, files);
    return described ? { table: what, described, files: [...found.values()] } : { what, why: 'damaged' };
  }
  return { what, why: 'under-way' };
}

/** What the manifests say, if their checksums hold, the counts agree and every data file is the one that they name. */
async function soundExport(
  exportArn: string,
  folder: string,
  found: ReadonlyMap<string, StoredFile>,
  files: Files,
): Promise<Exported['described'] | undefined> {
  const summaryKey = `${folder}manifest-summary.json`;
  const [summaryText, listText] = await Promise.all([
    manifestText(`${folder}manifest-summary`, found, files),
    manifestText(`${folder}manifest-files`, found, files),
  ]);
  if (summaryText === undefined || listText === undefined) return undefined;
  const summary = Summary.parse(parsedJson(summaryText));
  const data = Buffer.from(listText).toString('utf8').split('\n').filter(Boolean);
  const dataFiles = data.map((line) => DataFile.parse(JSON.parse(line)));
  const areThere = dataFiles.every(({ dataFileS3Key, etag }) => found.get(dataFileS3Key)?.etag === bare(etag));
  const items = dataFiles.reduce((sum, { itemCount }) => sum + itemCount, 0);
  const isOurs = summary.exportArn === exportArn && summary.manifestFilesS3Key === `${folder}manifest-files.json`;
  if (!areThere || !isOurs || items !== summary.itemCount) return undefined;
  return {
    tableArn: summary.tableArn,
    manifestKey: summaryKey,
    exportTime: new Date(summary.exportTime).toISOString(),
    itemCount: summary.itemCount,
    bytes: summary.billedSizeBytes,
  };
}

/** A manifest's text, if the MD5 beside it (`.checksum` or `.md5`, base64) is its own. */
async function manifestText(
  name: string,
  found: ReadonlyMap<string, StoredFile>,
  files: Files,
): Promise<Uint8Array | undefined> {
  const checksumKey = [`${name}.checksum`, `${name}.md5`].find((key) => found.has(key));
  if (checksumKey === undefined) return undefined;
  const [text, checksum] = await Promise.all([files.get(`${name}.json`), files.get(checksumKey)]);
  if (!text || !checksum) return undefined;
  const isSame = Buffer.from(checksum).toString('utf8').trim() === createHash('md5').update(text).digest('base64');
  return isSame ? text : undefined;
}

interface Snapshot {
  readonly described: BackupManifest['users'];
  readonly files: readonly StoredFile[];
}

async function snapshotOf(day: string, parts: readonly UserPart[], files: Files): Promise<Snapshot | Lack> {
  if (!isSnapshotWhole(parts)) return { what: 'users', why: 'under-way' };
  const keys = new Set(parts.map((_, i) => userPartKey(day, i + 1)));
  const found: StoredFile[] = [];
  for await (const file of files.files(usersPrefix(day))) if (keys.has(file.key)) found.push(file);
  if (found.length !== keys.size) return { what: 'users', why: 'damaged' };
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return { described: { key: usersPrefix(day), count, takenAt: parts[0]!.startedAt }, files: found };
}

const bare = (etag: string) => etag.replaceAll('"', '');
