import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleRecord } from '../../../lambdas/features/access/role.ts';
import { calendarPartition } from '../../../lambdas/features/calendar/calendar-index.ts';
import { personCalendarEventEntity } from '../../../lambdas/features/calendar/event.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { slotHandlers } from '../../../lambdas/features/slots/handlers.ts';
import { slotRoutes } from '../../../lambdas/features/slots/routes.ts';
import { slotStore } from '../../../lambdas/features/slots/store.ts';
import type { Client } from '../../../lambdas/http/client.ts';
import type { GroupId, PersonId, SlotId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';

type Slots = Client<typeof slotRoutes>;
let db: TestDynamoDb;
let shared: TestStore;
let house: Kindergarten;
let groupId: GroupId;
let staffId: PersonId;
let staff: Slots;
beforeAll(async () => {
  db = await startDynamoDb();
  shared = (await aKindergarten(db)).store;
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db, {}, shared);
  house.at('2026-11-23T07:00:00Z');
  groupId = await house.group();
  staffId = await house.person({ kind: 'staff' });
  staff = await as('staff', staffId, { kind: 'group', id: groupId });
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
async function as(role: 'staff' | 'guardian', personId: PersonId, scope: RoleRecord['scope']) {
  const service = aService(house.store, slotRoutes, slotHandlers(slotStore));
  return service.as(await someoneWith(house.store, house.organisationId, role, { personId, scope }));
}
const inGroup = () => ({ organisationId: house.organisationId, groupId });
const anEvening = {
  title: 'Samtaletime',
  place: 'Møterommet',
  from: '2026-12-01T14:00',
  minutes: 20,
  pauseMinutes: 5,
  count: 4,
  openUntil: '2026-11-30T11:00:00.000Z',
};
const offer = async (but: Partial<typeof anEvening> & { childIds?: PersonId[]; staffId?: PersonId } = {}) =>
  (await staff.createSlotOffer({ params: inGroup(), body: { ...anEvening, ...but } })).body;

/** A child of the group with a guardian who is signed in. */
async function aFamily(existing?: PersonId) {
  const childId = existing ?? (await house.person({ placements: [{ groupId, from: '2026-08-01' }] }));
  const guardianId = await house.guardian(childId);
  const guardian = await as('guardian', guardianId, { kind: 'person', id: guardianId });
  return { childId, guardianId, guardian, params: { organisationId: house.organisationId, personId: childId } };
}
const eventsOf = async (personId: PersonId) => {
  const records = aCall(house.store).records;
  return (await records.list(personCalendarEventEntity, ownerOf(house.organisationId, personId))).items.map(
    ({ value }) => value,
  );
};
const templates = async (personId: PersonId) =>
  (await house.notices(personId)).map((content) => content.template).sort();
const slotRows = async () =>
  (await house.rows('core', `${house.organisationId}#SLOTS`)).map(({ sk }) => String(sk).split('#')[1]).sort();

describe('a booked time', () => {
  it('is the guardian’s until moved or cancelled, and stands in both calendars', async () => {
    const { id: slotOfferId, slots } = await offer();
    const { childId, guardianId, guardian, params } = await aFamily();
    const { items } = (await guardian.listOfferedSlots({ params })).body;
    expect(items.map(({ id, slots: free }) => [id, free.length])).toEqual([[slotOfferId, 4]]);
    expect(JSON.stringify(items)).not.toContain(staffId);

    const booked = await guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[1]!.id } });
    expect([booked.status, booked.etag, booked.body.from]).toEqual([201, '"1"', '2026-12-01T14:25']);
    expect(await templates(guardianId)).toEqual(['slot-booked']);
    expect(await templates(staffId)).toEqual(['slot-taken']);
    const [ofChild, ofStaff] = [await eventsOf(childId), await eventsOf(staffId)];
    expect(ofChild).toMatchObject([
      { id: booked.body.eventId, when: { from: '2026-12-01T14:25', until: '2026-12-01T14:45' } },
    ]);
    expect(ofStaff).toMatchObject([{ title: 'Samtaletime', when: { from: '2026-12-01T14:25' } }]);
    expect(JSON.stringify(ofStaff)).not.toContain(childId);

    const ofBooking = { ...params, slotOfferId };
    expect((await guardian.getSlotBooking({ params: ofBooking })).body).toEqual(booked.body);
    const moved = await guardian.moveSlotBooking({ params: ofBooking, body: { slotId: slots[3]!.id }, ifMatch: '"1"' });
    expect([moved.etag, moved.body.from]).toEqual(['"2"', '2026-12-01T15:15']);
    expect(await eventsOf(childId)).toMatchObject([
      { id: booked.body.eventId, sequence: 1, when: { from: '2026-12-01T15:15' } },
    ]);
    expect(await eventsOf(staffId)).toMatchObject([{ sequence: 1, when: { from: '2026-12-01T15:15' } }]);
    expect((await guardian.listOfferedSlots({ params })).body.items[0]).toMatchObject({
      slots: [{ id: slots[0]!.id }, { id: slots[1]!.id }, { id: slots[2]!.id }],
      booking: { slotId: slots[3]!.id },
    });

    await guardian.cancelSlotBooking({ params: ofBooking, ifMatch: '"2"' });
    expect([await eventsOf(childId), await eventsOf(staffId)]).toEqual([[], []]);
    expect(await house.rows('core', calendarPartition(house.organisationId))).toEqual([]);
    expect(await slotRows()).toEqual(['FREE', 'FREE', 'FREE', 'FREE']);
    expect(await templates(guardianId)).toEqual(['slot-booked', 'slot-booked', 'slot-cancelled']);
    expect(await templates(staffId)).toEqual(['slot-freed', 'slot-moved', 'slot-taken']);
    await expect(guardian.getSlotBooking({ params: ofBooking })).rejects.toMatchObject(
      refused('slot-booking-not-found'),
    );
    await expect(guardian.cancelSlotBooking({ params: ofBooking, ifMatch: '"2"' })).rejects.toMatchObject(
      refused('slot-booking-not-found'),
    );
    await expect(
      guardian.moveSlotBooking({ params: ofBooking, body: { slotId: slots[0]!.id }, ifMatch: '"2"' }),
    ).rejects.toMatchObject(refused('slot-booking-not-found'));
    // Somebody changed their mind twice.
    expect((await guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[1]!.id } })).status).toBe(201);
  });

  it('is one for each child, whichever guardian comes first', async () => {
    const { id: slotOfferId, slots } = await offer();
    const mother = await aFamily();
    const father = await aFamily(mother.childId);
    const book = (who: typeof mother, n: number) =>
      who.guardian.bookSlot({ params: who.params, body: { slotOfferId, slotId: slots[n]!.id } });
    await book(mother, 0);
    await expect(book(father, 1)).rejects.toMatchObject(refused('already-booked'));
    const { params } = father;
    // He may move what she booked, and both are told; neither sees which of them booked it.
    const ofBooking = { ...params, slotOfferId };
    const seen = (await father.guardian.getSlotBooking({ params: ofBooking })).body;
    expect(JSON.stringify(seen)).not.toContain(mother.guardianId);
    await father.guardian.moveSlotBooking({ params: ofBooking, body: { slotId: slots[2]!.id }, ifMatch: '"1"' });
    expect([await templates(mother.guardianId), await templates(father.guardianId)]).toEqual([
      ['slot-booked', 'slot-booked'],
      ['slot-booked'],
    ]);
  });

  it('is nobody’s twice, and nobody is told whose the others are', async () => {
    const { id: slotOfferId, slots } = await offer();
    const [one, other] = [await aFamily(), await aFamily()];
    const body = { slotOfferId, slotId: slots[0]!.id };
    await one.guardian.bookSlot({ params: one.params, body });
    await expect(other.guardian.bookSlot({ params: other.params, body })).rejects.toMatchObject(refused('slot-taken'));
    await other.guardian.bookSlot({ params: other.params, body: { slotOfferId, slotId: slots[1]!.id } });
    await expect(
      other.guardian.moveSlotBooking({
        params: { ...other.params, slotOfferId },
        body: { slotId: slots[0]!.id },
        ifMatch: '"1"',
      }),
    ).rejects.toMatchObject(refused('slot-taken'));
    const seen = JSON.stringify((await other.guardian.listOfferedSlots({ params: other.params })).body);
    for (const hidden of [one.childId, one.guardianId, slots[0]!.id]) expect(seen).not.toContain(hidden);
    await expect(
      other.guardian.bookSlot({ params: other.params, body: { slotOfferId, slotId: anId('slt') } }),
    ).rejects.toMatchObject(refused('slot-taken'));
  });

  it('has its deadline: from then on nothing is booked, moved or cancelled', async () => {
    const { id: slotOfferId, slots } = await offer();
    const [early, late] = [await aFamily(), await aFamily()];
    await early.guardian.bookSlot({ params: early.params, body: { slotOfferId, slotId: slots[0]!.id } });
    house.at('2026-11-30T11:00:00Z');
    const closed = refused('wrong-state');
    const ofBooking = { ...early.params, slotOfferId };
    await expect(
      late.guardian.bookSlot({ params: late.params, body: { slotOfferId, slotId: slots[1]!.id } }),
    ).rejects.toMatchObject(closed);
    await expect(
      early.guardian.moveSlotBooking({ params: ofBooking, body: { slotId: slots[1]!.id }, ifMatch: '"1"' }),
    ).rejects.toMatchObject(closed);
    await expect(early.guardian.cancelSlotBooking({ params: ofBooking, ifMatch: '"1"' })).rejects.toMatchObject(closed);
    expect((await late.guardian.listOfferedSlots({ params: late.params })).body.items).toEqual([]);
    expect((await early.guardian.listOfferedSlots({ params: early.params })).body.items).toMatchObject([
      { slots: [], booking: { slotId: slots[0]!.id } },
    ]);
  });
});

describe('many at once', () => {
  it('share out the times: each goes to one child at most, and each child has one at most', async () => {
    const { id: slotOfferId, slots } = await offer({ count: 6 });
    const families = await Promise.all(Array.from({ length: 10 }, () => aFamily()));
    const parents = [...families, ...(await Promise.all(families.slice(0, 4).map(({ childId }) => aFamily(childId))))];
    const tries = parents.flatMap((parent, i) =>
      [parent, parent].map((who, n) => ({ who, slotId: slots[(i * 5 + n * 3) % 6]!.id })),
    );
    const outcomes = await Promise.all(
      tries.map(({ who, slotId }) =>
        who.guardian.bookSlot({ params: who.params, body: { slotOfferId, slotId } }).then(
          () => 'booked',
          ({ slug }: { slug: string }) => slug,
        ),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['booked', 'slot-taken', 'already-booked']));

    const { body } = await staff.getSlotOffer({ params: { ...inGroup(), slotOfferId } });
    const taken = body.slots.filter(({ state }) => state === 'taken');
    expect(taken).toHaveLength(outcomes.filter((outcome) => outcome === 'booked').length);
    expect(new Set(taken.map(({ childId }) => childId)).size).toBe(taken.length);
    expect(taken.length + body.slots.filter(({ state }) => state === 'free').length).toBe(6);
    for (const { id, childId } of taken) {
      const family = families.find((one) => one.childId === childId)!;
      const params = { ...family.params, slotOfferId };
      expect((await family.guardian.getSlotBooking({ params })).body.slotId).toBe(id);
      expect(await eventsOf(childId!)).toHaveLength(1);
    }
    expect(await eventsOf(staffId)).toHaveLength(taken.length);
  });
});

describe('staff', () => {
  it('see who has which time, but not a child that a block keeps from them', async () => {
    const { id: slotOfferId, slots } = await offer();
    const [one, other] = [await aFamily(), await aFamily()];
    await one.guardian.bookSlot({ params: one.params, body: { slotOfferId, slotId: slots[0]!.id } });
    await other.guardian.bookSlot({ params: other.params, body: { slotOfferId, slotId: slots[1]!.id } });
    await house.block(other.childId, staffId);
    const { body } = await staff.getSlotOffer({ params: { ...inGroup(), slotOfferId } });
    expect(body.slots.map(({ state, childId }) => [state, childId])).toEqual([
      ['taken', one.childId],
      ['taken', undefined],
      ['free', undefined],
      ['free', undefined],
    ]);
    const seen = await house.rows('activity', `${house.organisationId}#${house.organisationId}`);
    expect(seen.map(({ event }) => event)).toContain('calendar.seen');
  });

  it('are not told by a series that it is for a child that a block keeps from them', async () => {
    const [one, other] = [await aFamily(), await aFamily()];
    const { id: slotOfferId } = await offer({ childIds: [one.childId, other.childId] });
    await house.block(other.childId, staffId);
    const shown = (await staff.getSlotOffer({ params: { ...inGroup(), slotOfferId } })).body;
    const listed = (await staff.listSlotOffers({ params: inGroup(), query: {} })).body.items[0];
    expect([shown.childIds, listed?.childIds]).toEqual([[one.childId], [one.childId]]);
  });

  it('withdraw what they offered: what was booked is cancelled and told, and a second time changes nothing', async () => {
    const { id: slotOfferId, slots } = await offer();
    const { childId, guardianId, guardian, params } = await aFamily();
    await guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[0]!.id } });
    const ofOffer = { ...inGroup(), slotOfferId };
    await staff.withdrawSlotOffer({ params: ofOffer });
    await staff.withdrawSlotOffer({ params: ofOffer });
    expect(await templates(guardianId)).toEqual(['slot-booked', 'slot-cancelled']);
    expect([await eventsOf(childId), await eventsOf(staffId), await slotRows()]).toEqual([[], [], []]);
    expect((await guardian.listOfferedSlots({ params })).body.items).toEqual([]);
    await expect(guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[1]!.id } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    expect((await staff.getSlotOffer({ params: ofOffer })).body).toMatchObject({
      state: 'withdrawn',
      slots: [{ state: 'closed' }, {}, {}, {}],
    });
    const missing = { params: { ...inGroup(), slotOfferId: anId('slo') } };
    await expect(staff.getSlotOffer(missing)).rejects.toMatchObject(refused('slot-offer-not-found'));
    await expect(staff.withdrawSlotOffer(missing)).rejects.toMatchObject(refused('slot-offer-not-found'));
  });

  it('list their series newest first, page by page', async () => {
    const ids = [(await offer()).id, (await offer()).id, (await offer()).id];
    const first = (await staff.listSlotOffers({ params: inGroup(), query: { limit: 2 } })).body;
    const second = (await staff.listSlotOffers({ params: inGroup(), query: { limit: 2, cursor: first.next! } })).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.next).toBeUndefined();
  });

  it('offer times for colleagues and children who are there, and no times that make no sense', async () => {
    const colleague = await house.person({ kind: 'staff' });
    const { childId } = await aFamily();
    expect(await offer({ staffId: colleague, childIds: [childId] })).toMatchObject({
      staffId: colleague,
      childIds: [childId],
    });
    for (const wrong of [
      { staffId: childId },
      { childIds: [await house.person()] },
      { childIds: [childId, anId('per')] },
    ]) {
      await expect(offer(wrong)).rejects.toMatchObject(refused('person-not-found'));
    }
    await house.block(childId, staffId);
    await expect(offer({ childIds: [childId] })).rejects.toMatchObject(refused('person-not-found'));
    for (const wrong of [
      { openUntil: '2026-11-23T06:00:00.000Z' },
      { openUntil: '2026-12-01T13:00:01.000Z' },
      { from: '2026-12-01T23:00' },
    ]) {
      await expect(offer(wrong)).rejects.toMatchObject(refused('malformed-request'));
    }
  });

  it('of another group, and guardians, do not reach what this group is offered', async () => {
    const elsewhere = await as('staff', await house.person({ kind: 'staff' }), {
      kind: 'group',
      id: await house.group(),
    });
    await expect(elsewhere.listSlotOffers({ params: inGroup(), query: {} })).rejects.toMatchObject(
      refused('group-not-found'),
    );
    const { guardian } = await aFamily();
    await expect(guardian.listSlotOffers({ params: inGroup(), query: {} })).rejects.toMatchObject(
      refused('not-allowed'),
    );
  });
});

describe('times are not offered', () => {
  it('to children of other groups, to those not named, and to a child that a block keeps from who holds them', async () => {
    const { childId, guardian, params } = await aFamily();
    const { id: slotOfferId, slots } = await offer({ childIds: [(await aFamily()).childId] });
    const elsewhere = await house.person({ placements: [{ groupId: await house.group(), from: '2026-08-01' }] });
    const other = await aFamily(elsewhere);
    const body = { slotOfferId, slotId: slots[0]!.id };
    await expect(guardian.bookSlot({ params, body })).rejects.toMatchObject(refused('slot-offer-not-found'));
    await expect(other.guardian.bookSlot({ params: other.params, body })).rejects.toMatchObject(
      refused('slot-offer-not-found'),
    );
    const forAll = await offer();
    await house.block(childId, staffId);
    const toAll = { slotOfferId: forAll.id, slotId: forAll.slots[0]!.id };
    await expect(guardian.bookSlot({ params, body: toAll })).rejects.toMatchObject(refused('slot-offer-not-found'));
    for (const who of [{ guardian, params }, other]) {
      expect((await who.guardian.listOfferedSlots({ params: who.params })).body.items).toEqual([]);
    }
  });

  it('to guardians who are only informed, or who are none of the child’s', async () => {
    const { childId, params } = await aFamily();
    const informedId = await house.guardian(childId, { rights: 'information-only' });
    const informed = await as('guardian', informedId, { kind: 'person', id: informedId });
    const { guardian: stranger } = await aFamily();
    const missing = refused('person-not-found');
    const [slotOfferId, slotId] = [anId('slo'), anId('slt')] as [ReturnType<typeof anId<'slo'>>, SlotId];
    const ofBooking = { ...params, slotOfferId };
    for (const who of [informed, stranger]) {
      await expect(who.listOfferedSlots({ params })).rejects.toMatchObject(missing);
      await expect(who.bookSlot({ params, body: { slotOfferId, slotId } })).rejects.toMatchObject(missing);
      await expect(who.getSlotBooking({ params: ofBooking })).rejects.toMatchObject(missing);
      await expect(who.moveSlotBooking({ params: ofBooking, body: { slotId }, ifMatch: '"1"' })).rejects.toMatchObject(
        missing,
      );
      await expect(who.cancelSlotBooking({ params: ofBooking, ifMatch: '"1"' })).rejects.toMatchObject(missing);
    }
  });
});

describe('a member of staff who is gone', () => {
  it('keeps nobody from a conversation that somebody else may hold', async () => {
    const { id: slotOfferId, slots } = await offer();
    const { guardian, params, childId } = await aFamily();
    const change = aCall(house.store).records.change();
    for (const retentionClass of ['daily-life', 'notice'] as const) {
      change.keys({ do: 'erase', owner: ownerOf(house.organisationId, staffId), retentionClass });
    }
    await change.activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) }).commit();
    await guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[0]!.id } });
    expect(await eventsOf(childId)).toHaveLength(1);
    await guardian.cancelSlotBooking({ params: { ...params, slotOfferId }, ifMatch: '"1"' });
    expect(await eventsOf(childId)).toEqual([]);
  });

  it('or objects to events in their own calendar, keeps nobody from a conversation either', async () => {
    const { id: slotOfferId, slots } = await offer();
    const { guardian, params, childId } = await aFamily();
    const owner = ownerOf(house.organisationId, staffId);
    await aCall(house.store)
      .records.change()
      .keys({ do: 'refuse', owner, retentionClass: 'daily-life', entity: 'person-calendar-event' })
      .ledger({ kind: 'objection', subject: owner })
      .activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) })
      .commit();
    await guardian.bookSlot({ params, body: { slotOfferId, slotId: slots[0]!.id } });
    expect(await eventsOf(childId)).toHaveLength(1);
    expect(await templates(staffId)).toContain('slot-taken');
  });
});
