import { ACCOUNT_ID, REGION } from '../account.ts';
import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import type { RunnerState } from '../state.ts';
import type { BucketObjects } from './bucket-objects.ts';
import type { History } from './history.ts';
import type { Jobs } from './jobs.ts';

/** What every call about tables shares. */
export interface Control {
  /** The engine, by the name of the action alone. */
  readonly engine: AwsJsonCall;
  readonly state: RunnerState;
  readonly objects: BucketObjects;
  readonly history: History;
  readonly jobs: Jobs;
  /** Tables of the template: the label of their stream is the one that the template's own attribute says. */
  readonly declaredNames: ReadonlySet<string>;
  now(): number;
}

export type Input = Readonly<Record<string, unknown>>;
type Handler = (input: Input) => unknown;
/** Operations by their names in AWS's API. */
export type Calls<Name extends string> = Readonly<Record<Name, Handler>>;

/** An error of DynamoDB's own kind; always answered with status 400. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const DAY_MILLISECONDS = 86_400_000;

/** The label of the streams that a template declares: its attributes are resolved before any table exists. */
export const DECLARED_STREAM_LABEL = '1970-01-01T00:00:00.000';

export const tableArn = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`;

/** The table that its name or ARN means, or the ARN of something of its own. */
export function tableNameIn(nameOrArn: unknown): string {
  const text = String(nameOrArn ?? '');
  return text.startsWith('arn:') ? (text.split('/')[1] ?? '') : text;
}

export interface TableDescription extends Readonly<Record<string, unknown>> {
  readonly TableName: string;
  readonly TableId: string;
  readonly ItemCount: number;
}

/** The table in AWS's words; undefined where there is none. */
export async function describedTable(control: Control, name: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await control.engine('DescribeTable', { TableName: name });
    return inAwsWords(control, Table) as TableDescription;
  } catch (error) {
    if (error instanceof AwsJsonError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Throws TableNotFoundException, as the calls about backups do. */
export async function existingTable(control: Control, nameOrArn: unknown): Promise<TableDescription> {
  const name = tableNameIn(nameOrArn);
  const found = name === '' ? undefined : await describedTable(control, name);
  if (!found) throw new Refusal('TableNotFoundException', `Table not found: ${name}`);
  return found;
}

/** The engine has a region of its own in its ARNs, and its own label for a stream that the template declares. */
export function inAwsWords(control: Control, description: unknown): unknown {
  const text = JSON.stringify(description).replaceAll(/arn:aws:dynamodb:dynoxide:\d+:table\//g, tableArn(''));
  const words = JSON.parse(text) as Record<string, unknown>;
  const name = String(words['TableName']);
  if (words['LatestStreamArn'] === undefined || !control.declaredNames.has(name)) return words;
  return {
    ...words,
    LatestStreamArn: `${tableArn(name)}/stream/${DECLARED_STREAM_LABEL}`,
    LatestStreamLabel: DECLARED_STREAM_LABEL,
  };
}

/** The names of the key's attributes, partition first, in whatever describes a table. */
export function keyNamesOf({ KeySchema }: Input): readonly string[] {
  return (KeySchema as readonly { readonly AttributeName: string }[]).map(({ AttributeName }) => AttributeName);
}

/** One page of a list, by the name of its last entry. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  { after, countMax, nameOf }: { after: unknown; countMax: number; nameOf(entry: Entry): string },
): { readonly page: readonly Entry[]; readonly next: string | undefined } {
  const rest = entries.slice(after === undefined ? 0 : entries.findIndex((entry) => nameOf(entry) === after) + 1);
  const page = rest.slice(0, countMax);
  const last = page.at(-1);
  return { page, next: last !== undefined && rest.length > page.length ? nameOf(last) : undefined };
}
