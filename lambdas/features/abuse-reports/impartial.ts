import type { RoleName } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { decidersOf } from '../requests/people-told.ts';

/** Those who hold a role in the organisation today, and those of them who are the writer of a message. */
interface Holders {
  /** By this person, or by another of the same account: whoever signs in reads as both. */
  isOneOf(writer: PersonId): boolean;
  impartial(writer: PersonId): readonly PersonId[];
}

/** Three round trips, and one more for each further page of roles. */
export async function holdersOf(
  role: Extract<RoleName, 'administrator' | 'privacy-officer'>,
  organisationId: OrganisationId,
  writers: readonly PersonId[],
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<Holders> {
  const organisation = await records.get(organisationRef(organisationId));
  const timeZone = organisation?.value.timeZone ?? 'UTC';
  const all = await decidersOf(records, organisationId, timeZone, now, [role]);
  const persons = [...new Set([...all, ...writers])];
  const links = await records.getMany(
    persons.map((personId) => ({ entity: accountLinkEntity, owner: ownerOf(organisationId, personId) })),
  );
  const accountOf = new Map(persons.map((personId, i) => [personId, links[i]?.value.accountId]));
  const isSame = (one: PersonId, other: PersonId) =>
    one === other || (accountOf.get(one) !== undefined && accountOf.get(one) === accountOf.get(other));
  return {
    isOneOf: (writer) => all.some((holder) => isSame(holder, writer)),
    impartial: (writer) => all.filter((holder) => !isSame(holder, writer)),
  };
}
