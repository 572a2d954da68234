import type { RoleName } from '../../../lambdas/access/roles.ts';
import { consentEventEntity, consentTo, currentConsents } from '../../../lambdas/features/consents/consent.ts';
import type { ConsentPurpose } from '../../../lambdas/features/consents/purpose.ts';
import { standardPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { endConsent, giveConsent } from '../../../lambdas/features/consents/writes.ts';
import { type FileType, filePointers, uploadRef } from '../../../lambdas/features/files/file.ts';
import { fileHandlers } from '../../../lambdas/features/files/handlers.ts';
import { fileRoutes } from '../../../lambdas/features/files/routes.ts';
import { fileStore } from '../../../lambdas/features/files/store.ts';
import { type Group, groupEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../../../lambdas/features/people/person.ts';
import { photoHandlers } from '../../../lambdas/features/photos/handlers.ts';
import { photoHome } from '../../../lambdas/features/photos/home.ts';
import { photoRoutes } from '../../../lambdas/features/photos/routes.ts';
import { photoStore } from '../../../lambdas/features/photos/store.ts';
import type { FileId, GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse } from '../consents/world.ts';

export const IMAGE = Buffer.from('an image as it is kept');

/** A kindergarten whose guardians are asked about pictures, with a group, and buckets in memory. */
export async function anAlbum(db: TestDynamoDb, purposeBut: Partial<ConsentPurpose> | 'none' = {}) {
  const house = await aHouse(db);
  const { store, organisationId } = house;
  store.clock = new Date('2026-11-23T11:00:00Z');
  const asked = { ...standardPurpose('kindergarten', 'pictures-inside')!, code: 'pictures-inside' as const };
  const purpose = purposeBut === 'none' ? undefined : await house.purpose({ ...asked, ...purposeBut });
  const buckets = {
    uploads: { uploadForm: async () => ({ url: 'https://quarantine.test', fields: {} }) },
    vault: { newKey: () => Buffer.alloc(32).toString('base64'), read: async () => IMAGE },
    downloads: { put: async () => {}, linkTo: async () => 'https://downloads.test' },
  };
  const routes = { ...fileRoutes, ...photoRoutes };
  const handlers = { ...fileHandlers(fileStore, buckets as never, [photoHome]), ...photoHandlers(photoStore) };

  return {
    ...house,
    purpose,
    async as(role: RoleName, wanted: Parameters<typeof someoneWith>[3] = {}) {
      const signedIn = await someoneWith(store, organisationId, role, wanted);
      return { ...signedIn, client: aService(store, routes, handlers).as(signedIn) };
    },
    async group(): Promise<GroupId> {
      const id = anId('grp');
      const group: Group = { id, name: `Gruppe ${id}`, state: 'open' };
      const ref = { entity: groupEntity, owner: organisationOwner(organisationId), key: id };
      await house.change().put(ref, group, 'new').commit();
      return id;
    },
    async child(groupId: GroupId, fields: Partial<PersonRecord> = {}): Promise<PersonId> {
      const placements = [{ groupId, from: '2026-08-17' }];
      return (await house.person({ placements, ...fields })).id;
    },
    /** A guardian's consent to pictures inside. */
    async consent(childId: PersonId, guardianId: PersonId = anId('per')) {
      const call = aCall(store);
      const change = call.records.change();
      giveConsent(
        change,
        {
          organisationId,
          principalId: childId,
          purpose: purpose!,
          open: undefined,
          by: { personId: guardianId, capacity: 'guardian' },
          statementVersion: '1',
          language: 'nb',
          method: 'service',
        },
        call,
      );
      await change.commit();
    },
    async withdraw(childId: PersonId) {
      const call = aCall(store);
      const { items } = await call.records.list(consentEventEntity, ownerOf(organisationId, childId));
      const state = consentTo(currentConsents(items.map(({ value }) => value)), purpose!.id)!;
      const by = { personId: state.givings[0]!.personId, capacity: 'guardian' } as const;
      const change = call.records.change();
      endConsent(change, { organisationId, state, how: 'withdrawn', by, statementVersion: '1', language: 'nb' }, call);
      await change.commit();
    },
    async keys(childId: PersonId, what: 'restrict' | 'lift' | 'erase') {
      const owner = ownerOf(organisationId, childId);
      const change = house.change();
      for (const retentionClass of ['person', 'photo'] as const) change.keys({ do: what, owner, retentionClass });
      await change.commit();
    },
    /** A file that was looked at (or is still awaited), and is held by nothing yet. */
    async upload(
      uploaderId: PersonId,
      but: { contentType?: FileType; state?: 'checked' | 'awaiting' } = {},
    ): Promise<FileId> {
      const id = anId('fil');
      const dueAt = '2026-11-24T11:00:00.000Z';
      const upload = {
        id,
        name: 'tur.jpg',
        contentType: 'image/jpeg' as FileType,
        bytes: IMAGE.length,
        key: buckets.vault.newKey(),
        state: 'checked' as const,
        uploadUntil: dueAt,
        dueAt,
        ...but,
      };
      const owner = ownerOf(organisationId, uploaderId);
      await house
        .change()
        .put(uploadRef(organisationId, uploaderId, id), upload, 'new')
        .point(filePointers.held(owner, id))
        .point({ ...filePointers.due(dueAt, organisationId, id), attributes: { uploaderId } })
        .commit();
      return id;
    },
  };
}
export type Album = Awaited<ReturnType<typeof anAlbum>>;
