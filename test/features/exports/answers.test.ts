import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentedInformationRef } from '../../../lambdas/features/consents/consented-information.ts';
import { deliver } from '../../../lambdas/features/notices/deliver.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { rectificationEntity } from '../../../lambdas/features/requests/rectified-values.ts';
import { type RequestRecord, requestEntity, requestRef } from '../../../lambdas/features/requests/request.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { dependantPointers } from '../../../lambdas/platform/entity.ts';
import type { SendMail } from '../../../lambdas/platform/mail.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { sampleOf } from './sample.ts';
import { aMaker, type Exports } from './world.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let exports: Exports;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  exports = aMaker(house.store);
});

describe('a request for access', () => {
  it('is answered when its copy is ready, and not before', async () => {
    const personId = await house.person({ kind: 'guardian' });
    const owner = ownerOf(house.organisationId, personId);
    const request: RequestRecord = {
      id: anId('req'),
      right: 'access',
      subject: personId,
      askedBy: { as: 'self', accountId: anId('acc') },
      channel: 'account',
      language: 'nb',
      timeZone: 'Europe/Oslo',
      state: 'executing',
      receivedAt: '2026-11-23T07:00:00.000Z',
      dueAt: '2026-12-23T23:00:00.000Z',
      warned: [],
    };
    const { records } = exports.openCall();
    await records
      .change()
      .put(requestRef(owner, request.id), request, 'new')
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
    const state = async () => (await exports.openCall().records.get(requestRef(owner, request.id)))?.value.state;
    await exports.order({ owner, audience: { kind: 'self' }, requestId: request.id });
    expect(await state()).toBe('executing');
    const file = await exports.of({ owner, audience: { kind: 'self' }, requestId: request.id });
    expect(await state()).toBe('answered');
    expect(file.json('data/request.json')).toMatchObject([{ id: request.id, right: 'access' }]);
  });

  it('of the other guardian is not told to a guardian, nor what was written in it', async () => {
    const childId = await house.person();
    const [mother, father] = [await house.guardian(childId), await house.guardian(childId)];
    const owner = ownerOf(house.organisationId, childId);
    const asked = (guardianId: PersonId): RequestRecord => ({
      ...sampleOf(requestEntity.schema),
      id: anId('req'),
      askedBy: { as: 'guardian', accountId: anId('acc'), guardianId, guardianRights: 'parental-responsibility' },
    });
    const change = exports.openCall().records.change();
    const [hers, his] = [asked(mother), asked(father)];
    for (const request of [hers, his]) change.put(requestRef(owner, request.id), request, 'new');
    await change.activity({ event: 'test.prepared', subject: owner }).commit();
    const audience = { kind: 'guardian', guardianId: mother, rights: 'parental-responsibility' } as const;
    const file = await exports.of({ owner, audience });
    expect(file.json('data/request.json')).toMatchObject([{ id: hers.id }]);
    expect(file.text('index.nb.html').includes(his.id)).toBe(false);
  });

  it('of the other guardian is not told by what it had put right, by an address held on consent, or by the log', async () => {
    const childId = await house.person();
    const [mother, father] = [await house.guardian(childId), await house.guardian(childId)];
    const owner = ownerOf(house.organisationId, childId);
    const request: RequestRecord = {
      ...sampleOf(requestEntity.schema),
      id: anId('req'),
      askedBy: {
        as: 'guardian',
        accountId: anId('acc'),
        guardianId: father,
        guardianRights: 'parental-responsibility',
      },
    };
    const consentId = anId('con');
    const byHim = openRecords(house.store, { requestId: 'his', actor: anId('acc'), newEventId: () => anId('evt') });
    const { id: requestId } = request;
    await byHim
      .change()
      .put(requestRef(owner, requestId), request, 'new')
      .put(
        { entity: rectificationEntity, owner, key: requestId },
        { requestId, at: '2026-11-23T07:00:00.000Z', values: { address: 'Fars vei 1', email: 'far@example.no' } },
        'new',
      )
      .put(
        consentedInformationRef(house.organisationId, consentId),
        { principalId: childId, purposeId: anId('pur'), address: 'Fars vei 1', phone: '+4790000000' },
        'new',
      )
      .point(dependantPointers.subject(owner, consentId))
      .activity({ event: 'consent.given', subject: owner })
      .commit();
    const told = async (guardianId: PersonId) => {
      const audience = { kind: 'guardian', guardianId, rights: 'parental-responsibility' } as const;
      const { files } = await exports.of({ owner, audience });
      return Object.values(files).map((content) => Buffer.from(content).toString('utf8'));
    };
    const hers = (await told(mother)).join('\n');
    for (const hint of ['Fars vei', 'far@example.no', 'consent.given', requestId]) expect(hers).not.toContain(hint);
    expect(hers).toContain('+4790000000');
    expect((await told(father)).join('\n')).toContain('far@example.no');
  });
});

describe('the letter', () => {
  const letterTo = async (language: 'nb' | 'en') => {
    const personId = await house.person({ kind: 'guardian', firstName: 'Åse', email: 'ase@example.no', language });
    const owner = ownerOf(house.organisationId, personId);
    await exports.make({ owner, audience: { kind: 'self' } });
    const [notice] = (await exports.openCall().records.list(noticeEntity, owner)).items;
    const sent: string[] = [];
    const sendMail: SendMail = async ({ raw }) => {
      sent.push(Buffer.from(raw).toString('utf8'));
      return { outcome: 'accepted', sesMessageId: 'ses-1' };
    };
    await deliver(owner, notice!.value.id, anOutbox(house.store, { sendMail }));
    return sent[0] ?? '';
  };

  it.each([
    ['nb', 'Kopien er klar', '30. november 2026 klokken 08.00'],
    ['en', 'The copy is ready', '30 November 2026 at 08:00'],
  ] as const)('in %s says that it is ready and until when, and how to complain', async (language, subject, until) => {
    const mail = (await letterTo(language)).replaceAll('=\r\n', '').replaceAll('=20', ' ');
    expect(mail).toContain(subject);
    expect(mail).toContain(until);
    expect(mail).toContain('datatilsynet.no');
    // In text and in HTML: to choose which notices one gets, and nothing that would open the copy.
    expect(mail.match(/\/l\//g)).toHaveLength(2);
  });
});
