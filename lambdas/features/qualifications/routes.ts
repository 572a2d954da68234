import * as z from 'zod';
import { QualificationId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { QUALIFICATIONS_MAX, Qualification, QualificationFields } from './qualification.ts';

const ofQualification = ofPerson.extend({ qualificationId: QualificationId });
const QualificationView = Qualification.omit({ remindedDays: true, remindOn: true })
  .extend({ version: z.int().min(1) })
  .meta({ id: 'Qualification' });
const path = '/v1/organisations/{organisationId}/people/{personId}/qualifications';

export const qualificationRoutes = {
  addQualification: {
    summary: 'Add a certificate, a licence, a course or education',
    description:
      'What expires is reminded of 60, 30 and 7 days before, to the employee and to whoever leads. What the employee adds ' +
      'is not confirmed until somebody else has seen the paper. Nothing about health belongs here (CE-03).',
    tag: 'Workplace',
    method: 'POST',
    path,
    access: rolesThatMay('qualification:manage'),
    params: ofPerson,
    body: QualificationFields.meta({ id: 'NewQualification' }),
    success: { status: 201, body: QualificationView },
    problems: ['person-not-found', 'too-many', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listQualifications: {
    summary: 'List an employee’s certificates and education',
    tag: 'Workplace',
    method: 'GET',
    path,
    access: rolesThatMay('qualification:read'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(QualificationView).max(QUALIFICATIONS_MAX) }) },
    problems: ['person-not-found'],
    needs: [...readingRecords, 'activity:append'],
    reads: 'qualifications',
  },
  changeQualification: {
    summary: 'Change or renew a certificate, or confirm it',
    description: 'Whoever else than the employee changes it has seen the paper.',
    tag: 'Workplace',
    method: 'PUT',
    path: `${path}/{qualificationId}`,
    access: rolesThatMay('qualification:manage'),
    params: ofQualification,
    body: QualificationFields.meta({ id: 'QualificationChange' }),
    success: { status: 200, body: QualificationView },
    problems: ['person-not-found', 'qualification-not-found', 'forbidden-content'],
    needs: changingRecords,
    versioned: true,
  },
  removeQualification: {
    summary: 'Remove a certificate or education',
    tag: 'Workplace',
    method: 'DELETE',
    path: `${path}/{qualificationId}`,
    access: rolesThatMay('qualification:manage'),
    params: ofQualification,
    success: { status: 204 },
    problems: ['person-not-found', 'qualification-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
