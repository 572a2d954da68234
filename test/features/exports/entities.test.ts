import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { declaredEntities, entitiesOf, isExported } from '../../../lambdas/features/exports/entities.ts';
import { exportRef, holderOf, type TextDecision } from '../../../lambdas/features/exports/export.ts';
import { fieldWords, wordsOf } from '../../../lambdas/features/exports/field-words.ts';
import type { AnyFieldWords } from '../../../lambdas/features/exports/field-words-type.ts';
import { makeExport } from '../../../lambdas/features/exports/make.ts';
import { notExportedWords } from '../../../lambdas/features/exports/page-words.ts';
import { isCarried, staysBehind } from '../../../lambdas/features/exports/portable.ts';
import { textsIn } from '../../../lambdas/features/exports/texts.ts';
import { viewOf } from '../../../lambdas/features/exports/views.ts';
import { ownerOf, personEntity } from '../../../lambdas/features/people/person.ts';
import { pictureEntity } from '../../../lambdas/features/pictures/picture.ts';
import {
  dependantPointers,
  type EntityDeclaration,
  type Owner,
  type SubjectId,
} from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aKindergarten, type Kindergarten } from '../attendance/kindergarten.ts';
import { sampleOf } from './sample.ts';
import { aMaker, type Exports, type Unpacked } from './world.ts';

const kinds = ['per', 'acc', 'req', 'con'] as const;
/** Entities that a person, an account, or a request or consent of theirs can have. */
const personal = declaredEntities.filter((entity) =>
  kinds.some((kind) => entitiesOf(subjectOf(kind)).includes(entity)),
);
function subjectOf(kind: (typeof kinds)[number]): SubjectId {
  return `${kind}_01jd8m3v5c2w7x9y4z6a8b0c1d` as SubjectId;
}

describe('the words', () => {
  it('are there for every entity that is exported, and the reason for every one that is not', () => {
    const known = fieldWords.map(({ entity }) => entity.name);
    const missing = personal.filter((entity) =>
      isExported(entity) ? !known.includes(entity.name) : !notExportedWords[entity.name],
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('mark as free text what takes several lines, and nothing else', () => {
    const wrong = fieldWords.flatMap(({ entity, fields }) =>
      linesIn(viewOf(entity).schema, fields, entity.name).filter(
        ({ at, takesLines, isFreeText }) =>
          takesLines !== isFreeText && !writtenByMachines.includes(at) && !linesOfProse.includes(at),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('name a form for every portable entity, or why it stays behind', () => {
    const missing = personal.filter(
      ({ exported, name }) => exported === 'portable' && !isCarried(name) && !staysBehind[name],
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

/** Long enough for prose, and never typed by anybody. */
const writtenByMachines = [
  'notice.template',
  'undeliverable-address.address',
  'sign-in.browser',
  'organisation.acceptedAgreementVersion',
  'chat.device',
  'invoice-document.xml',
  'operator-invoice-document.xml',
];
/** One line, but written to somebody about somebody: others could be named in it as well as in the text below it. */
const linesOfProse = [
  'message-thread.subject',
  'message-draft.subject',
  'out-of-office.text',
  'ticket.title',
  'support-ticket.title',
];
/** Every text field, by whether its schema takes a line break and whether its words call it free text. */
function linesIn(schema: z.ZodType, fields: Readonly<Record<string, AnyFieldWords>>, path: string): Line[] {
  const inner = unwrapped(schema);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([name, field]) => {
    const at = `${path}.${name}`;
    const [one, word] = [unwrapped(field as z.ZodType), fields[name]];
    if (one instanceof z.ZodObject) return linesIn(one, word?.fields ?? {}, at);
    if (!(one instanceof z.ZodString)) return [];
    // Long and of several lines: a version or an address takes a line break only because nobody forbade it.
    const takesLines = one.safeParse('en linje\nen til').success && one.safeParse('lang tekst '.repeat(18)).success;
    return [{ at, takesLines, isFreeText: word?.freeText === true }];
  });
}
interface Line {
  readonly at: string;
  readonly takesLines: boolean;
  readonly isFreeText: boolean;
}
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodArray ? unwrapped(schema.element as z.ZodType) : schema;
}

/** The file is what its schema says, and would not be with a field that nobody declared. */
function expectDescribed(file: Unpacked, { name }: EntityDeclaration): void {
  const described = z.fromJSONSchema(file.json(`data/schemas/${name}.schema.json`) as never);
  const [record] = file.json(`data/${name}.json`) as object[];
  expect(described.safeParse([record]).error, name).toBeUndefined();
  expect(described.safeParse([{ ...record, undeclared: true }]).success, name).toBe(false);
}

describe('an export', () => {
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

  const put = async (entity: EntityDeclaration, owner: Owner) => {
    const value =
      entity.name === pictureEntity.name
        ? { image: { contentType: 'image/png', content: 'iVBORw==' } }
        : sampleOf(entity.schema);
    await exports
      .openCall()
      .records.change()
      .put({ entity, owner, key: 'sample' }, value, 'new')
      .activity({ event: 'test.prepared', subject: owner })
      .commit();
  };
  const whole = async (owner: Owner) => {
    const audience = { kind: 'self' } as const;
    const { id, holder } = await exports.make({ owner, audience });
    const { records } = exports.openCall();
    const stored = await records.get(exportRef(holderOf(owner, audience, undefined), id));
    if (stored?.value.state === 'awaiting-redaction') {
      const texts = textsIn(await collectRecords(records, owner, audience));
      const decisions = [...new Set(texts.map(({ digest }) => digest))].map(
        (digest): TextDecision => ({ digest, shown: 'whole' }),
      );
      await records
        .change()
        .put(stored.ref, { ...stored.value, state: 'ordered', decisions }, { version: stored.version })
        .activity({ event: 'test.released', subject: owner })
        .commit();
      await makeExport({ holder, id }, exports.maker);
    }
    return exports.open(holder, id);
  };

  it('of a person with one record of every kind shows each of them, or the reason why not', async () => {
    const owner = ownerOf(house.organisationId, anId('per'));
    const dependants = [anId('req'), anId('con')] as const;
    const change = exports.openCall().records.change();
    for (const id of dependants) change.point(dependantPointers.subject(owner, id));
    await change.activity({ event: 'test.prepared', subject: owner }).commit();
    const held: EntityDeclaration[] = [];
    for (const subject of [owner.subject, ...dependants]) {
      for (const entity of entitiesOf(subject)) {
        // The export itself is being made.
        if (entity.name === 'export' || held.includes(entity)) continue;
        await put(entity, { ...owner, subject });
        held.push(entity);
      }
    }
    expect(held.map(({ name }) => name)).toContain(personEntity.name);
    const file = await whole(owner);
    const page = file.text('index.en.html');
    for (const entity of held) {
      if (!isExported(entity)) {
        const why = notExportedWords[entity.name]?.why.en ?? (entity.exported as { not: string }).not;
        expect(page.includes(why), entity.name).toBe(true);
        continue;
      }
      expect(file.json(`data/${entity.name}.json`), entity.name).toHaveLength(1);
      expect(page.includes(wordsOf(entity).title.en), entity.name).toBe(true);
      expectDescribed(file, entity);
    }
  });

  it('of an account with one record of every kind does so too', async () => {
    const owner: Owner = { controller: 'operator', subject: anId('acc') };
    const held = entitiesOf(owner.subject).filter(({ name }) => name !== 'export');
    for (const entity of held) await put(entity, owner);
    const file = await whole(owner);
    for (const entity of held.filter(isExported)) {
      expect(file.json(`data/${entity.name}.json`), entity.name).toHaveLength(1);
      expectDescribed(file, entity);
    }
    expect(file.text('index.nb.html').includes('Vern, som er ansvarlig for kontoen')).toBe(true);
  });
});
