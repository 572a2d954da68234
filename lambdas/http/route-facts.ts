import type { ProblemSlug } from './problem.ts';
import type { Access, Route } from './route.ts';

/** A key is kept per account: where nobody is signed in there is nobody to keep it for. */
export const demandsIdempotencyKey = (route: Route): boolean =>
  route.creates === true && !isOpenAtGateway(route.access);

export const demandsIfMatch = ({ versioned, method }: Route): boolean =>
  versioned === true && (method === 'PUT' || method === 'PATCH' || method === 'DELETE');

/**
 * The gateway knows tokens alone: what anyone may call, and what is signed instead, it lets through, and the function
 * decides.
 */
export const isOpenAtGateway = ({ to }: Access): boolean => to === 'anyone' || to === 'device';

/** Every expected failure of a route: those that follow from its declaration, and those that it declares. */
export function problemsOf(route: Route): readonly ProblemSlug[] {
  const implied: ProblemSlug[] = ['malformed-request', 'service-restoring', ...problemsOfAccess(route)];
  if (route.body) implied.push('body-too-large', 'unsupported-media-type');
  if (demandsIdempotencyKey(route)) implied.push('idempotency-key-required', 'idempotency-key-reused', 'answer-closed');
  // The tables may be busy: every caller with an account is looked up there, and a route says what else it needs.
  if (route.access.to !== 'anyone' || route.needs.length > 0) implied.push('busy', 'too-many-requests');
  if (demandsIfMatch(route)) implied.push('version-required', 'stale-version');
  return [...new Set([...implied, ...route.problems])];
}

/** What follows from who may call, and from what the path names. */
function problemsOfAccess({ access, method, path }: Route): ProblemSlug[] {
  if (access.to === 'anyone') return [];
  if (access.to === 'device') return ['signature-required'];
  const found: ProblemSlug[] = ['not-signed-in'];
  if (access.proof === 'fresh') found.push('fresh-proof-required');
  if (access.to === 'account') return found;
  found.push('role-required', 'not-allowed', 'role-session-required', 'role-suspended', 'organisation-not-found');
  if (path.includes('{organisationId}')) {
    found.push('access-grant-required');
    if (method !== 'GET' && !access.beforeAgreement) found.push('dpa-not-accepted', 'agreement-ended');
  }
  if (path.includes('{personId}')) found.push('person-not-found');
  if (path.includes('{groupId}')) found.push('group-not-found');
  return found;
}
