import type { Call } from '../../http/call.ts';
import { OrganisationId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { issuerOwner } from '../billing/issuer.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { countDay, type DeviceList, meterPointers, meterRow, yesterdayIn } from './meter.ts';

/** Counts of days are kept while an invoice on them may be asked about; then nobody needs them. */
const COUNTS_KEPT_DAYS = 400;
/** SMS rows that one transaction takes away. */
const TEXTS_PER_CHANGE = 80;

/** What the worker of billing works with. */
export interface BillingClock {
  openCall(): Call;
  hasTimeLeft(): boolean;
  log(line: { readonly event: string; readonly [field: string]: unknown }): void;
}

/**
 * Every quarter of an hour: counts yesterday of each organisation, once. A day that was counted is not counted again,
 * whatever has changed since: the row of the day is the condition of the write.
 */
export async function meterDays(devices: DeviceList, clock: BillingClock): Promise<{ readonly counted: number }> {
  let counted = 0;
  for await (const { sk, attributes } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.safeParse(sk).data;
    if (organisationId === undefined) continue;
    const place = { organisationId, timeZone: String(attributes?.['timeZone'] ?? 'Europe/Oslo') };
    if (await meterOne(place, devices, clock)) counted++;
  }
  return { counted };
}

async function meterOne(
  place: { readonly organisationId: OrganisationId; readonly timeZone: string },
  devices: DeviceList,
  clock: BillingClock,
): Promise<boolean> {
  const { organisationId, timeZone } = place;
  const call = clock.openCall();
  const day = yesterdayIn(timeZone, call.now);
  const outdated = meterPointers.day(organisationId, daysAfter(day, -COUNTS_KEPT_DAYS));
  const [known] = await call.records.pointersAt([meterPointers.day(organisationId, day)]);
  if (known) return false;
  const found = await countDay(place, day, devices, clock);
  if (!found) return false;
  const { counts, texts } = found;
  // Beyond one transaction the counted rows go in later ones: the day's own row stands, so that none counts twice.
  const change = call.records.change().point(meterRow(organisationId, day, counts), { ifNew: alreadyCounted });
  change.unpoint(outdated);
  takeAway(change, texts.slice(0, TEXTS_PER_CHANGE));
  const written = await change
    .activity({
      event: 'meter.counted',
      subject: issuerOwner('operator'),
      about: [organisationId],
      detail: { day, ...counts },
    })
    .commit()
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof AlreadyCounted) return false;
        throw error;
      },
    );
  if (!written) return false;
  for (let i = TEXTS_PER_CHANGE; i < texts.length; i += TEXTS_PER_CHANGE) {
    const rest = clock.openCall().records.change();
    takeAway(rest, texts.slice(i, i + TEXTS_PER_CHANGE));
    await rest
      .activity({ event: 'meter.texts-forgotten', subject: issuerOwner('operator'), about: [organisationId] })
      .commit();
  }
  return true;
}

class AlreadyCounted extends Error {
  override readonly name = 'AlreadyCounted';
}
const alreadyCounted = () => new AlreadyCounted('Another run has counted this day');

function takeAway(change: Change, rows: readonly PointerKey[]): void {
  for (const row of rows) change.unpoint(row);
}
