import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { UsageCategories, UsageCategory, UsageEvent } from './usage-event.ts';

/** The days that are looked back on: as long as anything is kept by default. */
export const LOOKED_BACK_DAYS = 21;
/** Used on so many of them. */
export const FREQUENT_DAYS_MIN = 8;
export const OCCASIONAL_DAYS_MIN = 3;

export function categoryOf(days: number): UsageCategory {
  if (days >= FREQUENT_DAYS_MIN) return 'frequent';
  return days >= OCCASIONAL_DAYS_MIN ? 'occasional' : 'rare';
}

/** What a person uses how often, by the days on which each module was used; undefined for nothing at all. Pure. */
export function categoriesOf(events: readonly UsageEvent[], timeZone: string, now: Date): UsageCategories | undefined {
  const until = dayIn(timeZone, now);
  const from = daysAfter(until, 1 - LOOKED_BACK_DAYS);
  const daysOf = new Map<string, Set<string>>();
  for (const { module, at } of events) {
    const day = dayIn(timeZone, new Date(at));
    if (day < from || day > until) continue;
    daysOf.set(module, (daysOf.get(module) ?? new Set()).add(day));
  }
  if (daysOf.size === 0) return undefined;
  const modules = [...daysOf]
    .map(([module, { size: days }]) => ({ module, category: categoryOf(days), days }))
    .sort((a, b) => b.days - a.days || (a.module < b.module ? -1 : 1));
  return { computedAt: now.toISOString(), from, until, modules };
}
