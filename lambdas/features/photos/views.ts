import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { GroupId, PersonId, PhotoId } from '../../http/ids.ts';
import type { Stored } from '../../platform/records.ts';
import { FileView, fileView } from '../files/file.ts';
import { PlainDate } from '../people/person.ts';
import { Caption, DEPICTED_MAX, type photoEntity } from './photo.ts';
import type { PhotoHere } from './read-photos.ts';

/** In one list; what is beyond is found by asking for fewer days. */
export const PHOTOS_MAX = 200;

const common = {
  id: PhotoId,
  takenOn: PlainDate,
  caption: Caption.optional(),
  file: FileView,
};
const PhotoForStaff = z.strictObject({
  shownTo: z.literal('organisation'),
  ...common,
  groupId: GroupId,
  personIds: z
    .array(PersonId)
    .max(DEPICTED_MAX)
    .meta({ description: 'Of those who are shown, whom the caller reaches: others may be in it too.' }),
  by: PersonId,
  addedAt: z.iso.datetime(),
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
});
/** Who else is shown is theirs to tell. */
const PhotoForGuardian = z.strictObject({ shownTo: z.literal('guardian'), ...common });

export const PhotoView = z
  .discriminatedUnion('shownTo', [PhotoForStaff, PhotoForGuardian])
  .meta({ id: 'Photo', description: 'A photo that everybody in it may be shown in. Its image is `file`.' });
export type PhotoView = z.output<typeof PhotoView>;

export const PhotoList = z
  .strictObject({
    /** The newest first. */
    items: z.array(PhotoView).max(PHOTOS_MAX),
    unresolved: z
      .array(
        z.strictObject({
          photoId: PhotoId,
          version: z.int().min(1).optional().meta({ description: 'Absent for one that can only be removed.' }),
        }),
      )
      .max(PHOTOS_MAX)
      .meta({
        description:
          'Photos that nobody is shown, because somebody in them may not be shown (any more): for whoever added them, ' +
          'and leaders, to remove or to say anew who is in them.',
      }),
    isCutShort: z.boolean().meta({ description: 'There was more: ask for fewer days.' }),
  })
  .meta({ id: 'PhotoList' });
export type PhotoList = z.output<typeof PhotoList>;

export function photoFor(
  { role }: RoleCaller,
  { value, version }: Pick<Stored<typeof photoEntity>, 'value' | 'version'>,
  isReached: (personId: PersonId) => boolean = () => true,
): PhotoView {
  const { id, takenOn, caption, file, groupId, depicted, by, addedAt } = value;
  const shown = { id, takenOn, ...(caption !== undefined && { caption }), file: fileView(file) };
  if (role !== 'leader' && role !== 'staff') return { shownTo: 'guardian', ...shown };
  return { shownTo: 'organisation', ...shown, groupId, personIds: depicted.filter(isReached), by, addedAt, version };
}

/** Its uploader, and leaders: whoever may see it at all is decided apart. */
export const isTheirsToManage = ({ role, personId }: RoleCaller, { by }: Pick<PhotoHere, 'by'>): boolean =>
  role === 'leader' || (role === 'staff' && by === personId);
