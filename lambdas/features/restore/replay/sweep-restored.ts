import type { OrganisationId } from '../../../http/ids.ts';
import { dayIn } from '../../../platform/calendar.ts';
import type { Pointer, Records } from '../../../platform/records.ts';
import { organisationRef } from '../../organisations/organisation.ts';
import { ownerOf } from '../../people/person.ts';
import { holdsOn } from '../../requests/hold.ts';
import { adjustmentsRef } from '../../retention/adjustments.ts';
import { endedOn } from '../../retention/departure.ts';
import { DUE, ENDED, endedAt, LAST, retentionPointers } from '../../retention/due-index.ts';
import { tellExpiry } from '../../retention/expiry.ts';
import { policyOf } from '../../retention/policy.ts';
import { readStandings } from '../../retention/standings.ts';
import type { Place, Sweep } from '../../retention/sweeping.ts';
import { pointersIn } from '../../walks/pointers-in.ts';
import { organisationsIn } from './controllers.ts';
import { onTables, type Replay } from './replay.ts';

const noFigures = { peopleLookedAt: 0, peopleHeld: 0, classesDue: 0 };
type Counted = { -readonly [K in keyof typeof noFigures]: number };

/**
 * The retention sweep's decisions on what was restored: whatever has come to its end since the backup expires at once, so
 * that no read returns it. Its erasure is ordered by the nightly sweep after the switch: here no key is touched.
 */
export const sweepRestored = onTables(async (context) => {
  const counted: Counted = { ...noFigures };
  let done = context.cursor ?? '';
  const sweep = sweepOn(context);
  for (const organisationId of await organisationsIn(context)) {
    if (organisationId <= done) continue;
    if (!context.hasTimeLeft()) return { done: false, cursor: done, figures: counted };
    const place = await placeOf(sweep.openClosed(), organisationId);
    if (place) await sweepOrganisation(place, sweep, counted);
    done = organisationId;
  }
  return { done: true, figures: counted };
});

/** An organisation that was begun is brought to its end: Lambda's last minutes are longer than that takes. */
function sweepOn({ openCall, tables, requestId }: Replay): Sweep {
  const author = { requestId, actor: 'system:restore', newEventId: () => openCall().newId('evt') };
  return {
    openCall: () => openCall(true),
    openClosed: () => tables.beforeAnyExpiry(author),
    hasTimeLeft: () => true,
    log: () => {},
  };
}

async function placeOf(records: Records, organisationId: OrganisationId): Promise<Place | undefined> {
  const [organisation, decided] = await records.together([
    organisationRef(organisationId),
    adjustmentsRef(organisationId),
  ]);
  if (!organisation) return undefined;
  const { timeZone, profile } = organisation.value;
  return { organisationId, timeZone, policy: policyOf(profile, decided?.value.adjustments) };
}

async function sweepOrganisation(place: Place, sweep: Sweep, counted: Counted): Promise<void> {
  const { organisationId, timeZone } = place;
  const today = dayIn(timeZone, sweep.openCall().now);
  const index = { table: 'core', pk: retentionPointers.walk(organisationId).pk } as const;
  for await (const pointer of pointersIn(index, sweep, { from: ENDED, to: `${ENDED}${today}${LAST}` })) {
    counted.peopleLookedAt++;
    await lookAt(pointer, place, sweep, counted);
  }
  for await (const _ of pointersIn(index, sweep, { from: DUE, to: `${DUE}${today}${LAST}` })) counted.classesDue++;
}

async function lookAt(pointer: Pointer, place: Place, sweep: Sweep, counted: Counted): Promise<void> {
  const ended = endedAt(pointer);
  if (!ended) return;
  const { organisationId } = place;
  const { lastDay: expected, personId } = ended;
  const [known] = await readStandings(sweep.openClosed(), organisationId, [personId]);
  // Erased, back, or gone on another day: the nightly sweep mends the index.
  if (!known || endedOn(known.standing, expected) !== expected) return;
  const holds = await holdsOn(sweep.openClosed(), ownerOf(organisationId, personId));
  if (holds.length > 0 || known.keys.get('person') === 'RESTRICTED') {
    counted.peopleHeld++;
    return;
  }
  await tellExpiry(known, expected, place, sweep);
}
