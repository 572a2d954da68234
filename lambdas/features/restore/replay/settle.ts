import { AccountId } from '../../../http/ids.ts';
import type { Owner } from '../../../platform/entity.ts';
import type { RawRow } from '../../../platform/partition-rows.ts';
import type { Pointer, PointerKey, Records } from '../../../platform/records.ts';
import { accountOwner, accountRef } from '../../accounts/account.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { save } from '../../erasure/eraser.ts';
import { type Erasure, erasurePointers, erasureRef, type Place, placeOf } from '../../erasure/erasure.ts';
import type { StepContext } from '../step.ts';
import { chunksOf } from './chunks.ts';
import { noted } from './notes.ts';
import type { Replay } from './replay.ts';
import { listedIn, pointersOfRights } from './rights-pointers.ts';

const WRITES_PER_CHANGE = 90;

interface Settled {
  /** The owner that was settled last; absent when all are. */
  readonly cursor?: string;
  readonly pointers: number;
}

/** Makes the rows of Core that lead to Rights agree with it, for everyone whose rights have moved since the backup. */
export async function settlePointers(context: Replay, eraser: Eraser, after: string): Promise<Settled> {
  let controller: Owner['controller'] | undefined;
  let lists: Awaited<ReturnType<typeof listedIn>> = new Map();
  let pointers = 0;
  for (const name of await noted(context, 'rights')) {
    if (name <= after) continue;
    const owner = ownerIn(name);
    if (owner.controller !== controller) {
      controller = owner.controller;
      lists = await listedIn(controller, eraser);
    }
    pointers += await settle(context, eraser, owner, lists.get(owner.subject) ?? []);
    if (!context.hasTimeLeft()) return { cursor: name, pointers };
  }
  return { pointers };
}

function ownerIn(name: string): Owner {
  const [controller, subject] = name.split('#');
  return { controller, subject } as Owner;
}

async function settle(
  { openCall }: StepContext,
  eraser: Eraser,
  owner: Owner,
  listed: readonly RawRow[],
): Promise<number> {
  const wanted = new Map(
    (await pointersOfRights(owner, openCall(true).records, eraser)).map((pointer) => [idOf(pointer), pointer]),
  );
  const stale = listed.filter((row) => !wanted.has(idOf(row)));
  const there = new Map((await eraser.rows.at([...wanted.values()])).map((row) => [idOf(row), row]));
  const missing = [...wanted.values()].filter((pointer) => !isThere(pointer, there.get(idOf(pointer))));
  const writes = [
    ...stale.map(({ pk, sk }) => ({ unpoint: { table: 'core', pk, sk } satisfies PointerKey })),
    ...missing.map((point) => ({ point })),
  ];
  for (const some of chunksOf(writes, WRITES_PER_CHANGE)) {
    const change = openCall(true).records.change();
    for (const write of some) 'point' in write ? change.point(write.point) : change.unpoint(write.unpoint);
    await change
      .activity({ event: 'restore.pointers-settled', subject: owner, detail: { rows: some.length } })
      .commit();
  }
  return writes.length;
}

const idOf = ({ pk, sk }: Pick<PointerKey, 'pk' | 'sk'>) => `${pk}|${sk}`;

const isThere = ({ attributes = {} }: Pointer, row: RawRow | undefined): boolean =>
  row !== undefined && Object.entries(attributes).every(([name, value]) => row.attributes[name] === value);

/**
 * Erasures that are not at their end go on after the switch. What their survey had put down was in Transient, and is
 * gone: those whose keys still open are surveyed again. Of the others, and of whoever came after the backup, only Cognito's
 * user and SES's list are not found any more; the alarm tells of them, so that the operator removes them by hand.
 */
export async function surveyAgain({ openCall, isDrill, log }: StepContext, eraser: Eraser) {
  const figures = { erasuresSurveyedAgain: 0, erasuresWithoutTraces: 0 };
  for await (const { sk, attributes } of eraser.rows.of('rights', erasurePointers.unfinished('').pk)) {
    const place = placeOf(sk as Erasure['id'], attributes);
    const { records } = openCall(true);
    const stored = place && (await records.get(erasureRef(place)));
    if (!stored) continue;
    const { state, tracesId, tracesErasedAt } = stored.value;
    const isAccountLost = state === 'surveyed' && (await lostAccount(stored.value, place, records));
    if (state === 'surveyed') {
      await save(records.change(), stored, place, { state: 'ordered' })
        .activity({ event: 'erasure.survey-outdated', subject: place.owner, about: [place.id] })
        .commit();
      figures.erasuresSurveyedAgain++;
    }
    const areTracesLost = state === 'fenced' && tracesId !== undefined && tracesErasedAt === undefined;
    if (!areTracesLost && !isAccountLost) continue;
    // A drill has left the service's own Transient as it is.
    const metric = isDrill ? {} : { metric: 'erasure-without-traces' };
    const facts = { ...metric, erasureId: place.id, controller: place.owner.controller };
    log({ event: 'restore.erasure-without-traces', ...facts });
    figures.erasuresWithoutTraces++;
  }
  return figures;
}

/** Its record was lost with the tables, while its keys are open: no second survey finds its user. */
async function lostAccount({ accountId }: Erasure, { owner }: Place, records: Records): Promise<boolean> {
  const id = AccountId.safeParse(owner.subject).data ?? accountId;
  if (id === undefined) return false;
  const [account, states] = await Promise.all([records.get(accountRef(id)), records.keyStates(accountOwner(id))]);
  return account === undefined && states.get('account') !== 'ERASED';
}
