import type { RoleName } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import { OrganisationId, type PersonId } from '../../http/ids.ts';
import { dayIn, daysOfWeek, instantOf, weekOf } from '../../platform/calendar.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { roleOwner } from '../access/role.ts';
import { accountLinkEntity, accountOwner } from '../accounts/account.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { operatorItself } from '../registers/operator-itself.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { parseHead, type SignedCheckpoint } from './checkpoint.ts';
import type { TransparencyLog } from './log.ts';
import { witnessText } from './witness-text.ts';

/** When the letter of the week goes out, where the organisation is. */
const MONDAY_MORNING = '06:00';
const OPERATORS_ZONE = 'Europe/Oslo';
/** Where a Monday begins first. */
const FIRST_ZONE = 'Pacific/Kiritimati';

export interface WitnessClock {
  readonly log: Pick<TransparencyLog, 'checkpoint'>;
  /** Where the public keys are read: `https://…/v1/proofs/keys`. */
  readonly keysUrl: string;
  /** A fresh one for each organisation: what was read for one must not be trusted for the next. */
  openCall(): Call;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  report(line: { readonly event: string; readonly about: string; readonly error: string }): void;
}

interface Witnessed {
  /** Controllers whose letter of the week has been written in this run. */
  mailed: number;
  failed: number;
}

/**
 * From Monday morning: mails each controller's signed checkpoint to its privacy officers, who are witnesses that we have
 * no hold on. Once a week and controller, whenever in the week the service gets to it; whoever has no log yet gets none.
 */
export async function mailCheckpoints(clock: WitnessClock): Promise<Witnessed> {
  const witnessed: Witnessed = { mailed: 0, failed: 0 };
  const { now, records } = clock.openCall();
  const leadingWeek = weekOf(dayIn(FIRST_ZONE, now));
  const [finished] = await records.pointersAt([finishedPointer]);
  if (finished?.attributes?.['week'] === leadingWeek) return witnessed;

  let isFinished = await tried('operator', OPERATORS_ZONE, leadingWeek, clock, witnessed);
  for await (const { sk, attributes } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const timeZone = String(attributes?.['timeZone'] ?? OPERATORS_ZONE);
    const isDone = await tried(OrganisationId.parse(sk), timeZone, leadingWeek, clock, witnessed);
    isFinished &&= isDone;
  }
  if (isFinished && clock.hasTimeLeft()) await finish(leadingWeek, clock);
  return witnessed;
}

/** True when the controller has had the leading week's letter. What fails must not keep the others waiting. */
async function tried(
  controller: ControllerId,
  timeZone: string,
  leadingWeek: string,
  clock: WitnessClock,
  witnessed: Witnessed,
): Promise<boolean> {
  const call = clock.openCall();
  const week = weekOf(dayIn(timeZone, call.now));
  const [monday = ''] = daysOfWeek(week) ?? [];
  if (call.now < instantOf(timeZone, monday, MONDAY_MORNING)) return false;
  try {
    if (await mail(controller, { week, timeZone }, clock, call)) witnessed.mailed++;
    return week === leadingWeek;
  } catch (error) {
    // Erased meanwhile: there is nobody left to write to.
    if (error instanceof Closed) return true;
    // Another run was faster: what it did is looked at in the next one.
    if (error instanceof StaleVersion) return false;
    witnessed.failed++;
    clock.report({
      event: 'checkpoint-not-mailed',
      about: controller,
      error: errorName(error),
    });
    return false;
  }
}

/** False when there is nothing to do, or no log. */
async function mail(
  controller: ControllerId,
  { week, timeZone }: { readonly week: string; readonly timeZone: string },
  { log, keysUrl }: WitnessClock,
  call: Call,
): Promise<boolean> {
  const mailed = mailedPointer(week, controller);
  if ((await call.records.pointersAt([mailed]))[0]) return false;
  const signed = await log.checkpoint(controller);
  if (!signed) return false;
  const witnesses = (await witnessesOf(controller, timeZone, call)).slice(0, CONTROLLERS_TOLD_MAX);
  const change = call.records.change();
  const parameters = parametersOf(signed, keysUrl);
  for (const to of witnesses) queueNotice(change, { to, template: 'log-checkpoint', parameters }, call);
  await change
    .point(mailed, { ifNew: () => new StaleVersion('The letter has been written meanwhile') })
    .unpoint(mailedPointer(weekBefore(week), controller))
    .activity({
      event: 'log.checkpoint-mailed',
      subject: controller === 'operator' ? operatorItself : organisationOwner(controller as OrganisationId),
      detail: { size: signed.checkpoint.size, count: witnesses.length },
    })
    .commit();
  return true;
}

function parametersOf(signed: SignedCheckpoint, keysUrl: string) {
  const { head } = parseHead(signed.head.text);
  return { events: signed.checkpoint.size, signedAt: head.at, text: witnessText(signed), keysUrl };
}

/** Privacy officers; where there is none who can be reached, those who answer instead. */
async function witnessesOf(controller: ControllerId, timeZone: string, call: Call): Promise<Owner[]> {
  const instead = controller === 'operator' ? 'platform-operator' : 'administrator';
  for (const role of ['privacy-officer', instead] as const satisfies readonly RoleName[]) {
    const holders = await decidersOf(call.records, controller, timeZone, call.now, [role]);
    const witnesses = await recipients(controller, holders, call);
    if (witnesses.length > 0) return witnesses;
  }
  return [];
}

async function recipients(controller: ControllerId, holders: readonly PersonId[], call: Call): Promise<Owner[]> {
  if (controller !== 'operator') {
    const reached = await reachable(call.records, controller as OrganisationId, holders);
    return reached.map((personId) => ownerOf(controller as OrganisationId, personId));
  }
  // The operator's staff are written to at their accounts.
  const links = await call.records.getMany(
    holders.map((personId) => ({ entity: accountLinkEntity, owner: roleOwner(controller, personId) })),
  );
  return links.flatMap((link) => (link ? [accountOwner(link.value.accountId)] : []));
}

async function finish(week: string, { openCall }: WitnessClock): Promise<void> {
  await openCall()
    .records.change()
    .point({ ...finishedPointer, attributes: { week } })
    .activity({ event: 'log.checkpoints-mailed', subject: operatorItself, detail: { week } })
    .commit();
}

const mailedPointer = (week: string, controller: ControllerId): PointerKey => ({
  table: 'core',
  pk: `operator#WITNESSED#${week}`,
  sk: controller,
});
const finishedPointer: PointerKey = { table: 'core', pk: 'operator#WITNESSED', sk: 'FINISHED' };

function weekBefore(week: string): string {
  const [monday = ''] = daysOfWeek(week) ?? [];
  return weekOf(new Date(Date.parse(monday) - 1).toISOString().slice(0, 'YYYY-MM-DD'.length));
}
