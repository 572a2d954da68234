import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route.ts';
import { isHead } from './headers-only.ts';

/**
 * Finds the declaration by the request's method and the path of API Gateway's route key; `ANY` stands for all of a path.
 * HEAD is the path's GET.
 */
export function matchRoute(routes: Routes): Step {
  const byKey = new Map(Object.entries(routes).map(([id, route]) => [`${route.method} ${route.path}`, { id, route }]));
  return {
    before: ({ event, context: { exchange } }) => {
      const [, path = ''] = event.routeKey.split(' ');
      const routeKey = `${isHead(event) ? 'GET' : event.requestContext.http.method} ${path}`;
      const found = byKey.get(routeKey);
      if (!found) throw new Problem('no-such-route');
      exchange.routeKey = routeKey;
      exchange.routeId = found.id;
      exchange.route = found.route;
    },
  };
}
