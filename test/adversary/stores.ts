import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';
import { backedUpTables } from '../../lambdas/features/backups/backup.ts';
import { AwsJsonError, awsJson } from '../../local/aws-json.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import { openPhoneStore } from '../../local/sns/phone-store.ts';
import type { Unwrap } from './cryptanalysis.ts';
import { type EvidenceBook, type Exhibit, type Row, rowExhibit, type Sink } from './evidence.ts';
import { eventually } from './history.ts';

/** The stores of a running service, as somebody with every right in its AWS account sees them. */
export interface Stores {
  /** Adds everything that lies anywhere at this moment. */
  photograph(book: EvidenceBook): Promise<void>;
  /** The files of the program that plays AWS here; sealed or plain, free pages and logs of the database included. */
  disks(): Exhibit[];
  readonly unwrap: Unwrap;
  /** By the service's own clock. */
  nowMilliseconds(): Promise<number>;
  /** Moves that clock, by an ISO 8601 duration. */
  advance(duration: string): Promise<void>;
  /** Has the daily backup made now, and waits for it. */
  makeBackup(): Promise<void>;
  /** Waits until every class key of these subjects is a fence, but for what the law keeps. */
  untilFenced(subjects: readonly string[]): Promise<void>;
  /** Moves the clock on by days until every key of these records is a fence or another: a term has ended, and the sweep has come. */
  untilKeptNoLonger(subjects: readonly string[]): Promise<void>;
  /** Moves the clock on in steps until no erasure has anything left to do: certificates are issued. */
  untilErasuresAreDone(): Promise<void>;
}

const BACKUP_FUNCTION = 'vern-dev-backup-export';
const STEP = 'PT6H';
const STEPS_MAX = 24;
const LOOK_MILLISECONDS = 1_000;
const QUIET_LOOKS = 5;
const LOOKS_MAX = 60;
const MESSAGES_MAX = 10;
const ATTEMPTS_MAX = 5;
const PAGES_MAX = 1_000;

export function storesOf(endpoints: Endpoints, stateDir: string): Stores {
  const dynamoDb = awsJson(endpoints.dynamodb, 'dynamodb');
  const kms = awsJson(endpoints.kms, 'kms');
  const sqs = awsJson(endpoints.sqs, 'sqs');
  const cognito = awsJson(endpoints.cognito, 'cognito-idp');
  const { accessKeyId, secretAccessKey, region } = endpoints;
  const s3 = new S3Client({
    endpoint: endpoints.s3,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  // A version of an object never changes, nor does a record of a stream: each is fetched once.
  const fetched = new Set<string>();
  const readBefore = new Map<string, number>();

  async function advance(duration: string): Promise<void> {
    const response = await fetch(`${endpoints.mailbox}/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance: duration }),
    });
    if (!response.ok) throw new Error(`The clock was not moved: ${await response.text()}`);
  }

  return {
    async makeBackup() {
      const before = (await backedUp()).length;
      // A day has one backup: where its schedule was ahead of us, DynamoDB is asked for another.
      await (before === 0 ? beginBackup() : exportTables());
      await eventually(async () => ((await backedUp()).length >= before + backedUpTables.length ? true : undefined));
    },
    untilFenced: (subjects) => eventually(async () => ((await areFenced(subjects)) ? true : undefined)).then(() => {}),
    async untilKeptNoLonger(subjects) {
      for (let step = 0; step < STEPS_MAX; step++) {
        await settled();
        // One class of many gets a fresh key for the old one; what is whole gets a fence.
        if (await areKeys(subjects, ({ state, generation }) => state?.S === 'ERASED' || Number(generation?.N ?? 1) > 1))
          return;
        await advance('P1D');
      }
      throw new Error(`What a term has ended for was still there after ${STEPS_MAX} days`);
    },
    async untilErasuresAreDone() {
      // In steps, because what a worker is still doing when the clock moves counts from after the move.
      for (let step = 0; step < STEPS_MAX; step++) {
        await advance(STEP);
        await settled();
        if ((await erasuresUnderWay()).length === 0) return;
      }
      const left = (await erasuresUnderWay()).join(', ');
      throw new Error(`Erasures were not done after ${STEPS_MAX} times ${STEP}: ${left}`);
    },
    async photograph(book) {
      const now = await nowMilliseconds();
      for await (const exhibit of everything()) book.add(exhibit, now);
    },
    disks: () => filesUnder(stateDir).map((path) => fileExhibit('engines’ disks', path)),
    async unwrap(blob, EncryptionContext) {
      const asked = { CiphertextBlob: blob.toString('base64'), EncryptionContext };
      for (let attempt = 1; ; attempt++) {
        try {
          const { Plaintext } = await kms('TrentService.Decrypt', asked);
          return Buffer.from(String(Plaintext), 'base64');
        } catch (error) {
          if (error instanceof AwsJsonError) return undefined;
          // Whoever thinks for minutes finds connections closed: the next attempt has one of its own.
          if (attempt >= ATTEMPTS_MAX) throw error;
        }
      }
    },
    nowMilliseconds,
    advance,
  };

  async function erasuresUnderWay(): Promise<string[]> {
    return (await scanned('rights')).flatMap(({ pk, sk }) => (pk?.S === 'ERASURES' ? [String(sk?.S)] : []));
  }

  /** Nothing of what an erasure leaves behind has moved for a while: on a busy machine that takes longer. */
  async function settled(): Promise<void> {
    let before = '';
    for (let looks = 0, quiet = 0; quiet < QUIET_LOOKS && looks < LOOKS_MAX; looks++) {
      await new Promise((done) => setTimeout(done, LOOK_MILLISECONDS));
      const rows = [...(await scanned('rights')), ...(await scanned('keys'))];
      // The engine gives rows and their attributes in another order each time.
      const now = rows
        .map((row) => rowExhibit('rights table', 'rights', fromJson(row)).bytes.toString())
        .sort()
        .join();
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  }

  function areFenced(subjects: readonly string[]): Promise<boolean> {
    return areKeys(subjects, ({ state }) => state?.S === 'ERASED');
  }

  async function areKeys(subjects: readonly string[], isGone: (row: JsonRow) => boolean): Promise<boolean> {
    const theirs = (await scanned('keys')).filter(
      ({ pk, sk }) => subjects.some((subject) => pk?.S?.endsWith(`#${subject}`)) && sk?.S !== 'CLASS#consent',
    );
    return theirs.length > 0 && theirs.every(isGone);
  }

  async function scanned(table: string): Promise<JsonRow[]> {
    const { TableNames } = await dynamoDb('DynamoDB_20120810.ListTables', {});
    const TableName = (TableNames as readonly string[]).find((name) => logicalName(name) === table && !isOfDrill(name));
    const rows: JsonRow[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page = await dynamoDb('DynamoDB_20120810.Scan', { TableName, ConsistentRead: true, ExclusiveStartKey });
      rows.push(...(page['Items'] as readonly JsonRow[]));
      ExclusiveStartKey = page['LastEvaluatedKey'];
    } while (ExclusiveStartKey);
    return rows;
  }

  async function nowMilliseconds(): Promise<number> {
    const { now } = (await (await fetch(`${endpoints.mailbox}/clock`)).json()) as { now: string | number };
    return new Date(now).getTime();
  }

  async function* everything(): AsyncGenerator<Exhibit> {
    const { TableNames } = await dynamoDb('DynamoDB_20120810.ListTables', {});
    for (const name of TableNames as readonly string[]) yield* rowsOf(name);
    yield* streamRecords();
    yield* objects();
    yield* messages();
    yield* users();
    yield* suppressed();
    yield* mails();
    yield* phones();
    yield* schedules();
    for (const path of filesUnder(join(stateDir, 'logs'))) yield* newLinesOf(path);
  }

  /** Logs only grow: what was read of one is not read again. */
  function* newLinesOf(path: string): Generator<Exhibit> {
    const sink = relative(stateDir, path).startsWith(join('logs', 'web')) ? 'web log' : 'function logs';
    const bytes = readFileSync(path);
    const from = readBefore.get(path) ?? 0;
    const until = bytes.lastIndexOf('\n') + 1;
    // Begun anew, it is another one.
    const lines = until < from ? bytes : bytes.subarray(from, until);
    readBefore.set(path, until);
    if (lines.length > 0) yield { sink, place: `${path} from ${from}`, bytes: lines };
  }

  async function* rowsOf(TableName: string): AsyncGenerator<Exhibit> {
    const table = logicalName(TableName);
    let ExclusiveStartKey: unknown;
    do {
      const page = await dynamoDb('DynamoDB_20120810.Scan', {
        TableName,
        ConsistentRead: true,
        ExclusiveStartKey,
      }).catch((error: unknown) => {
        // A drill clears its tables away whenever it is done.
        if (isOfDrill(TableName) && error instanceof AwsJsonError) return { Items: [], LastEvaluatedKey: undefined };
        throw error;
      });
      for (const item of page['Items'] as readonly JsonRow[])
        yield rowExhibit(`${table} table` as Sink, table, fromJson(item));
      ExclusiveStartKey = page['LastEvaluatedKey'];
    } while (ExclusiveStartKey);
  }

  async function* streamRecords(): AsyncGenerator<Exhibit> {
    const { Streams } = await dynamoDb('DynamoDBStreams_20120810.ListStreams', {});
    for (const { StreamArn, TableName } of Streams as readonly { StreamArn: string; TableName: string }[]) {
      const table = logicalName(TableName);
      const { StreamDescription } = await dynamoDb('DynamoDBStreams_20120810.DescribeStream', { StreamArn });
      for (const { ShardId } of Object(StreamDescription)['Shards'] as readonly { ShardId: string }[]) {
        const beginning = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
        let { ShardIterator } = (await dynamoDb('DynamoDBStreams_20120810.GetShardIterator', beginning)) as Iterator;
        for (let pages = 0; ShardIterator && pages < PAGES_MAX; pages++) {
          const answer = await dynamoDb('DynamoDBStreams_20120810.GetRecords', { ShardIterator });
          const records = answer['Records'] as readonly StreamRecord[];
          for (const record of records) yield recordExhibit(`${table} stream` as Sink, table, record);
          // A shard that is still written to never says that it has ended.
          ShardIterator = records.length === 0 ? undefined : (answer['NextShardIterator'] as string | undefined);
        }
      }
    }
  }

  async function* objects(): AsyncGenerator<Exhibit> {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    for (const { Name: Bucket = '' } of Buckets) {
      const sink = sinkOfBucket(Bucket);
      for await (const { Key = '', VersionId } of versionsIn(Bucket)) {
        const id = `${Bucket}/${Key}/${VersionId}`;
        if (fetched.has(id) && immutable.includes(sink)) continue;
        fetched.add(id);
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        yield { sink, place: `${Bucket}/${Key}`, bytes };
        if (immutable.includes(sink)) yield* unpacked(sink, Key, bytes);
      }
    }
  }

  async function* versionsIn(Bucket: string): AsyncGenerator<ObjectVersion> {
    let after: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const { Versions = [], ...page } = await s3.send(new ListObjectVersionsCommand({ Bucket, ...after }));
      yield* Versions;
      if (!page.IsTruncated) return;
      after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    throw new Error(`${Bucket} holds more versions than the adversary reads`);
  }

  async function beginBackup(): Promise<void> {
    const response = await fetch(`${endpoints.lambda}/2015-03-31/functions/${BACKUP_FUNCTION}/invocations`, {
      method: 'POST',
      body: '{}',
    });
    if (!response.ok || response.headers.has('x-amz-function-error')) {
      throw new Error(`The backup was not begun: ${await response.text()}`);
    }
  }

  async function exportTables(): Promise<void> {
    const S3Bucket = await backupBucket();
    const day = new Date(await nowMilliseconds()).toISOString().slice(0, 10);
    const { TableNames } = await dynamoDb('DynamoDB_20120810.ListTables', {});
    for (const TableName of TableNames as readonly string[]) {
      const table = logicalName(TableName);
      if (!backedUpTables.some((name) => name === table)) continue;
      const { Table } = await dynamoDb('DynamoDB_20120810.DescribeTable', { TableName });
      const TableArn = Object(Table)['TableArn'];
      const S3Prefix = `daily/${day}/${table}`;
      await dynamoDb('DynamoDB_20120810.ExportTableToPointInTime', { TableArn, S3Bucket, S3Prefix });
    }
  }

  async function backupBucket(): Promise<string | undefined> {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    return Buckets.find(({ Name = '' }) => Name.includes('backup'))?.Name;
  }

  /** A manifest's summary is the last that an export writes. */
  async function backedUp(): Promise<string[]> {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: await backupBucket() }));
    return Versions.map(({ Key = '' }) => Key).filter((key) => key.endsWith('/manifest-summary.json'));
  }

  async function* messages(): AsyncGenerator<Exhibit> {
    const { QueueUrls = [] } = (await sqs('AmazonSQS.ListQueues', {})) as { QueueUrls?: readonly string[] };
    for (const QueueUrl of QueueUrls) {
      const received = await sqs('AmazonSQS.ReceiveMessage', {
        QueueUrl,
        MaxNumberOfMessages: MESSAGES_MAX,
        VisibilityTimeout: 0,
        WaitTimeSeconds: 0,
      });
      for (const message of (received['Messages'] ?? []) as readonly { MessageId: string }[]) {
        const queue = QueueUrl.split('/').at(-1)!;
        const sink = /dead-?letter/i.test(queue) ? 'dead letters' : 'queues';
        yield textExhibit(sink, `${queue}/${message.MessageId}`, message);
      }
    }
  }

  async function* users(): AsyncGenerator<Exhibit> {
    const UserPoolId = endpoints.userPoolId;
    let PaginationToken: unknown;
    do {
      const page = await cognito('AWSCognitoIdentityProviderService.ListUsers', { UserPoolId, PaginationToken });
      for (const user of page['Users'] as readonly { Username: string }[])
        yield textExhibit('cognito', user.Username, user);
      PaginationToken = page['PaginationToken'];
    } while (PaginationToken);
  }

  async function* suppressed(): AsyncGenerator<Exhibit> {
    const response = await fetch(`${endpoints.ses}/v2/email/suppression/addresses?PageSize=1000`);
    const { SuppressedDestinationSummaries: all = [] } = (await response.json()) as {
      SuppressedDestinationSummaries?: readonly { EmailAddress: string }[];
    };
    for (const one of all) yield textExhibit('suppression list', one.EmailAddress, one);
  }

  /** What came to phones, and the devices that SNS knows: the store that plays it is read, because SNS lists neither. */
  async function* phones(): AsyncGenerator<Exhibit> {
    const store = openPhoneStore(join(stateDir, 'sns'));
    try {
      for (const message of store.list()) yield textExhibit('delivered to phones', message.id, message);
      for (const device of store.endpoints()) yield textExhibit('phones’ addresses', device.arn, device);
    } finally {
      store.close();
    }
  }

  async function* schedules(): AsyncGenerator<Exhibit> {
    const read = async (path: string) => (await (await fetch(`${endpoints.scheduler}${path}`)).json()) as object;
    const { Schedules: all } = (await read('/schedules')) as {
      readonly Schedules: readonly { readonly Name: string; readonly GroupName: string }[];
    };
    // One may fire between the two looks.
    for (const { Name, GroupName } of all)
      yield textExhibit('one-off schedules', Name, await read(`/schedules/${Name}?groupName=${GroupName}`));
  }

  async function* mails(): AsyncGenerator<Exhibit> {
    const response = await fetch(`${endpoints.mailbox}/messages`);
    for (const mail of (await response.json()) as readonly { id: string }[])
      yield textExhibit('delivered mail', mail.id, mail);
  }
}

interface Iterator {
  readonly ShardIterator?: string | undefined;
}
type JsonRow = Readonly<Record<string, JsonValue>>;
type JsonValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BS?: readonly string[];
  readonly L?: readonly JsonValue[];
  readonly M?: JsonRow;
};
interface StreamRecord {
  readonly dynamodb: { readonly SequenceNumber: string; readonly NewImage?: JsonRow; readonly Keys: JsonRow };
}

/** `vern-dev-core-g1`, `vern-dev-keys`, `vern-dev-core-drill`: stage and generation are left out. */
const logicalName = (physical: string) => /-([a-z]+)(?:-g\d+|-drill)?$/.exec(physical)?.[1] ?? physical;
/** The drill of a restore makes tables of its own, with all that is in ours. */
const isOfDrill = (physical: string) => physical.endsWith('-drill');

const buckets = ['quarantine', 'files', 'exports', 'downloads', 'backup', 'offline', 'log'] as const;
function sinkOfBucket(name: string): Sink {
  const found = buckets.find((kind) => name.includes(kind));
  if (!found) throw new Error(`${name} is a bucket that the adversary does not know`);
  return `${found} bucket`;
}

function recordExhibit(sink: Sink, table: string, record: StreamRecord): Exhibit {
  const { NewImage, Keys, SequenceNumber } = record.dynamodb;
  return NewImage ? rowExhibit(sink, table, fromJson(NewImage)) : textExhibit(sink, `${table}/${SequenceNumber}`, Keys);
}

/** Where nothing is ever written over: what was seen once needs no second look. */
const immutable: readonly Sink[] = ['backup bucket', 'offline bucket', 'log bucket'];

/**
 * Rows in what was packed: of a full export (developer guide, "DynamoDB table export output format") or its copy, and
 * of the copies that follow each change of Rights. Anything else that was packed is looked into as it is.
 */
function* unpacked(sink: Sink, key: string, bytes: Buffer): Generator<Exhibit> {
  if (!key.endsWith('.gz')) return;
  const content = gunzipSync(bytes);
  yield { sink, place: `${key} (unpacked)`, bytes: content };
  const table =
    /(?:^|\/)daily\/[\d-]+\/([a-z]+)\//.exec(key)?.[1] ?? (key.startsWith('rights/') ? 'rights' : undefined);
  if (!table) return;
  for (const line of content.toString().split('\n').filter(Boolean)) {
    const { Item, item = Item } = JSON.parse(line) as { Item?: JsonRow; item?: JsonRow };
    if (item) yield rowExhibit(sink, table, fromJson(item));
  }
}

const textExhibit = (sink: Sink, place: string, value: unknown): Exhibit => ({
  sink,
  place,
  bytes: Buffer.from(JSON.stringify(value)),
});
const fileExhibit = (sink: Sink, path: string): Exhibit => ({ sink, place: path, bytes: readFileSync(path) });

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

/** JSON gives binary values as base64, the SDK as bytes. */
const fromJson = (row: JsonRow): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueFrom(value)]));
function valueFrom({ B, BS, L, M, ...alike }: JsonValue): AttributeValue {
  if (B !== undefined) return { B: Buffer.from(B, 'base64') };
  if (BS !== undefined) return { BS: BS.map((each) => Buffer.from(each, 'base64')) };
  if (L !== undefined) return { L: L.map(valueFrom) };
  if (M !== undefined) return { M: fromJson(M) as Record<string, AttributeValue> };
  return alike as unknown as AttributeValue;
}
