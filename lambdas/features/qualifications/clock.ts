import { OrganisationId, PersonId, QualificationId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Pointer, StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { leadersOf } from './leaders.ts';
import { moveReminder, qualificationRef, reminded, reminderKey } from './qualification.ts';

/** Sorts after every id. */
const LAST = '~';

interface Ticked {
  reminded: number;
  failed: number;
}

/** Reminds employees, and whoever leads them, of what expires: 60, 30 and 7 days before. Running it twice changes nothing more. */
export async function tickQualifications(clock: FamilyClock): Promise<Ticked> {
  const ticked: Ticked = { reminded: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk, attributes }) => {
    const organisationId = OrganisationId.safeParse(sk).data;
    const timeZone = attributes?.['timeZone'];
    // The clock of attendance says so of a row that cannot be read.
    if (!organisationId || typeof timeZone !== 'string') return;
    const today = dayIn(timeZone, clock.openCall().now);
    const { table, pk } = reminderKey(organisationId, '', '' as PersonId, '' as QualificationId);
    for await (const row of pointersIn({ table, pk }, clock, { from: '0', to: `${today}${LAST}` })) {
      try {
        if (await remind(organisationId, row, today, clock)) ticked.reminded++;
      } catch (error) {
        // Somebody changed it meanwhile: the next round looks at what they did.
        if (error instanceof StaleVersion) continue;
        ticked.failed++;
        clock.log({ event: 'qualification.not-reminded', organisationId, error: errorName(error) });
      }
    }
  });
  return ticked;
}

async function remind(
  organisationId: OrganisationId,
  row: Pointer,
  today: string,
  clock: FamilyClock,
): Promise<boolean> {
  const call = clock.openCall();
  const { records, now } = call;
  const [, person, qualification] = row.sk.split('#');
  const personId = PersonId.parse(person);
  const owner = ownerOf(organisationId, personId);
  const id = QualificationId.parse(qualification);
  const [organisation, employee, stored] = await records.together([
    organisationRef(organisationId),
    { entity: personEntity, owner },
    qualificationRef(organisationId, personId, id),
  ]);
  // Restricted, it is reminded of when the restriction ends; erased, its row goes with the erasure.
  if (organisation?.value.state !== 'open' || !employee || !stored) return false;
  const before = stored.value;
  const after = reminded(before, today);
  const change = records.change().put(stored.ref, after, { version: stored.version });
  moveReminder(change, { organisationId, personId }, before, after);
  const { expiresOn } = before;
  const isStill = expiresOn !== undefined && expiresOn >= today;
  if (isStill) {
    const { timeZone } = organisation.value;
    const expiresAt = instantOf(timeZone, daysAfter(expiresOn, 1)).toISOString();
    const parameters = { day: expiresOn, expiresAt };
    queueNotice(change, { to: owner, template: 'own-certificate-expires', parameters }, call);
    for (const leaderId of await leadersOf(records, employee.value, { timeZone, now })) {
      const to = ownerOf(organisationId, leaderId);
      queueNotice(change, { to, template: 'certificate-expires', parameters }, call);
    }
  }
  await change.activity({ event: 'qualification.reminded', subject: owner, about: [id] }).commit();
  return isStill;
}
