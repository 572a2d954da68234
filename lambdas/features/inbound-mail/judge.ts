import type { Incoming } from './incoming.ts';

/** Where a mail is taken to, by the part of its address behind the `+`. */
export type Destination = { readonly to: 'ticket' | 'intake'; readonly detail: string };

export type Refusal = 'automatic' | 'virus' | 'spam' | 'not-authentic' | 'no-sender' | 'empty' | 'not-ours';
type Judgement = { readonly destination: Destination } | { readonly refusal: Refusal };

const local = /^(ticket|intake)\+([0-9a-z]{20,60})$/;

/**
 * Whether a mail is taken in, and where to. What is refused is answered with nothing: whoever is named as the sender of
 * spam has not sent it. Authentic is what SPF or DKIM vouch for and DMARC does not deny. Pure.
 */
export function judge(mail: Incoming, domain: string): Judgement {
  const { verdicts, from } = mail;
  if (verdicts.virus !== 'pass') return { refusal: 'virus' };
  if (verdicts.spam === 'fail') return { refusal: 'spam' };
  if (mail.isAutomatic) return { refusal: 'automatic' };
  // Our own mails would answer each other for ever.
  if (!from || from.address.endsWith(`@${domain}`)) return { refusal: 'no-sender' };
  const isVouchedFor = verdicts.spf === 'pass' || verdicts.dkim === 'pass';
  if (!isVouchedFor || verdicts.dmarc === 'fail') return { refusal: 'not-authentic' };
  const destination = mail.recipients.map((address) => destinationOf(address, domain)).find((one) => one !== undefined);
  if (!destination) return { refusal: 'not-ours' };
  if (mail.text === '' && mail.subject === '' && mail.attachments.length === 0) return { refusal: 'empty' };
  return { destination };
}

function destinationOf(address: string, domain: string): Destination | undefined {
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1) !== domain) return undefined;
  const [, to, detail] = local.exec(address.slice(0, at)) ?? [];
  return to === undefined || detail === undefined ? undefined : { to: to as Destination['to'], detail };
}

/** DMARC ties what is vouched for to the address that a reader sees: only then is it known who wrote. */
export const isFromWhoItSays = ({ verdicts }: Incoming): boolean => verdicts.dmarc === 'pass';
