import { createHash } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { userPoolClientId, userPoolId } from '../cognito/declaration.ts';
import { keyFromTemplate } from '../kms/key.ts';

/** What a resource's identity may be made of. */
export interface Identity {
  readonly stackName: string;
  readonly logicalId: string;
  /** A resolved property that must be text, or nothing. */
  text(property: string): string | undefined;
  readonly endpoints: TemplateEndpoints;
}

/** Addresses that the template's attributes contain; known before it is read. */
export interface TemplateEndpoints {
  readonly api: string;
  readonly sqs: string;
}

/** What `Ref` and `Fn::GetAtt` answer for one resource type. */
export interface ResourceType {
  readonly ref: (it: Identity) => string;
  readonly attributes: Readonly<Record<string, (it: Identity) => string>>;
  /** Why the embedded cloud creates nothing for it. */
  readonly nothingNeeded?: string;
}

const named = (property: string) => (it: Identity) => it.text(property) ?? fallbackName(it);
/** The name under which the embedded KMS knows a key, unique over all stacks. */
export const kmsName = ({ stackName, logicalId }: { readonly stackName: string; readonly logicalId: string }) =>
  `${stackName}/${logicalId}`;

const fallbackName = (it: Identity) => `${it.stackName}-${it.logicalId}`;

/** Lower-case letters and digits that stay the same for the same resource from start to start. */
const stableId = (length: number) => (it: Identity) =>
  BigInt(`0x${digest(it)}`)
    .toString(36)
    .padStart(length, '0')
    .slice(0, length);
const digest = (it: Identity) => createHash('sha256').update(`${it.stackName}/${it.logicalId}`).digest('hex');

const arn = (service: string, resource: (it: Identity) => string) => (it: Identity) =>
  `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource(it)}`;
const globalArn = (service: string, resource: (it: Identity) => string) => (it: Identity) =>
  `arn:aws:${service}::${resource(it)}`;

const tableName = named('TableName');
const table: ResourceType = {
  ref: tableName,
  attributes: {
    Arn: arn('dynamodb', (it) => `table/${tableName(it)}`),
    StreamArn: arn('dynamodb', (it) => `table/${tableName(it)}/stream/1970-01-01T00:00:00.000`),
    TableId: stableId(32),
  },
};

const queueName = (it: Identity) => it.text('QueueName') ?? fallbackName(it);
const queueUrl = (it: Identity) => `${it.endpoints.sqs}/${ACCOUNT_ID}/${queueName(it)}`;
const topicName = named('TopicName');
const topicArn = arn('sns', topicName);
const functionName = named('FunctionName');
// S3 allows no capitals in a bucket's name.
const bucketName = (it: Identity) => it.text('BucketName') ?? fallbackName(it).toLowerCase().slice(0, 63);
const poolId = (it: Identity) => userPoolId(REGION, it.logicalId);
const clientId = (it: Identity) => userPoolClientId(it.logicalId);
const keyId = (it: Identity) => keyFromTemplate(kmsName(it), {}, { region: REGION }).keyId;
const idpHost = `cognito-idp.${REGION}.amazonaws.com`;

function nothing(why: string, service: string, resource: string, nameProperty = 'Name'): ResourceType {
  const ref = named(nameProperty);
  const resourceArn = arn(service, (it) => `${resource}${ref(it)}`);
  return { ref, attributes: { Arn: resourceArn, Id: ref }, nothingNeeded: why };
}

function plain(): ResourceType {
  return { ref: fallbackName, attributes: { Id: fallbackName } };
}

const iam = 'the embedded cloud asks no permissions, except where a policy decides which endpoint a function gets';
const monitoring = 'there is nothing to measure on one machine';
const policy =
  'who may call is proven on the template; the engines listen on 127.0.0.1 alone, and tell a policy where they are asked for it';
const domains = 'the embedded cloud has one address of its own';
const accountWide = 'it watches an AWS account, and here is none';

/** Every resource type that the embedded cloud knows; a template with another one does not start. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::SQS::Queue': {
    ref: queueUrl,
    attributes: { Arn: arn('sqs', queueName), QueueName: queueName, QueueUrl: queueUrl },
  },
  'AWS::SNS::Topic': { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: topicName } },
  'AWS::SNS::Subscription': plain(),
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: arn('lambda', (it) => `function:${functionName(it)}`) },
  },
  'AWS::Lambda::Version': {
    ref: (it) => `${functionArnOf(it)}:1`,
    attributes: { Version: () => '1', FunctionArn: (it) => `${functionArnOf(it)}:1` },
    nothingNeeded: 'the embedded cloud runs one version of each function, the newest',
  },
  'AWS::Lambda::Alias': {
    ref: (it) => `${functionArnOf(it)}:${it.text('Name')}`,
    attributes: { AliasArn: (it) => `${functionArnOf(it)}:${it.text('Name')}` },
    nothingNeeded: 'the embedded cloud runs one version of each function, the newest',
  },
  'AWS::Lambda::EventSourceMapping': plain(),
  'AWS::Lambda::EventInvokeConfig': plain(),
  'AWS::ApiGatewayV2::Api': {
    ref: stableId(10),
    attributes: { ApiEndpoint: (it) => it.endpoints.api, ApiId: stableId(10) },
  },
  'AWS::ApiGatewayV2::Route': { ref: stableId(7), attributes: { RouteId: stableId(7) } },
  'AWS::ApiGatewayV2::Integration': { ref: stableId(7), attributes: { IntegrationId: stableId(7) } },
  'AWS::ApiGatewayV2::Authorizer': { ref: stableId(6), attributes: { AuthorizerId: stableId(6) } },
  'AWS::ApiGatewayV2::Stage': { ref: named('StageName'), attributes: {} },
  'AWS::Cognito::UserPool': {
    ref: poolId,
    attributes: {
      Arn: arn('cognito-idp', (it) => `userpool/${poolId(it)}`),
      ProviderName: (it) => `${idpHost}/${poolId(it)}`,
      ProviderURL: (it) => `https://${idpHost}/${poolId(it)}`,
      UserPoolId: poolId,
    },
  },
  'AWS::Cognito::UserPoolClient': { ref: clientId, attributes: { ClientId: clientId, Name: named('ClientName') } },
  'AWS::Cognito::UserPoolGroup': { ref: named('GroupName'), attributes: {} },
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: {
      Arn: globalArn('s3', (it) => `:${bucketName(it)}`),
      DomainName: (it) => `${bucketName(it)}.s3.amazonaws.com`,
      RegionalDomainName: (it) => `${bucketName(it)}.s3.${REGION}.amazonaws.com`,
    },
  },
  'Custom::S3BucketNotifications': plain(),
  'AWS::KMS::Key': { ref: keyId, attributes: { Arn: arn('kms', (it) => `key/${keyId(it)}`), KeyId: keyId } },
  'AWS::KMS::Alias': { ref: named('AliasName'), attributes: {} },
  'AWS::SSM::Parameter': {
    ref: named('Name'),
    attributes: { Value: (it) => it.text('Value') ?? '', Type: (it) => it.text('Type') ?? 'String' },
  },
  'AWS::Scheduler::Schedule': {
    ref: named('Name'),
    attributes: { Arn: arn('scheduler', (it) => `schedule/default/${named('Name')(it)}`) },
  },
  'AWS::Scheduler::ScheduleGroup': nothing('a group holds nothing of its own', 'scheduler', 'schedule-group/'),
  'AWS::Events::Rule': { ref: named('Name'), attributes: { Arn: arn('events', (it) => `rule/${named('Name')(it)}`) } },
  'AWS::SES::ConfigurationSet': { ref: named('Name'), attributes: {} },
  'AWS::SES::ConfigurationSetEventDestination': plain(),
  'AWS::SES::EmailIdentity': {
    ref: named('EmailIdentity'),
    attributes: Object.fromEntries(
      [1, 2, 3].flatMap((index) => [
        [
          `DkimDNSTokenName${index}`,
          (it: Identity) => `token${index}._domainkey.${it.text('EmailIdentity') ?? 'local'}`,
        ],
        [`DkimDNSTokenValue${index}`, () => `token${index}.dkim.amazonses.com`],
      ]),
    ),
    nothingNeeded: 'the embedded mailbox takes mail from any sender',
  },
  'AWS::SES::ReceiptRuleSet': { ref: named('RuleSetName'), attributes: {} },
  'AWS::SES::ReceiptRule': { ref: (it) => fallbackName(it), attributes: {} },
  'AWS::IAM::Role': {
    ref: named('RoleName'),
    attributes: { Arn: globalArn('iam', (it) => `${ACCOUNT_ID}:role/${named('RoleName')(it)}`), RoleId: stableId(21) },
    nothingNeeded: iam,
  },
  'AWS::IAM::Policy': { ...nothing(iam, 'iam', 'policy/', 'PolicyName') },
  'AWS::IAM::ManagedPolicy': {
    ref: globalArn('iam', (it) => `${ACCOUNT_ID}:policy/${named('ManagedPolicyName')(it)}`),
    attributes: {},
    nothingNeeded: iam,
  },
  'AWS::Lambda::Permission': nothing(iam, 'lambda', 'permission/'),
  'AWS::CloudWatch::Alarm': nothing(monitoring, 'cloudwatch', 'alarm:', 'AlarmName'),
  'AWS::CloudWatch::CompositeAlarm': nothing(monitoring, 'cloudwatch', 'alarm:', 'AlarmName'),
  'AWS::CloudWatch::Dashboard': nothing(monitoring, 'cloudwatch', 'dashboard/', 'DashboardName'),
  'AWS::Logs::LogGroup': nothing('logs go to files under the state directory', 'logs', 'log-group:', 'LogGroupName'),
  'AWS::Logs::MetricFilter': nothing(monitoring, 'logs', 'metric-filter:', 'FilterName'),
  'AWS::Logs::ResourcePolicy': nothing(policy, 'logs', 'resource-policy:', 'PolicyName'),
  'AWS::Logs::QueryDefinition': nothing(monitoring, 'logs', 'query-definition:'),
  'AWS::WAFv2::WebACL': {
    ref: named('Name'),
    attributes: { Arn: arn('wafv2', (it) => `regional/webacl/${named('Name')(it)}/${stableId(36)(it)}`) },
  },
  'AWS::WAFv2::WebACLAssociation': plain(),
  'AWS::WAFv2::LoggingConfiguration': nothing(monitoring, 'wafv2', 'logging/'),
  'AWS::S3::BucketPolicy': nothing(policy, 's3', 'policy/', 'Bucket'),
  'AWS::SQS::QueuePolicy': nothing(policy, 'sqs', 'policy/'),
  'AWS::SNS::TopicPolicy': nothing(policy, 'sns', 'policy/'),
  'AWS::Events::EventBusPolicy': nothing(policy, 'events', 'policy/'),
  'AWS::CertificateManager::Certificate': nothing(domains, 'acm', 'certificate/'),
  'AWS::ApiGatewayV2::DomainName': nothing(domains, 'apigateway', '/domainnames/', 'DomainName'),
  'AWS::ApiGatewayV2::ApiMapping': nothing(domains, 'apigateway', '/mappings/'),
  'AWS::Route53::RecordSet': nothing(domains, 'route53', 'recordset/'),
  'AWS::CloudTrail::Trail': nothing(accountWide, 'cloudtrail', 'trail/', 'TrailName'),
  'AWS::Budgets::Budget': nothing(accountWide, 'budgets', 'budget/'),
  'AWS::Backup::BackupVault': nothing(accountWide, 'backup', 'backup-vault:', 'BackupVaultName'),
  'AWS::Backup::BackupPlan': nothing(accountWide, 'backup', 'backup-plan:'),
  'AWS::Backup::BackupSelection': nothing(accountWide, 'backup', 'backup-selection:'),
  'AWS::CDK::Metadata': nothing('it only tells CDK who made the template', 'cdk', 'metadata/'),
};

function functionArnOf(it: Identity): string {
  const nameOrArn = it.text('FunctionName') ?? '';
  return nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${nameOrArn}`;
}
