import type { RouteDeclaration } from './api.ts';

export interface SelectedRoute {
  readonly route: RouteDeclaration;
  /** Decoded; nothing where the route has no variables. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Pattern {
  readonly route: RouteDeclaration;
  readonly method: string;
  readonly segments: readonly Segment[];
}

type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

const specificity = { text: 0, variable: 1, greedy: 2 };

/**
 * Chooses the most specific route (API Gateway developer guide, "Routing API requests"): text before a variable
 * before a greedy variable, segment by segment; then the method before ANY; `$default` last.
 */
export function routeSelector(
  routes: readonly RouteDeclaration[],
): (method: string, path: string) => SelectedRoute | undefined {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter((route) => route !== fallback)
    .map(patternOf)
    .sort(bySpecificity);
  const bySegmentCount = Map.groupBy(
    patterns.filter(({ segments }) => !isGreedy(segments)),
    ({ segments }) => segments.length,
  );
  const greedy = patterns.filter(({ segments }) => isGreedy(segments));
  return (method, path) => {
    const given = path.slice(1).split('/');
    const candidates = [...(bySegmentCount.get(given.length) ?? []), ...greedy];
    for (const { route, method: wanted, segments } of candidates) {
      if (wanted !== method && wanted !== 'ANY') continue;
      const pathParameters = match(segments, given);
      if (pathParameters)
        return { route, pathParameters: Object.keys(pathParameters).length ? pathParameters : undefined };
    }
    return fallback && { route: fallback, pathParameters: undefined };
  };
}

const isGreedy = (segments: readonly Segment[]) => segments.at(-1)?.kind === 'greedy';

function patternOf(route: RouteDeclaration): Pattern {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: path.slice(1).split('/').map(segmentOf) };
}

function segmentOf(text: string): Segment {
  const variable = /^\{([^}+]+)(\+?)\}$/.exec(text);
  if (!variable?.[1]) return { kind: 'text', text };
  return { kind: variable[2] ? 'greedy' : 'variable', name: variable[1] };
}

function bySpecificity(left: Pattern, right: Pattern): number {
  const count = Math.min(left.segments.length, right.segments.length);
  for (let index = 0; index < count; index += 1) {
    const difference = rank(left.segments[index]) - rank(right.segments[index]);
    if (difference !== 0) return difference;
  }
  // The longer literal path is the more specific of two greedy ones.
  return right.segments.length - left.segments.length || Number(left.method === 'ANY') - Number(right.method === 'ANY');
}

const rank = (segment: Segment | undefined) => (segment ? specificity[segment.kind] : 0);

function match(segments: readonly Segment[], given: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = segment.kind === 'greedy' ? given.slice(index).join('/') : given[index];
    if (!value && !(segment.kind === 'text' && segment.text === '' && value === '')) return undefined;
    if (segment.kind === 'text' && segment.text !== decoded(value ?? '')) return undefined;
    if (segment.kind !== 'text') parameters[segment.name] = decoded(value ?? '');
  }
  return parameters;
}

/** Percent-decoded; what is no valid encoding stays as it came. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
