import { sendChunk } from '../../../lambdas/features/distribution/chunk.ts';
import { dispatch } from '../../../lambdas/features/distribution/dispatch.ts';
import type { ChunkMessage, Dispatcher, Sender } from '../../../lambdas/features/distribution/distributor.ts';
import { type JobEvent, recordJobEvents } from '../../../lambdas/features/distribution/events.ts';
import { type DistributionJob, jobKeptUntil, jobRef, openJobKey } from '../../../lambdas/features/distribution/job.ts';
import { jobPlaceIn } from '../../../lambdas/features/distribution/mail-tag.ts';
import { totalsIn } from '../../../lambdas/features/distribution/progress.ts';
import type { SendQuota } from '../../../lambdas/features/distribution/quota.ts';
import { jobRows } from '../../../lambdas/features/distribution/rows.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import type { DistributionJobId } from '../../../lambdas/http/ids.ts';
import type { JobMail, MailOutcome } from '../../../lambdas/platform/mail.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson } from '../../support/service.ts';
import { aCall, anId, aStore } from '../../support/store.ts';

/** An organisation with people, and the distributor's surroundings: SES and SQS as the outside world that they are. */
export async function aDistribution(db: TestDynamoDb) {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  const organisation = await anOrganisation(store, { name: 'Solbakken idrettslag' });
  const organisationId = organisation.id;
  const queue: ChunkMessage[] = [];
  const mails: JobMail[] = [];
  const ses = {
    quota: { maxPerSecond: 200, max24Hour: -1, sentLast24Hours: 0 } as SendQuota,
    unread: 0,
    /** What SES answers to a mail; it is kept when SES took it. */
    answer: (_mail: JobMail): MailOutcome => ({ outcome: 'accepted', sesMessageId: 'ses' }),
  };
  const times = { looks: Number.POSITIVE_INFINITY };
  const distributor: Dispatcher & Sender = {
    async sendMail(mail) {
      const answer = ses.answer(mail);
      if (answer.outcome === 'accepted') mails.push(mail);
      return answer;
    },
    senderAddress: 'notices@vern.example',
    publicUrl: 'https://vern.test',
    openCall: () => aCall(store),
    readQuota: async () => ses.quota,
    release: async (messages) => void queue.push(...messages),
    countUnreadEvents: async () => ses.unread,
    nextTurn: async () => undefined,
    pause: async () => undefined,
    hasTimeLeft: () => times.looks-- > 0,
    log: () => undefined,
  };

  return {
    store,
    organisationId,
    distributor,
    queue,
    mails,
    ses,
    call: () => aCall(store),
    at: (instant: string) => {
      store.clock = new Date(instant);
    },
    later: (seconds: number) => {
      store.clock = new Date(store.clock.getTime() + seconds * 1000);
    },
    member: (n: number, wanted: Parameters<typeof aPerson>[2] = {}) =>
      aPerson(store, organisationId, { kind: 'member', email: `m${n}@example.no`, ...wanted }),

    async start(wanted: Partial<DistributionJob> = {}): Promise<DistributionJobId> {
      const id = anId('job');
      const now = store.now().toISOString();
      const job: DistributionJob = {
        id,
        kind: 'news',
        audience: { kind: 'organisation', readers: ['members'] },
        content: {
          nb: { subject: 'Dugnad på lørdag', text: 'Vi møtes klokken ti.\nTa med rake.' },
          en: { subject: 'Clean-up on Saturday', text: 'We meet at ten.\nBring a rake.' },
        },
        state: 'running',
        createdBy: anId('per'),
        createdAt: now,
        startedAt: now,
        ...wanted,
      };
      const expiresAtEpochSeconds = jobKeptUntil(job);
      await aCall(store)
        .records.change()
        .put(jobRef(organisationId, id), job, 'new', { expiresAtEpochSeconds })
        .point({ ...openJobKey(organisationId, id), expiresAtEpochSeconds })
        .activity({ event: 'distribution.started', subject: organisationOwner(organisationId), about: [id] })
        .commit();
      return id;
    },
    /** So many looks of one run of the distributor. */
    async dispatch(looks = 1) {
      // Each look asks once whether there is time, and each chunk that it plans as well.
      let left = looks;
      const run = { ...distributor, hasTimeLeft: () => true, pause: async () => undefined };
      const openCall = distributor.openCall;
      return dispatch({
        ...run,
        openCall,
        hasTimeLeft: () => left > 0,
        pause: async () => {
          left--;
        },
      });
    },
    /** Hands every message of the queue to a sender. */
    async drain() {
      for (let message = queue.shift(); message; message = queue.shift()) await sendChunk(message, distributor);
    },
    job: async (id: DistributionJobId) => (await aCall(store).records.get(jobRef(organisationId, id)))?.value,
    async totals(id: DistributionJobId) {
      const [row] = await aCall(store).records.pointersAt([jobRows.totals(id)]);
      return totalsIn(row?.attributes)?.all;
    },
    /** What SES says of the mails that it took. */
    report: (types: readonly Pick<JobEvent, 'type' | 'bounce'>[], some: readonly JobMail[] = mails) =>
      recordJobEvents(
        some.flatMap(({ jobTag, recipientAddress }) =>
          types.map((type) => ({
            ...jobPlaceIn(jobTag)!,
            ...type,
            at: store.now().toISOString(),
            address: recipientAddress,
          })),
        ),
        aCall(store),
      ),
  };
}
export type Distribution = Awaited<ReturnType<typeof aDistribution>>;
