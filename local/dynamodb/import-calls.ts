import { randomBytes } from 'node:crypto';
import { rememberStarted, startedBefore } from './client-tokens.ts';
import {
  type Calls,
  type Control,
  describedTable,
  type Input,
  keyNamesOf,
  pageOf,
  Refusal,
  tableArn,
  tableNameIn,
} from './control.ts';
import { fillTable } from './fill-table.ts';
import { type ImportCounts, ImportFailure, type ImportSource, importedItems } from './imports.ts';
import { until } from './jobs.ts';
import { createTable, markFilling } from './table-calls.ts';

type Description = Readonly<Record<string, unknown>>;

const PREFIX = 'import/';
const IMPORTS_PER_PAGE_MAX = 25;

export function importCalls(control: Control): Calls<'DescribeImport' | 'ImportTable' | 'ListImports'> {
  const { state, now } = control;
  const remember = (description: Description) =>
    state.set(`${PREFIX}${String(description['ImportArn'])}`, JSON.stringify(description));
  const all = () => state.entries(PREFIX).map(({ value }) => JSON.parse(value) as Description);

  const described = (importArn: unknown) => {
    const stored = state.get(`${PREFIX}${String(importArn)}`);
    if (stored === undefined) throw new Refusal('ImportNotFoundException', `Import not found: ${String(importArn)}`);
    return { ImportTableDescription: JSON.parse(stored) as Description };
  };

  async function startImport(input: Input) {
    const before = startedBefore(control, input, 'ImportConflictException');
    if (before !== undefined) return described(before);
    const { S3BucketSource, InputFormat, InputCompressionType = 'NONE', TableCreationParameters, ClientToken } = input;
    demandPlayed(InputFormat, InputCompressionType);
    const parameters = Object(TableCreationParameters) as Input;
    const name = String(parameters['TableName']);
    if (await describedTable(control, name)) {
      throw new Refusal('ResourceInUseException', `Table already exists: ${name}`);
    }
    const { TableId } = await createTable(control, parameters);
    markFilling(control, name, { isUnderWay: true });
    const startedAt = now();
    const id = `${String(startedAt).padStart(17, '0')}-${randomBytes(4).toString('hex')}`;
    const description = {
      ImportArn: `${tableArn(name)}/import/${id}`,
      ImportStatus: 'IN_PROGRESS',
      TableArn: tableArn(name),
      TableId,
      ClientToken,
      S3BucketSource,
      InputFormat,
      InputCompressionType,
      TableCreationParameters,
      StartTime: startedAt / 1000,
    };
    remember(description);
    rememberStarted(control, input, description.ImportArn);
    start(description);
    return { ImportTableDescription: description };
  }

  const start = (description: Description) => control.jobs.start('Import', (signal) => run(description, signal));

  async function run(description: Description, signal: AbortSignal): Promise<void> {
    const tableName = tableNameIn(description['TableArn']);
    const counts: ImportCounts = { processedItems: 0, processedBytes: 0, errors: 0 };
    const end = (outcome: Description, importedItems: number) => {
      markFilling(control, tableName, { isUnderWay: false });
      remember({ ...description, ...outcome, ...countsIn(counts, importedItems), EndTime: now() / 1000 });
    };
    try {
      const keyNames = keyNamesOf(Object(description['TableCreationParameters']));
      const items = importedItems(sourceOf(description), keyNames, control.objects, counts);
      const imported = await fillTable({ name: tableName, keyNames }, until(signal, items), control.engine);
      end(counts.errors === 0 ? { ImportStatus: 'COMPLETED' } : someInvalid, imported);
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof ImportFailure ? error : new ImportFailure('UnknownError', String(error));
      end({ ImportStatus: 'FAILED', FailureCode: failure.code, FailureMessage: failure.message }, 0);
    }
  }

  // An import goes on when the machine does: the same items are put again.
  for (const description of all()) if (description['ImportStatus'] === 'IN_PROGRESS') start(description);

  return {
    ImportTable: startImport,
    DescribeImport: ({ ImportArn }) => described(ImportArn),
    ListImports({ TableArn, PageSize, NextToken }) {
      const wanted = all().filter(
        (description) => TableArn === undefined || tableNameIn(description['TableArn']) === tableNameIn(TableArn),
      );
      const { page, next } = pageOf(wanted, {
        after: NextToken,
        countMax: Math.min(Number(PageSize ?? IMPORTS_PER_PAGE_MAX), IMPORTS_PER_PAGE_MAX),
        nameOf: ({ ImportArn }) => String(ImportArn),
      });
      return { ImportSummaryList: page.map(summaryOf), ...(next !== undefined && { NextToken: next }) };
    },
  };
}

const someInvalid = {
  ImportStatus: 'FAILED',
  FailureCode: 'ItemValidationError',
  FailureMessage: 'Some of the items failed validation checks and were not imported',
};

function demandPlayed(format: unknown, compression: unknown): void {
  if (format !== 'DYNAMODB_JSON') {
    throw new Refusal('ValidationException', 'The embedded DynamoDB imports DYNAMODB_JSON alone');
  }
  if (compression !== 'GZIP' && compression !== 'NONE') {
    throw new Refusal(
      'ValidationException',
      'The embedded DynamoDB imports what is compressed with GZIP, or not at all',
    );
  }
}

function sourceOf(description: Description): ImportSource {
  const { S3Bucket, S3KeyPrefix } = Object(description['S3BucketSource']);
  return {
    bucket: String(S3Bucket),
    prefix: String(S3KeyPrefix ?? ''),
    isCompressed: description['InputCompressionType'] === 'GZIP',
  };
}

function countsIn({ processedItems, processedBytes, errors }: ImportCounts, importedItems: number) {
  return {
    ProcessedItemCount: processedItems,
    ProcessedSizeBytes: processedBytes,
    ImportedItemCount: importedItems,
    ErrorCount: errors,
  };
}

function summaryOf(description: Description): Description {
  const shown = ['ImportArn', 'ImportStatus', 'TableArn', 'S3BucketSource', 'InputFormat', 'StartTime', 'EndTime'];
  return Object.fromEntries(shown.map((name) => [name, description[name]]));
}
