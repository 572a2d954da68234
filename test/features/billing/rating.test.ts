import { describe, expect, it } from 'vitest';
import { ore } from '../../../lambdas/features/billing/money.ts';
import { rate, totalsOf, type Usage } from '../../../lambdas/features/billing/rating.ts';
import type { VatCode } from '../../../lambdas/features/billing/vat.ts';
import type { PriceItem } from '../../../lambdas/features/price-lists/price-list.ts';

const MONTHS = 10_000;

/** Mulberry32: the same months on every run. */
function chance(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    upTo: (most: number) => Math.floor(next() * (most + 1)),
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
  };
}

const vats: readonly VatCode[] = ['vat-25', 'vat-15', 'vat-12', 'vat-0', 'exempt', 'reverse-charge'];
const name = { nb: 'Vare', en: 'Item' };

function aMonth(seed: number): { items: PriceItem[]; usage: Usage } {
  const { upTo, one } = chance(seed);
  const daysInMonth = one([28, 29, 30, 31]);
  const items = Array.from({ length: 1 + upTo(7) }, (_, i) => anItem(i));

  const days = Array.from({ length: upTo(daysInMonth) }, () => ({
    members: upTo(500),
    devices: upTo(90),
    messages: upTo(30),
  }));
  const codes = items.map(({ code }) => code);
  const plan = codes.flatMap((code) => (upTo(1) ? [{ code, count: 1 + upTo(12) }] : []));
  const work = Array.from({ length: upTo(5) }, () => ({ code: one(codes), text: 'sak 1', minutes: upTo(900) }));
  return { items, usage: { days, daysInMonth, daysInService: upTo(daysInMonth), plan, work } };

  function anItem(i: number): PriceItem {
    const common = { code: `item-${i}`, name, vat: one(vats) };
    const unitPriceOre = ore(upTo(one([99, 9_999, 999_999])));
    switch (one(['meter', 'month', 'hour'] as const)) {
      case 'month':
        return { ...common, charge: { by: 'month', unitPriceOre, isForEverybody: one([true, false]) } };
      case 'hour':
        return { ...common, charge: { by: 'hour', unitPriceOre } };
      case 'meter': {
        const starts = [...new Set([0, ...Array.from({ length: upTo(3) }, () => 1 + upTo(400))])].sort((a, b) => a - b);
        const tiers = starts.map((from) => ({ from, unitPriceOre: ore(upTo(9_999)) }));
        const meter = one(['members', 'devices', 'messages'] as const);
        return {
          ...common,
          charge: { by: 'meter', meter, of: one(['average', 'highest', 'sum']), included: one([0, upTo(50)]), tiers },
        };
      }
    }
  }
}

/** An exact fraction: nothing below is shared with what is tested. */
type Fraction = readonly [over: bigint, under: bigint];
const halfUp = ([over, under]: Fraction): bigint => {
  const doubled = over * 2n + under;
  return doubled / (under * 2n);
};
const percents: Readonly<Record<string, bigint>> = { 'vat-25': 25n, 'vat-15': 15n, 'vat-12': 12n };

/** The same month, computed from the words of the price list's contract with fractions of arbitrary size. */
function recomputed({ items, usage }: { items: readonly PriceItem[]; usage: Usage }) {
  const net = new Map<string, bigint>();
  for (const { code, charge, vat } of items) {
    const add = (thousandths: bigint, priceOre: number) => {
      if (thousandths <= 0n) return;
      const amount = halfUp([thousandths * BigInt(priceOre), 1000n]);
      net.set(vat, (net.get(vat) ?? 0n) + amount);
    };
    if (charge.by === 'month') {
      let count = 0n;
      if (charge.isForEverybody) count = 1n;
      else for (const one of usage.plan) if (one.code === code) count += BigInt(one.count);
      add(halfUp([count * 1000n * BigInt(usage.daysInService), BigInt(usage.daysInMonth)]), charge.unitPriceOre);
    } else if (charge.by === 'hour') {
      for (const one of usage.work) {
        if (one.code === code) add(halfUp([BigInt(one.minutes) * 1000n, 60n]), charge.unitPriceOre);
      }
    } else {
      let sum = 0n;
      let most = 0n;
      for (const day of usage.days) {
        const count = BigInt(day[charge.meter]);
        sum += count;
        if (count > most) most = count;
      }
      const used = {
        sum: sum * 1000n,
        highest: most * 1000n,
        average: halfUp([sum * 1000n, BigInt(usage.daysInMonth)]),
      };
      let left = used[charge.of] - BigInt(charge.included) * 1000n;
      // From the last tier to the first: what lies above its beginning is its own.
      for (const { from, unitPriceOre } of charge.tiers.toReversed()) {
        const begins = BigInt(from) * 1000n;
        if (left <= begins) continue;
        add(left - begins, unitPriceOre);
        left = begins;
      }
    }
  }
  let [netOre, vatOre] = [0n, 0n];
  for (const [vat, amount] of net) {
    netOre += amount;
    vatOre += halfUp([amount * (percents[vat] ?? 0n), 100n]);
  }
  return { netOre, vatOre, payableOre: netOre + vatOre };
}

describe('a month', () => {
  it(`SM-06: ${MONTHS} random months cost what exact fractions say, to the øre`, () => {
    let [wrong, charged] = [0, 0];
    for (let seed = 1; seed <= MONTHS; seed++) {
      const month = aMonth(seed);
      const lines = rate(month, month.usage, 'nb');
      const { netOre, vatOre, payableOre } = totalsOf(lines);
      const expected = recomputed(month);
      if (BigInt(netOre) !== expected.netOre || BigInt(vatOre) !== expected.vatOre) wrong++;
      if (BigInt(payableOre) !== expected.payableOre) wrong++;
      if (payableOre > 0) charged++;
    }
    expect(wrong).toBe(0);
    expect(charged).toBeGreaterThan(MONTHS / 2);
  });

  const used: Usage = { days: [], daysInMonth: 30, daysInService: 30, plan: [], work: [] };
  const item = (charge: PriceItem['charge']): PriceItem => ({ code: 'item', name, charge, vat: 'vat-25' });
  const members = (count: number) => ({ members: count, devices: 0, messages: 0 });

  it('without use has no line', () => {
    const priced = item({
      by: 'meter',
      meter: 'members',
      of: 'average',
      included: 10,
      tiers: [{ from: 0, unitPriceOre: ore(100) }],
    });
    expect(rate({ items: [priced] }, { ...used, days: [members(10)] }, 'nb')).toEqual([]);
  });

  it('charges nothing for a day that nobody counted', () => {
    const priced = item({
      by: 'meter',
      meter: 'members',
      of: 'average',
      included: 0,
      tiers: [{ from: 0, unitPriceOre: ore(100) }],
    });
    const [line] = rate({ items: [priced] }, { ...used, days: Array.from({ length: 15 }, () => members(10)) }, 'nb');
    expect(line).toMatchObject({ quantityThousandths: 5000, netOre: 500 });
  });

  it('prices what goes beyond a tier by the next one, as lines of their own', () => {
    const tiers = [
      { from: 0, unitPriceOre: ore(200) },
      { from: 50, unitPriceOre: ore(150) },
    ];
    const priced = item({ by: 'meter', meter: 'members', of: 'highest', included: 10, tiers });
    const lines = rate({ items: [priced] }, { ...used, days: [members(80)] }, 'en');
    expect(lines.map(({ number, quantityThousandths, netOre }) => [number, quantityThousandths, netOre])).toEqual([
      [1, 50_000, 10_000],
      [2, 20_000, 3_000],
    ]);
  });

  it('takes off the days on which the agreement was not in force', () => {
    const priced = item({ by: 'month', unitPriceOre: ore(30_000), isForEverybody: true });
    expect(rate({ items: [priced] }, { ...used, daysInService: 10 }, 'nb')).toMatchObject([
      { quantityThousandths: 333, netOre: 9_990 },
    ]);
  });

  it('rounds half an øre away from zero, on each line and on each rate of VAT once', () => {
    const lines = [1, 1].map((netOre) => ({ vat: 'vat-25', vatPercent: 25, netOre: ore(netOre) }) as const);
    // Line by line the VAT would be 0 + 0; on the sum of 2 øre it is half an øre.
    expect(totalsOf(lines)).toMatchObject({ netOre: 2, vatOre: 1, payableOre: 3 });
  });
});
