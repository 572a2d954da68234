import type { GuardianRights } from '../../access/roles.ts';
import type { Right } from './request.ts';

/** What stands between the caller and the one that a request is about. */
export interface Standing {
  readonly isSelf: boolean;
  /** A child; nobody asks for a grown-up but themselves. */
  readonly isChild: boolean;
  /** Of the caller's link that holds today. */
  readonly guardianRights: GuardianRights | undefined;
  readonly isBlocked: boolean;
}

type StandingDecision = 'self' | 'guardian' | 'not-allowed' | 'not-found';

/**
 * Who may ask for what. Parental responsibility carries every right of a child; who is only to be informed gets access;
 * who only picks up, and whom a block keeps away, does not learn that there is anybody. Pure.
 */
export function standingDecision(
  { isSelf, isChild, guardianRights, isBlocked }: Standing,
  right: Right,
): StandingDecision {
  if (isSelf) return 'self';
  if (isBlocked || guardianRights === undefined || guardianRights === 'pick-up-only') return 'not-found';
  if (!isChild) return 'not-allowed';
  return guardianRights === 'parental-responsibility' || right === 'access' ? 'guardian' : 'not-allowed';
}
