import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { queues } from '../../lambdas/platform/queues.ts';
import { scheduledQueues, scheduleEnv } from '../../lambdas/platform/schedules.ts';
import type { Stage } from '../stages.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { allow, kmsSending, type Permission, useThrough } from './permissions.ts';
import type { Queues } from './queues.ts';

interface OneOffSchedulesProps {
  readonly stage: Stage;
  readonly encryption: EncryptionKeys;
  readonly queues: Queues;
}

/**
 * Where our code makes one-off schedules: a group of the stage's own, and one role for all of them, which may bring a
 * message to the queues that are scheduled for and do nothing else. Whoever makes schedules can hand on that role alone.
 */
export class OneOffSchedules extends Construct {
  readonly #group: CfnScheduleGroup;
  readonly #role: Role;
  readonly #queues: Queues;

  constructor(scope: Construct, id: string, { stage, encryption, queues: ours }: OneOffSchedulesProps) {
    super(scope, id);
    this.#queues = ours;
    this.#group = new CfnScheduleGroup(this, 'Group', { name: `vern-${stage.name}` });
    this.#role = new Role(this, 'Role', {
      roleName: `vern-${stage.name}-one-off-schedules`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        // The group's ARN, as Scheduler says it ("Confused deputy prevention").
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.#groupArn() },
        },
      }),
    });
    for (const name of scheduledQueues) {
      const { queue, deadLetters } = ours.byName[name];
      this.#role.addToPolicy(allow(['sqs:SendMessage'], [queue.queueArn, deadLetters.queueArn]));
      this.#role.addToPolicy(useThrough('sqs', encryption[queues[name].key], kmsSending));
    }
  }

  /** To make such schedules, and to know where. */
  permission(actions: readonly string[]): Permission {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.#group.name}/*`,
    });
    const targets = scheduledQueues.flatMap((name) => {
      const { queueArn, deadLettersArn } = scheduleEnv.targets[name];
      const { queue, deadLetters } = this.#queues.byName[name];
      return [
        [queueArn, queue.queueArn],
        [deadLettersArn, deadLetters.queueArn],
      ] as const;
    });
    return {
      statements: [
        allow(actions, [schedules]),
        allow(['iam:PassRole'], [this.#role.roleArn], {
          StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
        }),
      ],
      environment: {
        [scheduleEnv.group]: `${this.#group.name}`,
        [scheduleEnv.roleArn]: this.#role.roleArn,
        ...Object.fromEntries(targets),
      },
    };
  }

  #groupArn(): string {
    return Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: `${this.#group.name}`,
    });
  }
}
