import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PersonId, ServiceClientId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { loseDisk } from '../../local/client/disk.ts';
import { type Cast, eventually, theCast } from './rights-cast.ts';

/** The disk is lost on Tuesday; whoever was erased on Monday, after the backup, stays erased. */
vi.setConfig({ testTimeout: 420_000 });
let cast: Cast;
let lambda: LambdaClient;
beforeAll(async () => {
  cast = await theCast();
  const { lambda: endpoint, region, accessKeyId, secretAccessKey } = cast.endpoints;
  lambda = new LambdaClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}, 180_000);
afterAll(async () => {
  lambda?.destroy();
  await cast?.stop();
});

const person = (personId: PersonId) => ({ params: { organisationId: cast.organisationId, personId } });
const aChild = async (firstName: string) =>
  (
    await (
      await cast.as('administrator')
    ).createPerson({
      params: { organisationId: cast.organisationId },
      body: { kind: 'child', firstName, lastName: 'Prøve' },
    })
  ).body.id;

async function scheduled(name: string): Promise<void> {
  const event = { 'detail-type': 'Scheduled Event', id: crypto.randomUUID() };
  await lambda.send(new InvokeCommand({ FunctionName: `vern-dev-${name}`, Payload: JSON.stringify(event) }));
}

async function aBackup(): Promise<string> {
  const today = dayIn('Europe/Oslo', cast.now());
  await scheduled('backup-export');
  await scheduled('backup-users');
  const { day } = await eventually('a whole backup with its locked copy', async () => {
    await scheduled('backup-keeper');
    const officer = await cast.as('privacy-officer');
    const { items } = (await officer.listBackups({ params: { organisationId: cast.organisationId } })).body;
    return items.find(({ day, offlineAt }) => day === today && offlineAt !== undefined);
  });
  return day;
}

/** `npm run ops -- …` against this cloud: what it said, and how it ended. */
function ops(...args: readonly string[]) {
  const child = spawn(process.execPath, ['bin/ops.ts', ...args, '--state', cast.service.stateDir], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { text: '' };
  const read = (chunk: Buffer) => {
    told.text += chunk.toString();
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { told, ended };
}

const tablesNow = async (): Promise<readonly string[]> =>
  ((await (await fetch(`${cast.endpoints.mailbox}/disk`)).json()) as { tables: string[] }).tables;

let day: string;
let childId: PersonId;
let laterChildId: PersonId;
let program: { readonly id: ServiceClientId; readonly secret: string };

/** With what it was told when it was made. */
const aToken = () =>
  fetch(`${cast.endpoints.api}/v1/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: program.id, client_secret: program.secret }),
  });

describe('a lost disk', () => {
  it('comes after a backup, and after an erasure that the backup does not know of', async () => {
    childId = await aChild('Ola');
    const params = { organisationId: cast.organisationId };
    const manager = await cast.as('administrator', 'fresh');
    const scopes = ['customer:read'] as const;
    const made = (await manager.createServiceClient({ params, body: { name: 'Lønn', scopes: [...scopes] } })).body;
    program = { id: made.client.id, secret: made.secret! };
    const asked = { url: 'https://hooks.example.no/vern', events: ['person.*'] };
    const webhookId = (await manager.createWebhook({ params, body: asked })).body.webhook.id;
    expect((await aToken()).status).toBe(200);
    // Today's may have been begun before the child was there.
    await cast.advance('P1D');
    day = await aBackup();
    laterChildId = await aChild('Sent');
    const later = await cast.as('administrator', 'fresh');
    await later.endServiceClient({ params: { ...params, serviceClientId: program.id } });
    await later.endWebhook({ params: { ...params, webhookId } });
    await cast.father.signInAgain();
    const { body: request } = await cast.father.api.askForRight({
      body: { controller: cast.organisationId, personId: cast.fatherId, right: 'erasure' },
    });
    const asking = { ...params, requestId: request.id };
    await (await cast.as('administrator')).planErasure({ params: asking });
    await (await cast.as('privacy-officer', 'fresh')).approveRequest({ params: asking, body: {} });
    await eventually('the erasure', async () => {
      const { body } = await (await cast.as('administrator')).getRequest({ params: asking });
      return body.state === 'answered';
    });
    // Until it is in the log, and the log in the locked bucket.
    await scheduled('sequencer');
    await loseDisk(cast.endpoints.mailbox);
    expect((await tablesNow()).filter((name) => name.endsWith('-g1'))).toEqual([]);
  });

  it('is brought back by one command of the operator, and nobody comes in meanwhile', async () => {
    const unknown = ops('restore', '--backup', '1999-12-31', '--tables-lost');
    expect(await unknown.ended).toBe(1);
    expect(unknown.told.text).toContain(day);

    const { told, ended } = ops('restore', '--backup', day, '--from', 'offline', '--tables-lost');
    const closed = await eventually('the closed gate', async () => {
      const response = await fetch(`${cast.endpoints.api}/v1/sign-in-configuration`);
      return response.status === 503 && response;
    });
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await closed.json()).toMatchObject({ type: expect.stringContaining('service-restoring') });
    await eventually('the drain', async () => told.text.includes('close-gate'));
    await cast.advance('PT3M');
    expect(await ended, told.text).toBe(0);
    expect(told.text).toMatch(/integrity-check[\s\S]*switch[\s\S]*It is over: restored/);
  });

  it('has given the data back, and not the person who was erased', async () => {
    // Role sessions were on that disk too: whoever works here opens the role anew.
    await cast.advance('PT13M');
    const admin = await cast.as('administrator');
    expect((await admin.getPerson(person(childId))).body.id).toBe(childId);
    expect((await admin.getPerson(person(cast.childId))).body.id).toBe(cast.childId);
    await expect(admin.getPerson(person(cast.fatherId))).rejects.toMatchObject({ status: 404 });
    await expect(admin.getPerson(person(laterChildId))).rejects.toMatchObject({ status: 404 });
    await expect(cast.father.signInAgain()).rejects.toThrow();
    await cast.mother.signInAgain();
    expect((await cast.mother.api.getMe()).body.persons).toHaveLength(1);
  });

  it('lets in no program that was ended since, and calls no webhook that was', async () => {
    const params = { organisationId: cast.organisationId };
    const admin = await cast.as('administrator');
    expect((await aToken()).status).toBe(401);
    expect((await admin.listServiceClients({ params })).body.items).toEqual([]);
    expect((await admin.listWebhooks({ params })).body.items).toEqual([]);
  });

  it('lets streams and workers go on with the new tables, and the log tell of the restore', async () => {
    const since = cast.now();
    const admin = await cast.as('administrator');
    const { body: guardian } = await admin.createPerson({
      params: { organisationId: cast.organisationId },
      body: { kind: 'guardian', firstName: 'Ny', lastName: 'Prøve', email: 'ny@example.no', language: 'en' },
    });
    await admin.invitePerson({ ...person(guardian.id), body: {} });
    const mails = async () => {
      const response = await fetch(`${cast.endpoints.mailbox}/messages?to=ny@example.no`);
      return ((await response.json()) as { sentAt: string }[]).filter(({ sentAt }) => sentAt >= since.toISOString());
    };
    await eventually('the invitation', async () => (await mails()).length > 0);
    const officer = await cast.as('privacy-officer');
    const { body } = await officer.listActivity({ params: { organisationId: cast.organisationId }, query: {} });
    expect(body.items.map(({ event }) => event)).toContain('service.restored');
  });

  it('does not hinder a drill, which leaves nothing behind', async () => {
    const { told, ended } = ops('restore-drill');
    expect(await ended, told.text).toBe(0);
    expect(told.text).toContain('It is over: passed');
    expect((await tablesNow()).filter((name) => name.endsWith('-drill'))).toEqual([]);
  });

  it('is forgotten after seven days: nothing of the old generation is left', async () => {
    await cast.advance('P8D');
    await eventually('the end of the old generation', async () => {
      await scheduled('restore');
      return ops('restore-status').ended.then(async () => (await tablesNow()).every((name) => !name.endsWith('-g1')));
    });
    const admin = await cast.as('administrator');
    expect((await admin.getPerson(person(childId))).body.id).toBe(childId);
  });
});
