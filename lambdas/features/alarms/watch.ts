import { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { type SilentDevice, silentDevices } from '../safety-devices/silent-devices.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { alarmRef } from './alarm.ts';
import type { AlarmClock } from './clock.ts';
import { dueAtOf } from './decisions.ts';
import { alarmPointers } from './pointers.ts';
import { raiseAlarms } from './raise.ts';
import { type StoredAlarm, writeAgain } from './writes.ts';

interface Watched {
  silent: number;
  raised: number;
  foundAgain: number;
  failed: number;
}

/**
 * What nothing wakes us for, in every organisation: a device that should have been heard of and was not raises an alarm,
 * once for each silence; and an open alarm whose wake-up is gone (a restore brings back alarms, and no row of Transient)
 * gets one again.
 */
export async function watchAlarms(clock: AlarmClock): Promise<Watched> {
  const watched: Watched = { silent: 0, raised: 0, foundAgain: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk }) => {
    const organisationId = OrganisationId.safeParse(sk).data;
    if (!organisationId) return;
    const look = (work: () => Promise<void>) => tried(work, organisationId, clock, watched);
    await look(async () => {
      const { records, now } = clock.openCall();
      const silent = await silentDevices(records, organisationId, { now, openedAt: clock.openedAt });
      for (const device of await unheard(organisationId, silent, clock)) {
        watched.silent++;
        if (await look(() => raise(organisationId, device, clock))) watched.raised++;
      }
    });
    await look(async () => {
      for await (const alarm of asleep(organisationId, clock)) {
        if (await look(() => wake(organisationId, alarm, clock))) watched.foundAgain++;
      }
    });
  });
  return watched;
}

/** Those whose silence has raised no alarm yet. */
async function unheard(
  organisationId: OrganisationId,
  silent: readonly SilentDevice[],
  clock: AlarmClock,
): Promise<readonly SilentDevice[]> {
  const sources = silent.map(({ recipientId, sourceId }) =>
    alarmPointers.source(organisationId, recipientId, sourceId),
  );
  const known = await clock.openCall().records.pointersAt(sources);
  return silent.filter((_, i) => known[i] === undefined);
}

async function raise(
  organisationId: OrganisationId,
  { recipientId, deviceId, since, sourceId }: SilentDevice,
  clock: AlarmClock,
): Promise<void> {
  const call = clock.openCall();
  const change = call.records.change().requireUnerased(ownerOf(organisationId, recipientId));
  const occasion = { kind: 'silent', at: since, sourceId, deviceId } as const;
  await raiseAlarms(change, { organisationId, recipientId }, [occasion], call);
  await change.commit();
}

/** Open alarms that are due some time and have no row that says so. */
async function* asleep(organisationId: OrganisationId, clock: AlarmClock): AsyncGenerator<StoredAlarm> {
  for await (const { sk, attributes } of pointersIn(alarmPointers.open(organisationId, ''), clock)) {
    const ref = alarmRef(organisationId, PersonId.parse(attributes?.['subject']), AlarmId.parse(sk));
    const call = clock.openCall();
    const alarm = await call.throughRestriction.get(ref);
    const dueAt = alarm && dueAtOf(alarm.value);
    if (!alarm || dueAt === undefined) continue;
    const [row] = await call.records.pointersAt([alarmPointers.due(alarm.value.id, dueAt)]);
    if (!row) yield alarm;
  }
}

async function wake(organisationId: OrganisationId, alarm: StoredAlarm, clock: AlarmClock): Promise<void> {
  const change = clock.openCall().records.change();
  writeAgain(change, organisationId, alarm);
  const { id, recipientId } = alarm.value;
  const subject = ownerOf(organisationId, recipientId);
  await change.activity({ event: 'alarm.found-again', subject, about: [id] }).commit();
}

/** One that fails keeps no other waiting; the next look tries again. */
async function tried(
  work: () => Promise<void>,
  organisationId: OrganisationId,
  clock: AlarmClock,
  watched: Watched,
): Promise<boolean> {
  if (!clock.hasTimeLeft()) return false;
  try {
    await work();
    return true;
  } catch (error) {
    // Another look was faster, or the recipient has just been erased.
    if (error instanceof StaleVersion || error instanceof Closed) return false;
    watched.failed++;
    const line = { event: 'alarm-watch-failed', metric: 'alarm-step-failed', organisationId };
    clock.log({ ...line, error: errorName(error) });
    return false;
  }
}
