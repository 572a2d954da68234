import { createSign, generateKeyPairSync } from 'node:crypto';
import { ulid } from 'ulid';
import type { roles } from '../../../lambdas/access/roles.ts';
import { activityHandlers } from '../../../lambdas/features/activity/handlers.ts';
import { myActivityHandlers } from '../../../lambdas/features/activity/my-handlers.ts';
import { myActivityStore } from '../../../lambdas/features/activity/my-store.ts';
import { activityRoutes, myActivityRoutes } from '../../../lambdas/features/activity/routes.ts';
import { activityStore } from '../../../lambdas/features/activity/store.ts';
import { numberFormerUser } from '../../../lambdas/features/erasure/former-users.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
} from '../../../lambdas/features/people/person.ts';
import { transparencyLog } from '../../../lambdas/features/transparency/log.ts';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import type { AccountId, ActivityRecordId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { classesOf, type Owner } from '../../../lambdas/platform/entity.ts';
import { logTable } from '../../../lambdas/platform/log-table.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { Author, Change } from '../../../lambdas/platform/records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId, aStore } from '../../support/store.ts';

export const NOW = '2026-11-23T07:00:00Z';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** What anyone checks our signatures with. */
export const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** Who acts: an account in a role, as the chain would write it. */
export type Actor = Pick<Author, 'actor'> & { readonly role?: string; readonly person?: string };
export const by = ({ accountId, role, personId }: SignedIn): Actor => ({ actor: accountId, role, person: personId });
export const inNoRole = (accountId: AccountId): Actor => ({ actor: accountId });

/** An organisation with its log, its people, and the routes as a client meets them. */
export async function aWorld(db: TestDynamoDb) {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  store.clock = new Date(NOW);
  const organisation = await anOrganisation(store);
  const files = new Map<string, Uint8Array>();
  const logFiles = {
    get: async (key: string) => files.get(key),
    async putOnce(key: string, content: Uint8Array) {
      if (files.has(key)) return 'present' as const;
      files.set(key, content);
      return 'put' as const;
    },
  };
  const log = transparencyLog(logTable(store), logFiles);
  const routes = { ...activityRoutes, ...myActivityRoutes };
  const service = aService(store, routes, {
    ...activityHandlers(activityStore, log),
    ...myActivityHandlers(myActivityStore, log),
  });

  const recordsBy = (author: Actor = { actor: 'setup' }) =>
    openRecords(store, {
      requestId: 'setup',
      ...author,
      // The id carries the moment, as in a container whose clock is the one that writes `at`.
      newEventId: () => `evt_${ulid(store.clock.getTime()).toLowerCase()}`,
    });
  const change = (): Change => recordsBy().change().activity({ event: 'test.prepared', subject: operator });
  const operator: Owner = { controller: 'operator', subject: anId('req') };

  const world = {
    store,
    organisation,
    organisationId: organisation.id,
    log,
    service,
    as: service.as,
    at(instant: string) {
      store.clock = new Date(instant);
    },

    someone: (role: keyof typeof roles, wanted: Parameters<typeof someoneWith>[3] = {}) =>
      someoneWith(store, organisation.id, role, wanted),
    /** Of the staff, with a name. */
    async colleague(role: 'administrator' | 'privacy-officer' | 'leader' | 'staff', firstName = 'Kari') {
      const { id } = await aPerson(store, organisation.id, { kind: 'staff', firstName, lastName: 'Nordmann' });
      return someoneWith(store, organisation.id, role, { personId: id });
    },
    person: async (fields: Partial<PersonRecord> = {}, organisationId: OrganisationId = organisation.id) =>
      (await aPerson(store, organisationId, fields)).id,

    async guardianOf(childId: PersonId, link: Partial<GuardianLink> = {}): Promise<SignedIn> {
      const guardianId = await world.person({ kind: 'guardian', firstName: 'Anne', lastName: 'Olstad' });
      await world.link(childId, guardianId, link);
      return someoneWith(store, organisation.id, 'guardian', { personId: guardianId });
    },
    async link(childId: PersonId, guardianId: PersonId, link: Partial<GuardianLink> = {}) {
      const value: GuardianLink = {
        guardianId,
        relation: 'mother',
        rights: 'parental-responsibility',
        livesWith: true,
        from: '2026-01-01',
        ...link,
      };
      await change()
        .put({ entity: guardianLinkEntity, owner: ownerOf(organisation.id, childId), key: guardianId }, value, 'new')
        .point(peoplePointers.child(organisation.id, guardianId, childId))
        .commit();
    },
    async block(childId: PersonId, grownUpId: PersonId) {
      const value = { personId: grownUpId, basis: 'court-order', since: '2026-11-01' } as const;
      await change()
        .put({ entity: blockEntity, owner: ownerOf(organisation.id, childId), key: grownUpId }, value, 'new')
        .point(peoplePointers.blockedFrom(organisation.id, grownUpId, childId))
        .commit();
    },
    async erase(personId: PersonId) {
      const erasing = change();
      const owner = ownerOf(organisation.id, personId);
      await numberFormerUser(erasing, owner, recordsBy());
      for (const retentionClass of classesOf(personId)) erasing.keys({ do: 'erase', owner, retentionClass });
      await erasing.commit();
    },
    async restrict(personId: PersonId) {
      const owner = ownerOf(organisation.id, personId);
      await change().keys({ do: 'restrict', owner, retentionClass: 'person' }).commit();
    },

    /** Answers the id of the record. */
    async happened(
      event: `${string}.${string}`,
      subject: Owner,
      actor: Actor,
      more: { readonly about?: readonly string[]; readonly detail?: Readonly<Record<string, string | number>> } = {},
    ): Promise<ActivityRecordId> {
      const before = await idsOf(subject);
      await recordsBy(actor)
        .change()
        .activity({ event, subject, ...more })
        .commit();
      return [...(await idsOf(subject))].find((id) => !before.has(id))! as ActivityRecordId;
    },

    /** So many records, in few transactions. */
    async manyHappened(event: `${string}.${string}`, subject: Owner, count: number) {
      const AT_ONCE = 90;
      for (let done = 0; done < count; done += AT_ONCE) {
        const many = recordsBy().change();
        for (let i = done; i < Math.min(count, done + AT_ONCE); i++) many.activity({ event, subject });
        await many.commit();
      }
    },

    /** Brings all that has been written into the log, and signs it. */
    sequence: () =>
      sequenceLogs({
        table: logTable(store),
        logFiles,
        offlineFiles: { putOnce: async () => 'put' },
        signer: {
          sign: async (bytes) => ({
            keyId: 'key-1',
            signature: createSign('sha256').update(bytes).sign(privateKey).toString('base64url'),
          }),
        },
        stage: 'test',
        batchLeavesMax: 100,
        requestId: crypto.randomUUID(),
        newEventId: () => anId('evt'),
        now: () => store.clock,
        hasTimeLeft: () => true,
        log: () => {},
      }),
  };

  const idsOf = async (subject: Owner) => {
    const { items } = await recordsBy().activityLog.ofSubject(subject, { limit: 1000 });
    return new Set(items.map((row) => String(row['sk'])));
  };
  return world;
}
export type World = Awaited<ReturnType<typeof aWorld>>;
