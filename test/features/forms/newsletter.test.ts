import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { purposeRef } from '../../../lambdas/features/consents/purpose.ts';
import { makeLink } from '../../../lambdas/features/links/link.ts';
import { queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { isSubscribed, subscribersOf } from '../../../lambdas/features/subscriptions/subscribers.ts';
import { subscriptionConsentEntity, subscriptionRef } from '../../../lambdas/features/subscriptions/subscription.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { isAllowedToStay } from '../erasure/world.ts';
import { aDesk, type Desk } from './world.ts';

let db: TestDynamoDb;
let desk: Desk;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  desk = await aDesk(db);
});

const anna = { email: 'anna@example.org' };
const records = () => aCall(desk.store).records;
const readers = async () => {
  const first = await subscribersOf(records(), desk.organisationId, 'newsletter');
  const second = await subscribersOf(records(), desk.organisationId, 'newsletter', { cursor: first.cursor });
  return [...first.recipients, ...second.recipients];
};
const consents = async () =>
  (await records().list(subscriptionConsentEntity, organisationOwner(desk.organisationId))).items.map(
    ({ value }) => value,
  );
const rowsOf = async (...texts: string[]) => (await desk.world.naming(...texts)).filter((row) => !isAllowedToStay(row));

describe('the form for a newsletter', () => {
  it('is a page without a script that says what one says yes to', async () => {
    const response = await desk.send('GET', desk.at('newsletter'));
    const html = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('Nyhetsbrev fra Solbakken barnehage');
    expect(html).toContain(desk.purpose.text.nb);
    expect(html).not.toContain('<script');
  });

  it('counts once the address has been confirmed, and not before (double opt-in)', async () => {
    await desk.send('POST', desk.at('newsletter'), anna);
    expect(await readers()).toEqual([]);
    const [mail] = await desk.mails();
    expect(mail?.subject).toBe('Bekreft at du vil ha nyhetsbrevet');
    expect(mail?.text).toContain('Solbakken barnehage');
    const link = /\/l\/[\w-]+/.exec(mail?.text ?? '')![0];
    // A scanner looks at it first, and changes nothing.
    expect(await (await desk.send('GET', link)).text()).toContain('Vil du ha nyhetsbrevet?');
    expect(await readers()).toEqual([]);

    expect(await (await desk.send('POST', link)).text()).toContain('Du får nyhetsbrevet');
    const [reader] = await readers();
    expect(await isSubscribed(records(), reader!, 'newsletter')).toBe(true);
    expect(await consents()).toEqual([
      expect.objectContaining({
        purposeId: desk.purpose.id,
        purposeTextVersion: 1,
        method: 'form-and-mail',
        askedAt: desk.store.clock.toISOString(),
        confirmedAt: desk.store.clock.toISOString(),
      }),
    ]);
    expect(JSON.stringify(await consents())).not.toContain('anna');
    expect((await desk.send('POST', link)).status).toBe(404);
  });

  it('answers everybody alike: who subscribes already, a wrong guess, and what is no person', async () => {
    await desk.confirmed('newsletter', anna);
    const again = await desk.send('POST', desk.at('newsletter'), anna);
    const first = await desk.send('POST', desk.at('newsletter'), { email: 'berit@example.org' });
    await desk.mails();
    const trapped = await desk.send('POST', desk.at('newsletter'), { email: 'c@example.org', website: 'x' });
    const answer = await first.text();
    expect(await again.text()).toBe(answer);
    expect(await trapped.text()).toBe(answer);
    expect(await desk.mails()).toEqual([]);
  });

  it('gives nobody the newsletter twice', async () => {
    await desk.confirmed('newsletter', anna);
    expect(await desk.confirmed('newsletter', { email: ' Anna@Example.org ' })).toContain('Du får nyhetsbrevet');
    expect(await readers()).toHaveLength(1);
    expect(await consents()).toHaveLength(1);
  });

  it('takes no yes to words that are no longer asked for', async () => {
    await desk.send('POST', desk.at('newsletter'), anna);
    const link = await desk.linkMailed();
    const changed = { ...desk.purpose, textVersion: 2, holdsSinceTextVersion: 2 };
    await desk.change().put(purposeRef(desk.organisationId, desk.purpose.id), changed, { version: 1 }).commit();
    expect((await desk.send('POST', link)).status).toBe(404);
    expect(await readers()).toEqual([]);
  });

  it('shows what is wrong, on the page, without repeating it', async () => {
    const response = await desk.send('POST', desk.at('newsletter'), { email: 'anna' });
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toContain('Noe må rettes: E-post');
    expect(html).not.toContain('"anna"');
  });

  it('is not there where it has not been opened, or was closed again', async () => {
    const { settings, staff, organisationId } = desk;
    await staff.setPublicForms({ ...settings, body: { newsletter: false, enquiries: false }, ifMatch: 2 });
    for (const path of ['newsletter', 'enquiries', `events/${anId('opn')}`]) {
      expect((await desk.send('GET', desk.at(path))).status).toBe(404);
      const answer = await desk.send('POST', desk.at(path), { email: 'a@example.org' }, 'application/json');
      expect(await answer.json()).toMatchObject({ type: expect.stringContaining('form-not-found') });
    }
    expect((await desk.send('GET', `/o/${anId('org')}/newsletter`)).status).toBe(404);
    expect((await staff.getPublicForms({ params: { organisationId } })).body).toMatchObject({ version: 3 });
  });

  it('is not opened without words that one could say yes to', async () => {
    const ended = { ...desk.purpose, state: 'retired' } as const;
    await desk.change().put(purposeRef(desk.organisationId, desk.purpose.id), ended, { version: 1 }).commit();
    await expect(desk.staff.setPublicForms({ ...desk.settings, ifMatch: 2 })).rejects.toMatchObject({
      slug: 'consent-purpose-not-found',
    });
  });
});

describe('unsubscribing', () => {
  const linkFor = async (owner: Parameters<typeof isSubscribed>[1]) => {
    const change = desk.change();
    const wanted = { purpose: 'unsubscribe', owner, about: 'newsletter', validForSeconds: 3600 } as const;
    const { token } = makeLink(change, wanted, { now: desk.store.clock });
    await change.commit();
    return `/l/${token}`;
  };

  it('is one click without a cookie (RFC 8058); looking changes nothing', async () => {
    await desk.confirmed('newsletter', anna);
    const [reader] = await readers();
    const link = await linkFor(reader!);
    await desk.send('GET', link);
    expect(await isSubscribed(records(), reader!, 'newsletter')).toBe(true);

    const pressed = await desk.send('POST', link, { 'List-Unsubscribe': 'One-Click' });
    expect(pressed.status).toBe(200);
    expect(await isSubscribed(records(), reader!, 'newsletter')).toBe(false);
    // Its reader presses it after the mail program did.
    expect((await desk.send('POST', link)).status).toBe(200);
    expect(await consents()).toEqual([
      expect.objectContaining({ endedBy: 'link', endedAt: desk.store.clock.toISOString() }),
    ]);
  });

  it('takes effect on mail that waits already', async () => {
    await desk.confirmed('newsletter', anna);
    await desk.mails();
    const [reader] = await readers();
    const words = { jobId: anId('job'), subject: 'Nytt', text: 'Hei' };
    const change = desk.change();
    queueNotice(change, { to: reader!, template: 'job-newsletter', parameters: words }, aCall(desk.store));
    await change.commit();
    await desk.send('POST', await linkFor(reader!));
    expect(await desk.mails()).toEqual([]);
  });

  it('leaves nothing but the proof of the consent, once the keys are destroyed', async () => {
    await desk.confirmed('newsletter', anna);
    const [reader] = await readers();
    await desk.send('POST', await linkFor(reader!));
    await desk.erase();
    expect(await rowsOf(reader!.subject)).toEqual([]);
    expect(await records().get(subscriptionRef(reader!))).toBeUndefined();
    // The same address may come back.
    expect(await desk.confirmed('newsletter', anna)).toContain('Du får nyhetsbrevet');
    expect(await readers()).toHaveLength(1);
  });

  it('can be done by staff for who asks them, and on the page of what is held', async () => {
    await desk.confirmed('newsletter', anna);
    const own = await desk.linkMailed();
    const shown = await (await desk.send('POST', own)).text();
    expect(shown).toContain('E-post: anna@example.org');
    await desk.send('POST', `${own}/form`, { do: 'erase' });
    expect(await readers()).toEqual([]);

    await desk.confirmed('newsletter', { email: 'berit@example.org' });
    const params = { organisationId: desk.organisationId };
    const { body: page } = await desk.staff.listSubscribers({ params });
    expect(page.items).toMatchObject([{ email: 'berit@example.org', consent: { method: 'form-and-mail' } }]);
    const one = { params: { ...params, subscriptionId: page.items[0]!.id } };
    await desk.staff.endSubscription(one);
    expect(await readers()).toEqual([]);
    await expect(desk.staff.endSubscription(one)).rejects.toMatchObject({ slug: 'subscription-not-found' });
  });
});
