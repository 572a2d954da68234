import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { undeliverablePointers } from '../notices/undeliverable.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';

/** When the letter comes: at work, and after all that came back during a day and its night. */
const TOLD_AT = '07:00';
const TOLD_KEPT_DAYS = 3;

/** The next morning in the organisation's zone: one letter then stands for all that came back since the one before. Pure. */
export function nextMorning(timeZone: string, now: Date): { readonly day: string; readonly at: Date } {
  const today = dayIn(timeZone, now);
  const morning = instantOf(timeZone, today, TOLD_AT);
  if (now < morning) return { day: today, at: morning };
  const day = daysAfter(today, 1);
  return { day, at: instantOf(timeZone, day, TOLD_AT) };
}

/**
 * Sees to it that the organisation's administrators are told next morning that there are addresses which cannot be
 * reached: once, whoever asks for it and how often. Says neither whose they are nor how many.
 */
export async function tellAdministrators(organisationId: OrganisationId, call: Call): Promise<void> {
  const { records, now } = call;
  const organisation = await records.get(organisationRef(organisationId));
  if (!organisation) return;
  const { timeZone } = organisation.value;
  const morning = nextMorning(timeZone, now);
  const told = undeliverablePointers.told(organisationId, morning.day);
  const [known] = await records.pointersAt([told]);
  if (known) return;

  const administrators = await decidersOf(records, organisationId, timeZone, now, ['administrator']);
  const toTell = (await reachable(records, organisationId, administrators)).slice(0, CONTROLLERS_TOLD_MAX);
  const change = records.change();
  const content = { template: 'addresses-unreachable', parameters: {}, notBefore: morning.at.toISOString() } as const;
  for (const id of toTell) queueNotice(change, { to: ownerOf(organisationId, id), ...content }, call);
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + TOLD_KEPT_DAYS * 24 * 60 * 60;
  await change
    .point({ ...told, expiresAtEpochSeconds }, { ifNew: () => new StaleVersion('They are told already') })
    .activity({
      event: 'notices.administrators-told',
      subject: organisationOwner(organisationId),
      detail: { count: toTell.length },
    })
    .commit()
    .catch((error: unknown) => {
      if (!(error instanceof StaleVersion)) throw error;
    });
}
