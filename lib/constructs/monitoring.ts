import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Catalogue } from '../catalogue.ts';
import type { DataStack } from '../data-stack.ts';
import type { Stage } from '../stages.ts';

interface MonitoringProps {
  readonly stage: Stage;
  readonly catalogue: Catalogue;
  readonly data: DataStack;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly deadLetters: Queue;
}

const FIVE_MINUTES = Duration.minutes(5);

/** SES looks at an account's sending from 5 % of bounces and 0.1 % of complaints ("Reputation metrics"): we look sooner. */
const BOUNCE_RATE = 0.02;
const COMPLAINT_RATE = 0.0008;
/** In US dollars since the first of the month: SMS are for what is urgent. */
const SMS_SPENT = 50;

/** Alarms by mail, and one page of graphs. Counts and times only; nothing here knows a person. */
export class Monitoring extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { stage, catalogue, data, functions, deadLetters }: MonitoringProps) {
    super(scope, id);
    this.#topic = new Topic(this, 'Alarms', {
      topicName: `vern-${stage.name}-alarms`,
      masterKey: data.encryption.operations,
      enforceSSL: true,
    });
    // The policy that demands TLS replaces the default one, which let the account's own alarms in.
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.#topic.addSubscription(new EmailSubscription(stage.alarmAddress));

    const serverErrors = apiMetric(data, '5xx');
    this.#alarm('ServerErrors', serverErrors, 'The API answered with server errors', { atLeast: 3 });
    const waiting = deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES });
    this.#alarm('DeadLettersWaiting', waiting, 'A worker gave up on something', { atLeast: 1 });
    this.#queues(data);
    this.#reputation(data);
    const throttles = new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Throttles',
      statistic: 'Sum',
      period: FIVE_MINUTES,
    });
    this.#alarm('Throttled', throttles, 'Functions were refused capacity', { atLeast: 1 });

    const iteratorAges: IMetric[] = [];
    for (const [name, { triggers, needs, alarms = {} }] of Object.entries(catalogue.workers)) {
      const fn = functions.get(name);
      if (!fn) continue;
      const errors = fn.metricErrors({ period: FIVE_MINUTES });
      this.#alarm(`${name}Failing`, errors, `The worker ${name} fails`, { atLeast: 1 });
      const streams = triggers.filter((trigger) => 'stream' in trigger);
      if (streams.length > 0) {
        const age = fn.metric('IteratorAge', { statistic: 'Maximum', period: FIVE_MINUTES });
        const seconds = Math.min(...streams.map((trigger) => trigger.behindSecondsMax ?? FIVE_MINUTES.toSeconds()));
        this.#alarm(`${name}Behind`, age, `The worker ${name} is more than ${seconds} seconds behind its stream`, {
          atLeast: seconds * 1000,
        });
        iteratorAges.push(age);
      }
      if (needs.some((need) => need === 'backup:export' || need === 'backup:keep')) this.#missingBackup(name, fn);
      for (const [line, meaning] of Object.entries(alarms)) this.#saidInLog(stage, name, fn, line, meaning);
    }
    this.#dashboard(stage, data, functions, [waiting, throttles], iteratorAges);
  }

  #queues({ queues }: DataStack) {
    for (const [name, { deadLetters }] of Object.entries(queues.byName)) {
      const waiting = deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES });
      this.#alarm(`${name}DeadLettersWaiting`, waiting, `Messages of the queue ${name} could not be handled`, {
        atLeast: 1,
      });
    }
    const age = queues.byName.mailEvents.queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES });
    const meaning = 'What SES says of mails is not read in time: while it is not, nothing is sent a second time';
    this.#alarm('MailEventsBehind', age, meaning, { atLeast: FIVE_MINUTES.toSeconds() });
  }

  /** What SES may stop the whole account for, and what a fault in our code may cost. */
  #reputation({ mail }: DataStack) {
    const rate = (metricName: string) =>
      new Metric({
        namespace: 'AWS/SES',
        metricName,
        dimensionsMap: { 'ses:configuration-set': mail.configurationSetName },
        statistic: 'Maximum',
        period: Duration.hours(1),
      });
    this.#alarm('Bounces', rate('Reputation.BounceRate'), 'Two mails of a hundred bounce, or more', {
      atLeast: BOUNCE_RATE,
    });
    this.#alarm('Complaints', rate('Reputation.ComplaintRate'), 'Eight mails of ten thousand are complained about', {
      atLeast: COMPLAINT_RATE,
    });
    const spent = new Metric({
      namespace: 'AWS/SNS',
      metricName: 'SMSMonthToDateSpentUSD',
      statistic: 'Maximum',
      period: Duration.hours(1),
    });
    this.#alarm('SmsSpending', spent, `SMS have cost ${SMS_SPENT} dollars this month`, { atLeast: SMS_SPENT });
  }

  #alarm(id: string, metric: IMetric, alarmDescription: string, { atLeast }: { atLeast: number }) {
    new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold: atLeast,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.#topic));
  }

  /** A line that a worker writes when it needs a person; the line itself holds codes and opaque ids alone. */
  #saidInLog(stage: Stage, name: string, fn: LambdaFunction, line: string, meaning: string) {
    const id = `${name}-${line}`;
    const filter = new MetricFilter(this, `${id}-lines`, {
      logGroup: fn.logGroup,
      filterPattern: FilterPattern.stringValue('$.metric', '=', line),
      metricNamespace: `Vern/${stage.name}`,
      metricName: line,
      metricValue: '1',
    });
    this.#alarm(id, filter.metric({ statistic: 'Sum', period: FIVE_MINUTES }), meaning, { atLeast: 1 });
  }

  /** FW-11: at least once a day; silence is the fault here. */
  #missingBackup(name: string, fn: LambdaFunction) {
    new Alarm(this, `${name}Missing`, {
      metric: fn.metricInvocations({ period: Duration.days(1) }),
      alarmDescription: `The worker ${name} has not run for a day: there is no backup of today (FW-11)`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    }).addAlarmAction(new SnsAction(this.#topic));
  }

  #dashboard(
    stage: Stage,
    data: DataStack,
    functions: ReadonlyMap<string, LambdaFunction>,
    trouble: IMetric[],
    iteratorAges: IMetric[],
  ) {
    const each = (metric: (fn: LambdaFunction) => Metric) => [...functions.values()].map(metric);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `vern-${stage.name}`,
      widgets: [
        [
          new GraphWidget({
            title: 'Requests',
            width: 12,
            left: [apiMetric(data, 'Count'), apiMetric(data, '4xx'), apiMetric(data, '5xx')],
          }),
          new GraphWidget({
            title: 'Latency',
            width: 12,
            left: ['p50', 'p99'].map((statistic) => apiMetric(data, 'Latency', statistic)),
          }),
        ],
        [
          new GraphWidget({ title: 'Function errors', width: 12, left: each((fn) => fn.metricErrors()) }),
          new GraphWidget({
            title: 'Function duration, p99',
            width: 12,
            left: each((fn) => fn.metricDuration({ statistic: 'p99' })),
          }),
        ],
        [
          new GraphWidget({ title: 'Dead letters and throttles', width: 12, left: trouble }),
          new GraphWidget({ title: 'Behind the streams', width: 12, left: iteratorAges }),
        ],
      ],
    });
  }
}

function apiMetric(data: DataStack, metricName: string, statistic = 'Sum'): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: data.api.apiId },
    statistic,
    period: FIVE_MINUTES,
  });
}
