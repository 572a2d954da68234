import { GetEmailIdentityCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { type DnsRecord, dkimDnsRecords, knownDnsRecords } from '../lib/mail-dns.ts';
import { stageNamed } from '../lib/stages.ts';
import type { Tell } from './ops-restore.ts';

/** Prints what the platform team publishes for a stage's domain; `client` is undefined where nobody is to be asked. */
export async function tellDnsRecords(
  stageName: string,
  client: Pick<SESv2Client, 'send'> | undefined,
  tell: Tell,
): Promise<void> {
  const stage = stageNamed(stageName);
  for (const record of knownDnsRecords(stage)) tellRecord(record, tell);
  const identity = client && (await identityOf(stage.mail.domain, client));
  if (!identity) {
    tell('');
    tell('The three DKIM records are not known yet: SES makes them with the identity.');
    tell(`Deploy vern-${stage.name}-mail and ask again, with AWS credentials and without --offline.`);
    return;
  }
  for (const record of dkimDnsRecords(stage, identity.tokens)) tellRecord(record, tell);
  tell('');
  tell(`As SES sees it: DKIM ${identity.dkim}, MAIL FROM ${identity.mailFrom}`);
}

function tellRecord({ type, name, value, why }: DnsRecord, tell: Tell): void {
  tell(`; ${why}`);
  tell(`${name}. 3600 IN ${type} ${type === 'TXT' ? `"${value}"` : `${value}.`}`);
}

interface IdentityAtSes {
  readonly tokens: readonly string[];
  readonly dkim: string;
  readonly mailFrom: string;
}

/** Undefined for a domain that SES does not know yet; anything else that goes wrong is for the operator to read. */
async function identityOf(domain: string, client: Pick<SESv2Client, 'send'>): Promise<IdentityAtSes | undefined> {
  try {
    const { DkimAttributes, MailFromAttributes } = await client.send(
      new GetEmailIdentityCommand({ EmailIdentity: domain }),
    );
    return {
      tokens: DkimAttributes?.Tokens ?? [],
      dkim: DkimAttributes?.Status ?? 'NOT_STARTED',
      mailFrom: MailFromAttributes?.MailFromDomainStatus ?? 'NOT_STARTED',
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}
