import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { movableClock } from '../../../local/clock.ts';
import { openAccessLog } from '../../../local/gateway/access-log.ts';
import { apiOf } from '../../../local/gateway/api.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { aFolder, aFunction, anAssembly, anHttpApi } from '../fixtures/assembly.ts';
import { aCloud } from '../fixtures/cloud.ts';

const format = JSON.stringify({
  id: '$context.requestId',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  error: '$context.error.responseType',
  integration: '$context.integrationErrorMessage',
});
const logGroup = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'web', RetentionInDays: 14 } };
const stage = (more: object = {}) => ({
  AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': ['WebLog', 'Arn'] }, Format: format, ...more },
});
const apiWith = (settings: object, resources: object = { WebLog: logGroup }) => {
  const all = { One: aFunction('one'), ...anHttpApi('One', ['GET /a/{id}'], { ...settings }), ...resources };
  return apiOf(readTemplate(readAssembly(anAssembly([{ resources: all }])), { api: '', sqs: '' }));
};

describe('the access log of a template', () => {
  it('has the stage’s format and the log group’s retention', () => {
    expect(apiWith(stage())?.accessLog).toEqual({ format, retentionDays: 14 });
    expect(apiWith({})?.accessLog).toBeUndefined();
  });

  it('is refused where it would be written otherwise than declared', () => {
    expect(() => apiWith(stage({ Format: '$context.authorizer.claims.email' }))).toThrow(
      'knows no $context.authorizer.claims.email',
    );
    expect(() => apiWith(stage({ DestinationArn: 'arn:aws:logs:eu-west-1:000000000000:log-group:other' }))).toThrow(
      'no log group of the template',
    );
  });
});

describe('the access log', () => {
  it('has a line for each request in the declared format, apart from the functions’ logs', async () => {
    const stateDir = aFolder();
    const resources = {
      One: aFunction('one'),
      WebLog: logGroup,
      ...anHttpApi('One', ['GET /a/{id}'], stage()),
    };
    const source =
      'exports.handler = async ({ rawPath }) => { if (rawPath === "/a/bad") throw new Error(); return "ok"; };';
    const cloud = await aCloud({ resources }, { one: source }, stateDir);
    const ids: (string | null)[] = [];
    for (const path of ['/a/1', '/a/bad', '/b']) {
      ids.push((await fetch(cloud.endpoints.api + path)).headers.get('apigw-requestid'));
    }
    await cloud.close();
    const folder = join(stateDir, 'logs', 'web');
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
    const same = { ip: '127.0.0.1', integration: '-', error: '-' };
    const inTheFunction = 'The Lambda function returned the following error: Unhandled';
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ...same, id: ids[0], route: 'GET /a/{id}', status: '200', bytes: '2' },
      {
        ...same,
        id: ids[1],
        route: 'GET /a/{id}',
        status: '500',
        bytes: '35',
        error: 'DEFAULT_5XX',
        integration: inTheFunction,
      },
      { ...same, id: ids[2], route: '-', status: '404', bytes: '23', error: 'RESOURCE_NOT_FOUND' },
    ]);
    for (const name of readdirSync(join(stateDir, 'logs')).filter((each) => each.endsWith('.log'))) {
      expect(readFileSync(join(stateDir, 'logs', name), 'utf8')).not.toContain('127.0.0.1');
    }
  });

  it('KP-02: is gone after the retention of its log group, when the clock moves and at the next start', async () => {
    const [stateDir, directory] = [aFolder(), join(aFolder(), 'web')];
    const clock = movableClock({ stateDir, now: () => Date.UTC(2026, 10, 21, 12) });
    const log = openAccessLog({ format: '$context.path', retentionDays: 14 }, directory, clock);
    log.write({ path: '/first' });
    clock.advance('P1D');
    log.write({ path: '/second' });
    await log.close();
    expect(readdirSync(directory)).toEqual(['2026-11-21.log', '2026-11-22.log']);

    const again = openAccessLog({ format: '$context.path', retentionDays: 14 }, directory, clock);
    clock.advance('P13D');
    expect(readFileSync(join(directory, '2026-11-21.log'), 'utf8')).toBe('/first\n');
    clock.advance('P1D');
    expect(readdirSync(directory)).toEqual(['2026-11-22.log']);
    await again.close();
    clock.advance('P1D');
    await openAccessLog({ format: '$context.path', retentionDays: 14 }, directory, clock).close();
    expect(existsSync(join(directory, '2026-11-22.log'))).toBe(false);
  });

  it('lets no value end its line', async () => {
    const [stateDir, directory] = [aFolder(), join(aFolder(), 'web')];
    const clock = movableClock({ stateDir, now: () => Date.UTC(2026, 10, 21, 12) });
    const log = openAccessLog({ format: '{"path":"$context.path"}', retentionDays: undefined }, directory, clock);
    log.write({ path: '/a"}\n{"path":"/forged' });
    await log.close();
    const lines = readFileSync(join(directory, '2026-11-21.log'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ path: '/a"}\n{"path":"/forged' }]);
  });
});
