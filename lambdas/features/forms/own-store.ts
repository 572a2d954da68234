import type { Call } from '../../http/call.ts';
import { RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import { enquiryRef } from '../enquiries/enquiry.ts';
import { endEnquiry, writeAgain } from '../enquiries/store.ts';
import { findLink } from '../links/link.ts';
import { openEventRef, signUpRef } from '../open-events/open-event.ts';
import { endSignUp } from '../open-events/store.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { replyAddressRef } from '../requests/request.ts';
import { endSubscription } from '../subscriptions/subscribing.ts';
import { subscriptionConsentRef, subscriptionIdOf, subscriptionRef } from '../subscriptions/subscription.ts';
import { organisationOf, outsiderOf } from './form.ts';
import type { Own, OwnFormStore } from './own-handlers.ts';

export const ownFormStore: OwnFormStore = {
  own: readOwn,

  async ownOfToken(token, call) {
    const link = await findLink(call.records, token);
    return link?.purpose === 'own-form' ? readOwn(link.owner, call) : undefined;
  },

  async writeAgain({ house, sent }, text, call) {
    if (sent.form !== 'enquiry') throw new Problem('wrong-state', 'Only an enquiry is written to again.');
    const stored = await call.records.get(enquiryRef(outsiderOf(house.id, sent.enquiry.id)));
    if (!stored) throw new Problem('link-not-found');
    await writeAgain(stored, text, call);
  },

  async erase({ house, sent }, call) {
    const { records } = call;
    switch (sent.form) {
      case 'newsletter':
        return endSubscription(records.change(), outsiderOf(house.id, sent.subscription.id), 'link', call);
      case 'enquiry': {
        const stored = await records.get(enquiryRef(outsiderOf(house.id, sent.enquiry.id)));
        return stored && endEnquiry(stored, 'unsubscribed', call);
      }
      case 'sign-up': {
        const stored = await records.get(signUpRef(outsiderOf(house.id, sent.signUp.id)));
        return stored && endSignUp(stored, 'unsubscribed', call);
      }
    }
  },
};

async function readOwn(owner: Owner, { records }: Call): Promise<Own | undefined> {
  const organisationId = organisationOf(owner);
  const [organisation, reply, subscription, consent, enquiry, signUp] = await records.together([
    organisationRef(organisationId),
    replyAddressRef(organisationId, RequestId.parse(owner.subject)),
    subscriptionRef(owner),
    subscriptionConsentRef(organisationId, subscriptionIdOf(owner)),
    enquiryRef(owner),
    signUpRef(owner),
  ]);
  if (!organisation || !reply) return undefined;
  const { name, timeZone } = organisation.value;
  const known = { house: { id: organisationId, name, timeZone }, email: reply.value.email };
  if (subscription) {
    return { ...known, sent: { form: 'newsletter', subscription: subscription.value, consent: consent?.value } };
  }
  if (enquiry) return { ...known, sent: { form: 'enquiry', enquiry: enquiry.value } };
  if (!signUp) return undefined;
  const event = await records.get(openEventRef(organisationId, signUp.value.openEventId));
  return { ...known, sent: { form: 'sign-up', signUp: signUp.value, event: event?.value } };
}
