import { createWriteStream, mkdirSync, readdirSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { MovableClock } from '../clock.ts';
import type { CloudTemplate } from '../template/template.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * What a line may tell of a request (API Gateway developer guide, "Customize HTTP API access logs"), by its name after
 * `$context.`; what does not apply is absent.
 */
const contextNames = [
  'accountId',
  'apiId',
  'error.message',
  'error.responseType',
  'httpMethod',
  'identity.sourceIp',
  'identity.userAgent',
  'integrationErrorMessage',
  'path',
  'protocol',
  'requestId',
  'requestTimeEpoch',
  'responseLatency',
  'responseLength',
  'routeKey',
  'stage',
  'status',
] as const;
export type AccessLogContext = Partial<Record<(typeof contextNames)[number], string | number | undefined>>;

export interface AccessLogDeclaration {
  readonly format: string;
  /** Absent where the log group keeps its events for good. */
  readonly retentionDays: number | undefined;
}

/** From a stage's AccessLogSettings; throws for a log group that the template lacks, and for variables not known here. */
export function accessLogOf(
  settings: { readonly DestinationArn?: string; readonly Format?: string } | undefined,
  template: CloudTemplate,
): AccessLogDeclaration | undefined {
  if (!settings) return undefined;
  const { DestinationArn = '', Format: format = '' } = settings;
  // CloudFormation gives a log group's ARN with `:*` behind it.
  const arn = DestinationArn.replace(/:\*$/, '');
  const group = template.ofType('AWS::Logs::LogGroup').find((each) => each.attribute('Arn') === arn);
  if (!group) throw new Error(`The access log goes to ${DestinationArn}, which is no log group of the template`);
  for (const [variable, name] of variablesIn(format)) {
    if (!contextNames.some((known) => known === name)) {
      throw new Error(`The embedded gateway's access log knows no ${variable}`);
    }
  }
  const days = group.properties['RetentionInDays'];
  return { format, retentionDays: days === undefined ? undefined : Number(days) };
}

export interface AccessLog {
  write(context: AccessLogContext): void;
  close(): Promise<void>;
}

/**
 * Appends a line per request to `<directory>/<day>.log`, days being UTC's. A day's file goes once its last line is past the
 * log group's retention, by the clock: at the start, when the clock moves, and with the first request of a day.
 */
export function openAccessLog(
  { format, retentionDays }: AccessLogDeclaration,
  directory: string,
  clock: MovableClock,
): AccessLog {
  mkdirSync(directory, { recursive: true });
  let open: { readonly day: string; readonly file: WriteStream } | undefined;
  // The days before, until what was written to them is on the disk.
  const ending = new Set<Promise<void>>();

  function end(file: WriteStream): void {
    const ended = new Promise<void>((done) => file.once('close', done).end());
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  }

  function fileOf(day: string): WriteStream {
    if (open?.day === day) return open.file;
    if (open) end(open.file);
    const path = join(directory, `${day}.log`);
    const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    file.on('error', (error) => console.error(`${path}: ${error.message}`));
    open = { day, file };
    expire();
    return file;
  }

  function expire(): void {
    if (retentionDays === undefined) return;
    const keptSince = clock.now() - retentionDays * DAY_MILLISECONDS;
    for (const name of readdirSync(directory)) {
      const endOfDay = Date.parse(name.slice(0, 'YYYY-MM-DD'.length)) + DAY_MILLISECONDS;
      if (endOfDay <= keptSince) rmSync(join(directory, name), { force: true });
    }
  }

  expire();
  const stopListening = clock.onChange(expire);
  return {
    write(context) {
      const day = new Date(clock.now()).toISOString().slice(0, 'YYYY-MM-DD'.length);
      fileOf(day).write(`${accessLogLine(format, context)}\n`);
    },
    async close() {
      stopListening();
      if (open) end(open.file);
      open = undefined;
      await Promise.all(ending);
    },
  };
}

function accessLogLine(format: string, context: AccessLogContext): string {
  return format.replace(VARIABLE, (_, name: keyof AccessLogContext) => {
    const value = context[name];
    // As API Gateway writes what does not apply.
    if (value === undefined) return '-';
    // A path or a user agent must not end the value that it stands in, or the line.
    return JSON.stringify(String(value)).slice(1, -1);
  });
}

const VARIABLE = /\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g;
const variablesIn = (format: string) => [...format.matchAll(VARIABLE)].map(([all, name = '']) => [all, name] as const);
