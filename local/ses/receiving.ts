import { randomBytes } from 'node:crypto';
import { REGION } from '../account.ts';
import type { Clock } from '../clock.ts';
import type { CloudTemplate } from '../template/template.ts';
import { domainOf } from './address.ts';

/** A receipt rule, as far as it is played: what comes in is laid into buckets. */
interface ReceiptRule {
  readonly recipients: readonly string[];
  readonly actions: readonly { readonly bucket: string; readonly prefix: string }[];
}

/** What SES says of a mail that it has looked at; `PASS` in everything unless told otherwise. */
export interface Verdicts {
  readonly spam?: 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED' | undefined;
  readonly virus?: 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED' | undefined;
  readonly spf?: 'pass' | 'fail' | 'softfail' | 'none' | undefined;
  readonly dkim?: 'pass' | 'fail' | 'none' | undefined;
  readonly dmarc?: 'pass' | 'fail' | 'none' | undefined;
}

export interface IncomingMail {
  /** The envelope's. */
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
  readonly verdicts?: Verdicts;
}

export interface Receiving {
  /** Whether a rule takes mail to this address. */
  takes(to: string): boolean;
  /** The mail's id once it is kept; undefined where no rule takes it (SMTP would answer 550). */
  receive(mail: IncomingMail): Promise<string | undefined>;
}

/** Bounds of SES for mail that comes in (developer guide, "Service quotas"). */
export const INCOMING_BYTES_MAX = 40 * 1024 * 1024;
const ID_LENGTH = 40;

/**
 * SES's receiving: the rules of the template's rule set, which is taken for the active one. The sender is known by the
 * envelope alone, and nothing is scanned: a caller says what SES would have found.
 */
export function receiving(
  rules: readonly ReceiptRule[],
  clock: Clock,
  put: (bucket: string, key: string, body: Buffer) => Promise<void>,
): Receiving {
  const ruleFor = (to: string) => rules.find(({ recipients }) => isMeant(recipients, to));
  return {
    takes: (to) => ruleFor(to) !== undefined,
    async receive(mail) {
      const rule = ruleFor(mail.to);
      if (!rule) return undefined;
      const id = newId();
      const body = Buffer.concat([Buffer.from(traceOf(mail, id, clock)), mail.raw]);
      for (const { bucket, prefix } of rule.actions) await put(bucket, prefix + id, body);
      return id;
    },
  };
}

/** An address, a domain without its subdomains, or (`.example.org`) its subdomains; without any, everything. */
function isMeant(recipients: readonly string[], to: string): boolean {
  if (recipients.length === 0) return true;
  const [address, domain] = [to.toLowerCase(), domainOf(to)];
  return recipients.some((recipient) => {
    const wanted = recipient.toLowerCase();
    if (wanted.startsWith('.')) return domain.endsWith(wanted);
    return wanted.includes('@') ? address === wanted : domain === wanted;
  });
}

const newId = () => randomBytes(ID_LENGTH).toString('hex').slice(0, ID_LENGTH);

/** What SES writes before the mail as it came: `Received` first, then what it found (developer guide, "Email receiving"). */
function traceOf({ from, to, verdicts = {} }: IncomingMail, id: string, clock: Clock): string {
  const { spam = 'PASS', virus = 'PASS', spf = 'pass', dkim = 'pass', dmarc = 'pass' } = verdicts;
  const domain = domainOf(from);
  const client = 'client-ip=203.0.113.25';
  const checked = `(spfCheck: domain of ${domain} ${spf === 'pass' ? 'designates' : 'does not designate'} 203.0.113.25 as permitted sender)`;
  return [
    `Return-Path: <${from}>`,
    `Received: from mail.${domain} (mail.${domain} [203.0.113.25])`,
    ` by inbound-smtp.${REGION}.amazonaws.com with SMTP id ${id}`,
    ` for ${to};`,
    ` ${new Date(clock.now()).toUTCString().replace('GMT', '+0000 (UTC)')}`,
    `X-SES-Spam-Verdict: ${spam}`,
    `X-SES-Virus-Verdict: ${virus}`,
    `Received-SPF: ${spf} ${checked} ${client}; envelope-from=${from}; helo=mail.${domain};`,
    'Authentication-Results: amazonses.com;',
    ` spf=${spf} ${checked} ${client}; envelope-from=${from}; helo=mail.${domain};`,
    ` dkim=${dkim} header.i=@${domain};`,
    ` dmarc=${dmarc} header.from=${domain};`,
    `X-SES-RECEIPT: ${Buffer.from(id).toString('base64')}`,
    '',
  ].join('\r\n');
}

interface RuleProperties {
  readonly Rule: {
    readonly Enabled?: boolean;
    readonly Recipients?: readonly string[];
    readonly Actions?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** The enabled rules, in the template's order. Throws for an action that is not played. */
export function receiptRulesOf(template: CloudTemplate): readonly ReceiptRule[] {
  return template.ofType('AWS::SES::ReceiptRule').flatMap(({ logicalId, properties }) => {
    const { Enabled, Recipients = [], Actions = [] } = (properties as unknown as RuleProperties).Rule;
    if (!Enabled) return [];
    const actions = Actions.map((action) => {
      const { BucketName, ObjectKeyPrefix = '' } = Object(action['S3Action']);
      if (typeof BucketName !== 'string') {
        throw new Error(`${logicalId}: the embedded SES plays S3Action, not ${Object.keys(action).join()}`);
      }
      return { bucket: BucketName, prefix: String(ObjectKeyPrefix) };
    });
    return [{ recipients: Recipients, actions }];
  });
}
