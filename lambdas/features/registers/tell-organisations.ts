import type { Call } from '../../http/call.ts';
import { BreachId, OrganisationId } from '../../http/ids.ts';
import { type Change, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { type NoticeRequest, queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import {
  type Breach,
  breachPointers,
  breachRef,
  type Incident,
  incidentRef,
  reportDueAt,
  tellDueAt,
  withPhase,
} from './breach.ts';
import { putBreach } from './breach-writes.ts';
import { type RegistersClock, type RegistersTicked, tried } from './clock.ts';
import { operatorItself } from './operator-itself.ts';
import { lastDayToObject, SubProcessorChange } from './sub-processor.ts';
import { subProcessorPointers } from './sub-processor-pointers.ts';

/** Tells every controller of the announced changes of sub-processors (AT-03). What was done is not done again. */
export async function tellOfSubProcessors(clock: RegistersClock, ticked: RegistersTicked): Promise<void> {
  for await (const toTell of pointersIn(subProcessorPointers.toTell(0), clock)) {
    const version = Number(toTell.attributes?.['version']);
    const { records } = clock.openCall();
    const [row] = await records.pointersAt([subProcessorPointers.change(version)]);
    const change = SubProcessorChange.parse(JSON.parse(String(row?.attributes?.['change'])));
    const isDone = await forEvery(everyOrganisation, clock, ticked, async (organisationId) => {
      if (await tellOfChange(change, organisationId, clock.openCall())) ticked.toldOfSubProcessors++;
    });
    if (isDone) await conclude([toTell], 'sub-processor.told', { version }, clock);
  }
}

async function tellOfChange(change: SubProcessorChange, organisationId: OrganisationId, call: Call): Promise<boolean> {
  const { version, kind, effectiveOn, subProcessor, subProcessorId } = change;
  const told = subProcessorPointers.told(version, organisationId);
  if (await isThere(told, call)) return false;
  const supplier = subProcessor?.name ?? subProcessorId ?? '';
  const parameters = { kind, supplier, effectiveOn, objectBefore: lastDayToObject(change) };
  const written = call.records.change();
  const count = await tellDeciders(written, organisationId, { template: 'sub-processor-change', parameters }, call);
  await written
    .point({ ...told, attributes: { at: call.now.toISOString() } }, { ifNew: toldMeanwhile })
    .activity({
      event: 'sub-processor.organisation-told',
      subject: organisationOwner(organisationId),
      detail: { version, count },
    })
    .commit();
  return true;
}

/** Tells the organisations affected of breaches at the operator, phase by phase, with the facts (ALL-08). */
export async function tellOfBreaches(clock: RegistersClock, ticked: RegistersTicked): Promise<void> {
  for await (const toTell of pointersIn(breachPointers.toTell('' as BreachId, 0), clock)) {
    const breachId = BreachId.parse(toTell.attributes?.['breachId']);
    const phase = Number(toTell.attributes?.['phase']);
    const incident = (await clock.openCall().records.get(incidentRef(breachId)))?.value;
    if (!incident) continue;
    const affected =
      incident.affects === 'every-organisation'
        ? everyOrganisation
        : breachPointers.affected(breachId, '' as OrganisationId).pk;
    const isDone = await forEvery(affected, clock, ticked, async (organisationId) => {
      if (await tellOfBreach(incident, phase, organisationId, clock.openCall())) ticked.toldOfBreaches++;
    });
    const deadline = breachPointers.deadline(tellDueAt(incident), breachId, 'tell', 'operator');
    if (isDone) await conclude([toTell, deadline], 'breach.told', { phase }, clock);
  }
}

/** The breach stands in the organisation's own register, under the operator's id for it; its 72 hours run from now. */
async function tellOfBreach(incident: Incident, phase: number, organisationId: OrganisationId, call: Call) {
  const told = breachPointers.told(incident.id, phase, organisationId);
  if (await isThere(told, call)) return false;
  const now = call.now.toISOString();
  const before = await call.records.get(breachRef(organisationId, incident.id));
  const after = before ? withPhasesOf(incident, before.value) : firstToldOf(incident, now);
  const change = call.records.change();
  // Phases that came together are told of together.
  const isNews = after.phases.length > (before?.value.phases.length ?? 0);
  if (isNews) {
    putBreach(change, organisationId, before, after);
    const parameters = {
      breachId: incident.id,
      phase: before ? phase : 1,
      knownAt: incident.knownAt,
      reportDueAt: reportDueAt(after),
    };
    await tellDeciders(change, organisationId, { template: 'breach-told', parameters }, call);
  }
  await change
    .point({ ...told, attributes: { at: now } }, { ifNew: toldMeanwhile })
    .activity({
      event: 'breach.organisation-told',
      subject: organisationOwner(organisationId),
      about: [incident.id],
      detail: { phase },
    })
    .commit();
  return isNews;
}

const firstToldOf = ({ id, phases }: Incident, now: string): Breach => ({
  id,
  knownAt: now,
  phases,
  reports: [],
  personsTold: 0,
});

function withPhasesOf(incident: Incident, breach: Breach): Breach {
  const known = new Set(breach.phases.flatMap(({ at, from }) => (from === 'operator' ? [at] : [])));
  return incident.phases.filter(({ at }) => !known.has(at)).reduce(withPhase, breach);
}

const everyOrganisation = organisationPointers.all('' as OrganisationId).pk;

/** True when all have been gone through; false when time ran out, or when one failed and must be tried again. */
async function forEvery(
  pk: string,
  clock: RegistersClock,
  ticked: RegistersTicked,
  tell: (organisationId: OrganisationId) => Promise<void>,
): Promise<boolean> {
  let isDone = true;
  for await (const { sk } of pointersIn({ table: 'core', pk }, clock)) {
    const isTold = await tried(sk, clock, ticked, () => tell(OrganisationId.parse(sk)));
    isDone &&= isTold;
  }
  return isDone && clock.hasTimeLeft();
}

async function conclude(
  rows: readonly PointerKey[],
  event: 'sub-processor.told' | 'breach.told',
  detail: Readonly<Record<string, number>>,
  clock: RegistersClock,
): Promise<void> {
  const change = clock.openCall().records.change();
  for (const { table, pk, sk } of rows) change.unpoint({ table, pk, sk });
  await change.activity({ event, subject: operatorItself, detail }).commit();
}

const isThere = async (key: PointerKey, { records }: Call) => (await records.pointersAt([key]))[0] !== undefined;
const toldMeanwhile = () => new StaleVersion('The organisation was told meanwhile');

type Content = Pick<
  Extract<NoticeRequest, { template: 'sub-processor-change' | 'breach-told' }>,
  'template' | 'parameters'
>;

/** Its administrators and privacy officers; nobody where there is none: the register in the application still says it. */
async function tellDeciders(change: Change, organisationId: OrganisationId, content: Content, call: Call) {
  const organisation = await call.records.get(organisationRef(organisationId));
  if (!organisation) return 0;
  const deciders = await decidersOf(call.records, organisationId, organisation.value.timeZone, call.now);
  const told = (await reachable(call.records, organisationId, deciders)).slice(0, CONTROLLERS_TOLD_MAX);
  for (const id of told) queueNotice(change, { to: ownerOf(organisationId, id), ...content } as NoticeRequest, call);
  return told.length;
}
