import * as z from 'zod';

/** More than any invoice, and far below what an integer of JavaScript holds exactly. */
export const ORE_MAX = 100_000_000_000;

/** An amount of money in øre, a hundredth of a krone: an integer, because money is exact. */
export const oreBetween = (min: number, max: number) => z.int().min(min).max(max).brand<'Ore'>();
export const Ore = oreBetween(-ORE_MAX, ORE_MAX);
export type Ore = z.output<typeof Ore>;

/** How much of something: in thousandths, so that 20 minutes are 333 thousandths of an hour. */
export const QUANTITY_THOUSANDTHS_MAX = 10_000_000_000;
export const Thousandths = z.int().min(1).max(QUANTITY_THOUSANDTHS_MAX);

/** An amount that has been computed: throws for what is no whole number of øre, or is too large. */
export const ore = (amount: number): Ore => Ore.parse(amount);
export const sumOf = (amounts: readonly Ore[]): Ore => ore(amounts.reduce((total: number, one) => total + one, 0));

/**
 * `amount × numerator / denominator`, rounded half away from zero, as EN 16931 rounds amounts (section 5.4.3) and people
 * do. Exact for every safe integer; the denominator is positive.
 */
export function portionOf(amount: number, numerator: number, denominator: number): number {
  const product = BigInt(amount) * BigInt(numerator);
  const [magnitude, by] = [product < 0n ? -product : product, BigInt(denominator)];
  const rounded = (2n * magnitude + by) / (2n * by);
  return Number(product < 0n ? -rounded : rounded);
}

/** So many thousandths at a price for one. */
export const priceOf = (quantityThousandths: number, unitPriceOre: Ore): Ore =>
  ore(portionOf(unitPriceOre, quantityThousandths, 1000));

/** `1234.50`, as XML wants it. */
export function decimal(amount: number): string {
  const magnitude = Math.abs(amount);
  const text = `${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, '0')}`;
  return amount < 0 ? `-${text}` : text;
}

const NO_BREAK_SPACE = '\u00a0';

/** `1 234,50` or `1,234.50`, as people write it. */
export function amountText(amount: Ore, language: 'nb' | 'en'): string {
  const [whole = '', fraction = ''] = decimal(amount).split('.');
  const [separator, point] = language === 'nb' ? [NO_BREAK_SPACE, ','] : [',', '.'];
  return `${whole.replace(/\B(?=(\d{3})+$)/g, separator)}${point}${fraction}`;
}

/** `2,5` or `2.5`: without the noughts at the end. */
export function quantityText(thousandths: number, language: 'nb' | 'en' | 'xml'): string {
  const [whole, fraction] = [Math.floor(thousandths / 1000), String(thousandths % 1000).padStart(3, '0')];
  const rest = fraction.replace(/0+$/, '');
  return rest === '' ? `${whole}` : `${whole}${language === 'nb' ? ',' : '.'}${rest}`;
}
