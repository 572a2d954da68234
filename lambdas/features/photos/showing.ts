import type { ConsentPurposeId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { consentTo } from '../consents/consent.ts';
import { consented } from '../consents/kinds.ts';
import { factsOf, isAsked, type Principal } from '../consents/principal.ts';
import type { ConsentPurpose, StandardPurposeCode } from '../consents/purpose.ts';
import { type House, readPrincipal } from '../consents/read-principals.ts';
import { blockEntity, ownerOf } from '../people/person.ts';

/** What is asked of whoever is shown in photos of the day: either guardian or both, as the organisation's purpose says. */
const PURPOSE: StandardPurposeCode = 'pictures-inside';

/** The organisation's purpose that photos rest on; undefined where it has declared none, or retired it. */
export const purposeOfPhotos = ({ purposes }: House): ConsentPurpose | undefined =>
  purposes.find(({ code, state }) => code === PURPOSE && state === 'open');

/** What decides whether one child may be shown. */
export interface Showing {
  /** Absent for whoever is erased, restricted or not there. */
  readonly principal: Principal | undefined;
  /** The child is kept from somebody, whoever that is: a picture that goes to many might reach them. */
  readonly isKeptFromSomebody: boolean;
}

/** Pure. Whoever nothing is known of may not be shown. */
export function mayBeShown(showing: Showing | undefined, purposeId: ConsentPurposeId): boolean {
  const principal = showing?.principal;
  if (!principal || showing.isKeptFromSomebody) return false;
  const purpose = principal.purposes.find(({ id }) => id === purposeId);
  if (!purpose || !isAsked(principal, purpose)) return false;
  return consented(consentTo(principal.states, purposeId), purpose, factsOf(principal, purpose)) !== undefined;
}

/** One wave for all of them. */
export async function readShowings(
  house: House,
  childIds: Iterable<PersonId>,
  records: Records,
  now: Date,
): Promise<ReadonlyMap<PersonId, Showing>> {
  const distinct = [...new Set(childIds)];
  const showings = await Promise.all(
    distinct.map(async (childId): Promise<Showing> => {
      const [principal, blocks] = await Promise.all([
        readPrincipal(house, childId, records, now),
        records.list(blockEntity, ownerOf(house.organisation.id, childId), { limit: 1 }),
      ]);
      return { principal, isKeptFromSomebody: blocks.items.length > 0 };
    }),
  );
  return new Map(distinct.map((childId, i) => [childId, showings[i]!]));
}
