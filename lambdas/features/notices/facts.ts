import type { Language } from '../../http/call.ts';
import { type AccountId, type OrganisationId, type PersonId, RequestId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { dependantPointers, type Owner } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { accountRef } from '../accounts/account.ts';
import { claimRef } from '../claims/claim.ts';
import { submissionRef } from '../forms/form.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blockEntity, guardianLinkEntity, isLinkedOn, ownerOf, personEntity } from '../people/person.ts';
import { replyAddressRef } from '../requests/request.ts';

import { reachedBy } from './channels/reached-by.ts';
import type { Facts } from './letters/phrases.ts';
import { ARRIVAL_NEWS_SECONDS_MAX, categoryOf, type Notice, type NoticeContent, type NotSentReason } from './notice.ts';
import { declinedNoticesRef, type NoticePreferences, preferencesRef, type Wishes, wishesOf } from './preferences.ts';
import { type Over, whyOver } from './still-due.ts';
import { type undeliverableAddressEntity, undeliverableAddressRef } from './undeliverable.ts';

/** All that is known at the moment of sending: the notice itself holds ids only. */
export interface Known {
  readonly recipient: { readonly address?: string; readonly language: Language; readonly isProtected: boolean };
  readonly organisation?: Facts['organisation'];
  /** That it comes by e-mail: another way may be wished for it. */
  readonly hasDeclined: boolean;
  /** Of persons alone; accounts, and whoever has written to us, get only what cannot wait. */
  readonly wishes?: Wishes;
  /** It has been seen meanwhile, or is no longer so. */
  readonly over?: Over;
  readonly undeliverable: Stored<typeof undeliverableAddressEntity> | undefined;
  readonly children: readonly ({ readonly firstName: string; readonly protectedAddress: boolean } | undefined)[];
  /** What stands between the child and the recipient; only where the notice is about one child. */
  readonly tie?: { readonly isBlocked: boolean; readonly isGuardian: boolean };
}

/**
 * What is known of a notice's recipient, and of what it is about (`about`: the id that it was queued with). Three round
 * trips at most, and two more for whoever wishes a push; undefined when the recipient is gone.
 */
export async function readKnown(
  records: Records,
  owner: Owner,
  content: NoticeContent,
  now: Date,
  about?: string,
): Promise<Known | undefined> {
  const requestId = RequestId.safeParse(owner.subject);
  if (requestId.success) return readRequester(records, owner, requestId.data);
  if (owner.controller === 'operator') return readAccount(records, owner);
  const organisationId = owner.controller;
  const personId = owner.subject as PersonId;
  const category = categoryOf(content.template);
  const [[person, organisation, undeliverable, preferences], declined, children, tie, over] = await Promise.all([
    records.together([
      { entity: personEntity, owner },
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
      undeliverableAddressRef(owner),
      preferencesRef(owner),
    ]),
    category && records.get(declinedNoticesRef(owner, category)),
    records.getMany(childIdsOf(content).map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) }))),
    readTie(records, organisationId, personId, content),
    whyOver(records, owner, content, about),
  ]);
  if (!person || !organisation) return undefined;
  const { name, profile, timeZone } = organisation.value;
  const { email, language, protectedAddress } = person.value;
  const reached = ringsSomewhere(preferences?.value) ? await reachedBy(owner, records) : [];
  const declinedHere = category && declined ? [category] : [];
  const wishes = wishesOf(preferences?.value, declinedHere, { timeZone, reachedBy: reached });
  return {
    recipient: { language, isProtected: protectedAddress, ...(email !== undefined && { address: email }) },
    organisation: { name, profile, timeZone },
    hasDeclined: category !== undefined && wishes.categories[category].email === 'off',
    wishes,
    ...(over && { over }),
    undeliverable,
    children: children.map((child) => child?.value),
    ...(tie && { tie: tie(dayIn(timeZone, now)) }),
  };
}

/** Of whoever wishes nothing but mail, no number and no device is looked up for each notice. */
const ringsSomewhere = (said: NoticePreferences | undefined): boolean =>
  said !== undefined &&
  [said.necessary, ...Object.values(said.categories)].some((wish) => wish.sms !== 'off' || wish.push !== 'off');

async function readAccount(records: Records, owner: Owner): Promise<Known | undefined> {
  const [account, undeliverable] = await records.together([
    accountRef(owner.subject as AccountId),
    undeliverableAddressRef(owner),
  ]);
  if (!account) return undefined;
  const { email, language } = account.value;
  return {
    recipient: { address: email, language, isProtected: false },
    hasDeclined: false,
    undeliverable,
    children: [],
  };
}

/**
 * Whoever made a request without an account, or wrote to the data-protection officer: known by the reply address alone.
 * Whether the organisation may be named is the person's to say; of whom nothing is known any more, it is not.
 */
async function readRequester(records: Records, owner: Owner, requestId: RequestId): Promise<Known> {
  const { controller } = owner;
  const [reply, claim, undeliverable, submission] = await records.together([
    replyAddressRef(controller, requestId),
    claimRef(controller, requestId),
    undeliverableAddressRef(owner),
    // Of a form that has not been confirmed yet.
    submissionRef(owner),
  ]);
  // Of whoever has ended what a form began, the address is there until the keys go: no mail is sent to it any more.
  const holder = { controller, subject: controller };
  const [standing] = reply?.value.fromForm
    ? await records.pointersAt([dependantPointers.subject(holder, requestId)])
    : [reply];
  const { email, language } = (standing && reply?.value) ??
    submission?.value ?? { email: undefined, language: 'nb' as const };
  // Whoever filled in a form of the organisation's has to be told whose form it was.
  const isFromForm = reply?.value.fromForm === true || submission !== undefined;
  const requester = { language, ...(email !== undefined && { address: email }) };
  const common = { hasDeclined: false, undeliverable, children: [] };
  if (controller === 'operator') return { recipient: { ...requester, isProtected: false }, ...common };
  const subject = claim?.value.subject;
  const [person, organisation] = await Promise.all([
    // Without a claim there is none: somebody erased is told of it, or has filled in a form.
    subject && records.get({ entity: personEntity, owner: { controller, subject } }),
    records.get({ entity: organisationEntity, owner: organisationOwner(controller) }),
  ]);
  const { name, profile, timeZone } = organisation?.value ?? {};
  return {
    recipient: { ...requester, isProtected: person?.value.protectedAddress ?? !isFromForm },
    ...common,
    ...(name !== undefined && profile && timeZone !== undefined && { organisation: { name, profile, timeZone } }),
  };
}

/** Block and link lie in the child's partition, under the grown-up's id. */
async function readTie(records: Records, organisationId: OrganisationId, grownUp: PersonId, content: NoticeContent) {
  const childId = childIdOf(content);
  if (childId === undefined) return undefined;
  const owner = ownerOf(organisationId, childId);
  const [block, link] = await records.together([
    { entity: blockEntity, owner, key: grownUp },
    { entity: guardianLinkEntity, owner, key: grownUp },
  ]);
  return (day: string) => ({
    isBlocked: block !== undefined,
    isGuardian: link !== undefined && isLinkedOn(link.value, day) && link.value.rights !== 'pick-up-only',
  });
}

/** The one child that it is about, or through whom its reader is meant. */
const childIdOf = ({ parameters }: NoticeContent): PersonId | undefined =>
  'childId' in parameters ? parameters.childId : undefined;

function childIdsOf(content: NoticeContent): readonly PersonId[] {
  const { parameters } = content;
  const childId = childIdOf(content);
  if (childId !== undefined) return [childId];
  return 'childIds' in parameters ? parameters.childIds : [];
}

/** Why a notice must not be sent any more, or undefined when it may. Pure. */
export function reasonNotToSend(
  { address, channel = 'email' }: Partial<Pick<Notice, 'address' | 'channel'>>,
  content: NoticeContent,
  known: Known | undefined,
  now: Date,
): NotSentReason | undefined {
  if (isTooLate(content, now)) return 'too-late';
  if (!known) return 'recipient-gone';
  if (known.tie?.isBlocked) return 'blocked';
  if (childIdOf(content) !== undefined && !known.children[0]) return 'child-gone';
  if (known.tie && !known.tie.isGuardian) return 'no-longer-guardian';
  if (known.over) return known.over;
  // Numbers and devices are the channels' own to look up.
  if (channel !== 'email') return undefined;
  if (known.hasDeclined) return 'declined';
  const recipientAddress = address ?? known.recipient.address;
  if (recipientAddress === undefined) return 'no-address';
  return known.undeliverable?.value.address === recipientAddress ? 'undeliverable-address' : undefined;
}

/** Why no mail goes, where another way may still be wished. */
export const isAboutMailAlone = (reason: NotSentReason): boolean =>
  reason === 'declined' || reason === 'no-address' || reason === 'undeliverable-address';

function isTooLate({ template, parameters }: NoticeContent, now: Date): boolean {
  if ('expiresAt' in parameters) return Date.parse(parameters.expiresAt) <= now.getTime();
  if (template === 'checked-in') return isOldNews(parameters.at, now);
  return template === 'not-arrived' && isOldNews(parameters.expectedAt, now);
}

const isOldNews = (instant: string, now: Date) => now.getTime() - Date.parse(instant) > ARRIVAL_NEWS_SECONDS_MAX * 1000;

/** What the letter may say of what is known. */
export function factsOf(known: Known, content: NoticeContent, urls: Pick<Facts, 'linkUrl' | 'declineUrl'>): Facts {
  const child = childIdOf(content) === undefined ? undefined : known.children[0];
  return {
    ...urls,
    language: known.recipient.language,
    // A child that is gone may have been protected, so what is not known counts as protected.
    isProtected: known.recipient.isProtected || known.children.some((one) => one?.protectedAddress ?? true),
    ...(known.organisation && { organisation: known.organisation }),
    ...(child && { childFirstName: child.firstName }),
  };
}
