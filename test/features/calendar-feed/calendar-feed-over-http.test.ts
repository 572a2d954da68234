import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleRef } from '../../../lambdas/features/access/role.ts';
import { accountRef } from '../../../lambdas/features/accounts/account.ts';
import { pointersOf } from '../../../lambdas/features/calendar/calendar-index.ts';
import { type CalendarEvent, eventRefOf } from '../../../lambdas/features/calendar/event.ts';
import { FEEDS_MAX, ICALENDAR } from '../../../lambdas/features/calendar-feed/feed.ts';
import { calendarFeedHandlers } from '../../../lambdas/features/calendar-feed/handlers.ts';
import { calendarFeedRoutes } from '../../../lambdas/features/calendar-feed/routes.ts';
import { calendarFeedStore } from '../../../lambdas/features/calendar-feed/store.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, personEntity } from '../../../lambdas/features/people/person.ts';
import { closureRef } from '../../../lambdas/features/reservations/closure.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, type TestStore } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { readBack } from './read-back.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let shared: TestStore;
let service: ReturnType<typeof aService<typeof calendarFeedRoutes>>;
beforeAll(async () => {
  db = await startDynamoDb();
  shared = (await aKindergarten(db)).store;
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db, {}, shared);
  house.at('2026-11-23T07:00:00Z');
  service = aService(house.store, calendarFeedRoutes, calendarFeedHandlers(calendarFeedStore, 'https://vern.test'));
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const change = () =>
  aCall(house.store)
    .records.change()
    .activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) });

/** A child in a group, its mother, and what she is signed in as. */
async function aFamily(of = house) {
  const groupId = await of.group();
  const childId = await of.person({
    firstName: 'Emil',
    lastName: 'Ødegård',
    placements: [{ groupId, from: '2026-08-01' }],
  });
  const personId = await of.guardian(childId);
  const scope = { kind: 'person', id: personId } as const;
  return {
    groupId,
    childId,
    personId,
    mother: await someoneWith(of.store, of.organisationId, 'guardian', { personId, scope }),
  };
}

async function happens(but: Partial<CalendarEvent>, of = house): Promise<CalendarEvent> {
  const event: CalendarEvent = {
    id: anId('cal'),
    title: 'Luciafeiring',
    description: 'Spør kari@example.no, «fri entré»',
    place: 'Aulaen',
    bring: ['hvit skjorte'],
    scope: { kind: 'organisation' },
    when: { kind: 'timed', from: '2026-12-11T08:30', until: '2026-12-11T10:00' },
    timeZone: 'Europe/Oslo',
    exceptions: [],
    overrides: [],
    files: [],
    sequence: 0,
    createdAt: '2026-11-01T10:00:00.000Z',
    updatedAt: '2026-11-01T10:00:00.000Z',
    ...but,
  };
  const written = change().put(eventRefOf(of.organisationId, event.scope, event.id), event, 'new');
  for (const pointer of pointersOf(of.organisationId, event)) written.point(pointer);
  await written.commit();
  return event;
}

async function anAddress(who: SignedIn, level: 'full' | 'initials' | 'busy' = 'full'): Promise<string> {
  const { body } = await service.as(who).createCalendarFeed({ body: { name: 'Mobilen', level } });
  return body.address;
}
const ask = (address: string, headers: Record<string, string> = {}) =>
  service.send(address, { method: 'GET', headers });
const calendar = async (address: string) => {
  const answer = await ask(address);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, ICALENDAR]);
  return answer.text();
};
const shownAt = async (address: string) => readBack(await calendar(address)).map(({ summary }) => summary);

describe('an address', () => {
  it('is shown once, is kept as a digest only, and can be told apart and taken back', async () => {
    const { mother } = await aFamily();
    const me = service.as(mother);
    const { body: made, status } = await me.createCalendarFeed({ body: { name: 'Mobilen', level: 'full' } });
    expect(status).toBe(201);
    expect(made.address).toMatch(/^https:\/\/vern\.test\/calendar\/[\w-]{32}\.ics$/);
    const secret = made.address.slice(-36, -4);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(24);
    await me.createCalendarFeed({ body: { name: 'Bestemor', level: 'busy' } });

    const { items } = (await me.listCalendarFeeds()).body;
    expect(items.map(({ name, level, expiresAt }) => [name, level, expiresAt])).toEqual([
      ['Mobilen', 'full', '2027-11-23T07:00:00.000Z'],
      ['Bestemor', 'busy', '2027-11-23T07:00:00.000Z'],
    ]);
    const rows = await house.rows('transient', `operator#${mother.accountId}`);
    expect(JSON.stringify([items, rows])).not.toContain(secret);

    await ask(made.address);
    expect((await me.listCalendarFeeds()).body.items.map(({ lastFetchedOn }) => lastFetchedOn)).toEqual([
      '2026-11-23',
      undefined,
    ]);
    await me.deleteCalendarFeed({ params: { feedId: made.id } });
    expect((await ask(made.address)).status).toBe(404);
    await expect(me.deleteCalendarFeed({ params: { feedId: made.id } })).rejects.toMatchObject(
      refused('calendar-feed-not-found'),
    );
    expect((await me.listCalendarFeeds()).body.items).toHaveLength(1);
  });

  it('is one of a few, and nobody else’s to take back', async () => {
    const { mother } = await aFamily();
    const me = service.as(mother);
    for (let i = 0; i < FEEDS_MAX; i++) await me.createCalendarFeed({ body: { name: `${i}`, level: 'busy' } });
    await expect(me.createCalendarFeed({ body: { name: 'x', level: 'busy' } })).rejects.toMatchObject(
      refused('too-many'),
    );
    const [first] = (await me.listCalendarFeeds()).body.items;
    const stranger = service.as(await someoneWith(house.store, house.organisationId, 'guardian'));
    await expect(stranger.deleteCalendarFeed({ params: { feedId: first!.id } })).rejects.toMatchObject(
      refused('calendar-feed-not-found'),
    );
  });

  it('leads nowhere when nobody made it, when its year is over, and when the account is gone', async () => {
    const { mother } = await aFamily();
    expect((await ask(`https://vern.test/calendar/${'A'.repeat(32)}.ics`)).status).toBe(404);
    expect((await ask('https://vern.test/calendar/short.ics')).status).toBe(400);
    const address = await anAddress(mother);
    house.at('2027-11-23T07:00:01Z');
    expect((await ask(address)).status).toBe(404);
    house.at('2026-11-23T07:00:00Z');
    expect((await ask(address)).status).toBe(200);
    await change().remove(accountRef(mother.accountId), { version: 1 }).commit();
    expect((await ask(address)).status).toBe(404);
  });

  it('answers 304 to an app that has it all already, and never lets anything between keep it', async () => {
    const { mother } = await aFamily();
    await happens({});
    const address = await anAddress(mother);
    const first = await ask(address);
    const etag = first.headers.get('etag')!;
    expect([etag, first.headers.get('cache-control')]).toEqual([expect.stringMatching(/^"\d+"$/), 'no-store']);
    house.at('2026-11-24T09:30:00Z');
    const again = await ask(address, { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await happens({ title: 'Juleverksted' });
    expect((await ask(address, { 'if-none-match': etag })).status).toBe(200);
  });

  it('is noted as read once a day, also when two apps ask at once', async () => {
    const { mother } = await aFamily();
    const address = await anAddress(mother);
    const both = await Promise.all([ask(address), ask(address)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    await ask(address);
    const events = (await house.rows('activity', `operator#${mother.accountId}`)).map(({ event }) => event);
    expect(events.filter((event) => event === 'calendar-feed.read')).toHaveLength(1);
  });
});

describe('a calendar', () => {
  it('tells in full what the family needs, and nobody’s address', async () => {
    const { mother, childId, groupId } = await aFamily();
    await happens({});
    const trips = await happens({
      title: 'Turdag',
      scope: { kind: 'group', id: groupId },
      when: { kind: 'timed', from: '2026-10-19T09:00', until: '2026-10-19T13:00' },
      rule: 'FREQ=WEEKLY',
      exceptions: ['2026-12-21'],
    });
    await house.expect(childId, '2026-11-25', '08:15');
    await house.absent(childId, '2026-11-26');
    const closure = {
      id: anId('clo'),
      title: 'Planleggingsdag',
      kind: 'closed',
      from: '2027-01-04',
      until: '2027-01-04',
    } as const;
    await change().put(closureRef(house.organisationId, closure), closure, 'new').commit();

    const text = await calendar(await anAddress(mother));
    expect(text).not.toMatch(/example\.no|ATTENDEE|ORGANIZER|VALARM|mailto/i);
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    const shown = readBack(text);
    expect(shown.find(({ from }) => from === '2026-12-11T07:30:00.000Z')?.summary).toBe('Emil: Luciafeiring');
    expect(text.replaceAll('\r\n ', '')).toContain('Ta med: hvit skjorte\\nSolbakken barnehage');
    const ofTrips = shown.filter(({ uid }) => uid === `${trips.id}@vern`).map(({ from }) => from);
    // Summer time until 25 October, and again from 28 March.
    expect(ofTrips.slice(0, 2)).toEqual(['2026-10-19T07:00:00.000Z', '2026-10-26T08:00:00.000Z']);
    expect(ofTrips).toContain('2027-03-29T07:00:00.000Z');
    expect(ofTrips.some((from) => from.startsWith('2026-12-21'))).toBe(false);
    expect(shown.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([
        'Emil: Solbakken barnehage, ventet',
        'Emil: Solbakken barnehage, fravær',
        'Solbakken barnehage: Stengt: Planleggingsdag',
      ]),
    );
  });

  it('names no child at `initials`, however its name is written, and says at `busy` only that', async () => {
    const { mother, childId } = await aFamily();
    await happens({});
    await happens({ title: 'Bursdag: EMILs store dag', place: 'Hos Ødegård' });
    await happens({ title: 'Samtale om sorg', scope: { kind: 'person', id: childId } });
    await house.expect(childId, '2026-11-25', '08:15');
    const initials = await calendar(await anAddress(mother, 'initials'));
    expect(initials.replaceAll('\r\n ', '')).not.toMatch(/emil|ødegård|sorg|skjorte|DESCRIPTION/i);
    expect(new Set(readBack(initials).map(({ summary }) => summary))).toEqual(
      new Set(['EØ: ventet', 'EØ: Luciafeiring', 'EØ: avtale']),
    );
    const busy = await calendar(await anAddress(mother, 'busy'));
    expect(readBack(busy).map(({ summary }) => summary)).toEqual(['Opptatt', 'Opptatt', 'Opptatt']);
    expect(busy).not.toMatch(/^(LOCATION|DESCRIPTION)|Lucia|Solbakken|Mobilen/m);
  });

  it('says of a child at a protected address only when, whatever the level', async () => {
    const { mother, childId } = await aFamily();
    await happens({});
    await house.expect(childId, '2026-11-25', '08:15');
    const ref = { entity: personEntity, owner: ownerOf(house.organisationId, childId) } as const;
    const stored = await aCall(house.store).records.get(ref);
    await change()
      .put(ref, { ...stored!.value, protectedAddress: true }, { version: 1 })
      .commit();
    expect(await shownAt(await anAddress(mother))).toEqual(['Opptatt']);
  });

  it('joins organisations and children, each event once', async () => {
    const { mother, personId, groupId } = await aFamily();
    const sibling = await house.person({ firstName: 'Nora', placements: [{ groupId, from: '2026-08-01' }] });
    await house.guardian(sibling, {}, personId);
    await happens({ scope: { kind: 'group', id: groupId } });
    expect(await shownAt(await anAddress(mother))).toEqual(['Emil, Nora: Luciafeiring']);
  });
});

describe('a calendar hides', () => {
  const other = { title: 'Andre', when: { kind: 'all-day', from: '2026-12-01', until: '2026-12-01' } } as const;

  it('what is for other groups and other people, and the days after a child left its group', async () => {
    const { mother, groupId } = await aFamily();
    await happens({ ...other, scope: { kind: 'group', id: await house.group() } });
    await happens({ ...other, scope: { kind: 'person', id: await house.person() } });
    await happens({ ...other, scope: { kind: 'department', id: anId('dep') } });
    expect(await shownAt(await anAddress(mother))).toEqual([]);
    const leaver = await house.person({ placements: [{ groupId, from: '2026-08-01', until: '2026-12-10' }] });
    await house.guardian(leaver, {}, mother.personId);
    const elsewhere = await aFamily();
    await house.guardian(leaver, {}, elsewhere.personId);
    await happens({
      scope: { kind: 'group', id: groupId },
      when: { kind: 'timed', from: '2026-12-03T09:00', until: '2026-12-03T10:00' },
      rule: 'FREQ=WEEKLY;UNTIL=20261231',
    });
    const seen = readBack(await calendar(await anAddress(elsewhere.mother)));
    expect(seen.map(({ from }) => from.slice(0, 10))).toEqual(['2026-12-03', '2026-12-10']);
  });

  it.each([
    ['whom a block keeps from the child', (childId: PersonId, personId: PersonId) => house.block(childId, personId)],
    ['whose role has ended', endRole],
    ['whose child is gone', (childId: PersonId) => gone(childId)],
  ] as const)('everything from a guardian %s, at once', async (_, becomes) => {
    const { mother, childId, personId } = await aFamily();
    await happens({});
    const address = await anAddress(mother);
    expect(await shownAt(address)).toHaveLength(1);
    await becomes(childId, personId, mother);
    expect(await shownAt(address)).toEqual([]);
  });

  it('the child from a guardian who only picks up', async () => {
    const childId = await house.person();
    const personId = await house.guardian(childId, { rights: 'pick-up-only' });
    await happens({});
    const guardian = await someoneWith(house.store, house.organisationId, 'guardian', { personId });
    expect(await shownAt(await anAddress(guardian))).toEqual([]);
  });

  it('from staff all but when their own appointments are: what they see by their role takes a second factor', async () => {
    const personId = await house.person({ kind: 'staff' });
    await happens({});
    const own = await happens({ title: 'Samtaletime', scope: { kind: 'person', id: personId } });
    const staff = await someoneWith(house.store, house.organisationId, 'staff', { personId });
    const shown = readBack(await calendar(await anAddress(staff)));
    expect(shown.map(({ uid, summary }) => [uid, summary])).toEqual([[`${own.id}@vern`, 'Opptatt']]);
  });

  async function endRole(_: PersonId, personId: PersonId, { role }: SignedIn) {
    const ref = roleRef(house.organisationId, personId, role);
    const stored = await aCall(house.store).records.get(ref);
    await change()
      .put(ref, { ...stored!.value, state: 'ended' }, { version: stored!.version })
      .commit();
  }
  const gone = (childId: PersonId) =>
    change()
      .keys({ do: 'erase', owner: ownerOf(house.organisationId, childId), retentionClass: 'person' })
      .commit();
});
