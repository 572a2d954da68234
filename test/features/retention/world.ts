import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import type { RoleRecord } from '../../../lambdas/features/access/role.ts';
import {
  type Group,
  groupEntity,
  type Organisation,
  organisationOwner,
  organisationPointers,
} from '../../../lambdas/features/organisations/organisation.ts';
import {
  type GuardianLink,
  ownerOf,
  type PersonRecord,
  type Placement,
} from '../../../lambdas/features/people/person.ts';
import { addLink, addPerson, personRef, savePerson } from '../../../lambdas/features/people/writes.ts';
import { pictureRef } from '../../../lambdas/features/pictures/picture.ts';
import { sweepRetention } from '../../../lambdas/features/retention/sweep.ts';
import type { Sweep } from '../../../lambdas/features/retention/sweeping.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

/** A picture of one pixel. */
const PIXEL = 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

export const sweepOn = (store: TestStore, hasTimeLeft = () => true) => {
  const lines: unknown[] = [];
  const author = { requestId: 'sweep', actor: 'system:retention', newEventId: () => anId('evt') };
  const sweep: Sweep = {
    openCall: () => ({ ...aCall(store), records: openRecords(store, author) }),
    openClosed: () =>
      openRecords({ ...store, now: () => new Date(0) }, author, undefined, { throughRestriction: true }),
    hasTimeLeft,
    log: (line) => lines.push(line),
  };
  return { sweep, lines };
};

export type House = Awaited<ReturnType<typeof aHouse>>;

/** An organisation whose people come and go, written by the features' own writes. */
export async function aHouse(db: TestDynamoDb, but: Partial<Organisation> = {}, shared?: TestStore) {
  const store = shared ?? (await aStore(db.client, await db.createTables(), ['operator']));
  const organisation = await anOrganisation(store, but);
  const organisationId = organisation.id;
  const records = () => aCall(store).records;
  await records()
    .change()
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: organisation.timeZone } })
    .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) })
    .commit();
  const none = { claim: [], release: [] };

  return {
    store,
    organisation,
    organisationId,
    records,
    at(instant: string) {
      store.clock = new Date(instant);
    },
    async group(): Promise<GroupId> {
      const id = anId('grp');
      const group: Group = { id, name: id, state: 'open' };
      await records()
        .change()
        .put({ entity: groupEntity, owner: organisationOwner(organisationId), key: id }, group, 'new')
        .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) })
        .commit();
      return id;
    },
    async person(fields: Partial<PersonRecord> = {}): Promise<PersonId> {
      const id = anId('per');
      const change = records().change();
      const person: PersonRecord = {
        id,
        organisationId,
        kind: 'child',
        firstName: 'Åse',
        lastName: 'Ødegård',
        language: 'nb',
        protectedAddress: false,
        placements: [],
        ...fields,
      };
      addPerson(change, person, none, { groupsAreKnown: true });
      await change.commit();
      return id;
    },
    async place(personId: PersonId, placements: Placement[]): Promise<void> {
      const read = records();
      const before = await read.get(personRef(organisationId, personId));
      const change = read.change();
      savePerson(change, before!, { ...before!.value, placements }, none, { groupsAreKnown: true });
      await change.commit();
    },
    async rename(personId: PersonId, firstName: string): Promise<void> {
      const read = records();
      const before = await read.get(personRef(organisationId, personId));
      const change = read.change();
      savePerson(change, before!, { ...before!.value, firstName }, none);
      await change.commit();
    },
    async link(childId: PersonId, guardianId: PersonId, but: Partial<GuardianLink> = {}): Promise<void> {
      const change = records().change();
      addLink(change, organisationId, childId, {
        guardianId,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2020-01-01',
        ...but,
      });
      await change.commit();
    },
    async role(personId: PersonId, role: RoleRecord['role'], but: Partial<RoleRecord> = {}): Promise<RoleRecord> {
      const record: RoleRecord = {
        id: anId('rol'),
        personId,
        role,
        scope: { kind: 'organisation' },
        validFrom: '2026-01-01',
        state: 'active',
        ...but,
      };
      await grantRole(records().change(), organisationId, record, undefined)
        .activity({ event: 'role.given', subject: ownerOf(organisationId, personId) })
        .commit();
      return record;
    },
    async picture(personId: PersonId): Promise<void> {
      await records()
        .change()
        .put(pictureRef(organisationId, personId), { image: { contentType: 'image/png', content: PIXEL } }, 'new')
        .activity({ event: 'picture.set', subject: ownerOf(organisationId, personId) })
        .commit();
    },
    read: async (personId: PersonId) => (await records().get(personRef(organisationId, personId)))?.value,
    sees: async (personId: PersonId) => ({
      person: (await records().get(personRef(organisationId, personId))) !== undefined,
      picture: (await records().get(pictureRef(organisationId, personId))) !== undefined,
    }),
    rows: async () => (await records().pointers('core', `${organisationId}#RETENTION`)).items,
    /** The erasures that were ordered about a person. */
    orders: async (personId: PersonId) => {
      const { items } = await records().pointers('rights', 'ERASURES');
      return items.filter(({ attributes }) => attributes?.['subject'] === personId);
    },
    sweep: async (hasTimeLeft = () => true) => {
      const { sweep, lines } = sweepOn(store, hasTimeLeft);
      const swept = await sweepRetention(sweep);
      return { ...swept, lines };
    },
  };
}
