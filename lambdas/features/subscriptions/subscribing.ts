import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { PersonId, RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import { StaleVersion } from '../../platform/records.ts';
import { CONSENT_RECORD_SCHEMA, consentTo } from '../consents/consent.ts';
import { readHouse, readPrincipal } from '../consents/read-principals.ts';
import { endConsent } from '../consents/writes.ts';
import { organisationOf } from '../forms/form.ts';
import { end, makeOwnLink, settle, waitingSubmission } from '../forms/outsider.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { queueNotice } from '../notices/notice.ts';
import { declineNotices } from '../notices/preferences.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { replyAddressRef } from '../requests/request.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { isSubscribed, openPurpose, subscriberPointer, type Topic, topics } from './subscribers.ts';
import {
  type Ending,
  subscriptionClaim,
  subscriptionConsentRef,
  subscriptionIdOf,
  subscriptionRef,
} from './subscription.ts';

/** The effect of the link that confirms a newsletter's address. Whoever gets it already gets it once. */
export const confirmSubscription: LinkEffect = async (link, use, call) => {
  const { owner } = link;
  const organisationId = organisationOf(owner);
  const waiting = await waitingSubmission(owner, 'newsletter', call);
  const { value } = waiting;
  const { purposeId, purposeTextVersion, statementVersion, language, askedAt } = value;
  const claim = subscriptionClaim('newsletter', value.email);
  if (await getsItAlready(organisationId, value.email, claim, call)) {
    use.remove(waiting.ref, { version: waiting.version });
    await use.activity({ event: 'subscription.repeated', subject: owner }).commit();
    return;
  }
  const purpose = await openPurpose(call.records, organisationId, 'newsletter');
  // Retired, or for more than was said yes to: the form has the new words.
  if (purpose?.id !== purposeId || purposeTextVersion < purpose.holdsSinceTextVersion) {
    throw new Problem('link-not-found');
  }
  const id = subscriptionIdOf(owner);
  const since = call.now.toISOString();
  settle(use, waiting);
  const { token, expiresAt } = makeOwnLink(use, owner, call);
  queueNotice(use, { to: owner, template: 'subscription-begun', parameters: { token, expiresAt } }, call);
  await use
    .claim(organisationId, 'subscription', claim, owner.subject, () => new Problem('link-not-found'))
    .put(subscriptionRef(owner), { id, topic: 'newsletter', language, since }, 'new')
    .put(
      subscriptionConsentRef(organisationId, id),
      {
        schema: CONSENT_RECORD_SCHEMA,
        subscriptionId: id,
        purposeId,
        purposeTextVersion,
        statementVersion,
        language,
        lawfulBasis: 'GDPR Art. 6(1)(a)',
        method: 'form-and-mail',
        askedAt,
        confirmedAt: since,
      },
      'new',
    )
    .point(subscriberPointer(organisationId, 'newsletter', RequestId.parse(owner.subject)))
    .activity({ event: 'subscription.begun', subject: owner, about: [id], detail: { textVersion: purposeTextVersion } })
    .commit();
};

/** By the address alone, and nothing comes of it but that one letter is not sent twice. */
async function getsItAlready(organisationId: OrganisationId, email: string, claim: string, { records }: Call) {
  const [subscriber, known] = await Promise.all([
    records.find(organisationId, 'subscription', claim),
    records.find(organisationId, 'email', email),
  ]);
  if (subscriber !== undefined) return true;
  const personId = PersonId.safeParse(known);
  return personId.success && isSubscribed(records, ownerOf(organisationId, personId.data), 'newsletter');
}

/**
 * The effect of an unsubscribing link, also by one click (RFC 8058): at once, for mails that wait as well. Pressed again
 * it changes nothing.
 */
export const unsubscribe: LinkEffect = async (link, use, call) => {
  const { owner, about } = link;
  const topic = topics.find((known) => known === about);
  if (!topic) throw new Error('An unsubscribing link without a topic');
  await again(async (attempt) => {
    const change = attempt === 1 ? use : call.records.change();
    if (RequestId.safeParse(owner.subject).success) return endSubscription(change, owner, 'link', call);
    return withdraw(change, owner, topic, call);
  });
  // A group can be asked without a consent: whoever turns surveys off in one press is asked by nobody any more.
  if (topic === 'surveys' && PersonId.safeParse(owner.subject).success) {
    await declineNotices(link, call.records.change(), call);
  }
};

/** Somebody else has just ended it, or given it anew: looked at once more. */
async function again(attempt: (number: number) => Promise<void>): Promise<void> {
  try {
    await attempt(1);
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
    await attempt(2);
  }
}

/** An outsider’s subscription, with all that it left. Ended already: nothing. */
export async function endSubscription(
  change: ReturnType<Call['records']['change']>,
  owner: Owner,
  endedBy: Ending,
  call: Call,
): Promise<void> {
  const organisationId = organisationOf(owner);
  const id = subscriptionIdOf(owner);
  const [stored, evidence, reply] = await call.records.together([
    subscriptionRef(owner),
    subscriptionConsentRef(organisationId, id),
    replyAddressRef(organisationId, RequestId.parse(owner.subject)),
  ]);
  if (!stored) return;
  const { topic } = stored.value;
  if (evidence) {
    const endedAt = call.now.toISOString();
    const expiresAtEpochSeconds = expiryAfter(terms.consent.length, call.now);
    const { ref, version, value } = evidence;
    change.put(ref, { ...value, endedAt, endedBy }, { version }, { expiresAtEpochSeconds });
  }
  if (reply) change.release(organisationId, 'subscription', subscriptionClaim(topic, reply.value.email), owner.subject);
  const rows = [subscriberPointer(organisationId, topic, RequestId.parse(owner.subject))];
  end(change, { owner, records: [stored], rows }, 'unsubscribed', call);
  await change
    .activity({
      event: 'subscription.ended',
      subject: organisationOwner(organisationId),
      about: [id],
      detail: { endedBy },
    })
    .commit();
}

/** A person’s consent: the same event as when it is withdrawn in the service, but that a link did it. */
async function withdraw(
  change: ReturnType<Call['records']['change']>,
  owner: Owner,
  topic: Topic,
  call: Call,
): Promise<void> {
  const organisationId = organisationOf(owner);
  const personId = PersonId.parse(owner.subject);
  const house = await readHouse(organisationId, call.records);
  const principal = house && (await readPrincipal(house, personId, call.records, call.now));
  // Of a purpose that was declared anew under the same code every consent ends.
  const purposes = house?.purposes.filter(({ code }) => code === topic) ?? [];
  const open = purposes
    .map(({ id }) => principal && consentTo(principal.states, id))
    .filter((state) => state !== undefined && state.ended === undefined);
  for (const [i, state] of open.entries()) {
    if (!state || !house || !principal) continue;
    // The ledger takes one entry in a change.
    const one = i === 0 ? change : call.records.change();
    const by = { personId, capacity: 'self' } as const;
    const { language } = principal.person;
    const { statementVersion } = house;
    endConsent(
      one,
      {
        organisationId,
        state,
        how: 'withdrawn',
        by,
        method: 'link',
        cause: 'unsubscribed',
        statementVersion,
        language,
      },
      call,
    );
    await one.commit();
  }
}
