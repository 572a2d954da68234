import type { Call } from '../../http/call.ts';
import type { OpenEventId, OrganisationId } from '../../http/ids.ts';
import { PageProblem } from '../../http/page-problem.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { ConsentPurpose } from '../consents/purpose.ts';
import { type PageWords, page } from '../links/page.ts';
import { isOpenForSignUp, type OpenEvent } from '../open-events/open-event.ts';
import { closedForms, type FormSubmission, type PublicForms, type publicFormsEntity } from './form.ts';
import {
  enquiryPage,
  eventPage,
  type FormHouse,
  namesAskedFor,
  newsletterPage,
  noFormPage,
  sentPage,
} from './pages.ts';
import type { formSettingRoutes, publicFormRoutes } from './routes.ts';
import { isRefusal, isTrapped, type Refusal, read, type Typed } from './typed.ts';

/** An organisation that is open, and what it has opened to anybody. */
export interface OpenHouse extends FormHouse {
  readonly forms: PublicForms;
  /** The purpose whose words the newsletter's readers say yes to; absent where it is not asked for. */
  readonly newsletter: ConsentPurpose | undefined;
  readonly statementVersion: string;
}

export interface FormStore {
  house(organisationId: OrganisationId, call: Call): Promise<OpenHouse | undefined>;
  openEvent(organisationId: OrganisationId, id: OpenEventId, call: Call): Promise<OpenEvent | undefined>;
  /** Keeps what was typed out of sight, and mails a link that confirms the address. */
  ask(submission: FormSubmission, organisationId: OrganisationId, call: Call): Promise<void>;
  settings(organisationId: OrganisationId, call: Call): Promise<Stored<typeof publicFormsEntity> | undefined>;
  saveSettings(
    organisationId: OrganisationId,
    forms: PublicForms,
    before: number | undefined,
    call: Call,
  ): Promise<void>;
}

export const publicFormHandlers = (store: FormStore): HandlersFor<typeof publicFormRoutes, Call> => ({
  async showNewsletterForm({ params }, call) {
    const { house, purpose } = await newsletterOf(store, params.organisationId, call);
    return shown(newsletterPage(house, purpose, call.language), call);
  },

  async subscribeToNewsletter({ params: { organisationId }, body }, call) {
    const { house, purpose } = await newsletterOf(store, organisationId, call);
    if (isTrapped(body)) return sent(call);
    const typed = read(body, ['email']);
    if (isRefusal(typed)) throw refused(typed, (wrong) => newsletterPage(house, purpose, call.language, wrong), call);
    const { statementVersion } = house;
    const consent = { purposeId: purpose.id, purposeTextVersion: purpose.textVersion, statementVersion };
    const { email } = typed;
    await store.ask(
      { form: 'newsletter', id: call.newId('sub'), ...consent, email, ...typedNow(call) },
      organisationId,
      call,
    );
    return sent(call);
  },

  async showEnquiryForm({ params }, call) {
    return shown(enquiryPage(await enquiriesOf(store, params.organisationId, call), call.language), call);
  },

  async enquire({ params: { organisationId }, body }, call) {
    const house = await enquiriesOf(store, organisationId, call);
    if (isTrapped(body)) return sent(call);
    const typed = read(body, ['name', 'email', 'phone', 'text']);
    if (isRefusal(typed)) throw refused(typed, (wrong) => enquiryPage(house, call.language, wrong), call);
    const written = { ...contactIn(typed), email: typed.email, text: typed.text, ...typedNow(call) };
    await store.ask({ form: 'enquiry', id: call.newId('enq'), ...written }, organisationId, call);
    return sent(call);
  },

  async showSignUpForm({ params }, call) {
    const { house, event } = await eventOf(store, params, call);
    return shown(eventPage(house, event, call.now, call.language), call);
  },

  async signUpForOpenEvent({ params, body }, call) {
    const { house, event } = await eventOf(store, params, call);
    const asks = eventPage(house, event, call.now, call.language);
    if (!isOpenForSignUp(event, call.now)) return shown(asks, call);
    if (isTrapped(body)) return sent(call);
    const typed = readAsked(body, event);
    if (isRefusal(typed)) {
      throw refused(typed, (wrong) => eventPage(house, event, call.now, call.language, wrong), call);
    }
    const { email, people } = typed;
    const written = { ...contactIn(typed), email, people, ...typedNow(call) };
    const submission = { form: 'sign-up', id: call.newId('sgn'), openEventId: event.id, ...written } as const;
    await store.ask(submission, params.organisationId, call);
    return sent(call);
  },
});

export const formSettingHandlers = (store: FormStore): HandlersFor<typeof formSettingRoutes, Call> => ({
  async getPublicForms({ params }, call) {
    const stored = await store.settings(params.organisationId, call);
    return { ...(stored?.value ?? closedForms), version: versionOf(stored) };
  },

  async setPublicForms({ params: { organisationId }, body, ifMatch }, call) {
    const stored = await store.settings(organisationId, call);
    if (versionOf(stored) !== ifMatch) throw new Problem('stale-version');
    if (body.newsletter && !(await store.house(organisationId, call))?.newsletter) {
      throw new Problem(
        'consent-purpose-not-found',
        'Declare the purpose `newsletter` first: its words are asked for.',
      );
    }
    await store.saveSettings(organisationId, body, stored?.version, call);
    return { ...body, version: ifMatch + 1 };
  },
});

/** Settings that nobody has chosen yet have a version too, so that the first choice can be conditioned like any other. */
const versionOf = (stored: { readonly version: number } | undefined): number => (stored?.version ?? 0) + 1;

async function newsletterOf(store: FormStore, organisationId: OrganisationId, call: Call) {
  const house = await store.house(organisationId, call);
  const purpose = house?.newsletter;
  if (!house?.forms.newsletter || !purpose) throw notOpen(call);
  return { house, purpose };
}

async function enquiriesOf(store: FormStore, organisationId: OrganisationId, call: Call): Promise<OpenHouse> {
  const house = await store.house(organisationId, call);
  if (!house?.forms.enquiries) throw notOpen(call);
  return house;
}

async function eventOf(
  store: FormStore,
  { organisationId, openEventId }: { readonly organisationId: OrganisationId; readonly openEventId: OpenEventId },
  call: Call,
) {
  const [house, event] = await Promise.all([
    store.house(organisationId, call),
    store.openEvent(organisationId, openEventId, call),
  ]);
  if (!house || !event) throw notOpen(call);
  return { house, event };
}

/** What the event does not ask for is not taken, whoever sends it (KP-03). */
function readAsked(body: Typed, event: OpenEvent) {
  const asked = namesAskedFor(event);
  const only = Object.fromEntries(Object.entries(body).filter(([name]) => asked.some((one) => one === name)));
  return read(only, ['name', 'email', 'phone', 'address', 'people']);
}

const contactIn = (typed: { name: string; phone?: string | undefined; address?: string | undefined }) => ({
  name: typed.name,
  ...(typed.phone !== undefined && { phone: typed.phone }),
  ...(typed.address !== undefined && { address: typed.address }),
});
const typedNow = ({ language, now }: Call) => ({ language, askedAt: now.toISOString() });

const shown = (words: PageWords, { language }: Call) => page(words, language);
/** The same for everybody, whatever has become of it: nobody learns who is known here. */
const sent = ({ language }: Call) => page(sentPage(language), language);
const notOpen = ({ language }: Call) => new PageProblem('form-not-found', page(noFormPage(language), language));
const refused = (wrong: Refusal, again: (wrong: Refusal) => PageWords, { language }: Call) =>
  new PageProblem(wrong.slug, page(again(wrong), language));
