import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { OpenEventId } from '../../http/ids.ts';
import { inLanguage, inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { PublicForms, TEXT_CHARACTERS_MAX } from './form.ts';

const ofEvent = inOrganisation.extend({ openEventId: OpenEventId });
/** Read as free text by the handler, so that what is refused is answered by a page and not by a document. */
const typed = z.string().max(300).optional();
/** `website` is out of sight: what fills it in is no person, and is answered like everybody. */
const TypedForm = z
  .strictObject({ name: typed, email: typed, phone: typed, address: typed, people: typed, website: typed })
  .extend({
    text: z
      .string()
      .max(2 * TEXT_CHARACTERS_MAX)
      .optional(),
  })
  .meta({ id: 'TypedForm' });

/** Each makes us send a mail to an address that nobody has shown to be theirs. */
const limit = { perSecond: 2, burst: 20 };
const sent =
  'Always answered alike. A mail to the address has to be confirmed first; until then nobody sees what was typed, and ' +
  'after two days it is gone. No address gets more than three such mails a day, whoever names it and wherever.';
const form = {
  tag: 'Enquiries',
  access: anyone,
  query: inLanguage,
  success: { status: 200, content: [HTML] },
} as const;
const shown = {
  ...form,
  method: 'GET',
  problems: ['form-not-found'],
  needs: [...readingRecords, 'rights:read'],
} as const;
const filled = {
  ...form,
  method: 'POST',
  body: TypedForm,
  form: true,
  problems: ['form-not-found', 'malformed-request', 'forbidden-content'],
  // The statement in force is published in Rights.
  needs: [...changingRecords, 'rights:read'],
  limit,
} as const;

/** For anyone: pages without a script, and what they send. */
export const publicFormRoutes = {
  showNewsletterForm: {
    ...shown,
    summary: 'Show the form for an organisation’s newsletter',
    path: '/o/{organisationId}/newsletter',
    params: inOrganisation,
  },
  subscribeToNewsletter: {
    ...filled,
    // It takes an address alone, in which nothing that is forbidden can stand.
    problems: ['form-not-found', 'malformed-request'],
    summary: 'Ask for an organisation’s newsletter',
    description: sent,
    path: '/o/{organisationId}/newsletter',
    params: inOrganisation,
  },
  showEnquiryForm: {
    ...shown,
    summary: 'Show the form for an enquiry to an organisation',
    path: '/o/{organisationId}/enquiries',
    params: inOrganisation,
  },
  enquire: {
    ...filled,
    summary: 'Ask an organisation something',
    description: sent,
    path: '/o/{organisationId}/enquiries',
    params: inOrganisation,
  },
  showSignUpForm: {
    ...shown,
    summary: 'Show an open event, and the form for signing up',
    path: '/o/{organisationId}/events/{openEventId}',
    params: ofEvent,
  },
  signUpForOpenEvent: {
    ...filled,
    summary: 'Sign up for an open event',
    description: sent,
    path: '/o/{organisationId}/events/{openEventId}',
    params: ofEvent,
  },
} as const satisfies Routes;

/** For who has sent something by a form, from the page of a link in a letter. */
export const ownFormRoutes = {
  changeOwnForm: {
    summary: 'Write again, cancel or erase, from the page of what one has sent by a form',
    tag: 'Joining',
    method: 'POST',
    path: '/l/{token}/form',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    body: z
      .strictObject({
        do: z.enum(['write', 'erase']),
        text: z
          .string()
          .max(2 * TEXT_CHARACTERS_MAX)
          .optional(),
      })
      .meta({ id: 'OwnFormChange' }),
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'wrong-state', 'too-many', 'forbidden-content', 'malformed-request'],
    needs: [...changingRecords, ...orderingErasure, 'lookup:write'],
    limit: { perSecond: 5, burst: 10 },
  },
} as const satisfies Routes;

/** For staff: which forms anybody may fill in. */
export const formSettingRoutes = {
  getPublicForms: {
    summary: 'See which forms are open to anybody',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/forms',
    access: rolesThatMay('enquiry:read'),
    params: inOrganisation,
    success: { status: 200, body: PublicForms.extend({ version: z.int().min(1) }).meta({ id: 'PublicFormsView' }) },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  setPublicForms: {
    summary: 'Open forms to anybody, or close them',
    description:
      'The newsletter’s form needs a consent purpose `newsletter` that is open: its words are what people say yes to. ' +
      'What has been sent already stays.',
    tag: 'Enquiries',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/forms',
    access: rolesThatMay('subscriber:manage'),
    params: inOrganisation,
    body: PublicForms,
    success: { status: 200, body: PublicForms.extend({ version: z.int().min(1) }).meta({ id: 'PublicFormsView' }) },
    problems: ['consent-purpose-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
