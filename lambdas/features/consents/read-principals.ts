import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { type Organisation, organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blockEntity, guardianLinkEntity, isLinkedOn, LINKS_MAX, ownerOf, personEntity } from '../people/person.ts';
import { publishedStatements, versionInForce } from '../statements/published.ts';
import { CONSENT_EVENTS_MAX, consentEventEntity, currentConsents } from './consent.ts';
import type { Principal } from './principal.ts';
import { type ConsentPurpose, PURPOSES_MAX, purposeEntity } from './purpose.ts';
import { builtInPurposes } from './standard-purposes.ts';

/** Withdrawals go on beyond the number at which giving is refused. */
const EVENTS_READ_MAX = 2 * CONSENT_EVENTS_MAX;

export interface PrincipalKey {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

/** What all principals of one organisation share. */
export interface House {
  readonly organisation: Organisation;
  readonly purposes: readonly ConsentPurpose[];
  readonly statementVersion: string;
}

/** One wave; undefined for an organisation that is not there, or closed. */
export async function readHouse(organisationId: OrganisationId, records: Records): Promise<House | undefined> {
  const [organisation, purposes, [newest]] = await Promise.all([
    records.get({ entity: organisationEntity, owner: organisationOwner(organisationId) }),
    records.list(purposeEntity, organisationOwner(organisationId), { limit: PURPOSES_MAX }),
    publishedStatements(records, organisationId, 1),
  ]);
  if (organisation?.value.state !== 'open') return undefined;
  const { value } = organisation;
  return {
    organisation: value,
    purposes: [...builtInPurposes(value.profile), ...purposes.items.map((stored) => stored.value)],
    statementVersion: versionInForce(value.profile, newest?.value),
  };
}

/** One wave; undefined for a person that is not there, or erased. */
export async function readPrincipal(
  house: House,
  personId: PersonId,
  records: Records,
  now: Date,
): Promise<Principal | undefined> {
  const owner = ownerOf(house.organisation.id, personId);
  const [person, events, links, blocks] = await Promise.all([
    records.get({ entity: personEntity, owner }),
    eventsOf(owner, records),
    records.list(guardianLinkEntity, owner, { limit: LINKS_MAX }),
    records.list(blockEntity, owner, { limit: LINKS_MAX }),
  ]);
  if (!person) return undefined;
  const today = dayIn(house.organisation.timeZone, now);
  const blocked = new Set(blocks.items.map(({ value }) => value.personId));
  return {
    ...house,
    person: person.value,
    guardianIds: decidingGuardians(links.items, today).filter((id) => !blocked.has(id)),
    states: currentConsents(events),
    today,
  };
}

const decidingGuardians = (links: readonly Stored<typeof guardianLinkEntity>[], today: string): PersonId[] =>
  links
    .filter(({ value }) => value.rights === 'parental-responsibility' && isLinkedOn(value, today))
    .map(({ value }) => value.guardianId);

async function eventsOf(owner: Owner, records: Records) {
  const events = [];
  let after: string | undefined;
  do {
    const page = await records.list(consentEventEntity, owner, after === undefined ? {} : { after });
    events.push(...page.items.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined && events.length < EVENTS_READ_MAX);
  return events;
}

/** Rows such as `PERSON#<org>#<per>`: what stands after the first part. */
export const idsIn = (sortKey: string): PrincipalKey => {
  const [, organisationId = '', personId = ''] = sortKey.split('#');
  return { organisationId: OrganisationId.parse(organisationId), personId: PersonId.parse(personId) };
};
