import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  refusalOf,
  type SubProcessor,
  type SubProcessorChange,
  subProcessorsOn,
  warningsOf,
} from '../../../lambdas/features/registers/sub-processor.ts';
import { subProcessors } from '../../../lambdas/features/registers/sub-processor-list.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, type SignedIn, someoneWith } from '../../support/service.ts';
import { aWorld, type World } from './world.ts';

const aSupplier = (but: Partial<SubProcessor> = {}): SubProcessor => ({
  id: 'sms-supplier',
  name: 'Melding AS',
  does: { nb: 'Utsending av SMS.', en: 'Sending of text messages.' },
  data: { nb: 'Nummer og melding.', en: 'Number and message.' },
  place: { nb: 'Norge, EØS', en: 'Norway, EEA' },
  isWithinEea: true,
  safeguard: { kind: 'within-eea', words: { nb: 'Databehandleravtale.', en: 'Data-processing agreement.' } },
  ...but,
});
const change = (but: Partial<SubProcessorChange> = {}): SubProcessorChange => ({
  version: 2,
  announcedAt: '2026-11-23T07:00:00.000Z',
  kind: 'add',
  effectiveOn: '2026-12-23',
  subProcessor: aSupplier(),
  ...but,
});
const ids = (items: readonly SubProcessor[]) => items.map(({ id }) => id);

describe('the list of sub-processors (AT-03)', () => {
  it('begins with suppliers that all lie within the EEA (KP-09)', () => {
    for (const item of subProcessors) expect([item.isWithinEea, warningsOf(item, '2026-11-23')]).toEqual([true, []]);
  });

  it('says that a push passes Apple or Google, and what they learn by it (KP-09)', () => {
    const { data } = subProcessors.find(({ id }) => id === 'amazon-sns')!;
    for (const words of [data.nb, data.en]) expect(words).toMatch(/Apple .+ Google/);
    expect(data.en).toContain('that something waits, never what');
  });

  it('changes on the day on which an announced change takes effect, and not the day before', () => {
    expect(subProcessorsOn('2026-12-22', subProcessors, [change()])).toEqual({ version: 1, items: subProcessors });
    const after = subProcessorsOn('2026-12-23', subProcessors, [change()]);
    expect([after.version, ids(after.items)]).toEqual([2, ['aws', 'amazon-ses', 'amazon-sns', 'sms-supplier']]);
  });

  it('loses what is removed, and has the new in place of what is replaced', () => {
    const removed = change({ version: 3, kind: 'remove', subProcessorId: 'sms-supplier', effectiveOn: '2027-02-01' });
    const { subProcessor: _, ...removal } = removed;
    const replaced = change({ version: 4, kind: 'replace', subProcessorId: 'amazon-ses', effectiveOn: '2027-03-01' });
    expect(ids(subProcessorsOn('2027-02-01', subProcessors, [change(), removal]).items)).toEqual([
      'aws',
      'amazon-ses',
      'amazon-sns',
    ]);
    expect(ids(subProcessorsOn('2027-03-01', subProcessors, [change(), removal, replaced]).items)).toEqual([
      'aws',
      'amazon-sns',
      'sms-supplier',
    ]);
  });
});

describe('a safeguard', () => {
  const outside = (safeguard: Partial<SubProcessor['safeguard']>) =>
    aSupplier({ isWithinEea: false, safeguard: { ...aSupplier().safeguard, ...safeguard } });

  it('called Privacy Shield is flagged as void', () => {
    expect(warningsOf(outside({ kind: 'privacy-shield' }), '2026-11-23')).toEqual(['privacy-shield-void']);
    expect(warningsOf(outside({ kind: 'eu-us-data-privacy-framework' }), '2026-11-23')).toEqual([]);
  });

  it('is flagged on the day after its last one', () => {
    const clauses = outside({ kind: 'standard-contractual-clauses', until: '2026-11-23' });
    expect(warningsOf(clauses, '2026-11-23')).toEqual([]);
    expect(warningsOf(clauses, '2026-11-24')).toEqual(['safeguard-expired']);
  });

  it('that says EEA of a place outside it is flagged as missing', () => {
    expect(warningsOf(outside({}), '2026-11-23')).toEqual(['no-safeguard']);
  });
});

describe('an announcement', () => {
  const add = (effectiveOn: string, supplier = aSupplier()) =>
    refusalOf({ kind: 'add', effectiveOn, subProcessor: supplier }, '2026-11-23', subProcessors, []);
  it('gives 30 days', () => {
    expect(add('2026-12-22')).toMatch(/30 days/);
    expect(add('2026-12-23')).toBeUndefined();
  });
  it('adds nobody twice, and removes or replaces nobody who is not listed', () => {
    expect(add('2026-12-23', aSupplier({ id: 'aws' }))).toMatch(/listed already/);
    const remove = (subProcessorId: string) =>
      refusalOf({ kind: 'remove', effectiveOn: '2026-12-23', subProcessorId }, '2026-11-23', subProcessors, []);
    expect(remove('sms-supplier')).toMatch(/not listed/);
    expect(remove('aws')).toBeUndefined();
  });
});

describe('sub-processors over HTTP', () => {
  let dynamoDb: TestDynamoDb;
  let world: World;
  let operator: SignedIn;
  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
  });
  afterAll(() => dynamoDb.stop());
  beforeEach(async () => {
    world = await aWorld(dynamoDb);
    operator = await someoneWith(world.store, 'operator', 'platform-operator');
  });

  const addition = { kind: 'add', effectiveOn: '2026-12-23', subProcessor: aSupplier() } as const;
  const announce = async () => (await world.as(operator).announceSubProcessorChange({ body: addition })).body;
  const read = (query = '', headers: Record<string, string> = {}) =>
    world.send(`https://vern.test/v1/sub-processors${query}`, { method: 'GET', headers });

  it('are read by anyone, as JSON', async () => {
    await announce();
    const response = await read();
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      version: 1,
      day: '2026-11-23',
      items: [{ id: 'aws', isWithinEea: true, warnings: [] }, { id: 'amazon-ses' }, { id: 'amazon-sns' }],
      upcoming: [{ version: 2, kind: 'add', effectiveOn: '2026-12-23' }],
    });
  });

  it.each([
    ['nb', 'Underleverandører', 'Grunnlag for overføring', 'Utsending av SMS.', 'Siste dag for innvending'],
    ['en', 'Sub-processors', 'Safeguard', 'Sending of text messages.', 'Last day to object'],
  ])('are read as a page in %s', async (language, ...words) => {
    await announce();
    const page = await read(`?language=${language}`, { accept: 'text/html' });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    // Without its hash the page would be shown without its style.
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-/);
    const text = await page.text();
    for (const word of [...words, '2026-12-22', 'Amazon Web Services EMEA SARL', 'datatilsynet.no']) {
      expect(text).toContain(word);
    }
  });

  it('follow Accept-Language where the query names no language', async () => {
    const page = await read('', { accept: 'text/html', 'accept-language': 'en' });
    expect(await page.text()).toContain('<html lang="en">');
  });

  it('show a void and an expired safeguard once they are in the list', async () => {
    const voided = aSupplier({
      isWithinEea: false,
      safeguard: {
        kind: 'privacy-shield',
        words: { nb: 'Egenerklæring.', en: 'Self-certification.' },
        until: '2026-12-31',
      },
    });
    await world.as(operator).announceSubProcessorChange({ body: { ...addition, subProcessor: voided } });
    world.store.clock = new Date('2027-01-02T08:00:00Z');
    const page = await (await read('?language=en', { accept: 'text/html' })).text();
    expect(page).toContain('C-311/18');
    expect(page).toContain('the safeguard no longer holds');
    expect(await (await read()).json()).toMatchObject({
      version: 2,
      items: [{}, {}, {}, { warnings: ['privacy-shield-void', 'safeguard-expired'] }],
      upcoming: [],
    });
  });

  it('are not changed before 30 days have gone', async () => {
    const tooSoon = { ...addition, effectiveOn: '2026-12-22' };
    await expect(world.as(operator).announceSubProcessorChange({ body: tooSoon })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    expect(await world.rows('core', 'SUB-PROCESSORS')).toEqual([]);
  });

  it('can be objected to by a controller until the day before, once, and the operator sees why', async () => {
    const { id: organisationId } = await anOrganisation(world.store);
    const officer = await someoneWith(world.store, organisationId, 'privacy-officer');
    const params = { organisationId };
    const object = (version: number) =>
      world.as(officer).objectToSubProcessor({ params, body: { version, reason: 'Vi sender ikke SMS.' } });
    await expect(object(2)).rejects.toMatchObject({ slug: 'sub-processor-change-not-found' });
    await announce();
    await object(2);
    await expect(object(2)).rejects.toMatchObject({ slug: 'wrong-state' });
    const { items } = (await world.as(officer).listSubProcessorObjections({ params })).body;
    expect(items).toMatchObject([
      { change: { version: 2 }, objectBefore: '2026-12-22', objection: { reason: 'Vi sender ikke SMS.' } },
    ]);
    const seen = (await world.as(operator).listSubProcessorChanges()).body.items;
    expect(seen).toMatchObject([{ version: 2, isToldToAll: false, objections: [{ organisationId }] }]);
  });

  it('cannot be objected to on the day of the change', async () => {
    await announce();
    world.store.clock = new Date('2026-12-22T23:30:00Z');
    const { id: organisationId } = await anOrganisation(world.store);
    const officer = await someoneWith(world.store, organisationId, 'privacy-officer');
    const body = { version: 2, reason: 'For sent.' };
    await expect(world.as(officer).objectToSubProcessor({ params: { organisationId }, body })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
  });
});
