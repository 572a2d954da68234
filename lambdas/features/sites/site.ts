import { timingSafeEqual } from 'node:crypto';
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

/** Whether works go on on a day. Pure. */
export const isAtWork = ({ worksFrom, worksUntil }: Pick<Site, 'worksFrom' | 'worksUntil'>, day: string): boolean =>
  worksFrom <= day && day <= worksUntil;

/** Whether this is the code at the gate. Takes as long for every wrong one. */
export function isCodeOf({ codeHash }: Pick<Site, 'codeHash'>, code: string): boolean {
  if (codeHash === undefined) return false;
  const [known, typed] = [Buffer.from(codeHash), Buffer.from(hashOf(code))];
  return known.length === typed.length && timingSafeEqual(known, typed);
}

/** The stay of the same person that nobody has ended, in what was read of the list. Pure. */
export function presentAmong(entries: readonly SiteEntry[], who: OnSite): SiteEntry | undefined {
  return entries.findLast((entry) => entry.outAt === undefined && isSame(entry, who));
}

/** The card says who somebody is; without one the name and the date of birth do. */
function isSame(one: OnSite, other: OnSite): boolean {
  if (one.hseCardNumber !== undefined && other.hseCardNumber !== undefined) {
    return one.hseCardNumber === other.hseCardNumber;
  }
  const nameOf = ({ firstName, lastName }: OnSite) => `${firstName} ${lastName}`.toLocaleLowerCase('nb');
  return one.birthDate === other.birthDate && nameOf(one) === nameOf(other);
}
