import type { Call } from '../../http/call.ts';
import { type GroupId, type OrganisationId, type PersonId, PhotoId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { sharedPointers } from '../../platform/entity.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { GROUP_MEMBERS_MAX } from '../attendance/views.ts';
import { childrenInReach } from '../child-log/children-in-reach.ts';
import { readHouse } from '../consents/read-principals.ts';
import { uploadsOf } from '../files/claim.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, peoplePointers } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import type { PhotoStore, PhotosFound } from './handlers.ts';
import { departments, reached, reachesShown } from './reach.ts';
import { readPhotos } from './read-photos.ts';
import { readShowings } from './showing.ts';
import { PHOTOS_MAX } from './views.ts';
import { changePhoto, putPhoto, removePhoto } from './writes.ts';

/** Rows of photos of one child that are looked through for the days asked for: the newest. */
const ROWS_MAX = 1000;

export const photoStore: PhotoStore = {
  async toAdd(organisationId, { childIds, groupId, fileId }, call) {
    const { records, role, now } = call;
    const [house, [upload], group] = await Promise.all([
      readHouse(organisationId, records),
      // The chain lets nobody without a role reach a route for roles.
      uploadsOf(records, organisationId, role!.personId, [fileId]),
      records.get(groupRef(organisationId, groupId)),
      childrenInReach(organisationId, childIds, call),
    ]);
    if (!house || !upload) throw new Problem('organisation-not-found');
    return { house, group: group?.value, upload, showings: await readShowings(house, childIds, records, now) };
  },

  async add(organisationId, photo, upload, call, answer) {
    const change = call.records.change();
    const added = putPhoto(change, organisationId, photo, upload);
    return change.commit(answer(added));
  },

  async find(organisationId, photoId, call) {
    const here = await readPhotos(call.records, organisationId, [photoId], call.now);
    const photo = here?.photos[0];
    if (!here || !photo) return undefined;
    const { house, showings } = here;
    return { photo, house, showings, reached: await reached('photo:write', photo.depicted, here, call) };
  },

  async showings(organisationId, childIds, call) {
    const [house] = await Promise.all([
      readHouse(organisationId, call.records),
      childrenInReach(organisationId, childIds, call),
    ]);
    return house ? readShowings(house, childIds, call.records, call.now) : new Map();
  },

  async change(organisationId, before, after, { records }) {
    const change = records.change();
    changePhoto(change, organisationId, before, after);
    await change.commit();
  },

  async remove(organisationId, photo, { records, now }) {
    const change = records.change();
    removePhoto(change, organisationId, photo, now);
    await change.commit();
  },

  async ofChild(organisationId, childId, { from, to }, call) {
    const { rows, isCutShort } = await rowsAbout(organisationId, childId, call.records);
    const ids = rows.filter(({ takenOn }) => from <= takenOn && takenOn <= to).map(({ id }) => id);
    return found(organisationId, ids, isCutShort, call);
  },

  async ofGroup(organisationId, groupId, asked, call) {
    const { records, now } = call;
    const members = await memberIds(organisationId, groupId, records);
    const [organisation, persons] = await Promise.all([
      records.get(organisationRef(organisationId)),
      records.getMany(members.ids.map((id) => personRef(organisationId, id))),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    const day = asked ?? dayIn(organisation.value.timeZone, now);
    const there = persons.filter((person) =>
      person?.value.placements.some((one) => one.groupId === groupId && isPlacedOn(one, day)),
    );
    const about = await Promise.all(there.map((person) => rowsAbout(organisationId, person!.value.id, records)));
    const rows = about.flatMap((each) => each.rows);
    const ids = rows.filter((row) => row.groupId === groupId && row.takenOn === day).map(({ id }) => id);
    const isCutShort = members.isCutShort || about.some((each) => each.isCutShort);
    return found(organisationId, ids, isCutShort, call);
  },
};

/** The newest photos first, by the day on which they were taken. */
async function found(
  organisationId: OrganisationId,
  ids: readonly PhotoId[],
  isCutShort: boolean,
  call: Call,
): Promise<PhotosFound> {
  const newestFirst = [...new Set(ids)].sort().reverse();
  const [here, departmentOf] = await Promise.all([
    readPhotos(call.records, organisationId, newestFirst.slice(0, PHOTOS_MAX), call.now),
    departments(call, organisationId),
  ]);
  return {
    photos: here?.photos ?? [],
    isCutShort: isCutShort || newestFirst.length > PHOTOS_MAX,
    isReached: (id) => here !== undefined && reachesShown(id, here, departmentOf, call),
  };
}

async function rowsAbout(organisationId: OrganisationId, childId: PersonId, records: Records) {
  const { pk, sk } = sharedPointers.about(ownerOf(organisationId, childId), '');
  const range = { prefix: `${sk}pho_`, newestFirst: true, limit: ROWS_MAX };
  const { items, next } = await records.pointers('core', pk, range);
  return { rows: items.map((row) => rowOf(row, sk)), isCutShort: next !== undefined };
}

const rowOf = ({ sk, attributes }: Pointer, prefix: string) => ({
  id: PhotoId.parse(sk.slice(prefix.length)),
  takenOn: String(attributes?.['takenOn']),
  groupId: String(attributes?.['groupId']),
});

async function memberIds(organisationId: OrganisationId, groupId: GroupId, records: Records) {
  const { pk, sk } = peoplePointers.groupMember(organisationId, groupId, '' as PersonId);
  const { items, next } = await records.pointers('core', pk, { prefix: sk, limit: GROUP_MEMBERS_MAX });
  return { ids: items.map((row) => row.sk.slice(sk.length) as PersonId), isCutShort: next !== undefined };
}
