import type { Call } from '../../http/call.ts';
import { ConsentPurposeId, OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { Closed, type Pointer, StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { ANSWER_DAYS, type ConsentState, consentTo, isAnswerOverdue, standingOf } from './consent.ts';
import { factsOf, type Principal, purposeOf } from './principal.ts';
import { type ConsentPurpose, consentPointers, isGivenRow } from './purpose.ts';
import { type House, readHouse, readPrincipal } from './read-principals.ts';
import { askAnew, endConsent } from './writes.ts';

export interface ConsentClock {
  /** A fresh one for each person, opened through restrictions: a consent ends also where its data is restricted. */
  openCall(): Call;
  hasTimeLeft(): boolean;
  log(line: Readonly<Record<string, unknown>>): void;
}

export interface ConsentsTicked {
  readonly asked: number;
  readonly lapsed: number;
  readonly failed: number;
}

/**
 * Once a day in each organisation, and at once after a purpose was changed or retired: children that have reached the
 * age are asked anew, so is whoever consented to what has changed since, and what nobody answered in time lapses.
 * Whatever is interrupted is looked at again: each step is one transaction, and done is done.
 */
export async function tickConsents(clock: ConsentClock): Promise<ConsentsTicked> {
  const ticked = { asked: 0, lapsed: 0, failed: 0 };
  for await (const due of organisationsDue(clock)) {
    await walk(due, clock, ticked).catch((error) => failed(due.organisationId, error, clock, ticked));
  }
  // The others have been served; this makes the clock's alarm ring.
  if (ticked.failed > 0) throw new Error('Some consents could not be looked at');
  return ticked;
}

function failed(organisationId: OrganisationId, error: unknown, clock: ConsentClock, ticked: Tally): void {
  ticked.failed++;
  clock.log({
    event: 'consent-clock.failed',
    organisationId,
    error: error instanceof Error ? error.name : typeof error,
  });
}

type Tally = { -readonly [K in keyof ConsentsTicked]: number };

const ROWS_PER_PAGE = 100;
const LOOKED_AT_AT_ONCE_MAX = 10;

/** An organisation's walk of a day, from where an earlier tick left it. */
interface DueWalk {
  readonly organisationId: OrganisationId;
  readonly day: string;
  readonly after?: string;
}

/** Notes how far it came after each page; what failed is looked at again at the next tick, and not the next day. */
async function walk(due: DueWalk, clock: ConsentClock, ticked: Tally): Promise<void> {
  const { organisationId, day } = due;
  const house = await readHouse(organisationId, clock.openCall().records);
  const failedBefore = ticked.failed;
  const { pk } = consentPointers.of(organisationId, '', '');
  let { after } = due;
  do {
    const range = { limit: ROWS_PER_PAGE, ...(after !== undefined && { after }) };
    const page = house ? await clock.openCall().records.pointers('core', pk, range) : { items: [] };
    const rows = page.items.filter(isGivenRow);
    for (let i = 0; house && i < rows.length; i += LOOKED_AT_AT_ONCE_MAX) {
      if (!clock.hasTimeLeft()) return;
      const some = rows.slice(i, i + LOOKED_AT_AT_ONCE_MAX);
      await Promise.all(some.map((row) => lookAt(house, row, clock, ticked)));
    }
    after = page.next;
    if (ticked.failed === failedBefore)
      await noteWalked({ organisationId, day, ...(after && { after }) }, clock.openCall());
  } while (after !== undefined);
}

async function lookAt(house: House, row: Pointer, clock: ConsentClock, ticked: Tally): Promise<void> {
  const call = clock.openCall();
  const [purposeId, personId] = row.sk.split('#');
  try {
    const principal = await readPrincipal(house, PersonId.parse(personId), call.records, call.now);
    if (!principal) return await forget(row, house, call);
    const purpose = purposeOf(principal, ConsentPurposeId.parse(purposeId));
    const state = purpose && consentTo(principal.states, purpose.id);
    if (!purpose || !state) return;
    const due = whatIsDue(principal, purpose, state, call.now);
    if (due === 'lapse') {
      await lapse(principal, state, call);
      ticked.lapsed++;
    } else if (due !== undefined) {
      await ask(principal, state, due, call);
      ticked.asked++;
    }
  } catch (error) {
    // Answered, or erased, at this very moment: there is another walk.
    if (error instanceof StaleVersion || error instanceof Closed) return;
    failed(house.organisation.id, error, clock, ticked);
  }
}

/** Pure. */
export function whatIsDue(
  principal: Pick<Principal, 'person' | 'guardianIds' | 'today'>,
  purpose: ConsentPurpose,
  state: ConsentState,
  now: Date,
): 'lapse' | 'age' | 'purpose-changed' | undefined {
  const { standing } = standingOf(state, purpose, factsOf(principal, purpose));
  if (standing === 'purpose-retired') return 'lapse';
  if (standing !== 'to-be-asked-anew') return undefined;
  if (isAnswerOverdue(state, now)) return 'lapse';
  if (state.askedAnewAt !== undefined) return undefined;
  const holds = state.givings.some(({ purposeTextVersion }) => purposeTextVersion >= purpose.holdsSinceTextVersion);
  return holds ? 'age' : 'purpose-changed';
}

async function lapse({ organisation, person, statementVersion }: Principal, state: ConsentState, call: Call) {
  const change = call.records.change();
  const { language } = person;
  endConsent(change, { organisationId: organisation.id, state, how: 'lapsed', statementVersion, language }, call);
  await change.commit();
}

/** The child itself, where it has an address, and those who decide for it until it has answered. */
async function ask(
  { organisation, person, guardianIds, statementVersion }: Principal,
  state: ConsentState,
  because: 'age' | 'purpose-changed',
  call: Call,
): Promise<void> {
  const change = call.records.change();
  askAnew(change, { organisationId: organisation.id, state, statementVersion, language: person.language }, call);
  const answerBefore = daysAfter(dayIn(organisation.timeZone, call.now), ANSWER_DAYS);
  const childIds = person.kind === 'child' ? [person.id] : [];
  for (const personId of new Set([person.id, ...guardianIds])) {
    const to = ownerOf(organisation.id, personId);
    queueNotice(change, { to, template: 'consent-asked-anew', parameters: { because, answerBefore, childIds } }, call);
  }
  await change.commit();
}

/** The person is gone: so is the row that led to them. */
async function forget(row: Pointer, { organisation }: House, call: Call): Promise<void> {
  await call.records
    .change()
    .unpoint(row)
    .activity({ event: 'consent.forgotten', subject: organisationOwner(organisation.id) })
    .commit();
}

async function* organisationsDue(clock: ConsentClock): AsyncGenerator<DueWalk> {
  const { pk } = organisationPointers.all('' as OrganisationId);
  let after: string | undefined;
  do {
    const { records, now } = clock.openCall();
    const page = await records.pointers('core', pk, after === undefined ? {} : { after });
    const ids = page.items.map(({ sk }) => OrganisationId.parse(sk));
    const walked = await records.pointersAt(ids.map((id) => consentPointers.walked(id)));
    for (const [i, organisationId] of ids.entries()) {
      if (!clock.hasTimeLeft()) return;
      const timeZone = page.items[i]?.attributes?.['timeZone'];
      const day = dayIn(typeof timeZone === 'string' ? timeZone : 'Europe/Oslo', now);
      const { day: walkedOn, after: walkedTo } = walked[i]?.attributes ?? {};
      if (walkedOn !== day) yield { organisationId, day };
      else if (typeof walkedTo === 'string') yield { organisationId, day, after: walkedTo };
    }
    after = page.next;
  } while (after !== undefined);
}

/** Without `after` the day's walk is done. */
async function noteWalked({ organisationId, ...walked }: DueWalk, call: Call): Promise<void> {
  await call.records
    .change()
    .point({ ...consentPointers.walked(organisationId), attributes: { ...walked } })
    .activity({ event: 'consents.walked', subject: organisationOwner(organisationId), detail: { day: walked.day } })
    .commit();
}
