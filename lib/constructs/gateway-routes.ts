import type { Route } from '../../lambdas/http/route.ts';
import { isOpenAtGateway } from '../../lambdas/http/route-facts.ts';
import type { Catalogue } from '../catalogue.ts';

type Declared = readonly [id: string, route: Route];

export interface GatewayRoute {
  /** Names it in the template. */
  readonly key: string;
  readonly routeKey: string;
  /** With the same access and function. */
  readonly routes: readonly [Declared, ...Declared[]];
}

/** What lies below a place; `rest` is read by the function (lambdas/http/middleware/match-route.ts). */
const REST = '{rest+}';
/** Above all places whose paths may be gathered: signed in, and of one kind of caller. */
const ABOVE = /^\/v1\/(?:organisations\/\{organisationId\}|platform|me)\//;

/**
 * An API holds 300 routes (API Gateway quotas), and a stack 500 resources: so the methods of a path are one route of the
 * gateway, `ANY`, and the function finds the declaration by the method. A path that is anyone's, is limited by itself, or
 * is served by several functions has a route for each method; the one of its GET is `ANY` too, because HEAD comes the same
 * way and the gateway does not send it there by itself. What has a route of its own takes that one ("Routing API
 * requests": `ANY` is for the methods that are not defined).
 *
 * Paths below one place (`…/people`, `…/people/{personId}/threads`) are one greedy route of the function that serves most
 * of them: whatever else has a route of its own is the more specific, and wins.
 */
export function gatewayRoutes(
  fn: string,
  routes: readonly Declared[],
  { ofSeveral, mainOfPlace }: SharedPaths,
): readonly GatewayRoute[] {
  const byKey = Map.groupBy(routes, ([id, route]) => {
    const { method, path } = route;
    if (isApart(route) || ofSeveral.has(path)) return `${method} ${path} ${id}`;
    const place = placesAbove(path).find((above) => mainOfPlace.get(above) === fn);
    return place === undefined ? path : `${place}/${REST}`;
  });
  return [...byKey].map(([path, [first, ...others]]) => {
    const [id, { method, path: own }] = first!;
    if (path.endsWith(REST)) return { key: `${id}AndMore`, routeKey: `ANY ${path}`, routes: [first!, ...others] };
    const isAny = others.length > 0 || method === 'GET';
    return { key: id, routeKey: `${isAny ? 'ANY' : method} ${own}`, routes: [first!, ...others] };
  });
}

/** The gateway must treat it by itself: it lets it through unsigned, or holds it back. */
const isApart = ({ access, limit }: Route) => isOpenAtGateway(access) || limit !== undefined;
/** The nouns that a path goes through, the first one first. */
function placesAbove(path: string): string[] {
  const start = ABOVE.exec(path)?.[0].length;
  if (start === undefined) return [];
  const ends = [...path.matchAll(/\/(?=.)/g)].map(({ index }) => index).filter((index) => index > start);
  return ends.map((end) => path.slice(0, end)).filter((place) => !place.endsWith('}'));
}

export interface SharedPaths {
  /** Paths of which one function serves one method and another the other, or one is open and another is not. */
  readonly ofSeveral: ReadonlySet<string>;
  /** The function that serves most of what lies below a noun, where that is more than one path. */
  readonly mainOfPlace: ReadonlyMap<string, string>;
}

export function sharedPaths({ apiFunctions }: Pick<Catalogue, 'apiFunctions'>): SharedPaths {
  const served = Object.entries(apiFunctions).flatMap(([fn, { routes }]) =>
    Object.values<Route>(routes).map((route) => ({ path: route.path, fn, route })),
  );
  const byPath = Map.groupBy(served, ({ path }) => path);
  const ofSeveral = new Set(
    [...byPath].flatMap(([path, all]) =>
      new Set(all.map(({ fn, route }) => `${fn} ${route.access.to} ${route.limit !== undefined}`)).size > 1
        ? [path]
        : [],
    ),
  );
  const foldable = served.filter(({ path, route }) => !isApart(route) && !ofSeveral.has(path));
  const below = Map.groupBy(
    foldable.flatMap(({ path, fn }) => placesAbove(path).map((place) => ({ place, path, fn }))),
    ({ place }) => place,
  );
  const mainOfPlace = new Map<string, string>();
  for (const [place, paths] of below) {
    const counted = [...Map.groupBy(paths, ({ fn }) => fn)].map(([fn, own]) => ({
      fn,
      count: new Set(own.map(({ path }) => path)).size,
    }));
    const [most] = counted.toSorted((one, other) => other.count - one.count);
    if (most && most.count > 1) mainOfPlace.set(place, most.fn);
  }
  return { ofSeveral, mainOfPlace };
}
