import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import type { Meter, PriceItem, PriceList } from '../price-lists/price-list.ts';
import { Ore, ore, portionOf, priceOf, sumOf, Thousandths } from './money.ts';
import { VatCode, vatOf } from './vat.ts';

export const LINES_MAX = 400;
export const units = ['piece', 'month', 'hour'] as const;

/** One line of an invoice: what was sold, how much, at which price, before VAT. */
export const Line = z.strictObject({
  number: z.int().min(1).max(LINES_MAX),
  code: z.string().max(32),
  text: oneLine({ max: 200 }),
  quantityThousandths: Thousandths,
  unit: z.enum(units),
  unitPriceOre: Ore,
  netOre: Ore,
  vat: VatCode,
  vatPercent: z.int().min(0).max(25),
});
export type Line = z.output<typeof Line>;

export const VatTotal = z.strictObject({
  vat: VatCode,
  vatPercent: z.int().min(0).max(25),
  netOre: Ore,
  vatOre: Ore,
});
export const Totals = z.strictObject({
  netOre: Ore,
  vatOre: Ore,
  payableOre: Ore,
  byVat: z.array(VatTotal).min(1).max(10),
});
export type Totals = z.output<typeof Totals>;

/** What one customer has used in one month: counts alone. */
export interface Usage {
  /** The number of each meter on each day of the month that was counted. */
  readonly days: readonly Readonly<Record<Meter, number>>[];
  readonly daysInMonth: number;
  /** Days of the month on which the customer's agreement was in force. */
  readonly daysInService: number;
  /** Items that stand in the customer's plan, and how many of each. */
  readonly plan: readonly { readonly code: string; readonly count: number }[];
  /** Billable work, already approved. */
  readonly work: readonly { readonly code: string; readonly text: string; readonly minutes: number }[];
}

/** What a line says before it has its number. */
type Unnumbered = Omit<Line, 'number' | 'vat' | 'vatPercent' | 'netOre' | 'code'>;

/** The lines of one month, in the order of the list. Nothing used, no line. Pure. */
export function rate({ items }: Pick<PriceList, 'items'>, usage: Usage, language: 'nb' | 'en'): Line[] {
  const lines = items.flatMap((item) =>
    linesOf(item, usage, language).map((line) => ({
      ...line,
      code: item.code,
      netOre: priceOf(line.quantityThousandths, line.unitPriceOre),
      vat: item.vat,
      vatPercent: vatOf(item.vat).percent,
    })),
  );
  return lines.map((line, i) => ({ number: i + 1, ...line }));
}

function linesOf({ code, name, charge }: PriceItem, usage: Usage, language: 'nb' | 'en'): Unnumbered[] {
  const text = name[language];
  switch (charge.by) {
    case 'month': {
      const count = charge.isForEverybody
        ? 1
        : usage.plan.filter((one) => one.code === code).reduce((n, one) => n + one.count, 0);
      const quantityThousandths = portionOf(1000 * count, usage.daysInService, usage.daysInMonth);
      const { unitPriceOre } = charge;
      return quantityThousandths > 0 ? [{ text, quantityThousandths, unit: 'month', unitPriceOre }] : [];
    }
    case 'hour':
      return usage.work
        .filter((one) => one.code === code && one.minutes > 0)
        .map((one) => ({
          text: `${text}: ${one.text}`,
          quantityThousandths: portionOf(1000, one.minutes, 60),
          unit: 'hour' as const,
          unitPriceOre: charge.unitPriceOre,
        }));
    case 'meter': {
      const metered = meteredThousandths(usage, charge.meter, charge.of);
      const beyond = Math.max(0, metered - 1000 * charge.included);
      return charge.tiers.flatMap(({ from, unitPriceOre }, i) => {
        const until = charge.tiers[i + 1]?.from ?? Number.POSITIVE_INFINITY;
        const quantityThousandths = Math.min(beyond, 1000 * until) - 1000 * from;
        return quantityThousandths > 0 ? [{ text, quantityThousandths, unit: 'piece' as const, unitPriceOre }] : [];
      });
    }
  }
}

/** A day that was not counted counts as nought: whoever pays is never charged for what nobody has seen. */
function meteredThousandths({ days, daysInMonth }: Usage, meter: Meter, of: 'average' | 'highest' | 'sum'): number {
  const counts = days.map((day) => day[meter]);
  if (of === 'highest') return 1000 * Math.max(0, ...counts);
  const sum = counts.reduce((total, count) => total + count, 0);
  return of === 'sum' ? 1000 * sum : portionOf(1000, sum, daysInMonth);
}

/**
 * VAT is computed once for each rate, on the sum of its lines, and rounded there (EN 16931, BR-CO-17); the total is the
 * sum of what was rounded (BR-CO-10, -14, -15), so that it can be added up by hand. Pure.
 */
export function totalsOf(lines: readonly Pick<Line, 'vat' | 'vatPercent' | 'netOre'>[]): Totals {
  const byVat = [...Map.groupBy(lines, ({ vat }) => vat)].map(([vat, alike]) => {
    const { vatPercent } = alike[0]!;
    const netOre = sumOf(alike.map((line) => line.netOre));
    return { vat, vatPercent, netOre, vatOre: ore(portionOf(netOre, vatPercent, 100)) };
  });
  const netOre = sumOf(byVat.map((one) => one.netOre));
  const vatOre = sumOf(byVat.map((one) => one.vatOre));
  return { netOre, vatOre, payableOre: ore(netOre + vatOre), byVat };
}
