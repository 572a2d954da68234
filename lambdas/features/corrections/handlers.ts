import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { CorrectionId, type CustomerId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import type { AskRegister } from '../../platform/open-register.ts';
import { factsIn } from '../company-register/unit.ts';
import type { StoredCustomer } from '../customers/handlers.ts';
import type { TicketSettings } from '../tickets/settings.ts';
import type { House } from '../tickets/ticketing.ts';
import { type Correction, decided, differing } from './correction.ts';
import type { correctionRoutes } from './routes.ts';

/** A correction, and whose it is: a contact’s, or the organisation’s own where a register says so. */
interface KnownCorrection {
  readonly owner: Owner;
  readonly value: Correction;
  readonly version: number;
}
export interface CorrectionStore {
  /** The customer that a person speaks for. */
  customerOf(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<StoredCustomer | undefined>;
  customer(organisationId: OrganisationId, id: CustomerId, call: Call): Promise<StoredCustomer | undefined>;
  settings(organisationId: OrganisationId, call: Call): Promise<TicketSettings | undefined>;
  house(organisationId: OrganisationId, call: Call): Promise<House | undefined>;
  /** Keeps it, and tells those who decide; `personId` is absent for what a register says. Throws `too-many`. */
  propose<A>(
    organisationId: OrganisationId,
    personId: PersonId | undefined,
    correction: Correction,
    call: Call,
    answer: A,
  ): Promise<A>;
  ownOf(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<readonly Correction[]>;
  /** The newest first. */
  list(
    organisationId: OrganisationId,
    show: 'waiting' | 'all',
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly corrections: readonly KnownCorrection[]; readonly next?: CorrectionId }>;
  find(organisationId: OrganisationId, id: CorrectionId, call: Call): Promise<KnownCorrection | undefined>;
  /** With the customer's facts where it is accepted, in one transaction; whoever proposed it is told. */
  decide(known: KnownCorrection, after: Correction, customer: StoredCustomer | undefined, call: Call): Promise<void>;
}

export const correctionHandlers = (
  store: CorrectionStore,
  ask: AskRegister,
): HandlersFor<typeof correctionRoutes, Call> => ({
  async getOwnCustomer({ params: { organisationId } }, call) {
    const { value, version } = await ownCustomer(store, organisationId, call);
    return { ...value, version };
  },

  async proposeCorrection({ params: { organisationId }, body: { proposed, words } }, call) {
    const customer = await ownCustomer(store, organisationId, call);
    const difference = differing(customer.value, proposed);
    if (!difference) throw new Problem('wrong-state', 'This is what is held already.');
    const correction = { ...correctionOf(customer, 'contact', difference, call), ...(words && { words }) };
    const { id, state } = correction;
    return store.propose(organisationId, personIdOf(call), correction, call, { id, state });
  },

  async listOwnCorrections({ params: { organisationId } }, call) {
    const own = await store.ownOf(organisationId, personIdOf(call), call);
    return { items: own.map(({ decidedBy: _, ...correction }) => correction) };
  },

  async listCorrections({ params: { organisationId }, query: { cursor, limit, show } }, call) {
    const list: List = { name: 'corrections', filter: { organisationId, show } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, CorrectionId);
    const page = await store.list(organisationId, show, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.corrections.map(viewOf),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async decideCorrection({ params: { organisationId, correctionId }, body }, call) {
    const known = await store.find(organisationId, correctionId, call);
    if (!known) throw new Problem('correction-not-found');
    const house = await store.house(organisationId, call);
    if (!house) throw new Problem('correction-not-found');
    const after = decided(known.value, body, personIdOf(call), house, call.now);
    const isAccepted = body.outcome === 'accepted';
    const customer = isAccepted ? await store.customer(organisationId, after.customerId, call) : undefined;
    // No customer is ever removed: one that is none any more is ended.
    if (isAccepted && !customer) throw new Error('A correction without its customer');
    await store.decide(known, after, customer, call);
    return viewOf({ ...known, value: after });
  },

  async compareWithRegister({ params: { organisationId, customerId } }, call) {
    const [customer, settings] = await Promise.all([
      store.customer(organisationId, customerId, call),
      store.settings(organisationId, call),
    ]);
    if (!customer) throw new Problem('customer-not-found');
    if (!settings?.comparesCompanies)
      throw new Problem('wrong-state', 'Comparing with the open register is turned off.');
    const { organisationNumber } = customer.value;
    if (organisationNumber === undefined) throw new Problem('wrong-state', 'The customer has no organisation number.');
    const answer = await ask(organisationNumber);
    if ('failure' in answer) return { outcome: answer.failure, isDeleted: false };
    const facts = factsIn(answer.found);
    // An entry of another number, or none at all: nothing in it is about this customer.
    if (facts?.organisationNumber !== organisationNumber) return { outcome: 'not-reached', isDeleted: false };
    const { isDeleted, ...proposed } = facts;
    const difference = differing(customer.value, proposed);
    if (!difference) return { outcome: 'same', isDeleted };
    const correction = correctionOf(customer, 'brreg', difference, call);
    await store.propose(organisationId, undefined, correction, call, undefined);
    return { outcome: 'differs', isDeleted, correction };
  },
});

function personIdOf({ role }: Call): PersonId {
  if (!role) throw new Error('A route for roles without one');
  return role.personId;
}

async function ownCustomer(
  store: CorrectionStore,
  organisationId: OrganisationId,
  call: Call,
): Promise<StoredCustomer> {
  const customer = await store.customerOf(organisationId, personIdOf(call), call);
  if (!customer) throw new Problem('customer-not-found');
  return customer;
}

const correctionOf = (
  { value }: StoredCustomer,
  from: Correction['from'],
  difference: Pick<Correction, 'proposed' | 'before'>,
  call: Call,
): Correction => ({
  id: call.newId('cor'),
  customerId: value.id,
  from,
  ...difference,
  proposedAt: call.now.toISOString(),
  state: 'proposed',
});

function viewOf({ owner, value }: Pick<KnownCorrection, 'owner' | 'value'>) {
  const proposedBy = PersonId.safeParse(owner.subject);
  return { ...value, ...(proposedBy.success && { proposedBy: proposedBy.data }) };
}
