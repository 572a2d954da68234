import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rolePointers } from '../../../lambdas/features/access/role.ts';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { operator } from '../../../lambdas/features/agreements/operator.ts';
import { tickDpoThreads } from '../../../lambdas/features/data-protection-officer/clock.ts';
import {
  dpoLinkPage,
  myDpoHandlers,
  officerHandlers,
  publicDpoHandlers,
} from '../../../lambdas/features/data-protection-officer/handlers.ts';
import {
  myDpoRoutes,
  officerRoutes,
  publicDpoRoutes,
} from '../../../lambdas/features/data-protection-officer/routes.ts';
import { confirmDpoMessage, dpoStore } from '../../../lambdas/features/data-protection-officer/store.ts';
import {
  messageEntity,
  threadEntity,
  threadOwner,
  threadPointers,
  threadRef,
} from '../../../lambdas/features/data-protection-officer/thread.ts';
import { erasureEntity, erasurePointers } from '../../../lambdas/features/erasure/erasure.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { replyAddressRef } from '../../../lambdas/features/requests/request.ts';
import type { DpoThreadId, RequestId } from '../../../lambdas/http/ids.ts';
import { classKeyRow, classKeyRowKey, openClassKey } from '../../../lambdas/platform/class-keys.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anOrganisation, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { fakeSes } from '../notices/kindergarten.ts';

const routes = { ...myDpoRoutes, ...publicDpoRoutes, ...officerRoutes, ...linkRoutes };
const secret = 'Styreren leser meldingene våre.';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisation: Organisation;
let guardian: SignedIn;
let officer: SignedIn;
let ses: ReturnType<typeof fakeSes>;

const service = () =>
  aService(store, routes, {
    ...myDpoHandlers(dpoStore),
    ...publicDpoHandlers(dpoStore),
    ...officerHandlers(dpoStore),
    ...someLinkHandlers(
      {
        'confirm-dpo-message': confirmDpoMessage,
      },
      { 'read-dpo-thread': dpoLinkPage(dpoStore) },
    ),
  });
const as = (who: SignedIn) => service().as(who);

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisation = await anOrganisation(store);
  guardian = await someoneWith(store, organisation.id, 'guardian', { email: 'kari@example.org' });
  officer = await someoneWith(store, 'operator', 'platform-data-protection-officer');
  ses = fakeSes();
});

describe('a message to the data-protection officer (KP-17)', () => {
  it('is read and answered by the officer, and the answer by who wrote', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const params = { threadId: thread.id };
    const { body: read } = await as(officer).getDpoThread({ params });
    expect(read.messages).toMatchObject([{ by: 'person', text: secret }]);
    await as(officer).answerAsDpo({ params, body: { text: 'Takk. Jeg ser på det.' } });
    await as(guardian).writeToDpo({ body: { text: 'Fint.', threadId: thread.id } });
    const { body: mine } = await as(guardian).getMyDpoThread({ params });
    expect(mine.messages.map(({ by, text }) => [by, text])).toEqual([
      ['person', secret],
      ['officer', 'Takk. Jeg ser på det.'],
      ['person', 'Fint.'],
    ]);
    expect(mine.thread).toMatchObject({ state: 'open', messages: 3, lastBy: 'person', hasAccount: true });
  });

  it('shows the officer what was written, and not by whom', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const { body } = await as(officer).getDpoThread({ params: { threadId: thread.id } });
    for (const known of [guardian.accountId, guardian.personId, organisation.id, 'kari@example.org']) {
      expect(JSON.stringify(body)).not.toContain(known);
    }
  });

  it('can be opened by no administrator of an organisation, and by no other role of the platform', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const administrator = await someoneWith(store, organisation.id, 'administrator');
    const params = { threadId: thread.id };
    // A role in an organisation is no role at the operator: it is answered as if there were nothing.
    await expect(as(administrator).getDpoThread({ params })).rejects.toMatchObject({ slug: 'organisation-not-found' });
    for (const role of ['platform-operator', 'platform-support'] as const) {
      const colleague = await someoneWith(store, 'operator', role);
      await granted(colleague);
      await expect(as(colleague).getDpoThread({ params })).rejects.toMatchObject({ slug: 'not-allowed' });
      await expect(as(colleague).listDpoThreads()).rejects.toMatchObject({ slug: 'not-allowed' });
      await expect(as(colleague).answerAsDpo({ params, body: { text: 'Hei' } })).rejects.toMatchObject({
        slug: 'not-allowed',
      });
    }
    const closedRole = await someoneWith(store, 'operator', 'platform-data-protection-officer', { isOpen: false });
    await expect(as(closedRole).getDpoThread({ params })).rejects.toMatchObject({ slug: 'role-session-required' });
  });

  it('does not open under the keys of any organisation', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const owner = threadOwner(thread.id);
    expect(owner.controller).toBe('operator');
    const theirs = { ...owner, controller: organisation.id };
    expect(await recordsNow().list(messageEntity, theirs)).toMatchObject({ items: [] });
    // The wrapped key itself, handed to who holds the organisation's key, does not unwrap.
    const row = classKeyRow(await keyRowOf(thread.id));
    const opening = { throughRestriction: true };
    expect(await openClassKey(store.ring, owner, 'request', row, opening)).toBeDefined();
    await expect(openClassKey(store.ring, theirs, 'request', row, opening)).rejects.toThrow();
  });

  it('of someone else is not found, like one that was never written', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const other = await someoneWith(store, organisation.id, 'guardian');
    for (const threadId of [thread.id, anId('dpo')]) {
      const params = { threadId };
      await expect(as(other).getMyDpoThread({ params })).rejects.toMatchObject({ slug: 'thread-not-found' });
      await expect(as(other).writeToDpo({ body: { text: 'Hei', threadId } })).rejects.toMatchObject({
        slug: 'thread-not-found',
      });
    }
    const params = { threadId: anId('dpo') };
    await expect(as(officer).getDpoThread({ params })).rejects.toMatchObject({ slug: 'thread-not-found' });
    await expect(as(officer).closeDpoThread({ params })).rejects.toMatchObject({ slug: 'thread-not-found' });
    await expect(as(officer).answerAsDpo({ params, body: { text: 'Hei' } })).rejects.toMatchObject({
      slug: 'thread-not-found',
    });
  });

  it('is listed to who wrote it alone, page by page, and to the officer with all others', async () => {
    const other = await someoneWith(store, organisation.id, 'guardian');
    const mine: DpoThreadId[] = [];
    for (let count = 0; count < 3; count++)
      mine.push((await as(guardian).writeToDpo({ body: { text: secret } })).body.id);
    await as(other).writeToDpo({ body: { text: secret } });
    const { body: first } = await as(guardian).listMyDpoThreads({ query: { limit: 2 } });
    const { body: second } = await as(guardian).listMyDpoThreads({ query: { limit: 2, cursor: first.next } });
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual([...mine].sort());
    expect((await as(officer).listDpoThreads()).body.items).toHaveLength(4);
  });

  it('tells the officer and the person by mail that something waits, and nothing of what', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const [toOfficer] = await mails();
    expect(toOfficer?.to).toEqual([{ name: '', address: operator.dataProtectionOfficer }]);
    await as(officer).answerAsDpo({ params: { threadId: thread.id }, body: { text: 'Svaret står her.' } });
    const [toPerson] = await mails();
    expect(toPerson?.to).toEqual([{ name: '', address: 'kari@example.org' }]);
    for (const mail of [toOfficer, toPerson]) {
      expect(`${mail?.text}${mail?.subject}`).not.toMatch(/Styreren|Svaret står her|Solbakken/);
      expect(mail?.text).toContain('Datatilsynet');
    }
  });

  it('cannot be answered in a closed thread, which is gone after thirty days', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const params = { threadId: thread.id };
    expect((await as(officer).closeDpoThread({ params })).body.state).toBe('closed');
    await expect(as(officer).closeDpoThread({ params })).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(as(officer).answerAsDpo({ params, body: { text: 'Hei' } })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    await expect(as(guardian).writeToDpo({ body: { text: 'Hei', threadId: thread.id } })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    const closedAt = store.clock.getTime();
    const days = 24 * 3600_000;
    store.clock = new Date(closedAt + 30 * days - 1000);
    expect(await recordsNow().get(threadRef(thread.id))).toBeDefined();
    store.clock = new Date(closedAt + 30 * days);
    expect(await recordsNow().get(threadRef(thread.id))).toBeUndefined();
  });

  it('has its key destroyed thirty days after it was closed, and the way to it with that', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    await as(officer).closeDpoThread({ params: { threadId: thread.id } });
    const closedAt = store.clock.getTime();
    store.clock = new Date(closedAt + 30 * 24 * 3600_000 - 1000);
    expect(await tick()).toEqual({ erased: 0 });
    store.clock = new Date(closedAt + 30 * 24 * 3600_000);
    expect(await tick()).toEqual({ erased: 1 });
    expect(await tick()).toEqual({ erased: 0 });
    const { items } = await recordsNow().list(erasureEntity, accountOwner(guardian.accountId));
    expect(items).toMatchObject([{ value: { cause: 'retention', state: 'ordered' } }]);
    const place = await recordsNow().pointersAt([erasurePointers.place(items[0]!.value.id)]);
    expect(place[0]?.attributes).toMatchObject(threadOwner(thread.id));
    expect(await recordsNow().pointers('core', threadPointers.all('').pk)).toMatchObject({ items: [] });
  });

  it('is one of fifty in a thread, and a thread one of twenty that are open', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const stored = await recordsNow().get(threadRef(thread.id));
    await recordsNow()
      .change()
      .put(stored!.ref, { ...stored!.value, messages: 50 }, { version: stored!.version })
      .activity({ event: 'dpo-thread.filled', subject: stored!.ref.owner })
      .commit();
    await expect(as(guardian).writeToDpo({ body: { text: 'Hei', threadId: thread.id } })).rejects.toMatchObject({
      slug: 'too-many',
    });
    const params = { threadId: thread.id };
    await expect(as(officer).answerAsDpo({ params, body: { text: 'Hei' } })).rejects.toMatchObject({
      slug: 'too-many',
    });
    for (let count = 1; count < 20; count++) await as(guardian).writeToDpo({ body: { text: secret } });
    await expect(as(guardian).writeToDpo({ body: { text: secret } })).rejects.toMatchObject({ slug: 'too-many' });
  });

  it('holds no card number and no identity number, whoever writes it (CE-09)', async () => {
    const { body: thread } = await as(guardian).writeToDpo({ body: { text: secret } });
    const text = 'Kortet mitt er 4111 1111 1111 1111.';
    const refusal = { slug: 'forbidden-content' };
    const params = { threadId: thread.id };
    await expect(as(guardian).writeToDpo({ body: { text } })).rejects.toMatchObject(refusal);
    await expect(as(officer).answerAsDpo({ params, body: { text } })).rejects.toMatchObject(refusal);
    const body = { text, email: 'anna@example.org', language: 'nb' } as const;
    await expect(service().as().writeToDpoWithoutAccount({ body })).rejects.toMatchObject(refusal);
    expect((await as(officer).getDpoThread({ params })).body.messages).toHaveLength(1);
  });

  it('is declared as free text that dies thirty days after the thread, and not as evidence', () => {
    for (const entity of [threadEntity, messageEntity]) {
      expect(entity).toMatchObject({ retentionClass: 'request', ourRole: 'controller', onErasure: 'delete' });
    }
  });
});

describe('a message by someone without an account (KP-03)', () => {
  const write = (email = 'anna@example.org') =>
    service()
      .as()
      .writeToDpoWithoutAccount({ body: { text: secret, email, language: 'nb' } });

  it('makes us write to an address three times a day at most, whoever names it', async () => {
    for (let time = 0; time < 5; time++) expect((await write('offer@example.org')).status).toBe(202);
    expect(await mails()).toHaveLength(3);
  });

  it('reaches the officer once its writer has confirmed the address, and is gone after two days if not', async () => {
    expect((await write()).status).toBe(202);
    expect((await as(officer).listDpoThreads()).body.items).toEqual([]);
    const token = await tokenMailed();
    expect(await page('GET', `/l/${token}`)).toContain('Send meldingen');
    expect((await as(officer).listDpoThreads()).body.items).toEqual([]);
    expect(await page('POST', `/l/${token}`)).toContain('Meldingen er sendt');
    const { items } = (await as(officer).listDpoThreads()).body;
    expect(items).toMatchObject([{ hasAccount: false, messages: 1 }]);

    await write();
    const late = await tokenMailed();
    store.clock = new Date(store.clock.getTime() + 48 * 3600_000);
    const response = await service().send(`https://vern.test/l/${late}`, { method: 'POST' });
    expect(response.status).toBe(404);
  });

  it('is answered by a link whose page shows the answer only when its button is pressed', async () => {
    const { threadId, token } = await confirmedAndAnswered();
    expect(await page('GET', `/l/${token}`)).not.toContain('Vi ser på det');
    const shown = await page('POST', `/l/${token}`);
    expect(shown).toContain('Vi ser på det &amp; svarer');
    expect(shown).toContain('Datatilsynet');
    const again = await page('POST', `/l/${token}/messages`, { text: 'Takk!\r\nAnna' });
    expect(again).toContain('Takk!\nAnna');
    const { body } = await as(officer).getDpoThread({ params: { threadId } });
    expect(body.messages.at(-1)).toMatchObject({ by: 'person', text: 'Takk!\nAnna' });
    expect(JSON.stringify(body)).not.toContain('anna@example.org');
  });

  it('is answered by the same page where it cannot be sent, and nothing is stored', async () => {
    const { threadId, token } = await confirmedAndAnswered();
    for (const text of ['4111 1111 1111 1111', ' ', 'a'.repeat(4001)]) {
      const response = await send('POST', `/l/${token}/messages`, { text });
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/Meldingen ble ikke sendt.*Vi ser på det/s);
    }
    expect((await as(officer).getDpoThread({ params: { threadId } })).body.messages).toHaveLength(2);
  });

  it('can be gone on with only where the link leads, and while the thread takes more', async () => {
    const { threadId, token } = await confirmedAndAnswered();
    const answer = (to: string) => send('POST', `/l/${to}/messages`, { text: 'Hei' });
    expect((await answer('x'.repeat(32))).status).toBe(404);
    const stored = await recordsNow().get(threadRef(threadId));
    const fill = (messages: number, version: number) =>
      recordsNow()
        .change()
        .put(stored!.ref, { ...stored!.value, messages }, { version })
        .activity({ event: 'dpo-thread.filled', subject: stored!.ref.owner })
        .commit();
    await fill(50, stored!.version);
    expect(await (await answer(token)).json()).toMatchObject({ type: expect.stringContaining('too-many') });
    await fill(2, stored!.version + 1);
    await as(officer).closeDpoThread({ params: { threadId } });
    expect(await (await answer(token)).json()).toMatchObject({ type: expect.stringContaining('wrong-state') });
    expect(await page('POST', `/l/${token}`)).toContain('Samtalen er avsluttet');
  });

  it('leaves the address under the key of the thread, and nowhere else', async () => {
    const { threadId } = await confirmedAndAnswered();
    const { controller, subject } = threadOwner(threadId);
    const reply = await recordsNow().get(replyAddressRef(controller, subject as RequestId));
    expect(reply?.value.email).toBe('anna@example.org');
    expect(JSON.stringify(await recordsNow().get(threadRef(threadId)))).not.toContain('anna');
  });
});

async function confirmedAndAnswered(): Promise<{ threadId: DpoThreadId; token: string }> {
  const body = { text: secret, email: 'anna@example.org', language: 'nb' } as const;
  await service().as().writeToDpoWithoutAccount({ body });
  await page('POST', `/l/${await tokenMailed()}`);
  await mails();
  const [thread] = (await as(officer).listDpoThreads()).body.items;
  const threadId = thread!.id as DpoThreadId;
  await as(officer).answerAsDpo({ params: { threadId }, body: { text: 'Vi ser på det & svarer.' } });
  return { threadId, token: await tokenMailed() };
}

async function granted(colleague: SignedIn) {
  const untilEpochSeconds = Math.floor(store.clock.getTime() / 1000) + 3600;
  await recordsNow()
    .change()
    .point({ ...rolePointers.grant(organisation.id, colleague.accountId), attributes: { untilEpochSeconds } })
    .activity({ event: 'access-grant.given', subject: { controller: organisation.id, subject: organisation.id } })
    .commit();
}

async function keyRowOf(id: DpoThreadId) {
  const { table, pk, sk } = classKeyRowKey(store.tableNames.keys, threadOwner(id), 'request');
  const Key = { pk: { S: pk }, sk: { S: sk } };
  return (await dynamoDb.client.send(new GetItemCommand({ TableName: table, Key }))).Item;
}

const tick = () =>
  tickDpoThreads({ openCall: () => ({ ...aCall(store), records: recordsNow() }), hasTimeLeft: () => true });

const throughRestriction = { throughRestriction: true } as const;
const recordsNow = (options?: typeof throughRestriction) =>
  openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }, undefined, options);

/** Sends what is due, and gives what has come since the last time. */
async function mails() {
  const before = ses.mails.length;
  await sweepOutbox(anOutbox(store, { sendMail: ses.sendMail }));
  return Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
}
async function tokenMailed(): Promise<string> {
  const texts = (await mails()).map(({ text }) => text ?? '');
  return /\/l\/([\w-]+)/.exec(texts.find((text) => text.includes('/l/')) ?? '')?.[1] ?? 'no link';
}

const send = (method: 'GET' | 'POST', path: string, fields?: Record<string, string>) =>
  service().send(`https://vern.test${path}`, {
    method,
    headers: {
      accept: 'text/html',
      ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(fields && { body: new URLSearchParams(fields).toString() }),
  });
async function page(method: 'GET' | 'POST', path: string, fields?: Record<string, string>): Promise<string> {
  const response = await send(method, path, fields);
  expect(response.status).toBe(200);
  return response.text();
}
