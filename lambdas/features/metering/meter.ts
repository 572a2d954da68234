import type { NoticeId, OrganisationId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { peoplePointers } from '../people/person.ts';
import type { Meter } from '../price-lists/price-list.ts';
import { pointersIn, type Walk } from '../walks/pointers-in.ts';

export type Counts = Readonly<Record<Meter, number>>;

export const meterPointers = {
  /** `operator#METERED` / `<org>#<day>`: what was counted of an organisation on a day. Attributes: a number for each meter. */
  day: (organisationId: OrganisationId, day: string) =>
    ({ table: 'core', pk: 'operator#METERED', sk: `${organisationId}#${day}` }) as const satisfies PointerKey,
  /** That an SMS was sent, put down in the transaction that says so; gone as soon as its day is counted. Names nobody. */
  text: (organisationId: OrganisationId, sentAt: string, noticeId: NoticeId | '') =>
    ({ table: 'core', pk: `${organisationId}#TEXTS-SENT`, sk: `${sentAt}#${noticeId}` }) as const satisfies PointerKey,
};

export const meterRow = (organisationId: OrganisationId, day: string, counts: Counts): Pointer => ({
  ...meterPointers.day(organisationId, day),
  attributes: { ...counts },
});

export const countsIn = ({ attributes = {} }: Pointer): Counts => ({
  members: Number(attributes['members'] ?? 0),
  devices: Number(attributes['devices'] ?? 0),
  messages: Number(attributes['messages'] ?? 0),
});

/** Where the devices in service of an organisation are listed: a row for each. */
export type DeviceList = (organisationId: OrganisationId) => Pick<PointerKey, 'table' | 'pk'>;

/**
 * Counts an organisation's day from lists of ids alone: whom it serves (children and members) and its devices as they
 * are now, and the SMS of that day. Undefined when the time was over before all were counted: half a count is none.
 */
export async function countDay(
  { organisationId, timeZone }: { readonly organisationId: OrganisationId; readonly timeZone: string },
  day: string,
  devices: DeviceList,
  walk: Walk,
): Promise<{ readonly counts: Counts; readonly texts: readonly PointerKey[] } | undefined> {
  const people = { table: 'core', pk: peoplePointers.person(organisationId, 'child', '' as never).pk } as const;
  const served = await rowsOf(people, walk, ({ sk }) => sk.startsWith('child#') || sk.startsWith('member#'));
  const inService = await rowsOf(devices(organisationId), walk, () => true);
  const { table, pk } = meterPointers.text(organisationId, '', '');
  const from = instantOf(timeZone, day).toISOString();
  const to = instantOf(timeZone, daysAfter(day, 1)).toISOString();
  // What is left of a day that nobody counted goes with it.
  const texts = await rowsOf({ table, pk }, walk, ({ sk }) => sk < to);
  if (!walk.hasTimeLeft()) return undefined;
  const messages = texts.filter(({ sk }) => sk >= from).length;
  return { counts: { members: served.length, devices: inService.length, messages }, texts };
}

async function rowsOf(of: Pick<PointerKey, 'table' | 'pk'>, walk: Walk, isCounted: (row: Pointer) => boolean) {
  const found: PointerKey[] = [];
  for await (const row of pointersIn(of, walk)) {
    if (isCounted(row)) found.push({ table: row.table, pk: row.pk, sk: row.sk });
  }
  return found;
}

/** The day that is over in a zone. Pure. */
export const yesterdayIn = (timeZone: string, now: Date): string => daysAfter(dayIn(timeZone, now), -1);
