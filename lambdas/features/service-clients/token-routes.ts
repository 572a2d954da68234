import * as z from 'zod';
import { anyone, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';

/** A token in a form: visible ASCII (RFC 6749, appendix A). What is not there is said in the words of that RFC. */
const visible = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\x20-\x7e]*$/)
    .optional();

/** Unknown parameters are ignored (RFC 6749, section 3.2), unlike everywhere else here. */
const TokenRequest = z
  .object({
    grant_type: visible(100).meta({ examples: ['client_credentials'] }),
    scope: visible(4000).meta({ description: 'Scopes that the client must have; the token is for all that it has.' }),
    client_id: visible(100).meta({ description: 'Unless `Authorization: Basic` names it.' }),
    client_secret: visible(200),
  })
  .meta({ id: 'TokenRequest' });

export const tokenRoutes = {
  issueServiceToken: {
    summary: 'Get an access token for a program',
    description:
      'OAuth 2.0 client credentials (RFC 6749, section 4.4). The client names itself by `Authorization: Basic` or in the ' +
      'body. A token lasts for an hour; there is no refresh token. Failures carry `error` (section 5.2): as a plain ' +
      'document for `Accept: application/json`, and otherwise in the problem document.',
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/oauth/token',
    access: anyone,
    withBasicCredentials: true,
    form: true,
    body: TokenRequest,
    success: {
      status: 200,
      body: z
        .strictObject({
          access_token: z.string(),
          token_type: z.literal('Bearer'),
          expires_in: z.int().positive(),
          scope: z.string(),
        })
        .meta({ id: 'ServiceToken' }),
    },
    problems: ['client-refused', 'token-request-refused', 'too-many-requests'],
    needs: [...changingRecords, 'user-pool:machines'],
    limit: { perSecond: 20, burst: 40 },
  },
} as const satisfies Routes;
