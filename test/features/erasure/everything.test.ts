import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { categories } from '../../../lambdas/features/agreements/categories.ts';
import { dependantsOf } from '../../../lambdas/features/erasure/fence.ts';
import { erasurePlan } from '../../../lambdas/features/erasure/plan.ts';
import { buckets } from '../../../lambdas/platform/buckets.ts';
import type { SubjectId } from '../../../lambdas/platform/entity.ts';
import {
  classesOf,
  dependantPointers,
  type EntityDeclaration,
  keptThroughErasure,
  keyOf,
  type Owner,
} from '../../../lambdas/platform/entity.ts';
import { tables } from '../../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, isAllowedToStay, type World } from './world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const declared: readonly EntityDeclaration[] = categories.flatMap(({ entities }) => entities);

/** The same for a person, an account, an organisation: every entity that such a subject may have, one of each. */
async function oneOfEach(world: World, owner: Owner): Promise<EntityDeclaration[]> {
  const classes = classesOf(owner.subject);
  // While there is a legal hold nothing is erased at all.
  const entities = declared.filter((one) => classes.includes(one.retentionClass) && one.name !== 'legal-hold');
  for (const entity of entities) {
    // Keys of such rows are ids; a person's, a role's, an export's and the log's are read as what they are.
    const key = keyFor[entity.name] ?? anId('ntc');
    const sealed = new Uint8Array([1, 2, 3]);
    await world.putRaw(entity.table, {
      ...keyOf({ entity, owner, key }),
      version: 1,
      retentionClass: entity.retentionClass,
      sealed,
    });
  }
  return entities;
}
const keyFor: Record<string, string> = {
  'guardian-link': anId('per'),
  block: anId('per'),
  role: anId('rol'),
  export: anId('exp'),
  'distribution-job': anId('job'),
  'attendance-day': '2026-11-23',
  'log-entry': `2026-11-23#${anId('lge')}`,
  'health-entry': `2026-11-23#${anId('lge')}`,
};

describe('an erasure reaches every declared entity', () => {
  const subjects: readonly [string, (world: World) => Owner][] = [
    ['a person', ({ organisationId }) => ({ controller: organisationId, subject: anId('per') })],
    ['an account', () => ({ controller: 'operator', subject: anId('acc') })],
    ['an organisation', ({ organisationId }) => ({ controller: organisationId, subject: organisationId })],
    [
      'an organisation’s customer agreement',
      ({ organisationId }) => ({ controller: 'operator', subject: organisationId }),
    ],
  ];

  it.each(subjects)('KP-11, KP-12: of %s, whatever is stored goes, but for what the law keeps', async (_, ownerOf) => {
    const world = await aWorld(db);
    const owner = ownerOf(world);
    const entities = await oneOfEach(world, owner);
    expect(entities.length).toBeGreaterThan(3);
    const place = await world.order({ owner, cause: 'request' });
    await world.run(place);

    expect((await world.erasure(place)).missing).toBeUndefined();
    expect(await world.erasure(place)).toMatchObject({ state: 'answered', failures: 0 });
    const own = `${owner.controller}#${owner.subject}`;
    const left = (await world.naming(own)).filter((row) => !['activity', 'keys', 'mirror'].includes(row.table));
    const kept = left.filter(({ pk }) => pk.endsWith(own));
    expect(
      kept.every(({ table }) => table === 'rights'),
      JSON.stringify(kept),
    ).toBe(true);
    const evidence = entities.filter(({ retentionClass }) => keptThroughErasure.includes(retentionClass));
    expect(new Set(kept.map(({ sk }) => sk.split('#')[0]))).toEqual(
      new Set(['ERASURE', ...evidence.map(({ sortKey }) => sortKey)]),
    );
  });

  it('KP-12: of a consent and of a request, which have keys of their own', async () => {
    const world = await aWorld(db);
    const person: Owner = { controller: world.organisationId, subject: anId('per') };
    for (const subject of [anId('con'), anId('req')] as SubjectId[]) {
      const owner: Owner = { controller: world.organisationId, subject };
      await oneOfEach(world, owner);
      const place = await world.order({ owner, cause: 'withdrawal', of: person });
      await world.run(place);
      expect((await world.naming(subject)).filter((row) => !isAllowedToStay(row))).toEqual([]);
      expect([...(await aCall(world.store).records.keyStates(owner)).values()]).toEqual(
        classesOf(subject).map(() => 'ERASED'),
      );
    }
  });

  it('KP-12: the consents and requests of a person go with the person, more of them than fit into one transaction', async () => {
    const world = await aWorld(db);
    const person: Owner = { controller: world.organisationId, subject: anId('per') };
    const consents = Array.from({ length: 45 }, () => anId('con'));
    for (const consent of consents) {
      await world.putRaw('core', dependantPointers.subject(person, consent));
      await world.putRaw('core', {
        pk: `${person.controller}#${consent}`,
        sk: 'CONSENTED',
        retentionClass: 'consented',
      });
    }
    expect(await dependantsOf(person, undefined, world.eraser)).toHaveLength(45);
    await world.run(await world.order({ owner: person, cause: 'request' }));
    for (const consent of consents) {
      const states = await aCall(world.store).records.keyStates({ controller: person.controller, subject: consent });
      expect([...states.values()]).toEqual(classesOf(consent).map(() => 'ERASED'));
    }
    expect((await world.naming('con_')).filter((row) => !isAllowedToStay(row))).toEqual([]);
  });
});

describe('every store', () => {
  it('KP-12: says how an erasure reaches what lies in it', () => {
    for (const [name, { erasedBy }] of Object.entries({ ...tables, ...buckets })) expect(erasedBy, name).toBeTruthy();
    // What an erasure cannot reach is never in a place that keeps for long what a key could still open.
    expect(
      Object.entries(buckets)
        .filter(([, { erasedBy }]) => erasedBy === 'key')
        .map(([name]) => name),
    ).toEqual(['backup', 'offline']);
  });

  it('has a class for each declared entity that some kind of subject can have: none is out of reach', () => {
    const anyone = ['per_', 'acc_', 'org_', 'req_', 'con_', 'cht_', 'ivc_', 'sit_', 'tsh_'] as SubjectId[];
    const reachable = new Set(anyone.flatMap((subject) => classesOf(subject)));
    expect(declared.filter(({ retentionClass }) => !reachable.has(retentionClass)).map(({ name }) => name)).toEqual([]);
  });
});

describe('the plan of an erasure', () => {
  it('KP-12, SM-11: names each entity of a person once, with what becomes of it', () => {
    const lines = erasurePlan({ profile: 'kindergarten', kind: 'person', holds: [] });
    const named = lines.flatMap(({ entities }) => entities);
    expect(new Set(named).size).toBe(named.length);
    const fateOf = (name: string) => lines.find(({ entities }) => entities.includes(name))?.fate;
    expect(fateOf('person')).toBe('delete');
    expect(fateOf('attendance-day')).toBe('delete');
    expect(fateOf('registration-evidence')).toBe('keep');
    expect(named).not.toContain('account');
  });

  it('AT-08: keeps only what a law names, and says until when', () => {
    const lines = erasurePlan({ profile: 'workplace', kind: 'person', holds: [] });
    for (const { fate, law, until } of lines.filter((line) => line.fate === 'keep')) {
      expect([fate, law, until]).toEqual([
        'keep',
        expect.stringMatching(/GDPR|loven|forskriften/),
        { nb: expect.any(String), en: expect.any(String) },
      ]);
    }
  });

  it('keeps everything while there is a legal hold', () => {
    const lines = erasurePlan({ profile: 'kindergarten', kind: 'person', holds: ['court-order'] });
    expect(new Set(lines.map(({ fate, law }) => `${fate} ${law}`))).toEqual(new Set(['keep court-order']));
  });

  it('CE-13: of an account is what the operator holds', () => {
    const named = erasurePlan({ profile: 'workplace', kind: 'account', holds: [] }).flatMap(({ entities }) => entities);
    expect(named).toEqual(expect.arrayContaining(['account', 'sign-in', 'role-session']));
    expect(named).not.toContain('person');
  });
});
