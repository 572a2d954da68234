import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writePersonExport } from '../../../lambdas/features/exports/controllers-copy.ts';
import { exportRef, fileKeyOf } from '../../../lambdas/features/exports/export.ts';
import { makeFromStream } from '../../../lambdas/features/exports/make-from-stream.ts';
import { sweepExports } from '../../../lambdas/features/exports/sweep.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { aMaker, type Exports } from './world.ts';

let db: TestDynamoDb;
let house: Kindergarten;
let exports: Exports;
const self = { kind: 'self' } as const;

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aKindergarten(db);
  exports = aMaker(house.store);
});
const of = (personId: ReturnType<typeof anId<'per'>>): Owner => ownerOf(house.organisationId, personId);
const everythingIn = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.values(files)
    .map((content) => Buffer.from(content).toString('utf8'))
    .join('\n');

describe('a guardian', () => {
  const aFamily = async () => {
    const childId = await house.person({ firstName: 'Emil', protectedAddress: true });
    const mother = await house.guardian(childId, { relation: 'mother' });
    const father = await house.guardian(
      childId,
      { relation: 'father', livesWith: false },
      await house.person({ kind: 'guardian', firstName: 'Torbjørn', email: 'torbjorn@example.no' }),
    );
    house.at('2026-11-23T07:00:00Z');
    await house.checkIn(childId);
    return { childId, mother, father };
  };

  it('with parental responsibility gets the child’s data, and nothing of the other guardian', async () => {
    const { childId, mother, father } = await aFamily();
    const audience = { kind: 'guardian', guardianId: mother, rights: 'parental-responsibility' } as const;
    const file = await exports.of({ owner: of(childId), audience });
    expect(file.json('data/guardian-link.json')).toMatchObject([{ guardianId: mother, relation: 'mother' }]);
    expect(file.json('portable/portable.json')).toMatchObject({
      portable: { data: { person: { firstName: 'Emil' } } },
    });
    const all = everythingIn(file.files);
    for (const hint of [father, 'Torbjørn', 'torbjorn@', 'protectedAddress": true']) {
      expect(all.includes(hint), hint).toBe(false);
    }
  });

  it('who is only to be informed gets the copy, and nothing to take along', async () => {
    const { childId, father } = await aFamily();
    const audience = { kind: 'guardian', guardianId: father, rights: 'information-only' } as const;
    const { files } = await exports.of({ owner: of(childId), audience });
    expect(Object.keys(files).filter((name) => name.startsWith('portable/'))).toEqual([]);
    expect(Object.keys(files)).toContain('data/attendance-day.json');
  });

  it('sees who registered attendance by role, and in the guardian’s own export which child it is by a label', async () => {
    const { childId, mother } = await aFamily();
    const audience = { kind: 'guardian', guardianId: mother, rights: 'parental-responsibility' } as const;
    const child = await exports.of({ owner: of(childId), audience });
    expect(child.json('data/attendance-day.json')).toMatchObject([{ stays: [{ checkedInBy: 'other-person-1' }] }]);
    expect(child.text('attendance.ics')).toContain('SUMMARY:Til stede');
    const own = await exports.of({ owner: of(mother), audience: self });
    expect(own.json('data/guardian-link.json')).toMatchObject([{ childId: 'other-child-1', guardianId: mother }]);
    expect(everythingIn(own.files)).not.toContain(childId);
  });
});

describe('restricted data', () => {
  it('is in the copy all the same: whoever restricts may know what is restricted (Art. 18(2))', async () => {
    const personId = await house.person({ firstName: 'Åse' });
    const { records } = exports.openCall();
    await records
      .change()
      .keys({ do: 'restrict', owner: of(personId), retentionClass: 'person' })
      .activity({ event: 'test.restricted', subject: of(personId) })
      .commit();
    const file = await exports.of({ owner: of(personId), audience: self });
    expect(file.json('data/person.json')).toMatchObject([{ firstName: 'Åse' }]);
  });
});

describe('when it is ready', () => {
  it('the receiver is mailed that it is, with nothing of what is in it', async () => {
    const personId = await house.person({ kind: 'guardian', firstName: 'Åse' });
    await exports.make({ owner: of(personId), audience: self });
    const notices = await exports.openCall().records.list(noticeEntity, of(personId));
    expect(notices.items.map(({ value }) => value.content)).toEqual([
      { template: 'export-ready', parameters: { expiresAt: '2026-11-30T07:00:00.000Z', childIds: [] } },
    ]);
  });

  it('a claim’s copy is sealed under the request’s own key, and dies with it', async () => {
    const personId = await house.person({ kind: 'guardian' });
    const requestId = anId('req');
    const { id, holder } = await exports.make({ owner: of(personId), audience: { kind: 'claim' }, requestId });
    expect(holder.subject).toBe(requestId);
    await exports.open(holder, id);
    await exports
      .openCall()
      .records.change()
      .keys({ do: 'erase', owner: holder, retentionClass: 'export' })
      .activity({ event: 'test.erased', subject: holder })
      .commit();
    await expect(exports.open(holder, id)).rejects.toThrow('cannot be opened');
  });
});

describe('the sweep', () => {
  const sweep = () =>
    sweepExports(
      exports.maker,
      () => true,
      () => {},
    );

  it('makes what was left behind, and takes away file and rows when the seven days are over, a second after and not before', async () => {
    const owner = of(await house.person());
    const id = await exports.order({ owner, audience: self });
    expect(await sweep()).toMatchObject({ made: 1, ended: 0, failed: 0 });
    expect(exports.sealed.objects.has(fileKeyOf(id))).toBe(true);
    house.at('2026-11-30T06:59:59Z');
    expect(await sweep()).toMatchObject({ made: 0, ended: 0 });
    house.at('2026-11-30T07:00:00Z');
    expect(await sweep()).toMatchObject({ made: 0, ended: 1, failed: 0 });
    expect(exports.sealed.objects.size).toBe(0);
    const { records } = exports.openCall();
    expect((await records.pointers('transient', 'EXPORTS')).items).toEqual([]);
    expect(await sweep()).toMatchObject({ ended: 0 });
  });

  it('takes away the file of someone who was erased', async () => {
    const owner = of(await house.person());
    const { id } = await exports.make({ owner, audience: self });
    await exports
      .openCall()
      .records.change()
      .keys({ do: 'erase', owner, retentionClass: 'export' })
      .activity({ event: 'test.erased', subject: owner })
      .commit();
    expect(await sweep()).toMatchObject({ ended: 1 });
    expect(exports.sealed.objects.has(fileKeyOf(id))).toBe(false);
  });

  it('takes away plain copies after five minutes', async () => {
    await exports.downloads.files.put('key', Buffer.from('zip'), { contentType: 'application/zip' });
    house.at('2026-11-23T07:04:59Z');
    expect((await sweep()).copies).toBe(0);
    house.at('2026-11-23T07:05:00Z');
    expect((await sweep()).copies).toBe(1);
    expect(exports.downloads.objects.size).toBe(0);
  });

  it('gives up after five tries that came to nothing', async () => {
    const owner = of(await house.person());
    const id = await exports.order({ owner, audience: self });
    const broken = {
      ...exports.maker,
      sealed: { ...exports.maker.sealed, put: () => Promise.reject(new Error('S3')) },
    };
    for (let i = 0; i < 5; i++)
      await sweepExports(
        broken,
        () => true,
        () => {},
      );
    const state = async () => (await exports.openCall().records.get(exportRef(owner, id)))?.value;
    expect(await state()).toMatchObject({ state: 'ordered', attempts: 5 });
    await sweep();
    expect(await state()).toMatchObject({ state: 'failed' });
  });
});

describe('the stream', () => {
  it('wakes the worker by the job’s keys, and tells what failed so that it comes again', async () => {
    const owner = of(await house.person());
    const id = await exports.order({ owner, audience: self });
    const record = {
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: '7',
        Keys: { pk: { S: `EXPORT-JOB#${owner.controller}#${owner.subject}` }, sk: { S: id } },
      },
    };
    const broken = {
      ...exports.maker,
      sealed: { ...exports.maker.sealed, put: () => Promise.reject(new Error('S3')) },
    };
    expect(await makeFromStream([record], broken, () => {})).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(await makeFromStream([record], exports.maker, () => {})).toEqual({ batchItemFailures: [] });
    expect(exports.sealed.objects.has(fileKeyOf(id))).toBe(true);
  });
});

describe('the controller’s own copy', () => {
  it('holds a person’s data whole, with the ids that join the records, and the blocks', async () => {
    const childId = await house.person({ firstName: 'Emil', note: 'Gunvor henter.' });
    const guardianId = await house.guardian(childId);
    await house.block(childId, await house.person({ kind: 'guardian' }));
    const files = new Map<string, string>();
    await writePersonExport(exports.openCall().records, of(childId), `people/${childId}`, ({ name, content }) => {
      files.set(name, Buffer.from(content).toString('utf8'));
    });
    expect(JSON.parse(files.get(`people/${childId}/person.json`) ?? '')).toMatchObject([{ note: 'Gunvor henter.' }]);
    expect(files.get(`people/${childId}/guardian-link.json`)).toContain(guardianId);
    expect(files.has(`people/${childId}/block.json`)).toBe(true);
  });
});
