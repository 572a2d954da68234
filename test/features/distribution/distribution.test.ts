import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendChunk } from '../../../lambdas/features/distribution/chunk.ts';
import { jobRef, openJobs } from '../../../lambdas/features/distribution/job.ts';
import { CHUNK_MAILS_MAX } from '../../../lambdas/features/distribution/rows.ts';
import { factsOf, readKnown, reasonNotToSend } from '../../../lambdas/features/notices/facts.ts';
import { type NoticeContent, noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { NoticePreferences, preferencesRef } from '../../../lambdas/features/notices/preferences.ts';
import { undeliverableAddressRef } from '../../../lambdas/features/notices/undeliverable.ts';
import { blockEntity, ownerOf } from '../../../lambdas/features/people/person.ts';
import { addLink } from '../../../lambdas/features/people/writes.ts';
import type { DistributionJobId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aDistribution, type Distribution } from './world.ts';

let db: TestDynamoDb;
let world: Distribution;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aDistribution(db);
});

const members = async (count: number) => {
  for (let n = 0; n < count; n++) await world.member(n);
};
const addressesOf = () => world.mails.map(({ recipientAddress }) => recipientAddress).sort();
const text = (raw: Uint8Array) => Buffer.from(raw).toString();
async function wishing(personId: PersonId, email: 'daily' | 'off') {
  const owner = ownerOf(world.organisationId, personId);
  const wishes = NoticePreferences.parse({ categories: { 'organisation-news': { email } } });
  const change = world.call().records.change().put(preferencesRef(owner), wishes, 'new');
  await change.activity({ event: 'test.set', subject: owner }).commit();
}
async function ran(id: DistributionJobId) {
  for (let looks = 0; looks < 5 && (await world.job(id))?.state === 'running'; looks++) {
    await world.dispatch();
    await world.drain();
    world.later(11);
  }
  return world.job(id);
}

describe('a notice to many', () => {
  it('reaches everybody once, in their own language, with one press to decline it', async () => {
    await members(CHUNK_MAILS_MAX + 3);
    await world.member(90, { language: 'en' });
    const id = await world.start();
    expect((await ran(id))?.state).toBe('done');
    expect(new Set(addressesOf()).size).toBe(CHUNK_MAILS_MAX + 4);
    expect(world.mails).toHaveLength(CHUNK_MAILS_MAX + 4);
    const english = world.mails.find(({ recipientAddress }) => recipientAddress === 'm90@example.no')!;
    expect(text(english.raw)).toContain('Subject: Clean-up on Saturday');
    expect(text(english.raw)).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(await world.totals(id)).toMatchObject({ sent: CHUNK_MAILS_MAX + 4, queued: 0 });
  });

  it('is sent once also when two senders take the same message, and two dispatchers plan', async () => {
    await members(5);
    await world.start();
    await Promise.all([world.dispatch(), world.dispatch()]);
    const [message] = world.queue;
    await Promise.all([sendChunk(message!, world.distributor), sendChunk(message!, world.distributor)]);
    await world.drain();
    expect(addressesOf()).toEqual([
      'm0@example.no',
      'm1@example.no',
      'm2@example.no',
      'm3@example.no',
      'm4@example.no',
    ]);
  });

  it('leaves out who declined it, is gone, has no address or one that refuses mail, and says so', async () => {
    const [declined, , , refused] = [
      await world.member(0),
      await world.member(1),
      await world.member(2, { email: undefined }),
      await world.member(3),
    ];
    const off = NoticePreferences.parse({ categories: { 'organisation-news': { email: 'off' } } });
    const owner = (id: PersonId) => ownerOf(world.organisationId, id);
    const stop = { address: 'm3@example.no', since: world.call().now.toISOString(), reason: 'bounced' as const };
    await world
      .call()
      .records.change()
      .put(preferencesRef(owner(declined.id)), off, 'new')
      .put(undeliverableAddressRef(owner(refused.id)), stop, 'new')
      .activity({ event: 'test.set', subject: owner(declined.id) })
      .commit();
    const id = await world.start();
    await ran(id);
    expect(addressesOf()).toEqual(['m1@example.no']);
    expect(await world.totals(id)).toMatchObject({ sent: 1, skipped: 3 });
  });

  it('waits in the outbox for whoever wishes a digest', async () => {
    const { id: personId } = await world.member(0);
    const owner = ownerOf(world.organisationId, personId);
    const daily = NoticePreferences.parse({ categories: { 'organisation-news': { email: 'daily' } } });
    await world
      .call()
      .records.change()
      .put(preferencesRef(owner), daily, 'new')
      .activity({ event: 'test.set', subject: owner })
      .commit();
    await ran(await world.start());
    expect(world.mails).toEqual([]);
    const { items } = await world.call().records.list(noticeEntity, owner);
    expect(items.map(({ value }) => value.content.template)).toEqual(['job-news']);
  });

  it('says neither the words nor the organisation to whoever is protected', async () => {
    await world.member(0, { protectedAddress: true });
    await ran(await world.start());
    const [mail] = world.mails;
    expect(text(mail!.raw)).not.toMatch(/Solbakken|Dugnad|rake/);
    expect(text(mail!.raw)).toContain('Subject: =?UTF-8?Q?Noe_venter_p=C3=A5_deg?=');
  });

  it('reaches a guardian of two children once, and nobody whom a block keeps from the child', async () => {
    const [one, blocked] = [await guardian(1), await guardian(2)];
    for (const firstName of ['Emil', 'Nora']) {
      const { id: childId } = await childOf([one, blocked], { firstName });
      await block(childId, blocked);
    }
    await ran(await world.start(toGuardians));
    expect(addressesOf()).toEqual(['g1@example.no']);
  });

  it('does not say to the guardian of a protected child where that child is', async () => {
    await childOf([await guardian(1)], { protectedAddress: true });
    await ran(await world.start(toGuardians));
    expect(addressesOf()).toEqual(['g1@example.no']);
    expect(text(world.mails[0]!.raw)).not.toMatch(/Solbakken|Dugnad|rake/);
  });

  it('that waits for a digest is looked at again: a block since then keeps it back, a protected child the name', async () => {
    const id = await guardian(1);
    const child = await childOf([id], { protectedAddress: true });
    await wishing(id, 'daily');
    await ran(await world.start(toGuardians));
    const owner = ownerOf(world.organisationId, id);
    const [waiting] = (await world.call().records.list(noticeEntity, owner)).items;
    const content = waiting!.value.content as NoticeContent;
    const now = world.store.now();
    const known = async () => readKnown(world.call().records, owner, content, now);
    expect(reasonNotToSend({}, content, await known(), now)).toBeUndefined();
    expect(factsOf((await known())!, content, { linkUrl: (token) => token }).isProtected).toBe(true);
    await block(child.id, id);
    expect(reasonNotToSend({}, content, await known(), now)).toBe('blocked');
  });

  const toGuardians = { audience: { kind: 'organisation' as const, readers: ['guardians' as const] } };
  const guardian = async (n: number) =>
    (await aPerson(world.store, world.organisationId, { kind: 'guardian', email: `g${n}@example.no` })).id;
  async function childOf(guardianIds: readonly PersonId[], wanted: Parameters<typeof aPerson>[2]) {
    const { organisationId, store } = world;
    const child = await aPerson(store, organisationId, wanted);
    const tie = { relation: 'mother', rights: 'parental-responsibility', livesWith: true, from: '2026-01-01' } as const;
    for (const id of guardianIds) {
      const change = world.call().records.change();
      addLink(change, organisationId, child.id, { ...tie, guardianId: id }, { written: new Set([child.id, id]) });
      await change.activity({ event: 'test.linked', subject: ownerOf(organisationId, child.id) }).commit();
    }
    return child;
  }
  async function block(childId: PersonId, from: PersonId) {
    const owner = ownerOf(world.organisationId, childId);
    const value = { personId: from, basis: 'court-order', since: '2026-01-01' } as const;
    const change = world.call().records.change();
    change.put({ entity: blockEntity, owner, key: from }, value, 'new');
    await change.activity({ event: 'test.blocked', subject: owner }).commit();
  }
});

describe('a try whose end nobody knows', () => {
  const crashed = async () => {
    await members(3);
    const id = await world.start();
    await world.dispatch();
    const [message] = world.queue.splice(0);
    // The sender dies after its second mail: SES took two, and no result was written.
    let sent = 0;
    const dying = {
      ...world.distributor,
      sendMail: async (mail: Parameters<typeof world.distributor.sendMail>[0]) => {
        if (++sent > 2) throw new Error('killed');
        return world.distributor.sendMail(mail);
      },
    };
    await expect(sendChunk(message!, dying)).rejects.toThrow('killed');
    return { id, message: message! };
  };

  it('is left alone while its lease lasts, and while SES’s events are not all read', async () => {
    const { message } = await crashed();
    await sendChunk(message, world.distributor);
    world.later(200);
    world.ses.unread = 1;
    await sendChunk(message, world.distributor);
    expect(world.mails).toHaveLength(2);
  });

  it('is made good for whom SES’s events do not name, and for nobody else', async () => {
    const { id, message } = await crashed();
    await world.report([{ type: 'send' }]);
    world.later(200);
    const lines: unknown[] = [];
    await sendChunk(message, { ...world.distributor, log: (line) => void lines.push(line) });
    expect(addressesOf()).toEqual(['m0@example.no', 'm1@example.no', 'm2@example.no']);
    expect(lines).toEqual([{ event: 'mail-maybe-twice', metric: 'mail-maybe-twice', jobId: id, chunk: 0, mails: 1 }]);
    expect((await ran(id))?.state).toBe('done');
    expect(world.mails).toHaveLength(3);
  });

  it('is not made good for whom SES’s last event names, whenever that is read', async () => {
    const { message } = await crashed();
    world.later(200);
    // It lies in the queue when the chunk is looked up, and is read before the queue is counted.
    const countUnreadEvents = async () => {
      await world.report([{ type: 'send' }]);
      return 0;
    };
    await sendChunk(message, { ...world.distributor, countUnreadEvents });
    expect(addressesOf()).toEqual(['m0@example.no', 'm1@example.no', 'm2@example.no']);
  });

  it('does not wait for ever where some event is always unread', async () => {
    const { message } = await crashed();
    await world.report([{ type: 'send' }]);
    world.ses.unread = 3;
    world.later(3_500);
    await sendChunk(message, world.distributor);
    expect(world.mails).toHaveLength(2);
    world.later(200);
    await sendChunk(message, world.distributor);
    expect(world.mails).toHaveLength(3);
  });

  it('hands nobody over a second time whom SES had put off before', async () => {
    const { id: personId } = await world.member(0);
    world.ses.answer = () => ({ outcome: 'later' });
    await world.start();
    await world.dispatch();
    const [message] = world.queue.splice(0);
    await sendChunk(message!, world.distributor);
    await wishing(personId, 'daily');
    // The one who hands over dies before the result is written.
    let calls = 0;
    const openCall = () => {
      if (++calls > 1) throw new Error('killed');
      return world.call();
    };
    await expect(sendChunk(message!, { ...world.distributor, openCall })).rejects.toThrow('killed');
    world.later(200);
    await sendChunk(message!, world.distributor);
    const { items } = await world.call().records.list(noticeEntity, ownerOf(world.organisationId, personId));
    expect(items).toHaveLength(1);
  });

  it('hands nobody over to the outbox a second time', async () => {
    const { id: personId } = await world.member(90);
    await wishing(personId, 'daily');
    const { message } = await crashed();
    await world.report([{ type: 'send' }]);
    world.later(200);
    await sendChunk(message, world.distributor);
    const { items } = await world.call().records.list(noticeEntity, ownerOf(world.organisationId, personId));
    expect(items).toHaveLength(1);
    expect(world.mails).toHaveLength(3);
  });
});

describe('what SES says', () => {
  it('is counted once, however often it comes', async () => {
    await members(4);
    const id = await world.start();
    await ran(id);
    await world.report([{ type: 'send' }, { type: 'delivery' }]);
    await world.report([{ type: 'delivery' }]);
    world.later(60);
    await world.dispatch();
    expect(await world.totals(id)).toEqual({ queued: 0, sent: 0, delivered: 4, failed: 0, skipped: 0 });
  });

  it('stops mail to an address that refused it for good', async () => {
    const { id: personId } = await world.member(0);
    const id = await world.start();
    await ran(id);
    await world.report([{ type: 'send' }, { type: 'bounce', bounce: 'permanent' }]);
    world.later(60);
    await world.dispatch();
    expect(await world.totals(id)).toMatchObject({ failed: 1, delivered: 0 });
    const stored = await world.call().records.get(undeliverableAddressRef(ownerOf(world.organisationId, personId)));
    expect(stored?.value).toMatchObject({ address: 'm0@example.no', reason: 'bounced' });
  });
});

describe('a job that was called off', () => {
  it('is counted to its end: what was under way, and what SES says of it, for a day', async () => {
    await members(CHUNK_MAILS_MAX + 2);
    const id = await world.start();
    await world.dispatch();
    const [message] = world.queue.splice(0);
    const stored = (await world.call().records.get(jobRef(world.organisationId, id)))!;
    await sendChunk(message!, world.distributor);
    const endedAt = world.store.now().toISOString();
    const change = world.call().records.change();
    change.put(stored.ref, { ...stored.value, state: 'cancelled', endedAt }, { version: stored.version });
    await change.activity({ event: 'test.cancelled', subject: stored.ref.owner }).commit();
    await world.dispatch();
    expect(await world.totals(id)).toMatchObject({ sent: CHUNK_MAILS_MAX, queued: 2 });
    await world.report([{ type: 'send' }, { type: 'delivery' }]);
    world.later(60);
    await world.dispatch();
    expect(await world.totals(id)).toMatchObject({ delivered: CHUNK_MAILS_MAX, queued: 2 });
    const { table, pk } = openJobs;
    world.later(86_400);
    await world.dispatch();
    expect((await world.call().records.pointers(table, pk)).items).toEqual([]);
  });

  it('leaves a job that is paused alone: nothing is written when nothing has changed', async () => {
    await members(1);
    const id = await world.start({ state: 'paused' });
    await world.dispatch();
    world.later(60);
    await world.dispatch();
    expect(await world.totals(id)).toBeUndefined();
  });
});

describe('the mail service’s limits', () => {
  it('stop a job when the day’s number is reached, and it goes on by itself when there is room', async () => {
    await members(CHUNK_MAILS_MAX + 2);
    world.ses.quota = { maxPerSecond: 14, max24Hour: 10, sentLast24Hours: 0 };
    const id = await world.start();
    await world.dispatch();
    await world.drain();
    // A tenth of the day is kept for ordinary notices.
    expect(world.mails).toHaveLength(9);
    world.ses.quota = { ...world.ses.quota, sentLast24Hours: 9 };
    world.later(60);
    await world.dispatch();
    expect((await world.job(id))?.state).toBe('paused-by-quota');
    expect(world.queue).toEqual([]);
    world.ses.quota = { ...world.ses.quota, max24Hour: 100 };
    world.later(86_400);
    await world.dispatch(2);
    expect((await ran(id))?.state).toBe('done');
    expect(new Set(addressesOf()).size).toBe(CHUNK_MAILS_MAX + 2);
    expect(world.mails).toHaveLength(CHUNK_MAILS_MAX + 2);
  });

  it('leave for later what SES would not take now', async () => {
    await members(3);
    let taken = 0;
    world.ses.answer = () => (++taken > 1 ? { outcome: 'later' } : { outcome: 'accepted', sesMessageId: 'ses' });
    const id = await world.start();
    await world.dispatch();
    await world.drain();
    expect(world.mails).toHaveLength(1);
    world.ses.answer = () => ({ outcome: 'accepted', sesMessageId: 'ses' });
    world.later(60);
    expect((await ran(id))?.state).toBe('done');
    expect(addressesOf()).toEqual(['m0@example.no', 'm1@example.no', 'm2@example.no']);
  });

  it('count a mail once on its reader’s day, however often SES would not take it', async () => {
    await members(1);
    world.ses.answer = () => ({ outcome: 'later' });
    await world.start();
    await world.dispatch();
    const [message] = world.queue.splice(0);
    for (let tries = 0; tries < 12; tries++) await sendChunk(message!, world.distributor);
    world.ses.answer = () => ({ outcome: 'accepted', sesMessageId: 'ses' });
    await sendChunk(message!, world.distributor);
    expect(addressesOf()).toEqual(['m0@example.no']);
  });

  it('send nothing of a job that has been paused or cancelled meanwhile', async () => {
    await members(2);
    const id = await world.start();
    await world.dispatch();
    const stored = (await world.call().records.get(jobRef(world.organisationId, id)))!;
    await world
      .call()
      .records.change()
      .put(stored.ref, { ...stored.value, state: 'paused' }, { version: stored.version })
      .activity({ event: 'test.paused', subject: stored.ref.owner })
      .commit();
    await world.drain();
    expect(world.mails).toEqual([]);
  });
});
