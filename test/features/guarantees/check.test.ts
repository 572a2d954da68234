import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkGuarantees } from '../../../lambdas/features/guarantees/check.ts';
import { expectedSettings } from '../../../lambdas/features/guarantees/expected.ts';
import type { InForce, Settings } from '../../../lambdas/features/guarantees/guarantee.ts';
import { guaranteesOn, latestResult } from '../../../lambdas/features/guarantees/result.ts';
import { operatorItself } from '../../../lambdas/features/registers/operator-itself.ts';
import { partitionRows } from '../../../lambdas/platform/partition-rows.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, aStore } from '../../support/store.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const expected: Settings = {
  tables: { keys: { isProtectedFromDeletion: true, recoveryDays: 1 } },
  buckets: { log: { lifecycle: [], isVersioned: true, lock: { mode: 'COMPLIANCE', days: 1825 } } },
};
const inForce = (but: Partial<InForce> = {}): InForce => ({
  ...expected,
  copiesOfKeys: { backups: [], tables: [] },
  ...but,
});

async function aChecker() {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  const lines: unknown[] = [];
  return {
    store,
    lines,
    check: (found: InForce) =>
      checkGuarantees({
        expected,
        inForce: async () => found,
        openCall: () => aCall(store),
        log: (line) => lines.push(line),
      }),
    async on(day: string) {
      const [row] = await aCall(store).records.pointersAt([guaranteesOn(new Date(day))]);
      return row?.attributes;
    },
  };
}

describe('the daily check', () => {
  it('says in the row of the day that all is as it was deployed, and rings no alarm', async () => {
    const { check, lines, on } = await aChecker();
    expect(await check(inForce())).toEqual({ checked: 10, broken: [] });
    expect(lines).toEqual([]);
    expect(await on('2026-11-23')).toEqual({ checkedAt: '2026-11-23T07:00:00.000Z', checked: 10, broken: '' });
  });

  it('names each guarantee that is broken, where the alarm listens and in the row of the day', async () => {
    const { check, lines, on } = await aChecker();
    const unprotected = { keys: { isProtectedFromDeletion: false, recoveryDays: 35 } };
    await check(inForce({ tables: unprotected, copiesOfKeys: { backups: ['arn:…'], tables: [] } }));
    const broken = ['keys.deletion-protection', 'keys.recovery-window', 'keys.no-backups'];
    expect(lines).toEqual(broken.map((guarantee) => ({ metric: 'guarantee-broken', guarantee })));
    expect(await on('2026-11-23')).toMatchObject({ broken: broken.join(' ') });
  });

  it('is told as counts until the next day’s has come, and then no more', async () => {
    const { check, store } = await aChecker();
    const told = () => latestResult(aCall(store));
    expect(await told()).toBeUndefined();
    await check(inForce({ copiesOfKeys: 'unreadable' }));
    const result = { checkedAt: '2026-11-23T07:00:00.000Z', checked: 10, broken: 2 };
    expect(await told()).toEqual(result);
    store.clock = new Date('2026-11-24T06:59:00Z');
    expect(await told()).toEqual(result);
    await check(inForce());
    expect(await told()).toMatchObject({ broken: 0 });
    // A check that has not run for a day is no evidence.
    store.clock = new Date('2026-11-26T06:59:00Z');
    expect(await told()).toBeUndefined();
  });

  it('is in the operator’s activity log, as counts', async () => {
    const { check, store } = await aChecker();
    await check(inForce({ buckets: {} }));
    const found = [];
    const partition = `${operatorItself.controller}#${operatorItself.subject}`;
    for await (const { attributes } of partitionRows(store).of('activity', partition)) found.push(attributes);
    expect(found).toMatchObject([{ event: 'guarantees.checked', detail: { checked: 10, broken: 5 } }]);
  });

  it('keeps a day’s result for a year', async () => {
    const { check, store, on } = await aChecker();
    await check(inForce());
    store.clock = new Date('2027-11-23T07:00:00Z');
    await check(inForce());
    expect(await on('2026-11-23')).toBeUndefined();
    expect(await on('2027-11-23')).toBeDefined();
  });

  it('fails, and so rings another alarm, where AWS cannot be asked at all', async () => {
    const { store, lines } = await aChecker();
    const asking = () => Promise.reject(new Error('Throttled'));
    const options = {
      expected,
      inForce: asking,
      openCall: () => aCall(store),
      log: (line: object) => lines.push(line),
    };
    await expect(checkGuarantees(options)).rejects.toThrow('Throttled');
  });
});

describe('what the deployment says', () => {
  const compressed = (settings: object) => brotliCompressSync(JSON.stringify(settings)).toString('base64');
  const withPolicy = {
    ...expected,
    tables: { keys: { ...expected.tables['keys'], policy: { Statement: [{ Resource: `\${Bucket.Arn}/*` }] } } },
  };

  it('is put in where the template could not know it', () => {
    const settings = expectedSettings(compressed(withPolicy), JSON.stringify({ 'Bucket.Arn': 'arn:aws:s3:::one' }));
    expect(settings.tables['keys']?.policy?.Statement).toEqual([{ Resource: 'arn:aws:s3:::one/*' }]);
  });

  it('is refused when something is left open, or is no settings', () => {
    expect(() => expectedSettings(compressed(withPolicy), '{}')).toThrow('Nobody said what Bucket.Arn is');
    expect(() => expectedSettings(compressed({ tables: {} }), '{}')).toThrow();
    expect(() => expectedSettings('no brotli', '{}')).toThrow();
  });
});
