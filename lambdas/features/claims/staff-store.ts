import { personIdsOf } from '../../http/call.ts';
import { dayIn } from '../../platform/calendar.ts';
import { decidesAlone } from '../consents/consent.ts';
import { AGE_OF_CONSENT_DEFAULT } from '../consents/purpose.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isLinkedOn, ownerOf } from '../people/person.ts';
import { linkRef, personRef } from '../people/writes.ts';
import { holdsOn } from '../requests/hold.ts';
import { identifyRequest, registerRequest } from '../requests/register.ts';
import { replyAddressRef, requestRef } from '../requests/request.ts';
import { requestStore } from '../requests/store.ts';
import { linkToClaim, prepareClaim } from './announce.ts';
import { claimRef } from './claim.ts';
import type { StaffClaimStore } from './staff-handlers.ts';

export const staffClaimStore: StaffClaimStore = {
  async registree(organisationId, { personId, guardianId }, { records, role, now }) {
    const [[person, organisation], link, blocksOfCaller, blocksOfGuardian] = await Promise.all([
      records.together([personRef(organisationId, personId), organisationRef(organisationId)]),
      guardianId && records.get(linkRef(organisationId, personId, guardianId)),
      records.getMany(blocksBetween(organisationId, personIdsOf(role!), personId)),
      guardianId === undefined ? [] : records.getMany(blocksBetween(organisationId, [guardianId], personId)),
    ]);
    // No path names the person, so nobody has looked for a block yet.
    if (!person || !organisation || blocksOfCaller.some((block) => block !== undefined)) return undefined;
    const { profile, timeZone } = organisation.value;
    const today = dayIn(timeZone, now);
    const isLinked = link !== undefined && isLinkedOn(link.value, today);
    return {
      profile,
      timeZone,
      owner: ownerOf(organisationId, personId),
      kind: person.value.kind,
      mayAskAlone: decidesAlone(person.value, { age: AGE_OF_CONSENT_DEFAULT }, today),
      guardian: {
        guardianRights: isLinked ? link.value.rights : undefined,
        isBlocked: blocksOfGuardian.some((block) => block !== undefined),
      },
    };
  },

  async register(wanted, { codeTravels, email }, call, answer) {
    const { records, now } = call;
    const { owner, profile, text, language } = wanted;
    const change = records.change();
    const value = await registerRequest(change, wanted, call);
    const { id: requestId, subject } = value;
    const reply = email === undefined ? {} : { reply: { email, language } };
    prepareClaim(change, { controller: owner.controller, requestId, subject, codeTravels, ...reply }, now);
    const holds = (await holdsOn(records, owner)).map((hold) => hold.value);
    const stored = { ref: requestRef(owner, requestId), value, version: 1 };
    return change.commit(answer({ controller: owner.controller, stored, profile, text, holds }));
  },

  find: requestStore.find,

  async identify(known, identity, call) {
    const { stored, profile, text = {} } = known;
    const change = call.records.change();
    const value = await identifyRequest(change, stored, { identity, ...(profile && { profile }), text }, call);
    await change.commit();
    return { ...known, stored: { ...stored, value, version: stored.version + 1 } };
  },

  claim: ({ controller, stored }, { records }) => records.get(claimRef(controller, stored.value.id)),

  async handOver(stored, after, call) {
    const { owner } = stored.ref;
    const { controller } = owner;
    const change = call.records.change();
    const { expiresAtEpochSeconds } = stored;
    change.put(
      stored.ref,
      after,
      { version: stored.version },
      expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds },
    );
    const hasAddress = await call.records.get(replyAddressRef(controller, after.requestId));
    const link = hasAddress ? undefined : linkToClaim(change, owner, call);
    // The code opens what is about this person: that somebody made it is recorded with them.
    await change
      .activity({
        event: 'claim.code-handed-over',
        subject: { controller, subject: after.subject },
        about: [after.requestId],
      })
      .commit();
    return link ? { token: link.token } : {};
  },
};
