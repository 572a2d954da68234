import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordMailEvents } from '../../../lambdas/features/deliveries/record-mail-events.ts';
import { makeLink } from '../../../lambdas/features/links/link.ts';
import { declinedNoticesRef } from '../../../lambdas/features/notices/preferences.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall } from '../../support/store.ts';
import { sesMessage } from '../deliveries/ses-message.ts';
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

const asks = { name: 'Ola', text: 'Har dere plass?' };

describe('a form that anybody may fill in', () => {
  it('takes what its own page sends, in the language of the page', async () => {
    const html = await (await desk.send('GET', `${desk.at('newsletter')}?language=en`)).text();
    expect(html).toContain('<html lang="en"');
    const action = /action="([^"]+)"/.exec(html)![1]!;
    expect(action).toContain('language=en');
    const sent = await desk.send('POST', action, { email: 'anna@example.org', website: '' });
    expect(sent.status).toBe(200);
    expect(await sent.text()).toContain('<html lang="en"');
    expect(await desk.mails()).toHaveLength(1);
  });

  it('writes to one address three times a day at most, whichever form and organisation it is named in', async () => {
    const answers = [];
    for (const email of ['victim@example.org', 'Victim@example.org', 'victim@EXAMPLE.org']) {
      answers.push(await (await desk.send('POST', desk.at('newsletter'), { email })).text());
      answers.push(await (await desk.send('POST', desk.at('enquiries'), { ...asks, email })).text());
    }
    // Nobody is told that an address has been named before.
    expect(new Set(answers).size).toBe(1);
    expect(await desk.mails()).toHaveLength(3);
    await desk.send('POST', desk.at('newsletter'), { email: 'another@example.org' });
    expect(await desk.mails()).toHaveLength(1);

    desk.store.clock = new Date(desk.store.clock.getTime() + 25 * 60 * 60 * 1000);
    await desk.send('POST', desk.at('newsletter'), { email: 'victim@example.org' });
    expect(await desk.mails()).toHaveLength(1);
  });

  it('counts an address without keeping it', async () => {
    await desk.send('POST', desk.at('newsletter'), { email: 'victim@example.org' });
    const counted = (await desk.world.rows('transient')).filter(({ pk }) => String(pk).startsWith('FORM-MAILS#'));
    expect(counted).toHaveLength(1);
    expect(JSON.stringify(counted)).not.toContain('victim');
    expect(counted[0]).toHaveProperty('expiresAtEpochSeconds');
  });
});

describe('an address that somebody has named, and that mail comes back from', () => {
  it('is not kept for longer than what was typed', async () => {
    await desk.send('POST', desk.at('newsletter'), { email: 'mistyped@example.org' });
    await desk.mails();
    const rows = await desk.world.rows('transient');
    const [, noticeId = ''] = String(rows.find(({ sk }) => sk === 'MAIL')?.['pk']).split('#');
    const body = sesMessage('Bounce', { tags: { notice: [noticeId] }, address: 'mistyped@example.org' });
    const openCall = () => aCall(desk.store);
    const worker = { openCall, recordJobEvents: async () => undefined, log: () => undefined };
    await recordMailEvents([{ messageId: '1', body }], worker);
    const kept = await desk.world.rows('transient');
    expect(kept.filter(({ sk }) => String(sk).startsWith('EVENT#bounce'))).toHaveLength(1);
    expect(kept.filter(({ sk }) => String(sk).startsWith('UNDELIVERABLE'))).toEqual([]);
  });
});

describe('a press on an unsubscribing link', () => {
  it('counts also while the data of who presses is restricted (Art. 18)', async () => {
    const { store, organisationId } = desk;
    const { id } = await aPerson(store, organisationId, { kind: 'guardian', email: 'berit@example.no' });
    const owner = ownerOf(organisationId, id);
    const making = desk.change();
    const wanted = { purpose: 'unsubscribe', owner, about: 'surveys', validForSeconds: 3600 } as const;
    const { token } = makeLink(making, wanted, { now: store.clock });
    await making.commit();
    for (const retentionClass of ['person', 'membership'] as const) {
      await desk.change().keys({ do: 'restrict', owner, retentionClass }).commit();
    }
    expect((await desk.send('POST', `/l/${token}`, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
    for (const retentionClass of ['person', 'membership'] as const) {
      await desk.change().keys({ do: 'lift', owner, retentionClass }).commit();
    }
    expect(await aCall(store).records.get(declinedNoticesRef(owner, 'surveys'))).toBeDefined();
  });
});
