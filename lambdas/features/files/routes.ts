import * as z from 'zod';
import { FileId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { FILE_BYTES_MAX, INLINE_BYTES_MAX, inlineTypes, KeptFile, refusals, uploadStates } from './file.ts';

const MEGABYTE = 1024 * 1024;
const ofFile = inOrganisation.extend({ fileId: FileId });
const { name, contentType, bytes } = KeptFile.shape;

const NewFile = z
  .strictObject({
    name,
    contentType: contentType.meta({ description: 'What the file really is: its content is checked against it.' }),
    bytes: bytes.meta({ description: 'Exactly. A file of another size is refused.' }),
  })
  .meta({ id: 'NewFile', examples: [{ name: 'Årsplan.pdf', contentType: 'application/pdf', bytes: 48_231 }] });

const FileUpload = z
  .strictObject({
    fileId: FileId,
    upload: z.strictObject({ url: z.url(), fields: z.record(z.string(), z.string()) }),
    expiresAt: z.iso.datetime().meta({ description: 'The form takes no file after this.' }),
  })
  .meta({ id: 'FileUpload' });

const UploadStanding = z
  .strictObject({
    fileId: FileId,
    name,
    contentType,
    bytes: bytes.meta({ description: 'As declared; once checked, as kept.' }),
    state: z.enum(uploadStates),
    refusal: z
      .strictObject({ code: z.enum(refusals), message: z.strictObject({ nb: z.string(), en: z.string() }) })
      .optional(),
    uploadUntil: z.iso.datetime(),
    removedAt: z.iso.datetime().meta({ description: 'The file is removed then, unless something has taken it up.' }),
  })
  .meta({ id: 'FileUploadStanding' });
export type UploadStanding = z.output<typeof UploadStanding>;

const FileDownload = z
  .strictObject({
    url: z.url().meta({ description: 'Works for a minute, for whoever has it. Follow it at once.' }),
    expiresAt: z.iso.datetime(),
    filename: z.string().meta({ description: 'Under which it is saved: it tells nothing of what is in it.' }),
    name: name.meta({ description: 'The name that the file was given.' }),
  })
  .meta({ id: 'FileDownload' });

export const fileRoutes = {
  beginUpload: {
    summary: 'Begin to upload a file',
    description:
      'Answers with a form: send its fields and the file as `multipart/form-data` to its URL within five minutes. The ' +
      'file is then checked; ask for its state until it is `checked`, and name its id where it belongs (a document, a ' +
      `message, an event). At most ${FILE_BYTES_MAX / MEGABYTE} MB; pictures lose whatever tells of place, time or camera.`,
    tag: 'Files',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/files',
    access: rolesThatMay('file:upload'),
    params: inOrganisation,
    body: NewFile,
    success: { status: 201, body: FileUpload },
    problems: ['forbidden-content', 'too-many'],
    needs: [...changingRecords, 'quarantine:upload'],
    creates: true,
  },
  getUpload: {
    summary: 'See whether an uploaded file has been checked',
    description: 'For whoever uploaded it, until something has taken it up.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/files/{fileId}',
    access: rolesThatMay('file:upload'),
    params: ofFile,
    success: { status: 200, body: UploadStanding },
    problems: ['file-not-found'],
    needs: [...readingRecords, 'transient:read'],
  },
  getFileContent: {
    summary: 'See a picture or a PDF',
    description:
      `The content itself, where it is a picture or a PDF of at most ${INLINE_BYTES_MAX / MEGABYTE} MB; ask for a ` +
      'download of everything else. Who may see it follows from what holds the file. That it was opened is recorded.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/files/{fileId}/content',
    access: rolesThatMay('file:read'),
    params: ofFile,
    success: { status: 200, content: inlineTypes },
    problems: ['file-not-found', 'file-not-shown'],
    needs: [...changingRecords, 'files:read'],
  },
  downloadFile: {
    summary: 'Get a link to a file',
    description:
      'A plain copy that lives for minutes, and a link to it of one minute. Who may have it follows from what holds the ' +
      'file. That it was opened is recorded.',
    tag: 'Files',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/files/{fileId}/downloads',
    access: rolesThatMay('file:read'),
    params: ofFile,
    success: { status: 200, body: FileDownload },
    problems: ['file-not-found'],
    needs: [...changingRecords, 'files:read', 'downloads:write'],
  },
} as const satisfies Routes;
