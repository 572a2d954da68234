import { ChatId, OrganisationId, PersonId, SiteId, TimesheetId } from '../../../http/ids.ts';
import { keyOf, type SubjectId } from '../../../platform/entity.ts';
import type { RawKey, RawRow } from '../../../platform/partition-rows.ts';
import { roleRef } from '../../access/role.ts';
import { accountLinkEntity } from '../../accounts/account.ts';
import { chatRef } from '../../chats/chat.ts';
import { ownerOf } from '../../people/person.ts';
import { blockRef, linkRef, personRef } from '../../people/writes.ts';
import { requestRef } from '../../requests/request.ts';
import { siteEntryRef, siteRef } from '../../sites/site.ts';
import { timesheetRef } from '../../timesheets/timesheet.ts';

const core = (ref: Parameters<typeof keyOf>[0]): RawKey => ({ table: 'core', ...keyOf(ref) });

/**
 * What a row of ids leads to, where it is nothing without it; undefined for every other row. Exports of several tables
 * lie minutes apart, so one of the two may be missing: without its end such a row says nothing, and goes. Pure.
 */
export function endOf({ table, pk, sk, attributes }: RawRow): RawKey | undefined {
  if (table !== 'core' || attributes['sealed'] !== undefined) return undefined;
  const [controller = '', subject = ''] = pk.split('#');
  const [kind = '', first = '', second = ''] = sk.split('#');
  if (controller === 'operator' && subject.startsWith('acc_')) return endOfAccountsRow(kind, first, second, attributes);
  const organisationId = OrganisationId.safeParse(controller).data;
  if (!organisationId) return undefined;
  if (subject === 'PEOPLE') return core(personRef(organisationId, first as PersonId));
  if (subject === 'ROLES') return core(roleRef(organisationId, attributes['personId'] as PersonId, sk as never));
  if (kind === 'MEMBER') return core(personRef(organisationId, first as PersonId));
  const dependant = dependantIn(subject, kind, first, second);
  if (dependant) return endOfDependant(organisationId, dependant, attributes);
  const personId = PersonId.safeParse(subject).data;
  if (!personId) return undefined;
  if (kind === 'CHILD') return core(linkRef(organisationId, first as PersonId, personId));
  if (kind === 'BLOCKED') return core(blockRef(organisationId, first as PersonId, personId));
  const { siteId, timesheetId } = attributes;
  if (kind === 'ON-SITE') return core(siteEntryRef(organisationId, siteId as SiteId, first, second as never));
  if (kind === 'TIMESHEET') return core(timesheetRef(organisationId, timesheetId as TimesheetId));
  return undefined;
}

/** What of an organisation's own has a key of its own, by the rows that say that it is there. */
function dependantIn(subject: string, kind: string, first: string, second: string): string | undefined {
  if (subject === 'CHATS' || subject === 'SITES') return kind;
  if (subject === 'TIMESHEETS') return first;
  return kind === 'SUBJECT' && second === '' ? first : undefined;
}

/** It ends at its own term, by an erasure that does not know of its holder. */
function endOfDependant(controller: OrganisationId, id: string, { subject = id }: RawRow['attributes']) {
  const [chatId, siteId, timesheetId] = [ChatId.safeParse(id), SiteId.safeParse(id), TimesheetId.safeParse(id)];
  if (chatId.success) return core(chatRef({ controller, subject: subject as SubjectId }, chatId.data));
  if (siteId.success) return core(siteRef(controller, siteId.data));
  return timesheetId.success ? core(timesheetRef(controller, timesheetId.data)) : undefined;
}

/** From an account to its persons, roles and requests. */
function endOfAccountsRow(
  kind: string,
  first: string,
  second: string,
  attributes: RawRow['attributes'],
): RawKey | undefined {
  switch (kind) {
    case 'PERSON':
      return core({ entity: accountLinkEntity, owner: ownerOf(first as OrganisationId, second as PersonId) });
    case 'ROLE':
      return core(roleRef(first as OrganisationId, attributes['personId'] as PersonId, second as never));
    case 'ASKED': {
      const owner = { controller: attributes['controller'], subject: attributes['subject'] } as never;
      return { table: 'rights', ...keyOf(requestRef(owner, first as never)) };
    }
    default:
      return undefined;
  }
}
