import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { RawKey } from '../../platform/partition-rows.ts';
import { fileKeyOf } from '../exports/export.ts';
import { objectKey } from '../files/file.ts';
import { concludeRequest } from '../requests/outcome.ts';
import { requestRef } from '../requests/request.ts';
import { noticesDueOf, rowsByIdOf, tracesOf } from './cascade.ts';
import { type Eraser, nextTry, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { type Erasure, erasedClasses, erasureRef, MISSING_MAX, type Place } from './erasure.ts';
import { dependantsOf } from './fence.ts';
import { filesOfOrganisation, uploadsDueOf } from './files.ts';
import { rowsInSearchedLists } from './organisation-erasure.ts';
import { isKept, partitionsOf, shreddedRows } from './partitions.ts';
import { CLAIM_PREFIX } from './removal.ts';
import { endsOfShared } from './shared.ts';
import type { ErasureTraces } from './traces.ts';

/** Until the account that goes with its person, and plain copies of downloads, are looked for again. */
const AWAITED_SECONDS = 60;
/** A link to a plain copy works for one minute. */
const COPY_SECONDS_MAX = 120;

/**
 * Sweeps every store: a row, a key that is no fence (in Keys or its mirror), a claim in Lookup, Cognito's user, an
 * entry in SES's list, an endpoint of SNS, a file. What it finds makes the erasure incomplete: the cascade runs again, later.
 */
export async function verify(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { value } = stored;
  const { owner } = place;
  const classes = value.retentionClasses ?? erasedClasses(owner);
  // The stream brings the fences there too; what it has not brought yet is written here.
  if (!value.retentionClasses) await eraser.fences.mirror(owner, classes);
  const missing = value.retentionClasses
    ? await shreddedRowsLeft(value, owner, eraser)
    : await leftOf(value, owner, eraser);
  if (missing.length > 0) return incomplete(stored, place, eraser, missing);

  const { records, now } = eraser.openCall();
  const isAwaited = !(await isAccountGone(value, eraser)) || (await isCopyLeft(value, eraser));
  if (isAwaited) {
    const nextTryAt = new Date(now.getTime() + AWAITED_SECONDS * 1000).toISOString();
    await save(records.change(), stored, place, { nextTryAt })
      .activity({ event: 'erasure.waiting', subject: owner, about: [place.id] })
      .commit();
    return 'waiting';
  }
  const { missing: _, ...complete } = value;
  await save(records.change(), { ...stored, value: complete }, place, {
    state: 'verified',
    verifiedAt: now.toISOString(),
  })
    .activity({ event: 'erasure.verified', subject: owner, about: [place.id] })
    .commit();
  return 'went-on';
}

async function leftOf(erasure: Erasure, owner: Owner, eraser: Eraser): Promise<string[]> {
  const traces = await tracesOf(erasure, owner, eraser);
  const found: string[] = await eraser.fences.missing(owner, erasedClasses(owner));
  for (const dependant of await dependantsOf(owner, erasure.requestId, eraser)) {
    found.push(...(await eraser.fences.missing(dependant, erasedClasses(dependant))));
    found.push(...(await rowsLeft(dependant, eraser)));
  }
  found.push(...(await rowsLeft(owner, eraser)));
  found.push(...named('listed', await rowsByIdOf(owner, eraser)));
  if (erasure.cause !== 'agreement-end') found.push(...named('listed', await rowsInSearchedLists(owner, eraser)));
  found.push(...named('due', await noticesDueOf(owner, eraser)));
  found.push(...named('elsewhere', await eraser.rows.at(keysOfTraces(traces, erasure, owner))));
  found.push(...(await claimsLeft(traces, owner, eraser)));
  if (traces.sub !== undefined && (await eraser.users.exists(traces.sub))) found.push('user-pool');
  for (const address of traces.addresses) if (await eraser.suppression.holds(address)) found.push('suppression-list');
  for (const endpoint of traces.endpointArns) if (await eraser.endpoints.exists(endpoint)) found.push('push-endpoints');
  found.push(...(await filesLeft(traces, owner, eraser)));
  found.push(...(await sharedLeft(traces, owner, eraser)));
  found.push(...named('listed', await uploadsDueOf(owner, eraser)));
  return found;
}

/** By table and kind of row; what names a person by id is not said. */
async function rowsLeft(owner: Owner, eraser: Eraser): Promise<string[]> {
  const found: string[] = [];
  for (const { table, pk } of partitionsOf(owner)) {
    for await (const row of eraser.rows.of(table, pk)) if (!isKept(row)) found.push(`${table}:${kindOf(row.sk)}`);
  }
  return found;
}

async function shreddedRowsLeft(
  { retentionClasses: classes = [], fencedAt = '' }: Erasure,
  owner: Owner,
  eraser: Eraser,
) {
  const found: string[] = [];
  for await (const { table, sk } of shreddedRows(owner, classes, eraser)) found.push(`${table}:${kindOf(sk)}`);
  for await (const { keys, shares } of endsOfShared(owner, { classes, at: fencedAt }, eraser)) {
    found.push(...named('shared', [...keys, ...shares.map(({ key }) => key)]));
  }
  return found;
}

const kindOf = (sk: string) => sk.split('#')[0] ?? '';
const named = (where: string, keys: readonly { table: string; sk: string }[]) =>
  keys.map(({ table, sk }) => `${where}:${table}:${kindOf(sk)}`);

/** In others' partitions, as they were known before the fence. */
function keysOfTraces(
  { relatives, roleIds }: ErasureTraces,
  { accountId }: Erasure,
  { controller, subject }: Owner,
): RawKey[] {
  const inPartitionOf = (id: string, sk: string): RawKey => ({ table: 'core', pk: `${controller}#${id}`, sk });
  const links = ['GUARDIAN', 'BLOCK', 'CHILD', 'BLOCKED'];
  const ofAccount = (sk: string): RawKey[] => (accountId ? [{ table: 'core', pk: `operator#${accountId}`, sk }] : []);
  if (!PersonId.safeParse(subject).success) return [];
  return [
    ...relatives.flatMap((id) => links.map((kind) => inPartitionOf(id, `${kind}#${subject}`))),
    ...roleIds.flatMap((id) => [inPartitionOf('ROLES', id), ...ofAccount(`ROLE#${controller}#${id}`)]),
    ...(OrganisationId.safeParse(controller).success ? ofAccount(`PERSON#${controller}#${subject}`) : []),
  ];
}

async function claimsLeft(
  { lookups }: ErasureTraces,
  { controller, subject }: Owner,
  { rows }: Eraser,
): Promise<string[]> {
  const keys = lookups.map(
    (sk): RawKey => ({ table: 'lookup', pk: `${controller}#${sk.slice(CLAIM_PREFIX.length)}`, sk: 'CLAIM' }),
  );
  // The value may be another's by now, who registered with it.
  const theirs = (await rows.at(keys)).filter(({ attributes }) => attributes['id'] === subject);
  return theirs.map(() => 'lookup');
}

/** What was about the subject, and rows of others that still have a share of theirs. */
async function sharedLeft({ held, about }: ErasureTraces, { controller, subject }: Owner, { rows }: Eraser) {
  const found: string[] = [];
  for (const sharedId of new Set([...held, ...about])) {
    for await (const { table, sk, attributes } of rows.of('core', `${controller}#${sharedId}`)) {
      const holders = (attributes['holders'] ?? []) as readonly { readonly subject?: unknown }[];
      const isTheirs = about.includes(sharedId) || holders.some((holder) => holder.subject === subject);
      if (isTheirs) found.push(`shared:${table}:${kindOf(sk)}`);
    }
  }
  return found;
}

async function filesLeft({ exportIds, fileIds }: ErasureTraces, owner: Owner, eraser: Eraser): Promise<string[]> {
  const { exports, files } = eraser;
  const found: string[] = (await filesOfOrganisation(owner, eraser)).map(() => 'files');
  for (const fileId of fileIds) {
    if ((await files.list(objectKey(owner.controller as OrganisationId, fileId))).length > 0) found.push('files');
  }
  for (const id of exportIds) if ((await exports.list(fileKeyOf(id))).length > 0) found.push('exports');
  return found;
}

/**
 * Plain copies bear nobody's id, and live for minutes. Those from before the fence may be the subject's: they are
 * removed once nobody can be downloading them, and waited for until then.
 */
async function isCopyLeft({ fencedAt = '' }: Erasure, { openCall, downloads }: Eraser): Promise<boolean> {
  const now = openCall().now.getTime();
  let isLeft = false;
  for (const { key, lastModified } of await downloads.list('')) {
    if (lastModified.toISOString() > fencedAt) continue;
    if (now - lastModified.getTime() > COPY_SECONDS_MAX * 1000) await downloads.remove(key);
    else isLeft = true;
  }
  return isLeft;
}

async function isAccountGone({ accountId, accountErasureId }: Erasure, eraser: Eraser): Promise<boolean> {
  if (accountId === undefined || accountErasureId === undefined) return true;
  const holder: Owner = { controller: 'operator', subject: accountId };
  const account = await eraser.openCall().records.get(erasureRef({ id: accountErasureId, holder }));
  return account?.value.verifiedAt !== undefined;
}

/** Said in the record and in the request, counted for the alarm, and tried again with growing pauses: never done. */
export async function incomplete(
  stored: StoredErasure,
  place: Place,
  eraser: Eraser,
  missing: readonly string[],
): Promise<StepOutcome> {
  const { records, now } = eraser.openCall();
  const { value } = stored;
  const failures = value.failures + 1;
  const change = records.change();
  save(change, stored, place, {
    // Rows may have come, or been left, anywhere: the whole cascade is repeated.
    state: value.state === 'cascaded' ? 'fenced' : value.state,
    missing: [...new Set(missing)].slice(0, MISSING_MAX),
    failures,
    nextTryAt: nextTry(failures, now),
  });
  const request = value.requestId && (await records.get(requestRef(place.owner, value.requestId)));
  if (request) concludeRequest(change, request, 'incomplete', now);
  await change
    .activity({
      event: 'erasure.incomplete',
      subject: place.owner,
      about: [place.id],
      detail: { failures, missing: [...new Set(missing)].slice(0, 5).join(' ') },
    })
    .commit();
  eraser.log({ metric: 'erasure-incomplete', erasureId: place.id, controller: place.owner.controller, failures });
  return 'waiting';
}
