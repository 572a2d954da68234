import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { type Group, groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { childIdentity, grownUpIdentity, type Identity } from '../people/identity.ts';
import { blockEntity, guardianLinkEntity, LINKS_MAX, ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { RegisterRow } from './import-row.ts';
import type { World } from './world.ts';

/** Closed ones count as well: nothing may hide behind them. */
const GROUPS_READ_MAX = 500;
/** Children whose links and blocks are read at once. */
const CHILDREN_AT_ONCE_MAX = 50;

/** The open ones: a closed group has given its name back. */
export async function readGroups(organisationId: OrganisationId, records: Records): Promise<readonly Group[]> {
  const page = await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_READ_MAX });
  return page.items.map(({ value }) => value).filter(({ state }) => state === 'open');
}

/**
 * Puts in what the organisation holds about the rows: the persons that they name, and those children's guardians and
 * blocks. Four waves of reads, however many rows.
 */
export async function learnAbout(
  rows: readonly RegisterRow[],
  world: World,
  organisationId: OrganisationId,
  records: Records,
): Promise<void> {
  const found = await findAll(rows.flatMap(identitiesOf), organisationId, records);
  await learnPersons(found, world, organisationId, records);
  const childIds = [...found].filter((id) => world.person(id)?.value.kind === 'child');
  const guardianIds = new Set<PersonId>();
  for (let i = 0; i < childIds.length; i += CHILDREN_AT_ONCE_MAX) {
    await Promise.all(
      childIds.slice(i, i + CHILDREN_AT_ONCE_MAX).map(async (childId) => {
        const owner = ownerOf(organisationId, childId);
        const [links, blocks] = await Promise.all([
          records.list(guardianLinkEntity, owner, { limit: LINKS_MAX }),
          records.list(blockEntity, owner, { limit: LINKS_MAX }),
        ]);
        for (const { value, version } of links.items) {
          world.addLink(childId, { value, version });
          guardianIds.add(value.guardianId);
        }
        for (const { value } of blocks.items) world.addBlock(childId, value.personId);
      }),
    );
  }
  const unread = [...guardianIds].filter((id) => world.person(id) === undefined);
  await learnPersons(new Set(unread), world, organisationId, records);
}

async function findAll(identities: readonly Identity[], organisationId: OrganisationId, records: Records) {
  const valuesOf = (kind: Identity['kind']) => [
    ...new Set(identities.filter((identity) => identity.kind === kind).map(({ value }) => value)),
  ];
  const found = await Promise.all(
    (['email', 'import-row'] as const).map((kind) => records.findMany(organisationId, kind, valuesOf(kind))),
  );
  return new Set(found.flat().filter((id) => id !== undefined) as PersonId[]);
}

async function learnPersons(
  ids: ReadonlySet<PersonId>,
  world: World,
  organisationId: OrganisationId,
  records: Records,
): Promise<void> {
  const persons = await records.getMany([...ids].map((id) => personRef(organisationId, id)));
  for (const person of persons) if (person) world.addPerson(person);
}

/** Every identity by which a person of the row may be known: a guardian also as one who had no e-mail address before. */
export function identitiesOf(row: RegisterRow): Identity[] {
  const grownUps = row.kind === 'child' ? row.guardians : [row];
  const ofGrownUps = grownUps.flatMap(({ email, ...withoutEmail }) => {
    const named = grownUpIdentity(withoutEmail);
    return [...(email === undefined ? [] : [grownUpIdentity({ ...withoutEmail, email })!]), ...(named ? [named] : [])];
  });
  return row.kind === 'child' ? [childIdentity(row), ...ofGrownUps] : ofGrownUps;
}
