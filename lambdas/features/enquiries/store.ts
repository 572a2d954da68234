import type { Call } from '../../http/call.ts';
import { EnquiryId, RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { dueKey, dueRow } from '../forms/due.ts';
import { organisationOf, outsiderOf } from '../forms/form.ts';
import { end, makeOwnLink, settle, waitingSubmission } from '../forms/outsider.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { replyAddressRef } from '../requests/request.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { policyOf } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';
import {
  type Enquiry,
  type enquiryEntity,
  enquiryKey,
  enquiryRef,
  enquiryRow,
  received,
  withMessage,
} from './enquiry.ts';
import type { EnquiryStore } from './handlers.ts';

export const enquiryStore: EnquiryStore = {
  async list(organisationId, { limit, after }, { records }) {
    const { table, pk } = enquiryKey(organisationId, '');
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const { items, next } = await records.pointers(table, pk, range);
    const refs = items.map(({ sk }) => enquiryRef(outsiderOf(organisationId, EnquiryId.parse(sk))));
    const stored = await records.getMany(refs);
    return {
      enquiries: stored.flatMap((one) => (one ? [one.value] : [])),
      ...(next !== undefined && { next: EnquiryId.parse(next) }),
    };
  },

  async find(organisationId, id, { records }) {
    const owner = outsiderOf(organisationId, id);
    const [stored, reply, organisation] = await records.together([
      enquiryRef(owner),
      replyAddressRef(organisationId, RequestId.parse(owner.subject)),
      organisationRef(organisationId),
    ]);
    if (!stored || !organisation) return undefined;
    return { stored, email: reply?.value.email, timeZone: organisation.value.timeZone };
  },

  async answer({ stored }, after, call, answer) {
    const { owner } = stored.ref;
    const change = call.records.change();
    save(change, stored, after);
    const { token, expiresAt } = makeOwnLink(change, owner, call);
    queueNotice(change, { to: owner, template: 'enquiry-answered', parameters: { token, expiresAt } }, call);
    return change.activity({ event: 'enquiry.answered', ...concerning(stored) }).commit(answer);
  },

  async close({ stored }, after, { records }) {
    const change = records.change();
    save(change, stored, after);
    await change.activity({ event: 'enquiry.closed', ...concerning(stored) }).commit();
  },
};

/** The effect of the link that confirms an address: the enquiry reaches the staff. */
export const confirmEnquiry: LinkEffect = async ({ owner }, use, call) => {
  const organisationId = organisationOf(owner);
  const waiting = await waitingSubmission(owner, 'enquiry', call);
  const [organisation, adjustments] = await call.records.together([
    organisationRef(organisationId),
    adjustmentsRef(organisationId),
  ]);
  if (!organisation) throw new Problem('link-not-found');
  const { profile, timeZone } = organisation.value;
  const term = policyOf(profile, adjustments?.value.adjustments).enquiry ?? terms.enquiry;
  const enquiry = received(waiting.value, { timeZone, term }, call.now);
  settle(use, waiting);
  use
    .put(enquiryRef(owner), enquiry, 'new')
    .point(enquiryRow(organisationId, enquiry))
    .point(dueRow(owner, enquiry.dueAt, { kind: 'enquiry', id: enquiry.id }));
  await tellStaff(use, owner, timeZone, call);
  await use
    .activity({ event: 'enquiry.received', subject: organisationOwner(organisationId), about: [enquiry.id] })
    .commit();
};

/** Word to those who run the place that a question waits; of whom and of what only the list says. */
async function tellStaff(change: Change, owner: Owner, timeZone: string, call: Call): Promise<void> {
  const organisationId = organisationOf(owner);
  const among = await decidersOf(call.records, organisationId, timeZone, call.now, ['administrator', 'leader']);
  const told = await reachable(call.records, organisationId, among.slice(0, CONTROLLERS_TOLD_MAX));
  for (const personId of told) {
    const parameters = { at: call.now.toISOString() };
    queueNotice(change, { to: ownerOf(organisationId, personId), template: 'enquiry-waiting', parameters }, call);
  }
}

/** What somebody writes on the page of their enquiry. Throws `wrong-state` or `too-many`. */
export async function writeAgain(stored: Stored<typeof enquiryEntity>, text: string, call: Call): Promise<Enquiry> {
  const { owner } = stored.ref;
  const after = withMessage(stored.value, { by: 'enquirer', text }, call.now);
  const organisation = await call.records.get(organisationRef(organisationOf(owner)));
  const change = call.records.change();
  save(change, stored, after);
  // Once until staff answer: they have been told already that it is their turn.
  if (organisation && stored.value.state === 'answered')
    await tellStaff(change, owner, organisation.value.timeZone, call);
  await change.activity({ event: 'enquiry.received', ...concerning(stored) }).commit();
  return after;
}

/** Everything about it goes, because its time is over or because who asked wants it so. */
export async function endEnquiry(
  stored: Stored<typeof enquiryEntity>,
  cause: 'retention' | 'unsubscribed',
  call: Call,
): Promise<void> {
  const { owner } = stored.ref;
  const { id, dueAt } = stored.value;
  const change = call.records.change();
  const rows = [enquiryKey(organisationOf(owner), id), dueKey(owner, dueAt, id)];
  end(change, { owner, records: [stored], rows }, cause, call);
  await change.activity({ event: 'enquiry.ended', ...concerning(stored), detail: { cause } }).commit();
}

function save(change: Change, { ref, version, value }: Stored<typeof enquiryEntity>, after: Enquiry): void {
  const { owner } = ref;
  change.put(ref, after, { version }).point(enquiryRow(organisationOf(owner), after));
  if (after.dueAt === value.dueAt) return;
  change
    .unpoint(dueKey(owner, value.dueAt, value.id))
    .point(dueRow(owner, after.dueAt, { kind: 'enquiry', id: value.id }));
}

/** The record stands with the organisation: of the outsider nothing is to be left. */
const concerning = ({ ref, value }: Stored<typeof enquiryEntity>) => ({
  subject: organisationOwner(organisationOf(ref.owner)),
  about: [value.id],
});
