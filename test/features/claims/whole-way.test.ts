import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimedAnswers } from '../../../lambdas/features/claims/answer-store.ts';
import { claimOwner } from '../../../lambdas/features/claims/claim.ts';
import { claimHandlers, claimLinkPage } from '../../../lambdas/features/claims/handlers.ts';
import { claimRoutes } from '../../../lambdas/features/claims/routes.ts';
import { staffClaimHandlers } from '../../../lambdas/features/claims/staff-handlers.ts';
import { staffClaimRoutes } from '../../../lambdas/features/claims/staff-routes.ts';
import { staffClaimStore } from '../../../lambdas/features/claims/staff-store.ts';
import { claimStore } from '../../../lambdas/features/claims/store.ts';
import { erasurePointers, placeOf } from '../../../lambdas/features/erasure/erasure.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { PersonRecord } from '../../../lambdas/features/people/person.ts';
import { tickRequests } from '../../../lambdas/features/requests/clock.ts';
import { organisationRequestHandlers } from '../../../lambdas/features/requests/decision-handlers.ts';
import { myRequestHandlers } from '../../../lambdas/features/requests/handlers.ts';
import { replyAddressRef } from '../../../lambdas/features/requests/request.ts';
import { myRequestRoutes, organisationRequestRoutes } from '../../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../../lambdas/features/requests/store.ts';
import { type ErasureId, ErasureId as ErasureIdSchema, type RequestId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aWorld, nothingToRestore, type World } from '../erasure/world.ts';
import { fakeSes } from '../notices/kindergarten.ts';

const routes = {
  ...linkRoutes,
  ...claimRoutes,
  ...staffClaimRoutes,
  ...organisationRequestRoutes,
  ...myRequestRoutes,
};
const HOUR_MILLISECONDS = 3600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

let dynamoDb: TestDynamoDb;
let world: World;
let person: PersonRecord;
let taker: SignedIn;
let decider: SignedIn;
let ses: ReturnType<typeof fakeSes>;

const service = () =>
  aService(world.store, routes, {
    ...someLinkHandlers({}, { 'claim-answer': claimLinkPage(claimStore) }),
    ...claimHandlers(
      claimStore,
      claimedAnswers(async () => undefined),
    ),
    ...staffClaimHandlers(staffClaimStore),
    ...organisationRequestHandlers(requestStore),
    ...myRequestHandlers(requestStore),
  });

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  person = await aPerson(world.store, world.organisationId, { kind: 'guardian', firstName: 'Ragnhild' });
  taker = await someoneWith(world.store, world.organisationId, 'privacy-officer');
  decider = await someoneWith(world.store, world.organisationId, 'administrator');
  ses = fakeSes();
});

describe('an erasure asked for by letter (FW-13, KP-14, ALL-01)', () => {
  it('is answered and certified by claim, and the address is destroyed when thirty days are over', async () => {
    const { requestId, erasureId } = await erasureOrdered();
    expect(await mails()).toHaveLength(1);
    const place = await placeNow(erasureId);
    await world.run(place);

    // The data is gone; the answer is there, and waits for the certificate.
    const token = tokenIn(await mails());
    expect(await opened(token)).toMatch(/Det du ba om, er gjort\..*kommer en signert bekreftelse/s);

    // AWS says that nothing older can be restored.
    move(26 * HOUR_MILLISECONDS);
    world.recovery = nothingToRestore(world.store.clock.toISOString());
    await world.run(place);
    const last = tokenIn(await mails());
    const page = await opened(last);
    const response = await post(last, 'certificate', { pass: passIn(page) });
    const signed = (await response.json()) as { document: string };
    expect(JSON.parse(signed.document)).toMatchObject({ erasureId });
    expect(signed.document).not.toMatch(/Ragnhild|ragnhild@/);

    // Until then the address stood under the request's own key; now that goes as well.
    const address = replyAddressRef(world.organisationId, requestId);
    expect(await records().get(address)).toBeDefined();
    move(31 * DAY_MILLISECONDS);
    await tick();
    for (const due of await unfinished()) await world.run(due);
    expect(await records().get(address)).toBeUndefined();
    const states = await records().keyStates(claimOwner(world.organisationId, requestId));
    expect([...states.values()].every((state) => state === 'ERASED')).toBe(true);
    expect((await post(last, 'code')).status).toBe(404);
  });
});

describe('an account that asks to be erased (KP-14)', () => {
  it('is gone when its answer comes, which is fetched by claim all the same', async () => {
    const member = await someoneWith(world.store, world.organisationId, 'guardian', { email: 'ragnhild@example.org' });
    const asked = await service()
      .as(member)
      .askForRight({ body: { controller: 'operator', right: 'erasure' } });
    const params = { requestId: asked.body.id };
    const confirmed = await service().as(member).confirmRequest({ params });
    await mails();
    await world.run(await placeNow(confirmed.body.erasureId!));
    await expect(service().as(member).getMyRequest({ params })).rejects.toMatchObject({ slug: 'not-signed-in' });
    expect(await opened(tokenIn(await mails()))).toContain('Det du ba om, er gjort.');

    move(26 * HOUR_MILLISECONDS);
    world.recovery = nothingToRestore(world.store.clock.toISOString());
    await world.run(await placeNow(confirmed.body.erasureId!));
    const last = tokenIn(await mails());
    const page = await opened(last);
    expect((await post(last, 'certificate', { pass: passIn(page) })).status).toBe(200);
  });
});

async function erasureOrdered(): Promise<{ requestId: RequestId; erasureId: ErasureId }> {
  const { organisationId } = world;
  const { body } = await service()
    .as(taker)
    .registerRequest({
      params: { organisationId },
      body: {
        personId: person.id,
        right: 'erasure',
        channel: 'letter',
        identity: { evidence: 'identity-document' },
        receivedOn: '2026-11-20',
        reply: { by: 'e-mail', email: 'ragnhild@example.org' },
        language: 'nb',
      },
    });
  const params = { organisationId, requestId: body.id };
  // Whoever took it in does not approve it.
  await expect(service().as(taker).approveRequest({ params, body: {} })).rejects.toMatchObject({
    slug: 'second-person-required',
  });
  const approved = await service().as(decider).approveRequest({ params, body: {} });
  return { requestId: body.id, erasureId: approved.body.erasureId! };
}

async function placeNow(id: ErasureId) {
  const [pointer] = await records().pointersAt([erasurePointers.place(id)]);
  return placeOf(id, pointer?.attributes)!;
}

async function unfinished() {
  const { pk } = erasurePointers.unfinished('');
  const { items } = await records().pointers('rights', pk);
  return Promise.all(items.map(({ sk }) => placeNow(ErasureIdSchema.parse(sk.slice(sk.lastIndexOf('#') + 1)))));
}

const records = () => world.eraser.openCall().records;
const move = (milliseconds: number) => {
  world.store.clock = new Date(world.store.clock.getTime() + milliseconds);
};
const tick = () => tickRequests({ openCall: world.eraser.openCall, hasTimeLeft: () => true, log: () => {} });

async function mails() {
  const before = ses.mails.length;
  await sweepOutbox(anOutbox(world.store, { sendMail: ses.sendMail }));
  const sent = await Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
  return sent.filter(({ to }) => to?.some(({ address }) => address === 'ragnhild@example.org'));
}
const tokenIn = (sent: Awaited<ReturnType<typeof mails>>) =>
  /\/l\/([\w-]+)/.exec(sent.map(({ text }) => text ?? '').join('\n'))?.[1] ?? 'no link';

/** As the forms of the page send it. */
const post = (token: string, what: string, fields: Record<string, string> = {}) =>
  service().send(`https://vern.test/l/${token}/${what}`, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
async function opened(token: string): Promise<string> {
  await post(token, 'code');
  const code = /^\d{6}$/m.exec((await mails()).at(-1)?.text ?? '')?.[0] ?? 'no code';
  const response = await post(token, 'answer', { code });
  expect(response.status).toBe(200);
  return response.text();
}
const passIn = (page: string) => /name="pass" value="([\w-]+)"/.exec(page)?.[1] ?? 'no pass';
