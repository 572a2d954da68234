import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../lambdas/http/middleware/match-route.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { account, type Route } from '../../lambdas/http/route.ts';
import { anEvent } from './kit.ts';

const route = (method: Route['method'], path: Route['path']): Route => ({
  summary: 'A route',
  tag: 'People',
  method,
  path,
  access: account,
  success: { status: 204 },
  problems: [],
  needs: [],
});

const boats = '/v1/organisations/{organisationId}/boats';
const routes = {
  getBoat: route('GET', `${boats}/{boatId}`),
  renameBoat: route('PATCH', `${boats}/{boatId}`),
  getFleet: route('GET', `${boats}/fleet`),
  getMate: route('GET', `${boats}/{boatId}/crew/{personId}`),
  getCrew: route('GET', '/v1/organisations/{organisationId}/crews/{personId}'),
};

/** What comes of a request that the gateway has sent by its greedy route. */
async function matched(method: string, rest: string) {
  const event = anEvent({
    method,
    path: `/v1/organisations/org_1/boats/${rest}`,
    route: `${boats}/{rest+}`,
    params: { organisationId: 'org_1', rest },
  });
  const exchange = {} as { routeId?: string; routeKey?: string };
  await matchRoute(routes).before?.({ event, context: { exchange } } as never);
  return { id: exchange.routeId, key: exchange.routeKey, params: event.pathParameters };
}

describe('what the gateway sends by one greedy route', () => {
  it('is found by its method and path, with its variables', async () => {
    expect(await matched('GET', 'b1')).toEqual({
      id: 'getBoat',
      key: `GET ${boats}/{boatId}`,
      params: { organisationId: 'org_1', boatId: 'b1' },
    });
    expect((await matched('HEAD', 'b1')).id).toBe('getBoat');
    expect((await matched('PATCH', 'b1')).id).toBe('renameBoat');
    expect((await matched('GET', 'b1/crew/p1')).params).toEqual({
      organisationId: 'org_1',
      boatId: 'b1',
      personId: 'p1',
    });
  });

  it('is the path with text where another has a variable', async () => {
    expect((await matched('GET', 'fleet')).id).toBe('getFleet');
  });

  it('is that path in whatever order paths of several lengths are declared', async () => {
    const paths = [
      '{day}/{entryId}',
      '{day}/{entryId}/confirmation',
      '',
      '{day}',
      '{day}/summary',
      '{day}/{entryId}/a/b',
    ];
    for (const turned of paths.map((_, by) => [...paths.slice(by), ...paths.slice(0, by)])) {
      const declared = Object.fromEntries(
        turned.map((rest) => [rest, route('GET', rest === '' ? boats : `${boats}/${rest}`)]),
      );
      const event = anEvent({
        path: '/v1/organisations/org_1/boats/monday/summary',
        route: `${boats}/{rest+}`,
        params: { organisationId: 'org_1', rest: 'monday/summary' },
      });
      const exchange = {} as { routeId?: string };
      await matchRoute(declared).before?.({ event, context: { exchange } } as never);
      expect(exchange.routeId, turned.join()).toBe('{day}/summary');
    }
  });

  it.each([
    ['DELETE', 'b1'],
    ['GET', ''],
    ['GET', 'b1/'],
    ['GET', '/crew/p1'],
    ['GET', 'b1/crew'],
    ['GET', 'b1/crew/p1/more'],
    ['GET', '../crews/p1'],
    ['PATCH', 'fleet'],
  ])('is no route of ours for %s %s', async (method, rest) => {
    await expect(matched(method, rest)).rejects.toThrow(Problem);
  });

  it('takes no variable of the path from what stands above it', async () => {
    const event = anEvent({
      path: '/v1/organisations/org_1/boats/b1',
      route: `${boats}/{rest+}`,
      params: { organisationId: 'org_1', rest: '{boatId}' },
    });
    await matchRoute(routes).before?.({ event, context: { exchange: {} } } as never);
    expect(event.pathParameters).toEqual({ organisationId: 'org_1' });
  });
});
