import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { type Change, type PointerKey, type Records, StaleVersion } from '../../platform/records.ts';

const NUMBER_DIGITS = 6;
const partition = (organisationId: OrganisationId) => `${organisationId}#FORMER-USERS`;
const numberOf = (organisationId: OrganisationId, personId: PersonId): PointerKey => ({
  table: 'core',
  pk: partition(organisationId),
  sk: `PERSON#${personId}`,
});

/**
 * The numbers under which an organisation's history speaks of those who have been erased ("former user 7", CE-12); who
 * is not erased has none. One round trip.
 */
export async function formerUserNumbers(
  records: Pick<Records, 'pointersAt'>,
  organisationId: OrganisationId,
  personIds: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, number>> {
  const rows = await records.pointersAt(personIds.map((personId) => numberOf(organisationId, personId)));
  return new Map(
    personIds.flatMap((personId, i) => {
      const number = rows[i]?.attributes?.['number'];
      return typeof number === 'number' ? [[personId, number] as const] : [];
    }),
  );
}

/** Gives an erased person of an organisation the next number, in the transaction of the fence (two writes). */
export async function numberFormerUser(
  change: Change,
  { controller, subject }: Owner,
  records: Records,
): Promise<void> {
  const organisationId = OrganisationId.safeParse(controller);
  const personId = PersonId.safeParse(subject);
  if (!organisationId.success || !personId.success) return;
  const key = numberOf(organisationId.data, personId.data);
  const [known, last] = await Promise.all([
    records.pointersAt([key]),
    records.pointers('core', key.pk, { prefix: 'NUMBER#', newestFirst: true, limit: 1 }),
  ]);
  if (known[0]) return;
  const number = Number(last.items[0]?.sk.slice('NUMBER#'.length) ?? 0) + 1;
  const taken = () => new StaleVersion('Another was given the number');
  change
    .point({ table: 'core', pk: key.pk, sk: `NUMBER#${String(number).padStart(NUMBER_DIGITS, '0')}` }, { ifNew: taken })
    .point({ ...key, attributes: { number } }, { ifNew: taken });
}
