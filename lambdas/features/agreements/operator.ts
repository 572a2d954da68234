import { terms } from '../retention/terms.ts';

/** Who runs Vern: processor for the organisations, controller of accounts and customer agreements (KP-01). */
export const operator = {
  name: 'Vern',
  email: 'post@vern.example',
  /** Read by the data-protection officer alone: no organisation and no other staff can (KP-17). */
  dataProtectionOfficer: 'personvernombud@vern.example',
} as const;

/** ALL-07: the only place, whatever place the source system named. */
export const place = {
  nb: 'AWS i Irland (eu-west-1)',
  en: 'AWS in Ireland (eu-west-1)',
} as const;

/** How long before a sub-processor is added or replaced the controller is told, in days. */
export const SUB_PROCESSOR_NOTICE_DAYS = 30;
/** ALL-08: from our knowledge of a breach to each affected controller. */
export const BREACH_NOTICE_HOURS = 24;
/** ALL-05: the strictest backup term of all profiles. */
export const BACKUP_DAYS = terms.backup.length.days;
/** The controller chooses return or deletion within this time after the end, in days (ALL-09); then all is deleted. */
export const RETURN_CHOICE_DAYS = terms.organisation.length.days;
