import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { DistributionJobId, PersonId } from '../../http/ids.ts';
import { inLanguage, inOrganisation } from '../../http/params.ts';
import { anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Audience, DistributionJob, JobContent, wantedStates } from './job.ts';

const Progress = z
  .strictObject({
    queued: z.int().min(0),
    sent: z.int().min(0),
    delivered: z.int().min(0),
    failed: z.int().min(0),
    skipped: z.int().min(0),
    percentage: z.int().min(0).max(100),
    countedAt: z.iso.datetime().optional(),
    estimatedEndAt: z.iso.datetime().optional(),
  })
  .meta({
    id: 'DistributionProgress',
    description:
      'Mails by their state, as they were counted last: `queued` are still to be sent, `sent` has been taken by the mail ' +
      'service, `delivered` by the recipient’s, `failed` came back, `skipped` are not wanted, not allowed or without an ' +
      'address. While people are still being looked up, the numbers grow. `percentage` is of those that are known.',
  });
const Job = DistributionJob.extend({ version: z.int().min(1), progress: Progress }).meta({ id: 'DistributionJob' });
const { kind, surveyId } = DistributionJob.shape;
const Draft = z.strictObject({ kind, audience: Audience, content: JobContent, surveyId }).meta({
  id: 'DistributionDraft',
  description:
    '`newsletter` goes to its subscribers, `survey` (with `surveyId`) to those who agreed to be asked or to a part of the ' +
    'organisation, `news` to the organisation or a part of it. Whoever lives at a protected address gets none of the ' +
    'words by mail: only that something waits.',
});
const ofJob = inOrganisation.extend({ jobId: DistributionJobId });
const reading = [...readingRecords, 'transient:read', 'activity:append'] as const;
const changing = [...changingRecords, 'transient:read', 'transient:write'] as const;

export const distributionRoutes = {
  listDistributionJobs: {
    summary: 'List the notices to many',
    description: 'Drafts, what is under way, and what has been sent within a year; the newest first.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/distribution-jobs',
    access: rolesThatMay('distribution:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(Job) },
    problems: [],
    needs: reading,
  },
  createDistributionJob: {
    summary: 'Write a notice to many',
    description: 'As a draft: nothing is sent before its state is `running`. Both languages are needed.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/distribution-jobs',
    access: rolesThatMay('distribution:manage'),
    params: inOrganisation,
    body: Draft,
    success: { status: 201, body: Job },
    problems: [
      'group-not-found',
      'department-not-found',
      'survey-not-found',
      'distribution-audience-refused',
      'forbidden-content',
    ],
    needs: changing,
    creates: true,
  },
  getDistributionJob: {
    summary: 'Read a notice to many, and how far it has come',
    description: 'Ask again every few seconds while it runs.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}',
    access: rolesThatMay('distribution:read'),
    params: ofJob,
    success: { status: 200, body: Job },
    problems: ['distribution-job-not-found'],
    needs: reading,
    versioned: true,
  },
  changeDistributionJob: {
    summary: 'Write a draft anew',
    tag: 'Notices',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}',
    access: rolesThatMay('distribution:manage'),
    params: ofJob,
    body: Draft,
    success: { status: 200, body: Job },
    problems: [
      'distribution-job-not-found',
      'distribution-state-refused',
      'group-not-found',
      'department-not-found',
      'survey-not-found',
      'distribution-audience-refused',
      'forbidden-content',
    ],
    needs: changing,
    versioned: true,
  },
  setDistributionState: {
    summary: 'Start, pause, go on with or cancel a notice to many',
    description:
      '`running` starts a draft, and goes on where a pause began: nobody gets it twice. Within a minute the first mails go ' +
      'out, as fast as the mail service allows. Where its number for the day is reached, the state is `paused-by-quota`, ' +
      'and it goes on by itself. What has been sent cannot be called back.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}/state',
    access: rolesThatMay('distribution:manage'),
    params: ofJob,
    body: z.strictObject({ state: z.enum(wantedStates) }),
    success: { status: 200, body: Job },
    problems: ['distribution-job-not-found', 'distribution-state-refused', 'survey-not-found'],
    needs: changing,
  },
  sendDistributionTest: {
    summary: 'Send a notice to many to oneself alone',
    description: 'In the language of the caller, to the address that the organisation knows of them.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}/test-mails',
    access: rolesThatMay('distribution:manage'),
    params: ofJob,
    success: { status: 202, body: z.strictObject({ queued: z.literal(true) }) },
    problems: ['distribution-job-not-found', 'recipient-without-address'],
    needs: changing,
  },
  listUnreached: {
    summary: 'List whom a notice to many has not reached',
    description:
      'By the ids of persons, with why: the address is missing or refuses mail, they do not want it, or it came back. Ids of ' +
      'subscribers who are not registered are left out, and whoever a block keeps from the caller.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}/unreached',
    access: rolesThatMay('distribution:read'),
    params: ofJob,
    query: z.strictObject({ ...pageQuery }),
    success: {
      status: 200,
      body: page(
        z
          .strictObject({
            personId: PersonId,
            reason: z.enum([
              'declined',
              'not-allowed',
              'no-address',
              'undeliverable-address',
              'not-subscribed',
              'returned',
              'over',
            ]),
          })
          .meta({ id: 'Unreached' }),
      ),
    },
    problems: ['distribution-job-not-found'],
    needs: reading,
    reads: 'notices',
  },
  makeDistributionLink: {
    summary: 'Get a link to the page of a notice to many',
    description:
      'The page shows how far it has come, without signing in, for half an hour; it says nothing of whom it is to.',
    tag: 'Notices',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/distribution-jobs/{jobId}/page-links',
    access: rolesThatMay('distribution:read'),
    params: ofJob,
    success: {
      status: 200,
      body: z.strictObject({ url: z.url(), expiresAt: z.iso.datetime() }).meta({ id: 'DistributionLink' }),
    },
    problems: ['distribution-job-not-found'],
    needs: changing,
  },
  showDistribution: {
    summary: 'Show how far a notice to many has come',
    description: 'It shows the numbers as they were counted last; a link on it asks for new ones.',
    tag: 'Notices',
    method: 'GET',
    path: '/distribution/{token}',
    access: anyone,
    params: z.strictObject({
      token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{22,64}$/)
        .meta({ description: 'The secret part of the link.' }),
    }),
    query: inLanguage,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found'],
    needs: reading,
    limit: { perSecond: 50, burst: 100 },
  },
} as const satisfies Routes;
