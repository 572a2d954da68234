import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkEffect, LinkPage } from '../../../lambdas/features/links/handlers.ts';
import { findLink, makeLink, type Purpose } from '../../../lambdas/features/links/link.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { declinedNoticesRef, declineNotices } from '../../../lambdas/features/notices/preferences.ts';
import type { RichContent } from '../../../lambdas/http/content.ts';
import { PageProblem } from '../../../lambdas/http/page-problem.ts';
import { Problem } from '../../../lambdas/http/problem.ts';
import type { Content } from '../../../lambdas/http/route.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let owner: Owner;
const done: LinkEffect = (link, use) =>
  use.activity({ event: 'email.confirmed', subject: link.owner }).commit<undefined>();
const effect = vi.fn(done);
const leading = vi.fn<LinkPage>(async (_link, _token, _call, isPressed) => ({
  title: isPressed ? 'Pressed' : 'Looked at',
  paragraphs: [],
}));
const handlers = someLinkHandlers(
  {
    'confirm-email': effect,
    'reset-totp': effect,
    'decline-notices': declineNotices,
    'confirm-dpo-message': effect,
  },
  { 'claim-answer': leading, 'read-dpo-thread': leading },
);

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  const controller = anId('org');
  owner = { controller, subject: anId('per') };
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), [controller]);
  effect.mockReset().mockImplementation(done);
});

describe('a link', () => {
  it('cannot be guessed, and is kept as a hash only', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => made('confirm-email')));
    expect(new Set(tokens).size).toBe(20);
    for (const token of tokens) expect(Buffer.from(token, 'base64url').byteLength).toBeGreaterThanOrEqual(16);
    const { Items } = await dynamoDb.client.send(new ScanCommand({ TableName: store.tableNames.transient }));
    for (const token of tokens) expect(JSON.stringify(Items)).not.toContain(token);
  });

  it('does its purpose on POST, once, for the person it was made for', async () => {
    const token = await made('confirm-email');
    expect(text(await post(token))).toContain('Adressen er bekreftet');
    expect(effect.mock.calls[0]?.[0]).toMatchObject({ purpose: 'confirm-email', owner });
    await expect(post(token)).rejects.toMatchObject({ slug: 'link-not-found' });
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('has its effect once also when it is pressed many times at the same moment', async () => {
    const token = await made('reset-totp');
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => post(token)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ slug: 'link-not-found' });
    }
  });

  it('changes nothing when it is only looked at, as mail scanners do', async () => {
    const token = await made('confirm-email');
    for (let look = 0; look < 3; look++) {
      expect(text(await get(token))).toContain('<form method="post"><button type="submit">Bekreft adressen</button>');
    }
    expect(effect).not.toHaveBeenCalled();
    expect(await findLink(aCall(store).records, token)).toMatchObject({ purpose: 'confirm-email' });
  });

  it('stays usable when its effect is refused, and the page says that nothing was done', async () => {
    const token = await made('confirm-email');
    effect.mockRejectedValueOnce(new Problem('email-taken'));
    const problem = await post(token).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(PageProblem);
    expect(problem).toMatchObject({ slug: 'email-taken' });
    expect(text((problem as PageProblem).page)).toContain('Det gikk ikke');
    expect(text(await post(token))).toContain('Adressen er bekreftet');
  });

  it('is dead after its term, whether or not the row has been removed, with a page that says so', async () => {
    const token = await made('confirm-email');
    store.clock = new Date(store.clock.getTime() + 3601_000);
    const problem = await get(token).catch((error: unknown) => error);
    expect(problem).toMatchObject({ slug: 'link-not-found' });
    expect(text((problem as PageProblem).page)).toContain('Lenken virker ikke lenger');
    await expect(post(token)).rejects.toMatchObject({ slug: 'link-not-found' });
    expect(effect).not.toHaveBeenCalled();
  });

  it('that was never made is answered like a used one', async () => {
    await expect(get('x'.repeat(32))).rejects.toMatchObject({ slug: 'link-not-found' });
  });

  it('can be declined with again and again: the first time stands (RFC 8058)', async () => {
    const token = await made('decline-notices', 'arrivals');
    expect(text(await post(token))).toContain('E-postene er slått av');
    const at = store.clock.toISOString();
    store.clock = new Date(store.clock.getTime() + 60_000);
    expect(text(await post(token))).toContain('E-postene er slått av');
    const declined = await aCall(store).records.get(declinedNoticesRef(owner, 'arrivals'));
    expect(declined).toMatchObject({ version: 1, value: { category: 'arrivals', declinedAt: at } });
  });

  it('that declines says of what kind, before and after', async () => {
    for (const [category, kind] of [
      ['arrivals', 'Når barnet er krysset inn.'],
      ['organisation-news', 'Nytt fra virksomheten.'],
      ['surveys', 'Spørreundersøkelser.'],
      ['digest', 'Alt du har valgt å få samlet.'],
    ] as const) {
      const token = await made('decline-notices', category);
      expect(text(await get(token))).toContain(`<p>${kind}</p>`);
      expect(text(await post(token))).toContain(`<p>${kind}</p>`);
    }
  });

  it('that leads on shows its page, knows a press from a look, and is not used up by either', async () => {
    const token = await made('claim-answer');
    expect(text(await get(token))).toContain('Looked at');
    expect(text(await post(token))).toContain('Pressed');
    expect(await findLink(aCall(store).records, token)).toMatchObject({ purpose: 'claim-answer' });
  });

  it('that leads to something that is gone is answered like a dead one', async () => {
    const token = await made('read-dpo-thread');
    leading.mockResolvedValueOnce(undefined);
    await expect(get(token)).rejects.toMatchObject({ slug: 'link-not-found' });
  });

  it('of an invitation shows the code and accepts nothing by itself', async () => {
    const token = await made('accept-invitation', anId('inv'));
    expect(text(await get(token))).toContain(`<code>${token}</code>`);
    expect(text(await post(token))).toContain(`<code>${token}</code>`);
    expect(await findLink(aCall(store).records, token)).toBeDefined();
  });
});

describe('the page of a link', () => {
  it('runs no script, loads nothing and may be framed by nobody', async () => {
    for (const purpose of ['confirm-email', 'reset-totp', 'decline-notices', 'accept-invitation'] as const) {
      const page = await get(await made(purpose, 'arrivals'));
      expect(text(page)).not.toMatch(/<(script|img|link|iframe)|src=|url\(|@import|\son\w+=/i);
      expect(page.contentSecurityPolicy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(page.contentSecurityPolicy).not.toContain('unsafe');
    }
  });

  it('speaks the language that was asked for and says how to complain (AT-14, ALL-01)', async () => {
    const token = await made('confirm-email');
    const english = await handlers.showLink(input(token), { ...aCall(store), language: 'en' });
    expect(text(english)).toMatch(/<html lang="en">.*Confirm the address.*Datatilsynet/s);
    expect(text(await get(token))).toMatch(/<html lang="nb">.*Bekreft adressen.*Datatilsynet/s);
  });
});

async function made(purpose: Purpose, about?: string): Promise<string> {
  const call = aCall(store);
  const change = call.records.change();
  const wanted = { purpose, owner, validForSeconds: 3600, ...(about !== undefined && { about }) };
  const { token } = makeLink(change, wanted, call);
  await change.activity({ event: 'link.made', subject: owner }).commit();
  return token;
}
const input = (token: string) => ({
  params: linkRoutes.showLink.params.parse({ token }),
  query: {},
  body: undefined,
  ifMatch: undefined,
});
const get = (token: string): Promise<RichContent> => handlers.showLink(input(token), aCall(store));
const post = (token: string): Promise<RichContent> => handlers.useLink(input(token), aCall(store));
const text = ({ content }: Content) => String(content);
