import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import {
  ConsentPurposeId,
  EnquiryId,
  OpenEventId,
  type OrganisationId,
  RequestId,
  SignUpId,
  SubscriptionId,
  TicketId,
} from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { Email, Phone } from '../people/person.ts';

/** What nobody has confirmed is gone after two days. */
export const UNCONFIRMED_SECONDS = 48 * 60 * 60;
/** A mail may lie unread for a while; the link to what one sent still works then. */
export const OWN_LINK_SECONDS = 60 * 24 * 60 * 60;
export const TEXT_CHARACTERS_MAX = 4000;
export const PEOPLE_MAX = 10;

/** Which forms an organisation has opened to anybody; an event's form is opened with the event. */
export const PublicForms = z
  .strictObject({ newsletter: z.boolean(), enquiries: z.boolean() })
  .meta({ id: 'PublicForms' });
export type PublicForms = z.output<typeof PublicForms>;
export const closedForms: PublicForms = { newsletter: false, enquiries: false };

export const publicFormsEntity = entity({
  ...ofTheOrganisation,
  name: 'public-forms',
  sortKey: 'PUBLIC-FORMS',
  schema: PublicForms,
  purpose: "to run the organisation's service",
});
export const publicFormsRef = (organisationId: OrganisationId) =>
  ({ entity: publicFormsEntity, owner: organisationOwner(organisationId) }) as const;

/** Who writes, as needed and no more (KP-03): name, postal address, e-mail, telephone. */
export const contact = {
  name: oneLine({ max: 120 }),
  phone: Phone.optional(),
  address: oneLine({ max: 200 }).optional(),
} as const;
export const EnquiryText = freeText({ max: TEXT_CHARACTERS_MAX }).min(1);

const typed = { email: Email, language: z.enum(['nb', 'en']), askedAt: z.iso.datetime() };
/** What was typed into a form, and is shown to nobody before its address has been confirmed. */
const FormSubmission = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('newsletter'),
    id: SubscriptionId,
    purposeId: ConsentPurposeId,
    purposeTextVersion: z.int().min(1),
    statementVersion: z.string().max(80),
    ...typed,
  }),
  z.strictObject({
    form: z.literal('enquiry'),
    id: EnquiryId,
    ...contact,
    text: z.string().max(TEXT_CHARACTERS_MAX),
    ...typed,
  }),
  z.strictObject({
    form: z.literal('sign-up'),
    id: SignUpId,
    openEventId: OpenEventId,
    ...contact,
    people: z.int().min(1).max(PEOPLE_MAX),
    ...typed,
  }),
  /** Mailed by somebody who is registered nowhere. */
  z.strictObject({
    form: z.literal('ticket'),
    id: TicketId,
    name: contact.name.optional(),
    title: z.string().max(160),
    text: z.string().max(8000),
    ...typed,
  }),
]);
export type FormSubmission = z.output<typeof FormSubmission>;
export type FormKind = FormSubmission['form'];
export type SubmissionOf<K extends FormKind> = Extract<FormSubmission, { form: K }>;

export const submissionEntity = entity({
  name: 'form-submission',
  table: 'transient',
  sortKey: 'FORM-SUBMISSION',
  schema: FormSubmission,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to ask whether an address is that of who filled a form in',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: { not: 'it waits two days at most for its writer to confirm the address' },
  onErasure: 'delete',
});
export const submissionRef = (owner: Owner) => ({ entity: submissionEntity, owner }) as const;

/**
 * Whoever fills a form in is a subject of their own under the organisation's keys, registered nowhere, and what they sent
 * dies with its own key. Its number is that of what they sent: `sub_x`, `enq_x` and `sgn_x` lie with `req_x`.
 */
export const outsiderOf = (
  organisationId: OrganisationId,
  id: SubscriptionId | EnquiryId | SignUpId | TicketId,
): Owner => ({
  controller: organisationId,
  subject: RequestId.parse(`req_${id.slice('sub_'.length)}`),
});
/** The number alone, to be put behind another prefix. */
export const numberOf = ({ subject }: Owner): string => RequestId.parse(subject).slice('req_'.length);

/** The organisation whose form it was: an outsider has no other controller. */
export function organisationOf({ controller }: Owner): OrganisationId {
  if (controller === 'operator') throw new Error('A form of the operator’s');
  return controller;
}
