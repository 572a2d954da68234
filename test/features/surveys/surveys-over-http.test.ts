import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import {
  answerSurveyPage,
  surveyAnswerHandlers,
  surveyResultsPage,
} from '../../../lambdas/features/surveys/answer-handlers.ts';
import { surveyAnswerRoutes } from '../../../lambdas/features/surveys/answer-routes.ts';
import { answersOf, surveyAnswerStore } from '../../../lambdas/features/surveys/answer-store.ts';
import { surveyHandlers } from '../../../lambdas/features/surveys/handlers.ts';
import { makeInvitation, openSurvey } from '../../../lambdas/features/surveys/invitation.ts';
import { surveyRoutes } from '../../../lambdas/features/surveys/routes.ts';
import { surveyStore } from '../../../lambdas/features/surveys/store.ts';
import { keptUntil, type SurveyDraft, surveyRef } from '../../../lambdas/features/surveys/survey.ts';
import type { OrganisationId, PersonId, SurveyId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const routes = { ...surveyRoutes, ...surveyAnswerRoutes, ...linkRoutes };
const both = (text: string) => ({ nb: text, en: `${text} (en)` });
const draft: SurveyDraft = {
  title: both('Hva synes du om lekeplassen?'),
  questions: [
    { kind: 'choice', asked: both('Er den trygg?'), options: [both('Ja'), both('Nei'), both('Vet ikke')] },
    { kind: 'scale', asked: both('Hvor fin er den?'), steps: 5, lowest: both('stygg'), highest: both('fin') },
    { kind: 'text', asked: both('Hva savner du?') },
  ],
  closesOn: '2026-12-04',
};

let db: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let leader: SignedIn;
let service: ReturnType<typeof aService<typeof routes>>;
beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), ['operator']);
});
afterAll(() => db.stop());
beforeEach(async () => {
  store.clock = new Date('2026-11-23T07:00:00Z');
  organisationId = (await anOrganisation(store)).id;
  leader = await someoneWith(store, organisationId, 'leader');
  service = aService(store, routes, {
    ...surveyHandlers(surveyStore('https://vern.test')),
    ...surveyAnswerHandlers(surveyAnswerStore),
    ...someLinkHandlers(
      {},
      {
        'answer-survey': answerSurveyPage(surveyAnswerStore),
        'read-survey-results': surveyResultsPage(surveyAnswerStore),
      },
    ),
  });
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const ofSurvey = (surveyId: SurveyId) => ({ params: { organisationId, surveyId } });
const drafted = async (wanted: Partial<SurveyDraft> = {}) =>
  (await service.as(leader).createSurvey({ params: { organisationId }, body: { ...draft, ...wanted } })).body;
const set = async (surveyId: SurveyId, state: 'open' | 'closed') =>
  (await service.as(leader).setSurveyState({ ...ofSurvey(surveyId), body: { state } })).body;
const opened = async () => set((await drafted()).id, 'open');

/** The token of an invitation to somebody; to a new person where nobody is named. */
async function invite(surveyId: SurveyId, personId?: PersonId): Promise<string> {
  const id = personId ?? (await aPerson(store, organisationId, { kind: 'guardian' })).id;
  const call = aCall(store);
  const survey = await openSurvey(call.records, organisationId, surveyId, store.clock);
  const change = call.records.change();
  const token = makeInvitation(change, survey!, ownerOf(organisationId, id), call);
  await change.activity({ event: 'test.prepared', subject: organisationOwner(organisationId) }).commit();
  return token;
}
const answer = (token: string, form: Record<string, string>, language = 'nb') =>
  service.send(`https://vern.test/l/${token}/answers?language=${language}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: new URLSearchParams(form).toString(),
  });
const look = async (token: string) => {
  const shown = await service.send(`https://vern.test/l/${token}`, { method: 'GET', headers: { accept: 'text/html' } });
  return { status: shown.status, page: await shown.text() };
};
const stored = async (surveyId: SurveyId) => answersOf(aCall(store).records, organisationId, surveyId);
const allRows = async () => {
  const tables = (['core', 'rights', 'transient', 'activity', 'keys', 'lookup'] as const).map((table) =>
    db.client.send(new ScanCommand({ TableName: store.tableNames[table] })),
  );
  return (await Promise.all(tables)).flatMap(({ Items = [] }) => Items.map((row) => unmarshall(row)));
};
const placeOf = ({ pk, sk }: Record<string, unknown>) => `${pk}|${sk}`;

describe('a survey', () => {
  it('is drafted, changed, opened and closed, and then stays as it is', async () => {
    const { id, version } = await drafted();
    const me = service.as(leader);
    const changed = await me.changeSurvey({
      ...ofSurvey(id),
      body: { ...draft, closesOn: '2026-12-05' },
      ifMatch: version,
    });
    expect(changed.body).toMatchObject({ state: 'draft', closesOn: '2026-12-05', version: 2 });
    expect(await set(id, 'open')).toMatchObject({ state: 'open', version: 3 });
    expect(await set(id, 'open')).toMatchObject({ state: 'open', version: 3 });
    await expect(me.changeSurvey({ ...ofSurvey(id), body: draft, ifMatch: 3 })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    expect(await set(id, 'closed')).toMatchObject({ state: 'closed' });
    await expect(set(id, 'open')).rejects.toMatchObject(refused('wrong-state'));
    expect((await me.listSurveys({ params: { organisationId } })).body.items).toEqual([
      (await me.getSurvey(ofSurvey(id))).body,
    ]);
  });

  it('closes by itself after its last day', async () => {
    const { id } = await opened();
    store.clock = new Date('2026-12-04T22:59:59Z');
    const again = await someoneWith(store, organisationId, 'leader');
    expect((await service.as(again).getSurvey(ofSurvey(id))).body.state).toBe('open');
    store.clock = new Date('2026-12-04T23:00:00Z');
    expect((await service.as(again).getSurvey(ofSurvey(id))).body.state).toBe('closed');
  });

  it.each(['2026-11-22', '2027-01-23'])('cannot have its last day on %s', async (closesOn) => {
    await expect(drafted({ closesOn })).rejects.toMatchObject(refused('survey-day-refused'));
    const { id } = await drafted();
    const change = { ...ofSurvey(id), body: { ...draft, closesOn }, ifMatch: 1 };
    await expect(service.as(leader).changeSurvey(change)).rejects.toMatchObject(refused('survey-day-refused'));
  });

  it('cannot be opened when its last day is over', async () => {
    const { id } = await drafted();
    store.clock = new Date('2026-12-05T07:00:00Z');
    leader = await someoneWith(store, organisationId, 'leader');
    await expect(set(id, 'open')).rejects.toMatchObject(refused('survey-day-refused'));
  });

  it('is not there for another organisation, nor when there is none', async () => {
    const ours = await drafted();
    organisationId = (await anOrganisation(store)).id;
    leader = await someoneWith(store, organisationId, 'leader');
    const me = service.as(leader);
    for (const surveyId of [ours.id, anId('svy')]) {
      const there = ofSurvey(surveyId);
      await expect(me.getSurvey(there)).rejects.toMatchObject(refused('survey-not-found'));
      await expect(me.changeSurvey({ ...there, body: draft, ifMatch: 1 })).rejects.toMatchObject(
        refused('survey-not-found'),
      );
      await expect(set(surveyId, 'open')).rejects.toMatchObject(refused('survey-not-found'));
      await expect(me.getSurveyResults(there)).rejects.toMatchObject(refused('survey-not-found'));
      await expect(me.makeSurveyResultsPage(there)).rejects.toMatchObject(refused('survey-not-found'));
    }
  });
});

describe('answering by the link of an invitation', () => {
  it('shows the questions to whoever looks, and uses nothing up', async () => {
    const { id } = await opened();
    const token = await invite(id);
    for (const _ of [1, 2]) {
      const { status, page } = await look(token);
      expect(status).toBe(200);
      for (const said of ['Hva synes du om lekeplassen?', 'Er den trygg?', '5: fin', 'Hva savner du?']) {
        expect(page).toContain(said);
      }
    }
    expect(await stored(id)).toEqual([]);
  });

  it('works once, and says thanks', async () => {
    const { id } = await opened();
    const token = await invite(id);
    const answered = await answer(token, { q1: '1', q2: '4', q3: ' Mer sand ' });
    expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining('Takk for svaret')]);
    const again = await answer(token, { q1: '0', q2: '0' });
    expect(again.status).toBe(404);
    expect((await look(token)).status).toBe(404);
    expect(await stored(id)).toEqual([{ given: [1, 4, 'Mer sand'] }]);
  });

  it('counts one of two that are sent at the same moment', async () => {
    const { id } = await opened();
    const token = await invite(id);
    const sent = await Promise.all([answer(token, { q1: '0', q2: '0' }), answer(token, { q1: '1', q2: '1' })]);
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await stored(id)).toHaveLength(1);
  });

  it('asks again, with what was written, where a choice is missing or a text may not be kept', async () => {
    const { id } = await opened();
    const token = await invite(id);
    const shown = await answer(token, { q2: '2', q3: 'Ring meg, kortet er 4111 1111 1111 1111 <b>' });
    const page = await shown.text();
    expect(shown.status).toBe(422);
    expect(page).toContain('Velg ett av svarene.');
    expect(page).toContain('4111 1111 1111 1111 &lt;b&gt;');
    expect(page).toMatch(/name="q2" value="2"[^>]* checked/);
    expect(await stored(id)).toEqual([]);
    for (const q1 of ['3', '-1', '0.5', 'ja']) expect((await answer(token, { q1, q2: '0' })).status).toBe(422);
    expect((await answer(token, { q1: '0', q2: '0' }, 'en')).status).toBe(200);
  });

  it('is over when the survey is closed, also for whoever had the page open', async () => {
    const { id } = await opened();
    const token = await invite(id);
    await set(id, 'closed');
    expect((await look(token)).page).toContain('Undersøkelsen er avsluttet');
    expect((await answer(token, { q1: '0', q2: '0' })).status).toBe(409);
    expect(await stored(id)).toEqual([]);
  });

  it('cannot slip in behind the results, when the survey is closed while the answer is on its way', async () => {
    const { id } = await opened();
    const token = await invite(id);
    const call = aCall(store);
    const found = await surveyAnswerStore.invitation(token, call);
    await set(id, 'closed');
    const late = surveyAnswerStore.answer(found!.link, found!.survey, { given: [0, 0, null] }, call);
    await expect(late).rejects.toMatchObject({ slug: 'answers-closed' });
    expect(await stored(id)).toEqual([]);
    expect((await look(token)).status).toBe(200);
  });

  it('does not open by a link that is for something else', async () => {
    const { id } = await opened();
    await set(id, 'closed');
    const { url } = (await service.as(leader).makeSurveyResultsPage(ofSurvey(id))).body;
    expect((await answer(url.split('/').at(-1)!, { q1: '0', q2: '0' })).status).toBe(404);
  });
});

describe('who has answered what', () => {
  it('stands nowhere: no row that an answer leaves names a person, and no row of answers tells when', async () => {
    const { id } = await opened();
    const personId = (await aPerson(store, organisationId, { kind: 'guardian' })).id;
    const token = await invite(id, personId);
    const known = new Set((await allRows()).map(placeOf));
    store.clock = new Date('2026-11-25T11:12:13.456Z');
    expect((await answer(token, { q1: '1', q2: '4', q3: 'Mer sand' })).status).toBe(200);
    const left = (await allRows()).filter((row) => !known.has(placeOf(row)));
    expect(left).toHaveLength(2);
    expect(JSON.stringify(left)).not.toContain(personId);
    const row = left.find(({ sk }) => String(sk).startsWith('SURVEY-ANSWER#'))!;
    // Sealed under the organisation’s key: what is in the clear is its place, and when all answers go.
    expect(String(row['sk'])).toMatch(new RegExp(`^SURVEY-ANSWER#${id}#[0-9a-f]{32}$`));
    const survey = await aCall(store).records.get(surveyRef(organisationId, id));
    expect(row['expiresAtEpochSeconds']).toBe(keptUntil(survey!.value));
    expect(JSON.stringify(row)).not.toMatch(/2026-11-25|11:12/);
    const [activity] = left.filter(({ sk }) => sk !== row['sk']);
    expect(activity).toMatchObject({ event: 'survey.answered', actor: 'anyone' });
    expect(JSON.stringify(activity)).not.toContain(String(row['sk']).split('#').at(-1));
  });
});

describe('the results', () => {
  it('are there when the survey is closed, from ten answers up, as numbers and as a page by a short-lived link', async () => {
    const { id } = await opened();
    const me = service.as(leader);
    await expect(me.getSurveyResults(ofSurvey(id))).rejects.toMatchObject(refused('wrong-state'));
    await expect(me.makeSurveyResultsPage(ofSurvey(id))).rejects.toMatchObject(refused('wrong-state'));
    for (let n = 0; n < 10; n++) await answer(await invite(id), { q1: n < 6 ? '0' : '1', q2: '2' });
    await set(id, 'closed');
    expect((await me.getSurveyResults(ofSurvey(id))).body).toEqual({
      answers: 10,
      questions: [
        { kind: 'counts', counts: [{ options: [0, 1, 2], count: 10 }] },
        { kind: 'counts', counts: [{ options: [0, 1, 2, 3, 4], count: 10 }] },
        { kind: 'texts' },
      ],
    });
    const { url } = (await me.makeSurveyResultsPage(ofSurvey(id))).body;
    const { page } = await look(url.split('/').at(-1)!);
    expect(page).toContain('10 har svart.');
    expect(page).toContain('Ja / Nei / Vet ikke: 10 (100\u00a0%)');
    expect(page).toContain('1–5: 10 (100');
    store.clock = new Date(store.clock.getTime() + 11 * 60 * 1000);
    expect((await look(url.split('/').at(-1)!)).status).toBe(404);
  });

  it('wait a minute after the last day, for answers that were let in at its end', async () => {
    const { id } = await opened();
    store.clock = new Date('2026-12-04T23:00:30Z');
    leader = await someoneWith(store, organisationId, 'leader');
    await expect(service.as(leader).getSurveyResults(ofSurvey(id))).rejects.toMatchObject(refused('wrong-state'));
    store.clock = new Date('2026-12-04T23:01:00Z');
    expect((await service.as(leader).getSurveyResults(ofSurvey(id))).body).toEqual({ questions: [] });
    const { url } = (await service.as(leader).makeSurveyResultsPage(ofSurvey(id))).body;
    expect((await look(url.split('/').at(-1)!)).page).toContain('Færre enn 10 har svart.');
  });
});
