import { describe, expect, it } from 'vitest';
import type { WorkerFunction } from '../../lambdas/functions/catalogue.ts';
import type { Stage } from '../../lib/stages.ts';
import { stageNamed } from '../../lib/stages.ts';
import { fixtureCatalogue } from './fixtures/catalogue.ts';
import { synthesise } from './synthesise.ts';
import { statementsOf } from './synthesised.ts';

const template = synthesise(fixtureCatalogue);
const DEAD_LETTERS = 'arn:aws:sqs:eu-west-1:000000000000:vern-dev-dead-letters';
const arnOf = (name: string) => `arn:aws:lambda:eu-west-1:000000000000:function:vern-dev-${name}`;

function propertiesOfFunction(name: string): Record<string, unknown> {
  const found = template.ofType('AWS::Lambda::Function').find(({ physicalId }) => physicalId === `vern-dev-${name}`);
  return { ...found?.properties };
}

const environmentOf = (name: string) => Object(propertiesOfFunction(name)['Environment'])['Variables'];

describe('the API', () => {
  const routes = template.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => properties);

  it('asks for a token on every route but those declared for anyone', () => {
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'JWT');
    expect(open.map(({ RouteKey }) => RouteKey)).toEqual(['ANY /v1/health']);
    const [authorizer] = template.ofType('AWS::ApiGatewayV2::Authorizer');
    for (const route of routes) if (!open.includes(route)) expect(route['AuthorizerId']).toBe(authorizer?.physicalId);
  });

  it('takes tokens of the pool for its two clients, and of nobody else', () => {
    const [pool] = template.ofType('AWS::Cognito::UserPool');
    const clients = template.ofType('AWS::Cognito::UserPoolClient').map(({ physicalId }) => physicalId);
    expect(clients).toHaveLength(2);
    const [authorizer] = template.ofType('AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.properties['JwtConfiguration']).toEqual({
      Audience: clients,
      Issuer: `https://cognito-idp.eu-west-1.amazonaws.com/${pool?.physicalId}`,
    });
  });

  it('sends each route to the function that declares it', () => {
    const integrations = new Map(
      template
        .ofType('AWS::ApiGatewayV2::Integration')
        .map((one) => [`integrations/${one.physicalId}`, one.properties['IntegrationUri']]),
    );
    const target = (key: string) =>
      integrations.get(String(routes.find(({ RouteKey }) => RouteKey === key)?.['Target']));
    expect(target('POST /v1/organisations')).toBe(arnOf('organisations'));
    expect(target('ANY /v1/people/59')).toBe(arnOf('people'));
  });

  it('answers browsers of the listed origins alone, and throttles', () => {
    const [api] = template.ofType('AWS::ApiGatewayV2::Api');
    const cors = Object(api?.properties['CorsConfiguration']);
    expect(cors.AllowOrigins).toEqual(stageNamed('dev').allowedOrigins);
    expect(cors.AllowCredentials).toBe(false);
    expect(JSON.stringify(cors)).not.toContain('*');
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    expect(stage?.properties['DefaultRouteSettings']).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
    expect(stage?.properties['RouteSettings']).toEqual({
      'POST /v1/organisations': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 50 },
    });
  });
});

describe('the environment', () => {
  it('names what a function needs and nothing else', () => {
    expect(Object.keys(environmentOf('people')).sort()).toEqual([
      'ACTIVITY_TABLE',
      'CORE_TABLE',
      'GATE_TABLE',
      'INBOUND_MAIL_DOMAIN',
      'KEYS_TABLE',
      'LOOKUP_TABLE',
      'ORGANISATIONS_KEY_ID',
      'PUBLIC_URL',
      'QUARANTINE_BUCKET',
      'RIGHTS_TABLE',
      'STAGE',
      'TRANSIENT_TABLE',
      'USER_POOL_CLIENT_ID',
      'USER_POOL_ID',
      'USER_POOL_INTEGRATIONS_CLIENT_ID',
    ]);
    expect(Object.keys(environmentOf('open-contract')).sort()).toEqual([
      'GATE_TABLE',
      'INBOUND_MAIL_DOMAIN',
      'PUBLIC_URL',
      'STAGE',
      'USER_POOL_CLIENT_ID',
      'USER_POOL_ID',
      'USER_POOL_INTEGRATIONS_CLIENT_ID',
    ]);
    expect(environmentOf('outbox')).toMatchObject({ MAIL_SENDER: 'Vern <notices@dev.vern.example>', STAGE: 'dev' });
    expect(environmentOf('backup')).toMatchObject({
      CORE_TABLE_ARN: 'arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-core-g1',
      ACTIVITY_TABLE_ARN: 'arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-activity-g1',
      RIGHTS_TABLE_ARN: 'arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-rights-g1',
      BACKUP_BUCKET: expect.any(String),
    });
  });

  it('carries the address of the API where the stage has none of its own', () => {
    expect(environmentOf('people').PUBLIC_URL).toBe('https://api.invalid');
    expect(environmentOf('mail-wording').PUBLIC_URL).toBe('https://api.invalid');
  });
});

describe('what wakes a worker', () => {
  const mappings = template.ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  const mappingOf = (name: string) => mappings.find(({ FunctionName }) => FunctionName === `vern-dev-${name}`);
  const patternOf = (name: string) => JSON.parse(Object(mappingOf(name)?.['FilterCriteria']).Filters[0].Pattern);

  it('is a stream’s inserts and changes, under the declared prefix', () => {
    expect(patternOf('outbox')).toEqual({
      eventName: ['INSERT', 'MODIFY'],
      dynamodb: { Keys: { pk: { S: [{ prefix: 'out_' }] } } },
    });
    expect(patternOf('mirror')).toEqual({ eventName: ['INSERT', 'MODIFY'] });
    expect(mappingOf('mirror')?.['EventSourceArn']).toContain('table/vern-dev-keys/stream/');
  });

  it('sets aside what a stream’s worker cannot do, after bounded tries', () => {
    const ofStreams = mappings.filter(({ EventSourceArn }) => String(EventSourceArn).includes('/stream/'));
    expect(ofStreams).toHaveLength(2);
    for (const mapping of ofStreams) {
      expect(mapping).toMatchObject({
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 8,
        DestinationConfig: { OnFailure: { Destination: DEAD_LETTERS } },
      });
    }
  });

  it('is a schedule, in its own zone, under a role that may call this function alone', () => {
    const schedule = template.ofType('AWS::Scheduler::Schedule').find(({ properties }) => {
      return Object(properties['Target']).Arn === arnOf('backup');
    });
    expect(schedule?.properties).toMatchObject({
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Oslo',
      Target: { DeadLetterConfig: { Arn: DEAD_LETTERS }, RetryPolicy: { MaximumRetryAttempts: 2 } },
    });
    const roleName = String(Object(schedule?.properties['Target']).RoleArn).split('/')[1];
    const policy = template
      .ofType('AWS::IAM::Policy')
      .find(({ properties: { Roles } }) => Object(Roles)[0] === roleName);
    const invoking = statementsOf(policy?.properties['PolicyDocument']).filter(({ actions }) => {
      return actions.includes('lambda:InvokeFunction');
    });
    expect(invoking.flatMap(({ resources }) => resources)).toEqual([arnOf('backup')]);
  });

  it('is an object in quarantine, and a failure waits among the dead letters', () => {
    const rules = template.ofType('AWS::Events::Rule').map(({ properties }) => properties);
    const folderOf = ({ EventPattern }: Record<string, unknown>) => Object(EventPattern).detail.object.key[0].prefix;
    expect(rules.map(folderOf).sort()).toEqual(['files/', 'mail/']);
    expect(rules.find((rule) => folderOf(rule) === 'files/')).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ prefix: 'files/' }] } },
      },
      Targets: [{ Arn: arnOf('intake'), DeadLetterConfig: { Arn: DEAD_LETTERS } }],
    });
    const configured = template.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    expect(configured.map(({ FunctionName }) => FunctionName)).toContain('vern-dev-intake');
    for (const { DestinationConfig } of configured) {
      expect(DestinationConfig).toEqual({ OnFailure: { Destination: DEAD_LETTERS } });
    }
  });

  it('is the user pool’s wish for a wording, and a sign-in before and after its password is checked', () => {
    const [pool] = template.ofType('AWS::Cognito::UserPool');
    expect(pool?.properties['LambdaConfig']).toEqual({
      CustomMessage: arnOf('mail-wording'),
      PreAuthentication: arnOf('sign-in-triggers'),
      PostAuthentication: arnOf('sign-in-triggers'),
    });
  });

  it('is nothing, for what only an operator calls', () => {
    const elsewhere = template.resources
      .filter(({ type }) => !/Lambda::Function|CloudWatch|IAM|Logs/.test(type))
      .map(({ properties }) => JSON.stringify(properties));
    expect(elsewhere.filter((text) => text.includes('vern-dev-first-administrator'))).toEqual([]);
  });

  it('runs as many at once as declared, and otherwise as many as needed', () => {
    expect(propertiesOfFunction('mirror')['ReservedConcurrentExecutions']).toBe(5);
    expect(propertiesOfFunction('outbox')).not.toHaveProperty('ReservedConcurrentExecutions');
  });
});

describe('alarms', () => {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties);

  it('FW-11: tell of a day without a backup', () => {
    const missing = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({
      Dimensions: [{ Name: 'FunctionName', Value: 'vern-dev-backup' }],
      MetricName: 'Invocations',
      Period: 86_400,
      Threshold: 1,
    });
  });

  it('KP-12: watch the lines of a worker’s log that need a person, and read nothing else of it', () => {
    const [filter, ...others] = template.ofType('AWS::Logs::MetricFilter').map(({ properties }) => properties);
    expect(others).toEqual([]);
    expect(filter).toMatchObject({
      FilterPattern: '{ $.metric = "erasure-incomplete" }',
      MetricTransformations: [{ MetricName: 'erasure-incomplete', MetricNamespace: 'Vern/dev', MetricValue: '1' }],
    });
    expect(JSON.stringify(alarms)).toContain('"Namespace":"Vern/dev"');
  });

  it('watch errors, dead letters, throttles and the age of streams, and all reach people', () => {
    const metrics = new Set(alarms.map(({ MetricName }) => MetricName));
    const ofAws = ['5xx', 'ApproximateNumberOfMessagesVisible', 'Throttles', 'IteratorAge', 'Errors', 'Invocations'];
    const ofMail = [
      'ApproximateAgeOfOldestMessage',
      'Reputation.BounceRate',
      'Reputation.ComplaintRate',
      'SMSMonthToDateSpentUSD',
    ];
    const watched = [...ofAws, ...ofMail, 'erasure-incomplete'];
    expect([...metrics].sort()).toEqual([...watched].sort());
    const topic = 'arn:aws:sns:eu-west-1:000000000000:vern-dev-alarms';
    for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([topic]);
  });
});

describe('a queue', () => {
  const queueNamed = (name: string) =>
    template.ofType('AWS::SQS::Queue').find((queue) => queue.attribute('QueueName') === `vern-dev-${name}`)
      ?.properties ?? {};
  const statementsOn = (type: string, arn: string) =>
    template
      .ofType(type)
      .flatMap(({ properties }) => statementsOf(properties['PolicyDocument']))
      .filter(({ resources }) => resources.includes(arn));
  const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:vern-dev-${name}`;
  const mapping = template
    .ofType('AWS::Lambda::EventSourceMapping')
    .find(({ properties }) => properties['FunctionName'] === 'vern-dev-mail-events')?.properties;

  it.each(['mail-events', 'distribution', 'alarm-steps', 'webhooks'])(
    '%s has dead letters of its own, after five tries, under a key',
    (name) => {
      const queue = queueNamed(name);
      expect(queue['RedrivePolicy']).toEqual({
        deadLetterTargetArn: queueArn(`${name}-dead-letters`),
        maxReceiveCount: 5,
      });
      for (const each of [queue, queueNamed(`${name}-dead-letters`)]) {
        expect(each['KmsMasterKeyId']).toMatch(/^arn:aws:kms:/);
      }
      const alarmed = template
        .ofType('AWS::CloudWatch::Alarm')
        .filter(({ properties }) =>
          JSON.stringify(properties['Dimensions'] ?? []).includes(`vern-dev-${name}-dead-letters`),
        );
      expect(alarmed.map(({ properties }) => properties['Threshold'])).toEqual([1]);
    },
  );

  it.each(['mail-events', 'distribution', 'alarm-steps', 'webhooks'].flatMap((name) => [name, `${name}-dead-letters`]))(
    '%s takes nothing but by TLS',
    (name) => {
      const denied = statementsOn('AWS::SQS::QueuePolicy', queueArn(name)).filter(({ effect }) => effect === 'Deny');
      expect(denied).toMatchObject([{ actions: ['sqs:*'], condition: { Bool: { 'aws:SecureTransport': 'false' } } }]);
    },
  );

  it('hides a message for six times as long as its worker may take, and the time of gathering', () => {
    expect(queueNamed('mail-events')['VisibilityTimeout']).toBe(6 * 60 + 2);
    expect(queueNamed('distribution')['VisibilityTimeout']).toBe(30);
  });

  it('forgets what names people after four days, also what nobody could handle', () => {
    for (const name of ['mail-events', 'mail-events-dead-letters']) {
      expect(queueNamed(name)['MessageRetentionPeriod']).toBe(4 * 86_400);
    }
  });

  it('brings its worker gathered batches, of which each message may fail by itself', () => {
    expect(mapping).toMatchObject({
      EventSourceArn: queueArn('mail-events'),
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 2,
      ScalingConfig: { MaximumConcurrency: 3 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(mapping).not.toHaveProperty('DestinationConfig');
  });

  it('is known by its address to who may send to it or ask how full it is, and to nobody else', () => {
    expect(environmentOf('outbox')).toMatchObject({
      MAIL_EVENTS_QUEUE_URL: 'https://sqs.invalid/000000000000/vern-dev-mail-events',
      MAIL_CONFIGURATION_SET: 'vern-dev',
    });
    expect(environmentOf('organisations')).toMatchObject({
      DISTRIBUTION_QUEUE_URL: 'https://sqs.invalid/000000000000/vern-dev-distribution',
    });
    expect(environmentOf('people')).not.toHaveProperty('DISTRIBUTION_QUEUE_URL');
    expect(environmentOf('backup')).not.toHaveProperty('MAIL_EVENTS_QUEUE_URL');
  });
});

describe('one-off schedules', () => {
  const roleArn = 'arn:aws:iam::000000000000:role/vern-dev-one-off-schedules';
  const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:vern-dev-${name}`;
  const statementsOfRole = (roleName: string) =>
    template
      .ofType('AWS::IAM::Policy')
      .filter(({ properties }) => Object(properties['Roles'])[0] === roleName)
      .flatMap(({ properties }) => statementsOf(properties['PolicyDocument']));

  it('are made in the stage’s own group, and hand on one role, to Scheduler alone', () => {
    const making = statementsOfRole('vern-dev-alarm-steps').filter(({ actions }) =>
      actions.some((action) => /^(scheduler|iam):/.test(action)),
    );
    expect(making).toMatchObject([
      {
        actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
        resources: ['arn:aws:scheduler:eu-west-1:000000000000:schedule/vern-dev/*'],
      },
      {
        actions: ['iam:PassRole'],
        resources: [roleArn],
        condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ]);
    expect(environmentOf('alarm-steps')).toMatchObject({
      SCHEDULE_GROUP: 'vern-dev',
      SCHEDULE_ROLE_ARN: roleArn,
      ALARM_STEPS_QUEUE_ARN: queueArn('alarm-steps'),
      ALARM_STEPS_DEAD_LETTERS_ARN: queueArn('alarm-steps-dead-letters'),
    });
  });

  it('bring messages to the queue of alarms, and nowhere else', () => {
    const rights = statementsOfRole('vern-dev-one-off-schedules');
    expect(rights.flatMap(({ actions }) => actions).filter((action) => !action.startsWith('kms:'))).toEqual([
      'sqs:SendMessage',
    ]);
    const sending = rights.find(({ actions }) => actions.includes('sqs:SendMessage'));
    expect(sending?.resources.toSorted()).toEqual([queueArn('alarm-steps'), queueArn('alarm-steps-dead-letters')]);
    const role = template
      .ofType('AWS::IAM::Role')
      .find(({ physicalId }) => physicalId === 'vern-dev-one-off-schedules');
    expect(statementsOf(role?.properties['AssumeRolePolicyDocument'])).toMatchObject([
      {
        principal: { Service: 'scheduler.amazonaws.com' },
        condition: {
          StringEquals: {
            'aws:SourceAccount': '000000000000',
            'aws:SourceArn': 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/vern-dev',
          },
        },
      },
    ]);
  });
});

describe('mail that comes in', () => {
  const ruleArn = 'arn:aws:ses:eu-west-1:000000000000:receipt-rule-set/vern-dev:receipt-rule/into-quarantine';
  const fromOurRule = { StringEquals: { 'aws:SourceAccount': '000000000000', 'aws:SourceArn': ruleArn } };
  const quarantine = template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes('Quarantine'));

  it('AT-10: comes over TLS, is looked at, and waits in quarantine: no rule answers or sends it on', () => {
    const rules = template.ofType('AWS::SES::ReceiptRule').map(({ properties }) => properties);
    expect(rules).toEqual([
      {
        RuleSetName: 'vern-dev',
        Rule: {
          Name: 'into-quarantine',
          Enabled: true,
          Recipients: ['inbound.dev.vern.example'],
          ScanEnabled: true,
          TlsPolicy: 'Require',
          Actions: [{ S3Action: { BucketName: quarantine?.physicalId, ObjectKeyPrefix: 'mail/' } }],
        },
      },
    ]);
  });

  it('is laid there by SES for that rule, and by nobody else', () => {
    const policy = template
      .ofType('AWS::S3::BucketPolicy')
      .find(({ properties }) => properties['Bucket'] === quarantine?.physicalId);
    const onMail = statementsOf(policy?.properties['PolicyDocument']).filter(({ resources }) =>
      resources.some((arn) => arn.endsWith('/mail/*')),
    );
    expect(onMail).toMatchObject([
      {
        effect: 'Allow',
        actions: ['s3:PutObject'],
        principal: { Service: 'ses.amazonaws.com' },
        condition: fromOurRule,
      },
      {
        effect: 'Deny',
        actions: ['s3:PutObject'],
        condition: { StringNotEquals: { 'aws:PrincipalServiceName': 'ses.amazonaws.com' } },
      },
    ]);
    const key = template.ofType('AWS::KMS::Key').find(({ logicalId }) => logicalId.includes('Quarantine'));
    const used = statementsOf(key?.properties['KeyPolicy']).filter(({ actions }) => actions.includes('kms:Decrypt'));
    expect(used[0]).toMatchObject({ principal: { Service: 'ses.amazonaws.com' }, condition: fromOurRule });
  });

  it('is known by its domain to every function, which may give out addresses of it', () => {
    expect(environmentOf('people').INBOUND_MAIL_DOMAIN).toBe('inbound.dev.vern.example');
    expect(environmentOf('outbox').INBOUND_MAIL_DOMAIN).toBe('inbound.dev.vern.example');
  });
});

describe('what became of mails', () => {
  const [destination] = template.ofType('AWS::SES::ConfigurationSetEventDestination');
  const topicArn = 'arn:aws:sns:eu-west-1:000000000000:vern-dev-mail-events';

  it('is told by SES, without opens and clicks', () => {
    expect(destination?.properties).toMatchObject({
      ConfigurationSetName: 'vern-dev',
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: [
          'SEND',
          'DELIVERY',
          'DELIVERY_DELAY',
          'BOUNCE',
          'COMPLAINT',
          'REJECT',
          'RENDERING_FAILURE',
        ],
        SnsDestination: { TopicARN: topicArn },
      },
    });
  });

  it('comes to the topic from SES for our configuration set alone, and to the queue from the topic alone', () => {
    const allowed = (type: string) =>
      template
        .ofType(type)
        .flatMap(({ properties }) => statementsOf(properties['PolicyDocument']))
        .filter(
          ({ effect, resources }) =>
            effect === 'Allow' && resources.some((arn) => arn.endsWith(':vern-dev-mail-events')),
        );
    expect(allowed('AWS::SNS::TopicPolicy')).toMatchObject([
      {
        actions: ['sns:Publish'],
        principal: { Service: 'ses.amazonaws.com' },
        condition: {
          StringEquals: {
            'aws:SourceAccount': '000000000000',
            'aws:SourceArn': 'arn:aws:ses:eu-west-1:000000000000:configuration-set/vern-dev',
          },
        },
      },
    ]);
    expect(allowed('AWS::SQS::QueuePolicy')).toMatchObject([
      {
        actions: ['sqs:SendMessage'],
        principal: { Service: 'sns.amazonaws.com' },
        condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ]);
    const subscription = template
      .ofType('AWS::SNS::Subscription')
      .find(({ properties }) => properties['TopicArn'] === topicArn);
    expect(subscription?.properties).toMatchObject({ Protocol: 'sqs', RawMessageDelivery: true });
  });

  it('lies under a key that only SES, SNS and our functions through SQS use', () => {
    const key = template.ofType('AWS::KMS::Key').find(({ logicalId }) => logicalId.includes('MailEvents'));
    const used = statementsOf(key?.properties['KeyPolicy']).filter(({ actions }) => actions.includes('kms:Decrypt'));
    expect(used.map(({ principal }) => Object(principal).Service ?? 'functions')).toEqual([
      ['ses.amazonaws.com', 'sns.amazonaws.com'],
      'functions',
    ]);
    expect(used[1]?.condition['StringEquals']).toMatchObject({ 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' });
  });
});

describe('the sending domain', () => {
  const [identity] = template.ofType('AWS::SES::EmailIdentity');
  const [set] = template.ofType('AWS::SES::ConfigurationSet');

  it('AT-10, FW-10: sends by TLS or not at all, and not to who bounced or complained', () => {
    expect(set?.properties).toMatchObject({
      Name: 'vern-dev',
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
  });

  it('signs with keys of 2048 bits, comes from its own subdomain or not at all, and forwards no bounce to a mailbox', () => {
    expect(identity?.properties).toMatchObject({
      EmailIdentity: 'dev.vern.example',
      ConfigurationSetAttributes: { ConfigurationSetName: 'vern-dev' },
      DkimAttributes: { SigningEnabled: true },
      DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
      MailFromAttributes: { MailFromDomain: 'mail.dev.vern.example', BehaviorOnMxFailure: 'REJECT_MESSAGE' },
      FeedbackAttributes: { EmailForwardingEnabled: false },
    });
  });
});

describe('SMS and pushes', () => {
  const statementsOfRole = (name: string) => {
    const role = template.ofType('AWS::IAM::Role').find(({ physicalId }) => physicalId === `vern-dev-${name}`);
    return template
      .ofType('AWS::IAM::Policy')
      .filter(({ properties }) => Object(properties['Roles'])[0] === role?.physicalId)
      .flatMap(({ properties }) => statementsOf(properties['PolicyDocument']));
  };
  const applications = ['app/APNS_SANDBOX/vern-dev', 'app/GCM/vern-dev'].map(
    (name) => `arn:aws:sns:eu-west-1:000000000000:${name}`,
  );

  it('go to numbers and to devices of our own applications', () => {
    const publishing = statementsOfRole('outbox').filter(({ actions }) => actions.includes('sns:Publish'));
    const devices = applications.map((arn) => `${arn.replace(':app/', ':endpoint/')}/*`);
    expect(publishing.map(({ resources, notResources }) => [resources, notResources])).toEqual([
      [devices, []],
      [[], ['arn:aws:sns:*:*:*']],
    ]);
    expect(JSON.parse(environmentOf('outbox').PUSH_APPLICATIONS)).toEqual({
      apple: applications[0],
      google: applications[1],
    });
  });

  it('are sent by nobody who only registers devices', () => {
    const actions = statementsOfRole('organisations').flatMap((statement) => statement.actions);
    expect(actions).toContain('sns:CreatePlatformEndpoint');
    expect(actions).not.toContain('sns:Publish');
  });

  it('to devices are off where a stage names no application', () => {
    const { push: _, ...stage } = stageNamed('dev');
    const pusher: WorkerFunction = {
      entry: 'test/lib/fixtures/function.ts',
      needs: ['push:send', 'push:register'],
      triggers: [{ operator: true }],
      timeoutSeconds: 60,
      memoryMegabytes: 256,
    };
    const { ofType } = synthesise({ apiFunctions: {}, workers: { pusher } }, stage);
    const [fn] = ofType('AWS::Lambda::Function');
    expect(Object(fn?.properties['Environment']).Variables.PUSH_APPLICATIONS).toBe('{}');
    const actions = ofType('AWS::IAM::Policy').flatMap(({ properties }) =>
      statementsOf(properties['PolicyDocument']).flatMap((statement) => statement.actions),
    );
    expect(actions.filter((action) => action.startsWith('sns:'))).toEqual([]);
  });
});

describe('the buckets', () => {
  const bucketNamed = (part: string) =>
    template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes(part))?.properties ?? {};
  const rulesOf = (part: string) => Object(bucketNamed(part)['LifecycleConfiguration']).Rules;

  it('ALL-05: a backup is gone within ninety days, its old versions and fragments too', () => {
    expect(bucketNamed('Backup')['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
    expect(rulesOf('Backup')).toEqual([
      {
        Status: 'Enabled',
        ExpirationInDays: 83,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
      { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ]);
  });

  it('an upload waits a day at most, has no older versions, and comes from a listed origin', () => {
    expect(rulesOf('Quarantine')).toMatchObject([{ Status: 'Enabled', ExpirationInDays: 1 }]);
    expect(bucketNamed('Quarantine')).not.toHaveProperty('VersioningConfiguration');
    expect(Object(bucketNamed('Quarantine')['CorsConfiguration']).CorsRules).toMatchObject([
      { AllowedMethods: ['POST'], AllowedOrigins: stageNamed('dev').allowedOrigins },
    ]);
  });
});

describe('a second region', () => {
  it('is off unless a stage names it', () => {
    expect([...template.rawByStack.keys()].sort()).toEqual([
      'vern-dev-api',
      'vern-dev-data',
      'vern-dev-mail',
      'vern-dev-privacy',
    ]);
  });

  it('FW-15: holds a bucket for ciphertext and its key, and no table, function or pool', () => {
    const stage: Stage = { ...stageNamed('dev'), ciphertextCopiesIn: 'eu-north-1' };
    const keeper: WorkerFunction = {
      entry: 'test/lib/fixtures/function.ts',
      needs: ['copies:keep'],
      triggers: [{ operator: true }],
      timeoutSeconds: 60,
      memoryMegabytes: 256,
    };
    const { rawByStack, ofType } = synthesise({ apiFunctions: {}, workers: { keeper } }, stage);
    const copies = Object.values(rawByStack.get('vern-dev-copies')?.Resources ?? {});
    expect(copies.map(({ Type }) => Type).sort()).toEqual([
      'AWS::KMS::Alias',
      'AWS::KMS::Key',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ]);
    // The keeper finds it by a name that both regions know, and may use its key through that region's S3 alone.
    const named = { COPIES_BUCKET: 'vern-dev-copies-000000000000', COPIES_REGION: 'eu-north-1' };
    expect(ofType('AWS::S3::Bucket').map(({ properties }) => properties['BucketName'])).toContain(named.COPIES_BUCKET);
    const [fn] = ofType('AWS::Lambda::Function');
    expect(Object(fn?.properties['Environment']).Variables).toMatchObject(named);
    const rights = ofType('AWS::IAM::Policy').flatMap(({ properties }) => statementsOf(properties['PolicyDocument']));
    const isElsewhere = ({ resources }: { resources: readonly string[] }) => resources.join().includes('eu-north-1');
    expect(rights.find((right) => right.actions.includes('kms:GenerateDataKey') && isElsewhere(right))).toMatchObject({
      resources: ['arn:aws:kms:eu-north-1:000000000000:key/*'],
      condition: {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/vern-dev-copies' },
        StringEquals: { 'kms:ViaService': 's3.eu-north-1.amazonaws.com' },
      },
    });
    // ALL-05: locked and ended as in Ireland.
    expect(Object(copies.find(({ Type }) => Type === 'AWS::S3::Bucket'))['Properties']).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 82 } } },
      LifecycleConfiguration: {
        Rules: [{ ExpirationInDays: 83, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }, {}],
      },
    });
  });
});
