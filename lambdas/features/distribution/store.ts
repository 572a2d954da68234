import { type Call, personIdsOf } from '../../http/call.ts';
import { type DistributionJobId, DistributionJobId as JobId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Stored } from '../../platform/records.ts';
import { accountRef } from '../accounts/account.ts';
import { hashOf, linkKey, newToken, ownersLinkKey } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import {
  DEPARTMENTS_MAX,
  departmentEntity,
  GROUPS_MAX,
  groupEntity,
  organisationOwner,
} from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { openSurvey } from '../surveys/invitation.ts';
import type { DistributionStore, StoredJob, UnreachedReason } from './handlers.ts';
import { type DistributionJob, distributionJobEntity, jobKeptUntil, jobRef, openJobKey } from './job.ts';
import { totalsIn } from './progress.ts';
import { type Chunk, chunksIn, jobRows, type Outcome, recipientsIn, recipientsOfChunk, rowsOfChunk } from './rows.ts';

const LINK_SECONDS = 30 * 60;
/** Not one of the purposes of a link from a letter: under `/l/…` such a link is none. */
const PURPOSE = 'show-distribution';
/** Chunks looked at for one page of whom a job has not reached. */
const CHUNKS_LOOKED_AT_MAX = 25;

export const distributionStore: DistributionStore = {
  async find(organisationId, id, { records }) {
    const [stored, [row]] = await Promise.all([
      records.get(jobRef(organisationId, id)),
      records.pointersAt([jobRows.totals(id)]),
    ]);
    return stored && storedJob(stored, row?.attributes);
  },

  async all(organisationId, range, { records }) {
    const owner = organisationOwner(organisationId);
    const { items, next } = await records.list(distributionJobEntity, owner, { ...range, newestFirst: true });
    const rows = await records.pointersAt(items.map(({ value }) => jobRows.totals(value.id)));
    return {
      items: items.map((stored, i) => storedJob(stored, rows[i]?.attributes)),
      ...(next !== undefined && { next }),
    };
  },

  add(organisationId, job, { records }, answer) {
    return records
      .change()
      .put(jobRef(organisationId, job.id), job, 'new', { expiresAtEpochSeconds: jobKeptUntil(job) })
      .activity({ event: 'distribution.drafted', ...about(organisationId, job.id), detail: { kind: job.kind } })
      .commit(answer);
  },

  async replace(organisationId, job, version, { records }) {
    await records
      .change()
      .put(
        jobRef(organisationId, job.id),
        job,
        { version },
        { expiresAtEpochSeconds: jobKeptUntil(job), otherwise: () => new Problem('stale-version') },
      )
      .activity({ event: 'distribution.changed', ...about(organisationId, job.id) })
      .commit();
  },

  async move(organisationId, job, version, { records }) {
    const expiresAtEpochSeconds = jobKeptUntil(job);
    const otherwise = () => new Problem('distribution-state-refused');
    const change = records
      .change()
      .put(jobRef(organisationId, job.id), job, { version }, { expiresAtEpochSeconds, otherwise })
      .activity({ event: eventOf[job.state], ...about(organisationId, job.id) });
    if (job.state === 'running') change.point({ ...openJobKey(organisationId, job.id), expiresAtEpochSeconds });
    await change.commit();
  },

  async isThere(organisationId, audience, { records }) {
    if (!('id' in audience)) return true;
    const owner = organisationOwner(organisationId);
    const { items } =
      audience.kind === 'group'
        ? await records.list(groupEntity, owner, { limit: GROUPS_MAX })
        : await records.list(departmentEntity, owner, { limit: DEPARTMENTS_MAX });
    return items.some(({ value }) => value.id === audience.id);
  },

  isSurveyOpen: async (organisationId, surveyId, { records, now }) =>
    (await openSurvey(records, organisationId, surveyId, now)) !== undefined,

  async sendTest(organisationId, job, to, call) {
    const owner = ownerOf(organisationId, to);
    const person = await call.records.get({ entity: personEntity, owner });
    if (person?.value.email === undefined) return false;
    const { nb, en } = job.content;
    const words = person.value.language === 'en' ? en : nb;
    const change = call.records.change();
    const parameters = { jobId: job.id, kind: job.kind, ...words };
    queueNotice(change, { to: owner, template: 'job-test', parameters }, call);
    await change.activity({ event: 'distribution.tested', ...about(organisationId, job.id) }).commit();
    return true;
  },

  async unreached({ id }, fromChunk, limit, { records, role }) {
    // The chain lets nobody without a role reach a route for roles.
    if (!role || role.organisationId === 'operator') throw new Error('A route for roles without a role');
    const blocked = await blockedFor(records, role.organisationId, personIdsOf(role));
    const items: { personId: PersonId; reason: UnreachedReason }[] = [];
    const { table, pk } = jobRows.partition(id);
    for (let number = fromChunk; number < fromChunk + CHUNKS_LOOKED_AT_MAX; number++) {
      const [rows, to] = await Promise.all([
        records.pointers(table, pk, rowsOfChunk(number)),
        records.pointers(table, pk, recipientsOfChunk(number)),
      ]);
      const [chunk] = chunksIn(rows.items);
      if (!chunk) return { items };
      const found = unreachedIn(chunk, recipientsIn(to.items)).filter(({ personId }) => !blocked.has(personId));
      // A page holds whole chunks: the cursor is the number of the next.
      if (items.length + found.length > limit && items.length > 0) return { items, next: number };
      items.push(...found.slice(0, limit));
    }
    return { items, next: fromChunk + CHUNKS_LOOKED_AT_MAX };
  },

  async makeLink(organisationId, jobId, { records, now, account }) {
    if (!account) throw new Error('A route for roles without an account');
    const token = newToken();
    const hash = hashOf(token);
    const expires = new Date(now.getTime() + LINK_SECONDS * 1000);
    const expiresAtEpochSeconds = Math.floor(expires.getTime() / 1000);
    const { accountId, authTimeEpochSeconds } = account;
    await records
      .change()
      .point({
        ...linkKey(hash),
        attributes: { purpose: PURPOSE, organisationId, jobId, accountId, authTimeEpochSeconds },
        expiresAtEpochSeconds,
      })
      // From the account's own partition, so that an erasure finds it.
      .point({ ...ownersLinkKey({ controller: 'operator', subject: accountId }, hash), expiresAtEpochSeconds })
      .activity({ event: 'distribution.page-linked', ...about(organisationId, jobId) })
      .commit();
    return { token, expiresAt: expires.toISOString() };
  },

  async followLink(token, call) {
    const [row] = await call.records.pointersAt([linkKey(hashOf(token))]);
    const { purpose, organisationId, jobId, accountId, authTimeEpochSeconds } = row?.attributes ?? {};
    if (purpose !== PURPOSE) return undefined;
    const [stored, reader] = await Promise.all([
      distributionStore.find(OrganisationId.parse(organisationId), JobId.parse(jobId), call),
      // Written by makeLink, and by nobody else.
      call.records.get(accountRef(accountId as NonNullable<Call['account']>['accountId'])),
    ]);
    // Signed out everywhere, or erased: what was handed out before is worth nothing.
    if (!stored || !reader || Number(authTimeEpochSeconds) < reader.value.notBeforeEpochSeconds) return undefined;
    return { stored, language: reader.value.language };
  },
};

const eventOf = {
  draft: 'distribution.drafted',
  running: 'distribution.started',
  paused: 'distribution.paused',
  'paused-by-quota': 'distribution.paused-by-quota',
  done: 'distribution.done',
  cancelled: 'distribution.cancelled',
} as const satisfies Record<DistributionJob['state'], string>;

const about = (organisationId: OrganisationId, jobId: DistributionJobId) => ({
  subject: organisationOwner(organisationId),
  about: [jobId],
});

const storedJob = (
  { value, version }: Stored<typeof distributionJobEntity>,
  totals: Readonly<Record<string, unknown>> | undefined,
): StoredJob => ({ job: value, version, totals: totalsIn(totals) });

const reasons: Readonly<Partial<Record<Outcome, UnreachedReason>>> = {
  declined: 'declined',
  'not-allowed': 'not-allowed',
  'no-address': 'no-address',
  'undeliverable-address': 'undeliverable-address',
  'not-subscribed': 'not-subscribed',
  refused: 'returned',
  over: 'over',
};

function unreachedIn(chunk: Chunk, recipients: ReturnType<typeof recipientsIn>) {
  return [...recipients].flatMap(([index, { owner }]) => {
    const personId = PersonId.safeParse(owner.subject);
    const events = chunk.events.get(index);
    const outcome = chunk.outcomes.get(index);
    const reason = events?.has('B') || events?.has('r') ? 'returned' : outcome && reasons[outcome];
    return personId.success && reason ? [{ personId: personId.data, reason }] : [];
  });
}
