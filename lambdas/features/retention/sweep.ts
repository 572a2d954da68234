import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId, Owner, RetentionClass } from '../../platform/entity.ts';
import { type Pointer, type Records, StaleVersion } from '../../platform/records.ts';
import { tellDeleted, tickAgreementEnd } from '../agreement-end/tick.ts';
import { orderErasure } from '../erasure/order.ts';
import { type Organisation, organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { holdsOn } from '../requests/hold.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { adjustmentsRef, type RetentionAdjustments } from './adjustments.ts';
import { endedOn } from './departure.ts';
import { DUE, dueIn, ENDED, endedAt, LAST, retentionPointers, shreddedOf } from './due-index.ts';
import { TOLD_AHEAD_MILLISECONDS, tellExpiry } from './expiry.ts';
import { dueAt, policyOf, retentionDecision } from './policy.ts';
import { type Known, organisationIdIn, readStandings } from './standings.ts';
import { type Place, type Sweep, type Swept, tried } from './sweeping.ts';
import { mendIndex } from './walk.ts';

/** The operator's own days. */
const OPERATORS_ZONE = 'Europe/Oslo';

/**
 * Daily: has erased whatever has been kept to the end of its term, by the due-date index and never by a scan. Running
 * it twice, or twice at once, changes nothing more: each step is conditioned on what was read for it.
 */
export async function sweepRetention(sweep: Sweep): Promise<Swept> {
  const swept: Swept = { organisations: 0, erased: 0, shredded: 0, held: 0, mended: 0, failed: 0 };
  for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), sweep)) {
    const organisationId = organisationIdIn(sk);
    if (!organisationId) continue;
    await tried(organisationId, sweep, swept, async () => {
      const place = await readPlace(sweep.openClosed(), organisationId);
      if (!place) return;
      swept.organisations++;
      await sweepOrganisation(place, sweep, swept);
    });
    await tried(organisationId, sweep, swept, () => tickAgreementEnd(organisationId, sweep, swept));
  }
  const today = dayIn(OPERATORS_ZONE, sweep.openCall().now);
  await sweepDue('operator', today, sweep, swept);
  await tellDeleted(sweep, swept);
  return swept;
}

/** The organisation's terms in force; undefined when it is erased. One round trip. */
async function readPlace(records: Records, organisationId: OrganisationId): Promise<Place | undefined> {
  const [organisation, decided] = await records.together([
    organisationRef(organisationId),
    adjustmentsRef(organisationId),
  ]);
  return organisation && placeWith(organisation.value, decided?.value);
}

const placeWith = ({ id, timeZone, profile }: Organisation, decided: RetentionAdjustments | undefined): Place => ({
  organisationId: id,
  timeZone,
  policy: policyOf(profile, decided?.adjustments),
});

async function sweepOrganisation(place: Place, sweep: Sweep, swept: Swept): Promise<void> {
  const { organisationId, timeZone } = place;
  const today = dayIn(timeZone, sweep.openCall().now);
  const { pk } = retentionPointers.walk(organisationId);
  for await (const pointer of pointersIn({ table: 'core', pk }, sweep, {
    from: ENDED,
    to: `${ENDED}${today}${LAST}`,
  })) {
    if (!isWorthALook(pointer, place, sweep.openCall().now)) continue;
    await tried(organisationId, sweep, swept, () => lookAt(pointer, place, sweep, swept));
  }
  await sweepDue(organisationId, today, sweep, swept);
  swept.mended += await mendIndex(place, sweep);
}

/** Whoever left a while ago, whose picture is gone and whose own term is not near, is not read again every day. */
function isWorthALook(pointer: Pointer, { policy, timeZone }: Place, now: Date): boolean {
  const at = endedAt(pointer);
  if (!at) return false;
  const isNear = (retentionClass: 'person' | 'photo') =>
    dueAt(policy[retentionClass], at.lastDay, timeZone).getTime() - TOLD_AHEAD_MILLISECONDS <= now.getTime();
  return isNear('person') || (isNear('photo') && !shreddedOf(pointer).includes('photo'));
}

async function lookAt(pointer: Pointer, place: Place, sweep: Sweep, swept: Swept): Promise<void> {
  const { lastDay: expected, personId } = endedAt(pointer)!;
  const { organisationId, timeZone, policy } = place;
  const owner = ownerOf(organisationId, personId);
  const call = sweep.openCall();
  const [known] = await readStandings(sweep.openClosed(), organisationId, [personId]);
  const lastDay = known && endedOn(known.standing, expected);
  if (lastDay !== expected) {
    await mend(pointer, lastDay, owner, call);
    if (known && lastDay === undefined) await tellExpiry(known, undefined, place, sweep);
    swept.mended++;
    return;
  }
  const holds = await holdsOf(known!, owner, sweep.openClosed());
  const decide = (retentionClass: RetentionClass) =>
    retentionDecision({ retentionClass, endedOn: lastDay, timeZone, holds }, policy, call.now);

  if (decide('person') === 'erase') {
    await orderAll(owner, pointer, call);
    swept.erased++;
    return;
  }
  if (holds.length > 0) {
    // What is held has to be there when the court or the authority asks for it.
    await tellExpiry(known!, undefined, place, sweep);
    if (decide('person') === 'held') swept.held++;
    return;
  }
  if (decide('photo') === 'erase' && !shreddedOf(pointer).includes('photo')) {
    if (await shred('photo', known!, pointer, call)) swept.shredded++;
  }
  await tellExpiry(known!, lastDay, place, sweep);
}

/** Erased, or back, or gone on another day than was thought: the index follows what is so. */
async function mend(pointer: Pointer, lastDay: string | undefined, owner: Owner, call: Call): Promise<void> {
  const change = call.records.change().unpoint(pointer);
  const { controller, subject } = owner;
  if (lastDay !== undefined) {
    const key = retentionPointers.ended(controller as OrganisationId, lastDay, subject as PersonId);
    change.point({ ...key, ...(pointer.attributes && { attributes: pointer.attributes }) });
  }
  await change.activity({ event: 'retention.index-mended', subject: owner }).commit();
}

/** Legal holds, and a restriction (Art. 18): whoever asked for it may need the data for a claim. */
async function holdsOf({ keys }: Known, owner: Owner, records: Records): Promise<string[]> {
  const holds = (await holdsOn(records, owner)).map(({ value }) => value.id as string);
  return keys.get('person') === 'RESTRICTED' ? [...holds, 'restriction'] : holds;
}

/** The person's term is over: everything goes, by the worker that alone may destroy keys. */
async function orderAll(owner: Owner, pointer: Pointer, call: Call): Promise<void> {
  const id = call.newId('ers');
  const change = call.records.change();
  orderErasure(change, { id, owner, cause: 'retention' }, call.now);
  await change
    .unpoint(pointer, { ifPresent: sweptMeanwhile })
    .activity({ event: 'retention.erasure-ordered', subject: owner, about: [id] })
    .commit();
}

/** One class's term is over. False when there is nothing of it: then it is only noted that it has been looked for. */
async function shred(retentionClass: RetentionClass, known: Known, pointer: Pointer, call: Call): Promise<boolean> {
  const { owner } = known.person.ref;
  const isThere = known.keys.get(retentionClass) === 'ACTIVE';
  const shredded = [...shreddedOf(pointer), retentionClass].join(' ');
  const change = call.records.change().point({ ...pointer, attributes: { ...pointer.attributes, shredded } });
  if (isThere) {
    const id = call.newId('ers');
    orderErasure(change, { id, owner, cause: 'retention', retentionClasses: [retentionClass] }, call.now);
  }
  const event = isThere ? 'retention.shredding-ordered' : 'retention.nothing-held';
  await change.activity({ event, subject: owner, detail: { retentionClass } }).commit();
  return isThere;
}

/** What was put down for a day: see `eraseOn`. */
async function sweepDue(controller: ControllerId, today: string, sweep: Sweep, swept: Swept): Promise<void> {
  const { pk } = retentionPointers.due(controller, today, '');
  for await (const pointer of pointersIn({ table: 'core', pk }, sweep, { from: DUE, to: `${DUE}${today}${LAST}` })) {
    await tried(controller, sweep, swept, async () => {
      const due = dueIn(controller, pointer);
      if (!due) throw new Error('A row that nobody here wrote');
      const call = sweep.openCall();
      const id = call.newId('ers');
      const change = call.records.change();
      orderErasure(change, { id, cause: 'retention', ...due }, call.now);
      await change
        .unpoint(pointer, { ifPresent: sweptMeanwhile })
        .activity({ event: 'retention.shredding-ordered', subject: due.owner, about: [id] })
        .commit();
      swept.shredded++;
    });
  }
}

const sweptMeanwhile = () => new StaleVersion('Another run has been here');
