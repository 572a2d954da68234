import type { Call, RoleCaller } from '../../http/call.ts';
import type { FileId, GroupId, OrganisationId, PersonId, PhotoId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import { DAYS_BACK_MAX, DAYS_MAX } from '../attendance/attendance-day.ts';
import type { House } from '../consents/read-principals.ts';
import type { uploadedFileEntity } from '../files/file.ts';
import type { Group } from '../organisations/organisation.ts';
import { DEPICTED_MAX, type Photo } from './photo.ts';
import { reachesGroup } from './reach.ts';
import type { PhotoHere } from './read-photos.ts';
import type { photoRoutes } from './routes.ts';
import { mayBeShown, purposeOfPhotos, type Showing } from './showing.ts';
import { isTheirsToManage, type PhotoList, type PhotoView, photoFor } from './views.ts';

type Showings = ReadonlyMap<PersonId, Showing>;

export interface ToAdd {
  readonly house: House;
  readonly group: Group | undefined;
  readonly upload: Stored<typeof uploadedFileEntity>;
  readonly showings: Showings;
}

export interface FoundPhoto {
  readonly photo: PhotoHere;
  readonly house: House;
  readonly showings: Showings;
  /** Those shown whom the caller reaches; nobody where a block stands between the caller and any of them. */
  readonly reached: readonly PersonId[];
}

export interface PhotosFound {
  readonly photos: readonly PhotoHere[];
  readonly isCutShort: boolean;
  /** Of those who are shown: whether the caller reaches them themselves. */
  isReached(personId: PersonId): boolean;
}

export interface PhotoStore {
  /** Two waves. Throws `person-not-found`, `file-not-found` and `file-not-checked`. */
  toAdd(
    organisationId: OrganisationId,
    wanted: { readonly childIds: readonly PersonId[]; readonly groupId: GroupId; readonly fileId: FileId },
    call: Call,
  ): Promise<ToAdd>;
  add(
    organisationId: OrganisationId,
    photo: Omit<Photo, 'file'>,
    upload: ToAdd['upload'],
    call: Call,
    answer: (photo: Photo) => PhotoView,
  ): Promise<PhotoView>;
  /** Four waves. */
  find(organisationId: OrganisationId, photoId: PhotoId, call: Call): Promise<FoundPhoto | undefined>;
  /** Two waves. Throws `person-not-found` unless the caller reaches every one of them. */
  showings(organisationId: OrganisationId, childIds: readonly PersonId[], call: Call): Promise<Showings>;
  change(organisationId: OrganisationId, before: PhotoHere, after: Photo, call: Call): Promise<void>;
  remove(organisationId: OrganisationId, photo: PhotoHere, call: Call): Promise<void>;
  /** Four waves. */
  ofChild(
    organisationId: OrganisationId,
    childId: PersonId,
    days: { readonly from: string; readonly to: string },
    call: Call,
  ): Promise<PhotosFound>;
  /** Six waves; `day` absent is today. */
  ofGroup(organisationId: OrganisationId, groupId: GroupId, day: string | undefined, call: Call): Promise<PhotosFound>;
}

export const photoHandlers = (photos: PhotoStore): HandlersFor<typeof photoRoutes, Call> => ({
  async addPhoto({ params: { organisationId }, body }, call) {
    const caller = callerOf(call);
    const depicted = [...new Set(body.personIds)];
    const { groupId, fileId } = body;
    const { house, group, upload, showings } = await photos.toAdd(
      organisationId,
      { childIds: depicted, groupId, fileId },
      call,
    );
    if (group?.state !== 'open' || !reachesGroup('photo:write', group, caller, house))
      throw new Problem('group-not-found');
    if (!upload.value.contentType.startsWith('image/')) throw new Problem('not-a-picture');
    const purpose = purposeOfPhotos(house);
    if (!purpose) throw new Problem('consent-purpose-not-found');
    demandMayBeShown(depicted, showings, purpose.id);
    const today = dayIn(house.organisation.timeZone, call.now);
    const { takenOn = today, caption } = body;
    if (takenOn > today) throw new Problem('wrong-state', 'The day lies ahead.');
    if (takenOn < daysAfter(today, -DAYS_BACK_MAX))
      throw new Problem('wrong-state', `At most ${DAYS_BACK_MAX} days back.`);
    const photo = {
      id: call.newId('pho'),
      takenOn,
      groupId,
      ...(caption !== undefined && { caption }),
      depicted,
      purposeId: purpose.id,
      by: caller.personId,
      addedAt: call.now.toISOString(),
    };
    return photos.add(organisationId, photo, upload, call, (value) => photoFor(caller, { value, version: 1 }));
  },

  async changePhoto({ params: { organisationId, photoId }, body, ifMatch }, call) {
    const caller = callerOf(call);
    const { photo, reached } = await photoToManage(photos, organisationId, photoId, call);
    const { stored } = photo;
    if (!stored) throw new Problem('wrong-state', 'This photo does not open any more. It can be removed.');
    if (stored.version !== ifMatch) throw new Problem('stale-version');
    const before = stored.value;
    const depicted = body.personIds ? [...new Set(body.personIds)] : before.depicted;
    // Whom the caller does not even know of they cannot say is not in it: their consent would count no longer.
    if (before.depicted.some((id) => !depicted.includes(id) && !reached.includes(id)))
      throw new Problem('person-not-found');
    if (new Set([...before.depicted, ...depicted]).size > DEPICTED_MAX)
      throw new Problem('too-many', `At most ${DEPICTED_MAX} children before and after together.`);
    demandMayBeShown(depicted, await photos.showings(organisationId, depicted, call), before.purposeId);
    const { caption: was, ...rest } = before;
    const caption = body.caption === undefined ? was : (body.caption ?? undefined);
    const after = { ...rest, depicted, ...(caption !== undefined && { caption }) };
    await photos.change(organisationId, photo, after, call);
    return photoFor(caller, { value: after, version: ifMatch + 1 });
  },

  async removePhoto({ params: { organisationId, photoId } }, call) {
    const { photo } = await photoToManage(photos, organisationId, photoId, call);
    await photos.remove(organisationId, photo, call);
  },

  async listPhotos({ params: { organisationId, personId }, query }, call) {
    demandRange(query);
    return listed(callerOf(call), await photos.ofChild(organisationId, personId, query, call));
  },

  async listGroupPhotos({ params: { organisationId, groupId }, query }, call) {
    return listed(callerOf(call), await photos.ofGroup(organisationId, groupId, query.day, call));
  },
});

/** Shown to all who may see it, or to nobody: whoever put it there learns that it waits to be put right. */
function listed(caller: RoleCaller, { photos, isCutShort, isReached }: PhotosFound): PhotoList {
  const unresolved = photos.filter((photo) => !photo.isShown && isTheirsToManage(caller, photo));
  return {
    items: photos.flatMap(({ stored, isShown }) => (stored && isShown ? [photoFor(caller, stored, isReached)] : [])),
    unresolved: unresolved.map(({ id, stored }) => ({ photoId: id, ...(stored && { version: stored.version }) })),
    isCutShort,
  };
}

async function photoToManage(photos: PhotoStore, organisationId: OrganisationId, photoId: PhotoId, call: Call) {
  const found = await photos.find(organisationId, photoId, call);
  const isTheirs = found && found.reached.length > 0 && isTheirsToManage(callerOf(call), found.photo);
  if (!isTheirs) throw new Problem('photo-not-found');
  return found;
}

function demandMayBeShown(ids: readonly PersonId[], showings: Showings, purposeId: Photo['purposeId']): void {
  const personIds = ids.filter((id) => !mayBeShown(showings.get(id), purposeId));
  if (personIds.length > 0) throw new Problem('may-not-be-shown', undefined, { personIds });
}

function demandRange({ from, to }: { readonly from: string; readonly to: string }): void {
  if (to < from) throw malformed('The last day is before the first.');
  if (daysAfter(from, DAYS_MAX - 1) < to) throw malformed(`At most ${DAYS_MAX} days.`);
}

const malformed = (detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('query', 'to'), detail }] });

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
