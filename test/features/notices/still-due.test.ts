import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attendanceDayRef } from '../../../lambdas/features/attendance/attendance-day.ts';
import { pointersOf } from '../../../lambdas/features/calendar/calendar-index.ts';
import { type CalendarEvent, eventAnswerRef, eventRefOf } from '../../../lambdas/features/calendar/event.ts';
import { type DistributionJob, jobRef } from '../../../lambdas/features/distribution/job.ts';
import {
  type DocumentRecord,
  documentPointers,
  documentRef,
  receiptRef,
} from '../../../lambdas/features/documents/document.ts';
import type { KeptFile } from '../../../lambdas/features/files/file.ts';
import type { NoticeContent } from '../../../lambdas/features/notices/notice.ts';
import { whyOver } from '../../../lambdas/features/notices/still-due.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { Change } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const at = '2026-11-23T07:00:00.000Z';
const day = '2026-11-24';
const expiresAt = '2026-11-25T00:00:00.000Z';
const childId = anId('per');
const readerId = anId('per');

let dynamoDb: TestDynamoDb;
let tableNames: Awaited<ReturnType<TestDynamoDb['createTables']>>;
let store: TestStore;
let organisationId: OrganisationId;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  tableNames = await dynamoDb.createTables();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  organisationId = anId('org');
  store = await aStore(dynamoDb.client, tableNames, [organisationId]);
});

describe('an invitation to a survey', () => {
  const jobId = anId('job');
  const words = { subject: 'Hva synes du?', text: 'Svar før fredag.' };
  const content: NoticeContent = { template: 'job-survey', parameters: { jobId, ...words, token: 'x' } };

  it.each([
    ['is over for whoever does not agree to be asked any more', { kind: 'survey-subscribers' }, 'no-longer-due'],
    ['stands for one of a group, who is asked without', { kind: 'organisation', readers: ['members'] }, undefined],
  ] as const)('%s', async (_, audience, expected) => {
    const job: DistributionJob = {
      id: jobId,
      kind: 'survey',
      audience: audience.kind === 'organisation' ? { ...audience, readers: ['members'] } : audience,
      content: { nb: words, en: words },
      surveyId: anId('svy'),
      state: 'running',
      createdBy: anId('per'),
      createdAt: at,
    };
    await given((change) => change.put(jobRef(organisationId, jobId), job, 'new'));
    expect(await over(content, jobId)).toBe(expected);
  });
});

describe('word of a document', () => {
  const documentId = anId('doc');
  const opened = { edition: 2, at };
  const content = (asked: 'none' | 'opening' | 'confirmation'): NoticeContent => ({
    template: 'document-for-you',
    parameters: { asked },
  });

  it.each([
    ['stands while nothing has been done with it', 'opening', {}, undefined],
    ['is over once it was opened', 'opening', { opened }, 'seen-already'],
    ['stands when it was an earlier edition that was opened', 'opening', { opened: { edition: 1, at } }, undefined],
    ['stands when it was opened and is to be confirmed', 'confirmation', { opened }, undefined],
    ['is over once it was confirmed', 'confirmation', { opened, confirmed: opened }, 'seen-already'],
  ] as const)('%s', async (_, asked, receipt, expected) => {
    await given((change) => {
      putDocument(change, { state: 'published' });
      change.put(receiptRef(organisationId, readerId, documentId), { documentId, ...receipt }, 'new');
    });
    expect(await over(content(asked), documentId)).toBe(expected);
  });

  it('is over when the document was withdrawn, or is gone', async () => {
    expect(await over(content('none'), documentId)).toBe('no-longer-due');
    await given((change) => putDocument(change, { state: 'withdrawn' }));
    expect(await over(content('none'), documentId)).toBe('no-longer-due');
  });

  function putDocument(change: Change, but: Partial<DocumentRecord>) {
    const owner = organisationOwner(organisationId);
    const key = Buffer.alloc(32).toString('base64');
    const file: KeptFile = { id: anId('fil'), name: 'husregler.pdf', contentType: 'application/pdf', bytes: 1, key };
    const edition = (number: number) => ({ number, file, addedAt: at, publishedAt: at });
    const document: DocumentRecord = {
      id: documentId,
      scope: { kind: 'organisation' },
      kind: 'agreement',
      title: 'Husregler',
      visibleTo: 'guardians',
      receipt: 'opening',
      state: 'published',
      editions: [edition(1), edition(2)],
      ...but,
    };
    change
      .put(documentRef(owner, documentId), document, 'new')
      .point({ ...documentPointers.home(organisationId, documentId), attributes: { subject: owner.subject } });
  }
});

describe('word of an event', () => {
  const eventId = anId('cal');
  const content: NoticeContent = { template: 'event-unanswered', parameters: { childId, day, expiresAt } };

  it('stands until it is answered for the child, on that day', async () => {
    const answer = (of: string) => ({ eventId, day: of, answer: 'yes', by: readerId, at }) as const;
    await given(putEvent({}));
    await given((change) =>
      change.put(eventAnswerRef(organisationId, childId, eventId, '2026-12-01'), answer('2026-12-01'), 'new'),
    );
    expect(await over(content, eventId)).toBeUndefined();
    await given((change) => change.put(eventAnswerRef(organisationId, childId, eventId, day), answer(day), 'new'));
    expect(await over(content, eventId)).toBe('seen-already');
  });

  it('is over when the event was cancelled, or is gone', async () => {
    expect(await over(content, eventId)).toBe('no-longer-due');
    await given(putEvent({ cancelled: true }));
    expect(await over(content, eventId)).toBe('no-longer-due');
  });

  const putEvent = (but: Partial<CalendarEvent>) => (change: Change) => {
    const event: CalendarEvent = {
      id: eventId,
      title: 'Foreldremøte',
      bring: [],
      when: { kind: 'all-day', from: day, until: day },
      scope: { kind: 'organisation' },
      timeZone: 'Europe/Oslo',
      exceptions: [],
      overrides: [],
      files: [],
      sequence: 0,
      createdAt: at,
      updatedAt: at,
      ...but,
    };
    change.put(eventRefOf(organisationId, { kind: 'organisation' }, eventId), event, 'new');
    for (const pointer of pointersOf(organisationId, event)) change.point(pointer);
  };
});

describe('a reminder that days are to be spoken for', () => {
  it('is over when all of them have been', async () => {
    const days = [day, '2026-11-25'] as const;
    const parameters = { childId, expiresAt, from: days[0], until: days[1], days: [...days] };
    const content: NoticeContent = { template: 'times-due', parameters };
    const expected = { from: '08:00', by: readerId };
    const speak = (of: string) => (change: Change) =>
      change.put(
        attendanceDayRef(organisationId, childId, of),
        { day: of, expected, stays: [], corrections: [] },
        'new',
      );
    await given(speak(days[0]));
    expect(await over(content, undefined)).toBeUndefined();
    await given(speak(days[1]));
    expect(await over(content, undefined)).toBe('seen-already');
  });
});

async function given(write: (change: Change) => unknown): Promise<void> {
  const change = aCall(store).records.change();
  write(change);
  await change.activity({ event: 'test.prepared', subject: organisationOwner(organisationId) }).commit();
}
const over = (content: NoticeContent, about: string | undefined) =>
  whyOver(aCall(store).records, ownerOf(organisationId, readerId), content, about);
