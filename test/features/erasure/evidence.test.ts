import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentEventRef, consentOwner } from '../../../lambdas/features/consents/consent.ts';
import { accountPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { giveConsent } from '../../../lambdas/features/consents/writes.ts';
import { endEvidence } from '../../../lambdas/features/erasure/evidence.ts';
import { sweepErasures } from '../../../lambdas/features/erasure/run.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { ownerOfRequest, type RequestRecord, requestRef } from '../../../lambdas/features/requests/request.ts';
import { saveRequest } from '../../../lambdas/features/requests/save.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { instantOf } from '../../../lambdas/platform/calendar.ts';
import { keyOf, type Owner } from '../../../lambdas/platform/entity.ts';
import { ledgerPartition } from '../../../lambdas/platform/ledger.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
  at('2026-11-22T12:00:00.000Z');
});

const at = (instant: string | number) => {
  world.store.clock = new Date(instant);
};
/** The last day of three years is 22 November 2029, in Oslo. */
const end = instantOf('Europe/Oslo', '2029-11-23').getTime();
const aChild = async () => ownerOf(world.organisationId, (await aPerson(world.store, world.organisationId)).id);

async function aRequest(owner: Owner, wanted: Partial<RequestRecord> = {}): Promise<RequestRecord> {
  const now = world.store.now().toISOString();
  const request: RequestRecord = {
    id: anId('req'),
    right: 'access',
    subject: owner.subject as PersonId,
    askedBy: { as: 'self', accountId: anId('acc') },
    channel: 'account',
    language: 'nb',
    timeZone: 'Europe/Oslo',
    state: 'answered',
    receivedAt: now,
    dueAt: now,
    closedAt: now,
    warned: [],
    ...wanted,
  };
  const change = aCall(world.store).records.change();
  saveRequest(change, owner, undefined, request);
  await change.activity({ event: 'request.received', subject: owner }).commit();
  return request;
}

/** Ids in the log of acts, in fences and in the ledger say that something was, and to whom: no more. */
const left = async (...ids: string[]) =>
  (await world.naming(...ids)).filter(
    ({ table, pk }) =>
      !['activity', 'keys', 'mirror'].includes(table) &&
      !/#(LEDGER|FORMER-USERS)$|^ERASURE-(FENCES|JOB)#|^REQUESTS-DUE#/.test(pk),
  );
const ledgerOf = async ({ controller, subject }: Owner) =>
  (await world.rows('rights')).filter((row) => row['pk'] === ledgerPartition(controller) && row['subject'] === subject);

describe('what the law keeps', () => {
  it('SM-07, KP-12: of an erased person is opened a second before its three years are over, and gone a second after', async () => {
    const owner = await aChild();
    const request = await aRequest(owner);
    const call = aCall(world.store);
    const change = call.records.change();
    const { consentId } = giveConsent(
      change,
      {
        organisationId: world.organisationId,
        principalId: owner.subject as PersonId,
        purpose: accountPurpose,
        open: undefined,
        by: { personId: anId('per'), capacity: 'guardian' },
        statementVersion: 'v1',
        language: 'nb',
        method: 'service',
      },
      call,
    );
    await change.commit();
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);

    at(end - 1000);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 0, failed: 0 });
    const { records } = world.eraser.openCall();
    expect(await records.get(consentEventRef(owner, consentId, 1))).toBeDefined();
    expect(await records.get(requestRef(owner, request.id))).toBeDefined();

    at(end + 1000);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 1, failed: 0 });
    expect((await aCall(world.store).records.keyStates(owner)).get('consent')).toBe('ERASED');
    expect(await left(owner.subject, request.id, consentId, place.id)).toEqual([]);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 0, failed: 0 });
    expect(await ledgerOf(owner)).toHaveLength(2);
  });

  it('ends once when two workers come at once, and after one that died on the way', async () => {
    const owner = await aChild();
    await world.run(await world.order({ owner, cause: 'request' }));
    at(end + 1000);
    const { fences } = world.eraser;
    const eraser = {
      ...world.eraser,
      fences: {
        ...fences,
        mirror: async () => {
          throw new Error('out of time');
        },
      },
    };
    expect(await endEvidence(eraser)).toEqual({ ended: 0, failed: 1 });
    await Promise.all([endEvidence(world.eraser), endEvidence(world.eraser)]);
    expect(await left(owner.subject)).toEqual([]);
    expect(await ledgerOf(owner)).toHaveLength(2);
  });

  it('KP-12: of a request and of a consent of somebody who is still there goes alone, three years after they ended', async () => {
    const owner = await aChild();
    const request = await aRequest(owner);
    const other = await aRequest(owner, { right: 'restriction', inForceSince: world.store.now().toISOString() });
    // What was said goes after 30 days, and the three years have begun with the answer.
    at('2026-12-23T12:00:00.000Z');
    for (const { id } of [request, other]) {
      const order = { owner: ownerOfRequest(owner.controller, id), of: owner, cause: 'retention' } as const;
      await world.run(await world.order(order));
    }
    const consentId = anId('con');
    const withdrawn = { owner: consentOwner(world.organisationId, consentId), of: owner, cause: 'withdrawal' } as const;
    await world.run(await world.order(withdrawn));

    at(end - 1000);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 0, failed: 0 });
    at(end + 1000);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 1, failed: 0 });
    const { records } = aCall(world.store);
    expect(await records.get(requestRef(owner, request.id))).toBeUndefined();
    expect(await left(request.id)).toEqual([]);
    // A restriction that works is evidence of today, however long ago it was asked for.
    at('2030-01-01T12:00:00.000Z');
    expect((await endEvidence(world.eraser)).failed).toBe(0);
    expect(await left(consentId)).toEqual([]);
    expect(await aCall(world.store).records.get(requestRef(owner, other.id))).toBeDefined();
    expect((await aCall(world.store).records.keyStates(owner)).get('consent')).toBe('ACTIVE');
  });

  it('KP-11: of an organisation goes with the key that sealed all it ever had', async () => {
    const { organisationId } = world;
    const customer: Owner = { controller: 'operator', subject: organisationId };
    const accepted = requestRef(customer, anId('req'));
    await world.putRaw('rights', { ...keyOf(accepted), retentionClass: 'consent' });
    const paper = { pk: `operator#${organisationId}`, sk: 'PAPER' };
    await world.putRaw('rights', paper);
    const place = await world.order({ owner: organisationOwner(organisationId), cause: 'agreement-end' });
    await sweepErasures(world.eraser);
    expect((await world.erasure(place)).state).toBe('answered');
    const sealing = async () =>
      (await world.rows('keys')).find(
        ({ pk, sk }) => pk === organisationId && String(sk).startsWith('ORGANISATION-KEY#sealing'),
      );
    at(end - 1000);
    await endEvidence(world.eraser);
    expect((await sealing())?.['state']).toBe('ACTIVE');
    at(end + 1000);
    expect(await endEvidence(world.eraser)).toEqual({ ended: 2, failed: 0 });
    const customers = (await world.rows('rights')).filter(({ pk }) => pk === paper.pk);
    expect(customers.map(({ sk }) => sk)).toEqual([paper.sk]);
    expect(await sealing()).toMatchObject({ state: 'ERASED' });
    expect(await sealing()).not.toHaveProperty('wrappedKey');
    expect(await left(place.id)).toEqual([]);
  });
});
