import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { PriceListId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { Seller } from '../billing/account-number.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import { ORE_MAX, oreBetween } from '../billing/money.ts';
import { VatCode } from '../billing/vat.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';

export const ITEMS_MAX = 30;
export const TIERS_MAX = 10;
export const PRICE_LISTS_MAX = 200;
/** Inkassoforskriften section 1-2: at most a twentieth of the rate for collection. What the law allows stands in the list. */
const REMINDER_FEE_ORE_MAX = 10_000;

/** What is counted day by day, of an organisation as the operator's customer. */
export const meters = ['members', 'devices', 'messages'] as const;
export type Meter = (typeof meters)[number];

/** A calendar month. */
export const Period = z
  .string()
  .regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/)
  .meta({ id: 'BillingPeriod', description: 'A calendar month.', examples: ['2026-10'] });

const Price = oreBetween(0, ORE_MAX);
const Tier = z.strictObject({
  from: z
    .int()
    .min(0)
    .max(1_000_000)
    .meta({ description: 'What goes beyond so many units has this price. The first tier begins at 0.' }),
  unitPriceOre: Price,
});

export const Charge = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('meter'),
    meter: z.enum(meters),
    of: z.enum(['average', 'highest', 'sum']).meta({
      description:
        '`average`: the sum of the month’s days divided by its days, to thousandths. `highest`: of its best day. `sum`: of all days.',
    }),
    included: z
      .int()
      .min(0)
      .max(1_000_000)
      .meta({ description: 'Units that cost nothing; the tiers count what is beyond.' }),
    tiers: z.array(Tier).min(1).max(TIERS_MAX),
  }),
  z.strictObject({
    by: z.literal('month'),
    unitPriceOre: Price,
    isForEverybody: z.boolean().meta({
      description:
        'True: every customer pays it. False: those in whose plan it stands. Days out of service are taken off.',
    }),
  }),
  z.strictObject({ by: z.literal('hour'), unitPriceOre: Price }),
]);

export const PriceItem = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .meta({ examples: ['members'] }),
  name: z.strictObject({ nb: oneLine({ max: 80 }), en: oneLine({ max: 80 }) }),
  charge: Charge,
  vat: VatCode,
});
export type PriceItem = z.output<typeof PriceItem>;

const contents = {
  validFrom: Period.meta({ description: 'The first month that it is for; until a later list begins.' }),
  seller: Seller,
  paymentDays: z.int().min(10).max(90),
  kid: z.enum(['mod10', 'mod11']),
  reminderFeeOre: oreBetween(0, REMINDER_FEE_ORE_MAX),
  items: z.array(PriceItem).min(1).max(ITEMS_MAX),
};

export const NewPriceList = z
  .strictObject(contents)
  .refine(({ items }) => new Set(items.map(({ code }) => code)).size === items.length, {
    path: ['items'],
    message: 'A code stands once in a list.',
  })
  .refine(({ items }) => items.every(({ charge }) => charge.by !== 'meter' || areInOrder(charge.tiers)), {
    path: ['items'],
    message: 'Tiers begin at 0 and rise.',
  })
  .refine(({ seller, items }) => items.every(({ vat }) => (vat === 'outside') !== seller.isVatRegistered), {
    path: ['items'],
    message: 'Who is not registered for VAT sells everything outside of it, and who is, nothing.',
  })
  .meta({ id: 'NewPriceList' });
export type NewPriceList = z.output<typeof NewPriceList>;

const areInOrder = (tiers: readonly { readonly from: number }[]) =>
  tiers.every(({ from }, i) => (i === 0 ? from === 0 : from > tiers[i - 1]!.from));

/** A version of an issuer's prices and terms. It is never changed: a new one takes its place from a month on. */
export const PriceList = z.strictObject({ ...contents, id: PriceListId, publishedAt: z.iso.datetime() });
export type PriceList = z.output<typeof PriceList>;

export const priceListEntity = entity({
  ...ofTheOrganisation,
  name: 'price-list',
  sortKey: 'PRICE-LIST',
  schema: PriceList,
  purpose: 'to invoice what was agreed',
});

export const priceListRef = (issuer: Issuer, { id, validFrom }: Pick<PriceList, 'id' | 'validFrom'>) =>
  ({ entity: priceListEntity, owner: issuerOwner(issuer), key: `${validFrom}#${id}` }) as const;

/** The list for a month: the latest that begins in it or before; of two for one month, the one published last. Pure. */
export function listFor<L extends Pick<PriceList, 'id' | 'validFrom'>>(
  lists: readonly L[],
  period: string,
): L | undefined {
  const inOrder = lists
    .filter(({ validFrom }) => validFrom <= period)
    .toSorted((one, other) => (`${one.validFrom}${one.id}` < `${other.validFrom}${other.id}` ? -1 : 1));
  return inOrder.at(-1);
}
