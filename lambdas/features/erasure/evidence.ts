import { ErasureId, RequestId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { keptThroughErasure, keyOf, type Owner } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import { type Change, type Pointer, type PointerKey, type Records, StaleVersion } from '../../platform/records.ts';
import { isInForce } from '../requests/decisions.ts';
import { requestEntity, requestPointers, requestRef } from '../requests/request.ts';
import { dueDay } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';
import type { Eraser } from './eraser.ts';
import { erasurePointers, erasureRef, isDependant, isOrganisation, type Place, placeOf } from './erasure.ts';
import { isKept, partitionsOf } from './partitions.ts';
import { Removal } from './removal.ts';

/** The operator's own days. */
const OPERATORS_ZONE = 'Europe/Oslo';
const REQUESTS_READ_MAX = 200;

type Kept = Pick<Place, 'owner' | 'holder'>;

/**
 * What the law keeps of whoever is erased, of a request and of a consent, by the day on which its three years are over.
 * `isFenced`: its key is gone, its rows may still be there.
 */
const evidenceRow = ({ owner, holder }: Kept, day: string, isFenced = false): Pointer => ({
  table: 'rights',
  pk: 'EVIDENCE-DUE',
  sk: `${day}#${owner.controller}#${owner.subject}${isFenced ? '#FENCED' : ''}`,
  attributes: { controller: owner.controller, subject: owner.subject, holder: holder.subject, isFenced },
});

/** Puts down in the fence's transaction (one write) when the evidence ends: three years after it last mattered. */
export async function endEvidenceLater(change: Change, kept: Kept, records: Records, now: Date): Promise<void> {
  change.point(evidenceRow(kept, dayAfterTerm(await lastMattered(kept, records, now))));
}

const dayAfterTerm = (instant: string) => dueDay(terms.consent, instant, OPERATORS_ZONE);

/** A request matters until its answer, or until the restriction that came of it has ended. */
async function lastMattered({ owner, holder }: Kept, records: Records, now: Date): Promise<string> {
  const requestId = RequestId.safeParse(owner.subject);
  const request = requestId.success ? (await records.get(requestRef(holder, requestId.data)))?.value : undefined;
  if (!request || isInForce(request)) return now.toISOString();
  return (
    [request.closedAt, request.endedAt]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1) ?? now.toISOString()
  );
}

interface EvidenceEnded {
  ended: number;
  failed: number;
}

/** Ends all evidence whose term is over, in the order of days, while there is time. Running it twice changes nothing more. */
export async function endEvidence(eraser: Eraser): Promise<EvidenceEnded> {
  const counts: EvidenceEnded = { ended: 0, failed: 0 };
  const today = dayIn(OPERATORS_ZONE, eraser.openCall().now);
  for await (const row of eraser.rows.of('rights', 'EVIDENCE-DUE')) {
    if (row.sk.slice(0, today.length) > today || !eraser.hasTimeLeft()) break;
    try {
      await endOne(row, today, eraser);
      counts.ended++;
    } catch (error) {
      if (error instanceof StaleVersion) continue;
      counts.failed++;
      eraser.log({ event: 'evidence-end-failed', error: errorName(error) });
    }
  }
  return counts;
}

async function endOne(row: RawRow, today: string, eraser: Eraser): Promise<void> {
  const kept = placeOf('' as ErasureId, row.attributes);
  if (!kept) throw new Error('A row that nobody here wrote');
  const pointer = { table: 'rights', pk: row.pk, sk: row.sk } as const;
  if (isDependant(kept.owner)) return endOfDependant(kept, pointer, today, eraser);
  const removal = new Removal(eraser, kept.owner);
  await removal.add(await rowsThatLeadTo(kept.owner, eraser));
  await removal.flush();
  const last = row.attributes['isFenced'] === true ? pointer : await fenceEvidence(kept, row, eraser);
  await eraser.fences.mirror(kept.owner, keptThroughErasure);
  for (const partition of partitionsOf(kept.owner)) {
    for await (const row of eraser.rows.of(partition.table, partition.pk)) {
      // A customer of the operator has other papers, with terms of their own.
      if (isCustomer(kept.owner) && !isKept(row)) continue;
      await removal.add([{ table: row.table as PointerKey['table'], pk: row.pk, sk: row.sk }]);
    }
  }
  await removal.add([last]);
  await removal.flush();
}

const isCustomer = (owner: Owner): boolean => isOrganisation(owner) && owner.controller !== owner.subject;

/** Once, with the ledger: the row that says that it is due becomes the one that says that its key is gone. */
async function fenceEvidence({ owner, holder }: Kept, row: RawRow, eraser: Eraser): Promise<PointerKey> {
  const change = eraser.openCall().records.change();
  for (const retentionClass of keptThroughErasure) change.keys({ do: 'erase', owner, retentionClass });
  // Nobody's evidence outlives the organisation's: all that was ever sealed there is unreadable from now on.
  if (isOrganisation(owner) && owner.controller === owner.subject) {
    change.keys({ do: 'erase-organisation-key', controller: owner.controller, purpose: 'sealing' });
  }
  const fenced = evidenceRow({ owner, holder }, row.sk.slice(0, 'yyyy-mm-dd'.length), true);
  await change
    .unpoint({ table: 'rights', pk: row.pk, sk: row.sk }, { ifPresent: () => new StaleVersion('Another was faster') })
    .point(fenced)
    .ledger({ kind: 'erasure', subject: owner, detail: { cause: 'retention', classes: keptThroughErasure.join(' ') } })
    .activity({ event: 'evidence.ended', subject: owner })
    .commit();
  return { table: 'rights', pk: fenced.pk, sk: fenced.sk };
}

/**
 * Of a request or a consent whose person is still there the rows go alone: their key seals other evidence as well. They
 * hold ids, codes and instants.
 */
async function endOfDependant(kept: Kept, pointer: PointerKey, today: string, eraser: Eraser): Promise<void> {
  const { owner, holder } = kept;
  const call = eraser.openCall();
  const day = dayAfterTerm(await lastMattered(kept, call.records, call.now));
  if (day > today && (await isRequestThere(kept, call.records))) {
    // Still in force, or ended later than was thought.
    const change = call.records.change().unpoint(pointer).point(evidenceRow(kept, day));
    await change.activity({ event: 'evidence.kept', subject: holder, about: [owner.subject] }).commit();
    return;
  }
  const removal = new Removal(eraser, holder);
  await removal.add(await rowsThatLeadTo(holder, eraser, owner));
  for (const partition of partitionsOf(holder)) {
    for await (const { table, pk, sk } of eraser.rows.of(partition.table, partition.pk)) {
      if (sk.split('#').includes(owner.subject)) await removal.add([{ table: table as PointerKey['table'], pk, sk }]);
    }
  }
  await removal.add([pointer]);
  await removal.flush();
}

async function isRequestThere({ owner, holder }: Kept, records: Records): Promise<boolean> {
  const requestId = RequestId.safeParse(owner.subject);
  return requestId.success && (await records.get(requestRef(holder, requestId.data))) !== undefined;
}

/** Rows elsewhere that lead to somebody's evidence; or to that of one request or consent of theirs. */
async function rowsThatLeadTo(holder: Owner, eraser: Eraser, only?: Owner): Promise<PointerKey[]> {
  const { controller } = holder;
  const found: PointerKey[] = [];
  const erasures: PointerKey[] = [];
  const ids = new Set<string>();
  for await (const { sk } of eraser.rows.of('rights', `${controller}#${holder.subject}`)) {
    const [kind, id = ''] = sk.split('#');
    if (kind === 'ERASURE') erasures.push(erasurePointers.place(ErasureId.parse(id)));
    if (kind === 'REQUEST' && (!only || only.subject === id)) ids.add(id);
  }
  for (const { pk, sk, attributes } of await eraser.rows.at(erasures)) {
    const isConcerned = !only || attributes['subject'] === only.subject;
    if (!isConcerned) continue;
    const id = ErasureId.parse(pk.slice('ERASURE#'.length));
    // Even one that has waited for its certificate until today finds no record any more.
    found.push({ table: 'rights', pk, sk }, erasurePointers.unfinished(id));
    if (only) found.push({ table: 'rights', ...keyOf(erasureRef({ id, holder })) });
  }
  const requests = await eraser.openCall().records.list(requestEntity, holder, { limit: REQUESTS_READ_MAX });
  for (const { value } of requests.items) {
    if (!ids.has(value.id) || value.askedBy.as === 'claim') continue;
    found.push(requestPointers.asked(value.askedBy.accountId, value.id));
  }
  for (const id of ids) found.push(requestPointers.place(controller, id as RequestId));
  for (const list of ids.size > 0 ? ['REQUESTS-OPEN', 'REQUESTS-CLOSED'] : []) {
    for await (const { pk, sk } of eraser.rows.of('core', `${controller}#${list}`)) {
      if (ids.has(sk.slice(sk.lastIndexOf('#') + 1))) found.push({ table: 'core', pk, sk });
    }
  }
  return found;
}
