import * as z from 'zod';

/** Every kind of opaque id: its prefix and what it names. Ids are never authority and never a secret. */
export const idPrefixes = {
  org: 'Organisation',
  dep: 'Department',
  grp: 'Group',
  per: 'Person',
  acc: 'Account',
  rol: 'Role',
  inv: 'Invitation',
  imp: 'Import',
  ntc: 'Notice',
  gnt: 'AccessGrant',
  agr: 'Agreement',
  evt: 'ActivityRecord',
  req: 'Request',
  con: 'Consent',
  pur: 'ConsentPurpose',
  exp: 'Export',
  ers: 'Erasure',
  crt: 'Certificate',
  hld: 'LegalHold',
  dpo: 'DpoThread',
  dis: 'Disclosure',
  brc: 'Breach',
  cal: 'CalendarEvent',
  slo: 'SlotOffer',
  slt: 'Slot',
  clo: 'Closure',
  lge: 'LogEntry',
  pho: 'Photo',
  doc: 'Document',
  fil: 'File',
  thr: 'Thread',
  msg: 'Message',
  fed: 'CalendarFeed',
  job: 'DistributionJob',
  svy: 'Survey',
  enq: 'Enquiry',
  opn: 'OpenEvent',
  sgn: 'SignUp',
  sub: 'Subscription',
  dvc: 'PushDevice',
  scl: 'ServiceClient',
  whk: 'Webhook',
  alm: 'Alarm',
  sdv: 'SafetyDevice',
  gfc: 'Geofence',
  tce: 'TimeClockEntry',
  tsh: 'Timesheet',
  qlf: 'Qualification',
  sit: 'Site',
  ste: 'SiteEntry',
  cus: 'Customer',
  tck: 'Ticket',
  tme: 'TicketEntry',
  cht: 'Chat',
  cor: 'Correction',
  ivc: 'Invoice',
  plv: 'PriceList',
  abr: 'AbuseReport',
} as const;

export type IdPrefix = keyof typeof idPrefixes;
export type Id<P extends IdPrefix> = string & z.$brand<P>;

/** The part after the prefix: a ULID in lower case (Crockford's base 32, 48 bits of time and 80 of chance). */
const ulid = '[0-7][0-9a-hjkmnp-tv-z]{25}';

const idSchema = <P extends IdPrefix>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${ulid}$`))
    .meta({ id: `${idPrefixes[prefix]}Id`, examples: [`${prefix}_01jd8m3v5c2w7x9y4z6a8b0c1d`] })
    .brand<P>();

export const OrganisationId = idSchema('org');
export type OrganisationId = Id<'org'>;
export const DepartmentId = idSchema('dep');
export type DepartmentId = Id<'dep'>;
export const GroupId = idSchema('grp');
export type GroupId = Id<'grp'>;
export const PersonId = idSchema('per');
export type PersonId = Id<'per'>;
export const AccountId = idSchema('acc');
export type AccountId = Id<'acc'>;
export const RoleId = idSchema('rol');
export type RoleId = Id<'rol'>;
export const InvitationId = idSchema('inv');
export type InvitationId = Id<'inv'>;
export const ImportId = idSchema('imp');
export type ImportId = Id<'imp'>;
export const NoticeId = idSchema('ntc');
export type NoticeId = Id<'ntc'>;
export const AccessGrantId = idSchema('gnt');
export type AccessGrantId = Id<'gnt'>;
export const ActivityRecordId = idSchema('evt');
export type ActivityRecordId = Id<'evt'>;
export const RequestId = idSchema('req');
export type RequestId = Id<'req'>;
export const ConsentId = idSchema('con');
export type ConsentId = Id<'con'>;
export const ConsentPurposeId = idSchema('pur');
export type ConsentPurposeId = Id<'pur'>;
export const ExportId = idSchema('exp');
export type ExportId = Id<'exp'>;
export const ErasureId = idSchema('ers');
export type ErasureId = Id<'ers'>;
export const CertificateId = idSchema('crt');
export type CertificateId = Id<'crt'>;
export const LegalHoldId = idSchema('hld');
export type LegalHoldId = Id<'hld'>;
export const DpoThreadId = idSchema('dpo');
export type DpoThreadId = Id<'dpo'>;
export const DisclosureId = idSchema('dis');
export type DisclosureId = Id<'dis'>;
export const BreachId = idSchema('brc');
export type BreachId = Id<'brc'>;
export const CalendarEventId = idSchema('cal');
export type CalendarEventId = Id<'cal'>;
export const SlotOfferId = idSchema('slo');
export type SlotOfferId = Id<'slo'>;
export const SlotId = idSchema('slt');
export type SlotId = Id<'slt'>;
export const ClosureId = idSchema('clo');
export type ClosureId = Id<'clo'>;
export const LogEntryId = idSchema('lge');
export type LogEntryId = Id<'lge'>;
export const PhotoId = idSchema('pho');
export type PhotoId = Id<'pho'>;
export const DocumentId = idSchema('doc');
export type DocumentId = Id<'doc'>;
export const FileId = idSchema('fil');
export type FileId = Id<'fil'>;
export const ThreadId = idSchema('thr');
export type ThreadId = Id<'thr'>;
export const MessageId = idSchema('msg');
export type MessageId = Id<'msg'>;
export const CalendarFeedId = idSchema('fed');
export type CalendarFeedId = Id<'fed'>;
export const DistributionJobId = idSchema('job');
export type DistributionJobId = Id<'job'>;
export const SurveyId = idSchema('svy');
export type SurveyId = Id<'svy'>;
export const EnquiryId = idSchema('enq');
export type EnquiryId = Id<'enq'>;
export const OpenEventId = idSchema('opn');
export type OpenEventId = Id<'opn'>;
export const SignUpId = idSchema('sgn');
export type SignUpId = Id<'sgn'>;
export const SubscriptionId = idSchema('sub');
export type SubscriptionId = Id<'sub'>;
export const PushDeviceId = idSchema('dvc');
export type PushDeviceId = Id<'dvc'>;
export const TimeClockEntryId = idSchema('tce');
export type TimeClockEntryId = Id<'tce'>;
export const TimesheetId = idSchema('tsh');
export type TimesheetId = Id<'tsh'>;
export const QualificationId = idSchema('qlf');
export type QualificationId = Id<'qlf'>;
export const SiteId = idSchema('sit');
export type SiteId = Id<'sit'>;
export const SiteEntryId = idSchema('ste');
export type SiteEntryId = Id<'ste'>;
export const CustomerId = idSchema('cus');
export type CustomerId = Id<'cus'>;
export const TicketId = idSchema('tck');
export type TicketId = Id<'tck'>;
export const TicketEntryId = idSchema('tme');
export type TicketEntryId = Id<'tme'>;
export const ChatId = idSchema('cht');
export type ChatId = Id<'cht'>;
export const CorrectionId = idSchema('cor');
export type CorrectionId = Id<'cor'>;
export const SafetyDeviceId = idSchema('sdv');
export type SafetyDeviceId = Id<'sdv'>;
export const GeofenceId = idSchema('gfc');
export type GeofenceId = Id<'gfc'>;
export const InvoiceId = idSchema('ivc');
export type InvoiceId = Id<'ivc'>;
export const PriceListId = idSchema('plv');
export type PriceListId = Id<'plv'>;
export const AlarmId = idSchema('alm');
export type AlarmId = Id<'alm'>;
export const AbuseReportId = idSchema('abr');
export type AbuseReportId = Id<'abr'>;
export const ServiceClientId = idSchema('scl');
export type ServiceClientId = Id<'scl'>;
export const WebhookId = idSchema('whk');
export type WebhookId = Id<'whk'>;
