import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { anAssembly, aTable, type StackFixture } from '../fixtures/assembly.ts';

const endpoints = { api: 'http://127.0.0.1:1111', sqs: 'http://127.0.0.1:2222' };
const template = (...stacks: StackFixture[]) => readTemplate(readAssembly(anAssembly(stacks)), endpoints);

/** What the value becomes as the content of an SSM parameter beside a table, a queue and an API. */
function resolved(value: unknown, more: Partial<StackFixture> = {}): unknown {
  const resources = {
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/vern/value', Type: 'String', Value: value } },
    Core: aTable('core-g1'),
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'letters' } },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
    ...more.resources,
  };
  const [parameter] = template({ name: 'main', ...more, resources }).ofType('AWS::SSM::Parameter');
  return parameter?.properties['Value'];
}

describe('the template reader', () => {
  it.each([
    ['a name by Ref', { Ref: 'Core' }, 'core-g1'],
    ['a queue by its URL', { Ref: 'Queue' }, 'http://127.0.0.1:2222/000000000000/letters'],
    [
      'an ARN in the one region',
      { 'Fn::GetAtt': ['Core', 'Arn'] },
      'arn:aws:dynamodb:eu-west-1:000000000000:table/core-g1',
    ],
    ['the dotted form', { 'Fn::GetAtt': 'Queue.QueueName' }, 'letters'],
    ["the API's real address", { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, 'http://127.0.0.1:1111'],
    ['joined text', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 'b']] }, 'a-eu-west-1-b'],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax
    [
      'substituted text',
      { 'Fn::Sub': '${Core}/${Queue.QueueName}/${AWS::AccountId}/${!Kept}' },
      'core-g1/letters/000000000000/${Kept}',
    ],
    ['substituted variables', { 'Fn::Sub': ['${One}-${Core}', { One: { Ref: 'AWS::Partition' } }] }, 'aws-core-g1'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
    ['a part of a split text', { 'Fn::Select': [1, { 'Fn::Split': ['|', 'a|b|c'] }] }, 'b'],
    ['a list without what has no value', [{ Ref: 'AWS::NoValue' }, 1], [1]],
    ['Base64', { 'Fn::Base64': 'æ' }, 'w6Y='],
  ])('gives %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it('follows conditions, and leaves out the resources that they exclude', () => {
    const conditions = {
      IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      IsOther: {
        'Fn::And': [
          { 'Fn::Not': [{ Condition: 'IsTest' }] },
          { 'Fn::Or': [{ Condition: 'IsTest' }, { 'Fn::Equals': ['1', 1] }] },
        ],
      },
    };
    const parameters = { Stage: { Type: 'String', Default: 'test' } };
    const value = { 'Fn::If': ['IsTest', 'yes', { Ref: 'Missing' }] };
    expect(resolved(value, { conditions, parameters })).toBe('yes');
    const resources = { Only: { ...aTable('other'), Condition: 'IsOther' } };
    expect(template({ resources, conditions, parameters }).resources).toEqual([]);
  });

  it('follows references from stack to stack: exports, outputs and SSM parameters', () => {
    const data: StackFixture = {
      name: 'data',
      resources: {
        Core: aTable('core-g1'),
        Name: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/vern/core', Type: 'String', Value: { Ref: 'Core' } },
        },
      },
      outputs: { CoreArn: { Value: { 'Fn::GetAtt': ['Core', 'Arn'] }, Export: { Name: 'core-arn' } } },
    };
    const queue = (name: unknown) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: name } });
    const api: StackFixture = {
      name: 'api',
      parameters: { Core: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/vern/core' } },
      resources: {
        A: queue({ 'Fn::ImportValue': 'core-arn' }),
        B: queue({ 'Fn::GetStackOutput': { StackName: 'data', OutputName: 'CoreArn', Region: 'eu-west-1' } }),
        C: queue({ Ref: 'Core' }),
        D: queue('{{resolve:ssm:/vern/core}}-letters'),
      },
    };
    const names = template(data, api)
      .ofType('AWS::SQS::Queue')
      .map((each) => each.attribute('QueueName'));
    const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/core-g1';
    expect(names).toEqual([arn, arn, 'core-g1', 'core-g1-letters']);
  });

  it('keeps the ids of pools, clients and keys from start to start', () => {
    const resources = {
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
      Client: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Pool' } } },
      Key: { Type: 'AWS::KMS::Key', Properties: {} },
    };
    const ids = () => template({ resources }).resources.map(({ physicalId }) => physicalId);
    const [pool, client, key] = ids();
    expect(pool).toMatch(/^eu-west-1_[A-Za-z0-9]{9}$/);
    expect(client).toMatch(/^[a-z0-9]{26}$/);
    expect(key).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids()).toEqual([pool, client, key]);
  });

  it.each([
    [
      'a resource type',
      { resources: { Odd: { Type: 'AWS::Neptune::DBCluster' } } },
      'main/Odd: the embedded cloud knows no resource type AWS::Neptune::DBCluster',
    ],
    ['a reference', { resources: {} }, 'main: there is no resource or parameter Missing', { Ref: 'Missing' }],
    [
      'an attribute',
      { resources: {} },
      'main/Core: the embedded cloud knows no attribute AWS::DynamoDB::GlobalTable.Cost',
      { 'Fn::GetAtt': ['Core', 'Cost'] },
    ],
    [
      'an intrinsic',
      { resources: {} },
      'main: the embedded cloud knows no intrinsic Fn::Cidr',
      { 'Fn::Cidr': ['10.0.0.0/8'] },
    ],
    ['an export', { resources: {} }, 'main: no stack exports nobody', { 'Fn::ImportValue': 'nobody' }],
  ])('names %s that it does not know', (_, more, message, value = 'x' as unknown) => {
    expect(() => resolved(value, more)).toThrow(message);
  });

  it('creates nothing for what a single machine does not need, and still knows its name', () => {
    const resources = {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'reader' } },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: { 'Fn::Unheard': 'of' } } },
    };
    expect(resolved({ 'Fn::GetAtt': ['Role', 'Arn'] }, { resources })).toBe('arn:aws:iam::000000000000:role/reader');
  });
});
