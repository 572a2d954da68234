import * as z from 'zod';
import type { CounterKey } from '../../platform/counters.ts';
import { type ControllerId, entity, type Owner } from '../../platform/entity.ts';

/** Routes, and browsers in their versions, that a day can have. */
const FUNCTIONS_MAX = 1_000;
const BROWSERS_MAX = 500;

/** How the service was used on one day: counts, of nobody (FW-16, KP-15). */
export const UsageDay = z.strictObject({
  /** Different people who used it; each was told apart by a salt of that day, which is gone. */
  people: z.int().min(0),
  functions: z
    .array(
      z.strictObject({
        module: z.string().max(60),
        function: z.string().max(60),
        uses: z.int().min(1),
        /** How many different people that was; 0 where nobody signs in. */
        people: z.int().min(0),
      }),
    )
    .max(FUNCTIONS_MAX),
  /** By how many of the people; whoever used two is counted in one. */
  browsers: z
    .array(z.strictObject({ browser: z.string().max(60), version: z.string().max(10), people: z.int().min(1) }))
    .max(BROWSERS_MAX),
});
export type UsageDay = z.output<typeof UsageDay>;

export const usageDayEntity = entity({
  name: 'usage-day',
  table: 'core',
  sortKey: 'USAGE-DAY',
  schema: UsageDay,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know how the service is used, without knowing by whom',
  legalBasis: 'legitimate-interest',
  article9: 'none',
  source: 'use',
  retentionClass: 'organisation',
  exported: { not: 'counts are about nobody' },
  onErasure: 'anonymise',
});

/** The operator counts what is used outside every organisation: one's own account, and what nobody signs in for. */
export const usageOwner = (controller: ControllerId): Owner => ({ controller, subject: controller });
export const usageDayRef = (controller: ControllerId, day: string) =>
  ({ entity: usageDayEntity, owner: usageOwner(controller), key: day }) as const;

/** Partitions over which the counts of one day are spread: a busy minute of a large organisation does not meet in one. */
export const SHARDS = 4;
/** A day that has not been put together by then is lost: the clock looks at each for half of that time. */
export const COUNTS_KEPT_DAYS = 6;

const partition = (controller: ControllerId, day: string) => `USAGE#${controller}#${day}`;

/** Where a day is counted while it lasts, in Transient. */
export const usageRows = {
  shard: (controller: ControllerId, day: string, shard: number) => `${partition(controller, day)}#${shard}`,
  /** Attributes `uses`, `signedIn` (of these, by somebody who signs in) and `people`. */
  function: (pk: string, module: string, routeId: string): CounterKey => ({ pk, sk: `FUNCTION#${module}#${routeId}` }),
  /** Attribute `people`. */
  browser: (pk: string, browser: string, version: string): CounterKey => ({ pk, sk: `BROWSER#${browser}#${version}` }),
  /** Of the day alone; nothing tells the people of two days to be the same, and nothing at all once it is gone. */
  salt: (controller: ControllerId, day: string): CounterKey => ({ pk: partition(controller, day), sk: 'SALT' }),
  /** Whoever was counted that day already, under the salt: apart for each function, so that no row leads to another. */
  seen: (controller: ControllerId, day: string, pseudonym: string): CounterKey => ({
    pk: `${partition(controller, day)}#SEEN#${pseudonym.slice(0, 1)}`,
    sk: pseudonym,
  }),
} as const;

interface Row {
  readonly sk: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** A day as it is kept, from the rows in which it was counted. Pure. */
export function usageDayOf(rows: readonly Row[]): UsageDay {
  const functions = new Map<string, { uses: number; signedIn: number; people: number }>();
  const browsers = new Map<string, number>();
  for (const { sk, attributes } of rows) {
    const [kind, ...names] = sk.split('#');
    const key = names.join('#');
    const [uses, signedIn] = [numberIn(attributes, 'uses'), numberIn(attributes, 'signedIn')];
    const people = numberIn(attributes, 'people');
    if (kind === 'FUNCTION') {
      const known = functions.get(key) ?? { uses: 0, signedIn: 0, people: 0 };
      functions.set(key, {
        uses: known.uses + uses,
        signedIn: known.signedIn + signedIn,
        people: known.people + people,
      });
    } else if (kind === 'BROWSER') {
      browsers.set(key, (browsers.get(key) ?? 0) + people);
    }
  }
  return {
    people: [...browsers.values()].reduce((sum, people) => sum + people, 0),
    functions: inOrder(functions).map(([[module, name], { uses, signedIn, people }]) => ({
      ...{ module, function: name, uses },
      // Somebody was there, though counting them failed: with 0 it would be shown like what nobody signs in for.
      people: Math.max(people, signedIn > 0 ? 1 : 0),
    })),
    browsers: inOrder(browsers).map(([[browser, version], people]) => ({ browser, version, people })),
  };
}

const numberIn = (attributes: Row['attributes'], name: string): number => Number(attributes?.[name] ?? 0);

const inOrder = <T>(counts: ReadonlyMap<string, T>) =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => {
      const [first = '', second = ''] = key.split('#');
      return [[first, second], count] as const;
    });
