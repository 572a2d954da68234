import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { ImportId, type OrganisationId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Quarantine, UploadForm } from '../../platform/quarantine.ts';
import type { Stored } from '../../platform/records.ts';
import {
  type ImportRecord,
  importAnswer,
  type importEntity,
  isKeptFrom,
  keptRowAnswer,
  type RowDecision,
  RowPlace,
  rowAnswer,
  type StoredRow,
  UPLOAD_SECONDS,
  uploadKey,
} from './import.ts';
import { FILE_BYTES_MAX } from './limits.ts';
import type { importRoutes } from './routes.ts';

const KEPT = 'A block stands between you and a child of this import: somebody else has to approve it.';

type StoredImport = Stored<typeof importEntity>;

export interface ImportStore {
  add<A>(organisationId: OrganisationId, record: ImportRecord, call: Call, answer: A): Promise<A>;
  find(organisationId: OrganisationId, importId: ImportId, call: Call): Promise<StoredImport | undefined>;
  /** Newest first; of the last thirty days. */
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly imports: readonly ImportRecord[]; readonly next?: string }>;
  /** The rows from one place in the file on; `rowsTotal` of them in all. */
  rows(
    organisationId: OrganisationId,
    record: ImportRecord,
    range: { readonly from: number; readonly limit: number },
    call: Call,
  ): Promise<readonly StoredRow[]>;
  /** The children that a block keeps from the caller. */
  keptFrom(organisationId: OrganisationId, call: Call): Promise<ReadonlySet<string>>;
  /** Saves the decisions and wakes the worker, in one transaction. */
  approve(stored: StoredImport, decisions: readonly RowDecision[], call: Call): Promise<ImportRecord>;
  /** Removes what was read. */
  reject(stored: StoredImport, call: Call): Promise<ImportRecord>;
}

export const importHandlers = (
  imports: ImportStore,
  uploads: Pick<Quarantine, 'uploadForm'>,
): HandlersFor<typeof importRoutes, Call> => ({
  async createImport({ params: { organisationId }, body }, call) {
    const id = call.newId('imp');
    const record: ImportRecord = {
      id,
      kind: body.kind,
      state: 'awaiting-upload',
      createdAt: call.now.toISOString(),
      progressAt: call.now.toISOString(),
      uploadUntil: new Date(call.now.getTime() + UPLOAD_SECONDS * 1000).toISOString(),
      rowsTotal: 0,
      rowsDone: 0,
    };
    const { url, fields }: UploadForm = await uploads.uploadForm({
      key: uploadKey(organisationId, id),
      contentType: 'text/csv',
      bytesMax: FILE_BYTES_MAX,
      validForSeconds: UPLOAD_SECONDS,
    });
    const answer = { import: importAnswer(record, call.now), upload: { url, fields: { ...fields } } };
    return imports.add(organisationId, record, call, answer);
  },

  async listImports({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'imports', filter: { organisationId } };
    const range = { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, ImportId) }) };
    const { imports: found, next } = await imports.list(organisationId, range, call);
    return {
      items: found.map((record) => importAnswer(record, call.now)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getImport({ params }, call) {
    const { value } = await importOf(imports, params, call);
    return importAnswer(value, call.now);
  },

  async listImportRows({ params, query: { cursor, limit } }, call) {
    const { organisationId, importId } = params;
    const [{ value }, kept] = await Promise.all([
      importOf(imports, params, call),
      imports.keptFrom(organisationId, call),
    ]);
    const list: List = { name: 'import-rows', filter: { organisationId, importId } };
    const from = cursor === undefined ? 0 : Number(decodeCursor(list, cursor, RowPlace));
    const rows = await imports.rows(organisationId, value, { from, limit }, call);
    const hasMore = rows.length === limit && from + limit < value.rowsTotal;
    const items = rows.map((row) => (isKeptFrom(row, kept) ? keptRowAnswer(row) : rowAnswer(row)));
    return { items, ...(hasMore && { next: encodeCursor(list, String(from + limit)) }) };
  },

  async approveImport({ params, body }, call) {
    const [stored, kept] = await Promise.all([
      importOf(imports, params, call),
      imports.keptFrom(params.organisationId, call),
    ]);
    demandState(stored, ['ready']);
    const { rowsTotal } = stored.value;
    const rows = await imports.rows(params.organisationId, stored.value, { from: 0, limit: rowsTotal }, call);
    // Nobody approves what they may not see.
    if (rows.some((row) => isKeptFrom(row, kept))) throw new Problem('not-allowed', KEPT);
    demandDecisions(rows, body.decisions);
    return importAnswer(await imports.approve(stored, body.decisions, call), call.now);
  },

  async rejectImport({ params }, call) {
    const stored = await importOf(imports, params, call);
    demandState(stored, ['ready', 'failed', 'awaiting-upload']);
    return importAnswer(await imports.reject(stored, call), call.now);
  },
});

async function importOf(
  imports: ImportStore,
  { organisationId, importId }: { readonly organisationId: OrganisationId; readonly importId: ImportId },
  call: Call,
): Promise<StoredImport> {
  const stored = await imports.find(organisationId, importId, call);
  if (!stored) throw new Problem('import-not-found');
  return stored;
}

function demandState({ value }: StoredImport, states: readonly ImportRecord['state'][]): void {
  if (!states.includes(value.state)) throw new Problem('wrong-state', `The import is ${value.state}.`);
}

/** What needs a decision is never passed over: whom to block, or that it is no block; whether a child is a new one. */
function demandDecisions(rows: readonly StoredRow[], decisions: readonly RowDecision[]): void {
  const byLine = new Map(rows.map((row) => [row.line, row]));
  const errors = decisions.flatMap((decision, i) => {
    const detail = faultIn(decision, byLine.get(decision.line));
    return detail === undefined ? [] : [{ pointer: pointer('body', 'decisions', i), detail }];
  });
  if (new Set(decisions.map(({ line }) => line)).size < decisions.length) {
    errors.push({ pointer: pointer('body', 'decisions'), detail: 'A line is decided twice.' });
  }
  if (errors.length > 0) throw new Problem('malformed-request', undefined, { errors });

  const decisionOn = new Map(decisions.map((decision) => [decision.line, decision]));
  const undecidedLines = rows
    .filter(({ line, remarks }) =>
      remarks.some((remark) => remark.needsDecision && !isDecided(remark, decisionOn.get(line))),
    )
    .map(({ line }) => line);
  if (undecidedLines.length > 0) throw new Problem('wrong-state', 'Some rows need a decision.', { undecidedLines });
}

const isDecided = ({ code }: StoredRow['remarks'][number], decision: RowDecision | undefined): boolean =>
  (code === 'possibly-same' ? decision?.isNewChild : decision?.block) !== undefined;

function faultIn(decision: RowDecision, row: StoredRow | undefined): string | undefined {
  const child = row?.row;
  if (child?.kind !== 'child') return 'There is no child on this line to decide about.';
  const missing = decision.block?.find((who) => !child.guardians.some((guardian) => guardian.who === who));
  if (missing !== undefined) return `The row has no ${missing}.`;
  if (decision.isNewChild !== undefined && row?.sameAs === undefined) return 'No child that is held may be the same.';
  if (decision.isNewChild === false && (decision.block?.length || decision.keepAsNote)) {
    return 'A row that is left out blocks nobody and keeps no note: see to the child that is held.';
  }
  if (decision.keepAsNote && child.remark === undefined) return 'The row has no remark that can be kept.';
  return undefined;
}
