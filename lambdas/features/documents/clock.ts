import type { Call } from '../../http/call.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Change } from '../../platform/records.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { todayIn } from './around.ts';
import { documentRef, editionInForce, ownerOfDocument } from './document.ts';
import { type News, newsIn, newsPartition, newsPointer, tell, toldPointer } from './news.ts';
import { type Reader, readersAfter } from './readers.ts';

/** Persons looked at in one slice. */
const PERSONS_OF_SLICE = 10;
/** A notice and what goes with it is four writes and checks, and a transaction takes a hundred. */
const TOLD_OF_SLICE_MAX = 20;
/** Longer than telling a whole organisation takes, shorter than anybody could wonder about. */
const TOLD_KEPT_SECONDS = 7 * 24 * 60 * 60;

interface DocumentsTicked {
  told: number;
  failed: number;
}

/** Tells the readers of what was published for whole groups, slice by slice; broken off, it goes on where it was. */
export async function tickDocuments(clock: FamilyClock): Promise<DocumentsTicked> {
  const ticked: DocumentsTicked = { told: 0, failed: 0 };
  for await (const { sk } of pointersIn(newsPartition, clock)) {
    const news = newsIn(sk);
    if (!news) continue;
    try {
      ticked.told += await tellAll(news, clock);
    } catch (error) {
      ticked.failed++;
      const { documentId } = news;
      clock.log({ event: 'document.not-told', documentId, error: errorName(error) });
    }
  }
  return ticked;
}

async function tellAll(begun: News, clock: FamilyClock): Promise<number> {
  let told = 0;
  for (let news: News | undefined = begun; news && clock.hasTimeLeft(); ) {
    const slice: Slice = await tellSlice(news, clock);
    told += slice.told;
    news = slice.next;
  }
  return told;
}

interface Slice {
  readonly told: number;
  readonly next: News | undefined;
}
const NOTHING: Slice = { told: 0, next: undefined };
/** Another clock has told this slice. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

async function tellSlice(news: News, clock: FamilyClock): Promise<Slice> {
  const { organisationId, documentId, edition } = news;
  const call = clock.openCall();
  const { records, now } = call;
  const owner = organisationOwner(organisationId);
  const [organisation, stored] = await records.together([
    organisationRef(organisationId),
    documentRef(ownerOfDocument(organisationId, { kind: 'organisation' }), documentId),
  ]);
  const document = stored?.value;
  const isNews = document && editionInForce(document)?.number === edition;
  if (!organisation || !isNews) return drop(news, call);
  const { readers, after } = await nextReaders(news, document, todayIn(organisation.value, now), clock);
  const told = await records.pointersAt(
    readers.map(({ readerId }) => toldPointer(ownerOf(organisationId, readerId), news)),
  );
  const untold = readers.filter((_, i) => told[i] === undefined);

  const next = after === undefined ? undefined : { ...news, after };
  const change = records.change().unpoint(newsPointer(news), { ifPresent: () => new Overtaken() });
  if (next) change.point(newsPointer(next));
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + TOLD_KEPT_SECONDS;
  for (const reader of untold) {
    tell(change, organisationId, reader, document, call);
    change.point({ ...toldPointer(ownerOf(organisationId, reader.readerId), news), expiresAtEpochSeconds });
  }
  const detail = { edition, readers: untold.length };
  change.activity({ event: 'document.told', subject: owner, about: [documentId], detail });
  return (await isCommitted(change)) ? { told: untold.length, next } : NOTHING;
}

/** It was withdrawn, removed or followed by another edition meanwhile: nobody is told of this one any more. */
async function drop(news: News, { records }: Pick<Call, 'records'>): Promise<Slice> {
  const { organisationId, documentId, edition } = news;
  const subject = organisationOwner(organisationId);
  const change = records.change().unpoint(newsPointer(news), { ifPresent: () => new Overtaken() });
  change.activity({ event: 'document.told', subject, about: [documentId], detail: { edition, readers: 0 } });
  await isCommitted(change);
  return NOTHING;
}

async function isCommitted(change: Change): Promise<boolean> {
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
}

/** As many as one transaction takes, each once; `after` is where the slice ended, absent when it was the last. */
async function nextReaders(
  { organisationId, after }: News,
  document: Parameters<typeof readersAfter>[0]['document'],
  today: string,
  clock: FamilyClock,
): Promise<{ readonly readers: readonly Reader[]; readonly after: string | undefined }> {
  const asked = { organisationId, document, today };
  const { persons, next } = await readersAfter(asked, { after, limit: PERSONS_OF_SLICE }, clock.openCall().records);
  const readers = new Map<string, Reader>();
  for (const [i, person] of persons.entries()) {
    const added = person.readers.filter(({ readerId }) => !readers.has(readerId));
    if (readers.size > 0 && readers.size + added.length > TOLD_OF_SLICE_MAX) {
      return { readers: [...readers.values()], after: persons[i - 1]!.after };
    }
    for (const reader of added) readers.set(reader.readerId, reader);
  }
  return { readers: [...readers.values()], after: next };
}
