import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import type { Route } from '../../lambdas/http/route.ts';
import { isOpenAtGateway } from '../../lambdas/http/route-facts.ts';
import { tables as declaredTables, type TableDeclaration } from '../../lambdas/platform/tables.ts';
import { type Catalogue, needsByFunction, needsOfApiFunction } from '../../lib/catalogue.ts';
import { routeSelector } from '../../local/gateway/route-selection.ts';
import { listOf, replicaOf, resourcePolicies, type Statement, type Synthesised, statementsOf } from './synthesised.ts';

const ROUTES_MAX = 300;
const RESOURCES_MAX = 500;

/** What the choice of a route does not look at. */
const nothingOfARoute = {
  functionArn: '',
  timeoutMilliseconds: 0,
  authorizer: undefined,
  scopes: [],
  throttle: undefined,
} as const;

/** What every template must keep, whatever functions are declared. */
export function describePromises(catalogue: Catalogue, template: Synthesised): void {
  const policies = template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  const statements = policies.flatMap((policy) => statementsOf(policy.properties['PolicyDocument']));
  const tables = template.ofType('AWS::DynamoDB::GlobalTable');
  const physicalNameOf = (name: string) =>
    (declaredTables as Record<string, TableDeclaration>)[name]?.afterRestore === 'kept'
      ? `vern-dev-${name}`
      : `vern-dev-${name}-g1`;

  /** The statements of a function's role, by the function's declared name. */
  const statementsOfFunction = (name: string): Statement[] => {
    const roleName = `vern-dev-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const own = policies.filter((policy) => listOf(policy.properties['Roles']).includes(roleName));
    return own.flatMap((policy) => statementsOf(policy.properties['PolicyDocument']));
  };

  it('FW-09: no policy of any resource admits the public', () => {
    const documents = template.resources.flatMap((resource) => resourcePolicies(resource));
    const allowing = documents.flatMap(statementsOf).filter(({ effect }) => effect === 'Allow');
    expect(allowing.filter(({ principal }) => JSON.stringify(principal).includes('"*"'))).toEqual([]);
    expect(documents.length).toBeGreaterThan(10);
  });

  it('FW-09: nothing faces the internet but the API, the user pool and signed URLs', () => {
    const facing =
      /Lambda::Url|LoadBalancer|CloudFront|EC2|ApiGateway::|AppSync|IoT|Transfer|UserPoolDomain|S3::AccessPoint/;
    expect(template.resources.filter(({ type }) => facing.test(type))).toEqual([]);
    expect(template.ofType('AWS::ApiGatewayV2::Api')).toHaveLength(1);
    for (const { properties } of template.ofType('AWS::S3::Bucket')) {
      expect(properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(properties['OwnershipControls']).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    }
  });

  it('FW-09: only the gateway, Cognito and a rule of ours may call a function, each with a source', () => {
    const callers = template.ofType('AWS::Lambda::Permission').map(({ properties }) => ({
      principal: properties['Principal'],
      source: String(properties['SourceArn']),
    }));
    const known = ['apigateway.amazonaws.com', 'cognito-idp.amazonaws.com', 'events.amazonaws.com'];
    for (const { principal, source } of callers) {
      expect(known).toContain(principal);
      expect(source).toMatch(/^arn:aws:(execute-api|cognito-idp|events):eu-west-1:000000000000:/);
    }
  });

  it('FW-10: every table, bucket, queue, topic and log group is under a customer-managed key that rotates', () => {
    const keyArns = template.ofType('AWS::KMS::Key').map((key) => key.attribute('Arn'));
    const keysInUse = [
      ...tables
        .map((table) => replicaOf(table)['SSESpecification'] as Record<string, unknown>)
        .map((sse) => sse['KMSMasterKeyId']),
      ...template.ofType('AWS::S3::Bucket').map(({ properties }) => JSON.stringify(properties['BucketEncryption'])),
      ...template.ofType('AWS::SQS::Queue').map(({ properties }) => properties['KmsMasterKeyId']),
      ...template.ofType('AWS::SNS::Topic').map(({ properties }) => properties['KmsMasterKeyId']),
      ...template.ofType('AWS::Logs::LogGroup').map(({ properties }) => properties['KmsKeyId']),
    ];
    expect(keysInUse.length).toBeGreaterThan(10);
    for (const inUse of keysInUse) expect(keyArns.some((arn) => String(inUse).includes(arn))).toBe(true);
    const symmetric = template
      .ofType('AWS::KMS::Key')
      .filter(({ properties }) => properties['KeyUsage'] !== 'SIGN_VERIFY');
    for (const { properties } of symmetric) expect(properties['EnableKeyRotation']).toBe(true);
  });

  it('FW-10: every bucket, queue and topic refuses what is not sent over TLS, and mail is sent over TLS alone', () => {
    const guarded = {
      'AWS::S3::Bucket': 'AWS::S3::BucketPolicy',
      'AWS::SQS::Queue': 'AWS::SQS::QueuePolicy',
      'AWS::SNS::Topic': 'AWS::SNS::TopicPolicy',
    };
    for (const [type, policyType] of Object.entries(guarded)) {
      const demanding = template
        .ofType(policyType)
        .filter(({ properties }) => statementsOf(properties['PolicyDocument']).some(refusesPlainText));
      const protectedIds = demanding.flatMap(({ properties: { Bucket, Queues, Topics } }) => [
        ...listOf(Bucket),
        ...listOf(Queues),
        ...listOf(Topics),
      ]);
      expect(
        template
          .ofType(type)
          .map(({ physicalId }) => physicalId)
          .sort(),
      ).toEqual(protectedIds.sort());
    }
    const [configurationSet] = template.ofType('AWS::SES::ConfigurationSet');
    expect(configurationSet?.properties['DeliveryOptions']).toEqual({ TlsPolicy: 'REQUIRE' });
  });

  it('FW-11: the tables of record keep 35 days of recovery, keys one, and indexes none', () => {
    const days = Object.fromEntries(
      tables.map((table) => {
        const recovery = replicaOf(table)['PointInTimeRecoverySpecification'] as Record<string, unknown>;
        return [table.physicalId, recovery['PointInTimeRecoveryEnabled'] ? recovery['RecoveryPeriodInDays'] : 0];
      }),
    );
    expect(days).toEqual({
      [physicalNameOf('core')]: 35,
      [physicalNameOf('activity')]: 35,
      [physicalNameOf('rights')]: 35,
      [physicalNameOf('keys')]: 1,
      [physicalNameOf('mirror')]: 1,
      [physicalNameOf('lookup')]: 0,
      [physicalNameOf('transient')]: 0,
      [physicalNameOf('gate')]: 0,
    });
  });

  it('FW-10: the tables of keys and their mirror have keys of their own, apart from the data that they open', () => {
    const keyOf = (name: string) => {
      const table = tables.find(({ physicalId }) => physicalId === physicalNameOf(name));
      return Object(replicaOf(table)['SSESpecification']).KMSMasterKeyId;
    };
    expect(new Set([keyOf('core'), keyOf('keys'), keyOf('mirror')]).size).toBe(3);
  });

  it('every table is as declared: when rows end, what its stream shows', () => {
    expect(tables).toHaveLength(Object.keys(declaredTables).length);
    for (const [name, declared] of Object.entries<TableDeclaration>(declaredTables)) {
      const properties = tables.find(({ physicalId }) => physicalId === physicalNameOf(name))?.properties;
      expect(Object(properties?.['TimeToLiveSpecification']).AttributeName, name).toBe(declared.timeToLive);
      expect(Object(properties?.['StreamSpecification']).StreamViewType, name).toBe(declared.stream);
      expect(properties?.['BillingMode'], name).toBe('PAY_PER_REQUEST');
    }
  });

  it('KP-12, ALL-04: no function may export, copy or restore the tables of keys, and their own policy denies it to all', () => {
    // To ask how far back they could be restored copies nothing: a certificate of erasure rests on it.
    const copying = /(?<!^dynamodb:DescribeContinuous)Backup|Export|Restore|DeleteTable/;
    for (const name of ['keys', 'mirror']) {
      const touching = statements.filter(({ resources }) =>
        resources.some((arn) => arn.includes(physicalNameOf(name))),
      );
      expect(touching.flatMap(({ actions }) => actions).filter((action) => copying.test(action))).toEqual([]);
      const table = tables.find(({ physicalId }) => physicalId === physicalNameOf(name));
      const denied = statementsOf(Object(replicaOf(table)['ResourcePolicy'])['PolicyDocument']);
      expect(denied.every(({ effect }) => effect === 'Deny')).toBe(true);
      expect(denied.flatMap(({ actions }) => actions).sort()).toEqual([
        'dynamodb:CreateBackup',
        'dynamodb:DeleteTable',
        'dynamodb:ExportTableToPointInTime',
        'dynamodb:RestoreTableToPointInTime',
        'dynamodb:UpdateContinuousBackups',
      ]);
    }
  });

  it('KP-13: no statement scans a table, and none has a wildcard among its actions', () => {
    // What AWS does in the caller's name while it restores a table, and the caller cannot do.
    const byAwsAlone = { Bool: { 'aws:ViaAWSService': 'true' } };
    const ours = statements.filter(({ condition }) => !isDeepStrictEqual(condition, byAwsAlone));
    const actions = ours.flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.includes('*') || /:Scan|PartiQL/.test(action))).toEqual([]);
    expect(statements.flatMap((statement) => statement.actions).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('KP-13: a statement names what it allows; a star stands only below one thing of ours', () => {
    // IAM knows no resource for these: lists of the whole account, read by the one worker that certifies erasures.
    const accountWide = [
      'dynamodb:ListBackups',
      'dynamodb:ListTables',
      // The one worker that restores; making one is held to our own functions by a condition.
      'lambda:CreateEventSourceMapping',
      'lambda:ListEventSourceMappings',
      'ses:DeleteSuppressedDestination',
      // Two numbers about the whole account: how much it may send, and has sent.
      'ses:GetSendQuota',
      'ses:GetSuppressedDestination',
    ];
    const resources = statements
      .filter(({ actions }) => !actions.every((action) => accountWide.includes(action)))
      .flatMap((statement) => statement.resources);
    const starred = resources.filter((arn) => arn.includes('*'));
    // A bucket's objects, a table's streams and exports, and the generations of a table, which a restore makes.
    const narrow = /^arn:[^*]+(?:\/(?:(?:stream|export|import)\/)?|:event-source-mapping:)\*$/;
    const generations = /^arn:[^*]+:table\/vern-dev-[a-z]+-g\*(?:\/(?:index\/\w+|(?:stream|export|import)\/\*))?$/;
    expect(starred.filter((arn) => !narrow.test(arn) && !generations.test(arn))).toEqual([]);
  });

  it('SM-04: no function that answers requests may change or delete an activity record or a key', () => {
    for (const name of Object.keys(catalogue.apiFunctions)) {
      const onRecords = statementsOfFunction(name).filter(({ resources }) =>
        resources.some((arn) => arn.includes('table/vern-dev-activity-g') || arn.includes('table/vern-dev-keys')),
      );
      const changing = onRecords.filter(({ actions }) =>
        actions.some((action) => /Update|Delete|Write|Scan/.test(action)),
      );
      // Restriction and objection (Art. 18, 21): the state of a key row, never the key in it.
      for (const { actions, resources, condition } of changing) {
        expect(actions, name).toEqual(['dynamodb:UpdateItem']);
        expect(resources.join(), name).toContain(physicalNameOf('keys'));
        expect(condition, name).toEqual({
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'state', 'refused', 'revision'] },
          StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
        });
      }
    }
  });

  it('SM-04: what was recorded is taken away by one worker at most, and where the log stands is its writers’ alone', () => {
    const byAwsAlone = { Bool: { 'aws:ViaAWSService': 'true' } };
    const onActivity = [...needsByFunction(catalogue)].flatMap(([name, needs]) =>
      statementsOfFunction(name)
        .filter(({ condition }) => !isDeepStrictEqual(condition, byAwsAlone))
        .filter(({ resources }) => resources.some((arn) => arn.endsWith(':table/vern-dev-activity-g*')))
        .map((statement) => ({ ...statement, name, needs })),
    );
    const whereTheLogStands = ['LOG', '*#LOG'];
    const isOfTheLogsState = ({ condition }: Statement) =>
      isDeepStrictEqual(condition, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': whereTheLogStands } });
    const deleting = onActivity.filter(
      (statement) => statement.actions.includes('dynamodb:DeleteItem') && !isOfTheLogsState(statement),
    );
    expect(deleting.filter(({ needs }) => !needs.includes('activity:prune'))).toEqual([]);
    expect(new Set(deleting.map(({ name }) => name)).size).toBeLessThanOrEqual(1);
    for (const statement of onActivity.filter(({ actions }) => actions.includes('dynamodb:PutItem'))) {
      if (isOfTheLogsState(statement)) expect(statement.needs, statement.name).toContain('log-state:write');
      else
        expect(statement.condition, statement.name).toEqual({
          'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': whereTheLogStands },
        });
    }
  });

  it('FW-11: one worker at most writes the gate, and only the keeper puts a copy of a backup into the locked bucket', () => {
    const writing = (name: string, action: RegExp, arn: RegExp) =>
      statementsOfFunction(name).some(
        ({ actions, resources }) => actions.some((one) => action.test(one)) && resources.some((one) => arn.test(one)),
      );
    const names = [...needsByFunction(catalogue).keys()];
    const ofTheGate = names.filter((name) => writing(name, /:(Put|Update|Delete)Item$/, /:table\/vern-dev-gate$/));
    expect(ofTheGate.length).toBeLessThanOrEqual(1);
    const copying = names.filter((name) => writing(name, /^s3:PutObject$/, /offline[^/]*\/\*$/));
    for (const name of copying) expect(needsByFunction(catalogue).get(name), name).toContain('offline:keep');
  });

  it('KP-12: one worker at most may destroy a key', () => {
    const holders = [...needsByFunction(catalogue)].filter(([, needs]) => needs.includes('keys:erase'));
    expect(holders.length).toBeLessThanOrEqual(1);
    expect(holders.filter(([name]) => name in catalogue.apiFunctions)).toEqual([]);
  });

  it('KP-08: mail leaves through the workers for single notices and for jobs, under the declared sender', () => {
    const senders = [...needsByFunction(catalogue).keys()].filter((name) =>
      statementsOfFunction(name).some(({ actions }) => actions.some((action) => action.startsWith('ses:Send'))),
    );
    expect(senders.filter((name) => name !== 'outbox' && name !== 'distributor')).toEqual([]);
    for (const { condition } of statements.filter(({ actions }) =>
      actions.some((action) => action.startsWith('ses:Send')),
    )) {
      expect(condition).toEqual({ StringEquals: { 'ses:FromAddress': 'notices@dev.vern.example' } });
    }
  });

  it('KP-08: SMS and pushes leave through one worker, and none of them to a topic', () => {
    const publishing = [...needsByFunction(catalogue).keys()].filter((name) =>
      statementsOfFunction(name).some(({ actions }) => actions.includes('sns:Publish')),
    );
    expect(publishing.filter((name) => name !== 'outbox')).toEqual([]);
    const held = statements.filter(({ actions, principal }) => actions.includes('sns:Publish') && !principal);
    for (const { resources, notResources } of held) {
      // A telephone number has no ARN, so whatever has one is left out of what may be published to.
      if (resources.length === 0) expect(notResources).toEqual(['arn:aws:sns:*:*:*']);
      expect(resources.filter((arn) => !/^arn:aws:sns:eu-west-1:\d+:(app|endpoint)\//.test(arn))).toEqual([]);
    }
    // What is left out is not named at all: nothing else may be allowed so.
    const open = statements.filter(({ notResources, notActions }) => notResources.length + notActions.length > 0);
    expect(open.filter(({ effect, actions }) => effect === 'Allow' && actions.join() !== 'sns:Publish')).toEqual([]);
  });

  it('KP-02: IP addresses go to one log, alone, for fourteen days', () => {
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    const { DestinationArn, Format } = Object(stage?.properties['AccessLogSettings']);
    const webLog = template.ofType('AWS::Logs::LogGroup').filter((log) => log.attribute('Arn') === DestinationArn);
    expect(webLog.map(({ physicalId, properties }) => [physicalId, properties['RetentionInDays']])).toEqual([
      ['/vern/dev/web-log', 14],
    ]);
    expect(Object.values(JSON.parse(Format))).toContain('$context.identity.sourceIp');
    expect(Format).not.toMatch(/context\.path|authorizer|query|userAgent/);
    // Under the key of operations, which no function may use, and by no function's right to be read.
    const key = template.ofType('AWS::KMS::Key').find(({ logicalId }) => logicalId.includes('Operations'));
    expect(webLog.map(({ properties }) => properties['KmsKeyId'])).toEqual([key?.attribute('Arn')]);
    const isRead = /^logs:(Get|Filter|StartQuery|StartLiveTail|Unmask)/;
    expect(statements.flatMap(({ actions }) => actions).filter((action) => isRead.test(action))).toEqual([]);
    const logsOfFunctions = template
      .ofType('AWS::Lambda::Function')
      .map(({ properties }) => Object(properties['LoggingConfig'])['LogGroup']);
    expect(logsOfFunctions).not.toContain('/vern/dev/web-log');
    expect(template.ofType('AWS::S3::Bucket').filter(({ properties }) => properties['LoggingConfiguration'])).toEqual(
      [],
    );
    expect(template.ofType('AWS::WAFv2::LoggingConfiguration')).toEqual([]);
  });

  it('every function writes to a log group of its own, which ends', () => {
    const functions = template.ofType('AWS::Lambda::Function');
    const named = functions.map(({ properties }) => String(Object(properties['LoggingConfig'])['LogGroup']));
    expect(new Set(named).size).toBe(functions.length);
    const terms = new Map(
      template.ofType('AWS::Logs::LogGroup').map((log) => [log.physicalId, log.properties['RetentionInDays']]),
    );
    for (const name of named) expect(terms.get(name)).toBe(30);
  });

  it('every function runs as declared: arm64, Node 24, a role of its own', () => {
    const functions = template.ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(needsByFunction(catalogue).size);
    for (const { properties } of functions) {
      expect(properties).toMatchObject({ Architectures: ['arm64'], Runtime: 'nodejs24.x', Handler: 'index.handler' });
    }
    expect(new Set(functions.map(({ properties }) => properties['Role'])).size).toBe(functions.length);
  });

  it('the organisations’ key opens only for the functions that declare the need', () => {
    const key = template
      .ofType('AWS::KMS::Key')
      .find(({ properties }) => String(properties['Description']).includes('wraps'));
    const [administered, ...use] = statementsOf(key?.properties['KeyPolicy']);
    expect(administered?.actions.filter((action) => /crypt|GenerateDataKey|CreateGrant|\*/.test(action))).toEqual([]);
    const holders = [...needsByFunction(catalogue)].filter(([, needs]) =>
      needs.some((need) => need.startsWith('organisation-key:')),
    );
    const admitted = new Set(use.flatMap(({ condition }) => listOf(condition['ArnEquals']?.['aws:PrincipalArn'])));
    expect(admitted.size).toBe(holders.length);
    for (const { condition } of use) expect(Object.keys(condition)).toEqual(['ArnEquals']);
  });

  it('what holds anything personal survives its stack and cannot be deleted by accident', () => {
    const retainedTypes = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool', 'AWS::KMS::Key'];
    const raw = [...template.rawByStack.values()].flatMap(({ Resources }) => Object.values(Resources));
    const kept = raw.filter(({ Type }) => retainedTypes.includes(Type));
    expect(kept.length).toBeGreaterThanOrEqual(17);
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
    for (const table of tables) expect(replicaOf(table)['DeletionProtectionEnabled']).toBe(true);
  });

  it('no resource asks AWS Backup for a copy', () => {
    expect(JSON.stringify([...template.rawByStack.values()])).not.toMatch(/aws:backup|AWS::Backup::/i);
  });

  it('stays within what a stack and an API may hold', () => {
    for (const { Resources } of template.rawByStack.values()) {
      expect(Object.keys(Resources).length).toBeLessThan(RESOURCES_MAX);
    }
    const routes = template.ofType('AWS::ApiGatewayV2::Route');
    expect(routes.length).toBeLessThan(ROUTES_MAX);
  });

  it('every declared route is reached through one of the gateway, of its own function and with its own access', () => {
    const routes = template.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => ({
      key: String(properties['RouteKey']),
      access: properties['AuthorizationType'],
      target: properties['Target'],
    }));
    const integrations = new Map(
      template
        .ofType('AWS::ApiGatewayV2::Integration')
        .map(({ logicalId, physicalId }) => [logicalId.toLowerCase(), `integrations/${physicalId}`]),
    );
    const select = routeSelector(routes.map(({ key }) => ({ ...nothingOfARoute, routeKey: key })));
    const reached = new Set<string>();
    for (const [name, fn] of Object.entries(catalogue.apiFunctions)) {
      for (const { method, path, access } of Object.values<Route>(fn.routes)) {
        // HEAD goes where GET goes.
        for (const asked of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
          const key = select(asked, path.replace(/\{\w+\}/g, '7'))?.route.routeKey;
          const target = integrations.get(`${name}integration`.toLowerCase());
          expect(target).toBeDefined();
          const found = routes.find((route) => route.key === key);
          expect(found, `${asked} ${path}`).toMatchObject({ access: isOpenAtGateway(access) ? 'NONE' : 'JWT', target });
          reached.add(found!.key);
        }
      }
    }
    expect(reached.size).toBe(routes.length);
  });

  it('every function of the API has one permission for all its routes', () => {
    const gatewayPermissions = template
      .ofType('AWS::Lambda::Permission')
      .filter(({ properties }) => properties['Principal'] === 'apigateway.amazonaws.com');
    expect(gatewayPermissions).toHaveLength(Object.keys(catalogue.apiFunctions).length);
  });

  it('every need of a route is a right of its function', () => {
    for (const [name, fn] of Object.entries(catalogue.apiFunctions)) {
      const writesCore = needsOfApiFunction(fn).includes('core:write');
      const mayWriteCore = statementsOfFunction(name).some(
        ({ actions, resources }) =>
          actions.includes('dynamodb:PutItem') && resources.some((arn) => arn.endsWith(':table/vern-dev-core-g*')),
      );
      expect(mayWriteCore, name).toBe(writesCore);
    }
  });
}

const refusesPlainText = ({ effect, condition }: Statement) =>
  effect === 'Deny' && condition['Bool']?.['aws:SecureTransport'] === 'false';
