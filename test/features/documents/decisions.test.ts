import { describe, expect, it } from 'vitest';
import {
  changed,
  confirmed,
  demandReadersFor,
  opened,
  published,
  withdrawn,
  withEdition,
} from '../../../lambdas/features/documents/decisions.ts';
import { type DocumentRecord, EDITIONS_MAX, editionInForce } from '../../../lambdas/features/documents/document.ts';
import { newsIn, newsPointer } from '../../../lambdas/features/documents/news.ts';
import {
  type AboutPerson,
  type Standing,
  standingOnPersons,
  standingOnShared,
} from '../../../lambdas/features/documents/reach.ts';
import { ReadersCursor } from '../../../lambdas/features/documents/readers.ts';
import type { RoleCaller } from '../../../lambdas/http/call.ts';
import { anId } from '../../support/store.ts';

const NOW = '2026-11-23T07:00:00.000Z';
const LATER = '2026-11-24T07:00:00.000Z';
const wrongState = expect.objectContaining({ slug: 'wrong-state' });

const aFile = () => ({
  id: anId('fil'),
  name: 'Plan.pdf',
  contentType: 'application/pdf' as const,
  bytes: 100,
  key: Buffer.alloc(32).toString('base64'),
});
const aDocument = (but: Partial<DocumentRecord> = {}): DocumentRecord => ({
  id: anId('doc'),
  scope: { kind: 'organisation' },
  kind: 'plan',
  title: 'Plan',
  visibleTo: 'guardians',
  receipt: 'confirmation',
  state: 'draft',
  editions: [{ number: 1, file: aFile(), addedAt: NOW }],
  ...but,
});
const refusalOf = (decide: () => unknown): unknown => {
  try {
    return decide();
  } catch (error) {
    return error;
  }
};

describe('a document', () => {
  it('has an edition in force while it is published, and none as a draft or withdrawn', () => {
    const shown = published(aDocument(), NOW);
    expect(editionInForce(aDocument())).toBeUndefined();
    expect(editionInForce(shown)).toMatchObject({ number: 1, publishedAt: NOW });
    expect(editionInForce(withdrawn(shown))).toBeUndefined();
    expect(editionInForce(published(withdrawn(shown), LATER))).toMatchObject({ number: 1, publishedAt: LATER });
  });

  it('keeps the edition in force when a new one is added, until that is published', () => {
    const shown = published(aDocument(), NOW);
    const added = withEdition(shown, aFile(), LATER);
    expect(editionInForce(added)?.number).toBe(1);
    expect(editionInForce(published(added, LATER))?.number).toBe(2);
    expect(refusalOf(() => published(shown, LATER))).toEqual(wrongState);
    expect(refusalOf(() => withdrawn(aDocument()))).toEqual(wrongState);
  });

  it('has a bounded number of editions', () => {
    let document = aDocument();
    for (let i = 1; i < EDITIONS_MAX; i++) document = withEdition(document, aFile(), NOW);
    expect(refusalOf(() => withEdition(document, aFile(), NOW))).toMatchObject({ slug: 'too-many' });
  });

  it('keeps its audience while it is published; its title may change', () => {
    const shown = published(aDocument(), NOW);
    expect(changed(shown, { title: 'Årsplan', kind: 'report' })).toMatchObject({ title: 'Årsplan', kind: 'report' });
    expect(refusalOf(() => changed(shown, { receipt: 'none' }))).toEqual(wrongState);
    expect(changed(withdrawn(shown), { receipt: 'none', visibleTo: 'staff' })).toMatchObject({ visibleTo: 'staff' });
  });

  it('asks nothing of staff, and is about one person only where it lies with one', () => {
    expect(refusalOf(() => demandReadersFor(aDocument({ visibleTo: 'staff' })))).toEqual(wrongState);
    expect(refusalOf(() => demandReadersFor(aDocument({ visibleTo: 'person' })))).toEqual(wrongState);
    const scope = { kind: 'person', id: anId('per') } as const;
    expect(refusalOf(() => demandReadersFor(aDocument({ visibleTo: 'person', scope })))).toBeUndefined();
  });
});

describe('a receipt', () => {
  it('notes the first opening of each edition, where one is asked for', () => {
    const shown = published(aDocument(), NOW);
    const first = opened(shown, undefined, NOW);
    expect(first).toMatchObject({ opened: { edition: 1, at: NOW } });
    expect(opened(shown, first, LATER)).toBeUndefined();
    expect(opened(published(withEdition(shown, aFile(), LATER), LATER), first, LATER)).toMatchObject({
      opened: { edition: 2, at: LATER },
    });
    expect(opened(published(aDocument({ receipt: 'none' }), NOW), undefined, NOW)).toBeUndefined();
    expect(opened(aDocument(), undefined, NOW)).toBeUndefined();
  });

  it('confirms the edition in force, once, and whoever confirms has read', () => {
    const shown = published(aDocument(), NOW);
    const receipt = confirmed(shown, undefined, 1, NOW);
    expect(receipt).toMatchObject({ opened: { edition: 1 }, confirmed: { edition: 1, at: NOW } });
    expect(confirmed(shown, receipt, 1, LATER)).toBe(receipt);
    expect(refusalOf(() => confirmed(shown, receipt, 2, LATER))).toEqual(wrongState);
    expect(refusalOf(() => confirmed(published(aDocument({ receipt: 'opening' }), NOW), undefined, 1, NOW))).toEqual(
      wrongState,
    );
  });
});

const nothing: Standing = { sees: false, worksWith: false, manages: false };
const caller = (
  role: RoleCaller['role'],
  scope: RoleCaller['scope'] = { kind: 'organisation' },
  personId = anId('per'),
) => ({ role, scope, personId });

describe('who may see a document about a person', () => {
  const personId = anId('per');
  const groupId = anId('grp');
  const about = (but: Partial<AboutPerson['target']> = {}, kind: AboutPerson['kind'] = 'child'): AboutPerson => ({
    organisation: { profile: 'family', state: 'open' },
    kind,
    target: {
      kind: 'person',
      personId,
      groupIds: [groupId],
      departmentIds: [],
      guardianRights: undefined,
      isBlocked: false,
      ...but,
    },
  });
  const shown = published(aDocument({ scope: { kind: 'person', id: personId } }), NOW);
  const informed = about({ guardianRights: 'information-only' });

  it('is whoever works with them, drafts and all; and guardians, once it is published for them', () => {
    const inGroup = caller('staff', { kind: 'group', id: groupId });
    expect(standingOnPersons(inGroup, { ...shown, state: 'draft' }, about())).toEqual({
      sees: true,
      worksWith: true,
      manages: true,
    });
    expect(standingOnPersons(caller('staff', { kind: 'group', id: anId('grp') }), shown, about())).toEqual(nothing);
    expect(standingOnPersons(caller('guardian'), shown, informed)).toEqual({ ...nothing, sees: true });
    expect(standingOnPersons(caller('guardian'), { ...shown, state: 'draft' }, informed)).toEqual(nothing);
    for (const visibleTo of ['staff', 'person'] as const) {
      expect(standingOnPersons(caller('guardian'), { ...shown, visibleTo }, informed)).toEqual(nothing);
    }
    expect(standingOnPersons(caller('guardian'), shown, about({ guardianRights: 'pick-up-only' }))).toEqual(nothing);
  });

  it('is nobody whom a block keeps away, in whichever role', () => {
    for (const role of ['administrator', 'leader', 'staff', 'guardian'] as const) {
      const target = about({ isBlocked: true, guardianRights: 'parental-responsibility' });
      expect(standingOnPersons(caller(role), shown, target), role).toEqual(nothing);
    }
  });

  it('is the person, of what is published for them', () => {
    const self = caller('member', { kind: 'person', id: personId }, personId);
    expect(standingOnPersons(self, { ...shown, visibleTo: 'person' }, about({}, 'member'))).toEqual({
      ...nothing,
      sees: true,
    });
    expect(standingOnPersons(self, shown, about({}, 'member'))).toEqual(nothing);
  });

  it('is no colleague of somebody who works there, but their leader', () => {
    expect(standingOnPersons(caller('staff'), shown, about({}, 'staff'))).toEqual(nothing);
    expect(standingOnPersons(caller('leader'), shown, about({}, 'staff'))).toMatchObject({ manages: true });
    const self = caller('staff', { kind: 'organisation' }, personId);
    expect(standingOnPersons(self, { ...shown, visibleTo: 'person' }, about({}, 'staff'))).toEqual({
      ...nothing,
      sees: true,
    });
    expect(standingOnPersons(self, { ...shown, visibleTo: 'staff' }, about({}, 'staff'))).toEqual(nothing);
  });
});

describe('who may see a document that is shared', () => {
  const [groupId, departmentId] = [anId('grp'), anId('dep')];
  const structure = { departmentOf: (id: string) => (id === groupId ? departmentId : undefined) };
  const forGroup = published(aDocument({ scope: { kind: 'group', id: groupId } }), NOW);
  const forDepartment = published(aDocument({ scope: { kind: 'department', id: departmentId } }), NOW);
  const forAll = published(aDocument(), NOW);
  const inGroup = { isServed: true, groupIds: new Set([groupId]), departmentIds: new Set([departmentId]) };
  const elsewhere = { isServed: true, groupIds: new Set<string>(), departmentIds: new Set<string>() };
  const standing = (who: ReturnType<typeof caller>, document: DocumentRecord, where = elsewhere) =>
    standingOnShared(who, document as Parameters<typeof standingOnShared>[1], where, structure);

  it('is a guardian of somebody whom it concerns', () => {
    const guardian = caller('guardian');
    for (const document of [forGroup, forDepartment, forAll]) {
      expect(standing(guardian, document, inGroup)).toEqual({ ...nothing, sees: true });
      expect(standing(guardian, withdrawn(document), inGroup)).toEqual(nothing);
    }
    expect(standing(guardian, forGroup)).toEqual(nothing);
    expect(standing(guardian, forDepartment)).toEqual(nothing);
    expect(standing(guardian, forAll, { ...elsewhere, isServed: false })).toEqual(nothing);
    expect(standing(guardian, { ...forGroup, visibleTo: 'staff' }, inGroup)).toEqual(nothing);
  });

  it('is staff of that scope, who change what they hold wholly and read what holds them', () => {
    const ofGroup = caller('staff', { kind: 'group', id: groupId });
    expect(standing(ofGroup, forGroup)).toMatchObject({ manages: true });
    expect(standing(ofGroup, forDepartment)).toMatchObject({ worksWith: true, manages: false });
    expect(standing(ofGroup, forAll)).toMatchObject({ worksWith: true, manages: false });
    expect(standing(caller('staff', { kind: 'group', id: anId('grp') }), forGroup)).toEqual(nothing);
    expect(standing(caller('leader', { kind: 'department', id: departmentId }), forGroup)).toMatchObject({
      manages: true,
    });
    expect(standing(caller('leader', { kind: 'department', id: anId('dep') }), forGroup)).toEqual(nothing);
    expect(standing(caller('staff', { kind: 'person', id: anId('per') }), forGroup)).toEqual(nothing);
    expect(standing(caller('administrator'), forAll)).toMatchObject({ manages: true });
  });
});

describe('the place of a slice', () => {
  it('is read back as it was written', () => {
    const news = {
      organisationId: anId('org'),
      documentId: anId('doc'),
      edition: 2,
      after: `${anId('grp')}.MEMBER#${anId('per')}`,
    };
    expect(newsIn(newsPointer(news).sk)).toEqual(news);
    expect(newsIn(newsPointer({ ...news, after: undefined }).sk)).toEqual({ ...news, after: undefined });
    expect(newsIn('something#else')).toBeUndefined();
  });

  const isTaken = (text: string) => ReadersCursor.safeParse(text).success;
  it('is taken as a cursor only in the form in which it was given', () => {
    expect(isTaken(`child.child#${anId('per')}`)).toBe(true);
    expect(isTaken(`${anId('grp')}.MEMBER#${anId('per')}`)).toBe(true);
    for (const text of ['', 'child', 'PEOPLE.child#x', `${anId('org')}.MEMBER#${anId('per')}`]) {
      expect(isTaken(text), text).toBe(false);
    }
  });
});
