import type { Profile } from '../../access/roles.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { agreementVersions } from '../agreements/current-versions.ts';
import type { Organisation } from './organisation.ts';

/** How long after the day of a new version an organisation that accepted the one before can go on writing. */
const GRACE_DAYS = 30;

/** In force, or the problem that every write of personal data is answered with (FW-01, KP-01). */
export type AgreementStanding = 'in-force' | 'dpa-not-accepted' | 'agreement-ended';

/**
 * Whether an organisation's personal data may be written on a day. An earlier version stays good for 30 days after the
 * day of the one that replaced it, so that nobody is locked out before they could read it; no version at all never is.
 */
export function agreementStanding(
  organisation: Pick<Organisation, 'acceptedAgreementVersion' | 'servicePeriod'>,
  currentVersion: string,
  today: string,
): AgreementStanding {
  const { acceptedAgreementVersion: accepted, servicePeriod } = organisation;
  if (servicePeriod && !isWithin(servicePeriod, today)) return 'agreement-ended';
  if (accepted === undefined) return 'dpa-not-accepted';
  if (accepted === currentVersion) return 'in-force';
  return today <= acceptBefore(currentVersion) ? 'in-force' : 'dpa-not-accepted';
}

/** The last day on which an earlier version is still good. */
export const acceptBefore = (version: string): string => daysAfter(version.slice(0, 'yyyy-mm-dd'.length), GRACE_DAYS);

export const currentAgreementVersion = (profile: Profile): string => agreementVersions[profile];

const isWithin = ({ from, until }: { from: string; until?: string | undefined }, day: string) =>
  from <= day && (until === undefined || day <= until);
