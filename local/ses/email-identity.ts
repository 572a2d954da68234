import type { Answer, Call } from '../loopback/call-server.ts';

/** A domain or an address that the template may send from. */
export interface EmailIdentity {
  readonly name: string;
  readonly dkimTokens: readonly string[];
  readonly mailFromDomain: string | undefined;
  /** The configuration set of mails that name none. */
  readonly configurationSetName: string | undefined;
}

export function defaultConfigurationSets(identities: readonly EmailIdentity[]): ReadonlyMap<string, string> {
  return new Map(
    identities.flatMap(({ name, configurationSetName }) =>
      configurationSetName === undefined ? [] : [[name, configurationSetName] as const],
    ),
  );
}

const path = /^\/v2\/email\/identities\/([^/]+)$/;

/**
 * GetEmailIdentity of SES v2; undefined where the call is another's. Every identity is verified here: there is no DNS to
 * look into.
 */
export function identityAnswer({ method, url }: Call, identities: readonly EmailIdentity[]): Answer | undefined {
  const asked = path.exec(url.pathname)?.[1];
  if (method !== 'GET' || asked === undefined) return undefined;
  const name = decodeURIComponent(asked);
  const found = identities.find((identity) => identity.name === name);
  if (!found) {
    const body = JSON.stringify({ message: `Email identity ${name} does not exist.` });
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': 'NotFoundException' };
    return { status: 404, headers, body };
  }
  const body = {
    IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
    VerifiedForSendingStatus: true,
    VerificationStatus: 'SUCCESS',
    FeedbackForwardingStatus: false,
    DkimAttributes: {
      SigningEnabled: true,
      Status: 'SUCCESS',
      Tokens: found.dkimTokens,
      SigningAttributesOrigin: 'AWS_SES',
    },
    ...(found.mailFromDomain !== undefined && {
      MailFromAttributes: {
        MailFromDomain: found.mailFromDomain,
        MailFromDomainStatus: 'SUCCESS',
        BehaviorOnMxFailure: 'REJECT_MESSAGE',
      },
    }),
    ...(found.configurationSetName !== undefined && { ConfigurationSetName: found.configurationSetName }),
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
