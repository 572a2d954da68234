import type { Call } from '../../http/call.ts';
import type { DepartmentId, GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import { Closed, type Pointer } from '../../platform/records.ts';
import { guardiansOf, mayBeTold } from '../attendance/guardians.ts';
import { custodyRef } from '../custody/custody.ts';
import { remindersGoTo } from '../custody/reminded.ts';
import { type NoticeRequest, queueNotice } from '../notices/notice.ts';
import { GROUPS_MAX, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { isAsked } from './answering.ts';
import { everyCandidateFor, isForOn } from './audience.ts';
import { eventRef } from './calendar-index.ts';
import { type CalendarEvent, eventAnswerRef, eventOwner } from './event.ts';
import type { NoticeJob } from './notice-jobs.ts';
import { departmentsOf } from './sight.ts';

/** Who has been told of what: so long that no run can come back to it. */
const TOLD_SECONDS = 7 * 24 * 60 * 60;

export interface TellingPlace {
  readonly organisationId: OrganisationId;
  readonly timeZone: string;
}

/**
 * Tells everyone whom a job is for, one person's guardians in each transaction, and then takes the job away. Resumable: a
 * row says after whom to go on, and another for each recipient that they have been told, so nobody is told twice, however
 * many runs there are at once. Returns how many notices were written.
 */
export async function carryOutJob(job: NoticeJob, place: TellingPlace, clock: FamilyClock): Promise<number> {
  const { organisationId } = place;
  const { records } = clock.openCall();
  const [[stored], organisation, groups] = await Promise.all([
    records.getMany([eventRef(job.place)]),
    records.get(organisationRef(organisationId)),
    records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
  ]);
  const event = stored?.value;
  let told = 0;
  if (event && organisation?.value.state === 'open' && isStillToBeTold(event, job)) {
    const departmentOf = departmentsOf(groups.items.map(({ value }) => value));
    const ids = await everyCandidateFor(records, organisationId, event.scope, departmentOf);
    const after = job.row.attributes?.['after'];
    for (const personId of ids.filter((id) => typeof after !== 'string' || id > after)) {
      if (!clock.hasTimeLeft()) return told;
      told += await tellAbout(personId, { job, event, departmentOf, place }, clock.openCall());
    }
  }
  const subject = eventOwner(organisationId, job.place.scope);
  await clock
    .openCall()
    .records.change()
    .unpoint(job.row)
    .activity({ event: 'calendar-event.told', subject, about: [job.place.id], detail: { what: job.what, told } })
    .commit();
  return told;
}

/** An event that was cancelled meanwhile is told of as that, and as nothing else. */
const isStillToBeTold = (event: CalendarEvent, { what }: NoticeJob): boolean =>
  what === 'cancelled' || (event.cancelled === undefined && (what === 'tomorrow' || event.invitation !== undefined));

interface Telling {
  readonly job: NoticeJob;
  readonly event: CalendarEvent;
  readonly departmentOf: ReadonlyMap<GroupId, DepartmentId>;
  readonly place: TellingPlace;
}

/** One child, or one member: how many notices were written. */
async function tellAbout(personId: PersonId, telling: Telling, call: Call): Promise<number> {
  const { job, event, departmentOf, place } = telling;
  const { organisationId, timeZone } = place;
  const { records } = call;
  const [[person, answer], guardians] = await Promise.all([
    records.together([
      personRef(organisationId, personId),
      eventAnswerRef(organisationId, personId, event.id, job.day),
    ]),
    guardiansOf(records, organisationId, personId),
  ]);
  if (!person || !isForOn(event.scope, person.value, departmentOf, job.day, job.day)) return 0;
  if (event.invitation && !isAsked(event.invitation, person.value)) return 0;
  if (job.what === 'unanswered' && answer) return 0;
  const custody =
    job.what === 'tomorrow' ? (await records.get(custodyRef(organisationId, personId)))?.value : undefined;
  const recipientIds = recipientsOf(person.value, () =>
    job.what === 'tomorrow'
      ? remindersGoTo(guardians, custody, job.day)
      : guardians.filter((guardian) => mayBeTold(guardian, job.day)).map(({ link }) => link.guardianId),
  );
  const rows = recipientIds.map((id) => toldRow(job, place, id, call.now));
  const [reachable, told] = await Promise.all([
    records.getMany(recipientIds.map((id) => personRef(organisationId, id))),
    records.pointersAt(rows),
  ]);
  const now = recipientIds.flatMap((id, i) => (reachable[i] && !told[i] ? [{ id, row: rows[i]! }] : []));
  if (now.length === 0) return 0;
  const change = records.change();
  const expiresAt = instantOf(timeZone, daysAfter(job.day, 1)).toISOString();
  for (const { id, row } of now) {
    change.point(row, { ifNew: () => new ToldAlready() });
    const parameters = { day: job.day, expiresAt };
    const about = person.value.kind === 'child' ? { ...parameters, childId: personId } : parameters;
    queueNotice(change, { ...noticeOf(job, ownerOf(organisationId, id), about), about: event.id }, call);
  }
  change.point({ ...job.row, attributes: { ...job.row.attributes, after: personId } });
  const aboutIds = now.map(({ id }) => id);
  change.activity({
    event: 'calendar-event.people-told',
    subject: ownerOf(organisationId, personId),
    about: [event.id, ...aboutIds],
    detail: { what: job.what },
  });
  try {
    await change.commit();
    return now.length;
  } catch (error) {
    // Another run has just told them; or one of them was erased at this moment, and nobody is waiting any more.
    if (error instanceof ToldAlready || error instanceof Closed) return 0;
    throw error;
  }
}

class ToldAlready extends Error {
  override readonly name = 'ToldAlready';
}

const recipientsOf = (person: PersonRecord, guardiansToTell: () => readonly PersonId[]): readonly PersonId[] => {
  if (person.kind === 'child') return guardiansToTell();
  return person.kind === 'member' ? [person.id] : [];
};

/** One row for each recipient, whichever of their children it is about: ids, and gone with their term. */
function toldRow({ row }: NoticeJob, { organisationId }: TellingPlace, recipientId: PersonId, now: Date): Pointer {
  return {
    table: 'transient',
    pk: `CALENDAR-TOLD#${organisationId}#${row.sk}`,
    sk: recipientId,
    expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + TOLD_SECONDS,
  };
}

type Parameters = { readonly day: string; readonly expiresAt: string; readonly childId?: PersonId };

/** Of the pair of templates of each kind of tidings: about a child, or about the recipient. */
function noticeOf({ what }: NoticeJob, to: NoticeRequest['to'], { childId, ...parameters }: Parameters): NoticeRequest {
  return childId === undefined
    ? { to, template: `own-event-${what}`, parameters }
    : { to, template: `event-${what}`, parameters: { ...parameters, childId } };
}
