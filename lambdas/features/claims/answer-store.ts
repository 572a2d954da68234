import type { Call } from '../../http/call.ts';
import { JSON_DOCUMENT } from '../../http/content.ts';
import { PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { Stored } from '../../platform/records.ts';
import { erasureRef } from '../erasure/erasure.ts';
import { type exportEntity, exportRef, isFetchable } from '../exports/export.ts';
import { dayAndTime } from '../notices/instants.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isLinkedOn } from '../people/person.ts';
import { linkRef, personRef } from '../people/writes.ts';
import { isClosed, type RequestRecord, requestRef, requestTextRef } from '../requests/request.ts';
import type { Claim } from './claim.ts';
import type { ClaimedAnswers } from './handlers.ts';
import type { ClaimedAnswer } from './words.ts';

/** A link of at most a minute to a copy of what is sealed; recorded before it leaves. Undefined when there is none. */
export type DownloadOf = (stored: Stored<typeof exportEntity>, call: Call) => Promise<{ url: string } | undefined>;

/** Reads what has become of a request where those who carry it out keep it. */
export const claimedAnswers = (downloadOf: DownloadOf): ClaimedAnswers => ({
  async answerOf(claim, owner, call) {
    const request = await requestOf(claim, owner, call);
    if (!request) return undefined;
    const [text, copy, certificate] = await Promise.all([
      call.records.get(requestTextRef(owner.controller, claim.requestId)),
      copyState(request, owner, call),
      certificateState(request, claim, owner, call),
    ]);
    const words = request.state === 'refused' ? text?.value.decisionWords : undefined;
    return {
      right: request.right,
      outcome: outcomeOf(request),
      ...(isClosed(request.state) ? {} : underWay(request, text?.value.extensionWords, call)),
      ...(request.decision?.reason !== undefined && { reason: request.decision.reason }),
      ...(words !== undefined && { refusal: words }),
      copy,
      certificate,
    };
  },

  async copyOf(claim, owner, call) {
    const request = await requestOf(claim, owner, call);
    const stored = request?.exportId && (await call.records.get(exportRef(owner, request.exportId)));
    return stored && downloadOf(stored, call);
  },

  async certificateOf(claim, owner, call) {
    const request = await requestOf(claim, owner, call);
    const certificate = request && (await certificateOfRequest(request, claim, owner, call));
    if (!certificate) return undefined;
    const { id, ...signed } = certificate;
    return { contentType: JSON_DOCUMENT, content: JSON.stringify(signed), filename: `${id}.json` };
  },
});

/**
 * The register's entry outlives an erasure, and lies with whom the request is about. Undefined also for a guardian who
 * is one no more, or whom a block has come to keep from the child.
 */
async function requestOf({ requestId, subject }: Claim, { controller }: Owner, call: Call) {
  const stored = await call.records.get(requestRef({ controller, subject }, requestId));
  return stored && (await isStillTheirs(stored.value, controller, call)) ? stored.value : undefined;
}

async function isStillTheirs({ askedBy, timeZone, subject }: RequestRecord, controller: ControllerId, call: Call) {
  const child = PersonId.safeParse(subject);
  if (askedBy.as !== 'claim' || !askedBy.guardianId || !child.success || controller === 'operator') return true;
  const { guardianId } = askedBy;
  const [[person, link], blocks] = await Promise.all([
    call.records.together([personRef(controller, child.data), linkRef(controller, child.data, guardianId)]),
    call.records.getMany(blocksBetween(controller, [guardianId], child.data)),
  ]);
  if (blocks.some((block) => block !== undefined)) return false;
  // The child has been erased, and the link with it: the answer is that it was.
  if (!person) return true;
  if (!link || !isLinkedOn(link.value, dayIn(timeZone, call.now))) return false;
  // Responsibility that has become information alone does not open what was made for responsibility.
  return link.value.rights === 'parental-responsibility' || link.value.rights === askedBy.guardianRights;
}

async function certificateOfRequest({ erasureId: id }: RequestRecord, { subject }: Claim, owner: Owner, call: Call) {
  const holder = { controller: owner.controller, subject };
  return id && (await call.records.get(erasureRef({ id, holder })))?.value.certificate;
}

function underWay({ dueAt, timeZone, extension }: RequestRecord, words: string | undefined, { language }: Call) {
  return {
    answerBy: dayAndTime(dueAt, timeZone, language),
    ...(extension && { extension: { reason: extension.reason, ...(words !== undefined && { words }) } }),
  };
}

function outcomeOf({ state }: RequestRecord): ClaimedAnswer['outcome'] {
  if (state === 'refused' || state === 'withdrawn') return state;
  return isClosed(state) ? 'carried-out' : 'under-way';
}

async function copyState({ exportId }: RequestRecord, owner: Owner, call: Call): Promise<ClaimedAnswer['copy']> {
  if (exportId === undefined) return 'none';
  const stored = await call.records.get(exportRef(owner, exportId));
  if (!stored) return 'over';
  if (isFetchable(stored.value, call.now)) return 'ready';
  return stored.value.state === 'ready' ? 'over' : 'being-made';
}

async function certificateState(
  request: RequestRecord,
  claim: Claim,
  owner: Owner,
  call: Call,
): Promise<ClaimedAnswer['certificate']> {
  if (request.erasureId === undefined) return 'none';
  return (await certificateOfRequest(request, claim, owner, call)) ? 'ready' : 'awaited';
}
