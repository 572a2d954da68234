import type { Route } from '../../lambdas/http/route.ts';
import type { Catalogue } from '../catalogue.ts';

type Declared = readonly [id: string, route: Route];

export interface GatewayRoute {
  /** Names it in the template. */
  readonly key: string;
  readonly routeKey: string;
  /** With the same access and function. */
  readonly routes: readonly [Declared, ...Declared[]];
}

/**
 * An API holds 300 routes (API Gateway quotas), and a stack 500 resources: so the methods of a path are one route of the
 * gateway, `ANY`, and the function finds the declaration by the method. A path that is anyone's, is limited by itself, or
 * is served by several functions has a route for each method; the one of its GET is `ANY` too, because HEAD comes the same
 * way and the gateway does not send it there by itself. What has a route of its own takes that one ("Routing API
 * requests": `ANY` is for the methods that are not defined).
 */
export function gatewayRoutes(routes: readonly Declared[], ofSeveral: ReadonlySet<string>): readonly GatewayRoute[] {
  const byPath = Map.groupBy(routes, ([id, { method, path, access, limit }]) =>
    access.to === 'anyone' || limit !== undefined || ofSeveral.has(path) ? `${method} ${path} ${id}` : path,
  );
  return [...byPath.values()].map(([first, ...others]) => {
    const [id, { method, path }] = first!;
    const isAny = others.length > 0 || method === 'GET';
    return { key: id, routeKey: `${isAny ? 'ANY' : method} ${path}`, routes: [first!, ...others] };
  });
}

/** Paths of which one function serves one method and another the other, or one is open and another is not. */
export function pathsOfSeveral({ apiFunctions }: Pick<Catalogue, 'apiFunctions'>): ReadonlySet<string> {
  const served = Object.entries(apiFunctions).flatMap(([name, { routes }]) =>
    Object.values<Route>(routes).map(({ path, access, limit }) => ({
      path,
      by: `${name} ${access.to === 'anyone'} ${limit !== undefined}`,
    })),
  );
  const byPath = Map.groupBy(served, ({ path }) => path);
  return new Set([...byPath].flatMap(([path, all]) => (new Set(all.map(({ by }) => by)).size > 1 ? [path] : [])));
}
