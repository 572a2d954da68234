import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route.ts';

/** Finds the declaration by API Gateway's route key, which is the same method and path. */
export function matchRoute(routes: Routes): Step {
  const byKey = new Map(Object.entries(routes).map(([id, route]) => [`${route.method} ${route.path}`, { id, route }]));
  return {
    before: ({ event, context: { exchange } }) => {
      const found = byKey.get(event.routeKey);
      if (!found) throw new Problem('no-such-route');
      exchange.routeKey = event.routeKey;
      exchange.routeId = found.id;
      exchange.route = found.route;
    },
  };
}
