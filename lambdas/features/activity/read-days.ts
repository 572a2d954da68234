import type { OrganisationId } from '../../http/ids.ts';
import type { ActivityLog } from '../../platform/activity-log.ts';
import { isIn, monthsOf, type Span } from './days.ts';
import { type LoggedEntry, loggedEntry } from './entry.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/**
 * Records are answered for a year and pruned some hours later; the log's order differs from that of their times by
 * minutes. One day off, what lies between the first and the last leaf is still there.
 */
const READABLE_MILLISECONDS = 364 * DAY_MILLISECONDS;
const PAGE_ROWS = 1_000;

/** What the log has of some days. `found` are all records with a leaf in [from, to), those around the days included. */
export interface LogOfDays {
  readonly from: number;
  readonly to: number;
  readonly found: readonly LoggedEntry[];
}

/** From the leaves that a checkpoint of `size` covers; undefined when there are more than `eventsMax`. */
export async function readLogOfDays(
  log: Pick<ActivityLog, 'inMonth'>,
  organisationId: OrganisationId,
  days: Span,
  { size, eventsMax, now }: { readonly size: number; readonly eventsMax: number; readonly now: Date },
): Promise<LogOfDays | undefined> {
  const oldest = new Date(now.getTime() - READABLE_MILLISECONDS);
  const span: Span = { ...days, from: days.from && days.from > oldest ? days.from : oldest };
  const wider = {
    from: new Date(span.from!.getTime() - DAY_MILLISECONDS),
    until: new Date((span.until ?? now).getTime() + DAY_MILLISECONDS),
  };
  const found: LoggedEntry[] = [];
  let [from, to, inside] = [size, 0, 0];
  for (const month of monthsOf(wider, now)) {
    for (let after: string | undefined, isLast = false; !isLast; ) {
      const page = await log.inMonth(organisationId, month, { ...wider, limit: PAGE_ROWS, ...(after && { after }) });
      for (const row of page.items) {
        const logged = loggedEntry(row);
        const { leaf, entry } = logged;
        if (leaf === undefined || leaf >= size) continue;
        found.push(logged);
        if (!isIn(span, entry.at)) continue;
        inside += 1;
        [from, to] = [Math.min(from, leaf), Math.max(to, leaf + 1)];
      }
      if (inside > eventsMax || to - from > eventsMax) return undefined;
      after = page.next;
      isLast = after === undefined;
    }
  }
  if (inside === 0) return { from: 0, to: 0, found: [] };
  return { from, to, found: found.filter(({ leaf = -1 }) => leaf >= from && leaf < to) };
}
