import type { UsageDay } from '../usage/usage-day.ts';

/** Fewer than so many could point at somebody (CE-07, KP-15). */
export const SHOWN_MIN = 10;
export const WEEKS_MAX = 53;
export const SVG = 'image/svg+xml';

/** A day that is over, with its counts; a day without use has none. */
export interface CountedDay {
  readonly day: string;
  readonly usage: UsageDay | undefined;
}

export interface Statistics {
  readonly from: string;
  readonly until: string;
  /** People of each day; absent where fewer than ten. */
  readonly days: readonly { readonly day: string; readonly people?: number }[];
  /** Uses, as far as ten or more were of one function in one week. */
  readonly modules: readonly { readonly module: string; readonly uses: number }[];
  readonly functions: readonly { readonly module: string; readonly function: string; readonly uses: number }[];
  /** In whole per cent of those that are shown: a number of people would tell how many are not. */
  readonly browsers: readonly { readonly browser: string; readonly version: string; readonly percent: number }[];
}

/**
 * What may be known of whole weeks. The cell is one function in one week; it is shown when ten or more people used it on
 * one day at least (ten or more uses, where nobody signs in). What is not shown is left out before anything is added up,
 * and every sum is of cells that are shown: no two answers, of whatever weeks, differ by what was left out, because no
 * answer depends on it. Pure.
 */
export function statisticsOf(weeks: readonly (readonly CountedDay[])[]): Statistics {
  const functions = new Map<string, number>();
  const browsers = new Map<string, number>();
  for (const week of weeks) {
    const used = week.flatMap(({ usage }) => (usage ? [usage] : []));
    addTo(functions, shownFunctions(used.flatMap((day) => day.functions)));
    addTo(browsers, shownBrowsers(used.flatMap((day) => day.browsers)));
  }
  const days = weeks.flat();
  const modules = new Map<string, number>();
  addTo(
    modules,
    [...functions].map(([key, uses]) => [pairOf(key)[0], uses]),
  );
  const everyBrowser = [...browsers.values()].reduce((sum, people) => sum + people, 0);
  return {
    from: days[0]?.day ?? '',
    until: days.at(-1)?.day ?? '',
    days: days.map(({ day, usage }) => ({ day, ...(usage && usage.people >= SHOWN_MIN && { people: usage.people }) })),
    modules: mostFirst(modules).map(([module, uses]) => ({ module, uses })),
    functions: mostFirst(functions).map(([key, uses]) => {
      const [module, name] = pairOf(key);
      return { module, function: name, uses };
    }),
    browsers: mostFirst(browsers).map(([key, people]) => {
      const [browser, version] = pairOf(key);
      return { browser, version, percent: Math.round((100 * people) / everyBrowser) };
    }),
  };
}

type Cells = readonly (readonly [key: string, count: number])[];

function shownFunctions(used: UsageDay['functions']): Cells {
  const cells = Map.groupBy(used, (one) => `${one.module}#${one.function}`);
  return [...cells].flatMap(([key, days]) => {
    const uses = days.reduce((sum, day) => sum + day.uses, 0);
    const people = Math.max(...days.map((day) => day.people));
    return (people > 0 ? people : uses) >= SHOWN_MIN ? [[key, uses] as const] : [];
  });
}

/** Somebody who came on ten days with the same browser is one person still: on one day at least it has to be ten. */
function shownBrowsers(used: UsageDay['browsers']): Cells {
  const cells = Map.groupBy(used, (one) => `${one.browser}#${one.version}`);
  return [...cells].flatMap(([key, days]) => {
    const people = days.reduce((sum, day) => sum + day.people, 0);
    return Math.max(...days.map((day) => day.people)) >= SHOWN_MIN ? [[key, people] as const] : [];
  });
}

function addTo(sums: Map<string, number>, cells: Cells): void {
  for (const [key, count] of cells) sums.set(key, (sums.get(key) ?? 0) + count);
}

const mostFirst = (counts: ReadonlyMap<string, number>) =>
  [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

function pairOf(key: string): readonly [string, string] {
  const [first = '', second = ''] = key.split('#');
  return [first, second];
}
