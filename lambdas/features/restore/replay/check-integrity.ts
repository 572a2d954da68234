import { InvoiceId, type OrganisationId } from '../../../http/ids.ts';
import { dependantPointers, type Owner, type SharedId } from '../../../platform/entity.ts';
import type { RawRow } from '../../../platform/partition-rows.ts';
import type { PointerKey } from '../../../platform/records.ts';
import { accountOwner } from '../../accounts/account.ts';
import { issuerOwner } from '../../billing/issuer.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { partitionsOfOrganisation } from '../../erasure/organisation-erasure.ts';
import { type Partition, partitionsOf } from '../../erasure/partitions.ts';
import { sharedIn } from '../../erasure/shared.ts';
import { invoiceOwner, invoicePointers } from '../../invoices/invoice.ts';
import { organisationOwner } from '../../organisations/organisation.ts';
import { RestoreRefused } from '../step.ts';
import { chunksOf } from './chunks.ts';
import { claimsOfOrganisation, staffAccountIds } from './claims.ts';
import { controllersIn, organisationsIn } from './controllers.ts';
import { endOf } from './dangling.ts';
import { proveNewestLeaf, proveRecords } from './log-proofs.ts';
import { onTables, type Replay } from './replay.ts';
import { entriesAhead } from './replay-ledger.ts';
import { targetEraser } from './target-eraser.ts';

const OWNERS_SIDE_BY_SIDE = 8;
/** A few reads each, for all of them in one run of the step. */
const CONTROLLERS_SIDE_BY_SIDE = 16;
const WRITES_PER_CHANGE = 90;
const ROWS_PER_LOOK = 200;
const BROKEN_TOLD_MAX = 20;

const noFigures = { rows: 0, opened: 0, closed: 0, broken: 0, danglingRemoved: 0, recordsProven: 0 };
type Counted = { -readonly [K in keyof typeof noFigures]: number };

/**
 * Looks at everything that the restored service can reach, before anybody does: every sealed row opens, or its key is
 * closed; no row of ids leads nowhere (those that do are removed); each ledger is where Keys say that it is. Refuses the
 * restore with `sealed-rows-broken`. Keys are only read.
 */
export const checkIntegrity = onTables(async (context) => {
  const counted: Counted = { ...noFigures };
  const eraser = targetEraser(context);
  let done = context.cursor ?? '';
  if (done === '') {
    const accounts = [...(await staffAccountIds(context))].map(accountOf);
    await lookAt(
      context,
      eraser,
      [issuerOwner('operator'), ...accounts, ...(await operatorsInvoices(eraser))],
      counted,
    );
    done = 'operator';
  }
  for (const organisationId of await organisationsIn(context)) {
    if (organisationId <= done) continue;
    if (!context.hasTimeLeft()) return { done: false, cursor: done, figures: counted };
    await lookAt(context, eraser, await ownersIn(context, eraser, organisationId), counted);
    await lookAtPartitions(
      context,
      eraser,
      organisationOwner(organisationId),
      await listsOf(organisationId, eraser),
      counted,
    );
    done = organisationId;
  }
  for (const wave of chunksOf(await controllersIn(context), CONTROLLERS_SIDE_BY_SIDE)) {
    const proven = await Promise.all(
      wave.map(async (controller) => {
        await entriesAhead(context, controller, await context.tables.lastLedgerEntry(controller));
        return proveNewestLeaf(context, controller);
      }),
    );
    for (const records of proven) counted.recordsProven += records;
  }
  return { done: true, figures: counted };
});

const accountOf = (id: string): Owner => accountOwner(id as never);

/** No row of the operator's leads to them, because it never ends: they are in its list. */
async function operatorsInvoices(eraser: Eraser): Promise<Owner[]> {
  const invoices: Owner[] = [];
  for await (const { sk } of eraser.rows.of('core', invoicePointers.all('operator', '').pk)) {
    invoices.push(invoiceOwner('operator', InvoiceId.parse(sk)));
  }
  return invoices;
}

/** The organisation, everybody in it, what hangs on them under keys of its own, what they share, and the accounts that they sign in with. */
async function ownersIn(context: Replay, eraser: Eraser, organisationId: OrganisationId): Promise<Owner[]> {
  const subjects = new Set<string>();
  for (const list of ['PEOPLE', 'ROLES']) {
    for await (const { sk, attributes } of eraser.rows.of('core', `${organisationId}#${list}`)) {
      subjects.add(list === 'PEOPLE' ? (sk.split('#')[1] ?? '') : String(attributes['personId']));
    }
  }
  const persons = [...subjects].sort().map((subject) => ({ controller: organisationId, subject }) as Owner);
  const dependants: Owner[] = [];
  for (const owner of [organisationOwner(organisationId), ...persons]) {
    const { pk, sk } = dependantPointers.subject(owner, '' as never);
    for await (const row of eraser.rows.of('core', pk, sk)) {
      dependants.push({ controller: organisationId, subject: row.sk.slice(sk.length) } as Owner);
    }
  }
  const shared = new Set<SharedId>();
  for (const owner of persons) {
    for (const as of ['held', 'about'] as const) for (const id of await sharedIn(as, owner, eraser)) shared.add(id);
  }
  const ofSeveral = [...shared].map((subject): Owner => ({ controller: organisationId, subject }));
  const { accountIds } = await claimsOfOrganisation(context, organisationId);
  return [
    organisationOwner(organisationId),
    ...persons,
    ...dependants,
    ...ofSeveral,
    ...[...accountIds].map(accountOf),
  ];
}

const listsOf = async (organisationId: OrganisationId, eraser: Eraser): Promise<Partition[]> => [
  ...(await partitionsOfOrganisation(organisationOwner(organisationId), eraser)),
  ...['REQUESTS', 'REQUESTS-OPEN', 'REQUESTS-CLOSED'].map((list) => ({
    table: 'core' as const,
    pk: `${organisationId}#${list}`,
  })),
];

async function lookAt(context: Replay, eraser: Eraser, owners: readonly Owner[], counted: Counted): Promise<void> {
  for (const wave of chunksOf(owners, OWNERS_SIDE_BY_SIDE)) {
    await Promise.all(
      wave.map(async (owner) => {
        await lookAtPartitions(context, eraser, owner, partitionsOf(owner).filter(isImported), counted);
        counted.recordsProven += await proveRecords(context, owner);
      }),
    );
  }
}

const isImported = ({ table }: Partition) => table === 'core' || table === 'rights';

async function lookAtPartitions(
  context: Replay,
  eraser: Eraser,
  owner: Owner,
  partitions: readonly Partition[],
  counted: Counted,
): Promise<void> {
  let rows: RawRow[] = [];
  for (const { table, pk } of partitions) {
    for await (const row of eraser.rows.of(table, pk)) {
      rows.push(row);
      if (rows.length < ROWS_PER_LOOK) continue;
      await lookAtRows(context, eraser, owner, rows, counted);
      rows = [];
    }
  }
  await lookAtRows(context, eraser, owner, rows, counted);
}

async function lookAtRows(
  context: Replay,
  eraser: Eraser,
  owner: Owner,
  rows: readonly RawRow[],
  counted: Counted,
): Promise<void> {
  counted.rows += rows.length;
  const seals = await context.tables.seals(rows);
  const broken = rows.filter((_, i) => seals[i] === 'broken');
  counted.opened += seals.filter((seal) => seal === 'opens').length;
  counted.closed += seals.filter((seal) => seal === 'closed').length;
  if (broken.length > 0) {
    for (const { table, pk, sk } of broken.slice(0, BROKEN_TOLD_MAX)) {
      context.log({ event: 'restore.seal-broken', table, pk, sk });
    }
    throw new RestoreRefused('sealed-rows-broken', { controller: owner.controller, rows: broken.length });
  }
  await removeDangling(context, eraser, owner, rows, counted);
}

async function removeDangling(
  context: Replay,
  eraser: Eraser,
  owner: Owner,
  rows: readonly RawRow[],
  counted: Counted,
): Promise<void> {
  const leading = rows.flatMap((row) => {
    const end = endOf(row);
    return end ? [{ row, end }] : [];
  });
  if (leading.length === 0) return;
  const there = new Set((await eraser.rows.at(leading.map(({ end }) => end))).map(idOf));
  const dangling = leading.filter(({ end }) => !there.has(idOf(end))).map(({ row }) => row);
  for (const some of chunksOf(dangling, WRITES_PER_CHANGE)) {
    const change = context.openCall(true).records.change();
    for (const { pk, sk } of some) change.unpoint({ table: 'core', pk, sk } satisfies PointerKey);
    await change
      .activity({ event: 'restore.pointers-removed', subject: owner, detail: { rows: some.length } })
      .commit();
  }
  counted.danglingRemoved += dangling.length;
}

const idOf = ({ table, pk, sk }: Pick<RawRow, 'table' | 'pk' | 'sk'>) => `${table}|${pk}|${sk}`;
