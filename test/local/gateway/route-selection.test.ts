import { describe, expect, it } from 'vitest';
import type { RouteDeclaration } from '../../../local/gateway/api.ts';
import { routeSelector } from '../../../local/gateway/route-selection.ts';

const route = (routeKey: string): RouteDeclaration => ({
  routeKey,
  functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:one',
  timeoutMilliseconds: 30_000,
  authorizer: undefined,
  scopes: [],
  throttle: undefined,
});

const keys = [
  'GET /pets',
  'GET /pets/dog',
  'GET /pets/{petId}',
  'ANY /pets/{petId}',
  'GET /pets/{petId}/toys/{toyId}',
  'ANY /files/{path+}',
  'GET /files/{path+}',
  'GET /files/readme',
  'GET /',
];

describe('the choice of a route', () => {
  const select = routeSelector(keys.map(route));

  it.each([
    ['GET', '/pets', 'GET /pets', undefined],
    ['GET', '/pets/dog', 'GET /pets/dog', undefined],
    ['GET', '/pets/cat', 'GET /pets/{petId}', { petId: 'cat' }],
    ['DELETE', '/pets/dog', 'ANY /pets/{petId}', { petId: 'dog' }],
    ['GET', '/pets/a%2Fb/toys/%C3%A6', 'GET /pets/{petId}/toys/{toyId}', { petId: 'a/b', toyId: 'æ' }],
    ['GET', '/pets/%E0%A4%A', 'GET /pets/{petId}', { petId: '%E0%A4%A' }],
    ['GET', '/files/readme', 'GET /files/readme', undefined],
    ['GET', '/files/a/b.txt', 'GET /files/{path+}', { path: 'a/b.txt' }],
    ['PUT', '/files/a', 'ANY /files/{path+}', { path: 'a' }],
    ['GET', '/', 'GET /', undefined],
  ])('for %s %s is %s', (method, path, routeKey, pathParameters) => {
    const selected = select(method, path);
    expect(selected?.route.routeKey).toBe(routeKey);
    expect(selected?.pathParameters).toEqual(pathParameters);
  });

  it.each([
    ['POST', '/pets'],
    ['GET', '/pets/'],
    ['GET', '/files'],
    ['GET', '/files/'],
    ['GET', '/pets/1/toys'],
    ['GET', '/Pets'],
  ])('for %s %s is none', (method, path) => {
    expect(select(method, path)).toBeUndefined();
  });

  it('does not depend on the order in which routes are declared', () => {
    const reversed = routeSelector(keys.toReversed().map(route));
    expect(reversed('GET', '/pets/dog')?.route.routeKey).toBe('GET /pets/dog');
    expect(reversed('GET', '/files/x')?.route.routeKey).toBe('GET /files/{path+}');
  });

  it('falls back to $default', () => {
    const withDefault = routeSelector([...keys, '$default'].map(route));
    expect(withDefault('POST', '/nowhere')?.route.routeKey).toBe('$default');
    expect(withDefault('GET', '/pets')?.route.routeKey).toBe('GET /pets');
  });
});
