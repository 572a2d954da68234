import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serviceTokens } from '../../lambdas/http/client.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { type Api, apiFor, signedIn } from '../../local/client/visitor.ts';
import { type RunningService, startService } from './cloud.ts';
import { eventually } from './rights-cast.ts';

/** An organisation's own systems on the running cloud: their tokens from Cognito, the feed, and what they are told. */
vi.setConfig({ testTimeout: 300_000 });

interface Heard {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let outside: Server;
const heard: Heard[] = [];
let service: RunningService;
let admin: Api;
let organisationId: OrganisationId;
beforeAll(async () => {
  // The organisation's own system, as the world outside has it.
  outside = createServer(async (request, response) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    heard.push({ path: request.url ?? '', headers, body: (await request.toArray()).join('') });
    response.writeHead(204).end();
  });
  await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
  const { port } = outside.address() as AddressInfo;
  service = await startService(undefined, ['--outside', `http://127.0.0.1:${port}`]);
  const person = service.people.find(({ roles }) => roles.some(({ role }) => role === 'administrator'))!;
  const held = person.roles.find(({ role }) => role === 'administrator')!;
  organisationId = held.organisationId as OrganisationId;
  const visitor = await signedIn(service.endpoints, person);
  await visitor.api.openRole({ body: { organisationId, roleId: held.roleId } });
  admin = visitor.as(held.roleId);
}, 400_000);
afterAll(async () => {
  await service?.stop();
  outside?.close();
});

const inHouse = () => ({ organisationId });
/** A token lives for a quarter of an hour: a minute goes by only as often as the schedules need it. */
const TRIES_PER_MINUTE = 40;
const minute = () =>
  fetch(`${service.endpoints.mailbox}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: 'PT61S' }),
  });

async function aProgram(scopes: Parameters<Api['createServiceClient']>[0]['body']['scopes']) {
  const { body } = await admin.createServiceClient({ params: inHouse(), body: { name: 'Lønnssystemet', scopes } });
  const token = serviceTokens({
    baseUrl: service.endpoints.api,
    clientId: body.client.id,
    clientSecret: body.secret ?? '',
  });
  const held = await token();
  return { ...body, token, api: apiFor(service.endpoints, () => held, body.client.roleId) };
}

describe('a program of the organisation', () => {
  it('signs in at Cognito by its own secret, passes the gateway, and gets in no more once it is ended', async () => {
    const program = await aProgram(['structure:read']);
    expect((await program.api.listGroups({ params: inHouse() })).status).toBe(200);
    await expect(program.api.listRoles({ params: inHouse(), query: {} })).rejects.toMatchObject({
      slug: 'not-allowed',
    });
    await expect(program.api.getMe()).rejects.toMatchObject({ slug: 'not-signed-in' });
    await admin.endServiceClient({ params: { ...inHouse(), serviceClientId: program.client.id } });
    await expect(program.api.listGroups({ params: inHouse() })).rejects.toMatchObject({ slug: 'not-signed-in' });
  });

  it('reads what has changed, and another hears of it by itself, signed; a private address hears nothing', async () => {
    const program = await aProgram(['change:read', 'structure:read']);
    const { body: start } = await program.api.listChanges({ params: inHouse(), query: { start: 'latest' } });
    const events = ['department.*'];
    const made = await admin.createWebhook({
      params: inHouse(),
      body: { url: 'https://hooks.outside.test/vern?a=1', events },
    });
    const inside = await admin.createWebhook({
      params: inHouse(),
      body: { url: 'https://private.outside.test/', events },
    });
    const { body: department } = await admin.createDepartment({ params: inHouse(), body: { name: 'Vest' } });

    let tries = 0;
    const told = await eventually('the message to arrive', async () => {
      if (tries++ % TRIES_PER_MINUTE === 0) await minute();
      return heard.find(({ body }) => body.includes(department.id));
    });
    expect(told.path).toBe('/vern?a=1');
    const sentAt = new Date(Number(told.headers['webhook-timestamp']) * 1000);
    const expected = new Verifier(made.body.secret ?? '').sign(told.headers['webhook-id']!, sentAt, told.body);
    expect(told.headers['webhook-signature']).toBe(expected);
    expect(JSON.parse(told.body)).toMatchObject({ type: 'department.created', data: { about: [department.id] } });

    const { body: page } = await program.api.listChanges({ params: inHouse(), query: { cursor: start.next } });
    expect(page.items).toContainEqual(
      expect.objectContaining({ id: told.headers['webhook-id'], event: 'department.created', about: [department.id] }),
    );
    const refused = await eventually('the refusal to be seen', async () => {
      const params = { ...inHouse(), webhookId: inside.body.webhook.id };
      return (await admin.listWebhookMessages({ params, query: {} })).body.items.find(({ lastOutcome }) => lastOutcome);
    });
    expect(refused).toMatchObject({ state: 'waiting', lastOutcome: 'address-refused' });
    expect(heard).toHaveLength(1);
  });
});
