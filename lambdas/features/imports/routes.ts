import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { ImportId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { readingRecords } from '../../platform/capabilities.ts';
import { Import, ImportRow, RowDecision } from './import.ts';
import { importKinds, ROWS_MAX } from './limits.ts';

const ofImport = inOrganisation.extend({ importId: ImportId });

const reading = [...readingRecords, 'transient:read'] as const;
const changing = [...reading, 'transient:write', 'activity:append'] as const;

export const importRoutes = {
  createImport: {
    summary: 'Begin to take in a register',
    description:
      'Answers with a form: send its fields and the file (`text/csv`, at most 5 MB and 2,000 rows) as `multipart/form-data` to its URL within five minutes. The file is then read without changing anything; poll the import until it is `ready`.',
    tag: 'Imports',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/imports',
    access: rolesThatMay('import:manage'),
    params: inOrganisation,
    body: z.strictObject({ kind: z.enum(importKinds) }).meta({ id: 'NewImport' }),
    success: {
      status: 201,
      body: z
        .strictObject({
          import: Import,
          upload: z.strictObject({ url: z.url(), fields: z.record(z.string(), z.string()) }),
        })
        .meta({ id: 'ImportUpload' }),
    },
    problems: [],
    needs: [...changing, 'quarantine:upload'],
    creates: true,
  },
  listImports: {
    summary: 'List the imports of the last thirty days, newest first',
    tag: 'Imports',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/imports',
    access: rolesThatMay('import:manage'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(Import) },
    problems: [],
    needs: reading,
  },
  getImport: {
    summary: 'See how far an import has come',
    tag: 'Imports',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/imports/{importId}',
    access: rolesThatMay('import:manage'),
    params: ofImport,
    success: { status: 200, body: Import },
    problems: ['import-not-found'],
    needs: reading,
  },
  listImportRows: {
    summary: 'See what each row would change',
    description:
      'Errors and remarks name line and column, never a value. A remark that seems to be about health is not kept: find it in your file by its line.',
    tag: 'Imports',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/imports/{importId}/rows',
    access: rolesThatMay('import:manage'),
    params: ofImport,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(ImportRow) },
    problems: ['import-not-found'],
    needs: [...reading, 'activity:append'],
    reads: 'import',
  },
  approveImport: {
    summary: 'Approve an import',
    description:
      'Every row whose remark may be a block needs a decision: the guardians to block, or none. So does every row of a child that may be held under another name (`sameAs`): with `isNewChild` it is made, without it the row is left out. A remark becomes a note only where `keepAsNote` says so. Nothing is mailed to anybody: guardians are invited by a request of its own.',
    tag: 'Imports',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/imports/{importId}/approval',
    access: rolesThatMay('import:manage'),
    params: ofImport,
    body: z.strictObject({ decisions: z.array(RowDecision).max(ROWS_MAX) }).meta({ id: 'ImportApproval' }),
    success: { status: 202, body: Import },
    problems: ['import-not-found', 'wrong-state'],
    needs: changing,
  },
  rejectImport: {
    summary: 'Reject an import',
    description: 'What was read is removed; nothing of it is taken in.',
    tag: 'Imports',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/imports/{importId}/rejection',
    access: rolesThatMay('import:manage'),
    params: ofImport,
    success: { status: 200, body: Import },
    problems: ['import-not-found', 'wrong-state'],
    needs: changing,
  },
} as const satisfies Routes;
