import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountLinkEntity } from '../../../lambdas/features/accounts/account.ts';
import { alarmRef } from '../../../lambdas/features/alarms/alarm.ts';
import { alarmPointers } from '../../../lambdas/features/alarms/pointers.ts';
import { rowsElsewhere } from '../../../lambdas/features/erasure/elsewhere.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { clientPointer, serviceClientEntity } from '../../../lambdas/features/service-clients/service-client.ts';
import { webhookPointers } from '../../../lambdas/features/webhooks/webhook.ts';
import type { PersonId, RoleId } from '../../../lambdas/http/ids.ts';
import { partitionRows } from '../../../lambdas/platform/partition-rows.ts';
import type { PointerKey } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { type Programs, somePrograms } from './world.ts';

let db: TestDynamoDb;
let world: Programs;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await somePrograms(db);
});
afterAll(() => db.stop());

type Scopes = Parameters<ReturnType<Programs['service']['as']>['createServiceClient']>[0]['body']['scopes'];
const MINUTE = 60_000;
const refused = (slug: string) => ({ name: 'ProblemError', slug });
const inHouse = () => ({ organisationId: world.organisationId });
const asAdministrator = () => world.service.as(world.administrator);
async function aClient(scopes: Scopes, more: object = {}) {
  const body = { name: 'Adgangskontroll', scopes, ...more };
  const { client, secret = '' } = (await asAdministrator().createServiceClient({ params: inHouse(), body })).body;
  return { client, secret };
}

/** As an OAuth library asks: a form, and JSON back. */
async function ask(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await world.service.send('https://vern.test/v1/oauth/token', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
const grant = { grant_type: 'client_credentials' };
type Made = Awaited<ReturnType<typeof aClient>>;
const named = ({ client, secret }: Made) => ({ client_id: client.id, client_secret: secret });
async function asProgram(made: Made) {
  const { body } = await ask({ ...grant, ...named(made) });
  return world.service.as({ token: String(body['access_token']), role: made.client.roleId });
}

describe('a service client', () => {
  it('keeps customers as another system has them, hears of them, and does not see its people', async () => {
    const program = await asProgram(await aClient(['customer:read', 'customer:manage', 'change:read']));
    const { body: made } = await program.createCustomer({ params: inHouse(), body: { name: 'Bakeriet AS' } });
    const { body: list } = await program.listCustomers({ params: inHouse(), query: { limit: 100 } });
    expect(list.items.map(({ id }) => id)).toContain(made.id);
    await world.sequence();
    const { body: told } = await program.listChanges({ params: inHouse(), query: { limit: 100 } });
    expect(told.items.filter(({ about }) => about?.includes(made.id)).map(({ event }) => event)).toEqual([
      'customer.created',
    ]);
    await expect(program.listPeople({ params: inHouse(), query: { kind: 'member' } })).rejects.toMatchObject(
      refused('not-allowed'),
    );
  });

  it('opens, reads and answers tickets, and hears of them; it sets nothing up', async () => {
    const requester = await aPerson(world.store, world.organisationId, { kind: 'member' });
    const program = await asProgram(await aClient(['ticket:read', 'ticket:write', 'change:read']));
    const asked = { requesterId: requester.id, title: 'Nettet', text: 'Nede siden i natt.', fileIds: [] };
    const { body: ticket } = await program.createTicket({ params: inHouse(), body: asked });
    expect(await world.told()).toContain('ticket-waiting');
    const params = { ...inHouse(), ticketId: ticket.id };
    await program.addTicketEntry({ params, body: { kind: 'message', text: 'Vi ser på det.', fileIds: [] } });
    expect((await program.getTicket({ params })).body).toMatchObject({ title: 'Nettet', entries: { length: 2 } });
    expect((await program.listTickets({ params: inHouse(), query: {} })).body.items).toMatchObject([{ id: ticket.id }]);
    await world.sequence();
    const { items } = (await program.listChanges({ params: inHouse(), query: { nouns: 'ticket', limit: 100 } })).body;
    expect(items.map(({ event }) => event)).toEqual(['ticket.opened', 'ticket.answered']);
    await expect(program.getTicketSettings({ params: inHouse() })).rejects.toMatchObject(refused('not-allowed'));

    const reader = await asProgram(await aClient(['ticket:read']));
    expect((await reader.getTicket({ params })).status).toBe(200);
    const words = { kind: 'message' as const, text: 'Hei', fileIds: [] };
    await expect(reader.addTicketEntry({ params, body: words })).rejects.toMatchObject(refused('not-allowed'));
    await expect(reader.createTicket({ params: inHouse(), body: asked })).rejects.toMatchObject(refused('not-allowed'));
  });

  it('sees that somebody waits for help, and neither where nor who by name; it answers for nobody', async () => {
    const recipient = await aPerson(world.store, world.organisationId, { kind: 'member' });
    const restricted = await aPerson(world.store, world.organisationId, { kind: 'member' });
    const alarms = [recipient, restricted].map(({ id: recipientId }) => ({
      ...{
        id: anId('alm'),
        recipientId,
        kind: 'geofence-left' as const,
        geofenceId: anId('gfc'),
        state: 'notified' as const,
      },
      ...{ happenedAt: '2026-11-23T03:00:00.000Z', raisedAt: '2026-11-23T03:00:01.000Z', isJoinable: true },
      ...{ round: 1, nextStep: 1, told: [], history: [] },
    }));
    const owner = ownerOf(world.organisationId, restricted.id);
    const change = aCall(world.store).records.change().activity({ event: 'test.prepared', subject: owner });
    for (const alarm of alarms) {
      change
        .put(alarmRef(world.organisationId, alarm.recipientId, alarm.id), alarm, 'new')
        .point({ ...alarmPointers.open(world.organisationId, alarm.id), attributes: { subject: alarm.recipientId } });
    }
    await change.commit();
    const restriction = aCall(world.store).records.change().keys({ do: 'restrict', owner, retentionClass: 'person' });
    await restriction.activity({ event: 'test.prepared', subject: owner }).commit();

    const program = await asProgram(await aClient(['alarm:list', 'alarm:read']));
    const { items } = (await program.listOpenAlarms({ params: inHouse(), query: {} })).body;
    expect(items.map(({ personId }) => personId)).toEqual([recipient.id]);
    const params = { ...inHouse(), personId: recipient.id, alarmId: alarms[0]!.id };
    const read = (await program.getAlarm({ params })).body;
    expect(read).toMatchObject({ kind: 'geofence-left', state: 'notified' });
    for (const seen of [items[0], read]) {
      expect(Object.keys(seen!)).not.toEqual(expect.arrayContaining(['geofenceId']));
      expect(Object.keys(seen!)).not.toEqual(expect.arrayContaining(['firstName']));
    }
    const closed = { ...inHouse(), personId: restricted.id, alarmId: alarms[1]!.id };
    await expect(program.getAlarm({ params: closed })).rejects.toMatchObject(refused('person-not-found'));
    const taken = { params, body: { state: 'acknowledged' as const } };
    await expect(program.answerAlarm(taken)).rejects.toMatchObject(refused('not-allowed'));
  });

  it('does what its scopes say in its organisation, and nothing else', async () => {
    const program = await asProgram(await aClient(['structure:read']));
    expect((await program.listGroups({ params: inHouse() })).status).toBe(200);
    await expect(program.listPeople({ params: inHouse(), query: { kind: 'child' } })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    await expect(program.createDepartment({ params: inHouse(), body: { name: 'Avdeling' } })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    const elsewhere = { organisationId: anId('org') };
    await expect(program.listGroups({ params: elsewhere })).rejects.toMatchObject(refused('organisation-not-found'));
  });

  it('reaches only the group that it is for', async () => {
    const admin = asAdministrator();
    const { body: group } = await admin.createGroup({ params: inHouse(), body: { name: 'Revene' } });
    const placements = [{ groupId: group.id, from: '2026-01-01' }] as never;
    const inside = await aPerson(world.store, world.organisationId, { placements });
    const outside = await aPerson(world.store, world.organisationId);
    const program = await asProgram(await aClient(['person:read'], { scope: { kind: 'group', id: group.id } }));
    const reading = (personId: string) => program.getPerson({ params: { ...inHouse(), personId: personId as never } });
    expect((await reading(inside.id)).status).toBe(200);
    await expect(reading(outside.id)).rejects.toMatchObject(refused('person-not-found'));
  });

  it('is nobody: it has no account of its own to read, and no person gets into its role', async () => {
    const made = await aClient(['structure:read']);
    const { body } = await ask({ ...grant, ...named(made) });
    const asked = { token: String(body['access_token']), role: world.administrator.role };
    // Not even with the id of a role that is open: that is another account's.
    await expect(world.service.as(asked).listServiceClients({ params: inHouse() })).rejects.toMatchObject(
      refused('organisation-not-found'),
    );
    const claims = JSON.parse(Buffer.from(String(body['access_token']), 'base64url').toString());
    const asPerson = Buffer.from(JSON.stringify({ ...claims, isMachine: undefined })).toString('base64url');
    await expect(
      world.service.as({ token: asPerson, role: made.client.roleId }).listGroups({ params: inHouse() }),
    ).rejects.toMatchObject(refused('organisation-not-found'));
  });

  it('gets in no more from its next request on when an administrator ends it, and they are told', async () => {
    const made = await aClient(['structure:read']);
    const program = await asProgram(made);
    await asAdministrator().endServiceClient({ params: { ...inHouse(), serviceClientId: made.client.id } });
    await expect(program.listGroups({ params: inHouse() })).rejects.toMatchObject(refused('not-signed-in'));
    expect(await ask({ ...grant, ...named(made) })).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(await world.told()).toEqual(expect.arrayContaining(['service-client-created', 'service-client-ended']));
    expect(world.machines.users.has(made.client.id)).toBe(false);
    expect((await asAdministrator().listServiceClients({ params: inHouse() })).body.items).not.toContainEqual(
      expect.objectContaining({ id: made.client.id }),
    );
    await expect(
      asAdministrator().endServiceClient({ params: { ...inHouse(), serviceClientId: made.client.id } }),
    ).rejects.toMatchObject(refused('service-client-not-found'));
  });

  it('keeps its old secret for a day when it gets a new one, and none when the old one has leaked', async () => {
    const made = await aClient(['structure:read']);
    const program = await asProgram(made);
    const params = { ...inHouse(), serviceClientId: made.client.id };
    const { body: second } = await asAdministrator().renewServiceClientSecret({ params, body: {} });
    expect((await ask({ ...grant, ...named(made) })).status).toBe(200);
    expect((await ask({ ...grant, ...named(second) })).status).toBe(200);
    const { body: third } = await asAdministrator().renewServiceClientSecret({ params, body: { endsOthersNow: true } });
    expect((await ask({ ...grant, ...named(second) })).status).toBe(401);
    await expect(program.listGroups({ params: inHouse() })).rejects.toMatchObject(refused('not-signed-in'));
    world.later(2 * MINUTE);
    expect((await (await asProgram(third)).listGroups({ params: inHouse() })).status).toBe(200);
  });

  it('is let in once by a request that is repeated, which is told everything but the secret', async () => {
    const request = { params: inHouse(), body: { name: 'Kasse', scopes: ['structure:read' as const] } };
    const once = () => asAdministrator().createServiceClient({ ...request, idempotencyKey: 'kasse-1' });
    const before = world.machines.users.size;
    const twins = (await Promise.all([once(), once()])).map(({ body }) => body);
    expect(twins[1]?.client).toEqual(twins[0]?.client);
    const again = (await once()).body;
    expect(again).toEqual({ client: twins[0]?.client });
    expect(twins.filter(({ secret }) => secret !== undefined)).toHaveLength(1);
    // The loser's user in the pool is gone with its try.
    expect(world.machines.users.size).toBe(before + 1);
    const made = twins.find(({ secret }) => secret !== undefined)!;
    expect((await ask({ ...grant, client_id: made.client.id, client_secret: made.secret! })).status).toBe(200);
    await asAdministrator().endServiceClient({ params: { ...inHouse(), serviceClientId: made.client.id } });
  });

  it('loses no secret that is in use when a renewal is asked for again', async () => {
    const made = await aClient(['structure:read']);
    const params = { ...inHouse(), serviceClientId: made.client.id };
    for (let i = 0; i < 2; i++) await asAdministrator().renewServiceClientSecret({ params, body: {} });
    expect((await ask({ ...grant, ...named(made) })).status).toBe(200);
    world.later(24 * 60 * MINUTE);
    const administrator = await someoneWith(world.store, world.organisationId, 'administrator');
    expect((await ask({ ...grant, ...named(made) })).status).toBe(401);
    await world.service.as(administrator).endServiceClient({ params });
    world.later(-24 * 60 * MINUTE);
  });

  it('is kept without its secret', async () => {
    const { client, secret } = await aClient(['structure:read']);
    const owner = { controller: world.organisationId, subject: world.organisationId };
    const { items } = await aCall(world.store).records.list(serviceClientEntity, owner);
    expect(items.map(({ value }) => value.id)).toContain(client.id);
    expect(JSON.stringify(items)).not.toContain(secret);
  });

  it('goes with its organisation: what leads to it from elsewhere is found, and it is among those who are erased', async () => {
    const { client } = await aClient(['structure:read']);
    const { body } = await asAdministrator().createWebhook({
      params: inHouse(),
      body: { url: 'https://hooks.example.no/vern', events: ['person.*'] },
    });
    const owner = { controller: world.organisationId, subject: world.organisationId };
    const found: PointerKey[] = [];
    const noTies = { accountId: undefined, guardianIds: [] };
    for await (const row of partitionRows(world.store).of('core', `${owner.controller}#${owner.subject}`)) {
      found.push(...rowsElsewhere(row, owner, noTies));
    }
    expect(found).toContainEqual(clientPointer(client.id));
    expect(found).toContainEqual(webhookPointers.all(world.organisationId, body.webhook.id));
    const { items } = await aCall(world.store).records.pointers('core', `${world.organisationId}#ROLES`);
    const holder = items.find(({ sk }) => sk === client.roleId)?.attributes?.['personId'];
    const link = { entity: accountLinkEntity, owner: ownerOf(world.organisationId, holder as PersonId) };
    expect((await aCall(world.store).records.get(link))?.value.accountId).toMatch(/^acc_/);
    await asAdministrator().endWebhook({ params: { ...inHouse(), webhookId: body.webhook.id } });
  });

  it('is made by administrators alone, in a place that is there, and not without number', async () => {
    const leader = await someoneWith(world.store, world.organisationId, 'leader');
    const body = { name: 'X', scopes: ['structure:read' as const] };
    await expect(world.service.as(leader).createServiceClient({ params: inHouse(), body })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    const nowhere = (kind: 'department' | 'group' | 'person', id: string) =>
      aClient(['structure:read'], { scope: { kind, id } });
    await expect(nowhere('group', anId('grp'))).rejects.toMatchObject(refused('group-not-found'));
    await expect(nowhere('department', anId('dep'))).rejects.toMatchObject(refused('department-not-found'));
    await expect(nowhere('person', anId('per'))).rejects.toMatchObject(refused('wrong-state'));
    const missing = { ...inHouse(), serviceClientId: anId('scl') };
    await expect(asAdministrator().renewServiceClientSecret({ params: missing, body: {} })).rejects.toMatchObject(
      refused('service-client-not-found'),
    );
    const tooMany = async () => {
      for (let i = 0; i < 21; i++) await aClient(['structure:read']);
    };
    await expect(tooMany()).rejects.toMatchObject(refused('too-many'));
    for (const { id } of (await asAdministrator().listServiceClients({ params: inHouse() })).body.items) {
      await asAdministrator().endServiceClient({ params: { ...inHouse(), serviceClientId: id } });
    }
  });
});

describe('RFC 6749, section 4.4: the token endpoint', () => {
  it('takes the client’s name in the header as well as in the body', async () => {
    const { client, secret } = await aClient(['structure:read', 'person:list']);
    const basic = { authorization: `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}` };
    expect(await ask({ ...grant, scope: 'person:list' }, basic)).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'structure:read person:list' },
    });
    expect((await ask({ ...grant, client_secret: secret }, basic)).body['error']).toBe('invalid_request');
    expect((await ask({ ...grant, client_id: anId('scl') }, basic)).body['error']).toBe('invalid_request');
  });

  it('says what is wrong in its own words (section 5.2), and in a problem to whoever wants that', async () => {
    const made = await aClient(['structure:read']);
    expect(await ask({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await ask({ grant_type: 'password' })).body['error']).toBe('unsupported_grant_type');
    expect((await ask({ ...grant, ...named(made), scope: 'person:read' })).body['error']).toBe('invalid_scope');
    const wrong = await ask({ ...grant, ...named(made), client_secret: 'guessed' });
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(wrong.headers.get('content-type')).toBe('application/json');
    expect(wrong.headers.get('www-authenticate')).toBe('Basic realm="Vern"');
    const document = await ask({ ...grant }, { accept: 'application/problem+json' });
    expect(document.body).toMatchObject({ type: 'https://vern.test/problems/client-refused', error: 'invalid_client' });
  });

  it('asks Cognito for nothing before the secret is right, so nobody can lock a client out by guessing', async () => {
    const made = await aClient(['structure:read']);
    world.machines.state.isBusy = true;
    expect((await ask({ ...grant, ...named(made), client_secret: 'guessed' })).status).toBe(401);
    const busy = await ask({ ...grant, ...named(made) });
    world.machines.state.isBusy = false;
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '5']);
  });
});

describe('the feed of changes', () => {
  const readAll = async (program: Awaited<ReturnType<typeof asProgram>>, cursor?: string, nouns?: string) => {
    const found: { event: string; subjectId: string; id: string }[] = [];
    for (let next = cursor; ; ) {
      const query = { limit: 3, ...(next !== undefined && { cursor: next }), ...(nouns !== undefined && { nouns }) };
      const { body } = await program.listChanges({ params: inHouse(), query });
      found.push(...body.items);
      next = body.next;
      if (!body.hasMore && body.items.length === 0) return { found, next };
    }
  };

  it('gives every change once, in the order of the log, and goes on where it ended', async () => {
    const program = await asProgram(await aClient(['change:read', 'person:list', 'structure:read']));
    const { body: start } = await program.listChanges({ params: inHouse(), query: { start: 'latest' } });
    const people = [];
    for (let i = 0; i < 7; i++) people.push((await aPerson(world.store, world.organisationId)).id);
    expect((await readAll(program, start.next)).found).toEqual([]);
    await world.sequence();
    const { found, next } = await readAll(program, start.next, 'person');
    expect(found.map(({ event, subjectId }) => [event, subjectId])).toEqual(
      expect.arrayContaining(people.map((id) => ['person.created', id])),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    const late = await aPerson(world.store, world.organisationId);
    await world.sequence();
    expect((await readAll(program, next, 'person')).found.map(({ subjectId }) => subjectId)).toEqual([late.id]);
  });

  it('tells a program nothing that its scopes do not let it read', async () => {
    const program = await asProgram(await aClient(['change:read', 'structure:read']));
    await asAdministrator().createDepartment({ params: inHouse(), body: { name: 'Nord' } });
    await aPerson(world.store, world.organisationId);
    await world.sequence();
    const events = (await readAll(program)).found.map(({ event }) => event);
    expect(events).toContain('department.created');
    expect(events.filter((event) => !/^(department|group)\./.test(event))).toEqual([]);
  });

  it('is for programs alone', async () => {
    await expect(asAdministrator().listChanges({ params: inHouse() })).rejects.toMatchObject(refused('not-allowed'));
    const stranger = { token: world.administrator.token, role: anId('rol') as RoleId };
    await expect(world.service.as(stranger).listChanges({ params: inHouse() })).rejects.toMatchObject(
      refused('organisation-not-found'),
    );
  });

  it('says that a cursor is older than what is kept, and begins anew from the oldest', async () => {
    const made = await aClient(['change:read', 'person:list']);
    const { body } = await (await asProgram(made)).listChanges({ params: inHouse(), query: { limit: 1 } });
    world.later(370 * 24 * 60 * MINUTE);
    const later = await asProgram(made);
    const fresh = await aPerson(world.store, world.organisationId);
    await world.sequence();
    await expect(later.listChanges({ params: inHouse(), query: { cursor: body.next } })).rejects.toMatchObject(
      refused('cursor-too-old'),
    );
    expect((await readAll(later)).found.map(({ subjectId }) => subjectId)).toEqual([fresh.id]);
  });
});
