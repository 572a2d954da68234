import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Step } from '../exchange.ts';
import { Problem } from '../problem.ts';
import type { Route, Routes } from '../route.ts';
import { isHead } from './headers-only.ts';

/**
 * Finds the declaration by the request's method and the path of API Gateway's route key; `ANY` stands for all of a path.
 * HEAD is the path's GET. Where the gateway sends all that lies below a path (`…/{rest+}`), the declaration is found by
 * what came, text before variables, and its variables are put in the place of `rest`.
 */
export function matchRoute(routes: Routes): Step {
  const byKey = new Map(Object.entries(routes).map(([id, route]) => [`${route.method} ${route.path}`, { id, route }]));
  const patterns = [...new Set(Object.values(routes).map(({ path }) => path))].map(patternOf).sort(textFirst);
  return {
    before: ({ event, context: { exchange } }) => {
      const path = declaredPath(event, patterns);
      const routeKey = `${isHead(event) ? 'GET' : event.requestContext.http.method} ${path}`;
      const found = byKey.get(routeKey);
      if (!found) throw new Problem('no-such-route');
      exchange.routeKey = routeKey;
      exchange.routeId = found.id;
      exchange.route = found.route;
    },
  };
}

const REST = '/{rest+}';

function declaredPath(event: APIGatewayProxyEventV2, patterns: readonly Pattern[]): string | undefined {
  const [, path = ''] = event.routeKey.split(' ');
  if (!path.endsWith(REST)) return path;
  const { rest = '', ...above } = event.pathParameters ?? {};
  const given = `${path.slice(0, -REST.length)}/${rest}`.split('/');
  for (const { path: declared, segments } of patterns) {
    const parameters = match(segments, given);
    if (!parameters) continue;
    event.pathParameters = { ...parameters, ...above };
    return declared;
  }
  return undefined;
}

interface Pattern {
  readonly path: Route['path'];
  readonly segments: readonly Segment[];
}
interface Segment {
  readonly text: string;
  readonly variable: string | undefined;
}

const patternOf = (path: Route['path']): Pattern => ({
  path,
  segments: path.split('/').map((text) => ({ text, variable: /^\{(\w+)\}$/.exec(text)?.[1] })),
});

/** Of paths as long as each other, for only those can both be meant: across lengths it would be no order. */
function textFirst({ segments: one }: Pattern, { segments: other }: Pattern): number {
  if (one.length !== other.length) return one.length - other.length;
  for (const [index, { variable }] of one.entries()) {
    const difference = Number(variable !== undefined) - Number(other[index]?.variable !== undefined);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The variables; undefined where the path is another. What stands above `rest` is given by its name, and left out. */
function match(segments: readonly Segment[], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { text, variable }] of segments.entries()) {
    const value = given[index]!;
    if (value === text) continue;
    if (variable === undefined || value === '') return undefined;
    parameters[variable] = value;
  }
  return parameters;
}
