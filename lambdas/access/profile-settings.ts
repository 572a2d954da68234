import type { Profile } from './roles.ts';

/**
 * Where a profile differs in what a rule or a role cannot say. One place: no feature asks which profile it is under, only
 * for the setting that it needs.
 */
interface ProfileSettings {
  /** Whoever looks where somebody is must say why (SM-05). */
  readonly reasonForLookingAtPositions: boolean;
  /** People are given devices that call for help and tell where they are. */
  readonly safetyDevices: boolean;
  /** Use is also counted by person and device (CE-04, CE-06), for 21 days. */
  readonly identifiedUsage: boolean;
}

export const profileSettings: Readonly<Record<Profile, ProfileSettings>> = {
  family: { reasonForLookingAtPositions: false, safetyDevices: false, identifiedUsage: false },
  kindergarten: { reasonForLookingAtPositions: true, safetyDevices: false, identifiedUsage: false },
  workplace: { reasonForLookingAtPositions: true, safetyDevices: false, identifiedUsage: true },
  safety: { reasonForLookingAtPositions: true, safetyDevices: true, identifiedUsage: false },
  itservice: { reasonForLookingAtPositions: true, safetyDevices: false, identifiedUsage: false },
};
