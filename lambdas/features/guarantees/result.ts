import type { Call } from '../../http/call.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import type { Compared } from './compare.ts';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** What a daily check found, as counts: which they were is for those who mend it. */
export interface GuaranteesResult {
  readonly checkedAt: string;
  readonly checked: number;
  readonly broken: number;
}

/** One row a day (UTC): what was found. */
export const guaranteesOn = (day: Date): PointerKey => ({
  table: 'core',
  pk: 'operator#GUARANTEES',
  sk: day.toISOString().slice(0, 'YYYY-MM-DD'.length),
});

/** The names are of ours: tables, buckets and settings. */
export const resultRow = ({ checked, broken }: Compared, at: Date): Pointer => ({
  ...guaranteesOn(at),
  attributes: { checkedAt: at.toISOString(), checked, broken: broken.join(' ') },
});

/** Of today, or of yesterday before today's check; undefined when there was none. One round trip. */
export async function latestResult({ records, now }: Call): Promise<GuaranteesResult | undefined> {
  const days = [now, new Date(now.getTime() - DAY_MILLISECONDS)];
  const rows = await records.pointersAt(days.map(guaranteesOn));
  const latest = rows.find((row) => row?.attributes)?.attributes;
  if (!latest) return undefined;
  const { checkedAt, checked, broken } = latest;
  return {
    checkedAt: String(checkedAt),
    checked: Number(checked),
    broken: String(broken).split(' ').filter(Boolean).length,
  };
}
