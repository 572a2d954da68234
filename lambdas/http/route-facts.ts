import type { ProblemSlug } from './problem.ts';
import type { Route } from './route.ts';

/** A key is kept per account: a route for anyone has nobody to keep it for. */
export const demandsIdempotencyKey = (route: Route): boolean => route.creates === true && route.access.to !== 'anyone';

export const demandsIfMatch = ({ versioned, method }: Route): boolean =>
  versioned === true && (method === 'PUT' || method === 'PATCH' || method === 'DELETE');

/** Every expected failure of a route: those that follow from its declaration, and those that it declares. */
export function problemsOf(route: Route): readonly ProblemSlug[] {
  const implied: ProblemSlug[] = ['malformed-request'];
  if (route.access.to !== 'anyone') {
    implied.push('not-signed-in');
    if (route.access.proof === 'fresh') implied.push('fresh-proof-required');
    if (route.method !== 'GET') implied.push('busy');
  }
  if (route.access.to === 'role') implied.push('role-required', 'not-allowed', 'role-session-required');
  if (route.path.includes('{organisationId}')) implied.push('organisation-not-found');
  if (route.body) implied.push('body-too-large', 'unsupported-media-type');
  if (demandsIdempotencyKey(route)) implied.push('idempotency-key-required', 'idempotency-key-reused');
  if (demandsIfMatch(route)) implied.push('version-required', 'stale-version');
  return [...new Set([...implied, ...route.problems])];
}
