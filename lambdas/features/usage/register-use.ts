import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { idPrefixes } from '../../http/ids.ts';
import { Closed, type Records } from '../../platform/records.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { deviceOf } from './browser.ts';
import { type UsageEvent, usageEventRef } from './usage-event.ts';

/** What is registered of one use, of whom, and what of the request it follows from. */
export interface RegisteredUse {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly requestId: string;
  readonly at: Date;
  readonly module: string;
  readonly function: string;
  readonly userAgent: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Registers what an employee used (CE-04), in their own partition, for 21 days or as long as the organisation says. Nothing
 * where they object (Art. 21) or have restricted their data: nothing can be sealed then. The count of the same use is
 * taken apart from this (see count-use.ts), so that it neither grows nor shrinks with what becomes of this record.
 */
export async function registerUse(use: RegisteredUse, openRecords: () => Records): Promise<void> {
  const records = openRecords();
  const adjustments = await records.get(adjustmentsRef(use.organisationId));
  const term = adjustments?.value.adjustments['identified-usage']?.length ?? terms['identified-usage'].length;
  const ref = usageEventRef(use.organisationId, use.personId, use.at.toISOString(), use.requestId);
  await records
    .change()
    .put(ref, eventOf(use), 'new', { expiresAtEpochSeconds: expiryAfter(term, use.at) })
    .commit()
    .catch((error: unknown) => {
      if (!(error instanceof Closed)) throw error;
    });
}

/** Pure. */
export function eventOf({ at, module, function: routeId, userAgent, params }: RegisteredUse): UsageEvent {
  const { maker, system, browser, version } = deviceOf(userAgent);
  const about = Object.values(params).filter((value): value is string => typeof value === 'string' && isId(value));
  return {
    at: at.toISOString(),
    module,
    function: routeId,
    device: { maker, system, browser, version },
    about: about.slice(0, DATA_IDS_MAX),
  };
}

const DATA_IDS_MAX = 10;
/** A secret in a path (a link's token) is no id, and is never kept. */
const isId = (value: string): boolean =>
  /^[a-z]{3}_[0-9a-z]{26}$/.test(value) && Object.hasOwn(idPrefixes, value.slice(0, 3));
