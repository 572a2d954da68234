import type { Call, Language, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { DistributionJobId, type OrganisationId, type PersonId, type SurveyId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, OutputOf } from '../../http/route.ts';
import type { Page, Range } from '../../platform/records.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import { type Audience, ChunkNumber, type DistributionJob, inState, type JobKind, mayBecome } from './job.ts';
import { distributionPage } from './page.ts';
import { estimatedEnd, percentageOf, type Totals } from './progress.ts';
import type { distributionRoutes } from './routes.ts';

export interface StoredJob {
  readonly job: DistributionJob;
  readonly version: number;
  readonly totals: Totals | undefined;
}
export type UnreachedReason = OutputOf<typeof distributionRoutes.listUnreached>['items'][number]['reason'];

export interface DistributionStore {
  find(organisationId: OrganisationId, id: DistributionJobId, call: Call): Promise<StoredJob | undefined>;
  all(organisationId: OrganisationId, range: Pick<Range, 'limit' | 'after'>, call: Call): Promise<Page<StoredJob>>;
  add<A>(organisationId: OrganisationId, job: DistributionJob, call: Call, answer: A): Promise<A>;
  /** Of a draft. Throws `stale-version`. */
  replace(organisationId: OrganisationId, job: DistributionJob, version: number, call: Call): Promise<void>;
  /** With the row by which the distributor finds it. Throws `distribution-state-refused` when it has moved meanwhile. */
  move(organisationId: OrganisationId, job: DistributionJob, version: number, call: Call): Promise<void>;
  isThere(organisationId: OrganisationId, audience: Audience, call: Call): Promise<boolean>;
  isSurveyOpen(organisationId: OrganisationId, surveyId: SurveyId, call: Call): Promise<boolean>;
  /** False when the organisation knows no address of the person. */
  sendTest(organisationId: OrganisationId, job: DistributionJob, to: PersonId, call: Call): Promise<boolean>;
  /** From a chunk on: whom it did not reach, and the chunk after the last that was looked at. */
  unreached(
    job: DistributionJob,
    fromChunk: number,
    limit: number,
    call: Call,
  ): Promise<{ readonly items: readonly { personId: PersonId; reason: UnreachedReason }[]; readonly next?: number }>;
  makeLink(
    organisationId: OrganisationId,
    id: DistributionJobId,
    call: Call,
  ): Promise<{ token: string; expiresAt: string }>;
  followLink(
    token: string,
    call: Call,
  ): Promise<{ readonly stored: StoredJob; readonly language: Language } | undefined>;
}

/** `publicUrl`: the address that callers use, without a slash at its end. */
export const distributionHandlers = (
  store: DistributionStore,
  publicUrl: string,
): HandlersFor<typeof distributionRoutes, Call> => {
  async function demand(organisationId: OrganisationId, id: DistributionJobId, call: Call): Promise<StoredJob> {
    const stored = await store.find(organisationId, id, call);
    if (!stored) throw new Problem('distribution-job-not-found');
    return stored;
  }

  async function demandFit(organisationId: OrganisationId, draft: Draft, call: Call): Promise<void> {
    if (!isFit(draft)) throw new Problem('distribution-audience-refused');
    const [isThere, isOpen] = await Promise.all([
      store.isThere(organisationId, draft.audience, call),
      draft.surveyId === undefined || store.isSurveyOpen(organisationId, draft.surveyId, call),
    ]);
    if (!isThere) throw new Problem(draft.audience.kind === 'group' ? 'group-not-found' : 'department-not-found');
    if (!isOpen) throw new Problem('survey-not-found');
  }

  return {
    async listDistributionJobs({ params: { organisationId }, query: { cursor, limit } }, call) {
      const list: List = { name: 'distribution-jobs', filter: {} };
      const after = cursor === undefined ? undefined : decodeCursor(list, cursor, DistributionJobId);
      const { items, next } = await store.all(organisationId, { limit, ...(after !== undefined && { after }) }, call);
      return {
        items: items.map((stored) => shown(stored, call.now)),
        ...(next !== undefined && { next: encodeCursor(list, next) }),
      };
    },

    async createDistributionJob({ params: { organisationId }, body }, call) {
      await demandFit(organisationId, body, call);
      const job: DistributionJob = {
        id: call.newId('job'),
        ...body,
        state: 'draft',
        createdBy: callerOf(call).personId,
        createdAt: call.now.toISOString(),
      };
      return store.add(organisationId, job, call, shown({ job, version: 1, totals: undefined }, call.now));
    },

    async getDistributionJob({ params: { organisationId, jobId } }, call) {
      return shown(await demand(organisationId, jobId, call), call.now);
    },

    async changeDistributionJob({ params: { organisationId, jobId }, body, ifMatch }, call) {
      const { job, totals } = await demand(organisationId, jobId, call);
      if (job.state !== 'draft') throw new Problem('distribution-state-refused');
      await demandFit(organisationId, body, call);
      const { surveyId: _, ...kept } = job;
      const changed: DistributionJob = { ...kept, ...body };
      await store.replace(organisationId, changed, ifMatch, call);
      return shown({ job: changed, version: ifMatch + 1, totals }, call.now);
    },

    async setDistributionState({ params: { organisationId, jobId }, body: { state } }, call) {
      const { job, version, totals } = await demand(organisationId, jobId, call);
      // Asked for once more, by somebody whose first answer was lost.
      if (job.state === state) return shown({ job, version, totals }, call.now);
      if (!mayBecome(job.state, state)) throw new Problem('distribution-state-refused');
      const { surveyId } = job;
      const isClosed = surveyId !== undefined && !(await store.isSurveyOpen(organisationId, surveyId, call));
      if (state === 'running' && isClosed) throw new Problem('survey-not-found');
      const moved = inState(job, state, callerOf(call).personId, call.now);
      await store.move(organisationId, moved, version, call);
      return shown({ job: moved, version: version + 1, totals }, call.now);
    },

    async sendDistributionTest({ params: { organisationId, jobId } }, call) {
      const { job } = await demand(organisationId, jobId, call);
      if (!(await store.sendTest(organisationId, job, callerOf(call).personId, call)))
        throw new Problem('recipient-without-address');
      return { queued: true };
    },

    async listUnreached({ params: { organisationId, jobId }, query: { cursor, limit } }, call) {
      const { job } = await demand(organisationId, jobId, call);
      const list: List = { name: 'unreached', filter: { jobId } };
      const from = cursor === undefined ? 0 : Number(decodeCursor(list, cursor, ChunkNumber));
      const { items, next } = await store.unreached(job, from, limit, call);
      return { items: [...items], ...(next !== undefined && { next: encodeCursor(list, String(next)) }) };
    },

    async makeDistributionLink({ params: { organisationId, jobId } }, call) {
      await demand(organisationId, jobId, call);
      const { token, expiresAt } = await store.makeLink(organisationId, jobId, call);
      return { url: `${publicUrl}/distribution/${token}`, expiresAt };
    },

    async showDistribution({ params: { token } }, call) {
      const found = await store.followLink(token, call);
      if (!found) throw deadLinkPage(call);
      const { stored, language } = found;
      return distributionPage(stored.job, progressOf(stored, call.now), language);
    },
  };
};

type Draft = Pick<DistributionJob, 'kind' | 'audience' | 'surveyId'>;

const audiencesOf: Readonly<Record<JobKind, readonly Audience['kind'][]>> = {
  news: ['organisation', 'department', 'group'],
  // What one has asked for oneself, and can end in one press.
  newsletter: ['newsletter-subscribers'],
  survey: ['survey-subscribers', 'organisation', 'department', 'group'],
};
const isFit = ({ kind, audience, surveyId }: Draft): boolean =>
  audiencesOf[kind].includes(audience.kind) && (kind === 'survey') === (surveyId !== undefined);

const shown = (stored: StoredJob, now: Date) => ({
  ...stored.job,
  version: stored.version,
  progress: progressOf(stored, now),
});

export function progressOf({ job, totals }: StoredJob, now: Date) {
  const counts = totals?.all ?? { queued: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };
  const end = estimatedEnd(job, totals, now);
  return {
    ...counts,
    percentage: percentageOf(job, counts),
    ...(totals && { countedAt: totals.at }),
    ...(end && { estimatedEndAt: end.toISOString() }),
  };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
