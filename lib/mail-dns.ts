import { REGION, type Stage } from './stages.ts';

/** A record that the platform team publishes for the domain that mail comes from. */
export interface DnsRecord {
  readonly type: 'CNAME' | 'MX' | 'TXT';
  readonly name: string;
  readonly value: string;
  /** What it is for, in a few words. */
  readonly why: string;
}

/**
 * Where bounces go, and whose SPF record receivers look at (RFC 5321 MAIL FROM): below the domain of the From line, so that
 * SPF passes for it as well (RFC 7489, relaxed alignment), which SES's own address would not.
 */
export const mailFromDomain = ({ mail }: Stage): string => `mail.${mail.domain}`;

/**
 * Where mail to us goes: a name below the sender's, which is verified with it, and apart from MAIL FROM's, which SES wants
 * for bounces alone.
 */
export const inboundMailDomain = ({ mail }: Stage): string => `inbound.${mail.domain}`;

/** SPF, the MX that SES wants to see, and DMARC: all that is known before anything is deployed. */
export function knownDnsRecords(stage: Stage): readonly DnsRecord[] {
  const from = mailFromDomain(stage);
  return [
    {
      type: 'MX',
      name: from,
      value: `10 feedback-smtp.${REGION}.amazonses.com`,
      why: 'bounces come back to SES; without it SES sends nothing',
    },
    {
      type: 'TXT',
      name: from,
      value: 'v=spf1 include:amazonses.com -all',
      why: 'SPF: SES alone may send for it',
    },
    {
      type: 'TXT',
      name: `_dmarc.${stage.mail.domain}`,
      // Strict for the signature, which is the domain's own; relaxed for SPF, which is of `mail.` below it.
      value: `v=DMARC1; p=reject; sp=reject; adkim=s; aspf=r; rua=mailto:${stage.alarmAddress}`,
      why: 'DMARC: whatever is neither signed by the domain nor sent from it is refused',
    },
    {
      type: 'MX',
      name: inboundMailDomain(stage),
      value: `10 inbound-smtp.${REGION}.amazonaws.com`,
      why: 'mail to tickets comes to SES, once the rule set of the stage is the active one',
    },
  ];
}

/** One for each of the three tokens that SES makes with the identity (RFC 6376; SES API v2, GetEmailIdentity). */
export function dkimDnsRecords({ mail }: Stage, tokens: readonly string[]): readonly DnsRecord[] {
  return tokens.map((token) => ({
    type: 'CNAME',
    name: `${token}._domainkey.${mail.domain}`,
    value: `${token}.dkim.amazonses.com`,
    why: 'DKIM: SES signs in the name of the domain, and changes the keys by itself',
  }));
}
