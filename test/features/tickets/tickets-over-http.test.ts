import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endCorrections } from '../../../lambdas/features/corrections/clock.ts';
import { correctionKey } from '../../../lambdas/features/corrections/correction.ts';
import { contactKey } from '../../../lambdas/features/customers/customer.ts';
import { filePointers, uploadRef } from '../../../lambdas/features/files/file.ts';
import { invoicePointers } from '../../../lambdas/features/invoices/invoice.ts';
import { runRow } from '../../../lambdas/features/invoices/run.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { objectable } from '../../../lambdas/features/requests/closing.ts';
import { billableTime } from '../../../lambdas/features/tickets/billable-time.ts';
import { ticketFileHome } from '../../../lambdas/features/tickets/file-home.ts';
import { ticketStore } from '../../../lambdas/features/tickets/store.ts';
import type { FileId, TicketId } from '../../../lambdas/http/ids.ts';
import { restrictable } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from '../erasure/world.ts';
import { aDesk, aMail, type Desk, DOMAIN } from './desk.ts';

let db: TestDynamoDb;
let shared: World;
let desk: Desk;
beforeAll(async () => {
  db = await startDynamoDb();
  shared = await aWorld(db);
});
afterAll(() => db.stop());
beforeEach(async () => {
  desk = await aDesk(shared);
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const question = { title: 'Skriveren virker ikke', text: 'Den blinker rødt.', fileIds: [] };
const asked = async () => (await desk.contact.openOwnTicket({ params: desk.params, body: question })).body;
const at = (ticketId: TicketId) => ({ ...desk.params, ticketId });
const message = (text: string) => ({ kind: 'message' as const, text, fileIds: [] });
const answered = async (ticketId: TicketId, text = 'Har du prøvd strømmen?') =>
  (await desk.agent.addTicketEntry({ params: at(ticketId), body: message(text) })).body;
const read = async (ticketId: TicketId) => (await desk.agent.getTicket({ params: at(ticketId) })).body;
const changed = async (ticketId: TicketId, body: Parameters<Desk['agent']['changeTicket']>[0]['body']) =>
  (await desk.agent.changeTicket({ params: at(ticketId), body, ifMatch: (await read(ticketId)).version })).body;

/** A file of the contact's, or of somebody else, that nothing holds yet. */
async function uploaded(state: 'awaiting' | 'checked', uploaderId = desk.contactPerson.id): Promise<FileId> {
  const id = anId('fil');
  const dueAt = new Date(desk.store.now().getTime() + 86_400_000).toISOString();
  const key = Buffer.alloc(32, 1).toString('base64');
  const file = { id, name: 'bilde.png', contentType: 'image/png', bytes: 10, key } as const;
  const owner = ownerOf(desk.organisationId, uploaderId);
  await aCall(desk.store)
    .records.change()
    .put(uploadRef(desk.organisationId, uploaderId, id), { ...file, state, uploadUntil: dueAt, dueAt }, 'new')
    .point(filePointers.due(dueAt, desk.organisationId, id))
    .point(filePointers.held(owner, id))
    .activity({ event: 'test.prepared', subject: owner })
    .commit();
  return id;
}

describe('a ticket', () => {
  it('goes from a contact’s question over answer, page and mail to billable time', async () => {
    const customer = await desk.customer();
    const { id, number } = await asked();
    await desk.mailed();
    expect(await answered(id)).toMatchObject({ state: 'waiting-on-customer' });

    const [mail] = await desk.mailed();
    expect(mail?.subject).toBe(`Svar i sak ${number}`);
    expect(`${mail?.text}${mail?.html}`).not.toContain('strømmen');
    const replyTo = mail?.replyTo?.[0]?.address ?? '';
    expect(replyTo).toMatch(new RegExp(`^ticket\\+[0-9a-f]{40}@${DOMAIN}$`));

    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(await (await desk.send('GET', link)).text()).not.toContain('strømmen');
    expect(await (await desk.send('POST', link)).text()).toContain('Har du prøvd strømmen?');
    const written = await desk.send('POST', `${link}/ticket`, { do: 'write', text: 'Ja, flere ganger.' });
    expect(await written.text()).toContain('Ja, flere ganger.');

    const quoted = 'Det hjalp ikke.\n\nDen man. 23. nov. 2026 kl. 08:00 skrev Fjord IT:\n> Har du prøvd strømmen?';
    expect(await desk.receive(aMail({ to: replyTo, text: quoted }))).toBe('answered');
    const ticket = await read(id);
    expect(ticket).toMatchObject({ state: 'open', customerId: customer.id, requesterId: desk.contactPerson.id });
    expect(ticket.entries.map((entry) => entry.text)).toEqual([
      'Den blinker rødt.',
      'Har du prøvd strømmen?',
      'Ja, flere ganger.',
      'Det hjalp ikke.',
    ]);

    const time = { kind: 'time', minutes: 45, isBillable: true, day: '2026-11-23' } as const;
    await desk.agent.addTicketEntry({ params: at(id), body: time });
    await desk.agent.addTicketEntry({ params: at(id), body: { ...time, minutes: 15, isBillable: false } });
    expect(await changed(id, { state: 'closed' })).toMatchObject({ state: 'closed' });
    const found = await billableTime(
      aCall(desk.store).records,
      desk.organisationId,
      customer.id,
      '2026-11-01',
      '2026-11-30',
    );
    expect(found).toEqual([
      expect.objectContaining({ ticketId: id, ticketNumber: number, day: '2026-11-23', minutes: 45 }),
    ]);
    expect(
      await billableTime(aCall(desk.store).records, desk.organisationId, customer.id, '2026-12-01', '2026-12-31'),
    ).toEqual([]);
  });

  it('and the corrections beside it: one that cannot be looked at keeps no other from its term', async () => {
    const place = (sk: string) => ({ ...correctionKey(desk.organisationId, ''), sk });
    const attributes = { subject: desk.contactPerson.id, dueAt: '2026-11-01T00:00:00.000Z' };
    const [broken, over] = [
      { ...place('broken'), attributes },
      { ...place(anId('cor')), attributes },
    ];
    const subject = organisationOwner(desk.organisationId);
    const change = aCall(desk.store).records.change().point(broken).point(over);
    await change.activity({ event: 'test.prepared', subject }).commit();
    const lines: object[] = [];
    const clock = {
      openCall: () => aCall(desk.store),
      hasTimeLeft: () => true,
      log: (line: object) => lines.push(line),
    };
    expect(await endCorrections(desk.organisationId, clock)).toBe(1);
    expect(lines).toEqual([{ event: 'correction-tick-failed', error: 'ZodError' }]);
  });

  it('has time that is put down after its month was invoiced paid for with the month that goes on', async () => {
    const customer = await desk.customer();
    const { id } = await asked();
    const run = { period: '2026-10', state: 'drafted', requestedAt: '2026-11-02T08:00:00.000Z' } as const;
    const drafted = runRow(desk.organisationId, { ...run, drafted: 1, existing: 0, nothing: 0 });
    const subject = organisationOwner(desk.organisationId);
    await aCall(desk.store).records.change().point(drafted).activity({ event: 'test.prepared', subject }).commit();
    for (const day of ['2026-10-30', '2026-11-20']) {
      const body = { kind: 'time', minutes: 30, isBillable: true, day } as const;
      await desk.agent.addTicketEntry({ params: at(id), body });
    }
    const { records } = aCall(desk.store);
    const found = await billableTime(records, desk.organisationId, customer.id, '2026-11-01', '2026-11-30');
    expect(found.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-23']);
    expect((await read(id)).entries.at(-2)).toMatchObject({ day: '2026-10-30' });
  });

  it('takes its time along to the customer that it gets, and to another, as long as no invoice holds it', async () => {
    const { agent, organisationId, params } = desk;
    const { id } = await asked();
    const enter = (minutes: number, day = '2026-11-20') =>
      agent.addTicketEntry({ params: at(id), body: { kind: 'time', minutes, isBillable: true, day } });
    const named = async (name: string) => (await agent.createCustomer({ params, body: { name } })).body.id;
    const [first, second] = [await named('Fjord AS'), await named('Vik AS')];
    const paidBy = async (customerId: typeof first) => {
      const { records } = aCall(desk.store);
      const found = await billableTime(records, organisationId, customerId, '2026-01-01', '2026-12-31');
      return found.map(({ day, minutes }) => [day, minutes]);
    };
    // More than one change takes.
    for (let minutes = 1; minutes <= 15; minutes++) await enter(minutes);
    const all = Array.from({ length: 15 }, (_, i) => ['2026-11-20', i + 1]);
    await agent.addTicketEntry({ params: at(id), body: { kind: 'time', minutes: 60, isBillable: false } });

    await changed(id, { customerId: first });
    expect(await paidBy(first)).toEqual(all);
    await changed(id, { customerId: second });
    expect([await paidBy(first), await paidBy(second)]).toEqual([[], all]);
    await changed(id, { customerId: null });
    expect([await paidBy(first), await paidBy(second)]).toEqual([[], []]);
    expect((await read(id)).entries.at(-2)).not.toHaveProperty('billedTo');
    await changed(id, { customerId: first });

    const invoice = { ...invoicePointers.inRun(organisationId, '2026-11', first), attributes: { invoiceId: 'ivc' } };
    const run = { period: '2026-10', state: 'drafted', requestedAt: '2026-11-02T08:00:00.000Z' } as const;
    const drafted = runRow(organisationId, { ...run, drafted: 1, existing: 0, nothing: 0 });
    await enter(30, '2026-08-31');
    const subject = organisationOwner(organisationId);
    const change = aCall(desk.store).records.change().point(invoice).point(drafted);
    await change.activity({ event: 'test.prepared', subject }).commit();
    await changed(id, { customerId: second });
    expect([await paidBy(first), await paidBy(second)]).toEqual([all, [['2026-08-31', 30]]]);
    await changed(id, { customerId: null });
    await changed(id, { customerId: second });
    expect([await paidBy(first), await paidBy(second)]).toEqual([all, [['2026-08-31', 30]]]);
    expect((await read(id)).entries.at(-1)).toMatchObject({ billedTo: second, billedOn: '2026-08-31' });
  });

  it('and its files are not there for an agent whom a block keeps from its requester', async () => {
    const customer = await desk.customer();
    const fileId = await uploaded('checked');
    const { id } = (await desk.contact.openOwnTicket({ params: desk.params, body: { ...question, fileIds: [fileId] } }))
      .body;
    const { entries } = await read(id);
    const place = { owner: ownerOf(desk.organisationId, desk.contactPerson.id), kind: 'ticket' as const };
    const ids = { ticketId: id, entryId: entries[0]!.id };
    const role = { role: 'staff', personId: desk.agentPerson.id, otherPersonIds: [], scope: { kind: 'organisation' } };
    const call = { ...aCall(desk.store), role: { ...role, organisationId: desk.organisationId } } as never;
    expect(await ticketFileHome.find({ ...place, ids }, fileId, call)).toBeDefined();
    await desk.block();
    await expect(desk.agent.getTicket({ params: at(id) })).rejects.toMatchObject(refused('ticket-not-found'));
    await expect(answered(id)).rejects.toMatchObject(refused('ticket-not-found'));
    expect((await desk.agent.listTickets({ params: desk.params, query: { show: 'all' } })).body.items).toEqual([]);
    const { title, text } = question;
    const opening = { title, text, requesterId: desk.contactPerson.id, fileIds: [] };
    await expect(desk.agent.createTicket({ params: desk.params, body: opening })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    const contacts = await desk.agent.listCustomerContacts({ params: { ...desk.params, customerId: customer.id } });
    expect(contacts.body.items).toEqual([]);
    expect(await ticketFileHome.find({ ...place, ids }, fileId, call)).toBeUndefined();
    expect((await desk.leader.getTicket({ params: at(id) })).body.id).toBe(id);
  });

  it('shows its requester neither notes nor time, and nobody else’s ticket', async () => {
    const { id } = await asked();
    await desk.agent.addTicketEntry({ params: at(id), body: { kind: 'note', text: 'Ringer hver uke.' } });
    await desk.agent.addTicketEntry({ params: at(id), body: { kind: 'time', minutes: 5, isBillable: false } });
    await answered(id);
    const own = (await desk.contact.getOwnTicket({ params: at(id) })).body;
    expect(own.messages.map(({ by, text }) => [by, text])).toEqual([
      ['you', 'Den blinker rødt.'],
      ['them', 'Har du prøvd strømmen?'],
    ]);
    const taken = {
      params: desk.params,
      body: { ...question, requesterId: desk.agentPerson.id, title: 'En annens', priority: 'urgent' as const },
    };
    const { body: others } = await desk.agent.createTicket(taken);
    await expect(desk.contact.getOwnTicket({ params: at(others.id) })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );
    const body = { text: 'Hei', fileIds: [] };
    await expect(desk.contact.answerOwnTicket({ params: at(others.id), body })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );
    expect((await desk.contact.listOwnTickets({ params: desk.params })).body.items.map((one) => one.id)).toEqual([id]);
    await expect(desk.agent.getTicket({ params: at(anId('tck')) })).rejects.toMatchObject(refused('ticket-not-found'));
  });

  it('is found by state, number, assignee and customer, and is late by its priority', async () => {
    const customer = await desk.customer();
    const { id, number } = await asked();
    await changed(id, { assigneeId: desk.agentPerson.id, priority: 'urgent' });
    const { id: second } = await asked();
    await changed(second, { state: 'closed' });
    const list = async (query: NonNullable<Parameters<Desk['agent']['listTickets']>[0]['query']>) =>
      (await desk.agent.listTickets({ params: desk.params, query })).body.items.map((one) => one.id);
    expect(await list({})).toEqual([id]);
    expect(await list({ show: 'all' })).toEqual([second, id]);
    expect(await list({ state: 'closed' })).toEqual([second]);
    expect(await list({ number })).toEqual([id]);
    expect(await list({ assigneeId: desk.agentPerson.id })).toEqual([id]);
    expect(await list({ customerId: customer.id })).toEqual([id]);
    expect(await list({ customerId: anId('cus') })).toEqual([]);
    const first = (await desk.agent.listTickets({ params: desk.params, query: { show: 'all', limit: 1 } })).body;
    expect(first.items.map((one) => one.id)).toEqual([second]);
    expect(await list({ show: 'all', limit: 1, cursor: first.next! })).toEqual([id]);

    expect((await read(id)).isLate).toBe(false);
    desk.store.clock = new Date(desk.store.clock.getTime() + 2.5 * 60 * 60 * 1000);
    const late = (await (await desk.agentToday()).getTicket({ params: at(id) })).body;
    expect(late.isLate).toBe(true);
  });

  it('refuses what does not follow, and what nobody is registered for', async () => {
    const { id } = await asked();
    for (const [body, slug] of [
      [{ customerId: anId('cus') }, 'customer-not-found'],
      [{ assigneeId: anId('per') }, 'person-not-found'],
      [{ title: 'Kort 4111 1111 1111 1111' }, 'forbidden-content'],
    ] as const) {
      await expect(changed(id, body)).rejects.toMatchObject(refused(slug));
    }
    await expect(desk.agent.changeTicket({ params: at(anId('tck')), body: {}, ifMatch: 1 })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );
    await expect(desk.agent.changeTicket({ params: at(id), body: {}, ifMatch: 9 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    for (const day of ['2026-11-24', '2023-10-31']) {
      const body = { kind: 'time', minutes: 5, isBillable: true, day } as const;
      await expect(desk.agent.addTicketEntry({ params: at(id), body })).rejects.toMatchObject(refused('wrong-state'));
    }
    await changed(id, { state: 'closed' });
    await expect(changed(id, { state: 'open' })).rejects.toMatchObject(refused('wrong-state'));
    await expect(answered(id)).rejects.toMatchObject(refused('wrong-state'));
    const again = { params: at(id), body: { text: 'Hallo?', fileIds: [] } };
    await expect(desk.contact.answerOwnTicket(again)).rejects.toMatchObject(refused('wrong-state'));
  });

  it('takes files that its writer uploaded, and refuses all others', async () => {
    const { id } = await asked();
    const fileIds = [anId('fil')];
    const awaiting = await uploaded('awaiting');
    for (const [ids, slug] of [
      [fileIds, 'file-not-found'],
      [[awaiting], 'file-not-checked'],
    ] as const) {
      const body = { ...question, fileIds: [...ids] };
      await expect(desk.contact.openOwnTicket({ params: desk.params, body })).rejects.toMatchObject(refused(slug));
      const again = { params: at(id), body: { text: 'Se her', fileIds: [...ids] } };
      await expect(desk.contact.answerOwnTicket(again)).rejects.toMatchObject(refused(slug));
    }
    const agents = await uploaded('awaiting', desk.agentPerson.id);
    for (const [ids, slug] of [
      [fileIds, 'file-not-found'],
      [[agents], 'file-not-checked'],
    ] as const) {
      const written = { ...message('Se her'), fileIds: [...ids] };
      await expect(desk.agent.addTicketEntry({ params: at(id), body: written })).rejects.toMatchObject(refused(slug));
      const body = { ...question, requesterId: desk.contactPerson.id, fileIds: [...ids] };
      await expect(desk.agent.createTicket({ params: desk.params, body })).rejects.toMatchObject(refused(slug));
    }
    const mine = await uploaded('checked');
    const sent = { params: at(id), body: { text: 'Se her', fileIds: [mine] } };
    await desk.contact.answerOwnTicket(sent);
    expect((await read(id)).entries.at(-1)).toMatchObject({ files: [{ id: mine, name: 'bilde.png' }] });
    const place = { owner: ownerOf(desk.organisationId, desk.contactPerson.id), kind: 'ticket' as const };
    const entryId = (await read(id)).entries.at(-1)!.id;
    const opened = (role: Parameters<typeof aCall>[1]) =>
      ticketFileHome.find({ ...place, ids: { ticketId: id, entryId } }, mine, aCall(desk.store, role));
    const scope = { kind: 'organisation' } as const;
    expect(await opened({ role: 'staff', scope })).toMatchObject({
      file: { id: mine },
      openedAs: 'ticket.file-opened',
    });
    expect(await opened({ role: 'member', personId: desk.contactPerson.id })).toBeDefined();
    expect(await opened({ role: 'member', personId: anId('per') })).toBeUndefined();
    expect(await opened({ role: 'staff', scope: { kind: 'group', id: anId('grp') } })).toBeUndefined();
  });

  it('is full one day, and takes no card number from anybody', async () => {
    const { id } = await asked();
    const card = 'Kortet er 4111 1111 1111 1111';
    await answered(id);
    const mail = (await desk.mailed()).find(({ subject }) => subject?.startsWith('Svar i sak'));
    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    const page = async (fields: Record<string, string>) => (await desk.send('POST', `${link}/ticket`, fields)).status;
    expect(await page({ do: 'write', text: card })).toBe(400);
    expect(await page({ do: 'write', text: '' })).toBe(400);
    expect(await page({ do: 'erase' })).toBe(409);
    const own = { params: at(id), body: { text: card, fileIds: [] } };
    await expect(desk.contact.answerOwnTicket(own)).rejects.toMatchObject(refused('forbidden-content'));
    await expect(answered(id, card)).rejects.toMatchObject(refused('forbidden-content'));
    const body = { ...question, text: card };
    await expect(desk.contact.openOwnTicket({ params: desk.params, body })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    const others = { ...body, requesterId: desk.contactPerson.id };
    await expect(desk.agent.createTicket({ params: desk.params, body: others })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    for (const [wrong, slug] of [
      [{ ...question, requesterId: anId('per') }, 'person-not-found'],
      [{ ...question, requesterId: desk.contactPerson.id, customerId: anId('cus') }, 'customer-not-found'],
    ] as const) {
      await expect(desk.agent.createTicket({ params: desk.params, body: wrong })).rejects.toMatchObject(refused(slug));
    }
    await expect(desk.agent.addTicketEntry({ params: at(anId('tck')), body: message('Hei') })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );

    const call = aCall(desk.store);
    const stored = await ticketStore.find(desk.organisationId, id, call);
    await ticketStore.save(stored!, { ...stored!.value, entries: 300 }, call);
    await expect(answered(id)).rejects.toMatchObject(refused('too-many'));
    const again = { params: at(id), body: { text: 'Hallo?', fileIds: [] } };
    await expect(desk.contact.answerOwnTicket(again)).rejects.toMatchObject(refused('too-many'));
    expect(await page({ do: 'write', text: 'Hallo?' })).toBe(409);
  });

  it('is closed two weeks after it was resolved, and erased with its rows two years after that', async () => {
    // The clock looks at every organisation: this one has the tables to itself.
    desk = await aDesk(await aWorld(db));
    const { id, number } = await asked();
    await answered(id);
    await changed(id, { state: 'resolved' });
    expect(await desk.tick()).toMatchObject({ closed: 0, erased: 0 });
    desk.later(15);
    expect(await desk.tick()).toMatchObject({ closed: 1, erased: 0 });
    const { dueAt } = (await (await desk.agentToday()).getTicket({ params: at(id) })).body;
    expect(dueAt?.slice(0, 10)).toBe('2028-12-08');
    desk.store.clock = new Date(dueAt!);
    expect(await desk.tick()).toMatchObject({ closed: 0, erased: 1 });
    const left = (await desk.world.rows('core')).filter(
      (row) => JSON.stringify(row).includes(id) || row['sk'] === number,
    );
    expect(left).toEqual([]);
  });

  it('goes with its requester, and the billable time stays without them (CE-12)', async () => {
    const customer = await desk.customer();
    const { id } = await asked();
    await answered(id);
    await desk.agent.addTicketEntry({
      params: at(id),
      body: { kind: 'time', minutes: 30, isBillable: true, day: '2026-11-23' },
    });
    const owner = ownerOf(desk.organisationId, desk.contactPerson.id);
    const place = await desk.world.order({ owner, cause: 'request' });
    await desk.world.run(place);
    expect((await desk.world.erasure(place)).missing).toBeUndefined();
    await expect(desk.agent.getTicket({ params: at(id) })).rejects.toMatchObject(refused('ticket-not-found'));
    expect((await desk.agent.listTickets({ params: desk.params, query: {} })).body.items).toEqual([]);
    const found = await billableTime(
      aCall(desk.store).records,
      desk.organisationId,
      customer.id,
      '2026-11-01',
      '2026-11-30',
    );
    expect(found.map(({ minutes }) => minutes)).toEqual([30]);
    const named = await desk.world.naming(desk.contactPerson.id);
    expect(named.filter(({ pk }) => /TICKET|CONTACTS|MAIL-ADDRESS/.test(pk))).toEqual([]);
  });
});

describe('a customer', () => {
  it('is changed where it stands, ended and taken up again, and keeps where each fact comes from (AT-16)', async () => {
    const customer = await desk.customer();
    const params = { ...desk.params, customerId: customer.id };
    const change = async (body: Parameters<Desk['agent']['changeCustomer']>[0]['body']) => {
      const ifMatch = (await desk.agent.getCustomer({ params })).body.version;
      return (await desk.agent.changeCustomer({ params, body, ifMatch })).body;
    };
    expect(customer.sources).toMatchObject({ name: { from: 'staff' }, postcode: { from: 'staff' } });
    const changed = await change({ postcode: null, responseHours: 2, ended: true });
    expect(changed).toMatchObject({ responseHours: 2, endedAt: expect.any(String) });
    expect(Object.keys(changed.sources)).toEqual(['name']);
    expect(await change({ ended: false })).not.toHaveProperty('endedAt');
    expect((await desk.agent.listCustomers({ params: desk.params, query: {} })).body.items).toHaveLength(1);
    expect((await desk.agent.listCustomerContacts({ params })).body.items).toMatchObject([
      { personId: desk.contactPerson.id },
    ]);
    const { respondBy, openedAt } = await read((await asked()).id);
    expect(Date.parse(respondBy) - Date.parse(openedAt)).toBe(2 * 60 * 60 * 1000);
    const contact = { ...params, personId: desk.contactPerson.id };
    await desk.agent.removeCustomerContact({ params: contact });
    await expect(desk.agent.removeCustomerContact({ params: contact })).rejects.toMatchObject(
      refused('person-not-found'),
    );
    expect((await desk.agent.listCustomerContacts({ params })).body.items).toEqual([]);
  });

  it('is not made of what must not be stored, nor spoken for by whoever is no member', async () => {
    const customer = await desk.customer();
    const params = { ...desk.params, customerId: customer.id };
    const card = '4111 1111 1111 1111';
    await expect(desk.agent.createCustomer({ params: desk.params, body: { name: card } })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(
      desk.agent.changeCustomer({ params, body: { name: card }, ifMatch: customer.version }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    await expect(desk.agent.changeCustomer({ params, body: {}, ifMatch: 9 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    const gone = { ...desk.params, customerId: anId('cus') };
    for (const look of [
      () => desk.agent.getCustomer({ params: gone }),
      () => desk.agent.changeCustomer({ params: gone, body: {}, ifMatch: 1 }),
      () => desk.agent.listCustomerContacts({ params: gone }),
      () => desk.agent.addCustomerContact({ params: { ...gone, personId: desk.contactPerson.id } }),
      () => desk.agent.removeCustomerContact({ params: { ...gone, personId: desk.contactPerson.id } }),
    ]) {
      await expect(look()).rejects.toMatchObject(refused('customer-not-found'));
    }
    for (const [personId, slug] of [
      [anId('per'), 'person-not-found'],
      [desk.agentPerson.id, 'wrong-state'],
    ] as const) {
      await expect(desk.agent.addCustomerContact({ params: { ...params, personId } })).rejects.toMatchObject(
        refused(slug),
      );
    }
    await desk.agent.removeCustomerContact({ params: { ...params, personId: desk.contactPerson.id } });
    const subject = organisationOwner(desk.organisationId);
    for (let filled = 0; filled < 200; filled += 50) {
      const change = aCall(desk.store).records.change().activity({ event: 'test.prepared', subject });
      for (let i = 0; i < 50; i++) change.point(contactKey(desk.organisationId, customer.id, anId('per')));
      await change.commit();
    }
    await expect(
      desk.agent.addCustomerContact({ params: { ...params, personId: desk.contactPerson.id } }),
    ).rejects.toMatchObject(refused('too-many'));
  });
});

describe('a restriction of a contact (Art. 18)', () => {
  it('closes their tickets to those who work on them, until it is lifted', async () => {
    const { id } = await asked();
    const owner = ownerOf(desk.organisationId, desk.contactPerson.id);
    const write = async (what: 'restrict' | 'lift') =>
      aCall(desk.store)
        .records.change()
        .keys({ do: what, owner, retentionClass: 'ticket' })
        .activity({ event: 'test.prepared', subject: owner })
        .commit();
    await write('restrict');
    await expect(desk.agent.getTicket({ params: at(id) })).rejects.toMatchObject(refused('ticket-not-found'));
    expect((await desk.agent.listTickets({ params: desk.params, query: {} })).body.items).toEqual([]);
    await write('lift');
    expect((await read(id)).id).toBe(id);
    expect(restrictable).toEqual(expect.arrayContaining(['ticket', 'chat']));
    expect([...objectable.keys()]).toEqual(expect.arrayContaining(['ticket', 'ticket-entry', 'chat']));
  });
});

describe('mail that comes in', () => {
  const address = async () => {
    const settings = { params: desk.params, body: { takesMail: true, takesChats: false, comparesCompanies: false } };
    return (await desk.leader.setTicketSettings({ ...settings, ifMatch: 1 })).body.intakeAddress ?? '';
  };

  it('from a registered contact that DMARC vouches for becomes a ticket, once', async () => {
    const mail = aMail({ to: await address(), subject: 'Nettet er nede', text: 'Ingenting virker.' });
    expect(await desk.receive(mail)).toBe('opened');
    expect(await desk.receive(mail)).toBe('taken-already');
    expect(desk.mails.size).toBe(0);
    const { items } = (await desk.agent.listTickets({ params: desk.params, query: {} })).body;
    expect(items).toHaveLength(1);
    expect(await read(items[0]!.id)).toMatchObject({ title: 'Nettet er nede', requesterId: desk.contactPerson.id });
  });

  it('is kept out by no other mail that went elsewhere under its Message-ID', async () => {
    const [elsewhere, messageId] = [`intake+${anId('org').slice(4)}@${DOMAIN}`, '<1@kunde.example>'];
    expect(await desk.receive(aMail({ to: elsewhere, messageId }))).toBe('not-ours');
    const { id } = await asked();
    await desk.mailed();
    await answered(id);
    const replyTo = (await desk.mailed())[0]?.replyTo?.[0]?.address ?? '';
    expect(await desk.receive(aMail({ to: replyTo, messageId }))).toBe('answered');
    expect(await desk.receive(aMail({ to: await address(), messageId }))).toBe('opened');
  });

  it('that answers a closed ticket opens a new one, which names it', async () => {
    const { id, number } = await asked();
    await desk.mailed();
    await answered(id);
    const replyTo = (await desk.mailed())[0]?.replyTo?.[0]?.address ?? '';
    await changed(id, { state: 'closed' });
    const mail = aMail({
      to: replyTo,
      subject: 'Nede igjen',
      text: 'Nå skjer det igjen.',
      messageId: '<9@kunde.example>',
    });
    expect(await desk.receive(mail)).toBe('opened');
    expect(await desk.receive(mail)).toBe('taken-already');
    const { items } = (await desk.agent.listTickets({ params: desk.params, query: {} })).body;
    expect(items).toHaveLength(1);
    const title = `Nede igjen (etter sak ${number})`;
    expect(await read(items[0]!.id)).toMatchObject({ title, requesterId: desk.contactPerson.id });
    expect(await read(id)).toMatchObject({ state: 'closed' });
    // An answer's own subject names it.
    expect(await desk.receive(aMail({ to: replyTo, subject: `Re: Svar i sak ${number}` }))).toBe('opened');
    const again = (await desk.agent.listTickets({ params: desk.params, query: {} })).body.items;
    expect(again[0]?.title).toBe(`Re: Svar i sak ${number}`);
  });

  it('is heard however late it comes, while the ticket is there', async () => {
    const { id } = await asked();
    await desk.mailed();
    await answered(id);
    const to = (await desk.mailed())[0]?.replyTo?.[0]?.address ?? '';
    desk.later(500);
    expect(await desk.receive(aMail({ to, text: 'Sent, men likevel.' }))).toBe('answered');
  });

  it('that a full ticket does not hold opens a new one', async () => {
    const { id, number } = await asked();
    await desk.mailed();
    await answered(id);
    const to = (await desk.mailed())[0]?.replyTo?.[0]?.address ?? '';
    const call = aCall(desk.store);
    const stored = await ticketStore.find(desk.organisationId, id, call);
    await ticketStore.save(stored!, { ...stored!.value, entries: 300 }, call);
    expect(await desk.receive(aMail({ to, subject: '', text: 'Enda en ting.' }))).toBe('opened');
    const [line] = (await desk.agent.listTickets({ params: desk.params, query: {} })).body.items;
    expect(line?.title).toBe(`E-post (etter sak ${number})`);
  });

  it('with a number that must not be kept is on record without it, so that somebody answers', async () => {
    const to = await address();
    const card = '4111 1111 1111 1111';
    const from = `${card} <kari@kunde.example>`;
    expect(await desk.receive(aMail({ to, from, subject: `Kort ${card}`, text: `Kortet er ${card}` }))).toBe('opened');
    const { items } = (await desk.agent.listTickets({ params: desk.params, query: {} })).body;
    const ticket = await read(items[0]!.id);
    expect(ticket).toMatchObject({ title: 'E-post', requesterId: desk.contactPerson.id });
    expect(ticket.entries[0]?.text).toContain('ble ikke lagret');
    expect(JSON.stringify(ticket)).not.toContain('1111');
  });

  it('that says what it has to say in its subject alone is read', async () => {
    const to = await address();
    expect(await desk.receive(aMail({ to, subject: 'Ring meg', text: '' }))).toBe('opened');
    const [line] = (await desk.agent.listTickets({ params: desk.params, query: {} })).body.items;
    expect((await read(line!.id)).entries[0]?.text).toBe('Ring meg');
    expect(await desk.receive(aMail({ to, subject: '', text: '' }))).toBe('empty');
  });

  it('from anybody else is read by nobody until its sender has confirmed it; then they may answer and erase', async () => {
    const to = await address();
    const ola = { to, from: 'Ola <ola@annen.example>', subject: 'Tilbud?', text: 'Hva koster det?' };
    expect(await desk.receive(aMail(ola))).toBe('asked');
    expect((await desk.agent.listTickets({ params: desk.params, query: {} })).body.items).toEqual([]);
    const [asking] = await desk.mailed();
    expect(asking?.to?.[0]?.address).toBe('ola@annen.example');
    await desk.send('POST', /\/l\/[\w-]+/.exec(asking?.text ?? '')?.[0] ?? '');
    const { items } = (await desk.agent.listTickets({ params: desk.params, query: {} })).body;
    const ticket = await read(items[0]!.id);
    expect(ticket).toMatchObject({ title: 'Tilbud?', requesterName: 'Ola' });
    expect(ticket.requesterId).toBeUndefined();

    await answered(ticket.id, 'Ta kontakt på telefon.');
    const mails = await desk.mailed();
    const mail = mails.find((one) => one.subject === `Svar i sak ${ticket.number}`);
    expect(mail?.to?.[0]?.address).toBe('ola@annen.example');
    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(await (await desk.send('POST', link)).text()).toContain('Slett saken');
    expect((await desk.send('POST', `${link}/ticket`, { do: 'erase' })).status).toBe(200);
    await desk.erase();
    await expect(desk.agent.getTicket({ params: at(ticket.id) })).rejects.toMatchObject(refused('ticket-not-found'));
    expect((await desk.send('POST', `${link}/ticket`, { do: 'write', text: 'Hei' })).status).toBe(404);
  });

  it('opens nothing and asks nobody where SES does not vouch for it, or a program sent it', async () => {
    const to = await address();
    for (const [mail, outcome] of [
      [{ to, verdicts: { virus: 'FAIL' } }, 'virus'],
      [{ to, verdicts: { spam: 'FAIL' } }, 'spam'],
      [{ to, verdicts: { spf: 'fail', dkim: 'fail' } }, 'not-authentic'],
      [{ to, verdicts: { dmarc: 'fail' } }, 'not-authentic'],
      [{ to, headers: ['Auto-Submitted: auto-replied'] }, 'automatic'],
      [{ to: `ticket+${'a'.repeat(40)}@${DOMAIN}` }, 'gone'],
      [{ to: `intake+${'0'.repeat(26)}@${DOMAIN}` }, 'not-ours'],
    ] as const) {
      expect(await desk.receive(aMail(mail)), outcome).toBe(outcome);
    }
    expect((await desk.agent.listTickets({ params: desk.params, query: { show: 'all' } })).body.items).toEqual([]);
    expect(await desk.mailed()).toEqual([]);
    expect(desk.mails.size).toBe(0);
  });

  it('opens no more than twenty tickets of one contact in a day', async () => {
    const to = await address();
    for (let i = 0; i < 20; i++) expect(await desk.receive(aMail({ to }))).toBe('opened');
    expect(await desk.receive(aMail({ to }))).toBe('too-many');
    desk.later(1);
    expect(await desk.receive(aMail({ to }))).toBe('opened');
  });

  it('to an address that was renewed reaches nothing', async () => {
    const { id } = await asked();
    await desk.mailed();
    await answered(id);
    const [mail] = await desk.mailed();
    const to = mail?.replyTo?.[0]?.address ?? '';
    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect((await desk.send('POST', link)).status).toBe(200);
    await changed(id, { renewMailAddress: true });
    expect(await desk.receive(aMail({ to }))).toBe('gone');
    expect((await desk.send('POST', link)).status).toBe(404);
    expect((await desk.send('POST', `${link}/ticket`, { do: 'write', text: 'Hei' })).status).toBe(404);
    expect((await read(id)).entries).toHaveLength(2);
  });

  it('is not taken while the organisation takes none', async () => {
    const to = await address();
    const closed = {
      params: desk.params,
      body: { takesMail: false, takesChats: false, comparesCompanies: false },
      ifMatch: 2,
    };
    await desk.leader.setTicketSettings(closed);
    expect(await desk.receive(aMail({ to }))).toBe('not-ours');
    expect((await desk.agent.getTicketSettings({ params: desk.params })).body).not.toHaveProperty('intakeAddress');
  });

  it('keeps the attachments that an upload would be allowed', async () => {
    const { id } = await asked();
    await desk.mailed();
    await answered(id);
    const to = (await desk.mailed())[0]?.replyTo?.[0]?.address ?? '';
    const part = (name: string, type: string, content: string) =>
      `--b\nContent-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(content).toString('base64')}\n`;
    const body = `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSe vedlegget.\n${part('logg.txt', 'text/plain', 'linje 1\n')}${part('x.html', 'text/html', '<script>')}--b--\n`;
    expect(await desk.receive(aMail({ to, body }))).toBe('answered');
    const last = (await read(id)).entries.at(-1);
    expect(last).toMatchObject({ text: 'Se vedlegget.', files: [{ name: 'logg.txt', contentType: 'text/plain' }] });
    expect(desk.vaulted.size).toBe(1);
  });
});
