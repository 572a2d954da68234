import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { accountRef } from '../../lambdas/features/accounts/account.ts';
import { attendanceDayRef, emptyDay } from '../../lambdas/features/attendance/attendance-day.ts';
import { consentTo } from '../../lambdas/features/consents/consent.ts';
import { consentedInformationRef } from '../../lambdas/features/consents/consented-information.ts';
import type { ConsentPurpose } from '../../lambdas/features/consents/purpose.ts';
import { readHouse, readPrincipal } from '../../lambdas/features/consents/read-principals.ts';
import { standardPurpose } from '../../lambdas/features/consents/standard-purposes.ts';
import { endConsent, giveConsent } from '../../lambdas/features/consents/writes.ts';
import { type ErasureOrder, orderErasure } from '../../lambdas/features/erasure/order.ts';
import { ownerOf, type PersonKind, type PersonRecord } from '../../lambdas/features/people/person.ts';
import { addLink, addPerson, claimsFor, personRef, savePerson } from '../../lambdas/features/people/writes.ts';
import { pictureRef } from '../../lambdas/features/pictures/picture.ts';
import { begin } from '../../lambdas/features/requests/begin.ts';
import { carryOut } from '../../lambdas/features/requests/carry-out.ts';
import { approve, isInForce, withdraw } from '../../lambdas/features/requests/decisions.ts';
import {
  HOLDS_MAX,
  holdNumberPointer,
  legalHoldEntity,
  legalHoldPointer,
  legalHoldRef,
} from '../../lambdas/features/requests/hold.ts';
import {
  isClosed,
  type Proposal,
  type RequestRecord,
  type Right,
  requestEntity,
} from '../../lambdas/features/requests/request.ts';
import type { Step } from '../../lambdas/features/requests/step.ts';
import type { Call } from '../../lambdas/http/call.ts';
import type { AccountId, OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { Closed, StaleVersion } from '../../lambdas/platform/records.ts';
import { anOrganisation, someoneWith } from '../support/service.ts';
import { aCall, anId } from '../support/store.ts';
import { services, theServices } from './prove-restore-services.ts';
import type { RestoreWorld } from './prove-restore-world.ts';

/** One thing that happens. Numbers choose among what there is: a history makes sense whatever they are. */
export const happenings = [
  'family-comes',
  'note-is-written',
  'address-changes',
  'consent-is-given',
  'consent-is-withdrawn',
  'restriction',
  'objection',
  'request-is-withdrawn',
  'rectification',
  'erasure-is-asked',
  'person-is-erased',
  'photo-is-shredded',
  'hold-is-put',
  'hold-is-lifted',
  'worker-looks',
  'worker-finishes',
  'agreement-ends',
  'sequencer-runs',
  ...services,
] as const;
export interface Happening {
  readonly what: (typeof happenings)[number];
  readonly who: number;
  /** Until it happens. */
  readonly afterSeconds: number;
}

const weights: Readonly<Partial<Record<(typeof happenings)[number], number>>> = {
  'worker-looks': 6,
  'worker-finishes': 2,
  'person-is-erased': 2,
  rectification: 3,
  'family-comes': 2,
  'agreement-ends': 1,
  'employee-comes': 1,
  'chat-begins': 3,
  'term-runs-out': 3,
  'clocks-tick': 3,
};
export const aHappening: fc.Arbitrary<Happening> = fc.record({
  what: fc.oneof(...happenings.map((what) => ({ arbitrary: fc.constant(what), weight: 2 * (weights[what] ?? 2) }))),
  who: fc.nat(999),
  afterSeconds: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 150 }), weight: 12 },
    { arbitrary: fc.integer({ min: 600, max: 2 * 24 * 3600 }), weight: 1 },
  ),
});

/** Somebody of whom the history knows, and what of them may be found nowhere once they are erased. */
export interface Somebody {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly kind: PersonKind;
  readonly accountId?: AccountId;
  readonly sub?: string;
  readonly childId?: PersonId;
  readonly guardianId?: PersonId;
  readonly secrets: Map<string, string>;
  /** When the latest value of a field was written, and how. */
  readonly writes: Map<string, { readonly at: number; readonly by: 'edit' | 'rectification' }>;
}

const PURPOSE = 'profile-extras';
/** What people object to, one record type at a time. */
const objectedTo = ['attendance-day', 'ticket', 'geofence', 'chat'] as const;
/** Chance from the first to the last: half of one must not be half of another's. */
const PICTURE_BYTES = 48;
const zone = 'Europe/Oslo';
let secrets = 0;
/** Nowhere else in the world. */
const aSecret = () => `${(secrets++).toString(36).padStart(4, '0')}${Math.random().toString(36).slice(2, 12)}`;

export type History = Awaited<ReturnType<typeof aHistory>>;

/** Two organisations, a family in each, and everything that may happen to them. */
export async function aHistory(world: RestoreWorld) {
  const { store } = world;
  const people: Somebody[] = [];
  const ended = new Set<OrganisationId>();
  const skipped = new Map<string, number>();
  const organisations = [
    (await anOrganisation(store, { profile: 'kindergarten' })).id,
    (await anOrganisation(store, { profile: 'kindergarten' })).id,
  ];
  for (const organisationId of organisations) await listOrganisation(organisationId);
  const purpose: ConsentPurpose = {
    id: anId('pur'),
    code: PURPOSE,
    textVersion: 1,
    holdsSinceTextVersion: 1,
    state: 'open',
    since: store.clock.toISOString(),
    ...standardPurpose('kindergarten', PURPOSE)!,
  };

  // Ids of events tell their time, as those of the service do.
  const newEventId = () => `evt_${ulid(store.clock.getTime()).toLowerCase()}`;
  const call = (): Call => {
    const author = { requestId: ulid(), actor: anId('acc'), newEventId };
    return { ...aCall(store), records: openRecords(store, author) };
  };
  const through = () =>
    openRecords(store, { requestId: 'test', actor: 'system:test', newEventId: () => anId('evt') }, undefined, {
      throughRestriction: true,
    });

  async function listOrganisation(organisationId: OrganisationId) {
    const change = aCall(store).records.change();
    const subject = { controller: organisationId, subject: organisationId };
    await change
      .point({ table: 'core', pk: 'ORGANISATIONS', sk: organisationId, attributes: { timeZone: zone } })
      .activity({ event: 'test.prepared', subject })
      .commit();
  }

  async function registerEmployee(kind: PersonKind, organisationId: OrganisationId): Promise<Somebody> {
    const { person, secrets } = await register({ kind, organisationId });
    const employee: Somebody = { organisationId, personId: person.id, kind, secrets, writes: new Map() };
    people.push(employee);
    return employee;
  }

  async function register(fields: Partial<PersonRecord> & Pick<PersonRecord, 'kind' | 'organisationId'>) {
    const secret = { firstName: aSecret(), lastName: aSecret(), note: aSecret() };
    const email = `${aSecret()}@example.no`;
    const person: PersonRecord = {
      id: anId('per'),
      language: 'nb',
      protectedAddress: false,
      placements: [],
      ...secret,
      ...(fields.kind !== 'child' ? { email } : { birthDate: '2021-05-04' }),
      ...fields,
    };
    const { records } = call();
    const change = records.change();
    addPerson(change, person, await claimsFor(records, undefined, person), { groupsAreKnown: true });
    await change.commit();
    const known = new Map(Object.entries(secret));
    if (person.email) known.set('email', person.email);
    return { person, secrets: known };
  }

  const theirs = await theServices({
    ...{ store, organisations, ended, call, through, one, aSecret, register: registerEmployee },
    skip: (what) => skip(what),
  });

  const does: Readonly<Record<Happening['what'], (who: number) => Promise<void>>> = {
    ...theirs.does,
    'sequencer-runs': () => world.sequence(),

    async 'family-comes'(who) {
      const open = organisations.filter((id) => !ended.has(id));
      const organisationId = open[who % open.length]!;
      const guardian = await register({ kind: 'guardian', organisationId });
      const child = await register({ kind: 'child', organisationId });
      const signedIn = await someoneWith(store, organisationId, 'guardian', {
        personId: guardian.person.id,
        email: guardian.person.email!,
      });
      world.users.users.set(guardian.person.email!, { sub: signedIn.sub, signedIn: true, totp: false });
      const { records } = call();
      const change = records.change();
      addLink(change, organisationId, child.person.id, {
        guardianId: guardian.person.id,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2020-01-01',
      });
      const image = randomBytes(PICTURE_BYTES).toString('base64');
      change
        .put(
          pictureRef(organisationId, child.person.id),
          { image: { contentType: 'image/png', content: image } },
          'new',
        )
        .put(attendanceDayRef(organisationId, child.person.id, '2026-11-23'), emptyDay('2026-11-23'), 'new')
        .put(attendanceDayRef(organisationId, guardian.person.id, '2026-11-23'), emptyDay('2026-11-23'), 'new');
      await change.commit();
      child.secrets.set('picture', image);
      people.push(
        {
          organisationId,
          personId: guardian.person.id,
          kind: 'guardian',
          accountId: signedIn.accountId,
          sub: signedIn.sub,
          childId: child.person.id,
          secrets: guardian.secrets,
          writes: new Map(),
        },
        {
          organisationId,
          personId: child.person.id,
          kind: 'child',
          guardianId: guardian.person.id,
          secrets: child.secrets,
          writes: new Map(),
        },
      );
    },

    async 'note-is-written'(who) {
      const somebody = one(who);
      await edit(somebody, { note: aSecret() });
    },

    async 'address-changes'(who) {
      const somebody = one(who, ({ kind }) => kind === 'guardian');
      await edit(somebody, { email: `${aSecret()}@example.no` });
    },

    async 'consent-is-given'(who) {
      const somebody = one(who, ({ kind }) => kind === 'guardian');
      const { organisationId, personId } = somebody;
      const { states, person, records } = await principalOf(somebody);
      if (!person) return skip('consent-is-given');
      const before = consentTo(states, purpose.id);
      const change = records.change();
      const event = giveConsent(
        change,
        {
          organisationId,
          principalId: personId,
          purpose,
          open: before?.ended ? undefined : before,
          by: { personId, capacity: 'self' },
          statementVersion: '1',
          language: 'nb',
          method: 'service',
        },
        call(),
      );
      await change.commit();
      const phone = `+47${String(40_000_000 + Math.floor(Math.random() * 9_999_999))}`;
      const ref = consentedInformationRef(organisationId, event.consentId);
      const known = await call().records.get(ref);
      await call()
        .records.change()
        .put(ref, { principalId: personId, purposeId: purpose.id, phone }, known ? { version: known.version } : 'new')
        .activity({ event: 'consent.information-put', subject: ownerOf(organisationId, personId) })
        .commit();
      somebody.secrets.set(`consented ${event.consentId}`, phone);
    },

    async 'consent-is-withdrawn'(who) {
      const somebody = one(who, ({ kind }) => kind === 'guardian');
      const { states, records } = await principalOf(somebody);
      const state = consentTo(states, purpose.id);
      if (!state || state.ended) return skip('consent-is-withdrawn');
      const change = records.change();
      endConsent(
        change,
        {
          organisationId: somebody.organisationId,
          state,
          how: 'withdrawn',
          by: { personId: somebody.personId, capacity: 'self' },
          statementVersion: '1',
          language: 'nb',
        },
        call(),
      );
      await change.commit();
    },

    restriction: (who) => ask(who, 'restriction', {}),
    objection: (who) => ask(who, 'objection', { entities: [objectedTo[who % objectedTo.length]!] }),

    async 'request-is-withdrawn'(who) {
      const somebody = one(who, ({ accountId }) => accountId !== undefined);
      const owner = ownerOf(somebody.organisationId, somebody.personId);
      const { items } = await through().list(requestEntity, owner);
      const open = items.find(({ value }) => value.right !== 'erasure' && (isInForce(value) || !isClosed(value.state)));
      if (!open) return skip('request-is-withdrawn');
      await take(owner, open, withdraw(open.value, store.clock), {});
    },

    async rectification(who) {
      const somebody = one(who, ({ accountId }) => accountId !== undefined);
      const values: Proposal =
        who % 3 === 0
          ? { email: `${aSecret()}@example.no` }
          : who % 3 === 1
            ? { address: aSecret(), note: aSecret() }
            : { lastName: aSecret() };
      await ask(who, 'rectification', {}, values, somebody);
      const owner = ownerOf(somebody.organisationId, somebody.personId);
      const { items } = await through().list(requestEntity, owner);
      const asked = items.filter(({ value }) => value.right === 'rectification' && !isClosed(value.state)).at(-1);
      if (!asked) return skip('rectification');
      await take(owner, asked, approve(asked.value, decider(), 0, store.clock), values);
      for (const [field, value] of Object.entries(values)) {
        somebody.secrets.set(`rectified ${field} ${asked.value.id}`, String(value));
        somebody.writes.set(field, { at: store.clock.getTime(), by: 'rectification' });
      }
    },

    async 'erasure-is-asked'(who) {
      const somebody = one(who, ({ accountId }) => accountId !== undefined);
      await ask(who, 'erasure', {}, undefined, somebody);
      const owner = ownerOf(somebody.organisationId, somebody.personId);
      const { items } = await through().list(requestEntity, owner);
      const asked = items.filter(({ value }) => value.right === 'erasure' && !isClosed(value.state)).at(-1);
      if (asked?.value.state !== 'received') return skip('erasure-is-asked');
      await take(owner, asked, approve(asked.value, decider(), 0, store.clock), {});
    },

    async 'person-is-erased'(who) {
      const { organisationId, personId } = one(who);
      await order({ owner: ownerOf(organisationId, personId), cause: 'retention' });
    },

    async 'photo-is-shredded'(who) {
      const { organisationId, personId } = one(who, ({ kind }) => kind === 'child');
      const owner = ownerOf(organisationId, personId);
      if (!(await through().get(pictureRef(organisationId, personId)))) return skip('photo-is-shredded');
      await order({ owner, cause: 'retention', retentionClasses: ['photo'] });
    },

    async 'hold-is-put'(who) {
      const { organisationId, personId } = one(who);
      const owner = ownerOf(organisationId, personId);
      const { items } = await through().list(legalHoldEntity, owner, { limit: HOLDS_MAX });
      const since = store.clock.toISOString();
      const hold = { id: anId('hld'), personId, basis: 'court-order', since, by: personId } as const;
      await call()
        .records.change()
        .requireUnerased(owner)
        .put(legalHoldRef(owner, hold.id), hold, 'new')
        .point(holdNumberPointer(owner, items.length))
        .point({ ...legalHoldPointer(organisationId, hold.id), attributes: { subject: personId } })
        .activity({ event: 'legal-hold.put', subject: owner })
        .commit();
    },

    async 'hold-is-lifted'(who) {
      for (const { organisationId, personId } of rotated(who)) {
        const owner = ownerOf(organisationId, personId);
        const { items } = await through().list(legalHoldEntity, owner, { limit: HOLDS_MAX });
        const hold = items.find(({ value }) => value.liftedAt === undefined);
        if (!hold) continue;
        return void (await call()
          .records.change()
          .put(hold.ref, { ...hold.value, liftedAt: store.clock.toISOString() }, { version: hold.version })
          .unpoint(legalHoldPointer(organisationId, hold.value.id))
          .activity({ event: 'legal-hold.lifted', subject: owner })
          .commit());
      }
      skip('hold-is-lifted');
    },

    'worker-looks': (who) => world.erase(1 + (who % 12)),
    'worker-finishes': () => world.erase(2_000),

    async 'agreement-ends'(who) {
      // One of the two goes on, so that there is somebody whom all else may happen to.
      if (ended.size > 0 || who % 4 !== 0) return skip('agreement-ends');
      const organisationId = organisations[1]!;
      ended.add(organisationId);
      await order({ owner: { controller: organisationId, subject: organisationId }, cause: 'agreement-end' });
    },
  };

  const skip = (what: string) => void skipped.set(what, (skipped.get(what) ?? 0) + 1);

  function rotated(who: number): Somebody[] {
    const at = people.length === 0 ? 0 : who % people.length;
    return [...people.slice(at), ...people.slice(0, at)];
  }

  function one(who: number, is: (somebody: Somebody) => boolean = () => true): Somebody {
    const found = rotated(who).find(is);
    if (!found) throw new Nobody('There is nobody yet');
    return found;
  }

  async function edit(somebody: Somebody, fields: Partial<PersonRecord>) {
    const { records } = call();
    const person = await records.get(personRef(somebody.organisationId, somebody.personId));
    if (!person) return skip('edit');
    const after = { ...person.value, ...fields };
    const change = records.change();
    savePerson(change, person, after, await claimsFor(records, person.value, after));
    await change.commit();
    for (const [field, value] of Object.entries(fields)) {
      somebody.secrets.set(`edited ${field} ${somebody.secrets.size}`, String(value));
      somebody.writes.set(field, { at: store.clock.getTime(), by: 'edit' });
    }
  }

  async function principalOf({ organisationId, personId }: Somebody) {
    const { records } = call();
    const house = await readHouse(organisationId, records);
    const principal = house && (await readPrincipal(house, personId, records, store.clock));
    return { records, states: principal?.states ?? [], person: principal?.person };
  }

  const decider = () => {
    const personId = anId('per');
    return { personId, personIds: [personId], others: [] };
  };

  async function ask(
    who: number,
    right: Right,
    more: Partial<RequestRecord>,
    proposal?: Proposal,
    somebody = one(who, ({ accountId }) => accountId !== undefined),
  ): Promise<void> {
    const { organisationId, personId, accountId } = somebody;
    if (!(await through().get(personRef(organisationId, personId)))) return skip(right);
    const now = store.clock;
    const request: RequestRecord = {
      id: anId('req'),
      right,
      subject: personId,
      askedBy: { as: 'self', accountId: accountId! },
      channel: 'account',
      language: 'nb',
      timeZone: zone,
      state: 'received',
      receivedAt: now.toISOString(),
      dueAt: new Date(now.getTime() + 30 * 24 * 3_600_000).toISOString(),
      warned: [],
      ...more,
    };
    await take(
      ownerOf(organisationId, personId),
      undefined,
      begin(request, { profile: 'kindergarten' }, now),
      proposal,
    );
  }

  async function take(
    owner: Parameters<typeof carryOut>[1]['owner'],
    before: Parameters<typeof carryOut>[1]['before'],
    step: Step,
    proposal: Proposal | undefined,
  ): Promise<void> {
    const current = { ...call(), records: through() };
    const change = current.records.change();
    await carryOut(change, { owner, before, step, text: { ...(proposal && { proposal }) } }, current);
    await change.commit();
  }

  async function order(wanted: Omit<ErasureOrder, 'id'>): Promise<void> {
    const change = call().records.change();
    const id = anId('ers');
    orderErasure(change, { ...wanted, id }, store.clock);
    await change.requireUnerased(wanted.owner).activity({ event: 'erasure.ordered', subject: wanted.owner }).commit();
  }

  return {
    people,
    organisations,
    things: theirs.things,
    programs: theirs.programs,
    purpose,
    skipped,
    /** Lets it happen. What is refused, because somebody is erased or restricted, has not happened. */
    async play({ what, who, afterSeconds }: Happening): Promise<void> {
      world.pass(afterSeconds * 1000);
      try {
        await does[what](who);
      } catch (error) {
        if (!isRefused(error)) throw error;
        skip(what);
      }
    },
    accountOf: (accountId: AccountId) => through().get(accountRef(accountId)),
  };
}

/** Also by what was read meanwhile: the clocks of the service look again, people are told. */
const isRefused = (error: unknown) =>
  error instanceof Closed || error instanceof Problem || error instanceof StaleVersion || error instanceof Nobody;

class Nobody extends Error {
  override readonly name = 'Nobody';
}
