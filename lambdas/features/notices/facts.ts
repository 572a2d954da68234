import type { Language } from '../../http/call.ts';
import { type AccountId, type OrganisationId, type PersonId, RequestId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { accountRef } from '../accounts/account.ts';
import { claimRef } from '../claims/claim.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blockEntity, guardianLinkEntity, isLinkedOn, ownerOf, personEntity } from '../people/person.ts';
import { replyAddressRef } from '../requests/request.ts';

import type { Facts } from './letters/phrases.ts';
import { ARRIVAL_NEWS_SECONDS_MAX, categoryOf, type Notice, type NoticeContent, type NotSentReason } from './notice.ts';
import { declinedNoticesRef } from './preferences.ts';
import { type undeliverableAddressEntity, undeliverableAddressRef } from './undeliverable.ts';

/** All that is known at the moment of sending: the notice itself holds ids only. */
export interface Known {
  readonly recipient: { readonly address?: string; readonly language: Language; readonly isProtected: boolean };
  readonly organisation?: Facts['organisation'];
  readonly hasDeclined: boolean;
  readonly undeliverable: Stored<typeof undeliverableAddressEntity> | undefined;
  readonly children: readonly ({ readonly firstName: string; readonly protectedAddress: boolean } | undefined)[];
  /** What stands between the child and the recipient; only where the notice is about one child. */
  readonly tie?: { readonly isBlocked: boolean; readonly isGuardian: boolean };
}

/** Two round trips at most beside the notice's own; undefined when the recipient is gone. */
export async function readKnown(
  records: Records,
  owner: Owner,
  content: NoticeContent,
  now: Date,
): Promise<Known | undefined> {
  const requestId = RequestId.safeParse(owner.subject);
  if (requestId.success) return readRequester(records, owner, requestId.data);
  if (owner.controller === 'operator') return readAccount(records, owner);
  const organisationId = owner.controller;
  const personId = owner.subject as PersonId;
  const category = categoryOf(content.template);
  const [[person, organisation, undeliverable], declined, children, tie] = await Promise.all([
    records.together([
      { entity: personEntity, owner },
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
      undeliverableAddressRef(owner),
    ]),
    category && records.get(declinedNoticesRef(owner, category)),
    records.getMany(childIdsOf(content).map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) }))),
    readTie(records, organisationId, personId, content),
  ]);
  if (!person || !organisation) return undefined;
  const { name, profile, timeZone } = organisation.value;
  const { email, language, protectedAddress } = person.value;
  return {
    recipient: { language, isProtected: protectedAddress, ...(email !== undefined && { address: email }) },
    organisation: { name, profile, timeZone },
    hasDeclined: declined !== undefined,
    undeliverable,
    children: children.map((child) => child?.value),
    ...(tie && { tie: tie(dayIn(timeZone, now)) }),
  };
}

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
  const [reply, claim, undeliverable] = await records.together([
    replyAddressRef(controller, requestId),
    claimRef(controller, requestId),
    undeliverableAddressRef(owner),
  ]);
  const { email, language } = reply?.value ?? { email: undefined, language: 'nb' as const };
  const requester = { language, ...(email !== undefined && { address: email }) };
  const common = { hasDeclined: false, undeliverable, children: [] };
  if (controller === 'operator') return { recipient: { ...requester, isProtected: false }, ...common };
  const [person, organisation] = await records.together([
    { entity: personEntity, owner: { controller, subject: claim?.value.subject ?? owner.subject } },
    { entity: organisationEntity, owner: organisationOwner(controller) },
  ]);
  const { name, profile, timeZone } = organisation?.value ?? {};
  return {
    recipient: { ...requester, isProtected: person?.value.protectedAddress ?? true },
    ...common,
    ...(name !== undefined && profile && timeZone !== undefined && { organisation: { name, profile, timeZone } }),
  };
}

/** Block and link lie in the child's partition, under the grown-up's id. */
async function readTie(records: Records, organisationId: OrganisationId, grownUp: PersonId, content: NoticeContent) {
  if (!('childId' in content.parameters)) return undefined;
  const owner = ownerOf(organisationId, content.parameters.childId);
  const [block, link] = await records.together([
    { entity: blockEntity, owner, key: grownUp },
    { entity: guardianLinkEntity, owner, key: grownUp },
  ]);
  return (day: string) => ({
    isBlocked: block !== undefined,
    isGuardian: link !== undefined && isLinkedOn(link.value, day) && link.value.rights !== 'pick-up-only',
  });
}

function childIdsOf({ parameters }: NoticeContent): readonly PersonId[] {
  if ('childId' in parameters) return [parameters.childId];
  return 'childIds' in parameters ? parameters.childIds : [];
}

/** Why a notice must not be sent any more, or undefined when it may. Pure. */
export function reasonNotToSend(
  notice: Notice,
  content: NoticeContent,
  known: Known | undefined,
  now: Date,
): NotSentReason | undefined {
  if (isTooLate(content, now)) return 'too-late';
  if (!known) return 'recipient-gone';
  if (known.tie?.isBlocked) return 'blocked';
  if ('childId' in content.parameters && !known.children[0]) return 'child-gone';
  if (known.tie && !known.tie.isGuardian) return 'no-longer-guardian';
  if (known.hasDeclined) return 'declined';
  const address = notice.address ?? known.recipient.address;
  if (address === undefined) return 'no-address';
  return known.undeliverable?.value.address === address ? 'undeliverable-address' : undefined;
}

function isTooLate({ template, parameters }: NoticeContent, now: Date): boolean {
  if ('expiresAt' in parameters) return Date.parse(parameters.expiresAt) <= now.getTime();
  if (template === 'checked-in') return isOldNews(parameters.at, now);
  return template === 'not-arrived' && isOldNews(parameters.expectedAt, now);
}

const isOldNews = (instant: string, now: Date) => now.getTime() - Date.parse(instant) > ARRIVAL_NEWS_SECONDS_MAX * 1000;

/** What the letter may say of what is known. */
export function factsOf(known: Known, content: NoticeContent, urls: Pick<Facts, 'linkUrl' | 'declineUrl'>): Facts {
  const child = 'childId' in content.parameters ? known.children[0] : undefined;
  return {
    ...urls,
    language: known.recipient.language,
    // A child that is gone may have been protected, so what is not known counts as protected.
    isProtected: known.recipient.isProtected || known.children.some((one) => one?.protectedAddress ?? true),
    ...(known.organisation && { organisation: known.organisation }),
    ...(child && { childFirstName: child.firstName }),
  };
}
