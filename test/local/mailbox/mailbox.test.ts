import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MovableClock, movableClock } from '../../../local/clock.ts';
import { type EmbeddedMailbox, startMailbox } from '../../../local/mailbox/server.ts';
import { type EmbeddedSes, startSes } from '../../../local/ses/server.ts';
import { openPhoneStore, type PhoneStore } from '../../../local/sns/phone-store.ts';

const noDisk = () => ({ tables: async () => [], lose: async () => {} });
let clock: MovableClock;
let ses: EmbeddedSes;
let mailbox: EmbeddedMailbox;
let phones: PhoneStore;
let stateDir: string;

const start = async () => {
  clock = movableClock({ stateDir, now: () => Date.parse('2026-11-21T12:00:00Z') });
  ses = await startSes({ stateDir, clock });
  phones = openPhoneStore(stateDir);
  mailbox = await startMailbox({ messages: ses.mails, phones, clock, disk: noDisk });
};
beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'vern-mailbox-'));
  await start();
});
const stop = async () => {
  await mailbox.close();
  await ses.close();
  phones.close();
};
afterEach(stop);

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
const send = async (mail: SendMailOptions = {}) => {
  const { message } = await composer.sendMail({
    from: 'Vern <vern@example.org>',
    to: 'ola@example.org',
    subject: 'Hei',
    text: 'Hei på deg',
    ...mail,
  });
  const form = { Action: 'SendRawEmail', 'RawMessage.Data': (message as Buffer).toString('base64') };
  const answer = await fetch(ses.url, { method: 'POST', body: new URLSearchParams(form) });
  return /<MessageId>(.*)<\/MessageId>/.exec(await answer.text())![1]!;
};
const asPage = { headers: { accept: 'text/html,application/xhtml+xml' } };
const get = (path: string, init: RequestInit = {}) => fetch(mailbox.url + path, init);
const page = async (path: string) => (await get(path, asPage)).text();
const listed = async (query = '') => (await (await get(`/messages${query}`)).json()) as Record<string, unknown>[];

describe('what came to phones', () => {
  const sms = { channel: 'sms', from: 'Vern', title: '', text: 'Noe <b>venter</b>' } as const;
  const came = async (query = '') => (await (await get(`/phones${query}`)).json()) as Record<string, unknown>[];

  it('is JSON for programs, newest first, by number, and a page for people', async () => {
    phones.add({ ...sms, to: '+4790000001', sentAt: '2026-11-21T12:00:00.000Z' });
    const push = { channel: 'push', to: 'ab12', from: 'APNS', title: 'Vern', text: 'Noe nytt' } as const;
    phones.add({ ...push, sentAt: '2026-11-21T12:01:00.000Z' });
    expect((await came()).map(({ to }) => to)).toEqual(['ab12', '+4790000001']);
    expect(await came(`?to=${encodeURIComponent('+4790000001')}`)).toMatchObject([sms]);
    const shown = await page('/phones');
    expect(shown).toContain('Noe &lt;b&gt;venter');
    expect(shown).toContain('Push through APNS, to ab12');
  });

  it('is emptied by programs, and not by a page from elsewhere', async () => {
    phones.add({ ...sms, to: '+4790000001', sentAt: '2026-11-21T12:00:00.000Z' });
    const fromElsewhere = { method: 'DELETE', headers: { origin: 'https://evil.example' } };
    expect((await get('/phones', fromElsewhere)).status).toBe(403);
    expect(await came()).toHaveLength(1);
    expect((await get('/phones', { method: 'DELETE' })).status).toBe(204);
    expect(await came()).toEqual([]);
  });
});

describe('mails as JSON', () => {
  it('come newest first, with all that was sent', async () => {
    await send({ subject: 'Første' });
    clock.advance('PT1H');
    const id = await send({
      subject: 'Blåbær 🫐',
      to: 'Åse <ase@example.org>',
      html: '<p>Hei</p>',
      headers: { 'Content-Language': 'nb' },
    });
    const [newest, oldest] = await listed();
    expect(oldest).toMatchObject({ subject: 'Første', sentAt: '2026-11-21T12:00:00.000Z', html: '' });
    expect(newest).toMatchObject({
      id,
      to: ['ase@example.org'],
      from: 'Vern <vern@example.org>',
      subject: 'Blåbær 🫐',
      headers: { 'content-language': 'nb', to: 'Åse <ase@example.org>' },
      text: 'Hei på deg',
      html: '<p>Hei</p>',
      sentAt: '2026-11-21T13:00:00.000Z',
      undelivered: [],
    });
    expect(newest!['raw']).toContain('Content-Language: nb\r\n');
    expect(await (await get(`/messages/${id}`)).json()).toEqual(newest);
  });

  it('can be asked for by recipient, in any case, and only those come', async () => {
    await send({ to: 'ola@example.org, Kari@example.org', subject: 'both' });
    await send({ to: 'ola@example.org', subject: 'one' });
    expect((await listed('?to=kari@example.org')).map(({ subject }) => subject)).toEqual(['both']);
    expect((await listed('?to=OLA@example.org')).map(({ subject }) => subject)).toEqual(['one', 'both']);
    expect(await listed('?to=example.org')).toEqual([]);
    expect(await listed("?to=' OR 1=1 --")).toEqual([]);
  });

  it('are gone when deleted, also for the next start', async () => {
    const id = await send();
    const deleted = await get('/messages', { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await get(`/messages/${id}`)).status).toBe(404);
    await stop();
    await start();
    expect(await listed()).toEqual([]);
    expect(await page('/')).not.toContain('ola@example.org');
  });

  it('include those that came past SES, and a restart keeps them', async () => {
    const id = await mailbox.add({
      from: 'no-reply@verificationemail.com',
      to: ['ola@example.org'],
      subject: 'Midlertidig passord',
      html: 'Passordet er <b>blåbær</b>',
    });
    await stop();
    await start();
    expect(await listed('?to=ola@example.org')).toMatchObject([
      { id, subject: 'Midlertidig passord', html: 'Passordet er <b>blåbær</b>' },
    ]);
  });
});

describe('the pages', () => {
  it('show a mail’s words as words, wherever they stand', async () => {
    const evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>';
    const id = await send({
      subject: evil,
      text: evil,
      from: { name: evil, address: 'vern@example.org' },
      headers: { 'X-Evil': '<script>alert(3)</script>', 'Content-Language': '"onload="alert(4)' },
      attachments: [{ filename: '<script>.txt', content: 'x' }],
    });
    for (const html of [
      await page('/'),
      await page(`/messages/${id}`),
      await page(`/?to=${encodeURIComponent(evil)}`),
    ]) {
      expect(html).toContain('&lt;script&gt;alert(1)');
      expect(html).not.toMatch(/<script|<img|"onload=/i);
    }
  });

  it('run no script and load nothing from elsewhere, by their policy', async () => {
    const id = await send();
    for (const path of ['/', `/messages/${id}`]) {
      const answer = await get(path, asPage);
      const policy = answer.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src|unsafe|https?:|\*/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      const sources = [...(await answer.text()).matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g)].map(
        ([, source]) => source,
      );
      for (const source of sources) expect(source).toMatch(/^(\/|data:)/);
    }
  });

  it('frame a mail’s own HTML in a sandbox, and it is one when opened alone too', async () => {
    const id = await send({ html: '<!doctype html><base href="https://evil.test"><p onclick="x()">Hei</p>' });
    expect(await page(`/messages/${id}`)).toContain(
      `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html">`,
    );
    const frame = await get(`/messages/${id}/html`);
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups[^;]*; default-src 'none';/);
    expect(frame.headers.get('content-security-policy')).not.toContain('allow-scripts');
    expect(await frame.text()).toMatch(/^<!doctype html><base target="_blank">.*<p onclick="x\(\)">Hei<\/p>$/);
  });

  it('show the links of a text as links, without what ends the sentence', async () => {
    const id = await send({ text: 'Se https://vern.example.org/l/abc?x=1&y=2. javascript:alert(1)' });
    const html = await page(`/messages/${id}`);
    expect(html).toContain('<a href="https://vern.example.org/l/abc?x=1&amp;y=2" target="_blank"');
    expect(html).not.toContain('href="javascript');
  });

  it('give the raw source, and attachments as downloads only', async () => {
    const id = await send({ attachments: [{ filename: 'blå "bær".html', content: '<script>x</script>' }] });
    const raw = await get(`/messages/${id}/raw`);
    expect(raw.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await raw.text()).toContain(`Message-ID: <${id}@eu-west-1.amazonses.com>`);
    const file = await get(`/messages/${id}/attachments/0`);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''bl%C3%A5%20%22b%C3%A6r%22.html");
    expect(await file.text()).toBe('<script>x</script>');
    expect((await get(`/messages/${id}/attachments/1`)).status).toBe(404);
  });

  it('filter by recipient and turn over after fifty', async () => {
    for (let index = 0; index < 51; index++) await send({ subject: `nr. ${index}.` });
    await send({ to: 'kari@example.org', subject: 'for Kari' });
    const first = await page('/?to=ola%40example.org');
    expect(first).toContain('nr. 50.');
    expect(first).not.toContain('nr. 0.');
    expect(first).not.toContain('for Kari');
    expect(first).toContain('href="/?to=ola%40example.org&amp;page=2"');
    const second = await page('/?to=ola%40example.org&page=2');
    expect(second).toContain('nr. 0.');
    expect(second).not.toContain('nr. 50.');
  });

  it('say so when a mail was not delivered', async () => {
    const id = await send({ to: 'bounce@simulator.amazonses.com' });
    expect(await page('/')).toContain('not delivered');
    expect(await page(`/messages/${id}`)).toContain('550 5.1.1 user unknown');
  });

  it('say so when there is nothing', async () => {
    expect(await page('/')).toContain('Nothing has been sent yet.');
    const nowhere = await get('/messages/nowhere', asPage);
    expect(nowhere.status).toBe(404);
    expect(await nowhere.text()).toContain('There is no such mail');
    for (const path of ['/nowhere', '/messages/../clock/x', '/messages/a/b'])
      expect((await get(path)).status).toBe(404);
  });
});

describe('the clock', () => {
  const advance = (body: string) => get('/clock', { method: 'POST', body });

  it('moves for everyone who has it, and tells where it is', async () => {
    expect(await (await get('/clock')).json()).toEqual({ now: '2026-11-21T12:00:00.000Z', offsetMilliseconds: 0 });
    const moved = await advance('{"advance":"P1D"}');
    expect(moved.status).toBe(200);
    expect(await moved.json()).toEqual({ now: '2026-11-22T12:00:00.000Z', offsetMilliseconds: 86_400_000 });
    await send();
    expect(await listed()).toMatchObject([{ sentAt: '2026-11-22T12:00:00.000Z' }]);
  });

  it.each([
    '',
    'P1D',
    '{}',
    '{"advance":1}',
    '{"advance":""}',
    '{"advance":"1 day"}',
    '{"advance":"-P1D"}',
    '{"advance":"P0D"}',
    '[]',
    'null',
  ])('answers %j with a problem, and stays', async (body) => {
    const answer = await advance(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    expect(clock.offsetMilliseconds).toBe(0);
  });

  it('is moved by the page’s buttons', async () => {
    const answer = await get('/clock/moved', {
      method: 'POST',
      body: new URLSearchParams({ advance: 'PT1H' }),
      headers: { origin: mailbox.url, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(303);
    expect(clock.offsetMilliseconds).toBe(3_600_000);
  });
});

describe('strangers', () => {
  it.each<Record<string, string>>([
    { origin: 'https://evil.example.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('that come with %j change nothing', async (headers) => {
    await send();
    const moved = await get('/clock', { method: 'POST', body: '{"advance":"P1D"}', headers });
    const deleted = await get('/messages', { method: 'DELETE', headers });
    expect([moved.status, deleted.status]).toEqual([403, 403]);
    expect(clock.offsetMilliseconds).toBe(0);
    expect(await listed()).toHaveLength(1);
  });

  it.each(['evil.example.test', 'localhost.evil.test', '127.0.0.1.nip.io', '192.168.1.5'])(
    'that call this machine %j read nothing',
    async (host) => {
      const status = await new Promise((resolve, reject) => {
        request(`${mailbox.url}/messages`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(421);
    },
  );
});
