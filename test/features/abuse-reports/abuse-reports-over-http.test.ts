import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abuseReportHandlers } from '../../../lambdas/features/abuse-reports/handlers.ts';
import { abuseReportRoutes } from '../../../lambdas/features/abuse-reports/routes.ts';
import { abuseReportStore } from '../../../lambdas/features/abuse-reports/store.ts';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import { roleSessionRef } from '../../../lambdas/features/access/role.ts';
import { accountLinkEntity, accountPointers } from '../../../lambdas/features/accounts/account.ts';
import { deliveryHandlers } from '../../../lambdas/features/deliveries/handlers.ts';
import { deliveryRoutes } from '../../../lambdas/features/deliveries/routes.ts';
import { deliveryStore } from '../../../lambdas/features/deliveries/store.ts';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from '../messages/house.ts';

let db: TestDynamoDb;
let house: House;
let service: ReturnType<typeof reporting>;
const reporting = ({ store }: House) => aService(store, abuseReportRoutes, abuseReportHandlers(abuseReportStore));
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aHouse(db);
  service = reporting(house);
});
afterAll(() => db.stop());

const refused = (slug: string) => expect.objectContaining({ slug });

/** A child, a mother, one of the staff who has written to her, and an administrator. */
async function aConversation(about: { isSensitive?: boolean } = {}) {
  const groupId = await house.group();
  const childId = await house.child(groupId);
  const [siri, mother] = [await house.staff(groupId), await house.guardian(childId)];
  const { id } = await aPerson(house.store, house.organisationId, { kind: 'staff', firstName: 'Anne' });
  const administrator = await someoneWith(house.store, house.organisationId, 'administrator', { personId: id });
  const written = { subject: 'Støvler', text: 'Du er en elendig mor.', ...about };
  const begun = (await house.as(siri).beginThread({ params: house.of(childId), body: written })).body;
  const thread = { ...house.of(childId), threadId: begun.items[0]!.id };
  const { items } = (await house.as(house.fresh(siri)).listMessages({ params: thread, query: {} })).body;
  return { groupId, childId, siri, mother, administrator, thread, message: { ...thread, messageId: items[0]!.id } };
}
type Conversation = Awaited<ReturnType<typeof aConversation>>;

const body = { kind: 'harassment', reason: 'Dette er ikke første gang.' } as const;
const report = async (by: SignedIn, { message }: Conversation) =>
  (await service.as(by).reportMessage({ params: message, body })).body;
const ofReport = (abuseReportId: ReturnType<typeof anId<'abr'>>) => ({
  organisationId: house.organisationId,
  abuseReportId,
});
const copyOf = async (personId: SignedIn['personId']) =>
  (await collectRecords(aCall(house.store).records, ownerOf(house.organisationId, personId), { kind: 'self' }))
    .filter(({ entity }) => entity.name === 'abuse-report')
    .map(({ value }) => value);

describe('a report of misuse (CE-08)', () => {
  it('reaches the administrators with the message as it stood, and nothing else of the conversation', async () => {
    const conversation = await aConversation();
    const { mother, administrator, siri, thread } = conversation;
    await house
      .as(siri)
      .reply({ params: thread, body: { text: 'Beklager, jeg var sliten.' } })
      .catch(() => {});
    const { id, state } = await report(mother, conversation);
    expect(state).toBe('received');
    expect(await house.notices(administrator.personId)).toContainEqual({ template: 'abuse-reported', parameters: {} });

    const api = service.as(administrator);
    const params = { organisationId: house.organisationId };
    const { items } = (await api.listAbuseReports({ params, query: {} })).body;
    expect(items.map((one) => one.id)).toContain(id);
    const read = (await api.getAbuseReport({ params: ofReport(id) })).body;
    expect(read).toMatchObject({
      ...body,
      reportedBy: mother.personId,
      message: { by: siri.personId, text: 'Du er en elendig mor.' },
    });
    expect(JSON.stringify(read)).not.toContain('sliten');
  });

  it('is closed once, with its outcome; the reporter is told, and has it in their copy without who handled it', async () => {
    const conversation = await aConversation();
    const { mother, siri, administrator } = conversation;
    const { id } = await report(mother, conversation);
    const api = service.as(administrator);
    const close = { params: ofReport(id), body: { outcome: 'talked-to' }, ifMatch: 1 } as const;
    await expect(api.handleAbuseReport({ ...close, ifMatch: 7 })).rejects.toEqual(refused('stale-version'));
    const closed = (await api.handleAbuseReport(close)).body;
    expect(closed).toMatchObject({ state: 'handled', handled: { outcome: 'talked-to', by: administrator.personId } });
    await expect(api.handleAbuseReport({ ...close, ifMatch: 2 })).rejects.toEqual(refused('wrong-state'));
    expect(await house.notices(mother.personId)).toContainEqual({ template: 'abuse-report-handled', parameters: {} });
    expect(await copyOf(mother.personId)).toMatchObject([{ id, reason: body.reason, outcome: 'talked-to' }]);
    expect(JSON.stringify(await copyOf(mother.personId))).not.toContain(administrator.personId);
    expect(await copyOf(siri.personId)).toEqual([]);
  });

  it('goes with whoever reported it, and with the child', async () => {
    for (const goes of ['mother', 'child'] as const) {
      const conversation = await aConversation();
      const { id } = await report(conversation.mother, conversation);
      await house.erase(goes === 'mother' ? conversation.mother.personId : conversation.childId);
      const api = service.as(conversation.administrator);
      await expect(api.getAbuseReport({ params: ofReport(id) })).rejects.toEqual(refused('abuse-report-not-found'));
    }
  });

  it('is made by whoever may read the message: others do not learn that it is there', async () => {
    const conversation = await aConversation();
    const stranger = await house.guardian(conversation.childId, { relation: 'father' });
    await expect(report(stranger, conversation)).rejects.toEqual(refused('thread-not-found'));
    const unknown = { ...conversation.message, messageId: anId('msg') };
    const asked = service.as(conversation.mother).reportMessage({ params: unknown, body });
    await expect(asked).rejects.toEqual(refused('message-not-found'));
    const noThread = { ...conversation.message, threadId: anId('thr') };
    await expect(service.as(conversation.mother).reportMessage({ params: noThread, body })).rejects.toEqual(
      refused('thread-not-found'),
    );
  });

  it('is not made of one’s own message, nor with a number that must not be stored', async () => {
    const conversation = await aConversation();
    await expect(report(conversation.siri, conversation)).rejects.toEqual(refused('wrong-state'));
    const withCard = { ...body, reason: 'Hun skrev kortet mitt: 4111 1111 1111 1111' };
    const asked = service.as(conversation.mother).reportMessage({ params: conversation.message, body: withCard });
    await expect(asked).rejects.toEqual(refused('forbidden-content'));
  });

  it('of a sensitive conversation takes a fresh proof of identity', async () => {
    const conversation = await aConversation({ isSensitive: true });
    house.pass(10);
    await expect(report(conversation.mother, conversation)).rejects.toEqual(refused('fresh-proof-required'));
    expect(await report(house.fresh(conversation.mother), conversation)).toMatchObject({ state: 'received' });
  });

  it('is unknown to whoever invents its id', async () => {
    const { administrator } = await aConversation();
    const nowhere = ofReport(anId('abr'));
    const api = service.as(administrator);
    await expect(api.getAbuseReport({ params: nowhere })).rejects.toEqual(refused('abuse-report-not-found'));
    const close = { params: nowhere, body: { outcome: 'no-misuse' }, ifMatch: 1 } as const;
    await expect(api.handleAbuseReport(close)).rejects.toEqual(refused('abuse-report-not-found'));
  });
});

describe('a report about somebody who administers the organisation', () => {
  /** A place of its own: who else administers it is what this is about. */
  async function aPlace() {
    const place = await aHouse(db);
    const groupId = await place.group();
    const childId = await place.child(groupId);
    const mother = await place.guardian(childId);
    const siri = await place.staff(groupId);
    const written = { subject: 'Støvler', text: 'Du er en elendig mor.' };
    const begun = (await place.as(siri).beginThread({ params: place.of(childId), body: written })).body;
    const thread = { ...place.of(childId), threadId: begun.items[0]!.id };
    const { items } = (await place.as(siri).listMessages({ params: thread, query: {} })).body;
    const api = reporting(place);
    const params = { organisationId: place.organisationId };
    return {
      place,
      siri,
      mother,
      report: async () =>
        (await api.as(mother).reportMessage({ params: { ...thread, messageId: items[0]!.id }, body })).body.id,
      /** What somebody finds of a report in their role: in the list, and by its id. */
      async finds(someone: SignedIn, abuseReportId: ReturnType<typeof anId<'abr'>>) {
        const listed = (await api.as(someone).listAbuseReports({ params, query: {} })).body.items.map(({ id }) => id);
        const read = await api
          .as(someone)
          .getAbuseReport({ params: { ...params, abuseReportId } })
          .then(
            ({ body: { id } }) => id,
            ({ slug }) => slug,
          );
        return [listed, read];
      },
      close: (someone: SignedIn, abuseReportId: ReturnType<typeof anId<'abr'>>) =>
        api.as(someone).handleAbuseReport({
          params: { ...params, abuseReportId },
          body: { outcome: 'no-misuse' },
          ifMatch: 1,
        }),
      isTold: async (someone: SignedIn) =>
        (await place.notices(someone.personId)).some(
          (content) => (content as { template: string }).template === 'abuse-reported',
        ),
      async with(role: 'administrator' | 'privacy-officer', personId?: SignedIn['personId']) {
        const { id } = await aPerson(place.store, place.organisationId, { kind: 'staff', firstName: 'Anne' });
        return someoneWith(place.store, place.organisationId, role, { personId: personId ?? id });
      },
      /** The writer is an administrator too: as another person, of the same account. */
      async asAdministrator() {
        const { id } = await aPerson(place.store, place.organisationId, { kind: 'staff', firstName: 'Siri' });
        const { store, organisationId } = place;
        const owner = ownerOf(organisationId, id);
        const roleId = anId('rol');
        const today = '2026-01-01';
        const change = aCall(store).records.change().activity({ event: 'test.prepared', subject: owner });
        change
          .put({ entity: accountLinkEntity, owner }, { accountId: siri.accountId, since: `${today}T00:00:00Z` }, 'new')
          .point(accountPointers.person(siri.accountId, organisationId, id));
        const scope = { kind: 'organisation' } as const;
        grantRole(
          change,
          organisationId,
          { id: roleId, personId: id, role: 'administrator', scope, validFrom: today, state: 'active' },
          siri.accountId,
        );
        const until = new Date(store.clock.getTime() + 30 * 60_000);
        await change
          .put(
            roleSessionRef(siri.accountId, `origin-${siri.sub}`, roleId),
            { openedAt: store.clock.toISOString(), expiresAt: until.toISOString() },
            'new',
            { expiresAtEpochSeconds: Math.floor(until.getTime() / 1000) },
          )
          .commit();
        return { ...siri, personId: id, role: roleId };
      },
    };
  }

  it('is for the others: the one whom it is about neither learns that it is there, nor of whom', async () => {
    const place = await aPlace();
    const [herself, other] = [await place.asAdministrator(), await place.with('administrator')];
    const officer = await place.with('privacy-officer');
    const id = await place.report();
    expect(await place.finds(herself, id)).toEqual([[], 'abuse-report-not-found']);
    await expect(place.close(herself, id)).rejects.toEqual(refused('abuse-report-not-found'));
    expect(await place.finds(other, id)).toEqual([[id], id]);
    expect(await place.finds(officer, id)).toEqual([[id], id]);
    const told = [herself, place.siri, other, officer].map(place.isTold);
    expect(await Promise.all(told)).toEqual([false, false, true, false]);
  });

  it('is for the privacy officer where there is no other, who is told and closes it', async () => {
    const place = await aPlace();
    const [herself, officer] = [await place.asAdministrator(), await place.with('privacy-officer')];
    const id = await place.report();
    expect([await place.isTold(herself), await place.isTold(officer)]).toEqual([false, true]);
    expect((await place.close(officer, id)).body).toMatchObject({ state: 'handled' });
    expect(await place.finds(herself, id)).toEqual([[], 'abuse-report-not-found']);
  });

  it('is not stored where nobody else could read it: the reporter is told of the data protection officer', async () => {
    const place = await aPlace();
    const herself = await place.asAdministrator();
    await expect(place.report()).rejects.toMatchObject({
      slug: 'wrong-state',
      problem: { detail: expect.stringContaining('data protection officer') },
    });
    expect(await place.place.rows(`${place.place.organisationId}#ABUSE-REPORTS`)).toEqual([]);
    expect(await place.isTold(herself)).toBe(false);
  });

  it('is not betrayed by what was sent to the others: neither that it came, nor who is told of its end', async () => {
    const place = await aPlace();
    const [herself, other] = [await place.asAdministrator(), await place.with('administrator')];
    await place.close(other, await place.report());
    expect(await place.isTold(other)).toBe(true);
    const deliveries = aService(place.place.store, deliveryRoutes, deliveryHandlers(deliveryStore));
    for (const { personId } of [other, place.mother]) {
      const params = { ...place.place.of(personId) };
      const { items } = (await deliveries.as(herself).listPersonNotices({ params, query: {} })).body;
      expect(items.map(({ template }) => template)).toEqual([]);
    }
  });

  it('alone is read by the privacy officer: what is about anybody else is for the administrators', async () => {
    const place = await aPlace();
    const [administrator, officer] = [await place.with('administrator'), await place.with('privacy-officer')];
    const id = await place.report();
    expect(await place.finds(officer, id)).toEqual([[], 'abuse-report-not-found']);
    expect(await place.finds(administrator, id)).toEqual([[id], id]);
    expect([await place.isTold(administrator), await place.isTold(officer)]).toEqual([true, false]);
  });
});
