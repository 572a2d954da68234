import type { Call } from '../../http/call.ts';
import { type OpenEventId, SignUpId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { Closed, type Pointer, StaleVersion } from '../../platform/records.ts';
import { organisationOf, outsiderOf } from '../forms/form.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import type { StoredEvent } from './handlers.ts';
import { counted, movingUp, openEventRef, signUpKey, signUpRef, signUpRow } from './open-event.ts';
import { tell } from './store.ts';

/** Sign-ups of one event that are looked at in one run. */
const SIGN_UPS_MAX = 5_000;

/** Opens a fresh call for each step; false when there is no time left. */
interface Clock {
  openCall(): Call;
  hasTimeLeft(): boolean;
}

/**
 * Gives free places to those who wait, in their order, and tells those who have signed up what has changed; each in a
 * transaction of its own, so that whatever is interrupted goes on where it was. True when nothing is left to do.
 */
export async function tickOpenEvent(owner: Owner, id: OpenEventId, clock: Clock): Promise<boolean> {
  return (await moveUp(owner, id, clock)) && (await tellAll(owner, id, clock));
}

async function moveUp(owner: Owner, id: OpenEventId, clock: Clock): Promise<boolean> {
  const { records } = clock.openCall();
  const ref = openEventRef(organisationOf(owner), id);
  const event = await records.get(ref);
  if (!event || event.value.waiting === 0) return true;
  const rows = await signUpsOf(event, undefined, clock);
  const waiting = rows
    .filter(({ attributes }) => attributes?.['state'] === 'waiting')
    .map((row) => ({ row, people: Number(row.attributes?.['people'] ?? 1) }));
  for (const { row } of movingUp(event.value, waiting)) {
    if (!clock.hasTimeLeft()) return false;
    await moveOne(row, event, clock.openCall());
  }
  return true;
}

async function moveOne(row: Pointer, { ref, value }: StoredEvent, call: Call): Promise<void> {
  const organisationId = organisationOf(ref.owner);
  const owner = outsiderOf(organisationId, idIn(row));
  const [event, stored] = await call.records.together([openEventRef(organisationId, value.id), signUpRef(owner)]);
  if (!event || stored?.value.state !== 'waiting') return;
  const { people } = stored.value;
  const after = { ...stored.value, state: 'place' } as const;
  const change = call.records
    .change()
    .put(event.ref, counted(counted(event.value, 'waiting', -people), 'place', people), { version: event.version })
    .put(stored.ref, after, { version: stored.version })
    .point(signUpRow(organisationId, after));
  tell(change, owner, 'moved-up', call);
  const about = { subject: organisationOwner(organisationId), about: [value.id, after.id] };
  await unlessOvertaken(change.activity({ event: 'sign-up.moved-up', ...about }).commit());
}

async function tellAll(owner: Owner, id: OpenEventId, clock: Clock): Promise<boolean> {
  const organisationId = organisationOf(owner);
  const ref = openEventRef(organisationId, id);
  const event = await clock.openCall().records.get(ref);
  const news = event?.value.tell;
  if (!event || !news) return true;
  for (const row of await signUpsOf(event, news.after, clock)) {
    if (!clock.hasTimeLeft()) return false;
    const call = clock.openCall();
    const current = await call.records.get(ref);
    // Changed again meanwhile: everybody is told from the beginning, at the next run.
    if (current?.value.tell?.at !== news.at) return false;
    const change = call.records.change();
    const after = { ...current.value, tell: { ...news, after: idIn(row) } };
    change.put(ref, after, { version: current.version });
    tell(change, outsiderOf(organisationId, idIn(row)), `event-${news.what}`, call);
    const about = { subject: organisationOwner(organisationId), about: [id, idIn(row)] };
    await unlessOvertaken(change.activity({ event: 'sign-up.told', ...about, detail: { what: news.what } }).commit());
  }
  const last = await clock.openCall().records.get(ref);
  if (last?.value.tell?.at !== news.at) return false;
  const { tell: _, ...told } = last.value;
  await clock
    .openCall()
    .records.change()
    .put(ref, told, { version: last.version })
    .activity({ event: 'open-event.all-told', subject: organisationOwner(organisationId), about: [id] })
    .commit();
  return true;
}

async function signUpsOf({ ref, value }: StoredEvent, after: SignUpId | undefined, clock: Clock): Promise<Pointer[]> {
  const { table, pk, sk } = signUpKey(organisationOf(ref.owner), value.id, '');
  const found: Pointer[] = [];
  for (let from = after === undefined ? undefined : `${sk}${after}`; found.length < SIGN_UPS_MAX; ) {
    const page = await clock
      .openCall()
      .records.pointers(table, pk, { prefix: sk, ...(from !== undefined && { after: from }) });
    found.push(...page.items);
    if (page.next === undefined) break;
    from = page.next;
  }
  return found;
}

const idIn = ({ sk }: Pointer) => SignUpId.parse(sk.slice(sk.lastIndexOf('#') + 1));

/** Somebody has cancelled, or signed up, at this moment: the next run looks again. */
async function unlessOvertaken(committed: Promise<unknown>): Promise<void> {
  try {
    await committed;
  } catch (error) {
    if (!(error instanceof StaleVersion) && !(error instanceof Closed)) throw error;
  }
}
