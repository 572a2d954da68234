import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { announceAnswer } from '../../../lambdas/features/claims/announce.ts';
import { claimRef } from '../../../lambdas/features/claims/claim.ts';
import { erasureRef } from '../../../lambdas/features/erasure/erasure.ts';
import { orderErasure } from '../../../lambdas/features/erasure/order.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { requestRef } from '../../../lambdas/features/requests/request.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';

import { aDesk, type Desk, passIn } from './world.ts';

let dynamoDb: TestDynamoDb;
let desk: Desk;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  desk = await aDesk(dynamoDb);
});

describe('the answer to it', () => {
  it('is opened by the link from one mail and the code from another, and offers the copy', async () => {
    const { token } = await desk.answered();
    expect(await desk.look(token)).toContain('Send meg en kode');
    expect(await (await desk.post(token, 'code')).text()).toContain('Vi har sendt deg en engangskode');
    const code = await desk.mailedCode();
    const opened = await desk.post(token, 'answer', { code });
    expect(opened.status).toBe(200);
    const page = await opened.text();
    expect(page).toContain('Innsyn i opplysningene om deg');
    const download = await desk.post(token, 'copy', { pass: passIn(page) });
    expect(await download.text()).toContain('https://files.vern.test/');
    expect(desk.copies.map((bytes) => Buffer.from(bytes).toString())).toEqual(['the copy']);
  });

  it('has no copy any more when its seven days are over', async () => {
    const { token } = await desk.answered();
    const readyAt = desk.store.clock.getTime();
    desk.store.clock = new Date(readyAt + 7 * 24 * 3600_000 - 60_000);
    const page = await desk.openedBy(token);
    desk.store.clock = new Date(readyAt + 7 * 24 * 3600_000 + 60_000);
    expect((await desk.post(token, 'copy', { pass: passIn(page) })).status).toBe(404);
    expect(await desk.openedBy(token)).toContain('Tiden for å laste ned kopien er ute');
  });

  it('says why something was refused, in the words of the law and of those who decided', async () => {
    const { body } = await desk.register({ right: 'rectification', text: 'Jeg het aldri det.' });
    await desk.mails();
    await desk.staff().refuseRequest({
      params: { ...desk.inOrganisation(), requestId: body.id },
      body: { reason: 'information-is-correct', words: 'Navnet er kontrollert mot fødselsattesten.' },
    });
    const page = await desk.openedBy(await desk.tokenMailed());
    expect(page).toContain('Det du ba om, ble ikke gjort.');
    expect(page).toContain('artikkel 16');
    expect(page).toContain('Navnet er kontrollert mot fødselsattesten.');
    expect(page).toContain('Datatilsynet');
  });

  it('to an erasure says that the certificate is awaited, and hands it out once it is signed (KP-14)', async () => {
    const { body } = await desk.register({ right: 'erasure', identity: { evidence: 'known-in-person' } });
    const requestId = body.id;
    const entry = await desk.recordsNow().get(requestRef(ownerOf(desk.organisation.id, desk.person.id), requestId));
    const erasureId = anId('ers');
    const holder = ownerOf(desk.organisation.id, desk.person.id);
    const call = aCall(desk.store);
    const change = call.records.change();
    orderErasure(change, { id: erasureId, owner: holder, cause: 'request', requestId }, desk.store.clock);
    change.put(entry!.ref, { ...entry!.value, erasureId, state: 'answered' }, { version: entry!.version });
    announceAnswer(change, { controller: desk.organisation.id, requestId, what: 'answer' }, call);
    await change.activity({ event: 'erasure.answered', subject: holder }).commit();
    const token = await desk.tokenMailed();
    const awaited = await desk.openedBy(token);
    expect(awaited).toContain('kommer en signert bekreftelse');
    expect(awaited).not.toContain(`/l/${token}/certificate`);

    const stored = await desk.recordsNow().get(erasureRef({ id: erasureId, holder }));
    const certificate = { id: anId('crt'), document: '{"erased":true}', keyId: 'key', signature: 'c2ln' };
    const later = aCall(desk.store);
    const certified = later.records.change().put(stored!.ref, { ...stored!.value, certificate }, { version: 1 });
    announceAnswer(certified, { controller: desk.organisation.id, requestId, what: 'certificate' }, later);
    await certified.activity({ event: 'erasure.certified', subject: holder }).commit();
    desk.store.clock = new Date(desk.store.clock.getTime() + 60_000);
    const last = await desk.tokenMailed();
    const page = await desk.openedBy(last);
    const response = await desk.post(last, 'certificate', { pass: passIn(page) });
    expect(response.headers.get('content-disposition')).toContain(`${certificate.id}.json`);
    const { id: _, ...signed } = certificate;
    expect(await response.json()).toEqual(signed);
  });

  it('is looked at as often as one likes, and nothing happens by that', async () => {
    const { token, requestId } = await desk.answered();
    const before = await desk.recordsNow().get(claimRef(desk.organisation.id, requestId));
    for (let looks = 0; looks < 3; looks++) expect(await desk.look(token)).toContain('engangskode');
    expect(await desk.recordsNow().get(claimRef(desk.organisation.id, requestId))).toEqual(before);
    expect(await desk.mails()).toHaveLength(0);
  });

  it('answers a wrong, a used and a never asked-for code alike', async () => {
    const { token } = await desk.answered();
    const pages = [await desk.refusedPage(token, '000000')];
    await desk.post(token, 'code');
    const code = await desk.mailedCode();
    pages.push(await desk.refusedPage(token, code === '000000' ? '111111' : '000000'));
    await desk.post(token, 'answer', { code });
    pages.push(await desk.refusedPage(token, code));
    pages.push(await desk.refusedPage(token, 'ikke en kode'));
    expect(new Set(pages).size).toBe(1);
  });

  it('takes JSON as well, and then answers a refusal as a problem document', async () => {
    const { token } = await desk.answered();
    const refusal = desk
      .service()
      .as()
      .openClaim({ params: { token }, body: { code: '000000' } });
    await expect(refusal).rejects.toMatchObject({ slug: 'claim-code-refused' });
  });

  it('counts every wrong code, also of many that come at once', async () => {
    const { token, requestId } = await desk.answered();
    await desk.post(token, 'code');
    const code = await desk.mailedCode();
    const wrong = code === '000000' ? '111111' : '000000';
    const tried = await Promise.all(Array.from({ length: 8 }, () => desk.post(token, 'answer', { code: wrong })));
    const refusals = tried.filter(({ status }) => status === 403).length;
    expect(tried.every(({ status }) => status === 403 || status === 503)).toBe(true);
    const claim = await desk.recordsNow().get(claimRef(desk.organisation.id, requestId));
    expect(claim?.value.code?.triesLeft).toBe(Math.max(0, 5 - refusals));
    while ((await desk.recordsNow().get(claimRef(desk.organisation.id, requestId)))?.value.code?.triesLeft) {
      await desk.post(token, 'answer', { code: wrong });
    }
    expect((await desk.post(token, 'answer', { code })).status).toBe(403);
  });

  it('mails a code once a minute', async () => {
    const { token } = await desk.answered();
    await desk.post(token, 'code');
    desk.store.clock = new Date(desk.store.clock.getTime() + 15_000);
    const tooSoon = await desk.post(token, 'code');
    expect(tooSoon.status).toBe(429);
    expect(tooSoon.headers.get('retry-after')).toBe('45');
    expect(await tooSoon.text()).toContain('Vent ett minutt');
    desk.store.clock = new Date(desk.store.clock.getTime() + 45_000);
    expect((await desk.post(token, 'code')).status).toBe(200);
    expect(await desk.mails()).toHaveLength(2);
  });

  it('mails no more than twenty codes, and then says where else to turn', async () => {
    const { token, requestId } = await desk.answered();
    const stored = await desk.recordsNow().get(claimRef(desk.organisation.id, requestId));
    await desk
      .recordsNow()
      .change()
      .put(stored!.ref, { ...stored!.value, codesMailed: 20 }, { version: stored!.version })
      .activity({ event: 'claim.tried', subject: stored!.ref.owner })
      .commit();
    const refusal = await desk.post(token, 'code');
    expect(refusal.status).toBe(429);
    expect(await refusal.text()).toContain('Ta kontakt der du leverte henvendelsen');
  });

  it('gives nothing for a pass that is not the one given out, or is over', async () => {
    const { token } = await desk.answered();
    await desk.post(token, 'code');
    const pass = passIn(await (await desk.post(token, 'answer', { code: await desk.mailedCode() })).text());
    expect((await desk.post(token, 'copy', { pass: 'x'.repeat(32) })).status).toBe(403);
    expect((await desk.post(token, 'certificate', { pass })).status).toBe(404);
    desk.store.clock = new Date(desk.store.clock.getTime() + 15 * 60_000);
    expect((await desk.post(token, 'copy', { pass })).status).toBe(403);
    expect((await desk.post(token, 'certificate', { pass })).status).toBe(403);
    expect(desk.copies).toHaveLength(0);
  });

  it('is answered alike by a link of another kind, one that was never made, and one whose request is gone', async () => {
    const { token, requestId } = await desk.answered();
    const owner = claimRef(desk.organisation.id, requestId).owner;
    await desk
      .recordsNow()
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
        const response = await desk.post(dead, what, form);
        expect(response.status).toBe(404);
        expect(await response.text()).toContain('Lenken virker ikke lenger');
      }
    }
  });

  it('is kept from a guardian whom a block has come to keep from the child, also while the child’s data is restricted', async () => {
    const child = await aPerson(desk.store, desk.organisation.id, { kind: 'child' });
    const guardian = await aPerson(desk.store, desk.organisation.id, { kind: 'guardian' });
    await desk.linked(child, guardian, 'information-only');
    const { token } = await desk.answered({ personId: child.id, guardianId: guardian.id });
    const page = await desk.openedBy(token);
    await desk.blocked(child, guardian.id);
    const owner = ownerOf(desk.organisation.id, child.id);
    const restriction = desk.recordsNow().change().activity({ event: 'request.in-force', subject: owner });
    await restriction.keys({ do: 'restrict', owner, retentionClass: 'person' }).commit();
    expect((await desk.post(token, 'copy', { pass: passIn(page) })).status).toBe(404);
    desk.store.clock = new Date(desk.store.clock.getTime() + 60_000);
    await desk.post(token, 'code');
    expect((await desk.post(token, 'answer', { code: await desk.mailedCode() })).status).toBe(404);
    expect(desk.copies).toHaveLength(0);
  });

  it('made for responsibility is kept from a guardian who is only to be informed since then', async () => {
    const child = await aPerson(desk.store, desk.organisation.id, { kind: 'child' });
    const guardian = await aPerson(desk.store, desk.organisation.id, { kind: 'guardian' });
    await desk.linked(child, guardian, 'parental-responsibility');
    const { token } = await desk.answered({ personId: child.id, guardianId: guardian.id });
    const page = await desk.openedBy(token);
    await desk.linked(child, guardian, 'information-only');
    expect((await desk.post(token, 'copy', { pass: passIn(page) })).status).toBe(404);
    expect(desk.copies).toHaveLength(0);
  });

  it('is handed over with a code on paper where the person came in person, and its link is mailed', async () => {
    const { token, requestId } = await desk.answered({ channel: 'in-person' });
    expect(await desk.look(token)).not.toContain('Send meg en kode');
    expect(await (await desk.post(token, 'code')).text()).toContain('muntlig eller på papir');
    expect(await desk.mails()).toHaveLength(0);
    const params = { ...desk.inOrganisation(), requestId };
    const { body } = await desk.staff().makeClaimCode({ params });
    expect(body).toEqual({ code: expect.stringMatching(/^\d{8}$/) });
    expect((await desk.post(token, 'answer', { code: body.code })).status).toBe(200);
  });

  it('by post is a link and a code for staff to print, and no mail', async () => {
    const { body } = await desk.register({ reply: { by: 'post' } });
    const params = { ...desk.inOrganisation(), requestId: body.id };
    await desk.ready(body.id, body.exportId!);
    expect(await desk.mails()).toHaveLength(0);
    const printed = await desk.staff().makeClaimCode({ params });
    const token = printed.body.path?.slice('/l/'.length) ?? '';
    expect((await desk.post(token, 'answer', { code: printed.body.code })).status).toBe(200);
  });

  it('has no code for staff to hand over where it is mailed', async () => {
    const { requestId } = await desk.answered();
    const params = { ...desk.inOrganisation(), requestId };
    await expect(desk.staff().makeClaimCode({ params })).rejects.toMatchObject({ slug: 'wrong-state' });
  });

  it('runs no script, loads nothing, and says how to complain, in both languages (ALL-01)', async () => {
    const { token } = await desk.answered();
    for (const language of ['nb', 'en']) {
      const response = await desk.service().send(`https://vern.test/l/${token}`, {
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
