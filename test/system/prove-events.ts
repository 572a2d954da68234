import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type DeviceEvent, deviceEventEntity } from '../../lambdas/features/device-events/device-event.ts';
import { ownerOf, type PersonRecord, peoplePointers, personEntity } from '../../lambdas/features/people/person.ts';
import { type SafetyDevice, safetyDeviceRef } from '../../lambdas/features/safety-devices/safety-device.ts';
import { safetyDeviceStore } from '../../lambdas/features/safety-devices/store.ts';
import { newId } from '../../lambdas/functions/container.ts';
import type { Call } from '../../lambdas/http/call.ts';
import type { OrganisationId, PersonId, SafetyDeviceId } from '../../lambdas/http/ids.ts';
import { type SafetyDevice as PlayedDevice, publicKeyOf, safetyDevice } from '../../local/client/safety-device.ts';
import { type RunningService as Running, runningServiceOf } from '../../local/seed/running-service.ts';
import { startService } from './cloud.ts';

export interface ProofOptions {
  readonly devices: number;
  /** Of all devices together. */
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** The whole service is killed in the middle, and started again. */
  readonly isKilled: boolean;
}

/** As the routes allow. */
const BATCH_MAX = 100;
const EVENTS_PER_ALARM = 100;
/** After the last event: how long devices may need to hand over what was not answered. */
const CATCH_UP_SECONDS_MAX = 120;
const DEAD_MILLISECONDS = 2_000;

/** What one device has sent, and what it has not been told is taken. */
interface Played {
  readonly recipientId: PersonId;
  readonly device: PlayedDevice;
  readonly sent: DeviceEvent[];
  unanswered: DeviceEvent[];
  isSending: boolean;
  sendings: number;
}

/** What {@link bin/prove-events.ts} says; failures are sentences. */
export async function proveEvents(options: ProofOptions, say: (line: string) => void) {
  let service = await startService();
  try {
    const at = { baseUrl: service.endpoints.api };
    const { organisationId, played } = await somePeople(options.devices, service.stateDir, at);
    say(`${played.length} devices in service`);
    const begun = Date.now();
    const end = begun + options.seconds * 1000;
    let restarting: Promise<void> | undefined;
    let killedFor = 0;
    for (let count = 0; Date.now() < end; ) {
      const due = Math.floor(((Date.now() - begun) / 1000) * options.eventsPerSecond);
      for (; count < due; count++) happen(played[count % played.length]!, count);
      for (const one of played) void handOver(one);
      if (options.isKilled && !restarting && Date.now() - begun > (options.seconds * 1000) / 2) {
        say(`${seconds(begun)} s: killed`);
        restarting = (async () => {
          await service.kill();
          const killedAt = Date.now();
          await pause(DEAD_MILLISECONDS);
          service = await service.restart();
          at.baseUrl = service.endpoints.api;
          killedFor = Date.now() - killedAt;
          say(`${seconds(begun)} s: started again after ${(killedFor / 1000).toFixed(0)} s`);
        })();
      }
      await pause(200);
    }
    await restarting;
    const behindAtEnd = played.reduce((sum, { unanswered }) => sum + unanswered.length, 0);
    const ended = Date.now();
    while (played.some(({ unanswered }) => unanswered.length > 0)) {
      if (Date.now() - ended > CATCH_UP_SECONDS_MAX * 1000) break;
      for (const one of played) void handOver(one);
      await pause(200);
    }
    say(`${seconds(begun)} s: all answered; ${behindAtEnd} were not at the end of the ${options.seconds} s`);
    return await judge(organisationId, played, service.stateDir, { ...options, behindAtEnd, killedFor });
  } finally {
    await service.stop();
  }
}

/** One more event: a position mostly, sometimes a call for help. */
function happen({ device, sent, unanswered }: Played, count: number): void {
  const position = {
    latitude: 59.91 + (count % 100) / 10_000,
    longitude: 10.75,
    accuracyMetres: 10,
    source: 'satellite' as const,
  };
  const event = device.event({ kind: count % EVENTS_PER_ALARM === 0 ? 'alarm' : 'position', position });
  sent.push(event);
  unanswered.push(event);
}

/** As a device does it: what is not answered is sent again, the newest first so that the order is none. */
async function handOver(one: Played): Promise<void> {
  if (one.isSending || one.unanswered.length === 0) return;
  one.isSending = true;
  one.sendings++;
  try {
    const answer = await one.device.send(one.unanswered.slice(0, BATCH_MAX).toReversed());
    if (answer.status !== 200) return;
    const { taken } = (await answer.json()) as { taken: string[] };
    one.unanswered = one.unanswered.filter(({ id }) => !taken.includes(id));
  } catch {
    // No answer: nobody knows whether it was taken.
  } finally {
    one.isSending = false;
  }
}

async function judge(
  organisationId: OrganisationId,
  played: readonly Played[],
  stateDir: string,
  {
    seconds,
    eventsPerSecond,
    isKilled,
    behindAtEnd,
    killedFor,
  }: ProofOptions & { behindAtEnd: number; killedFor: number },
): Promise<{ failures: string[]; lines: string[] }> {
  const running = await runningServiceOf(stateDir);
  let [lost, twice, alarmsLost, alarmsTwice] = [0, 0, 0, 0];
  for (const { recipientId, sent } of played) {
    const owner = ownerOf(organisationId, recipientId);
    const stored: string[] = [];
    let after: string | undefined;
    do {
      const page = await running.records().list(deviceEventEntity, owner, after === undefined ? {} : { after });
      stored.push(...page.items.map(({ value }) => value.id));
      after = page.next;
    } while (after !== undefined);
    lost += sent.filter(({ id }) => !stored.includes(id)).length;
    twice += stored.length - new Set(stored).size + stored.filter((id) => sent.every((one) => one.id !== id)).length;
    const calls = sent.filter(({ kind }) => kind === 'alarm').length;
    const raised = await raisedFor(running, organisationId, recipientId);
    alarmsLost += Math.max(0, calls - raised);
    alarmsTwice += Math.max(0, raised - calls);
  }
  running.close();
  const sent = played.reduce((sum, one) => sum + one.sent.length, 0);
  const sendings = played.reduce((sum, one) => sum + one.sendings, 0);
  const failures = [
    ...(lost > 0 ? [`${lost} events were lost`] : []),
    ...(twice > 0 ? [`${twice} events were taken twice`] : []),
    ...(alarmsLost > 0 ? [`${alarmsLost} calls for help raised no alarm`] : []),
    ...(alarmsTwice > 0 ? [`${alarmsTwice} calls for help raised more than one alarm`] : []),
    ...(sent < seconds * eventsPerSecond - played.length ? [`only ${sent} events happened`] : []),
    // Unkilled it keeps up: no more waits than a few seconds of events.
    ...(!isKilled && behindAtEnd > 5 * eventsPerSecond ? [`${behindAtEnd} events waited at the end`] : []),
  ];
  const line =
    `${sent} events of ${played.length} devices in ${seconds} s (${(sent / seconds).toFixed(0)} a second), ` +
    `${sendings} requests; ${lost} lost, ${twice} twice; ${behindAtEnd} waited at the end` +
    `${isKilled ? `; killed in the middle, away for ${(killedFor / 1000).toFixed(0)} s` : ''}`;
  return { failures, lines: [line] };
}

/** Times that calls for help were taken for alarms: each adds a line to the log, a new alarm's or a joined one's. */
async function raisedFor(running: Running, organisationId: OrganisationId, recipientId: PersonId): Promise<number> {
  const { activityLog } = running.records();
  let [raised, after] = [0, undefined as string | undefined];
  do {
    const range = { limit: 500, ...(after !== undefined && { after }) };
    const page = await activityLog.ofSubject(ownerOf(organisationId, recipientId), range);
    raised += page.items.filter(({ event }) => event === 'alarm.raised' || event === 'alarm.raised-again').length;
    after = page.next;
  } while (after !== undefined);
  return raised;
}

/** Recipients of the sample organisation, each with a device in service: through the product's own records. */
async function somePeople(count: number, stateDir: string, at: { readonly baseUrl: string }) {
  const running = await runningServiceOf(stateDir);
  const { organisationId } = running.people.flatMap(({ roles }) => roles).find(({ role }) => role === 'administrator')!;
  if (organisationId === 'operator') throw new Error('An administrator of the operator');
  const played: Played[] = [];
  for (let n = 0; n < count; n++) {
    const recipientId = newId('per') as PersonId;
    const pair = generateKeyPairSync('ed25519');
    const id = newId('sdv') as SafetyDeviceId;
    const call = { records: running.records(), now: new Date(), newId } as unknown as Call;
    const person: PersonRecord = {
      id: recipientId,
      organisationId,
      kind: 'member',
      firstName: `Mottaker ${n}`,
      lastName: 'Østby',
      language: 'nb',
      protectedAddress: false,
      placements: [],
    };
    const device: SafetyDevice = {
      id,
      kind: 'tracker',
      registeredAt: call.now.toISOString(),
      registeredBy: recipientId,
    };
    const owner = ownerOf(organisationId, recipientId);
    const ref = safetyDeviceRef(organisationId, recipientId, id);
    await call.records
      .change()
      .put({ entity: personEntity, owner }, person, 'new')
      .point(peoplePointers.person(organisationId, 'member', recipientId))
      .put(ref, device, 'new')
      .activity({ event: 'person.created', subject: owner })
      .commit();
    const place = { organisationId, personId: recipientId };
    await safetyDeviceStore.putKey({ ref, value: device, version: 1 }, place, publicKeyOf(pair.publicKey), call);
    const reach = {
      get baseUrl() {
        return at.baseUrl;
      },
      fetch: (url: string, init: RequestInit) => fetch(url, { ...init, signal: AbortSignal.timeout(20_000) }),
      now: () => new Date(),
    };
    const made = safetyDevice(reach, id, pair);
    played.push({ recipientId, device: made, sent: [], unanswered: [], isSending: false, sendings: 0 });
  }
  running.close();
  return { organisationId, played };
}

const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(0);
