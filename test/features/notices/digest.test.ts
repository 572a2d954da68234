import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../lambdas/features/notices/deliver.ts';
import { putIntoDigest } from '../../../lambdas/features/notices/digest.ts';
import { type NoticeRequest, noticeEntity, noticeRef, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import { NoticePreferences, preferencesRef } from '../../../lambdas/features/notices/preferences.ts';
import { sentToday, takeSlot } from '../../../lambdas/features/notices/slots.ts';
import { DIGEST_ITEMS_MAX } from '../../../lambdas/features/notices/templates/digest.ts';
import { blockEntity, personEntity } from '../../../lambdas/features/people/person.ts';
import type { NoticeId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { StaleVersion } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aKindergarten, fakeSes } from './kindergarten.ts';

let db: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let ses: ReturnType<typeof fakeSes>;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  organisationId = anId('org');
  store = await aStore(db.client, await db.createTables(), [organisationId, 'operator']);
  store.clock = monday('08:00');
  ses = fakeSes();
});

/** In the week of Monday 23 November 2026; the kindergarten's clock is an hour ahead of UTC. */
const monday = (time: string, daysLater = 0) => new Date(Date.parse(`2026-11-23T${time}:00Z`) + daysLater * 86_400_000);
const soon = (to: Owner): NoticeRequest => ({
  to,
  template: 'slot-taken',
  parameters: { at: '2026-12-01T09:00:00.000Z' },
});
const reminder = (to: Owner): NoticeRequest => ({
  to,
  template: 'own-event-tomorrow',
  parameters: { day: '2026-12-24', expiresAt: '2026-12-24T22:00:00.000Z' },
});
const aboutChild = (to: Owner, childId: PersonId): NoticeRequest => ({
  to,
  template: 'event-tomorrow',
  parameters: { childId, day: '2026-12-24', expiresAt: '2026-12-24T22:00:00.000Z' },
});

describe('a day’s mails', () => {
  it('are no more than were wished, however many are sent at one moment; the rest is in the digest', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { mailsPerDayMax: 2 });
    const ids = await Promise.all(Array.from({ length: 7 }, () => queued(soon(guardian))));
    await Promise.all(ids.map((id) => stream(guardian, id)));
    while ((await states(guardian, ids)).includes('created')) await sweep();
    expect(ses.mails).toHaveLength(2);
    expect((await states(guardian, ids)).sort()).toEqual(['accepted', 'accepted', ...Array(5).fill('digested')]);

    store.clock = monday('16:00');
    await sweep();
    expect(ses.mails).toHaveLength(3);
    expect((await lastMail()).text).toMatch(/^- .*\(5\)$/m);
    // What is urgent, and the digest itself, were not counted.
    expect(await sentToday(aCall(store).records, guardian, '2026-11-23')).toBe(2);
  });

  it('begin anew with the recipient’s next day', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { mailsPerDayMax: 1, timeZone: 'Pacific/Kiritimati' });
    store.clock = monday('09:59');
    await stream(guardian, await queued(soon(guardian)));
    await stream(guardian, await queued(soon(guardian)));
    expect(ses.mails).toHaveLength(1);
    store.clock = monday('10:00');
    await stream(guardian, await queued(soon(guardian)));
    expect(ses.mails).toHaveLength(2);
  });

  it('are counted by rows that only one can write', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    const taken = await Promise.allSettled(
      Array.from({ length: 5 }, async () => {
        const { records } = aCall(store);
        const number = await sentToday(records, guardian, '2026-11-23');
        const change = records.change().activity({ event: 'notice.sending', subject: guardian });
        takeSlot(change, guardian, '2026-11-23', number);
        await change.commit();
        return number;
      }),
    );
    const numbers = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const one of taken) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(StaleVersion);
    expect(await sentToday(aCall(store).records, guardian, '2026-11-23')).toBe(numbers.length);
  });
});

describe('a digest', () => {
  it('is one mail with a line for each thing, in the words of its own letter, and empties what it held', async () => {
    const { guardian, childId } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { reminders: { email: 'daily' } } });
    const ids = [
      await queued(reminder(guardian)),
      await queued(reminder(guardian)),
      await queued(aboutChild(guardian, childId)),
    ];
    await sweep();
    expect(ses.mails).toEqual([]);
    expect(await states(guardian, ids)).toEqual(['digested', 'digested', 'digested']);
    const digestId = (await read(guardian, ids[0]!))?.digestId as NoticeId;
    expect(await read(guardian, digestId)).toMatchObject({ state: 'waiting', dueAt: '2026-11-23T16:00:00.000Z' });
    expect((await read(guardian, ids[0]!))?.content).toEqual({ template: 'done', was: 'own-event-tomorrow' });

    store.clock = monday('16:00');
    await Promise.all([sweep(), sweep(), stream(guardian, digestId)]);
    expect(ses.mails).toHaveLength(1);
    const { subject, text, html, headers } = await lastMail();
    expect(subject).toBe('Dette venter på deg');
    expect(text?.match(/^- /gm)).toHaveLength(2);
    expect(text).toMatch(/^- .*Åse/m);
    expect(text).toMatch(/^- .*\(2\)$/m);
    expect(html?.match(/<li /g)).toHaveLength(2);
    expect(headers.find(({ key }) => key === 'list-unsubscribe-post')?.value).toBe('List-Unsubscribe=One-Click');
    expect(await read(guardian, digestId)).toMatchObject({
      state: 'accepted',
      content: { template: 'done', was: 'digest' },
    });
  });

  it('leaves out what may no longer be told, and is not sent when nothing is left', async () => {
    const { guardian, guardianId, childId } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { reminders: { email: 'daily' } } });
    const id = await queued(aboutChild(guardian, childId));
    await sweep();
    const block = { entity: blockEntity, owner: { controller: organisationId, subject: childId }, key: guardianId };
    const since = '2026-11-23';
    await aCall(store)
      .records.change()
      .put(block, { personId: guardianId, basis: 'court-order', since }, 'new')
      .activity({ event: 'person.blocked', subject: block.owner })
      .commit();
    store.clock = monday('16:00');
    await sweep();
    expect(ses.mails).toEqual([]);
    const digestId = (await read(guardian, id))?.digestId as NoticeId;
    expect(await read(guardian, digestId)).toMatchObject({ state: 'not-sent', reason: 'no-longer-due' });
  });

  it('comes sooner than wished for what would be old news by then', async () => {
    const { guardian, childId } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { arrivals: { email: 'weekly' } } });
    const at = '2026-11-23T07:58:00.000Z';
    const id = await queued({ to: guardian, template: 'checked-in', parameters: { childId, at } });
    await sweep();
    expect(await states(guardian, [id])).toEqual(['digested']);
    store.clock = monday('16:00');
    await sweep();
    expect((await lastMail()).text).toContain('- Åse er krysset inn\n  Åse ble krysset inn klokken 08.58.');
  });

  it('holds the whole of what was written to many, which stands nowhere else', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { 'organisation-news': { email: 'daily' } } });
    const parameters = { jobId: anId('job'), subject: 'Dugnad', text: 'Vi rydder på lørdag.\n\nTa med hansker.' };
    await queued({ to: guardian, template: 'job-news', parameters });
    await sweep();
    store.clock = monday('16:00');
    await sweep();
    expect((await lastMail()).text).toContain('- Dugnad\n  Vi rydder på lørdag.\n  Ta med hansker.');
  });

  it('leaves out what was turned off meanwhile', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { reminders: { email: 'daily' } }, mailsPerDayMax: 1 });
    await stream(guardian, await queued(soon(guardian)));
    await stream(guardian, await queued(soon(guardian)));
    await stream(guardian, await queued(reminder(guardian)));
    await wish(guardian, { categories: { reminders: { email: 'off' } } });
    store.clock = monday('16:00');
    await sweep();
    expect((await lastMail()).text?.match(/^- /gm)).toHaveLength(1);
  });

  it('names no organisation when one of the children in it has a protected address', async () => {
    const { guardian, childId } = await aKindergarten(store, organisationId, { child: { protectedAddress: true } });
    await wish(guardian, { categories: { reminders: { email: 'daily' } } });
    await queued(reminder(guardian));
    await queued(aboutChild(guardian, childId));
    await sweep();
    store.clock = monday('16:00');
    await sweep();
    const { from, text, html } = await lastMail();
    expect(from?.name).toBe('Vern');
    expect(`${text}${html}`).not.toContain('Solbakken');
  });

  it('that could not be sent is tried again with all that it held', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { reminders: { email: 'weekly' } } });
    await queued(reminder(guardian));
    await sweep();
    ses.answers = { outcome: 'later' };
    store.clock = monday('16:00', 4);
    await sweep();
    ses.answers = { outcome: 'accepted', sesMessageId: 'ses-2' };
    store.clock = monday('16:02', 4);
    await sweep();
    expect(ses.mails).toHaveLength(2);
    expect((await lastMail()).text?.match(/^- /gm)).toHaveLength(1);
  });

  it('takes what comes at one moment, all of it', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    const ids = await Promise.all(Array.from({ length: 6 }, () => queued(reminder(guardian))));
    const at = '2026-11-23T16:00:00.000Z';
    let tries = 0;
    const put = async (id: NoticeId): Promise<NoticeId> => {
      tries++;
      try {
        return await gathered(guardian, id, at);
      } catch (error) {
        if (!(error instanceof StaleVersion)) throw error;
        return put(id);
      }
    };
    const digests = new Set(await Promise.all(ids.map(put)));
    expect(digests.size).toBe(1);
    expect(tries).toBeGreaterThan(ids.length);
    expect(itemsOf(await read(guardian, [...digests][0]!))).toEqual(expect.arrayContaining(ids));
  });

  it('takes nothing more once somebody has begun to send it, nor when it is full: another goes beside it', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    const at = '2026-11-23T16:00:00.000Z';
    const [first, second, third] = [
      await queued(reminder(guardian)),
      await queued(reminder(guardian)),
      await queued(reminder(guardian)),
    ];
    const begun = await gathered(guardian, first!, at);
    await change(guardian, begun, (digest) => ({ ...digest, state: 'sending', attempts: 1 }));
    const beside = await gathered(guardian, second!, at);
    expect(beside).not.toBe(begun);
    await change(guardian, beside, (digest) => {
      if (digest.content.template !== 'digest') throw new Error('no digest');
      const items = Array(DIGEST_ITEMS_MAX).fill(digest.content.parameters.items[0]);
      return { ...digest, content: { template: 'digest', parameters: { items } } };
    });
    const next = await gathered(guardian, third!, at);
    expect(new Set([begun, beside, next]).size).toBe(3);
    expect(itemsOf(await read(guardian, next))).toEqual([third]);
  });

  it('goes with its recipient', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await wish(guardian, { categories: { reminders: { email: 'daily' } } });
    await queued(reminder(guardian));
    await sweep();
    const person = await aCall(store).records.get({ entity: personEntity, owner: guardian });
    await aCall(store)
      .records.change()
      .remove(person!.ref, { version: person!.version })
      .activity({ event: 'person.erased', subject: guardian })
      .commit();
    store.clock = monday('16:00');
    await sweep();
    expect(ses.mails).toEqual([]);
  });
});

describe('between now, later and the digest', () => {
  it('no notice is lost and none comes twice, whatever is wished and however the workers meet', async () => {
    const someWish = fc.record({
      categories: fc.record({ reminders: fc.record({ email: fc.constantFrom('at-once', 'daily', 'weekly') }) }),
      quietHours: fc.constantFrom({ from: '20:00', until: '07:00' }, { from: '09:00', until: '15:30' }),
      digest: fc.record({ hour: fc.constantFrom(6, 12, 17), weekday: fc.constantFrom('monday', 'thursday') }),
      mailsPerDayMax: fc.constantFrom(1, 2),
    });
    const step = fc.oneof(
      fc.record({ do: fc.constant('wish' as const), wish: someWish }),
      fc.record({ do: fc.constant('queue' as const), kinds: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }) }),
      fc.record({ do: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 30 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
        ses = fakeSes();
        organisationId = anId('org');
        await store.ring.create(organisationId);
        const { guardian } = await aKindergarten(store, organisationId);
        const ids: NoticeId[] = [];
        for (const one of steps) {
          if (one.do === 'wish') await wish(guardian, one.wish);
          if (one.do === 'later') store.clock = new Date(store.clock.getTime() + one.hours * 3_600_000);
          if (one.do !== 'queue') continue;
          const fresh = await Promise.all(
            one.kinds.map((isSoon) => queued(isSoon ? soon(guardian) : reminder(guardian))),
          );
          ids.push(...fresh);
          await Promise.all([...fresh.map((id) => stream(guardian, id)), sweep()]);
        }
        for (let due = await nextDue(guardian); due !== undefined; due = await nextDue(guardian)) {
          store.clock = new Date(Math.max(store.clock.getTime(), Date.parse(due)));
          await Promise.all([sweep(), sweep()]);
        }
        const alone = (await states(guardian, ids)).filter((state) => state === 'accepted').length;
        const texts = await Promise.all(ses.mails.map(async ({ raw }) => (await PostalMime.parse(raw)).text ?? ''));
        const lines = texts.flatMap((text) => text.match(/^- .*$/gm) ?? []);
        const told = lines.reduce((sum, line) => sum + Number(/\((\d+)\)$/.exec(line)?.[1] ?? 1), 0);
        expect(alone + told).toBe(ids.length);
        expect(texts.filter((text) => !/^- /m.test(text))).toHaveLength(alone);
      }),
      { numRuns: 3 },
    );
  });
});

async function wish(owner: Owner, preferences: object) {
  const { records } = aCall(store);
  const before = await records.get(preferencesRef(owner));
  await records
    .change()
    .put(preferencesRef(owner), NoticePreferences.parse(preferences), before ? { version: before.version } : 'new')
    .activity({ event: 'notice-preferences.changed', subject: owner })
    .commit();
}

async function queued(request: NoticeRequest): Promise<NoticeId> {
  const call = aCall(store);
  const changed = call.records.change().activity({ event: 'test.queued', subject: request.to });
  const id = queueNotice(changed, request, call);
  await changed.commit();
  return id;
}

async function gathered(owner: Owner, id: NoticeId, at: string): Promise<NoticeId> {
  const call = aCall(store);
  const stored = await call.records.get(noticeRef(owner, id));
  const changed = call.records.change().activity({ event: 'notice.digested', subject: owner });
  const digestId = await putIntoDigest(changed, stored!, at, call);
  await changed.commit();
  return digestId;
}

type Stored = NonNullable<Awaited<ReturnType<typeof read>>>;
async function change(owner: Owner, id: NoticeId, to: (notice: Stored) => Stored) {
  const { records } = aCall(store);
  const stored = await records.get(noticeRef(owner, id));
  await records
    .change()
    .put(stored!.ref, to(stored!.value), { version: stored!.version })
    .activity({ event: 'test.changed', subject: owner })
    .commit();
}

const read = async (owner: Owner, id: NoticeId) => (await aCall(store).records.get(noticeRef(owner, id)))?.value;
const itemsOf = (notice: Awaited<ReturnType<typeof read>>) =>
  notice?.content.template === 'digest' ? notice.content.parameters.items.map(({ id }) => id) : [];
async function states(owner: Owner, ids: readonly NoticeId[]) {
  const all = (await aCall(store).records.list(noticeEntity, owner)).items.map(({ value }) => value);
  return ids.map((id) => all.find((notice) => notice.id === id)?.state);
}
/** When something is due that has not come to its end. */
const nextDue = async (owner: Owner) =>
  (await aCall(store).records.list(noticeEntity, owner)).items.flatMap(({ value }) => value.dueAt ?? []).sort()[0];
const outbox = () => anOutbox(store, { sendMail: (mail) => ses.sendMail(mail) });
const stream = (owner: Owner, id: NoticeId) => deliver(owner, id, outbox());
const sweep = () => sweepOutbox(outbox());
const lastMail = () => PostalMime.parse(ses.mails.at(-1)!.raw);
