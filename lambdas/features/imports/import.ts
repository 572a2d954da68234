import * as z from 'zod';
import { ImportId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { Block } from '../people/person.ts';
import { PlannedChange } from './changes.ts';
import { type FindingCode, fileErrors, messageOf, rowErrors, rowRemarks } from './findings.ts';
import { ChildRow, GuardianWho, StaffRow, Who } from './import-row.ts';
import { GROUPS_MAX, importKinds, ROWS_MAX } from './limits.ts';
import type { Verdict } from './plan.ts';

export const UPLOAD_SECONDS = 5 * 60;
export const ROWS_PER_CHUNK = 25;
const FILE_ERRORS_MAX = 50;
const GROUP_NAME_MAX = 80;
const CHANGES_MAX = 60;

/** How often an import that came to nothing is taken up again before it is given up. */
export const RESUMPTIONS_MAX = 10;
/** Longer than a worker can live (15 minutes): whoever had the import is surely gone. */
const SILENCE_SECONDS_MAX = 16 * 60;

const importStates = [
  'awaiting-upload',
  'reading',
  'ready',
  'failed',
  'applying',
  'applied',
  'rejected',
  'expired',
] as const;

const verdicts = ['new', 'changed', 'unchanged', 'error', 'remark'] as const satisfies readonly Verdict[];
/** What became of a row. `overtaken`: what is held has changed since the approval, so nothing of the row was written. */
export const rowOutcomes = ['applied', 'unchanged', 'left-out', 'overtaken'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

const count = z.int().min(0).max(ROWS_MAX);
const codeOf = <T extends string>(codes: Readonly<Record<T, unknown>>) => z.enum(Object.keys(codes) as [T, ...T[]]);
const StoredFileError = z.strictObject({
  code: codeOf(fileErrors),
  line: z.int().min(1).optional(),
  column: z.string().optional(),
});

export const ImportRecord = z.strictObject({
  id: ImportId,
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  createdAt: z.iso.datetime(),
  uploadUntil: z.iso.datetime(),
  /** When something last happened to it: a worker that has been silent for longer than it may live is gone. */
  progressAt: z.iso.datetime(),
  /** How often the sweep has taken it up again. */
  resumptions: z.int().min(0).max(RESUMPTIONS_MAX).optional(),
  rowsTotal: count,
  rowsDone: count,
  /** How many rows are new, changed and so on; once read. */
  verdicts: z.partialRecord(z.enum(verdicts), count).optional(),
  /** Rows that somebody must decide about before the approval. */
  rowsToDecide: count.optional(),
  /** Groups that will be made. */
  newGroups: z.array(z.string().max(GROUP_NAME_MAX)).max(GROUPS_MAX).optional(),
  outcomes: z.partialRecord(z.enum(rowOutcomes), count).optional(),
  fileErrors: z.array(StoredFileError).max(FILE_ERRORS_MAX).optional(),
});
export type ImportRecord = z.output<typeof ImportRecord>;

const StoredRemark = z.strictObject({
  line: z.int(),
  code: codeOf(rowRemarks),
  who: Who.optional(),
  needsDecision: z.boolean(),
});
const StoredError = z.strictObject({ line: z.int(), column: z.string().optional(), code: codeOf(rowErrors) });

export const StoredRow = z.strictObject({
  line: z.int().min(1),
  verdict: z.enum(verdicts),
  /** Absent for a row that is not taken in, and once it has been applied. */
  row: z.discriminatedUnion('kind', [ChildRow, StaffRow]).optional(),
  changes: z.array(PlannedChange).max(CHANGES_MAX),
  errors: z.array(StoredError),
  remarks: z.array(StoredRemark),
  /** The child of the row, where it is held already. */
  childId: PersonId.optional(),
  /** The child that is held already and may be this one (`possibly-same`). */
  sameAs: PersonId.optional(),
  outcome: z.enum(rowOutcomes).optional(),
});
export type StoredRow = z.output<typeof StoredRow>;

const importOf = <const N extends string, const K extends string, S extends z.ZodType>(
  name: N,
  sortKey: K,
  schema: S,
) =>
  entity({
    name,
    table: 'transient',
    sortKey,
    partitionPrefix: 'IMPORT#',
    schema,
    schemaVersion: 1,
    ourRole: 'processor',
    purpose: "to take in the organisation's own register once its staff have approved what would change",
    legalBasis: 'controllers-agreement',
    article9: 'none',
    source: 'controller',
    retentionClass: 'import',
    exported: { not: 'what a row became stands in the record of the person it is about' },
    onErasure: 'delete',
  });

export const importEntity = importOf('import', 'IMPORT', ImportRecord);
/** Rows lie together in chunks: two thousand rows are eighty records. */
export const importRowsEntity = importOf('import-rows', 'IMPORT-ROWS', z.array(StoredRow).max(ROWS_PER_CHUNK));

/** What the approver decided about the row on a line. An empty `block` says that the remark is no block. */
export const RowDecision = z
  .strictObject({
    line: z.int().min(1),
    block: z.array(GuardianWho).max(2).optional(),
    basis: Block.shape.basis.optional(),
    keepAsNote: z.boolean().optional(),
    /** Of a row that may be a child held under another name: taken in as a new child, or left out. */
    isNewChild: z.boolean().optional(),
  })
  .meta({ id: 'ImportRowDecision' });
export type RowDecision = z.output<typeof RowDecision>;
export const importDecisionsEntity = importOf(
  'import-decisions',
  'IMPORT-DECISIONS',
  z.array(RowDecision).max(ROWS_MAX),
);

/** Where a page of rows ended: the place in the file, from 0. */
export const RowPlace = z.string().regex(/^\d{1,4}$/);

export const importRef = (organisationId: OrganisationId, importId: ImportId) =>
  ({ entity: importEntity, owner: organisationOwner(organisationId), key: importId }) as const;
export const rowsRef = (organisationId: OrganisationId, importId: ImportId, chunk: number) =>
  ({
    entity: importRowsEntity,
    owner: organisationOwner(organisationId),
    key: `${importId}#${String(chunk).padStart(4, '0')}`,
  }) as const;
export const decisionsRef = (organisationId: OrganisationId, importId: ImportId) =>
  ({ entity: importDecisionsEntity, owner: organisationOwner(organisationId), key: importId }) as const;

export const JOB_KEY_PREFIX = 'IMPORT-JOB#';
/** Writing it wakes the worker, through the stream (keys only). */
export const jobPointer = (organisationId: OrganisationId, importId: ImportId) =>
  ({ table: 'transient', pk: `${JOB_KEY_PREFIX}${organisationId}`, sk: importId }) as const;

/** Where the sweep finds the imports that have not come to an end. */
export const unfinishedPointer = (organisationId: OrganisationId | '', importId: ImportId | '') =>
  ({ table: 'transient', pk: 'IMPORT-UNFINISHED', sk: `${organisationId}#${importId}` }) as const;

/** What the sweep does with an import: read its file, take it in, leave it to whoever has it, or let go of it. Pure. */
export function whatToResume(record: ImportRecord | undefined, now: Date): 'read' | 'apply' | 'wait' | 'forget' {
  if (!record) return 'forget';
  const isSilentSince = (instant: string) => now.getTime() - Date.parse(instant) > SILENCE_SECONDS_MAX * 1000;
  switch (record.state) {
    case 'awaiting-upload':
      return isSilentSince(record.uploadUntil) ? 'read' : 'wait';
    case 'reading':
      return isSilentSince(record.progressAt) ? 'read' : 'wait';
    case 'applying':
      return isSilentSince(record.progressAt) ? 'apply' : 'wait';
    case 'ready':
      return 'wait';
    default:
      return 'forget';
  }
}

export const uploadKey = (organisationId: OrganisationId, importId: ImportId) =>
  `imports/${organisationId}/${importId}`;

const Message = z.strictObject({ nb: z.string(), en: z.string() });
const Finding = z.strictObject({
  line: z.int().min(1).optional(),
  column: z.string().optional(),
  code: z.string(),
  message: Message,
});

export const Import = ImportRecord.omit({ resumptions: true })
  .extend({ fileErrors: z.array(Finding).optional() })
  .meta({ id: 'Import' });
export type Import = z.output<typeof Import>;

export const ImportRow = z
  .strictObject({
    line: z.int().min(1),
    verdict: z.enum(verdicts),
    changes: z.array(PlannedChange),
    errors: z.array(Finding),
    remarks: z.array(Finding.extend({ who: Who.optional(), needsDecision: z.boolean() })),
    /** The remark of the register itself, where it may be kept or acted on. */
    remarkText: z.string().optional(),
    sameAs: PersonId.optional().meta({ description: 'The child that is held already and may be this one.' }),
    outcome: z.enum(rowOutcomes).optional(),
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.output<typeof ImportRow>;

/** Whether the row is about a child that a block keeps from somebody: `keptFrom` holds the ids of all such children. */
export const isKeptFrom = ({ childId, sameAs }: StoredRow, keptFrom: ReadonlySet<string>): boolean =>
  (childId !== undefined && keptFrom.has(childId)) || (sameAs !== undefined && keptFrom.has(sameAs));

/** What somebody sees of a row about a child that a block keeps from them: that there is one. */
export const keptRowAnswer = ({ line, verdict, outcome }: StoredRow): ImportRow => ({
  line,
  verdict,
  changes: [],
  errors: [],
  remarks: [withMessage({ line, code: 'kept-from-you', needsDecision: false })],
  ...(outcome && { outcome }),
});

const withMessage = <F extends { readonly code: FindingCode }>(finding: F) => ({
  ...finding,
  message: messageOf(finding.code),
});

/** An upload that never came shows as expired, without anybody having to write that down. */
export function importAnswer({ fileErrors: found, resumptions: _, ...record }: ImportRecord, now: Date): Import {
  const isExpired = record.state === 'awaiting-upload' && record.uploadUntil <= now.toISOString();
  return {
    ...record,
    ...(isExpired && { state: 'expired' }),
    ...(found && { fileErrors: found.map(withMessage) }),
  };
}

export function rowAnswer({ line, verdict, changes, errors, remarks, row, sameAs, outcome }: StoredRow): ImportRow {
  const remarkText = row?.kind === 'child' ? row.remark : undefined;
  return {
    line,
    verdict,
    changes,
    errors: errors.map(withMessage),
    remarks: remarks.map(withMessage),
    ...(remarkText !== undefined && { remarkText }),
    ...(sameAs && { sameAs }),
    ...(outcome && { outcome }),
  };
}
