import { timingSafeEqual } from 'node:crypto';
import { encodeTime } from 'ulid';
import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type OrganisationId, PersonId, SiteEntryId, SiteId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { hashOf } from '../links/link.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';
import { PlainDate } from '../people/person.ts';
import { dueAt } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';

const Instant = z.iso.datetime();
/** Sites of an organisation. */
export const SITES_MAX = 500;
/** Lines of a list in one answer, and days. */
export const LINES_MAX = 1000;
export const DAYS_MAX = 31;
/** RFC 4180. */
export const CSV = 'text/csv; charset=utf-8; header=present';

export const Company = z
  .strictObject({ name: oneLine({ max: 120 }), organisationNumber: OrganisationNumber })
  .meta({ id: 'Company' });

export const SiteFields = z.strictObject({
  name: oneLine({ max: 120 }),
  address: oneLine({ max: 160 }),
  /** Who has the works done (byggherre). */
  client: oneLine({ max: 120 }),
  /** Whom the organisation's own employees work for. */
  employer: Company,
  worksFrom: PlainDate,
  /** The last day of the works, or the day they are planned to end: six months later the list goes. */
  worksUntil: PlainDate,
  /** Whether the app may send a position with a check-in (CE-05). The page behind the code never does. */
  takesPosition: z.boolean(),
});
export type SiteFields = z.output<typeof SiteFields>;

/** A building or construction site (byggherreforskriften). */
export const Site = SiteFields.extend({
  id: SiteId,
  /** SHA-256 of the secret in the QR code at the gate; absent while there is none. */
  codeHash: z.string().max(64).optional(),
  codeMadeAt: Instant.optional(),
  /** Then the site and its list are erased. */
  dueAt: Instant,
});
export type Site = z.output<typeof Site>;

const byLaw = 'Construction Client Regulations (byggherreforskriften), section 15';
const declared = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'processor',
  article9: 'none',
  retentionClass: 'site-list',
  exported: 'copy',
  onErasure: { keepUntil: '6 months after the works ended', law: byLaw },
} as const;

export const siteEntity = entity({
  ...declared,
  name: 'site',
  sortKey: 'SITE',
  schema: Site,
  purpose: 'to know where works go on, and for how long',
  legalBasis: 'controllers-agreement',
  source: 'controller',
});

/** On the card: seven digits (Arbeidstilsynet, HMS-kort). */
export const HseCardNumber = z
  .string()
  .regex(/^\d{7}$/)
  .meta({ id: 'HseCardNumber', description: 'The seven digits on the HSE card (HMS-kort).', examples: ['1234567'] });

/** What the law wants to know of everybody on the site, and no more. */
export const OnSite = z.strictObject({
  firstName: oneLine({ max: 80 }),
  lastName: oneLine({ max: 80 }),
  birthDate: PlainDate,
  employer: Company,
  /** Absent for who need not carry one, such as somebody who only delivers. */
  hseCardNumber: HseCardNumber.optional(),
});
export type OnSite = z.output<typeof OnSite>;

export const SitePosition = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracyMetres: z.number().min(0).max(10_000),
  })
  .meta({ id: 'SitePosition' });

/** One stay on the site: a line of the list that the law demands (byggherreforskriften, section 15). */
export const SiteEntry = OnSite.extend({
  id: SiteEntryId,
  siteId: SiteId,
  /** The local day of the arrival. */
  day: PlainDate,
  inAt: Instant,
  /** Absent while there, and when nobody said that they left. */
  outAt: Instant.optional(),
  /** By the site's staff, by the code at the gate, or by an employee in the app. */
  registeredBy: z.enum(['staff', 'code', 'self']),
  /** The employee, where it is one of the organisation's own. */
  personId: PersonId.optional(),
  position: SitePosition.optional(),
});
export type SiteEntry = z.output<typeof SiteEntry>;

export const siteEntryEntity = entity({
  ...declared,
  name: 'site-entry',
  sortKey: 'SITE-ENTRY',
  schema: SiteEntry,
  purpose: 'to know who is on the site, and to show it to whoever inspects',
  legalBasis: 'legal-obligation',
  source: 'data-subject',
});

/** It has a key of its own: the whole list goes at its own term, whatever has become of the people on it. */
export const siteOwner = (organisationId: OrganisationId, id: SiteId): Owner => ({
  controller: organisationId,
  subject: id,
});
export const siteRef = (organisationId: OrganisationId, id: SiteId) =>
  ({ entity: siteEntity, owner: siteOwner(organisationId, id) }) as const;
export const siteEntryRef = (organisationId: OrganisationId, siteId: SiteId, day: string, id: SiteEntryId) =>
  ({ entity: siteEntryEntity, owner: siteOwner(organisationId, siteId), key: `${day}#${id}` }) as const;

export const sitePointers = {
  /** An organisation's sites. They name nobody. */
  ofOrganisation: (organisationId: OrganisationId, id: SiteId | '') =>
    ({ table: 'core', pk: `${organisationId}#SITES`, sk: id }) as const satisfies PointerKey,
  /** From an employee to a line about them; goes with the employee. Attribute: `siteId`. */
  ofPerson: ({ controller, subject }: Owner, day: string, id: SiteEntryId | '') =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `${ON_SITE}${day}#${id}` }) as const satisfies PointerKey,
};
export const ON_SITE = 'ON-SITE#';

/** The instant at which it has been kept for as long as the law demands. Pure. */
export const siteDueAt = (worksUntil: string, timeZone: string): string =>
  dueAt(terms['site-list'], worksUntil, timeZone).toISOString();

/** Whether the list may still be read: the clock that erases it comes some minutes after its term has ended. Pure. */
export const isKept = ({ dueAt: until }: Pick<Site, 'dueAt'>, now: Date): boolean => now.toISOString() < until;

/** Whether works go on on a day. Pure. */
export const isAtWork = ({ worksFrom, worksUntil }: Pick<Site, 'worksFrom' | 'worksUntil'>, day: string): boolean =>
  worksFrom <= day && day <= worksUntil;

/** Whether this is the code at the gate. Takes as long for every wrong one. */
export function isCodeOf({ codeHash }: Pick<Site, 'codeHash'>, code: string): boolean {
  if (codeHash === undefined) return false;
  const [known, typed] = [Buffer.from(codeHash), Buffer.from(hashOf(code))];
  return known.length === typed.length && timingSafeEqual(known, typed);
}

/** Nobody is on a site for longer at a stretch: a line that is older was never ended, and holds up no arrival. */
const STAY_HOURS_MAX = 16;
/** A press on the button again within so much time is the same press. */
const PRESSED_AGAIN_MINUTES = 5;

const minutesSince = (instant: string, now: Date) => (now.getTime() - Date.parse(instant)) / 60_000;

/** Whether somebody came by this line and may still be there. Pure. */
export const isThere = ({ inAt, outAt }: Pick<SiteEntry, 'inAt' | 'outAt'>, now: Date): boolean =>
  outAt === undefined && minutesSince(inAt, now) < STAY_HOURS_MAX * 60;

/** The line of the same person who is there, in what was read of the list. Pure. */
export function presentAmong(entries: readonly SiteEntry[], who: OnSite, now: Date): SiteEntry | undefined {
  return entries.findLast((entry) => isThere(entry, now) && isSame(entry, who));
}

/** Whether somebody who is not there any more has left just now, by the same press. Pure. */
export const hasJustLeft = (entries: readonly SiteEntry[], who: OnSite, now: Date): boolean =>
  entries.some(
    (entry) =>
      entry.outAt !== undefined && minutesSince(entry.outAt, now) < PRESSED_AGAIN_MINUTES && isSame(entry, who),
  );

/** Whether nothing else is said than what stands there: who presses twice says the same twice. Pure. */
export const saysTheSame = (one: OnSite, other: OnSite): boolean =>
  one.hseCardNumber === other.hseCardNumber &&
  one.birthDate === other.birthDate &&
  one.employer.organisationNumber === other.employer.organisationNumber &&
  one.employer.name === other.employer.name &&
  nameOf(one) === nameOf(other);

/** The card says who somebody is; without one the name and the date of birth do. */
function isSame(one: OnSite, other: OnSite): boolean {
  if (one.hseCardNumber !== undefined && other.hseCardNumber !== undefined) {
    return one.hseCardNumber === other.hseCardNumber;
  }
  return one.birthDate === other.birthDate && nameOf(one) === nameOf(other);
}

/** What tells who comes at the same moment from whoever else does; never kept but under a key. */
export const identityOf = (who: OnSite): string => `${who.birthDate} ${nameOf(who)}`;

const nameOf = ({ firstName, lastName }: Pick<OnSite, 'firstName' | 'lastName'>) =>
  `${firstName} ${lastName}`.toLocaleLowerCase('nb');

/**
 * The id of a line that follows from the day and a keyed digest of whose it is: two requests of one press meet in it, and
 * one of them writes. 80 bits of the digest, spelled as all ids are. Pure.
 */
export function entryIdOf(day: string, digest: Buffer): SiteEntryId {
  const time = encodeTime(Date.parse(day), TIME_CHARACTERS).toLowerCase();
  const rest = Array.from(digest.subarray(0, DIGEST_CHARACTERS), (byte) => CROCKFORD[byte % CROCKFORD.length]);
  return SiteEntryId.parse(`ste_${time}${rest.join('')}`);
}
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const [TIME_CHARACTERS, DIGEST_CHARACTERS] = [10, 16];
