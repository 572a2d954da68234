import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimRef } from '../../../lambdas/features/claims/claim.ts';
import { exportRef } from '../../../lambdas/features/exports/export.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { replyAddressRef, requestRef } from '../../../lambdas/features/requests/request.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';

import { aDesk, type Desk, type Wanted } from './world.ts';

let dynamoDb: TestDynamoDb;
let desk: Desk;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  desk = await aDesk(dynamoDb);
});

describe('a request of someone without an account (FW-13, KP-14)', () => {
  it('is taken in by staff with its channel, the evidence, who saw it and when, and the day it came', async () => {
    const { body } = await desk.register({ channel: 'letter', receivedOn: '2026-11-20' });
    expect(body).toMatchObject({
      right: 'access',
      channel: 'letter',
      askedBy: { as: 'claim', registeredBy: desk.administrator.personId },
      identity: { evidence: 'identity-document', at: '2026-11-23T07:00:00.000Z' },
      receivedAt: '2026-11-19T23:00:00.000Z',
      dueAt: '2026-12-20T23:00:00.000Z',
    });
  });

  it('keeps the reply address under its own key, and in nothing that is kept (KP-03)', async () => {
    const { body } = await desk.register();
    const records = desk.recordsNow();
    expect(await records.get(replyAddressRef(desk.organisation.id, body.id))).toMatchObject({
      value: { email: 'ragnhild@example.org', language: 'nb' },
    });
    const entry = await records.get(requestRef(ownerOf(desk.organisation.id, desk.person.id), body.id));
    expect(JSON.stringify(entry)).not.toContain('ragnhild');
    await records
      .change()
      .keys({ do: 'erase', owner: claimRef(desk.organisation.id, body.id).owner, retentionClass: 'request' })
      .activity({ event: 'request.forgotten', subject: ownerOf(desk.organisation.id, desk.person.id) })
      .commit();
    expect(await desk.recordsNow().get(replyAddressRef(desk.organisation.id, body.id))).toBeUndefined();
    expect(await desk.recordsNow().get(claimRef(desk.organisation.id, body.id))).toBeUndefined();
  });

  it('waits without evidence of who asks, and goes on when there is some', async () => {
    const { identity: _, ...without } = desk.wanted();
    const { body } = await desk.staff().registerRequest({ params: desk.inOrganisation(), body: without });
    expect(body).toMatchObject({ state: 'identity', waitsFor: 'proof-of-identity' });
    const params = { ...desk.inOrganisation(), requestId: body.id };
    const gone = await desk.staff().recordIdentity({ params, body: { evidence: 'known-in-person' } });
    expect(gone.body).toMatchObject({ state: 'executing', identity: { evidence: 'known-in-person' } });
    await expect(desk.staff().recordIdentity({ params, body: { evidence: 'known-in-person' } })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
  });

  it('is confirmed to the reply address without saying what it is about', async () => {
    await desk.register();
    const [mail] = await desk.mails();
    expect(mail?.to).toEqual([{ name: '', address: 'ragnhild@example.org' }]);
    expect(mail?.text).not.toMatch(/innsyn|Ragnhild/i);
    expect(mail?.text).toContain('Datatilsynet');
  });

  it('in the name of somebody who has an account is told there too, wherever the answer is said to go', async () => {
    const guardian = await aPerson(desk.store, desk.organisation.id, { kind: 'guardian' });
    await someoneWith(desk.store, desk.organisation.id, 'guardian', { personId: guardian.id });
    const told = async (personId: PersonId) => {
      const { items } = await desk.recordsNow().list(noticeEntity, ownerOf(desk.organisation.id, personId));
      return items.map(({ value }) => value.content.template);
    };
    await desk.register({ personId: guardian.id, reply: { by: 'e-mail', email: 'elsewhere@example.org' } });
    expect(await told(guardian.id)).toEqual(['request-received']);
    await desk.register();
    expect(await told(desk.person.id)).toEqual([]);
  });

  it('is taken in by staff with the right alone, and about nobody whom a block keeps from them', async () => {
    const member = await someoneWith(desk.store, desk.organisation.id, 'staff');
    await expect(desk.register({}, member)).rejects.toMatchObject({ slug: 'not-allowed' });
    await expect(desk.register({ personId: anId('per') })).rejects.toMatchObject({ slug: 'person-not-found' });
  });

  it('holds no card number and no identity number (CE-09)', async () => {
    await expect(desk.register({ text: 'Kort 4111 1111 1111 1111' })).rejects.toMatchObject({
      slug: 'forbidden-content',
    });
  });

  it('by a guardian of a child follows the guardian’s rights', async () => {
    const child = await aPerson(desk.store, desk.organisation.id, { kind: 'child' });
    const stranger = await aPerson(desk.store, desk.organisation.id, { kind: 'guardian' });
    const asked = { personId: child.id, guardianId: stranger.id };
    await expect(desk.register(asked)).rejects.toMatchObject({ slug: 'person-not-found' });
    await desk.linked(child, stranger, 'information-only');
    const { body } = await desk.register(asked);
    expect(body.askedBy).toMatchObject({ guardianId: stranger.id, guardianRights: 'information-only' });
    // What the exporter reads: no guardian gets the other's data, with or without an account.
    const holder = claimRef(desk.organisation.id, body.id).owner;
    expect((await desk.recordsNow().get(exportRef(holder, body.exportId!)))?.value.audience).toEqual({
      kind: 'claim',
      guardian: { guardianId: stranger.id, rights: 'information-only' },
    });
    await expect(desk.register({ ...asked, right: 'erasure' })).rejects.toMatchObject({ slug: 'not-allowed' });
  });

  it('by a guardian whom a block keeps from the child is answered as if there were no child', async () => {
    const child = await aPerson(desk.store, desk.organisation.id, { kind: 'child' });
    const guardian = await aPerson(desk.store, desk.organisation.id, { kind: 'guardian' });
    await desk.linked(child, guardian, 'information-only');
    await desk.blocked(child, guardian.id);
    await expect(desk.register({ personId: child.id, guardianId: guardian.id })).rejects.toMatchObject({
      slug: 'person-not-found',
    });
  });

  it('is taken in by nobody whom a block keeps from the person, whichever role they name', async () => {
    await desk.blocked(desk.person, desk.administrator.personId);
    await expect(desk.register()).rejects.toMatchObject({ slug: 'person-not-found' });
  });

  it('of a child comes from a guardian, or from a child that is known to be thirteen', async () => {
    const born = async (birthDate?: string) =>
      (
        await aPerson(desk.store, desk.organisation.id, {
          kind: 'child',
          ...(birthDate !== undefined && { birthDate }),
        })
      ).id;
    for (const personId of [await born(), await born('2013-11-24')]) {
      await expect(desk.register({ personId })).rejects.toMatchObject({ slug: 'malformed-request' });
    }
    expect((await desk.register({ personId: await born('2013-11-23') })).status).toBe(201);
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
      await expect(desk.register(wrong)).rejects.toMatchObject({ slug: 'malformed-request' });
    }
  });

  it('is one of ten that may be open about one person', async () => {
    for (let count = 0; count < 10; count++) await desk.register({ right: 'rectification', text: 'Feil adresse' });
    await expect(desk.register()).rejects.toMatchObject({ slug: 'too-many' });
  });

  it('of another organisation is not found', async () => {
    const params = { ...desk.inOrganisation(), requestId: anId('req') };
    await expect(desk.staff().recordIdentity({ params, body: { evidence: 'known-in-person' } })).rejects.toMatchObject({
      slug: 'request-not-found',
    });
    await expect(desk.staff().makeClaimCode({ params })).rejects.toMatchObject({ slug: 'request-not-found' });
  });
});
