import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { EnquiryId, type OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { closed, type Enquiry, type enquiryEntity, withMessage } from './enquiry.ts';
import type { enquiryRoutes } from './routes.ts';

/** An enquiry with the address that answers go to; absent once that is gone. */
export interface Kept {
  readonly stored: Stored<typeof enquiryEntity>;
  readonly email: string | undefined;
  /** The organisation's. */
  readonly timeZone: string;
}

export interface EnquiryStore {
  /** The newest first. */
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly enquiries: readonly Enquiry[]; readonly next?: EnquiryId }>;
  find(organisationId: OrganisationId, id: EnquiryId, call: Call): Promise<Kept | undefined>;
  /** Adds what staff have written, and mails that it waits. */
  answer<A>(kept: Kept, after: Enquiry, call: Call, answer: A): Promise<A>;
  close(kept: Kept, after: Enquiry, call: Call): Promise<void>;
}

export const enquiryHandlers = (store: EnquiryStore): HandlersFor<typeof enquiryRoutes, Call> => ({
  async listEnquiries({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'enquiries', filter: { organisationId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, EnquiryId);
    const page = await store.list(organisationId, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.enquiries.map(({ id, name, state, receivedAt }) => ({ id, name, state, receivedAt })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getEnquiry({ params }, call) {
    return viewOf(await existing(store, params, call));
  },

  async answerEnquiry({ params, body }, call) {
    const kept = await existing(store, params, call);
    const { personId } = call.role!;
    const after = withMessage(kept.stored.value, { by: 'staff', personId, text: body.text }, call.now);
    return store.answer(kept, after, call, { id: after.id, state: after.state });
  },

  async closeEnquiry({ params }, call) {
    const kept = await existing(store, params, call);
    const after = closed(kept.stored.value, kept.timeZone, call.now);
    await store.close(kept, after, call);
    return viewOf(kept, after);
  },
});

async function existing(
  store: EnquiryStore,
  { organisationId, enquiryId }: { readonly organisationId: OrganisationId; readonly enquiryId: EnquiryId },
  call: Call,
): Promise<Kept> {
  const kept = await store.find(organisationId, enquiryId, call);
  if (!kept) throw new Problem('enquiry-not-found');
  return kept;
}

const viewOf = ({ stored, email }: Kept, enquiry: Enquiry = stored.value) => ({
  ...enquiry,
  ...(email !== undefined && { email }),
});
