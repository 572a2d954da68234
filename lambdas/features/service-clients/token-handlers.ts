import type { Call } from '../../http/call.ts';
import { type OrganisationId, ServiceClientId } from '../../http/ids.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem, type ProblemSlug } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { MachineUsers } from '../../platform/machine-users.ts';
import { isSecretOf, type ServiceClient } from './service-client.ts';
import type { tokenRoutes } from './token-routes.ts';

export interface TokenStore {
  /** Two round trips: where the client is, then its record. */
  locate(
    id: ServiceClientId,
    call: Call,
  ): Promise<{ readonly organisationId: OrganisationId; readonly client: ServiceClient } | undefined>;
  noteToken(organisationId: OrganisationId, client: ServiceClient, call: Call): Promise<void>;
}

const BUSY_SECONDS = 5;

export const tokenHandlers = (
  clients: TokenStore,
  users: Pick<MachineUsers, 'signIn'>,
): HandlersFor<typeof tokenRoutes, Call> => ({
  async issueServiceToken({ body }, call) {
    if (body.grant_type === undefined) throw refused('invalid_request', 'grant_type is missing.');
    if (body.grant_type !== 'client_credentials') throw refused('unsupported_grant_type');
    const { id, secret } = credentialsOf(body, call);
    const found = await clients.locate(id, call);
    // Ours decides before Cognito is asked: guesses of strangers must not lock a client out there.
    if (!found || !isSecretOf(found.client, secret, call.now)) throw refused('invalid_client');
    const wanted = (body.scope ?? '').split(' ').filter((scope) => scope !== '');
    if (wanted.some((scope) => !found.client.scopes.includes(scope))) throw refused('invalid_scope');
    const token = await users.signIn(found.client.id, found.client.password);
    if (token === 'refused') throw refused('invalid_client');
    if (token === 'busy') throw new Problem('too-many-requests', undefined, { retryAfterSeconds: BUSY_SECONDS });
    await clients.noteToken(found.organisationId, found.client, call);
    return {
      access_token: token.accessToken,
      token_type: 'Bearer' as const,
      expires_in: token.expiresInSeconds,
      scope: found.client.scopes.join(' '),
    };
  },
});

/** RFC 6749, section 2.3: one way in one request. */
function credentialsOf(
  { client_id, client_secret }: InputOf<typeof tokenRoutes.issueServiceToken>['body'],
  { basicCredentials }: Call,
): { readonly id: ServiceClientId; readonly secret: string } {
  if (basicCredentials && client_secret !== undefined)
    throw refused('invalid_request', 'Two ways of naming the client.');
  if (basicCredentials && client_id !== undefined && client_id !== basicCredentials.user) {
    throw refused('invalid_request', 'Two clients are named.');
  }
  const id = ServiceClientId.safeParse(basicCredentials?.user ?? client_id);
  const secret = basicCredentials?.password ?? client_secret;
  if (!id.success || secret === undefined) throw refused('invalid_client');
  return { id: id.data, secret };
}

type OAuthError = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

/** RFC 6749, section 5.2: its own document for whoever asks for JSON, the same members in the problem for everybody else. */
function refused(error: OAuthError, description?: string): Problem {
  const slug: ProblemSlug = error === 'invalid_client' ? 'client-refused' : 'token-request-refused';
  const members = { error, ...(description !== undefined && { error_description: description }) };
  const page = { contentType: 'application/json', content: JSON.stringify(members) };
  return new PageProblem(slug, page, { extensions: members });
}
