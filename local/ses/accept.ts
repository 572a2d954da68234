import { randomUUID } from 'node:crypto';
import { REGION } from '../account.ts';
import type { Clock } from '../clock.ts';
import { addressesIn, domainOf } from './address.ts';
import type { Mail } from './mail.ts';
import type { MailStore } from './mail-store.ts';
import { contentOf, type HeaderField, type RawMessage, rawMessage, stamped, valuesOf } from './mime.ts';
import { invalidParameter, SesProblem } from './problem.ts';
import { demandWithinQuota, type Quota } from './quota.ts';
import { type Delivery, eventsFor, isBounce, isUndelivered, outcomeFor, reasonFor } from './simulator.ts';

const RECIPIENTS_MAX = 50;
export const MESSAGE_BYTES_MAX = 10 * 1024 * 1024;
const TAGS_MAX = 50;

export interface SesSettings {
  readonly store: MailStore;
  readonly clock: Clock;
  readonly quota: Quota;
  /** Domains and addresses that may send; undefined lets everyone. `store.identities()` come on top. */
  readonly identities: readonly string[] | undefined;
  /** The configuration sets that exist; undefined takes every name. */
  readonly configurationSets: readonly string[] | undefined;
  /** The configuration set that a verified domain or address sends with where a mail names none. */
  readonly defaultConfigurationSets: ReadonlyMap<string, string>;
}

/** What a caller asked to send, whichever operation it used. */
export interface Submission {
  readonly raw: Buffer;
  /** The envelope's sender; the From header where it is not given. */
  readonly source: string | undefined;
  /** The envelope's recipients; those of the headers where empty. */
  readonly destinations: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
  readonly configurationSetName: string | undefined;
}

/**
 * Takes a message as SES does: checks, stamps, keeps it with its events, and only then says that it was taken.
 * @throws SesProblem with nothing kept.
 */
export async function accept(submission: Submission, ses: SesSettings): Promise<Mail> {
  const { raw } = submission;
  if (raw.length > MESSAGE_BYTES_MAX)
    throw invalidParameter(`Message length is more than ${MESSAGE_BYTES_MAX} bytes long`);
  const message = rawMessage(raw);
  const from = valuesOf(message.fields, 'from').flatMap(addressesIn);
  const [source] = submission.source === undefined ? from : addressesIn(submission.source);
  if (!source || from.length === 0) throw invalidParameter('The sender has no address');
  const to = recipientsOf(submission, message);
  demandVerified([source, ...from], ses);
  const configurationSetName = configurationSetOf(submission, message.fields, ses) ?? defaultFor(source, ses);
  const tags = tagsOf(submission, message.fields);

  const sentAt = new Date(ses.clock.now());
  const id = newMessageId(sentAt);
  const sent = stamped(message, `${id}@${REGION}.amazonses.com`, sentAt);
  const content = await contentOf(sent);

  const deliveries: Delivery[] = to.map((address) => ({
    address,
    outcome: outcomeFor(address, ses.store.isSuppressed(address)),
  }));
  const undelivered = deliveries.filter(isUndelivered);
  const mail: Mail = {
    id,
    to,
    ...content,
    sentAt: sentAt.toISOString(),
    tags,
    configurationSetName,
    undelivered: undelivered.map(({ address, outcome }) => ({ address, reason: reasonFor(outcome) })),
  };
  const send = {
    epochMilliseconds: sentAt.getTime(),
    recipients: to.length,
    bounces: deliveries.filter(isBounce).length,
    complaints: deliveries.filter(({ outcome }) => outcome === 'complained').length,
    rejects: deliveries.filter(({ outcome }) => outcome === 'rejected').length,
  };
  // Counted and kept without a pause between the two, so that parallel calls cannot share the last place.
  demandWithinQuota(ses.quota, ses.store.sent, to.length, sentAt.getTime());
  ses.store.add(mail, sent, send, eventsFor(mail, source, message.fields, deliveries));
  return mail;
}

/** In SES's form. The time comes first, so ids sort by it. */
export function newMessageId(sentAt: Date): string {
  return `0102${sentAt.getTime().toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
}

function recipientsOf({ destinations }: Submission, { fields }: RawMessage): string[] {
  if (destinations.some((destination) => destination.trim() === '')) throw invalidParameter('A destination is empty');
  const named = destinations.length > 0 ? destinations : ['to', 'cc', 'bcc'].flatMap((name) => valuesOf(fields, name));
  const addresses = named.flatMap(addressesIn);
  if (addresses.length === 0) throw invalidParameter('There is no recipient');
  if (addresses.length > RECIPIENTS_MAX) throw invalidParameter(`Recipient count exceeds ${RECIPIENTS_MAX}.`);
  return [...new Set(addresses)];
}

function demandVerified(senders: readonly string[], { identities, store }: SesSettings): void {
  if (!identities) return;
  const verified = [...identities.map((identity) => identity.toLowerCase()), ...store.identities()];
  const failed = senders.filter((sender) => !verified.some((identity) => covers(identity, sender)));
  if (failed.length === 0) return;
  throw new SesProblem(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${REGION.toUpperCase()}: ${[...new Set(failed)].join(', ')}`,
  );
}

/** A verified domain covers its subdomains (SES developer guide, "Verified identities"). */
function covers(identity: string, sender: string): boolean {
  if (identity.includes('@')) return identity === sender.toLowerCase();
  const domain = domainOf(sender);
  return domain === identity || domain.endsWith(`.${identity}`);
}

function configurationSetOf(
  { configurationSetName }: Submission,
  fields: readonly HeaderField[],
  { configurationSets }: SesSettings,
): string | null {
  const name = configurationSetName ?? valuesOf(fields, 'x-ses-configuration-set')[0];
  if (name === undefined) return null;
  if (!configurationSets || configurationSets.includes(name)) return name;
  throw new SesProblem('ConfigurationSetDoesNotExist', `Configuration set <${name}> does not exist.`);
}

/** Of the address before that of its domain, and of a domain before the one it belongs to. */
function defaultFor(source: string, { defaultConfigurationSets }: SesSettings): string | null {
  const candidates = [...defaultConfigurationSets].filter(([identity]) => covers(identity.toLowerCase(), source));
  const [closest] = candidates.sort(([one], [other]) => other.length - one.length);
  return closest?.[1] ?? null;
}

/** From `X-SES-MESSAGE-TAGS: name=value, name=value` and the request; the request's count where both name one. */
function tagsOf(submission: Submission, fields: readonly HeaderField[]): Record<string, string> {
  const inHeader = valuesOf(fields, 'x-ses-message-tags')
    .flatMap((value) => value.split(','))
    .map((tag) => {
      const equals = tag.indexOf('=');
      return [tag.slice(0, equals).trim(), tag.slice(equals + 1).trim()] as const;
    });
  const tags = new Map([...inHeader, ...submission.tags]);
  if (tags.size > TAGS_MAX) throw invalidParameter(`There are more than ${TAGS_MAX} tags`);
  for (const [name, value] of tags) {
    const isPlain =
      /^(?:[A-Za-z0-9_-]{1,256}|ses:feedback-id-[ab])$/.test(name) && /^[A-Za-z0-9_-]{1,256}$/.test(value);
    if (!isPlain)
      throw invalidParameter(`The tag <${name}> has a name or value with other than letters, digits, _ and -`);
  }
  return Object.fromEntries(tags);
}
