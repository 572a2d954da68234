import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LinkEffect } from '../../../lambdas/features/links/handlers.ts';
import { findLink, makeLink, type Purpose, purposes } from '../../../lambdas/features/links/link.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { asking } from '../../../lambdas/features/links/words.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { aService } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

/** These may be pressed again: a mail program may have pressed before its reader (RFC 8058). */
const pressedAgain: readonly Purpose[] = ['decline-notices', 'unsubscribe'];
const acting = purposes.filter((purpose) => Object.hasOwn(asking, purpose));
const leading = purposes.filter((purpose) => !acting.includes(purpose));
const HOUR = 60 * 60;

let db: TestDynamoDb;
let store: TestStore;
let controller: ReturnType<typeof anId<'org'>>;
let service: ReturnType<typeof aService<typeof linkRoutes>>;
/** What was done, and for whom. */
let done: { readonly purpose: Purpose; readonly owner: Owner; readonly about: string | undefined }[];
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  controller = anId('org');
  store = await aStore(db.client, await db.createTables(), [controller]);
  done = [];
  const effect: LinkEffect = async ({ purpose, owner, about }, use) => {
    await use.activity({ event: 'test.happened', subject: owner }).commit();
    done.push({ purpose, owner, about });
  };
  const effects = Object.fromEntries(acting.map((purpose) => [purpose, effect]));
  const pages = Object.fromEntries(
    leading.map((purpose) => [purpose, async () => ({ title: 'Here', paragraphs: [] })]),
  );
  service = aService(store, linkRoutes, someLinkHandlers(effects, pages));
});

describe('a link for any purpose', () => {
  it('changes nothing when its page is fetched by GET or HEAD, as mail scanners do', async () => {
    const links = await Promise.all(purposes.map((purpose) => made({ purpose, owner: aPerson() })));
    const before = await everythingIn(store, db.client);
    for (const { purpose, token } of links) {
      for (const method of ['GET', 'HEAD', 'GET'] as const) {
        const { status, headers, body } = await send(method, token);
        expect(status, `${method} of ${purpose}`).toBe(200);
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(body.length === 0).toBe(method === 'HEAD');
      }
    }
    expect(done).toEqual([]);
    expect(await everythingIn(store, db.client)).toEqual(before);
  });

  it.each([
    ['what the page of ours sends', 'application/x-www-form-urlencoded', ''],
    ['RFC 8058', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'RFC 8058, as multipart',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    ['a form with fields that nobody knows', 'application/x-www-form-urlencoded', 'purpose=reset-totp&owner=per_1'],
  ])('is pressed by a POST without cookie or sign-in, and its form is not read: %s', async (_, type, body) => {
    for (const purpose of acting) {
      const owner = aPerson();
      const { token } = await made({ purpose, owner });
      const pressed = await send('POST', token, { headers: { 'content-type': type }, body });
      expect(pressed.status).toBe(200);
      expect(pressed.headers.get('set-cookie')).toBeNull();
      expect(done.at(-1)).toEqual({ purpose, owner, about: undefined });
    }
  });

  it('takes no JSON, and no other field in its address', async () => {
    const { token } = await made({ purpose: 'decline-notices', owner: aPerson() });
    const json = { headers: { 'content-type': 'application/json' }, body: '{}' };
    expect((await send('POST', token, json)).status).toBe(400);
    expect((await send('POST', `${token}?owner=per_1`)).status).toBe(400);
    expect(done).toEqual([]);
  });

  it('speaks the language in its address, whatever the browser asks for, and that of the browser without one', async () => {
    const { token } = await made({ purpose: 'decline-notices', owner: aPerson() });
    const said = async (address: string, headers: Record<string, string> = {}) =>
      /<html lang="(\w+)">/.exec((await send('GET', address, { headers })).body)?.[1];
    expect(await said(`${token}?language=en`, { 'accept-language': 'nb' })).toBe('en');
    expect(await said(`${token}?language=nb`, { 'accept-language': 'en' })).toBe('nb');
    expect(await said(token, { 'accept-language': 'en' })).toBe('en');
    expect(await said(token)).toBe('nb');
    expect(await said(`${'x'.repeat(32)}?language=en`, { accept: 'text/html' })).toBe('en');
  });

  it('has its one effect, for its own purpose and person, until it expires, whatever is tried with it', async () => {
    const links = fc.array(
      fc.record({
        purpose: fc.constantFrom(...acting),
        about: fc.option(fc.constantFrom('arrivals', 'newsletter'), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const steps = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('GET', 'HEAD', 'POST'), link: fc.nat(3) }) },
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant('guess'),
            link: fc.nat(3),
            place: fc.nat(31),
            by: fc.integer({ min: 1, max: 63 }),
          }),
        },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), link: fc.constant(0) }) },
      ),
      { minLength: 1, maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(links, steps, async (wanted, tried) => {
        done = [];
        const all = await Promise.all(wanted.map((link) => made({ ...link, owner: aPerson() })));
        const used = new Set<string>();
        let isOver = false;
        for (const step of tried) {
          const link = all[step.link % all.length]!;
          if (step.do === 'wait') {
            store.clock = new Date(store.clock.getTime() + (HOUR + 1) * 1000);
            isOver = true;
            continue;
          }
          const before = done.length;
          if ('place' in step) {
            expect((await send('POST', another(link.token, step.place, step.by))).status).toBe(404);
            expect(done).toHaveLength(before);
            continue;
          }
          const isOpen = !isOver && !used.has(link.token);
          expect((await send(step.do, link.token)).status).toBe(isOpen ? 200 : 404);
          const { token: _, ...asMade } = link;
          expect(done.slice(before)).toEqual(isOpen && step.do === 'POST' ? [{ about: undefined, ...asMade }] : []);
          if (step.do === 'POST' && !pressedAgain.includes(link.purpose)) used.add(link.token);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('is at least 128 random bits, kept as a hash alone, and gone with its term', async () => {
    const made20 = await Promise.all(
      Array.from({ length: 20 }, () => made({ purpose: 'confirm-email', owner: aPerson() })),
    );
    const bytes = made20.map(({ token }) => Buffer.from(token, 'base64url'));
    for (const token of bytes) expect(token.byteLength * 8).toBeGreaterThanOrEqual(128);
    // Of every bit both values occur among twenty: all of them are drawn (2⁻¹⁹ to fail, times 192 bits).
    const ever = (bit: number) => new Set(bytes.map((token) => ((token[bit >> 3] ?? 0) >> (bit & 7)) & 1)).size;
    expect(
      Array.from({ length: bytes[0]!.byteLength * 8 }, (_, bit) => ever(bit)).filter((values) => values < 2),
    ).toHaveLength(0);
    const rows = JSON.stringify(await everythingIn(store, db.client));
    for (const { token } of made20) expect(rows).not.toContain(token);
    store.clock = new Date(store.clock.getTime() + HOUR * 1000);
    for (const { token } of made20) expect(await findLink(aCall(store).records, token)).toBeUndefined();
  });
});

const aPerson = (): Owner => ({ controller, subject: anId('per') });

async function made(wanted: { readonly purpose: Purpose; readonly owner: Owner; readonly about?: string | undefined }) {
  const { purpose, owner, about } = wanted;
  const call = aCall(store);
  const change = call.records.change();
  const link = { purpose, owner, validForSeconds: HOUR, ...(about !== undefined && { about }) };
  const { token } = makeLink(change, link, call);
  await change.activity({ event: 'link.made', subject: owner }).commit();
  return { ...wanted, token };
}

async function send(method: string, address: string, init: { headers?: Record<string, string>; body?: string } = {}) {
  const response = await service.send(`https://vern.test/l/${address}`, { method, ...init });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** The same token with one sign changed. */
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const another = (token: string, place: number, by: number) =>
  token.replace(/./g, (sign, at: number) =>
    at === place % token.length ? (SIGNS[(SIGNS.indexOf(sign) + by) % 64] ?? '') : sign,
  );

/** Every row of every table: what was only looked at leaves no trace in any. */
async function everythingIn({ tableNames }: TestStore, client: DynamoDBClient) {
  const scans = Object.values(tableNames).map((TableName) => client.send(new ScanCommand({ TableName })));
  const rows = (await Promise.all(scans)).flatMap(({ Items = [] }) =>
    Items.map((item) => JSON.stringify(Object.entries(item).sort())),
  );
  return rows.sort();
}
