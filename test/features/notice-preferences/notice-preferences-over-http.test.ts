import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLink } from '../../../lambdas/features/links/link.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import {
  linkedPreferenceHandlers,
  noticePreferenceHandlers,
  preferencesLinkPage,
} from '../../../lambdas/features/notice-preferences/handlers.ts';
import { linkedPreferenceRoutes, noticePreferenceRoutes } from '../../../lambdas/features/notice-preferences/routes.ts';
import { preferenceStore } from '../../../lambdas/features/notice-preferences/store.ts';
import {
  declinedNoticesEntity,
  declineNotices,
  NoticePreferences,
  preferencesRef,
} from '../../../lambdas/features/notices/preferences.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let personId: PersonId;
let owner: Owner;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  organisationId = (await anOrganisation(store)).id;
  const guardian = await aPerson(store, organisationId, { kind: 'guardian', phone: '+4790000000' });
  personId = guardian.id;
  owner = ownerOf(organisationId, personId);
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const params = () => ({ organisationId });
async function guardian() {
  const service = aService(store, noticePreferenceRoutes, noticePreferenceHandlers(preferenceStore));
  return service.as(await someoneWith(store, organisationId, 'guardian', { personId }));
}
const stored = () => aCall(store).records.get(preferencesRef(owner));
const declined = async () =>
  (await aCall(store).records.list(declinedNoticesEntity, owner)).items.map(({ value }) => value.category);
async function decline(about: string) {
  const call = aCall(store);
  const link = { purpose: 'decline-notices', owner, about, expiresAt: '2027-01-01T00:00:00Z', hash: 'x' } as const;
  await declineNotices(link, call.records.change(), call);
}

describe('what a person wishes of notices', () => {
  it('is everything at once by e-mail until they say something else; what cannot be declined says why', async () => {
    const { body } = await (await guardian()).getNoticePreferences({ params: params() });
    expect(body).toMatchObject({
      version: 1,
      categories: { arrivals: { email: 'at-once', sms: 'off', push: 'off' }, surveys: { email: 'at-once' } },
      necessary: { sms: 'off', push: 'off' },
      digest: { hour: 17, weekday: 'friday' },
      mailsPerDayMax: 10,
      reachedBy: ['sms'],
    });
    expect(body.quietHours).toBeUndefined();
    const safety = body.cannotBeDeclined.find(({ because }) => because === 'safety');
    expect(safety).toEqual({
      because: 'safety',
      why: 'Det gjelder sikkerheten til et barn.',
      notices: ['not-arrived'],
    });
  });

  it('is kept as it was said, and is theirs alone', async () => {
    const wished = {
      categories: { reminders: { email: 'weekly', sms: 'off', push: 'off' } },
      quietHours: { from: '21:30', until: '06:00' },
      timeZone: 'America/St_Johns',
      digest: { hour: 7, weekday: 'monday' },
      mailsPerDayMax: 3,
    } as const;
    const client = await guardian();
    const put = await client.putNoticePreferences({ params: params(), body: wished, ifMatch: 1 });
    expect(put.body).toMatchObject({ ...wished, version: 2, categories: { arrivals: { email: 'at-once' } } });
    expect((await client.getNoticePreferences({ params: params() })).body).toEqual(put.body);
    const another = aService(store, noticePreferenceRoutes, noticePreferenceHandlers(preferenceStore));
    const colleague = another.as(await someoneWith(store, organisationId, 'staff'));
    expect((await colleague.getNoticePreferences({ params: params() })).body).toMatchObject({ mailsPerDayMax: 10 });
  });

  it('is changed by the version that was read, so that no choice overwrites another unseen', async () => {
    const client = await guardian();
    await client.putNoticePreferences({ params: params(), body: { mailsPerDayMax: 3 }, ifMatch: 1 });
    const late = client.putNoticePreferences({ params: params(), body: { mailsPerDayMax: 5 }, ifMatch: 1 });
    await expect(late).rejects.toMatchObject(refused('stale-version'));
    expect((await stored())?.value.mailsPerDayMax).toBe(3);
  });

  it('keeps messages reaching them in some way: e-mail is off only where an SMS or a push comes instead', async () => {
    const client = await guardian();
    const put = (messages: object) =>
      client.putNoticePreferences({
        params: params(),
        body: NoticePreferences.parse({ categories: { messages } }),
        ifMatch: 1,
      });
    await expect(put({ email: 'off' })).rejects.toMatchObject(refused('messages-must-reach'));
    // There is no device that a push could reach.
    await expect(put({ email: 'off', push: 'at-once' })).rejects.toMatchObject(refused('messages-must-reach'));
    expect(await stored()).toBeUndefined();
    expect((await put({ email: 'off', sms: 'at-once' })).body.categories.messages).toMatchObject({ email: 'off' });
  });

  it('shows what was declined by a link, and takes that back when it is wished for again', async () => {
    await decline('arrivals');
    const client = await guardian();
    const { body } = await client.getNoticePreferences({ params: params() });
    expect(body.categories.arrivals.email).toBe('off');
    await client.putNoticePreferences({
      params: params(),
      body: { categories: { ...body.categories, reminders: { ...body.categories.reminders, email: 'daily' } } },
      ifMatch: body.version,
    });
    expect(await declined()).toEqual(['arrivals']);
    const again = await client.putNoticePreferences({ params: params(), body: {}, ifMatch: 2 });
    expect(again.body.categories.arrivals.email).toBe('at-once');
    expect(await declined()).toEqual([]);
  });

  it('turns off by a digest’s own link what the digest gathers by wish, and nothing else', async () => {
    const wished = { reminders: { email: 'daily' }, surveys: { email: 'weekly' }, messages: { email: 'daily' } };
    const body = NoticePreferences.parse({ categories: wished });
    await (await guardian()).putNoticePreferences({ params: params(), body, ifMatch: 1 });
    await decline('digest');
    await decline('digest');
    expect((await declined()).sort()).toEqual(['reminders', 'surveys']);
  });
});

describe('the page behind the link of a mail', () => {
  it('shows the choices and changes nothing, however often it is opened', async () => {
    const { get } = await linked();
    for (let look = 0; look < 2; look++) {
      const html = await (await get()).text();
      expect(html).toContain('Velg hva du vil ha på e-post');
      expect(html).toContain('<select name="reminders">');
      expect(html).toContain('<option value="at-once" selected>Med en gang</option>');
      // Whom it is about, and where, stands nowhere.
      expect(html).not.toMatch(/Emil|Solbakken/);
    }
    expect(await stored()).toBeUndefined();
  });

  it('saves what is chosen, without signing in, and leaves SMS, push and the zone as they were', async () => {
    const said = NoticePreferences.parse({
      categories: { arrivals: { sms: 'at-once' } },
      timeZone: 'America/St_Johns',
    });
    await (await guardian()).putNoticePreferences({ params: params(), body: said, ifMatch: 1 });
    const { post } = await linked();
    const response = await post({ version: '2', reminders: 'weekly', quietFrom: '21:00', quietUntil: '06:00' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Valgene er lagret');
    expect((await stored())?.value).toMatchObject({
      categories: { arrivals: { email: 'at-once', sms: 'at-once' }, reminders: { email: 'weekly' } },
      quietHours: { from: '21:00', until: '06:00' },
      timeZone: 'America/St_Johns',
    });
  });

  it('does not offer to silence messages, and refuses it from whoever sends it all the same', async () => {
    const { get, post } = await linked();
    const html = await (await get()).text();
    const messages = html.slice(html.indexOf('name="messages"'), html.indexOf('name="organisation-news"'));
    expect(messages).toContain('value="weekly"');
    expect(messages).not.toContain('value="off"');
    const response = await post({ messages: 'off' });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('Meldinger må nå deg på en måte');
    expect(await stored()).toBeUndefined();
  });

  it('does not overwrite what was chosen elsewhere since it was opened', async () => {
    const { post } = await linked();
    await post({ mailsPerDayMax: '3' });
    const late = await post({ mailsPerDayMax: '50' });
    expect(late.status).toBe(412);
    expect(await late.text()).toContain('Valgene er endret et annet sted');
    expect((await stored())?.value.mailsPerDayMax).toBe(3);
  });

  it('is dead for a token that was never made, and for a link of another purpose', async () => {
    const { post } = await linked('decline-notices');
    expect((await post({})).status).toBe(404);
    expect((await linked('notice-preferences', 'k'.repeat(32)).then((dead) => dead.post({}))).status).toBe(404);
    expect(await stored()).toBeUndefined();
  });
});

async function linked(purpose: 'notice-preferences' | 'decline-notices' = 'notice-preferences', other?: string) {
  const call = aCall(store);
  const change = call.records.change();
  const { token } = makeLink(change, { purpose, owner, validForSeconds: 600 }, call);
  await change.activity({ event: 'notice.sending', subject: owner }).commit();
  const links = someLinkHandlers({}, { 'notice-preferences': preferencesLinkPage(preferenceStore) });
  const { send } = aService(
    store,
    { ...linkRoutes, ...linkedPreferenceRoutes },
    { ...links, ...linkedPreferenceHandlers(preferenceStore) },
  );
  const url = `https://vern.test/l/${other ?? token}`;
  const chosen = {
    version: '1',
    arrivals: 'at-once',
    'daily-summary': 'at-once',
    reminders: 'at-once',
    messages: 'at-once',
    'organisation-news': 'at-once',
    newsletter: 'at-once',
    surveys: 'at-once',
    quietFrom: 'none',
    quietUntil: '07:00',
    digestHour: '17',
    digestWeekday: 'friday',
    mailsPerDayMax: '10',
  };
  return {
    get: () => send(url, { method: 'GET', headers: { accept: 'text/html' } }),
    post: (but: Partial<Record<keyof typeof chosen, string>>) =>
      send(`${url}/notice-preferences`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
        body: new URLSearchParams({ ...chosen, ...but }).toString(),
      }),
  };
}
