import type { Call } from '../../http/call.ts';
import { PersonId } from '../../http/ids.ts';
import { type Change, Closed, StaleVersion } from '../../platform/records.ts';
import { linkUrl } from '../links/link.ts';
import { footLink } from '../notices/foot-link.ts';
import { letterFor, listNameOf, senderName } from '../notices/letters.ts';
import { mimeOf } from '../notices/mime.ts';
import { categoryOf, type NoticeContent, type NoticeRequest, queueNotice } from '../notices/notice.ts';
import { isHeardOut } from '../notices/progress.ts';
import { takeSlot } from '../notices/slots.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { makeInvitation, openSurvey } from '../surveys/invitation.ts';
import type { Survey } from '../surveys/survey.ts';
import { type Setting, settingOf, topicOf } from './audience.ts';
import { type ChunkMessage, LEASE_SECONDS, type Sender } from './distributor.ts';
import { type DistributionJob, jobKeptUntil, jobRef } from './job.ts';
import { mayBeOut, type Reader, templateOf, type Verdict, verdictsOn } from './known.ts';
import { jobTagOf } from './mail-tag.ts';
import { requireThere } from './plan.ts';
import { unsentOf } from './progress.ts';
import {
  type Chunk,
  chunksIn,
  jobRows,
  type Outcome,
  recipientsIn,
  recipientsOfChunk,
  rowsOfChunk,
  signsOf,
} from './rows.ts';

/** Of several who take the same slot of a day, or are erased meanwhile: looked at anew so often. */
const CLAIMS_MAX = 3;

/**
 * Sends one chunk of a job: whoever of it has not got their mail yet, and still is to get it. Several may try at once:
 * the claim's row must be new, and decides. What a claim without a result sent, SES's events tell, once its lease is over.
 */
export async function sendChunk(message: ChunkMessage, sender: Sender): Promise<void> {
  for (let tries = 1; tries <= CLAIMS_MAX; tries++) {
    const work = await workOn(message, sender);
    if (!work) return;
    const claimed = await claim(work);
    if (claimed === 'taken') return;
    if (claimed === 'changed') continue;
    logWhatMayComeTwice(claimed, work, sender);
    const outcomes = await sendAll(claimed, work, message, sender);
    return record(work, outcomes, sender);
  }
}

/** SES said nothing of the try before, for as long as a lease: should it have taken a mail even so, this is a second. */
function logWhatMayComeTwice(mails: readonly ClaimedMail[], { job, chunk }: Work, { log }: Sender): void {
  const count = mails.filter(({ index }) => mayBeOut(chunk.outcomes.get(index))).length;
  if (count === 0) return;
  log({ event: 'mail-maybe-twice', metric: 'mail-maybe-twice', jobId: job.id, chunk: chunk.chunk, mails: count });
}

interface Work {
  readonly job: DistributionJob;
  readonly setting: Setting;
  readonly chunk: Chunk;
  readonly attempt: number;
  readonly verdicts: ReadonlyMap<number, Verdict>;
  /** Of a survey alone. */
  readonly survey: Survey | undefined;
  readonly call: Call;
}

/** What is left to be done about a chunk now, looked up in three waves; undefined when there is nothing, or not yet. */
async function workOn(
  { organisationId, jobId, chunk: number }: ChunkMessage,
  sender: Sender,
): Promise<Work | undefined> {
  const call = sender.openCall();
  const { records, now } = call;
  const { table, pk } = jobRows.partition(jobId);
  const [[job, organisation], rows, recipients] = await Promise.all([
    records.together([jobRef(organisationId, jobId), organisationRef(organisationId)]),
    records.pointers(table, pk, rowsOfChunk(number)),
    records.pointers(table, pk, recipientsOfChunk(number)),
  ]);
  const [there] = chunksIn(rows.items);
  // Paused, cancelled, or the organisation closed: what is still to be sent is found again when it goes on.
  if (job?.value.state !== 'running' || organisation?.value.state !== 'open' || !there) return undefined;
  const chunk = await asTold(there, jobId, call, sender);
  const unsent = chunk ? unsentOf(chunk) : [];
  if (!chunk || unsent.length === 0) return undefined;
  const known = recipientsIn(recipients.items);
  const left = new Map(unsent.flatMap((index) => (known.has(index) ? [[index, known.get(index)!]] : [])));
  const setting = await settingOf(records, organisation.value, now);
  const { surveyId } = job.value;
  const survey = surveyId && (await openSurvey(records, organisationId, surveyId, now));
  const isOver = surveyId !== undefined && !survey;
  const verdicts = isOver
    ? new Map(unsent.map((index) => [index, { do: 'skip', outcome: 'over' } as const]))
    : new Map<number, Verdict>(await verdictsOn(left, chunk.outcomes, job.value, setting, records, now));
  for (const index of unsent) if (!verdicts.has(index)) verdicts.set(index, { do: 'skip', outcome: 'recipient-gone' });
  return { job: job.value, setting, chunk, attempt: (chunk.claim?.attempt ?? 0) + 1, verdicts, survey, call };
}

/**
 * While somebody holds the chunk it is left alone. After a try whose end is not known, only SES's events can tell what it
 * sent: so they must have been read, and are looked at after that. Undefined while they may still come. The claim stays
 * the one that was found first: of several who look only one goes on.
 */
async function asTold(
  chunk: Chunk,
  jobId: DistributionJob['id'],
  { records, now }: Call,
  { countUnreadEvents }: Sender,
): Promise<Chunk | undefined> {
  const { claim, isClaimSettled } = chunk;
  const isInDoubt = unsentOf(chunk).some((index) => mayBeOut(chunk.outcomes.get(index)));
  if (!claim || (isClaimSettled && !isInDoubt)) return chunk;
  if (now.toISOString() < claim.until) return undefined;
  const claimedAt = new Date(Date.parse(claim.until) - LEASE_SECONDS * 1000);
  if (!isHeardOut(await countUnreadEvents(), claimedAt, now)) return undefined;
  const { table, pk } = jobRows.partition(jobId);
  const [told] = chunksIn((await records.pointers(table, pk, rowsOfChunk(chunk.chunk))).items);
  return told && { ...told, claim };
}

class Taken extends Error {
  override readonly name = 'Taken';
}

/** What is to be sent to one recipient: nothing of it is kept. */
interface ClaimedMail {
  readonly index: number;
  readonly reader: Reader;
  readonly content: NoticeContent;
  readonly tokens: FootTokens;
}
/** Of the links in the foot of a mail. */
interface FootTokens {
  readonly decline: string;
  readonly preferences?: string;
}

/** One transaction: the claim, the links that the mails carry, the mails' places in the day, and what goes to the outbox. */
async function claim(work: Work): Promise<readonly ClaimedMail[] | 'taken' | 'changed'> {
  const { job, chunk, attempt, verdicts, call, setting } = work;
  const until = new Date(call.now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const expiresAtEpochSeconds = jobKeptUntil(job);
  const change = call.records.change();
  change.point(
    {
      ...jobRows.claim(job.id, chunk.chunk, attempt),
      // What is not sent by us is decided with the claim: whoever was given to the outbox is not given to it again.
      attributes: { until, signs: signsOf(chunk.count, outcomesOf(verdicts)) },
      expiresAtEpochSeconds,
    },
    { ifNew: () => new Taken() },
  );
  const mails = [...verdicts].flatMap(([index, verdict]) => {
    if (verdict.do === 'skip') return [];
    requireThere(change, verdict.reader.owner, job.audience);
    if (verdict.do === 'queue') {
      queueNotice(
        change,
        { to: verdict.reader.owner, ...contentFor(work, verdict.reader, change) } as NoticeRequest,
        call,
      );
      return [];
    }
    if (verdict.slot) takeSlot(change, verdict.reader.owner, verdict.slot.day, verdict.slot.number);
    const { reader } = verdict;
    const content = contentFor(work, reader, change);
    return [{ index, reader, content, tokens: footLinks(change, job, reader, call) }];
  });
  change.activity({
    event: 'distribution.sending',
    subject: organisationOwner(setting.organisation.id),
    about: [job.id],
    detail: { chunk: chunk.chunk, attempt, mails: mails.length },
  });
  try {
    await change.commit();
    return mails;
  } catch (error) {
    if (error instanceof Taken) return 'taken';
    if (error instanceof Closed || error instanceof StaleVersion) return 'changed';
    throw error;
  }
}

/** How to decline, in one press, and how to choose; a survey has its own link in the place of the second. */
function footLinks(change: Change, job: DistributionJob, { owner }: Reader, call: Call): FootTokens {
  const tokenOf = (wanted: Parameters<typeof footLink>[2]) => footLink(change, owner, wanted, call);
  const topic = topicOf(job.audience);
  const category = categoryOf(templateOf[job.kind]);
  const decline = tokenOf(
    topic
      ? { purpose: 'unsubscribe', about: topic }
      : { purpose: 'decline-notices', ...(category !== undefined && { about: category }) },
  );
  const mayChoose = job.kind !== 'survey' && PersonId.safeParse(owner.subject).success;
  return { decline, ...(mayChoose && { preferences: tokenOf({ purpose: 'notice-preferences' }) }) };
}

/** The words in the reader's language; of a survey with the reader's own invitation. */
function contentFor({ job, survey, call }: Work, { owner, language, childId }: Reader, change: Change): NoticeContent {
  const words = { jobId: job.id, ...job.content[language] };
  if (job.kind === 'newsletter') return { template: 'job-newsletter', parameters: words };
  const parameters = { ...words, ...(childId && { childId }) };
  if (job.kind === 'news') return { template: 'job-news', parameters };
  if (!survey) throw new Error('An invitation to no survey');
  return { template: 'job-survey', parameters: { ...parameters, token: makeInvitation(change, survey, owner, call) } };
}

/** Each in its turn. From the first that SES would not take now, the rest are left for later. */
async function sendAll(
  mails: readonly ClaimedMail[],
  work: Work,
  { perSecond }: ChunkMessage,
  sender: Sender,
): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  let mayGoOn = true;
  const sending: Promise<void>[] = [];
  for (const mail of mails) {
    if (mayGoOn && sender.hasTimeLeft()) await sender.nextTurn(perSecond);
    if (!mayGoOn || !sender.hasTimeLeft()) {
      outcomes.set(mail.index, 'later');
      continue;
    }
    sending.push(
      sendOne(mail, work, sender).then((outcome) => {
        outcomes.set(mail.index, outcome);
        if (outcome === 'later') mayGoOn = false;
      }),
    );
  }
  await Promise.all(sending);
  return outcomes;
}

async function sendOne(
  { index, reader, content, tokens }: ClaimedMail,
  { job, setting, chunk }: Work,
  { publicUrl, senderAddress, sendMail }: Sender,
): Promise<Outcome> {
  const { name, profile, timeZone } = setting.organisation;
  const facts = {
    language: reader.language,
    isProtected: reader.isProtected,
    organisation: { name, profile, timeZone },
    linkUrl: (token: string) => linkUrl(publicUrl, token),
    declineUrl: linkUrl(publicUrl, tokens.decline),
    ...(tokens.preferences !== undefined && { preferencesUrl: linkUrl(publicUrl, tokens.preferences) }),
  };
  const recipientAddress = reader.address;
  const raw = await mimeOf(letterFor(content, facts), {
    senderAddress,
    senderName: senderName(facts),
    recipientAddress,
    listName: listNameOf(content.template, reader.owner.controller, facts),
  });
  const jobTag = jobTagOf({ jobId: job.id, chunk: chunk.chunk, index });
  const { outcome } = await sendMail({ raw, senderAddress, recipientAddress, jobTag });
  return outcome;
}

async function record(
  { job, chunk, attempt, verdicts, setting }: Work,
  sent: ReadonlyMap<number, Outcome>,
  { openCall }: Sender,
): Promise<void> {
  const outcomes = new Map([...outcomesOf(verdicts), ...sent]);
  const { records } = openCall();
  const accepted = [...outcomes.values()].filter((outcome) => outcome === 'accepted').length;
  await records
    .change()
    .point({
      ...jobRows.result(job.id, chunk.chunk, attempt),
      attributes: { signs: signsOf(chunk.count, outcomes) },
      expiresAtEpochSeconds: jobKeptUntil(job),
    })
    .activity({
      event: 'distribution.sent',
      subject: organisationOwner(setting.organisation.id),
      about: [job.id],
      detail: { chunk: chunk.chunk, attempt, accepted },
    })
    .commit();
}

/** What is known when the claim is committed: of what is to be sent, nothing yet. */
const outcomesOf = (verdicts: Work['verdicts']): ReadonlyMap<number, Outcome> =>
  new Map([...verdicts].map(([index, verdict]) => [index, outcomeOf(verdict)]));

function outcomeOf(verdict: Verdict): Outcome {
  if (verdict.do === 'skip') return verdict.outcome;
  return verdict.do === 'queue' ? 'as-notice' : 'claimed';
}
