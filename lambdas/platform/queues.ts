interface QueueDeclaration {
  readonly holds: string;
  /** The variable under which a function that sends to it, or asks how full it is, finds its address. */
  readonly env: `${string}_QUEUE_URL`;
  /** The key that its messages lie under: addresses of people lie under one of their own. */
  readonly key: 'operations' | 'mailEvents';
  /** How long a message waits for its worker, and after that among the dead letters: then it is gone, whoever it was about. */
  readonly keptDays: number;
}

/** How often SQS hands out a message that fails before it lays it among the dead letters (`maxReceiveCount`). */
export const RECEIVES_MAX = 5;

/**
 * The queues that workers take messages from, declared once: the CDK creates each with dead letters of its own, the
 * capabilities and the triggers name them.
 */
export const queues = {
  mailEvents: {
    holds: 'what SES says became of each mail, with the address and the subject line that SES puts into it',
    env: 'MAIL_EVENTS_QUEUE_URL',
    key: 'mailEvents',
    keptDays: 4,
  },
  distribution: {
    holds: 'which part of which job is to be sent: ids and numbers',
    env: 'DISTRIBUTION_QUEUE_URL',
    key: 'operations',
    keptDays: 14,
  },
  alarmSteps: {
    holds: 'which alarm has a step due: ids and numbers. The sweep of each minute finds what is lost here',
    env: 'ALARM_STEPS_QUEUE_URL',
    key: 'operations',
    keptDays: 1,
  },
  webhooks: {
    holds: 'which message is to go to which endpoint: ids and numbers',
    env: 'WEBHOOKS_QUEUE_URL',
    key: 'operations',
    keptDays: 4,
  },
} as const satisfies Record<string, QueueDeclaration>;
export type QueueName = keyof typeof queues;
