import type { PersonId } from '../../http/ids.ts';
import { dayIn, weekOf } from '../../platform/calendar.ts';
import { keyOf } from '../../platform/entity.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf, peoplePointers } from '../people/person.ts';
import { pictureRef } from '../pictures/picture.ts';
import { endedOn } from './departure.ts';
import { retentionPointers, shreddedOf } from './due-index.ts';
import { personIdIn, readStandings } from './standings.ts';
import type { Place, Sweep } from './sweeping.ts';

/** Persons of one page, and pages of one run: a large organisation's walk takes several days of its week. */
const PERSONS_PER_PAGE = 50;
const PAGES_PER_RUN_MAX = 40;

/**
 * Once a week through the list of people (queries, never a scan): whoever has left and is missing in the due-date index
 * is put into it, whatever made the row go missing. Answers how many there were.
 */
export async function mendIndex(place: Place, sweep: Sweep): Promise<number> {
  const { organisationId, timeZone } = place;
  const { now, records } = sweep.openCall();
  const today = dayIn(timeZone, now);
  const week = weekOf(today);
  const [walk] = await records.pointersAt([retentionPointers.walk(organisationId)]);
  const before = walk?.attributes?.['week'] === week ? walk.attributes : undefined;
  if (before?.['isDone'] === true) return 0;

  let mended = 0;
  let after = typeof before?.['after'] === 'string' ? before['after'] : undefined;
  let isDone = false;
  for (let page = 0; page < PAGES_PER_RUN_MAX && !isDone && sweep.hasTimeLeft(); page++) {
    const { pk } = peoplePointers.person(organisationId, 'child', '' as PersonId);
    const range = { limit: PERSONS_PER_PAGE, ...(after !== undefined && { after }) };
    const { items, next } = await sweep.openCall().records.pointers('core', pk, range);
    mended += await mendPage(
      items.map(({ sk }) => personIdIn(sk)).filter((id) => id !== undefined),
      today,
      place,
      sweep,
    );
    after = next;
    isDone = next === undefined;
  }
  const attributes = { week, isDone, ...(after !== undefined && { after }) };
  await sweep
    .openCall()
    .records.change()
    .point({ ...retentionPointers.walk(organisationId), attributes })
    .activity({ event: 'retention.walked', subject: organisationOwner(organisationId), detail: { mended, isDone } })
    .commit();
  return mended;
}

async function mendPage(personIds: readonly PersonId[], today: string, place: Place, sweep: Sweep): Promise<number> {
  const { organisationId } = place;
  const standings = await readStandings(sweep.openClosed(), organisationId, personIds);
  // Of somebody whose children are gone nobody knows the last day: the term begins today.
  const ended = standings.flatMap((known) => {
    // Ordered to be erased, or restricted: neither is due, and whoever is restricted no longer is found in a later week.
    if (known?.keys.get('person') !== 'ACTIVE') return [];
    const lastDay = endedOn(known.standing, today);
    return lastDay === undefined ? [] : [{ personId: known.personId, lastDay }];
  });
  const keys = ended.map(({ personId, lastDay }) => retentionPointers.ended(organisationId, lastDay, personId));
  const { records } = sweep.openCall();
  const [present, pictures] = await Promise.all([
    records.pointersAt(keys),
    records.pointersAt(
      ended.map(({ personId }) => ({ table: 'core', ...keyOf(pictureRef(organisationId, personId)) })),
    ),
  ]);
  let mended = 0;
  for (const [i, key] of keys.entries()) {
    // A picture that was put after the class had been shredded: it is looked at again.
    const hasLatePicture = pictures[i] && present[i] && shreddedOf(present[i]).includes('photo');
    if (present[i] && !hasLatePicture) continue;
    const subject = ownerOf(organisationId, ended[i]!.personId);
    const change = sweep.openCall().records.change();
    await change.point(key).activity({ event: 'retention.index-mended', subject }).commit();
    mended++;
  }
  return mended;
}
