import type { Call } from '../../http/call.ts';
import type { RequestId } from '../../http/ids.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type Pointer, type Records, StaleVersion } from '../../platform/records.ts';
import { orderErasure } from '../erasure/order.ts';
import { type ExportRecord, exportRef, holderOf } from '../exports/export.ts';
import { audienceOf, carryOut } from './carry-out.ts';
import { end, execute } from './decisions.ts';
import { isAnsweredByCopy, isOverdue, textErasedFrom, warningsDue } from './due.ts';
import { holdsOn } from './hold.ts';
import { duePartition, dueShards, ownerOfRequest, type RequestRecord, requestRef } from './request.ts';
import type { StoredRequest } from './save.ts';
import { controllers, requester, type Step, step } from './step.ts';

/** Rows of one query; the rest of a shard is read in the same run, page by page. */
const PAGE_ITEMS_MAX = 100;

export interface RequestClock {
  /** A fresh one for each request, open through a restriction. */
  openCall(): Call;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  log(line: { readonly event: string; readonly requestId?: string; readonly error?: string }): void;
}

interface RequestsTicked {
  looked: number;
  warned: number;
  overdue: number;
  incomplete: number;
  executed: number;
  ended: number;
  textsErased: number;
  failed: number;
}

/**
 * Every quarter of an hour, for each request whose time has come: warns of its end, alarms when that has passed or a
 * part has failed, carries out what had to wait, ends what was to end, and destroys what was said 30 days after the
 * answer. Running it twice, or twice at once, changes nothing more.
 */
export async function tickRequests(clock: RequestClock): Promise<RequestsTicked> {
  const ticked: RequestsTicked = {
    looked: 0,
    warned: 0,
    overdue: 0,
    incomplete: 0,
    executed: 0,
    ended: 0,
    textsErased: 0,
    failed: 0,
  };
  for (const shard of dueShards) {
    for await (const pointer of dueIn(shard, clock)) {
      ticked.looked++;
      const id = pointer.sk.slice(pointer.sk.lastIndexOf('#') + 1) as RequestId;
      try {
        await tickOne(id, pointer, clock, ticked);
      } catch (error) {
        // Somebody else was faster: the next run looks at what they did.
        if (error instanceof StaleVersion) continue;
        ticked.failed++;
        clock.log({ event: 'request-tick-failed', requestId: id, error: errorName(error) });
      }
    }
  }
  return ticked;
}

async function tickOne(id: RequestId, pointer: Pointer, clock: RequestClock, ticked: RequestsTicked): Promise<void> {
  const call = clock.openCall();
  // Written by saveRequest, and by nobody else.
  const { controller, subject } = pointer.attributes as { controller: ControllerId; subject: Owner['subject'] };
  const owner: Owner = { controller, subject };
  const stored = await call.records.get(requestRef(owner, id));
  if (!stored || stored.value.nextAt === undefined || `${stored.value.nextAt}#${id}` !== pointer.sk) {
    // The register's entry is gone with its term, or has been moved: nothing is due here.
    const change = call.records.change().unpoint(pointer);
    await change.activity({ event: 'request.row-dropped', subject: owner, about: [id] }).commit();
    return;
  }
  const due = await stepDue(stored, call);
  await take(due, stored, owner, call);
  for (const event of due.events) report(event, id, clock, ticked);
}

type DueStep = Step & { readonly events: readonly Step['event'][] };

/** All that has to be done now, each decided on what the one before leaves behind; written as one step. */
async function stepDue(stored: StoredRequest, { records, now }: Call): Promise<DueStep> {
  const { ref, value } = stored;
  const copy = await exportStateOf(stored, records);
  const holds = value.state === 'approved' ? (await holdsOn(records, ref.owner)).length : 0;
  const decisions = [
    (request: RequestRecord) => end(request, now),
    (request: RequestRecord) => execute(request, holds, now),
    (request: RequestRecord) => awaitsRedaction(request, copy, now),
    (request: RequestRecord) => incomplete(request, copy, now),
    (request: RequestRecord) => overdue(request, now),
    (request: RequestRecord) => warning(request, now),
    (request: RequestRecord) => textErased(request, now),
  ];
  const steps: Step[] = [];
  for (const decide of decisions) {
    const decided = decide(steps.at(-1)?.after ?? value);
    if (decided) steps.push(decided);
  }
  // None: it was looked at too early, or a legal hold keeps it waiting.
  const last = steps.at(-1) ?? step(value, 'request.looked-at', now);
  return {
    after: last.after,
    event: last.event,
    events: steps.map(({ event }) => event),
    effects: steps.flatMap(({ effects }) => effects),
    tell: steps.flatMap(({ tell }) => tell),
  };
}

function warning(request: RequestRecord, now: Date): Step | undefined {
  const days = warningsDue(request, now);
  if (days.length === 0) return undefined;
  const warned = [...request.warned, ...days];
  return step({ ...request, warned }, 'request.warned', now, { tell: [controllers('request-due')] });
}

function overdue(request: RequestRecord, now: Date): Step | undefined {
  if (!isOverdue(request, now)) return undefined;
  const isNew = request.overdueSince === undefined;
  const after = { ...request, overdueSince: request.overdueSince ?? now.toISOString() };
  return step(after, 'request.overdue', now, { tell: isNew ? [controllers('request-overdue')] : [] });
}

/**
 * Told once, alarmed each time. An erasure tries again by itself, for as long as it takes; a copy is given up after a few
 * tries, and ordered anew here.
 */
function incomplete(request: RequestRecord, copy: ExportState, now: Date): Step | undefined {
  if (request.state !== 'incomplete') return undefined;
  const isTold = request.incompleteToldAt !== undefined;
  const after = { ...request, incompleteToldAt: request.incompleteToldAt ?? now.toISOString() };
  const isGivenUp = isAnsweredByCopy(request) && (copy === undefined || copy === 'failed');
  return step(after, 'request.still-incomplete', now, {
    effects: isGivenUp ? ['order-export'] : [],
    tell: isTold ? [] : [requester('request-incomplete')],
  });
}

/** Others' data stands in the copy: whoever answers for it looks it through first (Art. 15(4)). */
function awaitsRedaction(request: RequestRecord, copy: ExportState, now: Date): Step | undefined {
  if (!isBeingCopied(request) || copy !== 'awaiting-redaction') return undefined;
  const tell = [controllers('request-to-decide')];
  return step({ ...request, state: 'awaiting-decision' }, 'request.awaiting-redaction', now, { tell });
}

type ExportState = ExportRecord['state'] | undefined;
const isBeingCopied = ({ state }: RequestRecord): boolean => state === 'executing' || state === 'incomplete';

/** How far the copy has come that was ordered for the request; undefined where none is there. */
async function exportStateOf({ ref, value }: StoredRequest, records: Records): Promise<ExportState> {
  const { exportId, askedBy, id } = value;
  if (!isBeingCopied(value) || exportId === undefined) return undefined;
  return (await records.get(exportRef(holderOf(ref.owner, audienceOf(askedBy), id), exportId)))?.value.state;
}

/** What was said, the reply address and the claim go with the request's own key. */
function textErased(request: RequestRecord, now: Date): Step | undefined {
  const { closedAt, textErasedAt } = request;
  if (closedAt === undefined || textErasedAt !== undefined) return undefined;
  if (now.toISOString() < textErasedFrom({ ...request, closedAt })) return undefined;
  return step({ ...request, textErasedAt: now.toISOString() }, 'request.text-erased', now);
}

async function take(decided: DueStep, before: StoredRequest, owner: Owner, call: Call): Promise<void> {
  const write = async (taken: Step) => {
    const change = call.records.change();
    await carryOut(change, { owner, before, step: taken, text: undefined }, call);
    if (decided.events.includes('request.text-erased')) {
      const itself = ownerOfRequest(owner.controller, taken.after.id);
      orderErasure(change, { id: call.newId('ers'), owner: itself, of: owner, cause: 'retention' }, call.now);
    }
    await change.commit();
  };
  try {
    await write(decided);
  } catch (error) {
    // Whoever was to be told is being erased at this moment: the step is taken without the letter.
    if (!(error instanceof Closed) || decided.tell.length === 0) throw error;
    await write({ ...decided, tell: [] });
  }
}

/** An alarm counts the lines of `request-overdue` and of `request-incomplete`. */
function report(event: Step['event'], requestId: RequestId, clock: RequestClock, ticked: RequestsTicked): void {
  const counted = counts[event];
  if (counted) ticked[counted]++;
  if (event === 'request.overdue') clock.log({ event: 'request-overdue', requestId });
  if (event === 'request.still-incomplete') clock.log({ event: 'request-incomplete', requestId });
}

const counts: Readonly<Partial<Record<Step['event'], keyof RequestsTicked>>> = {
  'request.warned': 'warned',
  'request.overdue': 'overdue',
  'request.still-incomplete': 'incomplete',
  'request.executed': 'executed',
  'request.ended': 'ended',
  'request.text-erased': 'textsErased',
};

/** The rows of a shard whose instant has come, page by page, while there is time. */
async function* dueIn(shard: number, clock: RequestClock): AsyncGenerator<Pointer> {
  for (let after: string | undefined; clock.hasTimeLeft(); ) {
    const { records, now } = clock.openCall();
    // `~` sorts after the id, so that what is due this very millisecond is in.
    const range = { from: '0', to: `${now.toISOString()}~`, limit: PAGE_ITEMS_MAX };
    const { items, next } = await records.pointers('core', duePartition(shard), {
      ...range,
      ...(after !== undefined && { after }),
    });
    for (const pointer of items) {
      if (!clock.hasTimeLeft()) return;
      yield pointer;
    }
    if (next === undefined) return;
    after = next;
  }
}
