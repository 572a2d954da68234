import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import * as z from 'zod';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { readBody } from '../loopback/read-body.ts';
import { dueOf, type OneOffSchedule, type OneOffSchedules } from './one-off.ts';

interface SchedulerApi {
  readonly schedules: OneOffSchedules;
  /** The names of the template's groups; `default` is always there. */
  readonly groups: readonly string[];
  nowMilliseconds(): number;
  /** Throws for a target that the embedded cloud cannot reach. */
  assertReachable(arn: string, who: string): void;
}

const BODY_BYTES_MAX = 300 * 1024;
/** Scheduler's own bound of a target's input (API reference, Target). */
const INPUT_CHARACTERS_MAX = 256 * 1024;

const Name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);
const Arn = z.string().regex(/^arn:aws:[\w:/.-]{1,1590}$/);

/** Strict: a setting that would be without effect here must not be made unnoticed. */
const CreateSchedule = z.strictObject({
  GroupName: Name.default('default'),
  ScheduleExpression: z
    .string()
    .regex(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/, 'the embedded Scheduler makes at(…) alone'),
  ScheduleExpressionTimezone: z.string().max(50).default('UTC'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
  ClientToken: z.string().max(64).optional(),
  Target: z.strictObject({
    Arn,
    RoleArn: Arn,
    Input: z.string().min(1).max(INPUT_CHARACTERS_MAX).default('{}'),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
        MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      })
      .optional(),
    DeadLetterConfig: z.strictObject({ Arn }).optional(),
  }),
});

class SchedulerProblem extends Error {
  override readonly name = 'SchedulerProblem';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** EventBridge Scheduler's CreateSchedule, GetSchedule, ListSchedules and DeleteSchedule for one-off schedules; signatures are not checked. */
export function schedulerServer(api: SchedulerApi): RequestListener {
  return (incoming, outgoing) => {
    respond(incoming, outgoing, api).catch((error: unknown) => {
      if (error instanceof SchedulerProblem)
        return write(outgoing, error.status, { Message: error.message }, error.code);
      console.error('Scheduler:', error);
      write(outgoing, 500, { Message: 'Internal failure' }, 'InternalServerException');
    });
  };
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, api: SchedulerApi): Promise<void> {
  const body = await readBody(incoming, BODY_BYTES_MAX);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  if (incoming.method === 'GET' && pathname === '/schedules') return write(outgoing, 200, listed(api.schedules));
  const [, encoded] = /^\/schedules\/([^/]+)$/.exec(pathname) ?? [];
  if (body === undefined || encoded === undefined) throw invalid('The embedded Scheduler knows no such operation');
  const name = Name.safeParse(decodeURIComponent(encoded));
  if (!name.success) throw invalid('The name is none of a schedule');
  const group = searchParams.get('groupName') ?? 'default';
  switch (incoming.method) {
    case 'POST':
      return write(outgoing, 200, { ScheduleArn: create(api, name.data, parsed(body)) });
    case 'GET':
      return write(outgoing, 200, described(existing(api, group, name.data)));
    case 'DELETE':
      existing(api, group, name.data);
      api.schedules.remove(group, name.data);
      return write(outgoing, 200, {});
    default:
      throw invalid('The embedded Scheduler knows no such operation');
  }
}

function create(api: SchedulerApi, name: string, wanted: unknown): string {
  const { data, error } = CreateSchedule.safeParse(wanted);
  if (!data) throw invalid(z.prettifyError(error));
  const { ClientToken: _token, Description: _description, ...settings } = data;
  const schedule: OneOffSchedule = { Name: name, ...settings, CreationDate: api.nowMilliseconds() / 1000 };
  if (schedule.GroupName !== 'default' && !api.groups.includes(schedule.GroupName)) {
    throw new SchedulerProblem(
      404,
      'ResourceNotFoundException',
      `Schedule group ${schedule.GroupName} does not exist.`,
    );
  }
  try {
    dueOf(schedule);
    api.assertReachable(schedule.Target.Arn, name);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : 'Invalid schedule');
  }
  if (!api.schedules.add(schedule)) {
    throw new SchedulerProblem(409, 'ConflictException', `Schedule ${name} already exists.`);
  }
  return arnOf(schedule);
}

function existing({ schedules }: SchedulerApi, group: string, name: string): OneOffSchedule {
  const schedule = schedules.find(group, name);
  if (!schedule) throw new SchedulerProblem(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
  return schedule;
}

const described = (schedule: OneOffSchedule) => ({
  ...schedule,
  Arn: arnOf(schedule),
  LastModificationDate: schedule.CreationDate,
});

/** In one page, and without what a target is sent: that is GetSchedule's to say. */
const listed = ({ all }: OneOffSchedules) => ({
  Schedules: all().map(({ Name: name, GroupName, State, CreationDate, Target }) => ({
    Arn: arnOf({ Name: name, GroupName }),
    Name: name,
    GroupName,
    State,
    CreationDate,
    LastModificationDate: CreationDate,
    Target: { Arn: Target.Arn },
  })),
});

const arnOf = ({ GroupName, Name: name }: Pick<OneOffSchedule, 'GroupName' | 'Name'>) =>
  `arn:aws:scheduler:${REGION}:${ACCOUNT_ID}:schedule/${GroupName}/${name}`;

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw invalid('The body is no JSON');
  }
}

const invalid = (message: string) => new SchedulerProblem(400, 'ValidationException', message);

function write(outgoing: ServerResponse, status: number, body: object, code?: string): void {
  if (outgoing.headersSent) return;
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...(code && { 'x-amzn-errortype': code }),
  });
  outgoing.end(JSON.stringify(body));
}
