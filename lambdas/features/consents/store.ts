import { StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import { consentTo } from './consent.ts';
import type { MyConsentStore } from './handlers.ts';
import { mine, mineByConsent, mineOf } from './mine.ts';
import { purposeVersionRef } from './purpose.ts';
import { accountPurpose } from './standard-purposes.ts';
import { endConsent, giveConsent } from './writes.ts';

const TRIES_MAX = 5;

export const myConsentStore: MyConsentStore = {
  mine,
  mineOf,
  mineByConsent,

  async give({ principal, speaker }, purpose, call, answer) {
    const { organisation, person, states, statementVersion } = principal;
    const before = consentTo(states, purpose.id);
    const change = call.records.change();
    const event = giveConsent(
      change,
      {
        organisationId: organisation.id,
        principalId: person.id,
        purpose,
        open: before?.ended ? undefined : before,
        by: speaker,
        statementVersion,
        language: call.language,
        method: 'service',
      },
      call,
    );
    return change.commit(answer(event));
  },

  async withdraw({ principal, speaker, state }, call) {
    const { organisation, person, statementVersion } = principal;
    const change = call.records.change();
    const { language } = call;
    const ended = {
      organisationId: organisation.id,
      state,
      how: 'withdrawn',
      by: speaker,
      statementVersion,
      language,
    } as const;
    const event = endConsent(change, ended, call);
    // With the account's consent the person goes, and the mailbox with it: the answer itself is the confirmation.
    if (state.purposeId !== accountPurpose.id) {
      const childIds = speaker.capacity === 'guardian' ? [person.id] : [];
      const to = ownerOf(organisation.id, speaker.personId);
      queueNotice(change, { to, template: 'consent-withdrawn', parameters: { at: event.at, childIds } }, call);
    }
    await change.commit();
    return event;
  },

  async purposeAsShown({ principal, state }, purpose, { records }) {
    const textVersion = state.givings.at(-1)?.purposeTextVersion ?? purpose.textVersion;
    const shown = await records.get(purposeVersionRef(principal.organisation.id, purpose.id, textVersion));
    return shown?.value ?? purpose;
  },

  async again(attempt) {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof StaleVersion) || tries >= TRIES_MAX) throw error;
      }
    }
  },
};
