import { describe, expect, it } from 'vitest';
import { apiOf } from '../../../local/gateway/api.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { aFunction, anAssembly, anHttpApi } from '../fixtures/assembly.ts';

const api = (more: Readonly<Record<string, unknown>> = {}, stage: object = {}) => {
  const resources = { One: aFunction('one'), ...anHttpApi('One', ['GET /a', 'GET /b'], { ...stage }), ...more };
  return apiOf(readTemplate(readAssembly(anAssembly([{ resources }])), { api: '', sqs: '' }));
};
const changed = (type: string, properties: object) => ({ Type: `AWS::ApiGatewayV2::${type}`, Properties: properties });
const target = { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] };

describe('the API of a template', () => {
  it('is nothing where the template has none', () => {
    const resources = { One: aFunction('one') };
    expect(apiOf(readTemplate(readAssembly(anAssembly([{ resources }])), { api: '', sqs: '' }))).toBeUndefined();
  });

  it('has its routes, each with its throttle: its own before the default', () => {
    const stage = {
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
      RouteSettings: { 'GET /b': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } },
    };
    expect(api({}, stage)?.routes).toMatchObject([
      {
        routeKey: 'GET /a',
        functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:one',
        timeoutMilliseconds: 30_000,
        throttle: { requestsPerSecond: 200, burst: 400 },
      },
      { routeKey: 'GET /b', throttle: { requestsPerSecond: 1, burst: 2 } },
    ]);
  });

  it.each([
    ['a second API', { Other: changed('Api', {}) }, 'serves one HTTP API, and the template has 2'],
    ['a named stage', { Stage: changed('Stage', { ApiId: { Ref: 'Api' }, StageName: 'v1' }) }, '$default stage alone'],
    [
      'an IAM route',
      {
        Route0: changed('Route', {
          ApiId: { Ref: 'Api' },
          RouteKey: 'GET /a',
          Target: target,
          AuthorizationType: 'AWS_IAM',
        }),
      },
      'knows no AWS_IAM authorisation',
    ],
    [
      'a route whose authorizer is missing',
      {
        Route0: changed('Route', {
          ApiId: { Ref: 'Api' },
          RouteKey: 'GET /a',
          Target: target,
          AuthorizationType: 'JWT',
          AuthorizerId: 'x',
        }),
      },
      'GET /a: its authorizer is not in the template',
    ],
    [
      'an old payload format',
      {
        Integration: changed('Integration', {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['One', 'Arn'] },
          PayloadFormatVersion: '1.0',
        }),
      },
      'payload format 2.0 alone',
    ],
  ])('is refused for %s', (_, more, message) => {
    expect(() => api(more)).toThrow(message);
  });
});
