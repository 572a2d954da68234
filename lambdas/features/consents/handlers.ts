import type { Call } from '../../http/call.ts';
import type { ConsentId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { CONSENT_EVENTS_MAX, type ConsentEvent, type ConsentState, currentConsents } from './consent.ts';
import type { Mine } from './mine.ts';
import { isAsked, mayGive, mayWithdraw, purposeOf, questionsTo } from './principal.ts';
import type { ConsentPurpose } from './purpose.ts';
import type { PrincipalKey } from './read-principals.ts';
import { JSON_LD, receiptOf } from './receipt.ts';
import type { MyConsent, myConsentRoutes } from './routes.ts';
import { myConsent, myConsentsIn } from './views.ts';

export type MineByConsent = Mine & { readonly state: ConsentState };

export interface MyConsentStore {
  mine(call: Call): Promise<readonly Mine[]>;
  mineOf(key: PrincipalKey, call: Call): Promise<Mine | undefined>;
  mineByConsent(consentId: ConsentId, call: Call): Promise<MineByConsent | undefined>;
  /** Stores with what `answer` makes of the event. */
  give(mine: Mine, purpose: ConsentPurpose, call: Call, answer: (event: ConsentEvent) => MyConsent): Promise<MyConsent>;
  /** Ends it and closes what rests on it, in one transaction. Throws `StaleVersion` when something happened to it meanwhile. */
  withdraw(mine: MineByConsent, call: Call): Promise<ConsentEvent>;
  /** The purpose in the version of its text that was last consented to. */
  purposeAsShown(mine: MineByConsent, purpose: ConsentPurpose, call: Call): Promise<ConsentPurpose>;
  /** Reads and tries again when somebody else was faster. */
  again<A>(attempt: () => Promise<A>): Promise<A>;
}

export const myConsentHandlers = (
  store: MyConsentStore,
  publicUrl: string,
): HandlersFor<typeof myConsentRoutes, Call> => ({
  async listMyConsents(_input, call) {
    const all = await store.mine(call);
    return { items: all.flatMap((mine) => myConsentsIn(mine, call.language)) };
  },

  giveConsent: ({ body }, call) =>
    // Two guardians may answer at the same moment.
    store.again(async () => {
      const mine = await store.mineOf(body, call);
      if (!mine) throw new Problem('person-not-found');
      const { principal, speaker } = mine;
      const purpose = purposeOf(principal, body.purposeId);
      if (!purpose || !isAsked(principal, purpose)) throw new Problem('consent-purpose-not-found');
      if (body.textVersion !== purpose.textVersion) throw new Problem('consent-purpose-outdated');
      if (body.statementVersion !== principal.statementVersion) throw new Problem('statement-outdated');
      if (!mayGive(principal, purpose, speaker)) throw new Problem('consent-not-yours');
      const count = principal.states.reduce((sum, { sequence }) => sum + sequence, 0);
      if (count >= CONSENT_EVENTS_MAX) throw new Problem('too-many', 'Too many consents given and withdrawn.');
      return store.give(mine, purpose, call, (event) => answered(mine, purpose, event, call));
    }),

  withdrawConsent: ({ params }, call) =>
    store.again(async () => {
      const mine = await store.mineByConsent(params.consentId, call);
      const purpose = mine && purposeOf(mine.principal, mine.state.purposeId);
      if (!mine || !purpose) throw new Problem('consent-not-found');
      const { principal, state, speaker } = mine;
      if (!mayWithdraw(principal, purpose, state, speaker)) throw new Problem('consent-not-yours');
      if (state.ended) return shown(mine, purpose, state, call);
      return answered(mine, purpose, await store.withdraw(mine, call), call);
    }),

  async getConsentReceipt({ params }, call) {
    const mine = await store.mineByConsent(params.consentId, call);
    const purpose = mine && purposeOf(mine.principal, mine.state.purposeId);
    if (!mine || !purpose) throw new Problem('consent-not-found');
    const shown = await store.purposeAsShown(mine, purpose, call);
    const receipt = receiptOf({ ...mine, purpose: shown }, publicUrl);
    return {
      contentType: JSON_LD,
      content: JSON.stringify(receipt, null, 2),
      filename: `${mine.state.consentId}.jsonld`,
    };
  },
});

/** The consent as it is once the event has been stored. */
function answered(mine: Mine, purpose: ConsentPurpose, event: ConsentEvent, call: Call): MyConsent {
  const states = currentConsents([...mine.principal.states.flatMap(({ events }) => events), event]);
  const state = states.find(({ consentId }) => consentId === event.consentId);
  return shown({ ...mine, principal: { ...mine.principal, states } }, purpose, state, call);
}

function shown(mine: Mine, purpose: ConsentPurpose, state: ConsentState | undefined, call: Call): MyConsent {
  const states = state ? [state] : [];
  const [question] = questionsTo({ ...mine.principal, states, purposes: [purpose] });
  if (!question) throw new Error('A consent that nobody was asked for');
  return myConsent(mine, question, call.language);
}
