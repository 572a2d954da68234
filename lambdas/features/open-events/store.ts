import type { Call } from '../../http/call.ts';
import { type OrganisationId, RequestId, SignUpId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import { type Change, StaleVersion, type Stored } from '../../platform/records.ts';
import { dueKey, dueRow } from '../forms/due.ts';
import { organisationOf, outsiderOf } from '../forms/form.ts';
import { end, makeOwnLink, settle, waitingSubmission } from '../forms/outsider.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { useLink } from '../links/link.ts';
import { type ParametersOf, queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { replyAddressRef } from '../requests/request.ts';
import type { OpenEventStore, StoredEvent } from './handlers.ts';
import {
  counted,
  OPEN_EVENTS_MAX,
  openEventEntity,
  openEventRef,
  type SignUp,
  signedUp,
  type signUpEntity,
  signUpKey,
  signUpRef,
  signUpRow,
} from './open-event.ts';

/** Many sign up at the moment at which a form opens, and each changes the count. */
const TRIES_MAX = 8;

export const openEventStore: OpenEventStore = {
  async list(organisationId, { records }) {
    const page = await records.list(openEventEntity, organisationOwner(organisationId), { limit: OPEN_EVENTS_MAX });
    return page.items;
  },

  find: (organisationId, id, { records }) => records.get(openEventRef(organisationId, id)),

  create: (organisationId, event, { records }, answer) =>
    records
      .change()
      .put(openEventRef(organisationId, event.id), event, 'new')
      .activity({ event: 'open-event.created', subject: organisationOwner(organisationId), about: [event.id] })
      .commit(answer),

  async save({ ref, version, value }, after, call) {
    const change = call.records.change().put(ref, after, { version });
    // The clock tells who has signed up, and gives free places to those who wait.
    change.point(dueRow(ref.owner, call.now.toISOString(), { kind: 'open-event', id: value.id }));
    await change
      .activity({
        event: after.state === 'cancelled' ? 'open-event.cancelled' : 'open-event.changed',
        ...concerning(ref.owner, value.id),
      })
      .commit();
  },

  async signUps({ ref, value }, { limit, after }, { records }) {
    const organisationId = organisationOf(ref.owner);
    const { table, pk, sk } = signUpKey(organisationId, value.id, '');
    const range = { prefix: sk, limit, ...(after !== undefined && { after: `${sk}${after}` }) };
    const { items, next } = await records.pointers(table, pk, range);
    const owners = items.map((row) => outsiderOf(organisationId, SignUpId.parse(row.sk.slice(sk.length))));
    const [stored, addresses] = await Promise.all([
      records.getMany(owners.map(signUpRef)),
      records.getMany(owners.map(({ subject }) => replyAddressRef(organisationId, RequestId.parse(subject)))),
    ]);
    return {
      signUps: stored.flatMap((one, i) => (one ? [{ signUp: one.value, email: addresses[i]?.value.email }] : [])),
      ...(next !== undefined && { next: next.slice(sk.length) }),
    };
  },

  async cancel({ ref, value }, id, call) {
    const stored = await call.records.get(signUpRef(outsiderOf(organisationOf(ref.owner), id)));
    if (stored?.value.openEventId !== value.id) return false;
    await endSignUp(stored, 'unsubscribed', call);
    return true;
  },
};

/** The effect of the link that confirms an address: the sign-up counts, and gets a place if there is one. */
export const confirmSignUp: LinkEffect = async (link, use, call) => {
  for (let tries = 1; ; tries++) {
    try {
      return await confirm(link.owner, tries === 1 ? use : useLink(call.records.change(), link), call);
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries >= TRIES_MAX) throw error;
    }
  }
};

async function confirm(owner: Owner, use: Change, call: Call): Promise<void> {
  const organisationId = organisationOf(owner);
  const waiting = await waitingSubmission(owner, 'sign-up', call);
  const ref = openEventRef(organisationId, waiting.value.openEventId);
  const [event, organisation] = await call.records.together([ref, organisationRef(organisationId)]);
  if (event?.value.state !== 'open' || !organisation) throw new Problem('link-not-found');
  const after = signedUp(event.value, waiting.value, organisation.value.timeZone, call.now);
  settle(use, waiting);
  use
    .put(event.ref, after.event, { version: event.version })
    .put(signUpRef(owner), after.signUp, 'new')
    .point(signUpRow(organisationId, after.signUp))
    .point(dueRow(owner, after.signUp.dueAt, { kind: 'sign-up', id: after.signUp.id }));
  tell(use, owner, after.signUp.state, call);
  const detail = { state: after.signUp.state };
  await use.activity({ event: 'open-event.signed-up', ...concerning(owner, event.value.id), detail }).commit();
}

/** Mails what has become of a sign-up, with a link to its page (four writes). */
export function tell(change: Change, owner: Owner, what: ParametersOf<'sign-up'>['what'], call: Call): void {
  const { token, expiresAt } = makeOwnLink(change, owner, call);
  queueNotice(change, { to: owner, template: 'sign-up', parameters: { what, token, expiresAt } }, call);
}

/** Everything about it goes; whoever waits for a place gets one from the clock. */
export async function endSignUp(
  stored: Stored<typeof signUpEntity>,
  cause: 'retention' | 'unsubscribed',
  call: Call,
): Promise<void> {
  const { owner } = stored.ref;
  const organisationId = organisationOf(owner);
  const { openEventId, state, people } = stored.value;
  for (let tries = 1; ; tries++) {
    const event: StoredEvent | undefined = await call.records.get(openEventRef(organisationId, openEventId));
    const change = call.records.change();
    end(change, { owner, records: [stored], rows: rowsOf(organisationId, owner, stored.value) }, cause, call);
    if (event && cause !== 'retention') {
      change
        .put(event.ref, counted(event.value, state, -people), { version: event.version })
        .point(dueRow(event.ref.owner, call.now.toISOString(), { kind: 'open-event', id: openEventId }));
    }
    change.activity({ event: 'sign-up.ended', ...concerning(owner, openEventId), detail: { cause } });
    try {
      return await change.commit();
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries >= TRIES_MAX) throw error;
    }
  }
}

const rowsOf = (organisationId: OrganisationId, owner: Owner, { openEventId, id, dueAt }: SignUp) => [
  signUpKey(organisationId, openEventId, id),
  dueKey(owner, dueAt, id),
];

/** The record stands with the organisation: of the outsider nothing is to be left. */
const concerning = (owner: Owner, id: string) => ({ subject: organisationOwner(organisationOf(owner)), about: [id] });
