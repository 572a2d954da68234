import type { Deprecated, Route, Routes } from './route.ts';

/** What is published is not taken away sooner after it was marked. */
const DEPRECATED_MONTHS_MIN = 6;

/** RFC 9745 (a date of structured fields, RFC 9651), RFC 8594 (an HTTP date), and what takes its place (RFC 5829). Pure. */
export function deprecationHeaders(
  { since, sunset, successor }: Deprecated,
  publicUrl: string,
): Readonly<Record<string, string>> {
  return {
    deprecation: `@${startOf(since).getTime() / 1000}`,
    sunset: startOf(sunset).toUTCString(),
    ...(successor !== undefined && { link: `<${publicUrl}${successor}>; rel="successor-version"` }),
  };
}

/** In the contract. */
export const deprecationText = ({ since, sunset, successor }: Deprecated): string =>
  `**Deprecated** since ${since}; gone after ${sunset}.${successor === undefined ? '' : ` Use \`${successor}\`.`}`;

/** Whether it says early enough that it will go. Pure. */
export function isAnnouncedInTime({ since, sunset }: Deprecated): boolean {
  const earliest = startOf(since);
  earliest.setUTCMonth(earliest.getUTCMonth() + DEPRECATED_MONTHS_MIN);
  return startOf(sunset) >= earliest;
}

/** Every operation that was ever published, by method and path: when it came, and when it may go. */
export type Published = Readonly<Record<string, { readonly since: string; readonly sunset?: string }>>;

const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/**
 * What is published from a day on. Throws where an operation is gone that was never deprecated, or whose day has not
 * come: whoever built on it was promised six months. Pure.
 */
export function publishedOn(day: string, before: Published, routes: Routes): Published {
  const declared = new Map(Object.values(routes).map((route) => [nameOf(route), route]));
  const broken = Object.entries(before).filter(
    ([name, { sunset }]) => !declared.has(name) && (sunset === undefined || day < sunset),
  );
  if (broken.length > 0) throw new Error(`Published, and gone too early: ${broken.map(([name]) => name).join(', ')}`);
  const entries = [...declared].map(([name, { deprecated }]) => {
    const since = before[name]?.since ?? day;
    return [name, { since, ...(deprecated && { sunset: deprecated.sunset }) }] as const;
  });
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const startOf = (day: string) => new Date(`${day}T00:00:00Z`);
