import * as z from 'zod';
import { freeText, inBothLanguages, oneLine } from '../../http/free-text.ts';
import { DepartmentId, DistributionJobId, GroupId, type OrganisationId, PersonId, SurveyId } from '../../http/ids.ts';
import { entity, type Ref } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { expiryAfter, terms } from '../retention/terms.ts';

const SUBJECT_CHARACTERS_MAX = 120;
const TEXT_CHARACTERS_MAX = 5_000;

/** What people read: plain text, without what must not be stored (CE-09). */
const Words = z.strictObject({
  subject: oneLine({ max: SUBJECT_CHARACTERS_MAX }),
  text: freeText({ max: TEXT_CHARACTERS_MAX }).min(1),
});

export const JobContent = inBothLanguages(Words).meta({
  id: 'DistributionContent',
  description: 'In both languages: each reader gets their own.',
});
export type JobContent = z.output<typeof JobContent>;

export const readerKinds = ['guardians', 'members', 'staff'] as const;
export type ReaderKind = (typeof readerKinds)[number];
const readers = z
  .array(z.enum(readerKinds))
  .min(1)
  .max(readerKinds.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'Each kind once.')
  .meta({ description: 'Guardians of children there, members, and staff.' });

/** Whom it is for. Who that is, is looked up when it is sent. */
export const Audience = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation'), readers }),
    z.strictObject({ kind: z.literal('department'), id: DepartmentId, readers }),
    z.strictObject({ kind: z.literal('group'), id: GroupId, readers }),
    z.strictObject({ kind: z.literal('newsletter-subscribers') }),
    z.strictObject({ kind: z.literal('survey-subscribers') }),
  ])
  .meta({ id: 'DistributionAudience' });
export type Audience = z.output<typeof Audience>;

export const jobKinds = ['news', 'newsletter', 'survey'] as const;
export type JobKind = (typeof jobKinds)[number];

const jobStates = ['draft', 'running', 'paused', 'paused-by-quota', 'done', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** A notice to many. Holds what is sent and who began it; how far it has come lies beside it, in rows of counts. */
export const DistributionJob = z.strictObject({
  id: DistributionJobId,
  kind: z.enum(jobKinds),
  audience: Audience,
  content: JobContent,
  surveyId: SurveyId.optional(),
  state: z.enum(jobStates),
  createdBy: PersonId,
  createdAt: z.iso.datetime(),
  startedBy: PersonId.optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
});
export type DistributionJob = z.output<typeof DistributionJob>;

/** In Transient, like every mail: a restore that brought a job back without its mails would send them all again. */
export const distributionJobEntity = entity({
  name: 'distribution-job',
  table: 'transient',
  sortKey: 'DISTRIBUTION-JOB',
  schema: DistributionJob,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to send a notice to many, and to show who sent it and how far it came',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'notice',
  exported: 'copy',
  onErasure: 'delete',
});

export const jobRef = (organisationId: OrganisationId, id: DistributionJobId): Ref<typeof distributionJobEntity> => ({
  entity: distributionJobEntity,
  owner: organisationOwner(organisationId),
  key: id,
});

/** Who started it, and everything about its mails, is kept for one year (CE-15). */
export const jobKeptUntil = ({ createdAt }: Pick<DistributionJob, 'createdAt'>): number =>
  expiryAfter(terms.notice.length, new Date(createdAt));

const LIST = 'DISTRIBUTION-JOBS';
/** Of every organisation: the jobs that the distributor has to look at. */
export const openJobs = { table: 'transient', pk: LIST } as const;
export const openJobKey = (organisationId: OrganisationId, id: DistributionJobId): PointerKey => ({
  ...openJobs,
  sk: `${organisationId}#${id}`,
});

/** Where a page of whom a job has not reached ended. */
export const ChunkNumber = z.string().regex(/^\d{1,5}$/);

/** What whoever manages jobs may ask for. */
export const wantedStates = ['running', 'paused', 'cancelled'] as const;
export type WantedState = (typeof wantedStates)[number];

const leadTo: Readonly<Record<WantedState, readonly JobState[]>> = {
  running: ['draft', 'paused', 'paused-by-quota'],
  paused: ['running', 'paused-by-quota'],
  cancelled: ['draft', 'running', 'paused', 'paused-by-quota'],
};

/** Whether a job may be brought into a state; what is over stays over. Pure. */
export const mayBecome = (from: JobState, to: WantedState): boolean => leadTo[to].includes(from);

export function inState(job: DistributionJob, state: WantedState, by: PersonId, now: Date): DistributionJob {
  const at = now.toISOString();
  return {
    ...job,
    state,
    ...(job.state === 'draft' && state === 'running' && { startedBy: by, startedAt: at }),
    ...(state === 'cancelled' && { endedAt: at }),
  };
}

export const isOver = ({ state }: Pick<DistributionJob, 'state'>): boolean => state === 'done' || state === 'cancelled';
