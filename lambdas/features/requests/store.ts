import { type Call, personIdsOf } from '../../http/call.ts';
import { type AccountId, LegalHoldId, OrganisationId, PersonId, type RequestId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { type Pointer, type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { accountOwner, accountPointers } from '../accounts/account.ts';
import { decidesAlone } from '../consents/consent.ts';
import { AGE_OF_CONSENT_DEFAULT } from '../consents/purpose.ts';
import { type Organisation, organisationRef } from '../organisations/organisation.ts';
import { blockedFor, blocksBetween } from '../people/blocks.ts';
import { isLinkedOn, ownerOf } from '../people/person.ts';
import { linkRef, personRef } from '../people/writes.ts';
import { carryOut } from './carry-out.ts';
import type { Concerned, RequestStore } from './handlers.ts';
import { HOLDS_MAX, holdNumberPointer, holdsOn, legalHoldEntity, legalHoldPointer, legalHoldRef } from './hold.ts';
import { decidersOf } from './people-told.ts';
import { registerRequest } from './register.ts';
import { isClosed, type RequestRecord, requestEntity, requestPointers, requestRef, requestTextRef } from './request.ts';
import { MY_REQUESTS_MAX } from './routes.ts';
import { saveRequest } from './save.ts';
import { type Standing, standingDecision } from './standing.ts';
import type { KnownRequest } from './views.ts';

/** The operator's accounts have no organisation to take a zone from. */
const OPERATORS_ZONE = 'Europe/Oslo';
const REQUESTS_READ_MAX = 200;
/** No block stands between an account and the operator's staff. */
const nobody: ReadonlySet<string> = new Set();

export const requestStore: RequestStore = {
  concerned: (controller, personId, call) =>
    controller === 'operator' ? concernedAccount(personId, call) : concernedPerson(controller, personId, call),

  async register(wanted, call, answer) {
    const { records } = call;
    const change = records.change();
    const value = await registerRequest(change, wanted, call);
    const { owner, profile, text } = wanted;
    const holds = (await holdsOn(records, owner)).map((hold) => hold.value);
    const stored = { ref: requestRef(owner, value.id), value, version: 1 };
    return change.commit(answer({ controller: owner.controller, stored, profile, text, holds }));
  },

  async mine(call) {
    const { pk, sk } = requestPointers.asked(call.account!.accountId, '');
    const range = { prefix: sk, limit: MY_REQUESTS_MAX, newestFirst: true };
    const { items } = await call.records.pointers('core', pk, range);
    const known = await Promise.all(items.map((item) => readMine(item, call)));
    return known.filter((one) => one !== undefined);
  },

  async findMine(requestId, call) {
    const [found] = await call.records.pointersAt([requestPointers.asked(call.account!.accountId, requestId)]);
    return found && readMine(found, call);
  },

  async page(controller, { show, state }, { limit, after }, { records, role }) {
    const anyOf = { id: '' as RequestId, state: show === 'open' ? 'received' : 'answered', dueAt: '' } as const;
    const { pk } = requestPointers.byDue(controller, anyOf);
    const range = { limit, ...(after !== undefined && { after }), ...(show === 'closed' && { newestFirst: true }) };
    const [{ items, next }, blocked] = await Promise.all([
      records.pointers('core', pk, range),
      controller === 'operator' ? nobody : blockedFor(records, controller, personIdsOf(role!)),
    ]);
    const listed = items.filter(
      ({ attributes }) =>
        !blocked.has(String(attributes?.['subject'])) && (state === undefined || attributes?.['state'] === state),
    );
    const stored = await records.getMany(
      listed.map(({ sk, attributes }) => requestRef(subjectOf(controller, attributes), idIn(sk))),
    );
    return {
      requests: stored.flatMap((request) => (request ? [request.value] : [])),
      ...(next !== undefined && { next }),
    };
  },

  async find(controller, requestId, { records, role }) {
    const [place] = await records.pointersAt([requestPointers.place(controller, requestId)]);
    if (!place) return undefined;
    const owner = subjectOf(controller, place.attributes);
    if (controller !== 'operator') {
      const childId = PersonId.parse(owner.subject);
      const blocks = await records.getMany(blocksBetween(controller, personIdsOf(role!), childId));
      // No path names the person, so nobody has looked for a block yet.
      if (blocks.some((block) => block !== undefined)) return undefined;
    }
    return readKnown(records, owner, requestId);
  },

  deciders: (controller, timeZone, { records, now }) => decidersOf(records, controller, timeZone, now),

  async take(known, step, said, call) {
    const { stored, controller, text: earlier } = known;
    const { owner } = stored.ref;
    const change = call.records.change();
    const text = { ...earlier, ...said };
    if (Object.keys(said).length > 0) {
      const ref = requestTextRef(controller, stored.value.id);
      const standing = await call.records.get(ref);
      change.put(ref, text, standing ? { version: standing.version } : 'new');
    }
    const value = await carryOut(change, { owner, before: stored, step, text }, call);
    await change.commit();
    return { ...known, text, stored: { ...stored, value, version: stored.version + 1 } };
  },

  async putHold(hold, organisationId, { records, role }) {
    const owner = ownerOf(organisationId, hold.personId);
    const [[person, ...blocks], { items }] = await Promise.all([
      records.together([
        personRef(organisationId, hold.personId),
        ...blocksBetween(organisationId, personIdsOf(role!), hold.personId),
      ]),
      records.list(legalHoldEntity, owner, { limit: HOLDS_MAX }),
    ]);
    if (!person || blocks.some((block) => block !== undefined)) throw new Problem('person-not-found');
    if (items.length >= HOLDS_MAX) throw new Problem('too-many', `At most ${HOLDS_MAX} holds of one person.`);
    return records
      .change()
      .requireUnerased(owner)
      .put(legalHoldRef(owner, hold.id), hold, 'new')
      .point(holdNumberPointer(owner, items.length), { ifNew: () => new StaleVersion('Another hold was put') })
      .point({ ...legalHoldPointer(organisationId, hold.id), attributes: { subject: hold.personId } })
      .activity({ event: 'legal-hold.put', subject: owner, about: [hold.id], detail: { basis: hold.basis } })
      .commit(hold);
  },

  async holds(organisationId, range, { records, role }) {
    const [{ items, next }, blocked] = await Promise.all([
      records.pointers('core', legalHoldPointer(organisationId, '').pk, range),
      blockedFor(records, organisationId, personIdsOf(role!)),
    ]);
    const listed = items.filter(({ attributes }) => !blocked.has(String(attributes?.['subject'])));
    const refs = listed.map(({ sk, attributes }) =>
      legalHoldRef(subjectOf(organisationId, attributes), LegalHoldId.parse(sk)),
    );
    const holds = (await records.getMany(refs)).flatMap((hold) => (hold ? [hold.value] : []));
    return { holds, ...(next !== undefined && { next }) };
  },

  async liftHold(organisationId, holdId, call) {
    const { records, role, now } = call;
    const [place] = await records.pointersAt([legalHoldPointer(organisationId, holdId)]);
    const owner = place && subjectOf(organisationId, place.attributes);
    const hold = owner && (await records.get(legalHoldRef(owner, holdId)));
    if (!owner || !hold) throw new Problem('legal-hold-not-found');
    const blocks = await records.getMany(blocksBetween(organisationId, personIdsOf(role!), hold.value.personId));
    if (blocks.some((block) => block !== undefined)) throw new Problem('legal-hold-not-found');
    const change = records
      .change()
      .put(hold.ref, { ...hold.value, liftedAt: now.toISOString() }, { version: hold.version })
      .unpoint(legalHoldPointer(organisationId, holdId));
    const { items } = await records.list(requestEntity, owner, { limit: REQUESTS_READ_MAX });
    // The clock carries out what may run now; with another hold in force it leaves it waiting.
    for (const request of items.filter(waitsForHold)) {
      const nextAt = [now.toISOString(), request.value.executesAt ?? ''].sort().at(-1)!;
      saveRequest(change, owner, request, { ...request.value, nextAt });
    }
    await change.activity({ event: 'legal-hold.lifted', subject: owner, about: [holdId] }).commit();
  },
};

const waitsForHold = ({ value }: Stored<typeof requestEntity>) =>
  value.right === 'erasure' && value.state === 'approved' && !isClosed(value.state);

async function concernedAccount(personId: PersonId | undefined, call: Call): Promise<Concerned> {
  if (personId !== undefined) throw new Problem('person-not-found', 'The operator holds accounts, and no persons.');
  const standing = { isSelf: true, isChild: false, guardianRights: undefined, isBlocked: false };
  const owner = accountOwner(call.account!.accountId);
  return { owner, kind: 'account', timeZone: OPERATORS_ZONE, standing, isYoung: false };
}

async function concernedPerson(
  organisationId: OrganisationId,
  wanted: PersonId | undefined,
  call: Call,
): Promise<Concerned> {
  const { records, now } = call;
  const mine = await myPersonIds(records, call.account!.accountId, organisationId);
  const organisation = mine.length > 0 ? await records.get(organisationRef(organisationId)) : undefined;
  if (!organisation) throw new Problem('organisation-not-found');
  const personId = wanted ?? onlyOne(mine);
  const [[person, ...blocks], links] = await Promise.all([
    records.together([personRef(organisationId, personId), ...blocksBetween(organisationId, mine, personId)]),
    records.getMany(mine.map((id) => linkRef(organisationId, personId, id))),
  ]);
  if (!person) throw new Problem('person-not-found');
  const { timeZone, profile } = organisation.value;
  const today = dayIn(timeZone, now);
  const inForce = links.flatMap((link) => (link && isLinkedOn(link.value, today) ? [link.value] : []));
  // One who is linked twice (as two persons) has the wider right.
  const link = inForce.find(({ rights }) => rights === 'parental-responsibility') ?? inForce[0];
  return {
    owner: ownerOf(organisationId, personId),
    kind: person.value.kind,
    isYoung: !decidesAlone(person.value, { age: AGE_OF_CONSENT_DEFAULT }, today),
    profile,
    timeZone,
    standing: {
      isSelf: mine.includes(personId),
      isChild: person.value.kind === 'child',
      guardianRights: link?.rights,
      isBlocked: blocks.some((block) => block !== undefined),
    },
    ...(link && { guardianId: link.guardianId }),
  };
}

function onlyOne(mine: readonly PersonId[]): PersonId {
  const [one, ...others] = mine;
  if (one !== undefined && others.length === 0) return one;
  const errors = [{ pointer: pointer('body', 'personId'), detail: 'You are several persons there: name one.' }];
  throw new Problem('malformed-request', undefined, { errors });
}

async function myPersonIds(
  records: Records,
  accountId: AccountId,
  organisationId: OrganisationId,
): Promise<PersonId[]> {
  const { pk, sk } = accountPointers.person(accountId, organisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk });
  return items.map((item) => PersonId.parse(item.sk.slice(sk.length)));
}

/** Undefined where whoever asked for a child is not its guardian any more, or a block stands between them. */
async function readMine({ sk, attributes }: Pointer, call: Call): Promise<KnownRequest | undefined> {
  const controller = String(attributes?.['controller']) as ControllerId;
  const owner = { controller, subject: String(attributes?.['subject']) } as Owner;
  const known = await readKnown(call.records, owner, idIn(sk));
  return known && (await isStillGuardian(known.stored.value, owner, call)) ? known : undefined;
}

async function isStillGuardian(
  { askedBy, right, timeZone }: RequestRecord,
  owner: Owner,
  call: Call,
): Promise<boolean> {
  if (askedBy.as !== 'guardian') return true;
  const organisationId = OrganisationId.parse(owner.controller);
  const childId = PersonId.parse(owner.subject);
  const [link, ...blocks] = await call.records.together([
    linkRef(organisationId, childId, askedBy.guardianId),
    ...blocksBetween(organisationId, await myPersonIds(call.records, askedBy.accountId, organisationId), childId),
  ]);
  const isLinked = link !== undefined && isLinkedOn(link.value, dayIn(timeZone, call.now));
  const standing: Standing = {
    isSelf: false,
    isChild: true,
    guardianRights: isLinked ? link.value.rights : undefined,
    isBlocked: blocks.some((block) => block !== undefined),
  };
  // Whoever may not ask for it any more may not take it back either.
  return standingDecision(standing, right) === 'guardian';
}

async function readKnown(records: Records, owner: Owner, requestId: RequestId): Promise<KnownRequest | undefined> {
  const { controller } = owner;
  const [[stored, text], holds, organisation] = await Promise.all([
    records.together([requestRef(owner, requestId), requestTextRef(controller, requestId)]),
    holdsOn(records, owner),
    controller === 'operator' ? undefined : records.get(organisationRef(controller)),
  ]);
  if (!stored) return undefined;
  const profile: Organisation['profile'] | undefined = organisation?.value.profile;
  return { controller, stored, profile, text: text?.value, holds: holds.map(({ value }) => value) };
}

/** `ASKED#req_…`, and `<instant>#req_…`. */
const idIn = (sk: string): RequestId => sk.slice(sk.lastIndexOf('#') + 1) as RequestId;
const subjectOf = (controller: ControllerId, attributes: Pointer['attributes']): Owner => ({
  controller,
  subject: String(attributes?.['subject']) as Owner['subject'],
});
