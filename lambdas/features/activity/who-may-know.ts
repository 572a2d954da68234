import type { RoleName } from '../../access/roles.ts';

/**
 * Who beside the privacy officer is told of an event: `subject`, whom it is about; `guardians` as well, where that is a
 * child of theirs.
 */
type Audience = 'officer' | 'subject' | 'guardians';

/**
 * By the noun of the event. What concerns a child's own account, mail and requests is no guardian's; a block and an order
 * to hand something over are told to nobody here, because knowing of them undoes them.
 */
const audienceOfNoun: Readonly<Record<string, Audience>> = {
  person: 'guardians',
  picture: 'guardians',
  attendance: 'guardians',
  absence: 'guardians',
  arrival: 'guardians',
  reservations: 'guardians',
  absences: 'guardians',
  slot: 'guardians',
  custody: 'guardians',
  calendar: 'guardians',
  'calendar-event': 'guardians',
  'event-answer': 'guardians',
  'child-log': 'guardians',
  photo: 'guardians',
  photos: 'guardians',
  documents: 'guardians',
  consent: 'guardians',
  consents: 'guardians',
  'consented-information': 'guardians',
  retention: 'guardians',
  erasure: 'guardians',
  evidence: 'guardians',
  views: 'guardians',

  // What a relative is told of an alarm they are told as its receiver, and not by being related.
  alarm: 'subject',
  alarms: 'subject',
  'alarm-configuration': 'officer',

  'work-hours': 'subject',
  'clock-positions': 'subject',
  'time-clock': 'subject',
  hours: 'subject',
  timesheets: 'subject',
  timesheet: 'subject',
  'working-time': 'subject',
  qualifications: 'subject',
  qualification: 'subject',
  'site-entry': 'subject',
  account: 'subject',
  'week-page': 'subject',
  'calendar-feed': 'subject',
  device: 'subject',
  usage: 'subject',
  'second-factor-reset': 'subject',
  registration: 'subject',
  invitation: 'subject',
  'join-request': 'subject',
  role: 'subject',
  confidentiality: 'subject',
  notice: 'subject',
  notices: 'subject',
  'notice-preferences': 'subject',
  guardian: 'subject',
  request: 'subject',
  'legal-hold': 'subject',
  claim: 'subject',
  export: 'subject',
  statement: 'subject',
  disclosure: 'subject',
  restore: 'subject',

  // Whoever is looked at is a grown-up: what is done about them is no relative's to know.
  'safety-device': 'subject',
  'safety-devices': 'subject',
  positions: 'subject',
  'position-look': 'subject',
  receiver: 'subject',
  receivers: 'subject',
  geofence: 'subject',
  geofences: 'subject',
  'shared-geofence': 'officer',

  ticket: 'subject',
  chat: 'subject',
  customer: 'subject',
  correction: 'subject',
  customers: 'officer',
  tickets: 'officer',
  chats: 'officer',
  'ticket-settings': 'officer',

  // What one home writes with the staff is not the other's to know, nor that it writes at all.
  messages: 'officer',
  // Who reported what is told to nobody who could be the one who was reported.
  'abuse-report': 'subject',
  'abuse-reports': 'officer',
  survey: 'officer',
  distribution: 'officer',
  enquiries: 'officer',
  enquiry: 'officer',
  'service-client': 'officer',
  changes: 'officer',
  webhook: 'officer',
  form: 'officer',
  'public-forms': 'officer',
  'open-event': 'officer',
  'sign-up': 'officer',
  subscription: 'officer',
  'sign-ups': 'officer',
  subscribers: 'officer',
  thread: 'officer',
  announcement: 'officer',
  // Whoever uploads; what is opened is told otherwise, below.
  file: 'subject',
  draft: 'subject',
  'out-of-office': 'subject',
  // Some documents, and some of a child’s log, are for staff alone: that there is any is not told either.
  document: 'officer',
  'staff-log': 'officer',
  block: 'officer',
  disclosures: 'officer',
  people: 'officer',
  payroll: 'officer',
  site: 'officer',
  'site-list': 'officer',
  'group-list': 'officer',
  import: 'officer',
  'access-grant': 'officer',
  'consent-purpose': 'officer',
  erasures: 'officer',
  'dpo-thread': 'officer',
  'dpo-message': 'officer',
  organisation: 'officer',
  'child-log-settings': 'officer',
  department: 'officer',
  group: 'officer',
  'reservation-rules': 'officer',
  closure: 'officer',
  'slot-offer': 'officer',
  staffing: 'officer',
  'price-list': 'officer',
  'billing-plan': 'officer',
  meter: 'officer',
  'invoice-run': 'officer',
  invoice: 'officer',
  agreement: 'officer',
  'organisation-export': 'officer',
  'activity-export': 'officer',
  breach: 'officer',
  'special-categories': 'officer',
  'usage-settings': 'officer',
  'sub-processor': 'officer',
  activity: 'officer',
  log: 'officer',
  backup: 'officer',
  guarantees: 'officer',
  service: 'officer',
};

/** Where one event of a noun is another's to know than the rest. */
const audienceOfEvent: Readonly<Record<string, Audience>> = {
  'person.invited': 'subject',
  'alarm-configuration.changed-for-person': 'subject',
  'file.opened': 'guardians',
  'document.own-file-opened': 'subject',
  'document.confirmed': 'subject',
  // Written into nobody's partition but the register's; the entry of a person is opened when no order keeps it secret.
  'disclosure.recorded': 'officer',
  'disclosure.notice-changed': 'officer',
  'disclosure.opened': 'officer',
};

/** Undefined for a noun that nobody has decided about: a test finds it, and until then it is the officer's alone. */
export const decidedAudienceOf = (event: string): Audience | undefined =>
  audienceOfEvent[event] ?? audienceOfNoun[event.slice(0, event.indexOf('.'))];

interface Reader {
  /** To the one whom the record is about. */
  readonly as: 'self' | 'guardian';
  readonly isByReader: boolean;
  /** By a worker of ours. */
  readonly isByService: boolean;
  /** The role in which it was done, where that is still known. */
  readonly role: RoleName | undefined;
}

/** Whether a reader may know of a record. Pure. */
export function mayKnow(event: string, { as, isByReader, isByService, role }: Reader): boolean {
  const audience = decidedAudienceOf(event) ?? 'officer';
  if (audience === 'officer') return false;
  if (as === 'self') return true;
  if (isByReader) return true;
  // What the other guardian did, and when, is that guardian's own; so is what a child did by itself. In no role, or in
  // one that is gone, it may have been either.
  return audience === 'guardians' && (isByService || (role !== undefined && !inPrivate.includes(role)));
}
const inPrivate: readonly RoleName[] = ['guardian', 'member'];
