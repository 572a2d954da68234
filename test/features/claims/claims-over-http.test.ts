import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { announceAnswer } from '../../../lambdas/features/claims/announce.ts';
import { claimedAnswers } from '../../../lambdas/features/claims/answer-store.ts';
import { claimRef } from '../../../lambdas/features/claims/claim.ts';
import { claimHandlers, claimLinkPage } from '../../../lambdas/features/claims/handlers.ts';
import { claimRoutes } from '../../../lambdas/features/claims/routes.ts';
import { staffClaimHandlers } from '../../../lambdas/features/claims/staff-handlers.ts';
import { staffClaimRoutes } from '../../../lambdas/features/claims/staff-routes.ts';
import { staffClaimStore } from '../../../lambdas/features/claims/staff-store.ts';
import { claimStore } from '../../../lambdas/features/claims/store.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { orderErasure } from '../../../lambdas/features/erasure/order.ts';
import { downloadOf, type ExportFiles } from '../../../lambdas/features/exports/download.ts';
import { exportRef, fileKeyOf, filePlaceOf } from '../../../lambdas/features/exports/export.ts';
import { linkHandlers } from '../../../lambdas/features/links/handlers.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
} from '../../../lambdas/features/people/person.ts';
import { organisationRequestHandlers } from '../../../lambdas/features/requests/decision-handlers.ts';
import { replyAddressRef, requestRef } from '../../../lambdas/features/requests/request.ts';
import { organisationRequestRoutes } from '../../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../../lambdas/features/requests/store.ts';
import { type ExportId, RequestId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { fakeSes } from '../notices/kindergarten.ts';

const routes = { ...linkRoutes, ...claimRoutes, ...staffClaimRoutes, ...organisationRequestRoutes };
const nobodys = async () => {
  throw new Error('not this link');
};

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisation: Organisation;
let person: PersonRecord;
let administrator: SignedIn;
let ses: ReturnType<typeof fakeSes>;
/** The buckets, as the outside world that they are: sealed files, and plain copies. */
let sealed: Map<string, Uint8Array>;
let copies: Uint8Array[];
const files: ExportFiles = {
  sealed: { get: async (key) => sealed.get(key) },
  downloads: {
    put: async (_key, bytes) => void copies.push(bytes),
    linkTo: async (key) => ({ url: `https://files.vern.test/${key}`, expiresAt: '' }),
  },
};

const service = () =>
  aService(store, routes, {
    ...linkHandlers(
      { 'confirm-email': nobodys, 'reset-totp': nobodys, 'decline-notices': nobodys, 'confirm-dpo-message': nobodys },
      { 'claim-answer': claimLinkPage(claimStore), 'read-dpo-thread': nobodys },
    ),
    ...claimHandlers(
      claimStore,
      claimedAnswers((stored, call) => downloadOf(stored, files, call)),
    ),
    ...staffClaimHandlers(staffClaimStore),
    ...organisationRequestHandlers(requestStore),
  });
const staff = (who: SignedIn = administrator) => service().as(who);

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
  organisation = await anOrganisation(store);
  person = await aPerson(store, organisation.id, { kind: 'member', firstName: 'Ragnhild' });
  administrator = await someoneWith(store, organisation.id, 'administrator');
  ses = fakeSes();
  sealed = new Map();
  copies = [];
});

describe('a request of someone without an account (FW-13, KP-14)', () => {
  it('is taken in by staff with its channel, the evidence, who saw it and when, and the day it came', async () => {
    const { body } = await register({ channel: 'letter', receivedOn: '2026-11-20' });
    expect(body).toMatchObject({
      right: 'access',
      channel: 'letter',
      askedBy: { as: 'claim', registeredBy: administrator.personId },
      identity: { evidence: 'identity-document', at: '2026-11-23T07:00:00.000Z' },
      receivedAt: '2026-11-19T23:00:00.000Z',
      dueAt: '2026-12-20T23:00:00.000Z',
    });
  });

  it('keeps the reply address under its own key, and in nothing that is kept (KP-03)', async () => {
    const { body } = await register();
    const records = recordsNow();
    expect(await records.get(replyAddressRef(organisation.id, body.id))).toMatchObject({
      value: { email: 'ragnhild@example.org', language: 'nb' },
    });
    const entry = await records.get(requestRef(ownerOf(organisation.id, person.id), body.id));
    expect(JSON.stringify(entry)).not.toContain('ragnhild');
    await records
      .change()
      .keys({ do: 'erase', owner: claimRef(organisation.id, body.id).owner, retentionClass: 'request' })
      .activity({ event: 'request.forgotten', subject: ownerOf(organisation.id, person.id) })
      .commit();
    expect(await recordsNow().get(replyAddressRef(organisation.id, body.id))).toBeUndefined();
    expect(await recordsNow().get(claimRef(organisation.id, body.id))).toBeUndefined();
  });

  it('waits without evidence of who asks, and goes on when there is some', async () => {
    const { identity: _, ...without } = wanted();
    const { body } = await staff().registerRequest({ params: inOrganisation(), body: without });
    expect(body).toMatchObject({ state: 'identity', waitsFor: 'proof-of-identity' });
    const params = { ...inOrganisation(), requestId: body.id };
    const gone = await staff().recordIdentity({ params, body: { evidence: 'known-in-person' } });
    expect(gone.body).toMatchObject({ state: 'executing', identity: { evidence: 'known-in-person' } });
    await expect(staff().recordIdentity({ params, body: { evidence: 'known-in-person' } })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
  });

  it('is confirmed to the reply address without saying what it is about', async () => {
    await register();
    const [mail] = await mails();
    expect(mail?.to).toEqual([{ name: '', address: 'ragnhild@example.org' }]);
    expect(mail?.text).not.toMatch(/innsyn|Ragnhild/i);
    expect(mail?.text).toContain('Datatilsynet');
  });

  it('is taken in by staff with the right alone, and about nobody whom a block keeps from them', async () => {
    const member = await someoneWith(store, organisation.id, 'staff');
    await expect(register({}, member)).rejects.toMatchObject({ slug: 'not-allowed' });
    await expect(register({ personId: anId('per') })).rejects.toMatchObject({ slug: 'person-not-found' });
  });

  it('holds no card number and no identity number (CE-09)', async () => {
    await expect(register({ text: 'Kort 4111 1111 1111 1111' })).rejects.toMatchObject({ slug: 'forbidden-content' });
  });

  it('by a guardian of a child follows the guardian’s rights', async () => {
    const child = await aPerson(store, organisation.id, { kind: 'child' });
    const stranger = await aPerson(store, organisation.id, { kind: 'guardian' });
    const asked = { personId: child.id, guardianId: stranger.id };
    await expect(register(asked)).rejects.toMatchObject({ slug: 'person-not-found' });
    await linked(child, stranger, 'information-only');
    const { body } = await register(asked);
    expect(body.askedBy).toMatchObject({ guardianId: stranger.id, guardianRights: 'information-only' });
    // What the exporter reads: no guardian gets the other's data, with or without an account.
    const holder = claimRef(organisation.id, body.id).owner;
    expect((await recordsNow().get(exportRef(holder, body.exportId!)))?.value.audience).toEqual({
      kind: 'claim',
      guardian: { guardianId: stranger.id, rights: 'information-only' },
    });
    await expect(register({ ...asked, right: 'erasure' })).rejects.toMatchObject({ slug: 'not-allowed' });
  });

  it('by a guardian whom a block keeps from the child is answered as if there were no child', async () => {
    const child = await aPerson(store, organisation.id, { kind: 'child' });
    const guardian = await aPerson(store, organisation.id, { kind: 'guardian' });
    await linked(child, guardian, 'information-only');
    await blocked(child, guardian.id);
    await expect(register({ personId: child.id, guardianId: guardian.id })).rejects.toMatchObject({
      slug: 'person-not-found',
    });
  });

  it('is taken in by nobody whom a block keeps from the person, whichever role they name', async () => {
    await blocked(person, administrator.personId);
    await expect(register()).rejects.toMatchObject({ slug: 'person-not-found' });
  });

  it('of a child comes from a guardian, or from a child that is known to be thirteen', async () => {
    const born = async (birthDate?: string) =>
      (await aPerson(store, organisation.id, { kind: 'child', ...(birthDate !== undefined && { birthDate }) })).id;
    for (const personId of [await born(), await born('2013-11-24')]) {
      await expect(register({ personId })).rejects.toMatchObject({ slug: 'malformed-request' });
    }
    expect((await register({ personId: await born('2013-11-23') })).status).toBe(201);
  });

  it('cannot have come tomorrow, and takes values to be put right only where that is asked for', async () => {
    const wrongs: Partial<Wanted>[] = [
      { receivedOn: '2026-11-24' },
      { right: 'rectification' },
      { proposal: { lastName: 'Vik' } },
      { entities: ['person'] },
      { right: 'objection', entities: ['nothing'] },
    ];
    for (const wrong of wrongs) {
      await expect(register(wrong)).rejects.toMatchObject({ slug: 'malformed-request' });
    }
  });

  it('is one of ten that may be open about one person', async () => {
    for (let count = 0; count < 10; count++) await register({ right: 'rectification', text: 'Feil adresse' });
    await expect(register()).rejects.toMatchObject({ slug: 'too-many' });
  });

  it('of another organisation is not found', async () => {
    const params = { ...inOrganisation(), requestId: anId('req') };
    await expect(staff().recordIdentity({ params, body: { evidence: 'known-in-person' } })).rejects.toMatchObject({
      slug: 'request-not-found',
    });
    await expect(staff().makeClaimCode({ params })).rejects.toMatchObject({ slug: 'request-not-found' });
  });
});

describe('the answer to it', () => {
  it('is opened by the link from one mail and the code from another, and offers the copy', async () => {
    const { token } = await answered();
    expect(await look(token)).toContain('Send meg en kode');
    expect(await (await post(token, 'code')).text()).toContain('Vi har sendt deg en engangskode');
    const code = await mailedCode();
    const opened = await post(token, 'answer', { code });
    expect(opened.status).toBe(200);
    const page = await opened.text();
    expect(page).toContain('Innsyn i opplysningene om deg');
    const download = await post(token, 'copy', { pass: passIn(page) });
    expect(await download.text()).toContain('https://files.vern.test/');
    expect(copies.map((bytes) => Buffer.from(bytes).toString())).toEqual(['the copy']);
  });

  it('has no copy any more when its seven days are over', async () => {
    const { token } = await answered();
    const readyAt = store.clock.getTime();
    store.clock = new Date(readyAt + 7 * 24 * 3600_000 - 60_000);
    const page = await openedBy(token);
    store.clock = new Date(readyAt + 7 * 24 * 3600_000 + 60_000);
    expect((await post(token, 'copy', { pass: passIn(page) })).status).toBe(404);
    expect(await openedBy(token)).toContain('Tiden for å laste ned kopien er ute');
  });

  it('says why something was refused, in the words of the law and of those who decided', async () => {
    const { body } = await register({ right: 'rectification', text: 'Jeg het aldri det.' });
    await mails();
    await staff().refuseRequest({
      params: { ...inOrganisation(), requestId: body.id },
      body: { reason: 'information-is-correct', words: 'Navnet er kontrollert mot fødselsattesten.' },
    });
    const page = await openedBy(await tokenMailed());
    expect(page).toContain('Det du ba om, ble ikke gjort.');
    expect(page).toContain('artikkel 16');
    expect(page).toContain('Navnet er kontrollert mot fødselsattesten.');
    expect(page).toContain('Datatilsynet');
  });

  it('to an erasure says that the certificate is awaited, and hands it out once it is signed (KP-14)', async () => {
    const { body } = await register({ right: 'erasure', identity: { evidence: 'known-in-person' } });
    const requestId = body.id;
    const entry = await recordsNow().get(requestRef(ownerOf(organisation.id, person.id), requestId));
    const erasureId = anId('ers');
    const holder = ownerOf(organisation.id, person.id);
    const call = aCall(store);
    const change = call.records.change();
    orderErasure(change, { id: erasureId, owner: holder, cause: 'request', requestId }, store.clock);
    change.put(entry!.ref, { ...entry!.value, erasureId, state: 'answered' }, { version: entry!.version });
    announceAnswer(change, { controller: organisation.id, requestId, what: 'answer' }, call);
    await change.activity({ event: 'erasure.answered', subject: holder }).commit();
    const token = await tokenMailed();
    const awaited = await openedBy(token);
    expect(awaited).toContain('kommer en signert bekreftelse');
    expect(awaited).not.toContain(`/l/${token}/certificate`);

    const stored = await recordsNow().get(erasureRef({ id: erasureId, holder }));
    const certificate = { id: anId('crt'), document: '{"erased":true}', keyId: 'key', signature: 'c2ln' };
    const later = aCall(store);
    const certified = later.records.change().put(stored!.ref, { ...stored!.value, certificate }, { version: 1 });
    announceAnswer(certified, { controller: organisation.id, requestId, what: 'certificate' }, later);
    await certified.activity({ event: 'erasure.certified', subject: holder }).commit();
    store.clock = new Date(store.clock.getTime() + 60_000);
    const last = await tokenMailed();
    const page = await openedBy(last);
    const response = await post(last, 'certificate', { pass: passIn(page) });
    expect(response.headers.get('content-disposition')).toContain(`${certificate.id}.json`);
    const { id: _, ...signed } = certificate;
    expect(await response.json()).toEqual(signed);
  });

  it('is looked at as often as one likes, and nothing happens by that', async () => {
    const { token, requestId } = await answered();
    const before = await recordsNow().get(claimRef(organisation.id, requestId));
    for (let look_ = 0; look_ < 3; look_++) expect(await look(token)).toContain('engangskode');
    expect(await recordsNow().get(claimRef(organisation.id, requestId))).toEqual(before);
    expect(await mails()).toHaveLength(0);
  });

  it('answers a wrong, a used and a never asked-for code alike', async () => {
    const { token } = await answered();
    const pages = [await refusedPage(token, '000000')];
    await post(token, 'code');
    const code = await mailedCode();
    pages.push(await refusedPage(token, code === '000000' ? '111111' : '000000'));
    await post(token, 'answer', { code });
    pages.push(await refusedPage(token, code));
    pages.push(await refusedPage(token, 'ikke en kode'));
    expect(new Set(pages).size).toBe(1);
  });

  it('takes JSON as well, and then answers a refusal as a problem document', async () => {
    const { token } = await answered();
    const refusal = service()
      .as()
      .openClaim({ params: { token }, body: { code: '000000' } });
    await expect(refusal).rejects.toMatchObject({ slug: 'claim-code-refused' });
  });

  it('counts every wrong code, also of many that come at once', async () => {
    const { token, requestId } = await answered();
    await post(token, 'code');
    const code = await mailedCode();
    const wrong = code === '000000' ? '111111' : '000000';
    const tried = await Promise.all(Array.from({ length: 8 }, () => post(token, 'answer', { code: wrong })));
    const refusals = tried.filter(({ status }) => status === 403).length;
    expect(tried.every(({ status }) => status === 403 || status === 503)).toBe(true);
    const claim = await recordsNow().get(claimRef(organisation.id, requestId));
    expect(claim?.value.code?.triesLeft).toBe(Math.max(0, 5 - refusals));
    while ((await recordsNow().get(claimRef(organisation.id, requestId)))?.value.code?.triesLeft) {
      await post(token, 'answer', { code: wrong });
    }
    expect((await post(token, 'answer', { code })).status).toBe(403);
  });

  it('mails a code once a minute', async () => {
    const { token } = await answered();
    await post(token, 'code');
    store.clock = new Date(store.clock.getTime() + 15_000);
    const tooSoon = await post(token, 'code');
    expect(tooSoon.status).toBe(429);
    expect(tooSoon.headers.get('retry-after')).toBe('45');
    expect(await tooSoon.text()).toContain('Vent ett minutt');
    store.clock = new Date(store.clock.getTime() + 45_000);
    expect((await post(token, 'code')).status).toBe(200);
    expect(await mails()).toHaveLength(2);
  });

  it('mails no more than twenty codes, and then says where else to turn', async () => {
    const { token, requestId } = await answered();
    const stored = await recordsNow().get(claimRef(organisation.id, requestId));
    await recordsNow()
      .change()
      .put(stored!.ref, { ...stored!.value, codesMailed: 20 }, { version: stored!.version })
      .activity({ event: 'claim.tried', subject: stored!.ref.owner })
      .commit();
    const refusal = await post(token, 'code');
    expect(refusal.status).toBe(429);
    expect(await refusal.text()).toContain('Ta kontakt der du leverte henvendelsen');
  });

  it('gives nothing for a pass that is not the one given out, or is over', async () => {
    const { token } = await answered();
    await post(token, 'code');
    const pass = passIn(await (await post(token, 'answer', { code: await mailedCode() })).text());
    expect((await post(token, 'copy', { pass: 'x'.repeat(32) })).status).toBe(403);
    expect((await post(token, 'certificate', { pass })).status).toBe(404);
    store.clock = new Date(store.clock.getTime() + 15 * 60_000);
    expect((await post(token, 'copy', { pass })).status).toBe(403);
    expect((await post(token, 'certificate', { pass })).status).toBe(403);
    expect(copies).toHaveLength(0);
  });

  it('is answered alike by a link of another kind, one that was never made, and one whose request is gone', async () => {
    const { token, requestId } = await answered();
    const owner = claimRef(organisation.id, requestId).owner;
    await recordsNow()
      .change()
      .keys({ do: 'erase', owner, retentionClass: 'request' })
      .activity({ event: 'request.forgotten', subject: owner })
      .commit();
    for (const dead of [token, 'x'.repeat(32)]) {
      for (const [what, form] of [
        ['code', {}],
        ['answer', { code: '123456' }],
        ['copy', { pass: 'x' }],
        ['certificate', { pass: 'x' }],
      ] as const) {
        const response = await post(dead, what, form);
        expect(response.status).toBe(404);
        expect(await response.text()).toContain('Lenken virker ikke lenger');
      }
    }
  });

  it('is kept from a guardian whom a block has come to keep from the child, also while the child’s data is restricted', async () => {
    const child = await aPerson(store, organisation.id, { kind: 'child' });
    const guardian = await aPerson(store, organisation.id, { kind: 'guardian' });
    await linked(child, guardian, 'information-only');
    const { token } = await answered({ personId: child.id, guardianId: guardian.id });
    const page = await openedBy(token);
    await blocked(child, guardian.id);
    const owner = ownerOf(organisation.id, child.id);
    const restriction = recordsNow().change().activity({ event: 'request.in-force', subject: owner });
    await restriction.keys({ do: 'restrict', owner, retentionClass: 'person' }).commit();
    expect((await post(token, 'copy', { pass: passIn(page) })).status).toBe(404);
    store.clock = new Date(store.clock.getTime() + 60_000);
    await post(token, 'code');
    expect((await post(token, 'answer', { code: await mailedCode() })).status).toBe(404);
    expect(copies).toHaveLength(0);
  });

  it('is handed over with a code on paper where the person came in person, and its link is mailed', async () => {
    const { token, requestId } = await answered({ channel: 'in-person' });
    expect(await look(token)).not.toContain('Send meg en kode');
    expect(await (await post(token, 'code')).text()).toContain('muntlig eller på papir');
    expect(await mails()).toHaveLength(0);
    const params = { ...inOrganisation(), requestId };
    const { body } = await staff().makeClaimCode({ params });
    expect(body).toEqual({ code: expect.stringMatching(/^\d{8}$/) });
    expect((await post(token, 'answer', { code: body.code })).status).toBe(200);
  });

  it('by post is a link and a code for staff to print, and no mail', async () => {
    const { body } = await register({ reply: { by: 'post' } });
    const params = { ...inOrganisation(), requestId: body.id };
    await ready(body.id, body.exportId!);
    expect(await mails()).toHaveLength(0);
    const printed = await staff().makeClaimCode({ params });
    const token = printed.body.path?.slice('/l/'.length) ?? '';
    expect((await post(token, 'answer', { code: printed.body.code })).status).toBe(200);
  });

  it('has no code for staff to hand over where it is mailed', async () => {
    const { requestId } = await answered();
    const params = { ...inOrganisation(), requestId };
    await expect(staff().makeClaimCode({ params })).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('runs no script, loads nothing, and says how to complain, in both languages (ALL-01)', async () => {
    const { token } = await answered();
    for (const language of ['nb', 'en']) {
      const response = await service().send(`https://vern.test/l/${token}`, {
        method: 'GET',
        headers: { 'accept-language': language },
      });
      const html = await response.text();
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain('Datatilsynet');
      expect(html).not.toMatch(/<(script|img|link|iframe)|src=|url\(|@import|\son\w+=/i);
      expect(html).not.toMatch(/Ragnhild|Solbakken/);
      expect(response.headers.get('content-security-policy')).toContain("form-action 'self'");
    }
  });
});

const inOrganisation = () => ({ organisationId: organisation.id });
type Wanted = Parameters<ReturnType<typeof staff>['registerRequest']>[0]['body'];
const wanted = (but: Partial<Wanted> = {}): Wanted => ({
  personId: person.id,
  right: 'access',
  channel: 'e-mail',
  identity: { evidence: 'identity-document' },
  receivedOn: '2026-11-23',
  reply: { by: 'e-mail', email: 'ragnhild@example.org' },
  language: 'nb',
  ...but,
});
const register = (but: Partial<Wanted> = {}, who = administrator) =>
  staff(who).registerRequest({ params: inOrganisation(), body: wanted(but) });

/** A request whose copy is ready, and the link of the mail that says so. */
async function answered(but: Partial<Wanted> = {}): Promise<{ token: string; requestId: RequestId }> {
  const { body } = await register(but);
  await mails();
  await ready(body.id, body.exportId!);
  const [mail] = await mails();
  const token = /\/l\/([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
  expect(token).not.toBe('');
  return { token, requestId: body.id };
}

/** What the exporter does when the copy is there. */
async function ready(requestId: RequestId, exportId: ExportId) {
  const call = aCall(store);
  const holder = claimRef(organisation.id, requestId).owner;
  const stored = await call.records.get(exportRef(holder, exportId));
  const change = call.records.change();
  const expiresAt = new Date(store.clock.getTime() + 7 * 24 * 3600_000).toISOString();
  const bytes = Buffer.from('the copy');
  sealed.set(fileKeyOf(exportId), await call.records.sealFile(holder, 'export', filePlaceOf(exportId), bytes));
  change.put(stored!.ref, { ...stored!.value, state: 'ready', expiresAt }, { version: stored!.version });
  announceAnswer(change, { controller: organisation.id, requestId: RequestId.parse(requestId), what: 'answer' }, call);
  await change.activity({ event: 'export.ready', subject: holder }).commit();
}

async function linked(child: PersonRecord, guardian: PersonRecord, rights: 'information-only') {
  const owner = ownerOf(organisation.id, child.id);
  await recordsNow()
    .change()
    .put(
      { entity: guardianLinkEntity, owner, key: guardian.id },
      { guardianId: guardian.id, relation: 'other', rights, livesWith: false, from: '2026-01-01' },
      'new',
    )
    .activity({ event: 'guardian.linked', subject: owner })
    .commit();
}

async function blocked(from: PersonRecord, grownUp: PersonRecord['id']) {
  const owner = ownerOf(organisation.id, from.id);
  await recordsNow()
    .change()
    .put(
      { entity: blockEntity, owner, key: grownUp },
      { personId: grownUp, basis: 'court-order', since: '2026-01-01' },
      'new',
    )
    .activity({ event: 'block.put', subject: owner })
    .commit();
}

const throughRestriction = { throughRestriction: true } as const;
const recordsNow = (options?: typeof throughRestriction) =>
  openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') }, undefined, options);

/** Sends what is due, and gives what has come since the last time. */
async function mails() {
  const before = ses.mails.length;
  await sweepOutbox({
    post: { sendMail: ses.sendMail, senderAddress: 'notices@vern.example', publicUrl: 'https://vern.test' },
    openCall: () => ({ now: store.now(), records: recordsNow(), throughRestriction: recordsNow(throughRestriction) }),
    log: (line) => expect(line).toBeUndefined(),
  });
  return Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
}
const mailedCode = async () => /^\d{6}$/m.exec((await mails()).at(-1)?.text ?? '')?.[0] ?? 'no code';

async function tokenMailed(): Promise<string> {
  const texts = (await mails()).map(({ text }) => text ?? '');
  return /\/l\/([\w-]+)/.exec(texts.find((text) => text.includes('/l/')) ?? '')?.[1] ?? 'no link';
}
async function openedBy(token: string): Promise<string> {
  await post(token, 'code');
  const response = await post(token, 'answer', { code: await mailedCode() });
  expect(response.status).toBe(200);
  return response.text();
}

const html = { accept: 'text/html' };
const look = async (token: string) =>
  (await service().send(`https://vern.test/l/${token}`, { method: 'GET', headers: html })).text();
/** As the forms of the page send it. */
const post = (token: string, what: string, fields: Record<string, string> = {}) =>
  service().send(`https://vern.test/l/${token}/${what}`, {
    method: 'POST',
    headers: { ...html, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
const passIn = (page: string) => /name="pass" value="([\w-]+)"/.exec(page)?.[1] ?? 'no pass';
async function refusedPage(token: string, code: string) {
  const response = await post(token, 'answer', { code });
  expect(response.status).toBe(403);
  return response.text();
}
