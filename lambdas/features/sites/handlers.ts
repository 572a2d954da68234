import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId, SiteEntryId, SiteId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { type Stored, settled } from '../../platform/records.ts';
import { hashOf, linkUrl, newToken } from '../links/link.ts';
import type { PersonRecord } from '../people/person.ts';
import { gatePath, qrSvg } from './gate.ts';
import type { siteRoutes } from './routes.ts';
import {
  DAYS_MAX,
  isAtWork,
  isThere,
  type OnSite,
  presentAmong,
  type Site,
  type SiteEntry,
  type SiteFields,
  siteDueAt,
  type siteEntity,
  type siteEntryEntity,
} from './site.ts';

/** A shift may run past midnight. */
export const SHIFT_DAYS_BACK = 1;

export interface SiteOfHouse {
  readonly organisationId: OrganisationId;
  readonly timeZone: string;
  readonly site: Stored<typeof siteEntity>;
}
export interface SiteStore {
  timeZone(organisationId: OrganisationId, call: Call): Promise<string>;
  /** Throws `too-many`. */
  create<A>(organisationId: OrganisationId, site: Site, call: Call, answer: A): Promise<A>;
  list(organisationId: OrganisationId, call: Call): Promise<readonly Stored<typeof siteEntity>[]>;
  /** One wave. */
  find(organisationId: OrganisationId, id: SiteId, call: Call): Promise<SiteOfHouse | undefined>;
  save<A>(found: SiteOfHouse, after: Site, event: `site.${string}`, call: Call, answer: A): Promise<A>;
  /** By arrival, both days included. Throws `too-many`. */
  entries(
    found: Pick<SiteOfHouse, 'organisationId'> & { readonly siteId: SiteId },
    days: { readonly from: string; readonly to: string },
    call: Call,
  ): Promise<readonly Stored<typeof siteEntryEntity>[]>;
  entry(
    organisationId: OrganisationId,
    place: { readonly siteId: SiteId; readonly day: string; readonly siteEntryId: SiteEntryId },
    call: Call,
  ): Promise<Stored<typeof siteEntryEntity> | undefined>;
  /** What the id of the person's nth line of a day is: the same for whoever asks at the same moment. */
  entryId(
    found: Pick<SiteOfHouse, 'organisationId'> & { readonly siteId: SiteId },
    line: { readonly day: string; readonly who: OnSite; readonly nth: number },
    call: Call,
  ): Promise<SiteEntryId>;
  /** A line as it shall be; `before` absent: a new one. Throws `StaleVersion` when another request was faster. */
  saveEntry<A>(
    organisationId: OrganisationId,
    after: SiteEntry,
    before: Stored<typeof siteEntryEntity> | undefined,
    call: Call,
    answer: A,
  ): Promise<A>;
  /** Undefined for whoever does not work there. */
  employee(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<PersonRecord | undefined>;
  /** A link to the list; `toAnswer` says what of it stands in the answer. */
  makeInspection<A>(
    found: SiteOfHouse,
    hours: number,
    call: Call,
    toAnswer: (link: { readonly token: string; readonly expiresAt: string }) => A,
  ): Promise<A>;
}

export const siteHandlers = (sites: SiteStore, publicUrl: string): HandlersFor<typeof siteRoutes, Call> => ({
  async createSite({ params: { organisationId }, body }, call) {
    const timeZone = await sites.timeZone(organisationId, call);
    demandSpan(body, timeZone, call.now);
    const site: Site = { ...body, id: call.newId('sit'), dueAt: siteDueAt(body.worksUntil, timeZone) };
    return sites.create(organisationId, site, call, siteView(site, 1));
  },

  async listSites({ params: { organisationId } }, call) {
    const found = await sites.list(organisationId, call);
    return { items: found.map(({ value, version }) => siteView(value, version)) };
  },

  async changeSite({ params: { organisationId, siteId }, body, ifMatch }, call) {
    const found = await siteOf(sites, organisationId, siteId, call);
    if (found.site.version !== ifMatch) throw new Problem('stale-version');
    demandSpan(body, found.timeZone, call.now);
    const { id, codeHash, codeMadeAt } = found.site.value;
    const after: Site = {
      ...body,
      id,
      ...(codeHash !== undefined && { codeHash }),
      ...(codeMadeAt !== undefined && { codeMadeAt }),
      dueAt: siteDueAt(body.worksUntil, found.timeZone),
    };
    return sites.save(found, after, 'site.changed', call, siteView(after, ifMatch + 1));
  },

  async makeSiteCode({ params: { organisationId, siteId } }, call) {
    const found = await siteOf(sites, organisationId, siteId, call);
    if (found.site.value.worksUntil < dayIn(found.timeZone, call.now)) throw new Problem('works-over');
    const code = newToken();
    const after = { ...found.site.value, codeHash: hashOf(code), codeMadeAt: call.now.toISOString() };
    const url = `${publicUrl}${gatePath(organisationId, siteId, code)}`;
    return sites.save(found, after, 'site.code-made', call, { url, svg: qrSvg(url) });
  },

  async registerOnSite({ params: { organisationId, siteId }, body }, call) {
    const found = await siteOf(sites, organisationId, siteId, call);
    return settled(async () => {
      const came = await lately(sites, found, call);
      const entry = await arrival(sites, found, { who: body, came, registeredBy: 'staff' }, call);
      return sites.saveEntry(organisationId, entry, undefined, call, { ...entry, version: 1 });
    });
  },

  async registerDeparture({ params: { organisationId, ...place }, ifMatch }, call) {
    const before = await sites.entry(organisationId, place, call);
    if (!before) throw new Problem('site-entry-not-found');
    if (before.version !== ifMatch) throw new Problem('stale-version');
    if (before.value.outAt !== undefined) throw new Problem('wrong-state', 'They have left already.');
    // Written now, a departure that nobody registered days ago would be a stay of days.
    if (!isThere(before.value, call.now)) throw new Problem('wrong-state', 'It is not known any more when they left.');
    return depart(sites, organisationId, before, call);
  },

  async getSiteList({ params: { organisationId, siteId }, query }, call) {
    demandDays(query);
    await siteOf(sites, organisationId, siteId, call);
    const found = await sites.entries({ organisationId, siteId }, query, call);
    return { items: found.map(({ value, version }) => ({ ...value, version })) };
  },

  async inviteInspector({ params: { organisationId, siteId }, body }, call) {
    const found = await siteOf(sites, organisationId, siteId, call);
    return sites.makeInspection(found, body.hours, call, ({ token, expiresAt }) => ({
      url: linkUrl(publicUrl, token),
      expiresAt,
    }));
  },

  async checkInOnSite({ params: { organisationId, personId }, body }, call) {
    const [found, person] = await Promise.all([
      siteOf(sites, organisationId, body.siteId, call),
      sites.employee(organisationId, personId, call),
    ]);
    if (!person) throw new Problem('person-not-found');
    const { site, timeZone } = found;
    if (body.position && !site.value.takesPosition) throw new Problem('position-not-used');
    if (body.do === 'out') {
      return settled(async () => {
        const came = await lately(sites, found, call);
        const before = came.findLast(({ value }) => value.personId === personId && isThere(value, call.now));
        if (!before) throw new Problem('site-entry-not-found');
        return depart(sites, organisationId, before, call);
      });
    }
    if (!isAtWork(site.value, dayIn(timeZone, call.now))) throw new Problem('works-over');
    const birthDate = person.birthDate ?? body.birthDate;
    if (birthDate === undefined) throw malformed('body', 'birthDate', 'The list needs it, and it is not registered.');
    const who: OnSite = {
      firstName: person.firstName,
      lastName: person.lastName,
      birthDate,
      employer: site.value.employer,
      ...(body.hseCardNumber !== undefined && { hseCardNumber: body.hseCardNumber }),
    };
    const rest = { registeredBy: 'self', personId, ...(body.position && { position: body.position }) } as const;
    return settled(async () => {
      const came = await lately(sites, found, call);
      const entry = await arrival(sites, found, { who, came, ...rest }, call);
      return sites.saveEntry(organisationId, entry, undefined, call, { ...entry, version: 1 });
    });
  },
});

type Arriving = Pick<SiteEntry, 'registeredBy' | 'personId' | 'position'> & {
  readonly who: OnSite;
  /** As {@link lately} read it. */
  readonly came: readonly Stored<typeof siteEntryEntity>[];
};

/**
 * A new line of the list, whose id is that of the first line of the person and day that is not there yet: of two requests
 * at the same moment one writes it. Throws `works-over`, `malformed-request` for who is not born yet, `already-on-site`.
 */
export async function arrival(
  sites: Pick<SiteStore, 'entryId'>,
  { organisationId, site, timeZone }: SiteOfHouse,
  { who, came, ...rest }: Arriving,
  call: Call,
): Promise<SiteEntry> {
  const day = dayIn(timeZone, call.now);
  if (!isAtWork(site.value, day)) throw new Problem('works-over');
  if (who.birthDate >= day) throw malformed('body', 'birthDate', 'Not in the past.');
  const lines = came.map(({ value }) => value);
  if (presentAmong(lines, who, call.now)) throw new Problem('already-on-site');
  const siteId = site.value.id;
  const known = new Set(lines.map(({ id }) => id));
  for (let nth = 1; ; nth++) {
    const id = await sites.entryId({ organisationId, siteId }, { day, who, nth }, call);
    if (!known.has(id)) return { ...who, ...rest, id, siteId, day, inAt: call.now.toISOString() };
  }
}

/** Who came today, or in the night before. */
export function lately(sites: Pick<SiteStore, 'entries'>, { organisationId, site, timeZone }: SiteOfHouse, call: Call) {
  const to = dayIn(timeZone, call.now);
  return sites.entries({ organisationId, siteId: site.value.id }, { from: daysAfter(to, -SHIFT_DAYS_BACK), to }, call);
}

export function depart(
  sites: Pick<SiteStore, 'saveEntry'>,
  organisationId: OrganisationId,
  before: Stored<typeof siteEntryEntity>,
  call: Call,
) {
  const after = { ...before.value, outAt: call.now.toISOString() };
  return sites.saveEntry(organisationId, after, before, call, { ...after, version: before.version + 1 });
}

async function siteOf(sites: SiteStore, organisationId: OrganisationId, id: SiteId, call: Call): Promise<SiteOfHouse> {
  const found = await sites.find(organisationId, id, call);
  if (!found) throw new Problem('site-not-found');
  return found;
}

function siteView({ codeHash, codeMadeAt: _, ...site }: Site, version: number) {
  return { ...site, hasCode: codeHash !== undefined, version };
}

/** Six months after its works a list goes, so none can end so long ago. */
function demandSpan({ worksFrom, worksUntil }: SiteFields, timeZone: string, now: Date): void {
  if (worksUntil < worksFrom) throw malformed('body', 'worksUntil', 'Before `worksFrom`.');
  if (siteDueAt(worksUntil, timeZone) <= now.toISOString()) throw new Problem('works-over');
}

function demandDays({ from, to }: { readonly from: string; readonly to: string }): void {
  if (to < from) throw malformed('query', 'to', 'The last day is before the first.');
  if (to >= daysAfter(from, DAYS_MAX)) throw malformed('query', 'to', `At most ${DAYS_MAX} days.`);
}

const malformed = (place: string, field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(place, field), detail }] });
