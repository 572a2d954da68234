import { createServer, type RequestListener } from 'node:http';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onceScheduler } from '../../../lambdas/platform/schedules.ts';
import { listen } from '../../../local/loopback/listen.ts';
import { oneOffSchedules } from '../../../local/scheduler/one-off.ts';
import { schedulerServer } from '../../../local/scheduler/scheduler-api.ts';
import { openState } from '../../../local/state.ts';
import { aFolder } from '../fixtures/assembly.ts';

const START = Date.parse('2026-11-22T11:00:00Z');
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:vern-dev-alarm-steps';
const roleArn = 'arn:aws:iam::000000000000:role/vern-dev-one-off-schedules';
const place = {
  group: 'vern-dev',
  roleArn,
  targets: { alarmSteps: { queueArn, deadLettersArn: `${queueArn}-dead-letters` } },
};

/** The embedded Scheduler on a clock that stands still unless it is moved, and AWS's own client. */
async function aScheduler(folder = aFolder()) {
  const state = openState(folder);
  const delivered: string[] = [];
  const world = { now: START, fails: false };
  const schedules = oneOffSchedules({
    state,
    nowMilliseconds: () => world.now,
    deliver: async (arn, event) => {
      if (world.fails) throw new Error('The queue is away');
      delivered.push(`${arn} ${event}`);
    },
  });
  const assertReachable = (arn: string) => {
    if (arn !== queueArn) throw new Error(`the embedded cloud cannot deliver to ${arn}`);
  };
  const answer: RequestListener = schedulerServer({
    schedules,
    groups: ['vern-dev'],
    nowMilliseconds: () => world.now,
    assertReachable,
  });
  const server = await listen(createServer(answer));
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      schedules.close();
      await server.close();
      state.close();
    })();
    return closing;
  };
  onTestFinished(close);
  const client = new SchedulerClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  const scheduleOnce = onceScheduler<{ alarm: string }>(client, place);
  const moveTo = async (instant: string) => {
    world.now = Date.parse(instant);
    await schedules.check();
  };
  return { client, scheduleOnce, delivered, moveTo, world, close };
}

const step = (name: string, instant: string, alarm = 'alm_1') =>
  ({ name, at: new Date(instant), queue: 'alarmSteps', body: { alarm } }) as const;

describe('a one-off schedule', () => {
  it('brings its message to the queue when its moment has come, once, and is gone then', async () => {
    const { scheduleOnce, delivered, moveTo, client } = await aScheduler();
    await scheduleOnce(step('alm_1-3', '2026-11-22T12:30:00.900Z'));
    const shown = await client.send(new GetScheduleCommand({ Name: 'alm_1-3', GroupName: 'vern-dev' }));
    expect(shown).toMatchObject({
      ScheduleExpression: 'at(2026-11-22T12:30:00)',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'DELETE',
      Target: { Arn: queueArn, RoleArn: roleArn, DeadLetterConfig: { Arn: `${queueArn}-dead-letters` } },
    });
    const { Schedules } = await client.send(new ListSchedulesCommand({}));
    expect(Schedules).toMatchObject([{ Name: 'alm_1-3', GroupName: 'vern-dev', Target: { Arn: queueArn } }]);
    await moveTo('2026-11-22T12:29:59Z');
    expect(delivered).toEqual([]);
    await moveTo('2026-11-22T12:30:00Z');
    await moveTo('2026-11-23T12:30:00Z');
    expect(delivered).toEqual([`${queueArn} {"alarm":"alm_1"}`]);
    const gone = client.send(new GetScheduleCommand({ Name: 'alm_1-3', GroupName: 'vern-dev' }));
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('that is asked for again is the one that is there already', async () => {
    const { scheduleOnce, delivered, moveTo } = await aScheduler();
    await scheduleOnce(step('alm_1-3', '2026-11-22T12:30:00Z'));
    await scheduleOnce(step('alm_1-3', '2026-11-22T14:30:00Z', 'alm_other'));
    await moveTo('2026-11-22T15:00:00Z');
    expect(delivered).toEqual([`${queueArn} {"alarm":"alm_1"}`]);
  });

  it('survives a restart, and fires then if its moment passed meanwhile', async () => {
    const folder = aFolder();
    const before = await aScheduler(folder);
    await before.scheduleOnce(step('alm_1-3', '2026-11-22T12:30:00Z'));
    await before.close();
    const after = await aScheduler(folder);
    expect(after.delivered).toEqual([]);
    await after.moveTo('2026-11-22T13:00:00Z');
    expect(after.delivered).toHaveLength(1);
  });

  it('whose target is away stays until the target has taken it', async () => {
    const { scheduleOnce, delivered, moveTo, world } = await aScheduler();
    await scheduleOnce(step('alm_1-3', '2026-11-22T12:30:00Z'));
    world.fails = true;
    await moveTo('2026-11-22T12:31:00Z');
    world.fails = false;
    await moveTo('2026-11-22T12:32:00Z');
    expect(delivered).toHaveLength(1);
  });

  it('that is taken back does not fire; taking back what is not there is an error', async () => {
    const { scheduleOnce, delivered, moveTo, client } = await aScheduler();
    await scheduleOnce(step('alm_1-3', '2026-11-22T12:30:00Z'));
    const remove = () => client.send(new DeleteScheduleCommand({ Name: 'alm_1-3', GroupName: 'vern-dev' }));
    await remove();
    await moveTo('2026-11-22T13:00:00Z');
    expect(delivered).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    ['in a group that the template does not have', { GroupName: 'elsewhere' }, 'ResourceNotFoundException'],
    ['that comes again', { ScheduleExpression: 'rate(1 hour)' }, 'ValidationException'],
    ['on a day that is none', { ScheduleExpression: 'at(2026-02-30T00:00:00)' }, 'ValidationException'],
    ['with a window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }, 'ValidationException'],
    [
      'to what cannot be reached',
      { Target: { Arn: 'arn:aws:sns:eu-west-1:0:x', RoleArn: roleArn } },
      'ValidationException',
    ],
  ] as const)('%s is refused', async (_, change, name) => {
    const { client } = await aScheduler();
    const wanted = {
      Name: 'one',
      GroupName: 'vern-dev',
      ScheduleExpression: 'at(2026-11-22T12:30:00)',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Target: { Arn: queueArn, RoleArn: roleArn, Input: '{}' },
    };
    await expect(client.send(new CreateScheduleCommand({ ...wanted, ...change }))).rejects.toMatchObject({ name });
  });

  it('that fails for another reason than being there is an error of whoever asked for it', async () => {
    const { client } = await aScheduler();
    const elsewhere = onceScheduler(client, { ...place, group: 'elsewhere' });
    await expect(elsewhere(step('one', '2026-11-22T12:30:00Z'))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
