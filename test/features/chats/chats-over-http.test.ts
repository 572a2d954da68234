import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tickChats } from '../../../lambdas/features/chats/clock.ts';
import { chatHandlers, visitorChatHandlers } from '../../../lambdas/features/chats/handlers.ts';
import { chatRoutes, visitorChatRoutes } from '../../../lambdas/features/chats/routes.ts';
import { chatStore } from '../../../lambdas/features/chats/store.ts';
import { correctionHandlers } from '../../../lambdas/features/corrections/handlers.ts';
import { correctionRoutes } from '../../../lambdas/features/corrections/routes.ts';
import { correctionStore } from '../../../lambdas/features/corrections/store.ts';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { adjustmentsRef } from '../../../lambdas/features/retention/adjustments.ts';
import { ticketStore } from '../../../lambdas/features/tickets/store.ts';
import { mySupportHandlers, platformSupportHandlers } from '../../../lambdas/features/tickets/support-handlers.ts';
import { mySupportRoutes, platformSupportRoutes } from '../../../lambdas/features/tickets/support-routes.ts';
import type { ChatId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from '../erasure/world.ts';
import { aDesk, aMail, type Desk } from '../tickets/desk.ts';

const routes = {
  ...visitorChatRoutes,
  ...chatRoutes,
  ...correctionRoutes,
  ...mySupportRoutes,
  ...platformSupportRoutes,
};
/** What Enhetsregisteret answered for an organisation number. */
let register: { readonly found: unknown } | { readonly failure: 'unknown-number' | 'not-reached' };
/** What happens while somebody waits: a second at a time. */
let meanwhile: () => Promise<void>;
let waited: number;

let db: TestDynamoDb;
let shared: World;
let desk: Desk;
let service: ReturnType<typeof serviceOf>;
let agent: ReturnType<typeof service.as>;
let contact: typeof agent;
let visitor: typeof agent;
beforeAll(async () => {
  db = await startDynamoDb();
  shared = await aWorld(db);
});
afterAll(() => db.stop());
beforeEach(async () => {
  await atDesk(shared);
});

async function atDesk(world: World) {
  desk = await aDesk(world);
  service = serviceOf(desk);
  [agent, contact, visitor] = [service.as(desk.agentCaller), service.as(desk.contactCaller), service.as()];
  [meanwhile, waited] = [async () => {}, 0];
  const settings = { takesMail: false, takesChats: true, comparesCompanies: true };
  await desk.leader.setTicketSettings({ params: desk.params, body: settings, ifMatch: 1 });
}

function serviceOf({ store }: Desk) {
  const waiting = {
    pause: async (milliseconds: number) => {
      waited += milliseconds;
      await meanwhile();
    },
    elapsed: () => waited,
  };
  return aService(store, routes, {
    ...visitorChatHandlers(chatStore, waiting),
    ...chatHandlers(chatStore, waiting),
    ...correctionHandlers(correctionStore, async () => register),
    ...mySupportHandlers(ticketStore),
    ...platformSupportHandlers(ticketStore),
  });
}
const refused = (slug: string) => ({ name: 'ProblemError', slug });
/** For each message its own. */
const anew = () => randomUUID();
const begun = async () => {
  const body = { organisationId: desk.organisationId, messageId: anew(), text: 'Er dere åpne i dag?', place: 'Bergen' };
  const { token } = (await visitor.beginChat({ body })).body;
  const { items } = (await agent.listChats({ params: desk.params, query: {} })).body;
  return { token, chatId: items[0]!.id };
};
const now = () => desk.store.now().toISOString();
const of = (chatId: ChatId) => ({ ...desk.params, chatId });
const holding = async (id: string) =>
  (await Promise.all((['core', 'transient'] as const).map((table) => desk.world.rows(table))))
    .flat()
    .filter((row) => JSON.stringify(row).includes(id) && !String(row['pk']).startsWith('ERASURE'));

describe('a chat', () => {
  it('answers whoever waits as soon as something is written, and nothing when the time is over', async () => {
    const { token, chatId } = await begun();
    meanwhile = async () => {
      if (waited === 3000) await agent.answerChat({ params: of(chatId), body: { text: 'Ja, til klokken fire.' } });
    };
    const { body } = await visitor.followChat({ params: { token }, query: { after: 1, waitSeconds: 20 } });
    expect(body).toMatchObject({ count: 2, messages: [{ by: 'them', text: 'Ja, til klokken fire.' }] });
    expect(waited).toBe(3000);
    [waited, meanwhile] = [0, async () => {}];
    const none = (await visitor.followChat({ params: { token }, query: { after: 2, waitSeconds: 5 } })).body;
    expect([none.messages, waited]).toEqual([[], 5000]);

    // A slow day: each look at the table takes three seconds more.
    let looks = 0;
    waited = 0;
    meanwhile = async () => {
      waited += 3000;
      looks++;
    };
    await visitor.followChat({ params: { token }, query: { after: 2, waitSeconds: 20 } });
    expect([looks, waited]).toEqual([5, 20_000]);
  });

  it('is begun once and holds each message once, however often they are sent', async () => {
    const messageId = anew();
    const body = { organisationId: desk.organisationId, messageId, text: 'Er dere åpne i dag?' };
    const answers = await Promise.all([visitor.beginChat({ body }), visitor.beginChat({ body })]);
    const { token } = answers[0].body;
    expect(answers[1].body).toEqual(answers[0].body);
    const { items } = (await agent.listChats({ params: desk.params, query: {} })).body;
    expect(items).toHaveLength(1);
    await expect(visitor.beginChat({ body: { ...body, text: 'Noe annet' } })).rejects.toMatchObject(
      refused('idempotency-key-reused'),
    );
    const message = { params: { token }, body: { text: 'Hallo?', messageId: anew() } };
    await Promise.all([visitor.writeInChat(message), visitor.writeInChat(message)]);
    await agent.answerChat({ params: of(items[0]!.id), body: { text: 'Ja.' } });
    expect((await visitor.writeInChat(message)).body).toMatchObject({ count: 3 });
    const other = { ...message, body: { ...message.body, text: 'Noe annet' } };
    await expect(visitor.writeInChat(other)).rejects.toMatchObject(refused('idempotency-key-reused'));
    expect((await visitor.beginChat({ body })).body).toEqual(answers[0].body);
    const { messages } = (await agent.getChat({ params: of(items[0]!.id), query: {} })).body;
    expect(messages.map(({ text }) => text)).toEqual(['Er dere åpne i dag?', 'Hallo?', 'Ja.']);
    expect(JSON.stringify(messages)).not.toContain(message.body.messageId);
  });

  it('keeps address, place and device from its first message on, and shows them to those who answer alone (AT-04)', async () => {
    const { token, chatId } = await begun();
    const { body } = await agent.getChat({ params: of(chatId), query: {} });
    expect(body).toMatchObject({ ipAddress: '203.0.113.7', device: 'test', place: 'Bergen', turn: 'staff', count: 1 });
    const own = (await visitor.followChat({ params: { token }, query: {} })).body;
    expect(JSON.stringify(own)).not.toContain('203.0.113.7');
    expect(body.visitorId).toBeUndefined();
  });

  it('shows nothing of its visitor that is not recorded as seen (SM-05)', async () => {
    const { token, chatId } = await begun();
    const seen = async () => (await desk.world.rows('activity')).filter(({ event }) => event === 'chat.seen').length;
    const before = await seen();
    const waiting = (await agent.getChat({ params: of(chatId), query: { after: 1, waitSeconds: 2 } })).body;
    expect(waiting).toMatchObject({ count: 1, messages: [] });
    expect(JSON.stringify(waiting)).not.toMatch(/203\.0\.113\.7|Bergen|åpne/);
    expect(await seen()).toBe(before);
    await visitor.writeInChat({ params: { token }, body: { text: 'Hallo?', messageId: anew() } });
    const { messages } = (await agent.getChat({ params: of(chatId), query: { after: 1 } })).body;
    expect(messages).toMatchObject([{ text: 'Hallo?' }]);
    expect(await seen()).toBe(before + 1);
  });

  it('of somebody whom a block keeps from an agent is not there for that agent, nor is their correction', async () => {
    await desk.customer();
    await contact.beginOwnChat({ params: desk.params, body: { text: 'Jeg er låst ute.' } });
    const [line] = (await agent.listChats({ params: desk.params, query: {} })).body.items;
    const body = { proposed: { city: 'Bergen' }, words: 'Vi har flyttet.' };
    const { id } = (await contact.proposeCorrection({ params: desk.params, body })).body;
    await desk.block();
    expect((await agent.listChats({ params: desk.params, query: {} })).body.items).toEqual([]);
    expect((await agent.listCorrections({ params: desk.params, query: {} })).body.items).toEqual([]);
    const { chatId } = await begun();
    const [params, deciding] = [of(line!.id), { ...desk.params, correctionId: id }];
    for (const [attempt, slug] of [
      [() => agent.getChat({ params, query: {} }), 'chat-not-found'],
      [() => agent.answerChat({ params, body: { text: 'Hei' } }), 'chat-not-found'],
      [
        () =>
          agent.makeTicketOfChat({
            params: of(chatId),
            body: { title: 'Låst ute', requesterId: desk.contactPerson.id },
          }),
        'person-not-found',
      ],
      [() => agent.decideCorrection({ params: deciding, body: { outcome: 'accepted' } }), 'correction-not-found'],
    ] as const) {
      await expect(attempt()).rejects.toMatchObject(refused(slug));
    }
  });

  it('is gone at once and for good when its visitor erases it, also for whoever waits in it', async () => {
    const { token, chatId } = await begun();
    meanwhile = async () => void (await visitor.eraseChat({ params: { token } }));
    await expect(visitor.followChat({ params: { token }, query: { after: 1, waitSeconds: 20 } })).rejects.toMatchObject(
      refused('chat-not-found'),
    );
    await expect(agent.getChat({ params: of(chatId), query: {} })).rejects.toMatchObject(refused('chat-not-found'));
    await desk.erase();
    expect(await holding(chatId)).toEqual([]);
    const keys = (await desk.world.rows('keys')).filter((row) => JSON.stringify(row).includes(chatId));
    expect(keys.flatMap(({ state }) => state ?? [])).toEqual(['ERASED']);
    await expect(visitor.eraseChat({ params: { token } })).rejects.toMatchObject(refused('chat-not-found'));
    const again = { params: { token }, body: { text: 'Hallo?', messageId: anew() } };
    await expect(visitor.writeInChat(again)).rejects.toMatchObject(refused('chat-not-found'));
  });

  it('is erased 90 days after it began', async () => {
    // The clock looks at every organisation: this one has the tables to itself.
    await atDesk(await aWorld(db));
    const { chatId } = await begun();
    const clock = { openCall: () => aCall(desk.store), hasTimeLeft: () => true, log: () => {} };
    desk.later(89);
    expect(await tickChats(clock)).toMatchObject({ erased: 0 });
    desk.later(3);
    expect(await tickChats(clock)).toMatchObject({ erased: 1 });
    await desk.erase();
    expect(await holding(chatId)).toEqual([]);
  });

  it('is erased at its own term, also while an older one still has its longer one', async () => {
    await atDesk(await aWorld(db));
    const older = await begun();
    const decided = { adjustments: { chat: { length: { days: 30 } } }, decidedBy: anId('per'), decidedAt: now() };
    const subject = organisationOwner(desk.organisationId);
    await aCall(desk.store)
      .records.change()
      .put(adjustmentsRef(desk.organisationId), decided, 'new')
      .activity({ event: 'test.prepared', subject })
      .commit();
    const { chatId } = await begun();
    desk.later(32);
    const clock = { openCall: () => aCall(desk.store), hasTimeLeft: () => true, log: () => {} };
    expect(await tickChats(clock)).toMatchObject({ erased: 1 });
    await desk.erase();
    expect(await holding(chatId)).toEqual([]);
    expect(await holding(older.chatId)).not.toEqual([]);
  });

  it('of somebody signed in stands in their copy, goes with them, and goes on as a ticket', async () => {
    const { token } = (await contact.beginOwnChat({ params: desk.params, body: { text: 'Jeg er låst ute.' } })).body;
    const [line] = (await agent.listChats({ params: desk.params, query: {} })).body.items;
    const params = of(line!.id);
    await agent.answerChat({ params, body: { text: 'Vi ser på det.' } });
    const owner = ownerOf(desk.organisationId, desk.contactPerson.id);
    const copy = await collectRecords(aCall(desk.store).records, owner, { kind: 'self' });
    expect(JSON.stringify(copy.find(({ entity }) => entity.name === 'chat')?.value)).toContain('Jeg er låst ute.');

    const { body } = await agent.makeTicketOfChat({ params, body: { title: 'Låst ute' } });
    const ticket = (await desk.agent.getTicket({ params: { ...desk.params, ticketId: body.id } })).body;
    expect(ticket).toMatchObject({ channel: 'chat', requesterId: desk.contactPerson.id });
    expect(ticket.entries[0]?.text).toBe('Spørsmål: Jeg er låst ute.\nSvar: Vi ser på det.');
    await expect(agent.makeTicketOfChat({ params, body: { title: 'Igjen' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(
      visitor.writeInChat({ params: { token }, body: { text: 'Takk', messageId: anew() } }),
    ).rejects.toMatchObject(refused('wrong-state'));
    await desk.world.run(await desk.world.order({ owner, cause: 'request' }));
    expect(await holding(line!.id)).toEqual([]);
    await expect(visitor.followChat({ params: { token }, query: {} })).rejects.toMatchObject(refused('chat-not-found'));
  });

  it('refuses what it cannot take', async () => {
    const { token, chatId } = await begun();
    const params = of(chatId);
    for (const read of [
      () => agent.getChat({ params: of(anId('cht')), query: {} }),
      () => agent.answerChat({ params: of(anId('cht')), body: { text: 'Hei' } }),
      () => agent.endChat({ params: of(anId('cht')), body: { state: 'ended' } }),
      () => agent.makeTicketOfChat({ params: of(anId('cht')), body: { title: 'Hei' } }),
      () => visitor.beginChat({ body: { organisationId: anId('org'), text: 'Hei', messageId: anew() } }),
    ]) {
      await expect(read()).rejects.toMatchObject(refused('chat-not-found'));
    }
    const card = 'Kort 4111 1111 1111 1111';
    const organisationId = desk.organisationId;
    for (const write of [
      () => visitor.beginChat({ body: { organisationId, text: card, messageId: anew() } }),
      () => visitor.writeInChat({ params: { token }, body: { text: card, messageId: anew() } }),
      () => agent.answerChat({ params, body: { text: card } }),
      () => contact.beginOwnChat({ params: desk.params, body: { text: card } }),
      () => agent.makeTicketOfChat({ params, body: { title: card } }),
    ]) {
      await expect(write()).rejects.toMatchObject(refused('forbidden-content'));
    }
    await expect(agent.makeTicketOfChat({ params, body: { title: 'Hvem?' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    const nobody = { title: 'Hvem?', requesterId: anId('per') };
    await expect(agent.makeTicketOfChat({ params, body: nobody })).rejects.toMatchObject(refused('person-not-found'));
    const long = 'x'.repeat(1000);
    for (let i = 0; i < 59; i++) await chatStore.find(organisationId, chatId, aCall(desk.store)).then(grown(long));
    await expect(
      visitor.writeInChat({ params: { token }, body: { text: long, messageId: anew() } }),
    ).rejects.toMatchObject(refused('too-many'));
    await expect(agent.answerChat({ params, body: { text: long } })).rejects.toMatchObject(refused('too-many'));
    await agent.endChat({ params, body: { state: 'ended' } });
    await expect(agent.endChat({ params, body: { state: 'ended' } })).rejects.toMatchObject(refused('wrong-state'));
    await expect(agent.answerChat({ params, body: { text: 'Hei' } })).rejects.toMatchObject(refused('wrong-state'));
    const closed = { takesMail: false, takesChats: false, comparesCompanies: false };
    await desk.leader.setTicketSettings({ params: desk.params, body: closed, ifMatch: 2 });
    await expect(contact.beginOwnChat({ params: desk.params, body: { text: 'Hei' } })).rejects.toMatchObject(
      refused('chat-not-found'),
    );
  });
  const grown = (text: string) => async (stored: Awaited<ReturnType<typeof chatStore.find>>) => {
    const message = { by: 'visitor', text, at: desk.store.now().toISOString() } as const;
    const after = { ...stored!.value, messages: [...stored!.value.messages, message] };
    await chatStore.save(stored!, after, 'chat.written', aCall(desk.store), undefined);
  };
});

describe('a correction', () => {
  it('that a contact proposes stands once staff accept it, with its source, and its proposer is told', async () => {
    const { id: customerId } = await desk.customer();
    const proposed = { city: 'Bergen', postcode: null };
    const words = 'Vi har flyttet.';
    const { id: correctionId } = (await contact.proposeCorrection({ params: desk.params, body: { proposed, words } }))
      .body;
    expect((await desk.mailed()).map(({ subject }) => subject)).toContain('En rettelse venter');
    const waiting = (await agent.listCorrections({ params: desk.params, query: {} })).body.items;
    expect(waiting).toMatchObject([{ id: correctionId, from: 'contact', proposedBy: desk.contactPerson.id, words }]);
    const params = { ...desk.params, correctionId };
    await agent.decideCorrection({ params, body: { outcome: 'accepted' } });
    const own = (await contact.getOwnCustomer({ params: desk.params })).body;
    expect(own).toMatchObject({ id: customerId, city: 'Bergen', sources: { city: { from: 'contact', correctionId } } });
    expect(own.postcode).toBeUndefined();
    expect((await desk.mailed()).map(({ subject }) => subject)).toContain('Rettelsen din er avgjort');
    expect((await agent.listCorrections({ params: desk.params, query: {} })).body.items).toEqual([]);
    expect((await agent.listCorrections({ params: desk.params, query: { show: 'all' } })).body.items).toHaveLength(1);
    expect((await contact.listOwnCorrections({ params: desk.params })).body.items).toMatchObject([
      { state: 'accepted' },
    ]);
    await expect(agent.decideCorrection({ params, body: { outcome: 'accepted' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    const owner = ownerOf(desk.organisationId, desk.contactPerson.id);
    await desk.world.run(await desk.world.order({ owner, cause: 'request' }));
    expect((await agent.listCorrections({ params: desk.params, query: { show: 'all' } })).body.items).toEqual([]);
  });

  it('is refused with a reason alone, and leaves what is held as it was', async () => {
    await desk.customer();
    const body = { proposed: { name: 'Annet AS' } };
    const { id: correctionId } = (await contact.proposeCorrection({ params: desk.params, body })).body;
    const params = { ...desk.params, correctionId };
    await expect(agent.decideCorrection({ params, body: { outcome: 'refused' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(
      agent.decideCorrection({ params, body: { outcome: 'refused', reason: '4111 1111 1111 1111' } }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    await agent.decideCorrection({ params, body: { outcome: 'refused', reason: 'Navnet stemmer.' } });
    expect((await contact.getOwnCustomer({ params: desk.params })).body.name).toBe('Kunde AS');
    expect((await contact.listOwnCorrections({ params: desk.params })).body.items).toMatchObject([
      { state: 'refused', reason: 'Navnet stemmer.' },
    ]);
    const missing = { ...desk.params, correctionId: anId('cor') };
    await expect(agent.decideCorrection({ params: missing, body: { outcome: 'accepted' } })).rejects.toMatchObject(
      refused('correction-not-found'),
    );
  });

  it('is nobody’s who speaks for no customer, and of nothing that is so already', async () => {
    const propose = (city: string) => contact.proposeCorrection({ params: desk.params, body: { proposed: { city } } });
    await expect(contact.getOwnCustomer({ params: desk.params })).rejects.toMatchObject(refused('customer-not-found'));
    await expect(propose('Bergen')).rejects.toMatchObject(refused('customer-not-found'));
    await desk.customer();
    await expect(
      contact.proposeCorrection({ params: desk.params, body: { proposed: { name: 'Kunde AS' } } }),
    ).rejects.toMatchObject(refused('wrong-state'));
    await expect(propose('4111 1111 1111 1111')).rejects.toMatchObject(refused('forbidden-content'));
    for (let i = 0; i < 20; i++) await propose(`By ${i}`);
    await expect(propose('Bergen')).rejects.toMatchObject(refused('too-many'));
  });

  it('comes from the open register where the organisation asks it, and overwrites nothing', async () => {
    const { id: customerId } = await desk.customer();
    const params = { ...desk.params, customerId };
    const compare = async () => (await agent.compareWithRegister({ params })).body;
    await expect(compare()).rejects.toMatchObject(refused('wrong-state'));
    const { version } = (await desk.agent.getCustomer({ params })).body;
    await desk.agent.changeCustomer({ params, body: { organisationNumber: '974760673' }, ifMatch: version });
    register = { failure: 'not-reached' };
    expect(await compare()).toEqual({ outcome: 'not-reached', isDeleted: false });
    register = {
      found: { organisasjonsnummer: '974760673', navn: 'KUNDE AS', forretningsadresse: { poststed: 'BERGEN' } },
    };
    const compared = await compare();
    expect(compared).toMatchObject({ outcome: 'differs', correction: { from: 'brreg', proposed: { city: 'BERGEN' } } });
    expect((await desk.agent.getCustomer({ params })).body).toMatchObject({ name: 'Kunde AS' });
    const decision = {
      params: { ...desk.params, correctionId: compared.correction!.id },
      body: { outcome: 'accepted' as const },
    };
    await agent.decideCorrection(decision);
    expect((await desk.agent.getCustomer({ params })).body).toMatchObject({
      name: 'KUNDE AS',
      sources: { name: { from: 'brreg' }, postcode: { from: 'staff' } },
    });
    expect(await compare()).toEqual({ outcome: 'same', isDeleted: false });
    register = { found: { organisasjonsnummer: '923609016', navn: 'EN ANNEN' } };
    expect(await compare()).toMatchObject({ outcome: 'not-reached' });
    const off = { takesMail: false, takesChats: false, comparesCompanies: false };
    await desk.leader.setTicketSettings({ params: desk.params, body: off, ifMatch: 2 });
    await expect(compare()).rejects.toMatchObject(refused('wrong-state'));
    await expect(
      agent.compareWithRegister({ params: { ...desk.params, customerId: anId('cus') } }),
    ).rejects.toMatchObject(refused('customer-not-found'));
  });
});

describe('support (FW-18)', () => {
  it('is asked by any account and answered by the operator’s staff, who see no name', async () => {
    const platform = service.as(await someoneWith(desk.store, 'operator', 'platform-support'));
    const body = { title: 'Hvor er kalenderen?', text: 'Jeg finner den ikke.' };
    const { id: ticketId, number } = (await contact.openSupportTicket({ body })).body;
    const params = { ticketId };
    expect((await platform.listSupportQueue({ query: {} })).body.items.map((one) => one.id)).toEqual([ticketId]);
    expect((await platform.listSupportQueue({ query: { number } })).body.items).toHaveLength(1);
    await platform.addSupportEntry({ params, body: { kind: 'note', text: 'Ny bruker.' } });
    await platform.addSupportEntry({ params, body: { kind: 'message', text: 'Øverst til høyre.' } });
    const own = (await contact.getSupportTicket({ params })).body;
    expect(own.messages.map(({ by, text }) => `${by}: ${text}`)).toEqual([
      'you: Jeg finner den ikke.',
      'them: Øverst til høyre.',
    ]);
    await contact.answerSupportTicket({ params, body: { text: 'Takk!' } });
    const ticket = (await platform.readSupportTicket({ params })).body;
    expect(ticket).toMatchObject({ state: 'open', entries: { length: 4 } });
    expect((await contact.listSupportTickets({ query: {} })).body.items).toMatchObject([{ id: ticketId }]);
    const mails = await desk.mailed();
    expect(mails.some(({ subject }) => subject === `Svar i sak ${number}`)).toBe(true);

    await platform.changeSupportTicket({ params, body: { state: 'closed' }, ifMatch: ticket.version });
    await expect(
      platform.changeSupportTicket({ params, body: { state: 'open' }, ifMatch: ticket.version + 1 }),
    ).rejects.toMatchObject(refused('wrong-state'));
    await expect(platform.addSupportEntry({ params, body: { kind: 'message', text: 'Mer' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(contact.answerSupportTicket({ params, body: { text: 'Mer' } })).rejects.toMatchObject(
      refused('wrong-state'),
    );
  });

  it('is nobody else’s to read, and takes no card numbers and no flood', async () => {
    const platform = service.as(await someoneWith(desk.store, 'operator', 'platform-support'));
    const body = { title: 'Hjelp', text: 'Hjelp' };
    const { id: ticketId } = (await agent.openSupportTicket({ body })).body;
    const card = '4111 1111 1111 1111';
    await expect(contact.getSupportTicket({ params: { ticketId } })).rejects.toMatchObject(refused('ticket-not-found'));
    await expect(contact.answerSupportTicket({ params: { ticketId }, body: { text: 'Hei' } })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );
    const params = { ticketId: anId('tck') };
    const entry = { kind: 'note', text: 'Hei' } as const;
    await expect(platform.readSupportTicket({ params })).rejects.toMatchObject(refused('ticket-not-found'));
    await expect(platform.addSupportEntry({ params, body: entry })).rejects.toMatchObject(refused('ticket-not-found'));
    await expect(platform.changeSupportTicket({ params, body: {}, ifMatch: 1 })).rejects.toMatchObject(
      refused('ticket-not-found'),
    );
    await expect(contact.openSupportTicket({ body: { ...body, text: card } })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(agent.answerSupportTicket({ params: { ticketId }, body: { text: card } })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(
      platform.addSupportEntry({ params: { ticketId }, body: { kind: 'note', text: card } }),
    ).rejects.toMatchObject(refused('forbidden-content'));
    const stored = await ticketStore.find('operator', ticketId, aCall(desk.store));
    await ticketStore.save(stored!, { ...stored!.value, entries: 300 }, aCall(desk.store));
    await expect(agent.answerSupportTicket({ params: { ticketId }, body: { text: 'Hei' } })).rejects.toMatchObject(
      refused('too-many'),
    );
    await expect(platform.addSupportEntry({ params: { ticketId }, body: entry })).rejects.toMatchObject(
      refused('too-many'),
    );
    for (let i = 0; i < 20; i++) await contact.openSupportTicket({ body });
    await expect(contact.openSupportTicket({ body })).rejects.toMatchObject(refused('too-many'));
  });

  it('hears whoever answers a closed ticket by mail: a new one, which names it', async () => {
    const platform = service.as(await someoneWith(desk.store, 'operator', 'platform-support'));
    const body = { title: 'Hvor er loggen?', text: 'Jeg finner den ikke.' };
    const { id: ticketId, number } = (await contact.openSupportTicket({ body })).body;
    const params = { ticketId };
    await platform.addSupportEntry({ params, body: { kind: 'message', text: 'Øverst til høyre.' } });
    const mail = (await desk.mailed()).find(({ subject }) => subject === `Svar i sak ${number}`);
    const to = mail?.replyTo?.[0]?.address ?? '';
    const ifMatch = (await platform.readSupportTicket({ params })).body.version;
    await platform.changeSupportTicket({ params, body: { state: 'closed' }, ifMatch });
    const answer = aMail({
      to,
      subject: 'Fant den ikke',
      text: 'Der er det ingenting.',
      messageId: '<s@kunde.example>',
    });
    expect(await desk.receive(answer)).toBe('opened');
    expect(await desk.receive(answer)).toBe('taken-already');
    const { items } = (await contact.listSupportTickets({ query: {} })).body;
    expect(items.map(({ title, state }) => [title, state])).toEqual([
      [`Fant den ikke (etter sak ${number})`, 'new'],
      ['Hvor er loggen?', 'closed'],
    ]);
    const opened = (await platform.readSupportTicket({ params: { ticketId: items[0]!.id } })).body;
    expect(opened.entries).toMatchObject([{ by: 'requester', channel: 'mail', text: 'Der er det ingenting.' }]);
  });
});
