import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentEventEntity, currentConsents, standingOf } from '../../../lambdas/features/consents/consent.ts';
import { giveConsent } from '../../../lambdas/features/consents/writes.ts';
import { makeLink } from '../../../lambdas/features/links/link.ts';
import { type NewOpenEvent, OPEN_EVENTS_MAX, openEventRef } from '../../../lambdas/features/open-events/open-event.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { isSubscribed } from '../../../lambdas/features/subscriptions/subscribers.ts';
import type { OpenEventId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { isAllowedToStay } from '../erasure/world.ts';
import { aDesk, type Desk } from './world.ts';

let db: TestDynamoDb;
let desk: Desk;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  desk = await aDesk(db);
});

const daysLater = (days: number) => {
  desk.store.clock = new Date(desk.store.clock.getTime() + days * 24 * 60 * 60 * 1000);
};
const refused = (slug: string) => ({ name: 'ProblemError', slug });
/** What is left of an outsider; of a stored answer an id and a state alone, for a day. */
const rowsOf = async (id: string) =>
  (await desk.world.naming(id.slice(4))).filter(
    (row) => !isAllowedToStay(row) && !row.sk.startsWith('IDEMPOTENT-ANSWER#'),
  );
const inOrganisation = () => ({ organisationId: desk.organisationId });

describe('an enquiry (KP-03)', () => {
  const asked = { name: 'Anna Aas', email: 'anna@example.org', phone: '900 00 000', text: 'Har dere ledig plass?' };
  const received = async (staff = desk.staff) => {
    await desk.confirmed('enquiries', asked);
    const { body } = await staff.listEnquiries({ params: inOrganisation() });
    return { params: { ...inOrganisation(), enquiryId: body.items[0]!.id } };
  };

  it('reaches the staff once its address is confirmed, who are told that one waits', async () => {
    await desk.send('POST', desk.at('enquiries'), asked);
    expect((await desk.staff.listEnquiries({ params: inOrganisation() })).body.items).toEqual([]);
    const link = await desk.linkMailed();
    expect(await (await desk.send('POST', link)).text()).toContain('Henvendelsen er sendt');

    const [told] = await desk.mails();
    expect(told?.to?.[0]?.address).toBe('styrer@example.no');
    expect(told?.text).not.toContain('Anna');
    const { body } = await desk.staff.listEnquiries({ params: inOrganisation() });
    const { body: read } = await desk.staff.getEnquiry({
      params: { ...inOrganisation(), enquiryId: body.items[0]!.id },
    });
    expect(read).toMatchObject({ name: 'Anna Aas', phone: '+4790000000', email: asked.email, state: 'open' });
  });

  it('is answered on a page that a link opens, not in the mail, and can be answered back', async () => {
    const one = await received();
    await desk.mails();
    await desk.staff.answerEnquiry({ ...one, body: { text: 'Ja, fra august.' } });
    const [mail] = await desk.mails();
    expect(mail?.text).not.toContain('august');
    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')![0];
    expect(await (await desk.send('GET', link)).text()).not.toContain('august');
    const shown = await (await desk.send('POST', link)).text();
    expect(shown).toContain('Ja, fra august.');
    expect(shown).toContain('Telefon: +4790000000');

    const refusedText = await desk.send('POST', `${link}/form`, { do: 'write', text: 'Kortet: 4111 1111 1111 1111' });
    expect(refusedText.status).toBe(400);
    const empty = await desk.send('POST', `${link}/form`, { do: 'write', text: '' }, 'application/json');
    expect(await empty.json()).toMatchObject({ type: expect.stringContaining('malformed-request') });
    expect(await (await desk.send('POST', `${link}/form`, { do: 'write', text: 'Fint.' })).text()).toContain('Fint.');
    expect((await desk.staff.getEnquiry(one)).body).toMatchObject({
      state: 'open',
      messages: [{}, {}, { text: 'Fint.' }],
    });
    expect((await desk.mails()).map(({ to }) => to?.[0]?.address)).toEqual(['styrer@example.no']);
  });

  it('closes once, takes nothing more, and is erased 30 days later with its keys', async () => {
    const one = await received();
    await desk.staff.answerEnquiry({ ...one, body: { text: 'Ja.' } });
    const link = await desk.linkMailed(asked.email);
    await desk.staff.closeEnquiry({ ...one, body: { state: 'closed' } });
    await expect(desk.staff.closeEnquiry({ ...one, body: { state: 'closed' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(desk.staff.answerEnquiry({ ...one, body: { text: 'Mer.' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    const late = await desk.send('POST', `${link}/form`, { do: 'write', text: 'Hei' }, 'application/json');
    expect(await late.json()).toMatchObject({ type: expect.stringContaining('wrong-state') });

    daysLater(29);
    expect(await desk.tick()).toMatchObject({ erased: 0, failed: 0 });
    daysLater(3);
    expect(await desk.tick()).toMatchObject({ erased: 1, failed: 0 });
    const staff = await desk.staffToday();
    await expect(staff.getEnquiry(one)).rejects.toMatchObject(refused('enquiry-not-found'));
    expect((await desk.send('POST', link)).status).toBe(404);
    await desk.erase();
    expect(await rowsOf(one.params.enquiryId)).toEqual([]);
    expect(await desk.tick()).toEqual({ looked: 0, erased: 0, failed: 0 });
  });

  it('is erased at once when who asked wants it, and after half a year also when nobody has closed it', async () => {
    const one = await received();
    await desk.mails();
    await desk.staff.answerEnquiry({ ...one, body: { text: 'Ja.' } });
    const link = await desk.linkMailed(asked.email);
    expect(await (await desk.send('POST', `${link}/form`, { do: 'erase' })).text()).toContain('Det er slettet');
    const gone = refused('enquiry-not-found');
    await expect(desk.staff.answerEnquiry({ ...one, body: { text: 'Ja.' } })).rejects.toMatchObject(gone);
    await expect(desk.staff.closeEnquiry({ ...one, body: { state: 'closed' } })).rejects.toMatchObject(gone);
    expect((await desk.send('POST', `/l/${'x'.repeat(32)}/form`, { do: 'erase' })).status).toBe(404);

    const other = await received();
    daysLater(180);
    expect(await desk.tick()).toMatchObject({ erased: 0 });
    daysLater(10);
    expect(await desk.tick()).toMatchObject({ erased: 1 });
    await desk.erase();
    expect(await rowsOf(other.params.enquiryId)).toEqual([]);
  });

  it('holds no more messages than can be followed', async () => {
    const one = await received();
    for (let i = 0; i < 19; i++) await desk.staff.answerEnquiry({ ...one, body: { text: `${i}` } });
    await expect(desk.staff.answerEnquiry({ ...one, body: { text: 'x' } })).rejects.toMatchObject(refused('too-many'));
    const link = await desk.linkMailed(asked.email);
    const more = await desk.send('POST', `${link}/form`, { do: 'write', text: 'Hei' }, 'application/json');
    expect(await more.json()).toMatchObject({ type: expect.stringContaining('too-many') });
  });

  it('needs an address that an answer can be sent to', async () => {
    const response = await desk.send('POST', desk.at('enquiries'), { ...asked, email: 'anna' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Noe må rettes: E-post');
  });

  it('with a card number is refused on the page, whoever sends it', async () => {
    const text = 'Kortet mitt er 4111 1111 1111 1111';
    const response = await desk.send('POST', desk.at('enquiries'), { ...asked, text });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('kortnummer');
    const one = await received();
    await expect(desk.staff.answerEnquiry({ ...one, body: { text } })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
  });
});

describe('an open event', () => {
  const anEvent = (fields: Partial<NewOpenEvent> = {}): NewOpenEvent => ({
    title: { nb: 'Åpen dag', en: 'Open day' },
    description: { nb: 'Kom og se.', en: 'Come and see.' },
    place: 'Solveien 1',
    from: '2026-12-01T10:00:00.000Z',
    until: '2026-12-01T12:00:00.000Z',
    signUpUntil: '2026-11-30T10:00:00.000Z',
    asks: { phone: false, address: true },
    ...fields,
  });
  const held = async (fields: Partial<NewOpenEvent> = {}) => {
    const { body } = await desk.staff.createOpenEvent({ params: inOrganisation(), body: anEvent(fields) });
    return { params: { ...inOrganisation(), openEventId: body.id }, path: `events/${body.id}` };
  };
  const someone = (name: string, people = '1') => ({
    name,
    email: `${name}@example.org`,
    people,
    address: 'Storgata 1',
  });
  const signUps = async (params: { organisationId: typeof desk.organisationId; openEventId: OpenEventId }) =>
    (await desk.staff.listSignUps({ params })).body.items;

  it('asks for what is needed and takes no more', async () => {
    const { path, params } = await held();
    const html = await (await desk.send('GET', desk.at(path))).text();
    expect(html).toContain('name="address"');
    expect(html).not.toContain('name="phone"');
    expect(await desk.confirmed(path, { ...someone('anna', '2'), phone: '90000000' })).toContain(
      'Påmeldingen er mottatt',
    );
    const [signUp] = await signUps(params);
    expect(signUp).toMatchObject({ name: 'anna', people: 2, state: 'place', email: 'anna@example.org' });
    expect(signUp).not.toHaveProperty('phone');
    expect((await desk.staff.getOpenEvent({ params })).body).toMatchObject({ taken: 2, waiting: 0 });
    expect((await desk.send('POST', desk.at(path), someone('ola', '0'))).status).toBe(400);
  });

  it('holds no card number, neither in its words nor in who signs up', async () => {
    const number = '4111 1111 1111 1111';
    const { path, params } = await held();
    const body = anEvent({ description: { nb: `Betal med ${number}`, en: 'Come and see.' } });
    const { organisationId } = desk;
    await expect(desk.staff.createOpenEvent({ params: { organisationId }, body })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(
      desk.staff.changeOpenEvent({ params, body: { ...body, state: 'open' }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    const answer = await desk.send('POST', desk.at(path), { ...someone('anna'), name: number });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain(number);
  });

  it('is one of so many that one can still look through them', async () => {
    const event = { ...anEvent(), state: 'open', taken: 0, waiting: 0 } as const;
    for (let i = 0; i < OPEN_EVENTS_MAX; i += 20) {
      const change = desk.change();
      for (let j = 0; j < 20; j++) {
        const id = anId('opn');
        change.put(openEventRef(desk.organisationId, id), { ...event, id }, 'new');
      }
      await change.commit();
    }
    await expect(held()).rejects.toMatchObject(refused('too-many'));
  });

  it('puts who comes too late for a place on a waiting list, and gives them the next one that is free', async () => {
    const { path, params } = await held({ places: 3 });
    await desk.confirmed(path, someone('anna', '2'));
    await desk.confirmed(path, someone('berit', '2'));
    // One place is free, but berit waits before carl.
    await desk.confirmed(path, someone('carl', '1'));
    expect((await signUps(params)).map(({ name, state }) => [name, state])).toEqual([
      ['anna', 'place'],
      ['berit', 'waiting'],
      ['carl', 'waiting'],
    ]);
    await desk.mails();
    const [anna] = await signUps(params);
    await desk.staff.removeSignUp({ params: { ...params, signUpId: anna!.id } });
    await desk.tick();
    expect((await signUps(params)).map(({ name, state }) => [name, state])).toEqual([
      ['berit', 'place'],
      ['carl', 'place'],
    ]);
    expect((await desk.mails()).map(({ subject, to }) => [to?.[0]?.address, subject]).sort()).toEqual([
      ['berit@example.org', 'Du har fått plass'],
      ['carl@example.org', 'Du har fått plass'],
    ]);
    expect((await desk.staff.getOpenEvent({ params })).body).toMatchObject({ taken: 3, waiting: 0 });
    await expect(desk.staff.removeSignUp({ params: { ...params, signUpId: anna!.id } })).rejects.toMatchObject(
      refused('sign-up-not-found'),
    );
  });

  it('never gives one place to two who confirm at the same moment', async () => {
    const { path, params } = await held({ places: 1 });
    const links: string[] = [];
    for (const name of ['anna', 'berit', 'carl']) {
      await desk.send('POST', desk.at(path), someone(name));
      links.push(await desk.linkMailed());
    }
    await Promise.all(links.map((link) => desk.send('POST', link)));
    expect((await signUps(params)).filter(({ state }) => state === 'place')).toHaveLength(1);
    expect((await desk.staff.getOpenEvent({ params })).body).toMatchObject({ taken: 1, waiting: 2 });
  });

  it('tells who has signed up when it is moved or cancelled, each once', async () => {
    const { path, params } = await held();
    await desk.confirmed(path, someone('anna'));
    await desk.confirmed(path, someone('berit'));
    await desk.mails();
    const { body: before } = await desk.staff.getOpenEvent({ params });
    const moved = { ...anEvent({ place: 'Solveien 2' }), state: 'open' } as const;
    await desk.staff.changeOpenEvent({ params, body: moved, ifMatch: before.version });
    await desk.tick();
    await desk.tick();
    expect((await desk.mails()).map(({ subject }) => subject)).toEqual(
      Array.from({ length: 2 }, () => 'Arrangementet er endret'),
    );
    const { body: now } = await desk.staff.getOpenEvent({ params });
    await desk.staff.changeOpenEvent({ params, body: { ...moved, state: 'cancelled' }, ifMatch: now.version });
    await desk.tick();
    expect((await desk.mails()).map(({ subject }) => subject)).toEqual(
      Array.from({ length: 2 }, () => 'Arrangementet er avlyst'),
    );
    const { body: last } = await desk.staff.getOpenEvent({ params });
    await expect(desk.staff.changeOpenEvent({ params, body: moved, ifMatch: last.version })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    expect(await (await desk.send('GET', desk.at(path))).text()).toContain('Arrangementet er avlyst');
  });

  it('lets one cancel by the link, and forgets everybody 30 days after it', async () => {
    const { path, params } = await held();
    await desk.confirmed(path, someone('anna'));
    const own = await desk.linkMailed('anna@example.org');
    expect(await (await desk.send('POST', own)).text()).toContain('Åpen dag');
    const wrong = await desk.send('POST', `${own}/form`, { do: 'write', text: 'Hei' }, 'application/json');
    expect(await wrong.json()).toMatchObject({ type: expect.stringContaining('wrong-state') });
    await desk.send('POST', `${own}/form`, { do: 'erase' });
    expect(await signUps(params)).toEqual([]);
    expect((await desk.staff.getOpenEvent({ params })).body).toMatchObject({ taken: 0 });

    await desk.confirmed(path, someone('berit'));
    const [berit] = await signUps(params);
    desk.store.clock = new Date('2026-12-31T22:00:00Z');
    expect(await desk.tick()).toMatchObject({ erased: 0 });
    desk.store.clock = new Date('2027-01-01T00:00:00Z');
    expect(await desk.tick()).toMatchObject({ erased: 1, failed: 0 });
    await desk.erase();
    expect(await rowsOf(berit!.id)).toEqual([]);
  });

  it('takes nobody any more when its time for that is over, and is not another organisation’s', async () => {
    const { path } = await held();
    desk.store.clock = new Date('2026-11-30T10:00:00Z');
    expect(await (await desk.send('POST', desk.at(path), someone('anna'))).text()).toContain('Det går ikke lenger');
    expect(await desk.mails()).toEqual([]);
    const params = { ...inOrganisation(), openEventId: anId('opn') };
    const staff = await desk.staffToday();
    await expect(staff.getOpenEvent({ params })).rejects.toMatchObject(refused('open-event-not-found'));
    await expect(staff.listSignUps({ params })).rejects.toMatchObject(refused('open-event-not-found'));
    const removing = { ...params, signUpId: anId('sgn') };
    await expect(staff.removeSignUp({ params: removing })).rejects.toMatchObject(refused('open-event-not-found'));
    const body = { ...anEvent(), state: 'open' } as const;
    await expect(staff.changeOpenEvent({ params, body: { ...body, state: 'open' }, ifMatch: 1 })).rejects.toMatchObject(
      refused('open-event-not-found'),
    );
  });
});

describe('a person’s unsubscribing link', () => {
  it('withdraws the consent, with the evidence that a link did it, and once', async () => {
    const person = await aPerson(desk.store, desk.organisationId, { kind: 'guardian', email: 'kari@example.no' });
    const owner = ownerOf(desk.organisationId, person.id);
    const call = aCall(desk.store);
    const given = call.records.change();
    giveConsent(
      given,
      {
        organisationId: desk.organisationId,
        principalId: person.id,
        purpose: desk.purpose,
        open: undefined,
        by: { personId: person.id, capacity: 'self' },
        statementVersion: '1',
        language: 'nb',
        method: 'service',
      },
      call,
    );
    const wanted = { purpose: 'unsubscribe', owner, about: 'newsletter', validForSeconds: 3600 } as const;
    const { token } = makeLink(given, wanted, call);
    await given.commit();
    expect(await isSubscribed(aCall(desk.store).records, owner, 'newsletter')).toBe(true);

    for (const _ of ['the mail program', 'its reader']) {
      expect((await desk.send('POST', `/l/${token}`, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
    }
    expect(await isSubscribed(aCall(desk.store).records, owner, 'newsletter')).toBe(false);
    const { items } = await aCall(desk.store).records.list(consentEventEntity, owner);
    expect(items.map(({ value }) => [value.state, value.method])).toEqual([
      ['given', 'service'],
      ['withdrawn', 'link'],
    ]);
    const [state] = currentConsents(items.map(({ value }) => value));
    const standing = standingOf(state!, desk.purpose, { decidesAlone: true, guardianIds: [] });
    expect(standing).toMatchObject({ standing: 'withdrawn' });
  });
});
