import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { idempotentAnswerRef } from '../../../lambdas/features/access/idempotent-answer.ts';
import { accountOwner, signInEntity } from '../../../lambdas/features/accounts/account.ts';
import { recordSignIn } from '../../../lambdas/features/accounts/sign-in-log.ts';
import { importRef } from '../../../lambdas/features/imports/import.ts';
import { importStore } from '../../../lambdas/features/imports/store.ts';
import { joinRequestEntity, type RegistrationEvidence } from '../../../lambdas/features/invitations/invitation.ts';
import { invitationStore } from '../../../lambdas/features/invitations/store.ts';
import { noticeRef, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { expiryAfter, type Length, terms } from '../../../lambdas/features/retention/terms.ts';
import type { Ref } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from './world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
});

const WRITTEN_AT = new Date('2026-11-23T07:00:00Z');
const at = WRITTEN_AT.toISOString();
const accountId = anId('acc');

/** Every row that has a term of its own, as its feature writes it; answers where it lies. */
const rows: Readonly<Record<string, { readonly length: Length; write(): Promise<Ref> }>> = {
  'a sign-in (CE-14)': {
    length: terms['sign-in'].length,
    async write() {
      const account = { accountId, sub: 'sub', originJti: 'origin', authTimeEpochSeconds: 0, accessToken: '' };
      await recordSignIn(
        account,
        { sourceIp: '203.0.113.7', userAgent: 'test' },
        { now: house.store.now(), newId: anId },
        house.records(),
      );
      return { entity: signInEntity, owner: accountOwner(accountId), key: 'origin' };
    },
  },
  'a mail record (CE-15)': {
    length: terms.notice.length,
    async write() {
      const to = ownerOf(house.organisationId, anId('per'));
      const change = house.records().change();
      const id = queueNotice(change, { to, template: 'email-changed', parameters: { at } }, aCall(house.store));
      await change.activity({ event: 'test.queued', subject: to }).commit();
      return noticeRef(to, id);
    },
  },
  'an imported register': {
    length: terms.import.length,
    async write() {
      const id = anId('imp');
      const record = {
        id,
        kind: 'staff',
        state: 'awaiting-upload',
        createdAt: at,
        uploadUntil: at,
        progressAt: at,
        rowsTotal: 0,
        rowsDone: 0,
      } as const;
      await importStore.add(house.organisationId, record, aCall(house.store), undefined);
      return importRef(house.organisationId, id);
    },
  },
  'a request to join': {
    length: terms['join-request'].length,
    async write() {
      const evidence: RegistrationEvidence = {
        basis: 'acknowledged',
        statementVersion: '1',
        consents: [],
        language: 'nb',
        at,
      };
      const request = { accountId, email: 'kari@example.no', requestedAt: at, evidence };
      await invitationStore.requestToJoin(house.organisationId, request, aCall(house.store));
      return { entity: joinRequestEntity, owner: organisationOwner(house.organisationId), key: accountId };
    },
  },
};

describe.each(Object.entries(rows))('%s', (_name, { length, write }) => {
  it('is there a second before its term is over, and not a second after, swept or not', async () => {
    const ref = await write();
    const end = expiryAfter(length, WRITTEN_AT) * 1000;
    house.store.clock = new Date(end - 1000);
    expect(await house.records().get(ref)).toBeDefined();
    house.store.clock = new Date(end);
    expect(await house.records().get(ref)).toBeUndefined();
  });
});

describe('an answer to a repeated request', () => {
  it('is kept for 24 hours', () => {
    expect(idempotentAnswerRef(accountId, 'hash').entity.retentionClass).toBe('transient');
    expect(terms.transient.length).toEqual({ days: 1 });
  });
});
