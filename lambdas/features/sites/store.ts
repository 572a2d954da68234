import { OrganisationId, SiteId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Change, Records, Stored } from '../../platform/records.ts';
import { findLink, makeLink } from '../links/link.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { mayWork } from '../time-clock/employee.ts';
import { dueKey, dueRow } from '../workplace-clock/due.ts';
import type { SiteStore } from './handlers.ts';
import type { InspectionStore } from './inspection.ts';
import {
  entryIdOf,
  identityOf,
  isKept,
  LINES_MAX,
  SITES_MAX,
  type Site,
  type SiteEntry,
  siteEntryEntity,
  siteEntryRef,
  siteOwner,
  sitePointers,
  siteRef,
} from './site.ts';

/** Sorts before and after every id. */
const [FIRST, LAST] = ['', '~'];
/** Lines that an inspector can take along: a year of a large site. */
const FILE_LINES_MAX = 50_000;
const PAGE_LINES = 1000;

export const siteStore: SiteStore = {
  async timeZone(organisationId, { records }) {
    return zoneOf(await records.get(organisationRef(organisationId)));
  },

  async create(organisationId, site, { records }, answer) {
    const list = sitePointers.ofOrganisation(organisationId, '');
    const { items } = await records.pointers(list.table, list.pk, { limit: SITES_MAX });
    if (items.length >= SITES_MAX) throw new Problem('too-many', `At most ${SITES_MAX} sites.`);
    const holder = organisationOwner(organisationId);
    return records
      .change()
      .put(siteRef(organisationId, site.id), site, 'new')
      .point(sitePointers.ofOrganisation(organisationId, site.id))
      .point(dependantPointers.subject(holder, site.id))
      .point(dueRow(site.dueAt, { kind: 'site', organisationId, id: site.id }))
      .activity({ event: 'site.created', subject: holder, about: [site.id] })
      .commit(answer);
  },

  async list(organisationId, { records, now }) {
    const { table, pk } = sitePointers.ofOrganisation(organisationId, '');
    const { items } = await records.pointers(table, pk, { limit: SITES_MAX });
    const stored = await records.getMany(items.map(({ sk }) => siteRef(organisationId, SiteId.parse(sk))));
    return stored.flatMap((one) => (one && isKept(one.value, now) ? [one] : []));
  },

  async find(organisationId, id, { records, now }) {
    const [organisation, site] = await records.together([organisationRef(organisationId), siteRef(organisationId, id)]);
    if (!organisation || !site || !isKept(site.value, now)) return undefined;
    return { organisationId, timeZone: organisation.value.timeZone, site };
  },

  async save({ organisationId, site }, after, event, { records }, answer) {
    const change = records.change().put(site.ref, after, { version: site.version });
    const due = { kind: 'site', organisationId, id: after.id } as const;
    if (after.dueAt !== site.value.dueAt) {
      change.unpoint(dueKey(site.value.dueAt, due)).point(dueRow(after.dueAt, due));
    }
    return change.activity({ event, subject: organisationOwner(organisationId), about: [after.id] }).commit(answer);
  },

  async entries({ organisationId, siteId }, { from, to }, { records }) {
    const range = { from: `${from}#${FIRST}`, to: `${to}#${LAST}`, limit: LINES_MAX };
    const { items, next } = await records.list(siteEntryEntity, siteOwner(organisationId, siteId), range);
    if (next !== undefined)
      throw new Problem('too-many', `At most ${LINES_MAX} lines in one answer: ask for fewer days.`);
    return byArrival(items, ({ value }) => value);
  },

  async entryId({ organisationId, siteId }, { day, who, nth }, { records }) {
    const line = `${organisationId} ${siteId} ${day} ${nth} ${identityOf(who)}`;
    return entryIdOf(day, Buffer.from(await records.fingerprint('site-entry', line), 'base64url'));
  },

  entry: (organisationId, { siteId, day, siteEntryId }, { records }) =>
    records.get(siteEntryRef(organisationId, siteId, day, siteEntryId)),

  async saveEntry(organisationId, after, before, { records }, answer) {
    const change = records.change();
    put(change, organisationId, after, before);
    return change
      .activity({
        // An employee sees in their own log where they were registered; of anybody else the log knows nothing.
        ...(after.personId
          ? { event: before ? 'site-entry.left' : 'site-entry.came', subject: ownerOf(organisationId, after.personId) }
          : {
              event: before ? 'site-list.somebody-left' : 'site-list.somebody-came',
              subject: organisationOwner(organisationId),
            }),
        about: [after.siteId, after.id],
        detail: { registeredBy: after.registeredBy },
      })
      .commit(answer);
  },

  async employee(organisationId, personId, { records }) {
    const person = await records.get({ entity: personEntity, owner: ownerOf(organisationId, personId) });
    return person && mayWork(person.value) ? person.value : undefined;
  },

  async makeInspection({ organisationId, site }, hours, call, toAnswer) {
    const { id } = site.value;
    const change = call.records.change();
    const owner = siteOwner(organisationId, id);
    const link = makeLink(change, { purpose: 'inspect-site', owner, validForSeconds: hours * 3600 }, call);
    return change
      .activity({
        event: 'site-list.inspector-invited',
        subject: organisationOwner(organisationId),
        about: [id],
        detail: { hours },
      })
      .commit(toAnswer(link));
  },
};

function put(
  change: Change,
  organisationId: OrganisationId,
  after: SiteEntry,
  before: Stored<typeof siteEntryEntity> | undefined,
): void {
  const { siteId, day, id, personId } = after;
  change.put(siteEntryRef(organisationId, siteId, day, id), after, before ? { version: before.version } : 'new');
  if (before || personId === undefined) return;
  const owner = ownerOf(organisationId, personId);
  // The row is sealed under nobody's key: behind an erasure it would stay.
  change.requireUnerased(owner).point({ ...sitePointers.ofPerson(owner, day, id), attributes: { siteId } });
}

export const inspectionStore: InspectionStore = {
  async linkOf(token, { records }) {
    const link = await findLink(records, token);
    return link?.purpose === 'inspect-site' ? link : undefined;
  },

  async open({ owner }, as, firstDay, { records, now }) {
    const organisationId = OrganisationId.parse(owner.controller);
    const id = SiteId.parse(owner.subject);
    const [organisation, site] = await records.together([organisationRef(organisationId), siteRef(organisationId, id)]);
    if (!organisation || !site || !isKept(site.value, now)) return undefined;
    const { timeZone } = organisation.value;
    const entries = await everyLine(records, organisationId, id, firstDay(dayIn(timeZone, now)) ?? FIRST);
    await records
      .change()
      .activity({
        event: 'site-list.inspected',
        subject: organisationOwner(organisationId),
        about: [id],
        detail: { as, lines: entries.length },
      })
      .commit();
    return { site: site.value, timeZone, entries };
  },
};

async function everyLine(records: Records, organisationId: OrganisationId, id: Site['id'], from: string) {
  const found: SiteEntry[] = [];
  for (let after: string | undefined; found.length < FILE_LINES_MAX; ) {
    const range = { from, to: LAST, limit: PAGE_LINES, ...(after !== undefined && { after }) };
    const page = await records.list(siteEntryEntity, siteOwner(organisationId, id), range);
    found.push(...page.items.map(({ value }) => value));
    if (page.next === undefined) return byArrival(found, (entry) => entry);
    after = page.next;
  }
  throw new Problem('too-many', `More than ${FILE_LINES_MAX} lines.`);
}

/** The ids of a day's lines lie in no order. */
const byArrival = <T>(lines: readonly T[], entryOf: (line: T) => Pick<SiteEntry, 'inAt'>): readonly T[] =>
  lines.toSorted((one, other) => (entryOf(one).inAt < entryOf(other).inAt ? -1 : 1));

function zoneOf(organisation: { readonly value: { readonly timeZone: string } } | undefined): string {
  if (!organisation) throw new Problem('organisation-not-found');
  return organisation.value.timeZone;
}
