import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statementVersions } from '../../../lambdas/features/agreements/current-versions.ts';
import { type ConsentClock, tickConsents } from '../../../lambdas/features/consents/clock.ts';
import { consentEventEntity } from '../../../lambdas/features/consents/consent.ts';
import { type ConsentPurpose, consentPointers } from '../../../lambdas/features/consents/purpose.ts';
import { organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House, textOf } from './world.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aHouse(db);
  await house
    .change()
    .point({ ...organisationPointers.all(house.organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .commit();
});

const at = (instant: string) => {
  house.store.clock = new Date(instant);
};
const clock = (wanted: Partial<ConsentClock> = {}): ConsentClock => ({
  openCall: (): Call => aCall(house.store),
  hasTimeLeft: () => true,
  log: () => {},
  ...wanted,
});
const tick = (wanted?: Partial<ConsentClock>) => tickConsents(clock(wanted));
const events = async (personId: PersonId) => {
  const page = await aCall(house.store).records.list(consentEventEntity, ownerOf(house.organisationId, personId));
  return page.items.map(({ value }) => value.state);
};
const give = (client: Awaited<ReturnType<House['signedIn']>>['client'], personId: PersonId, purpose: ConsentPurpose) =>
  client.giveConsent({
    body: {
      organisationId: house.organisationId,
      personId,
      purposeId: purpose.id,
      textVersion: purpose.textVersion,
      statementVersion: statementVersions.kindergarten,
    },
  });

describe('a child that comes of age', () => {
  it('is asked anew on the day, with its guardians, and what nobody answers lapses after thirty days', async () => {
    const child = await house.person({ birthDate: '2013-11-24', email: 'emil@example.no' });
    const purpose = await house.purpose();
    const mother = await house.guardian(child.id);
    const blocked = await house.guardian(child.id, { relation: 'father' });
    await house.block(child.id, blocked.person.id);
    await give(mother.client, child.id, purpose);

    at('2026-11-23T22:59:00Z');
    expect(await tick()).toEqual({ asked: 0, lapsed: 0, failed: 0 });
    // Midnight in Oslo.
    at('2026-11-23T23:00:00Z');
    expect(await tick()).toEqual({ asked: 1, lapsed: 0, failed: 0 });
    const letter = {
      template: 'consent-asked-anew',
      parameters: { because: 'age', answerBefore: '2026-12-24', childIds: [child.id] },
    };
    expect(await house.notices(child.id)).toEqual([letter]);
    expect(await house.notices(mother.person.id)).toEqual([letter]);
    expect(await house.notices(blocked.person.id)).toEqual([]);
    expect((await mother.client.listMyConsents()).body.items).toMatchObject([
      { standing: 'to-be-asked-anew', isInForce: true },
    ]);

    // Asked once, however often the clock ticks.
    at('2026-12-01T08:00:00Z');
    expect(await tick()).toEqual({ asked: 0, lapsed: 0, failed: 0 });
    at('2026-12-24T08:00:00Z');
    expect(await tick()).toEqual({ asked: 0, lapsed: 1, failed: 0 });
    expect(await events(child.id)).toEqual(['given', 'asked-anew', 'lapsed']);
    expect((await mother.client.listMyConsents()).body.items).toMatchObject([{ standing: 'lapsed', isInForce: false }]);
    at('2026-12-25T08:00:00Z');
    expect(await tick()).toEqual({ asked: 0, lapsed: 0, failed: 0 });
  });

  it('keeps what it consents to itself', async () => {
    const child = await house.person({ birthDate: '2013-11-24' });
    const purpose = await house.purpose();
    await give((await house.guardian(child.id)).client, child.id, purpose);
    at('2026-11-24T08:00:00Z');
    await tick();
    const own = await house.signedIn(child.id);
    expect((await give(own.client, child.id, purpose)).body).toMatchObject({ standing: 'in-force', givenByMe: true });
    at('2027-02-01T08:00:00Z');
    expect(await tick()).toEqual({ asked: 0, lapsed: 0, failed: 0 });
  });
});

describe('a purpose', () => {
  it('that changed is asked for anew, at the next tick and not the next day', async () => {
    const person = await house.person({ kind: 'guardian', email: 'kari@example.no' });
    const purpose = await house.purpose({ kinds: ['guardian'] });
    const { client } = await house.signedIn(person.id);
    await give(client, person.id, purpose);
    expect(await tick()).toEqual({ asked: 0, lapsed: 0, failed: 0 });
    const { client: administrator } = await house.administrator();
    await administrator.changeConsentPurpose({
      params: { organisationId: house.organisationId, purposeId: purpose.id },
      ifMatch: 1,
      body: { ...textOf(purpose), data: { nb: 'bilder og film', en: 'pictures and films' }, asksAnew: false },
    });
    expect((await client.listMyConsents()).body.items).toMatchObject([
      { standing: 'to-be-asked-anew', isInForce: false, textVersion: 2, mayGive: true },
    ]);
    expect(await tick()).toEqual({ asked: 1, lapsed: 0, failed: 0 });
    expect(await house.notices(person.id)).toMatchObject([
      { parameters: { because: 'purpose-changed', childIds: [] } },
    ]);
    const { body } = await give(client, person.id, { ...purpose, textVersion: 2 });
    expect(body).toMatchObject({ standing: 'in-force', isInForce: true });
  });

  it('that is retired ends what was consented to', async () => {
    const person = await house.person({ kind: 'guardian' });
    const purpose = await house.purpose({ kinds: ['guardian'] });
    const { client } = await house.signedIn(person.id);
    await give(client, person.id, purpose);
    const { client: administrator } = await house.administrator();
    const params = { organisationId: house.organisationId, purposeId: purpose.id };
    await administrator.retireConsentPurpose({ params, ifMatch: 1 });
    expect(await tick()).toEqual({ asked: 0, lapsed: 1, failed: 0 });
    expect(await events(person.id)).toEqual(['given', 'lapsed']);
  });
});

describe('the walk', () => {
  it('begins again where its time was over, and looks once a day otherwise', async () => {
    const child = await house.person({ birthDate: '2013-11-20' });
    await give((await house.guardian(child.id)).client, child.id, await house.purpose()).catch(() => {});
    const ofAge = await house.person({ birthDate: '2013-11-24' });
    await give((await house.guardian(ofAge.id)).client, ofAge.id, await house.purpose());
    at('2026-11-24T08:00:00Z');
    let asks = 0;
    expect(await tick({ hasTimeLeft: () => ++asks < 2 })).toMatchObject({ asked: 0 });
    expect(await tick()).toMatchObject({ asked: 1 });
    const [walked] = await aCall(house.store).records.pointersAt([consentPointers.walked(house.organisationId)]);
    expect(walked?.attributes).toEqual({ day: '2026-11-24' });
  });

  it('goes on where an earlier tick left it', async () => {
    const purpose = await house.purpose({ kinds: ['guardian'] });
    for (let from = 0; from < 150; from += 75) {
      const change = house.change();
      for (let i = 0; i < 75; i++) {
        const key = consentPointers.of(house.organisationId, purpose.id, anId('per'));
        change.point({ ...key, attributes: { consentId: anId('con'), state: 'given' } });
      }
      await change.commit();
    }
    const left = async () => {
      const { pk } = consentPointers.of(house.organisationId, '', '');
      return (await aCall(house.store).records.pointers('core', pk, { limit: 200 })).items.length;
    };
    // One look for the organisation, ten for its first page, one more.
    let looks = 0;
    await tick({ hasTimeLeft: () => ++looks <= 12 });
    expect(await left()).toBe(40);
    const [walked] = await aCall(house.store).records.pointersAt([consentPointers.walked(house.organisationId)]);
    expect(walked?.attributes).toMatchObject({ after: expect.stringContaining(purpose.id) });
    await tick();
    expect(await left()).toBe(0);
  });

  it('says when somebody could not be looked at, serves the others, and tries again at the next tick', async () => {
    const purpose = await house.purpose({ kinds: ['guardian'] });
    const people = [await house.person({ kind: 'guardian' }), await house.person({ kind: 'guardian' })];
    for (const { id } of people) await give((await house.signedIn(id)).client, id, purpose);
    const { client: administrator } = await house.administrator();
    const params = { organisationId: house.organisationId, purposeId: purpose.id };
    await administrator.retireConsentPurpose({ params, ifMatch: 1 });
    const lines: unknown[] = [];
    const failing = (): Call => {
      const call = aCall(house.store);
      const list: Call['records']['list'] = (entity, owner, range) => {
        if (owner.subject === people[0]!.id) return Promise.reject(new Error('The store is down'));
        return call.records.list(entity, owner, range);
      };
      return { ...call, records: { ...call.records, list } };
    };
    await expect(tick({ openCall: failing, log: (line) => lines.push(line) })).rejects.toThrow(
      'could not be looked at',
    );
    expect(lines).toMatchObject([{ event: 'consent-clock.failed' }]);
    expect(await events(people[1]!.id)).toEqual(['given', 'lapsed']);
    expect(await tick()).toEqual({ asked: 0, lapsed: 1, failed: 0 });
    expect(await events(people[0]!.id)).toEqual(['given', 'lapsed']);
  });

  it('forgets the row of somebody who is gone', async () => {
    const person = await house.person({ kind: 'guardian' });
    const purpose = await house.purpose({ kinds: ['guardian'] });
    await give((await house.signedIn(person.id)).client, person.id, purpose);
    const owner = ownerOf(house.organisationId, person.id);
    await house.change().keys({ do: 'erase', owner, retentionClass: 'person' }).commit();
    await tick();
    const { items } = await aCall(house.store).records.pointers('core', `${house.organisationId}#CONSENTS`);
    expect(items).toEqual([]);
  });
});
