import { type KeyObject, randomUUID } from 'node:crypto';
import { type AttributeValue, TransactionCanceledException, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { ActivityEntry } from '../features/transparency/leaf.ts';
import { type ActivityChains, activityRow, type UnlinkedEntry, unlinkedEntry } from './activity-chain.ts';
import {
  checkKeyIsNoFence,
  checkKeyIsOpen,
  conditionOf,
  createKeyRow,
  itemKey,
  keyAttributes,
  payloadOf,
  pointerRow,
  shareOf,
  withoutShare,
} from './change-rows.ts';
import { classKeyRow, classKeyRowKey, newClassKey, openClassKey } from './class-keys.ts';
import { type RowKey, rowId } from './dynamo.ts';
import {
  type ControllerId,
  classesOf,
  type EntityDeclaration,
  keyOf,
  neverRestricted,
  type Owner,
  type Ref,
  type ValueOf,
} from './entity.ts';
import { keyWriteItems } from './key-writes.ts';
import { ledgerItems } from './ledger.ts';
import { lookupKey, type Session } from './record-reader.ts';
import type { Holder } from './record-sharing.ts';
import {
  type Author,
  Busy,
  type Change,
  Closed,
  type KeyWrite,
  type LedgerEntry,
  type LookupKind,
  type Otherwise,
  type PointerKey,
  type Sharing,
  StaleVersion,
} from './records.ts';

const WRITES_MAX = 100;
export const HOLDERS_MAX = 40;
/** Two writers may create the same class key, or move the ledger's head, at once: the second looks again. */
const RACES_MAX = 40;
const RACE_PAUSE_MILLISECONDS_MAX = 100;

/** Begins the sort key of the row by which a claim's holder leads to it: the claim's own partition follows. */
const CLAIM_POINTER = 'LOOKUP#';
const ownerOfClaim = (pk: string) => ({ controller: pk.slice(0, pk.indexOf('#')), id: pk.slice(pk.indexOf('#') + 1) });

/** Under an item key of its own, which each holder's class key wraps a share of. */
const sharedPayload =
  (ref: Ref, value: unknown, { opensWhile, holders, about }: HeldBy) =>
  (keys: ClassKeys) => {
    const { key, shares, sharesOfAbout } = itemKey(opensWhile, holders.length, about.length);
    const wrapped = (holder: Holder, share: Uint8Array) => {
      const { key: classKey, generation } = keys(holder);
      return shareOf(ref, holder, share, classKey, generation);
    };
    return {
      ...payloadOf(ref, value, key),
      opensWhile: { S: opensWhile },
      holders: { L: holders.map((holder, i) => wrapped(holder, shares[i]!)) },
      ...(about.length > 0 && { about: { L: about.map((holder, i) => wrapped(holder, sharesOfAbout[i]!)) } }),
    };
  };

interface HeldBy {
  readonly opensWhile: Sharing['opensWhile'];
  readonly holders: readonly Holder[];
  readonly about: readonly Holder[];
}

const distinctHolders = (holders: readonly Holder[]): readonly Holder[] => [
  ...new Map(
    holders.map((holder) => [`${holder.owner.controller}#${holder.owner.subject}#${holder.retentionClass}`, holder]),
  ).values(),
];

/** The answer of a creating route is stored in the same transaction as what it created. */
export interface Idempotency {
  readonly ref: Ref;
  value(answer: unknown): unknown;
  readonly expiresAtEpochSeconds: number;
  /** What is thrown when another request with this key was faster. */
  repeated(): Error;
  /** The row is there, written by this request or by its twin. */
  committed: boolean;
}

interface Write {
  /** Made at commit, when the keys are known. */
  item(keys: ClassKeys): Promise<TransactWriteItem>;
  readonly holders: readonly Holder[];
  /** What is sealed, so that an objection to it counts; absent where nothing is. */
  readonly entity?: string;
  /** See the entity's declaration. */
  readonly isTrace?: true;
  /** A row of ids that goes by itself within its term: beside a trace it needs no record either. */
  readonly isPassing?: true;
  readonly otherwise: Otherwise;
}
type ClassKeys = (holder: Holder) => { readonly key: KeyObject; readonly generation: number };

export function recordChange(
  session: Session,
  chains: ActivityChains,
  author: Author,
  idempotency: Idempotency | undefined,
): Change {
  const { ring, tableNames } = session;
  const writes: Write[] = [];
  const keyWrites: KeyWrite[] = [];
  const unerased: Owner[] = [];
  let ledgerEntry: LedgerEntry | undefined;
  const activities: UnlinkedEntry[] = [];
  let linked: readonly ActivityEntry[] = [];
  /** What is known of the last transaction: one that was cancelled has written nothing, one without an answer may have. */
  let outcome: 'written' | 'refused' | 'unknown' = 'refused';

  const stale: Otherwise = () => new StaleVersion('The stored version is another one');
  const fixed = (item: TransactWriteItem, otherwise: Otherwise): Write => ({
    item: async () => item,
    holders: [],
    otherwise,
  });
  const physicalKey = (key: Ref | PointerKey) => {
    if ('entity' in key) return { TableName: tableNames[key.entity.table], Key: keyAttributes(keyOf(key)) };
    return { TableName: tableNames[key.table], Key: keyAttributes(key) };
  };

  function putSealed(
    ref: Ref,
    holders: readonly Holder[],
    condition: 'new' | { readonly version: number },
    options: { otherwise?: Otherwise; expiresAtEpochSeconds?: number },
    payload: (keys: ClassKeys) => Record<string, AttributeValue>,
  ) {
    const version = condition === 'new' ? 1 : condition.version + 1;
    writes.push({
      holders,
      entity: ref.entity.name,
      ...(ref.entity.isTrace && { isTrace: true }),
      otherwise: options.otherwise ?? stale,
      item: async (keys) => ({
        Put: {
          TableName: tableNames[ref.entity.table],
          Item: {
            ...keyAttributes(keyOf(ref)),
            version: { N: String(version) },
            ...payload(keys),
            ...(options.expiresAtEpochSeconds !== undefined && {
              expiresAtEpochSeconds: { N: String(options.expiresAtEpochSeconds) },
            }),
          },
          ...conditionOf(condition, session.now()),
        },
      }),
    });
  }

  async function keysFor(all: readonly Write[]) {
    const distinct = new Map<string, { holder: Holder; key: RowKey; entities: Set<string> }>();
    for (const { holders, entity } of all) {
      for (const holder of holders) {
        const key = classKeyRowKey(tableNames.keys, holder.owner, holder.retentionClass);
        const found = distinct.get(rowId(key)) ?? { holder, key, entities: new Set() };
        if (entity !== undefined) found.entities.add(entity);
        distinct.set(rowId(key), found);
      }
    }
    const unread = [...distinct.values()].filter(({ key }) => !session.keyRows.has(rowId(key)));
    if (unread.length > 0) {
      const rows = await session.dynamo.batchGet(unread.map(({ key }) => [key]));
      for (const { key } of unread) session.keyRows.set(rowId(key), classKeyRow(rows.get(rowId(key))));
    }
    const keys = new Map<string, ReturnType<ClassKeys>>();
    const guards: { item: TransactWriteItem; id: string; kind: 'created' | 'checked' | 'unerased' }[] = [];
    for (const [id, { holder, key, entities }] of distinct) {
      const row = session.keyRows.get(id);
      if (row === undefined) {
        const made = await newClassKey(ring, holder.owner, holder.retentionClass);
        keys.set(id, { key: made.key, generation: 1 });
        guards.push({ id, kind: 'created', item: createKeyRow(key, made.wrapped) });
        continue;
      }
      const opened = await openClassKey(ring, holder.owner, holder.retentionClass, row, session);
      const isRefused = !session.throughRestriction && [...entities].some((entity) => row.refused.has(entity));
      if (!opened || isRefused) throw new Closed('A key is a fence, restricted, or the person objects');
      keys.set(id, { key: opened, generation: row.generation });
      guards.push({ id, kind: 'checked', item: checkKeyIsOpen(key, row.generation, [...entities], session) });
    }
    for (const owner of unerased) {
      const key = classKeyRowKey(tableNames.keys, owner, neverRestricted(owner));
      const id = rowId(key);
      // A row may stand in a transaction only once, and whatever seals under it checks more.
      if (guards.every((guard) => guard.id !== id)) guards.push({ id, kind: 'unerased', item: checkKeyIsNoFence(key) });
    }
    return {
      guards,
      keys: (holder: Holder) => keys.get(rowId(classKeyRowKey(tableNames.keys, holder.owner, holder.retentionClass)))!,
    };
  }

  /** True when it is done; false when another writer made a class key first and all must be sealed again. */
  async function attempt(all: readonly Write[]): Promise<boolean> {
    const { guards, keys } = await keysFor(all);
    const items = [
      ...(await Promise.all(all.map((write) => write.item(keys)))),
      ...guards.map((guard) => guard.item),
      ...(await keyWriteItems(session, keyWrites)),
      ...(ledgerEntry ? await ledgerItems(session, ledgerEntry, author.requestId) : []),
    ];
    if (items.length > WRITES_MAX) throw new Error(`A change of ${items.length} writes; at most ${WRITES_MAX}`);
    try {
      outcome = 'unknown';
      await session.dynamo.transact(items, randomUUID());
      outcome = 'written';
      for (const guard of guards) if (guard.kind === 'created') session.keyRows.delete(guard.id);
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      outcome = 'refused';
      const failed = (error.CancellationReasons ?? []).map((reason) => reason.Code === 'ConditionalCheckFailed');
      const firstWrite = all.findIndex((_, i) => failed[i]);
      const failedGuards = guards.filter((_, i) => failed[all.length + i]);
      for (const guard of failedGuards) session.keyRows.delete(guard.id);
      // A repeated request fails in several places at once; that it is one decides over all of them.
      if (idempotency && failed[all.length - 1]) {
        idempotency.committed = true;
        throw idempotency.repeated();
      }
      if (failedGuards.some((guard) => guard.kind === 'unerased')) throw new Closed('The subject has been erased');
      // Closed, or shredded and made anew: the next look at the row tells.
      if (failedGuards.some((guard) => guard.kind === 'checked')) return false;
      if (firstWrite >= 0) throw all[firstWrite]!.otherwise();
      // Another made a key first, changed a key row, or moved the ledger's head.
      if (failed.includes(true)) return false;
      throw error;
    }
  }

  const change: Change = {
    put(ref, value, condition, options = {}) {
      const holder = { owner: ref.owner, retentionClass: ref.entity.retentionClass };
      const checked = ref.entity.schema.parse(value);
      putSealed(ref, [holder], condition, options, (keys) => {
        const { key, generation } = keys(holder);
        return payloadOf(ref, checked, key, generation);
      });
      return change;
    },

    putShared<E extends EntityDeclaration>(
      ref: Ref<E>,
      value: ValueOf<E>,
      sharing: Sharing,
      condition: 'new' | { readonly version: number },
      options: { readonly otherwise?: Otherwise; readonly expiresAtEpochSeconds?: number } = {},
    ) {
      const under = (owner: Owner): Holder => ({ owner, retentionClass: ref.entity.retentionClass });
      const holders = sharing.holders.map(under);
      const about = (sharing.about ?? []).map(under);
      if (holders.length === 0 || holders.length > HOLDERS_MAX) throw new Error(`1 to ${HOLDERS_MAX} holders`);
      const checked = ref.entity.schema.parse(value);
      const held = { opensWhile: sharing.opensWhile, holders, about };
      putSealed(ref, [...holders, ...about], condition, options, sharedPayload(ref, checked, held));
      return change;
    },

    remove(ref, condition, otherwise = stale) {
      const { owner, entity } = ref;
      // What several share has no key of its own that could be closed.
      const holders = classesOf(owner.subject).length > 0 ? [{ owner, retentionClass: entity.retentionClass }] : [];
      const item = { Delete: { ...physicalKey(ref), ...conditionOf(condition, session.now()) } };
      writes.push({ item: async () => item, holders, otherwise });
      return change;
    },

    dropShare(key, at, holder) {
      writes.push(fixed({ Update: { ...physicalKey(key), ...withoutShare(at, holder) } }, stale));
      return change;
    },

    point(pointer, options = {}) {
      const item = {
        Put: {
          TableName: tableNames[pointer.table],
          Item: pointerRow(pointer),
          ...(options.ifNew && conditionOf('new', session.now())),
        },
      };
      const isPassing = pointer.table === 'transient' && pointer.expiresAtEpochSeconds !== undefined;
      writes.push({ ...fixed(item, options.ifNew ?? stale), ...(isPassing && { isPassing }) });
      return change;
    },

    unpoint(key, options = {}) {
      const condition = options.ifPresent && { ConditionExpression: 'attribute_exists(pk)' };
      writes.push(fixed({ Delete: { ...physicalKey(key), ...condition } }, options.ifPresent ?? stale));
      return change;
    },

    requireAbsent(key, otherwise) {
      const absent = { ...physicalKey(key), ConditionExpression: 'attribute_not_exists(pk)' };
      writes.push(fixed({ ConditionCheck: absent }, otherwise));
      return change;
    },

    requirePresent(key, otherwise) {
      const present = { ...physicalKey(key), ConditionExpression: 'attribute_exists(pk)' };
      writes.push(fixed({ ConditionCheck: present }, otherwise));
      return change;
    },

    requireUnerased(owner) {
      unerased.push(owner);
      return change;
    },

    claim(controller, kind, value, id, otherwise) {
      writes.push({
        holders: [],
        otherwise,
        item: async () => {
          const key = await lookupKey(ring, controller, kind, value);
          return {
            Put: {
              TableName: tableNames.lookup,
              Item: marshall({ ...key, id }),
              // The same person may claim its own value again; anyone else may not.
              ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
              ExpressionAttributeValues: { ':id': { S: id } },
            },
          };
        },
      });
      writes.push(claimPointer(controller, kind, value, id, 'Put'));
      return change;
    },

    release(controller, kind, value, id) {
      writes.push({
        holders: [],
        otherwise: stale,
        item: async () => ({
          Delete: {
            TableName: tableNames.lookup,
            Key: marshall(await lookupKey(ring, controller, kind, value)),
            ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
            ExpressionAttributeValues: { ':id': { S: id } },
          },
        }),
      });
      writes.push(claimPointer(controller, kind, value, id, 'Delete'));
      return change;
    },

    unclaim({ pk, sk }) {
      const { controller, id } = ownerOfClaim(pk);
      const lookup = { pk: `${controller}#${sk.slice(CLAIM_POINTER.length)}`, sk: 'CLAIM' };
      // A claim that has passed to another meanwhile is no longer this one's to give up.
      const isTheirs = {
        ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
        ExpressionAttributeValues: { ':id': { S: id } },
      };
      writes.push(fixed({ Delete: { TableName: tableNames.lookup, Key: keyAttributes(lookup), ...isTheirs } }, stale));
      writes.push(fixed({ Delete: { TableName: tableNames.lookup, Key: keyAttributes({ pk, sk }) } }, stale));
      return change;
    },

    keys(write) {
      keyWrites.push(write);
      return change;
    },

    ledger(entry) {
      if (ledgerEntry) throw new Error('A change has one entry in the ledger');
      ledgerEntry = entry;
      return change;
    },

    activity(record) {
      const i = activities.push(unlinkedEntry(record, author, session.now())) - 1;
      const item = async () => ({ Put: activityRow(tableNames.activity, linked[i]!) });
      writes.push({ item, holders: [], otherwise: stale });
      return change;
    },

    async commit<A = undefined>(answer?: A) {
      if (activities.length === 0 && !isTraceAlone()) throw new Error('A change without its activity record');
      if (idempotency) {
        const { ref, expiresAtEpochSeconds } = idempotency;
        // What it answers with dies with everyone it wrote about, and not only with the caller.
        const caller = { owner: ref.owner, retentionClass: ref.entity.retentionClass };
        const holders = distinctHolders([caller, ...writes.flatMap((write) => write.holders)]);
        const value = ref.entity.schema.parse(idempotency.value(answer));
        putSealed(
          ref,
          holders,
          'new',
          { expiresAtEpochSeconds },
          sharedPayload(ref, value, { opensWhile: 'all', holders, about: [] }),
        );
      }
      const taken = chains.take(session.now());
      linked = activities.map((record) => taken.link(record));
      try {
        await raceOthers();
      } finally {
        taken.settle(outcome);
      }
      if (idempotency) idempotency.committed = true;
      return answer as A;
    },
  };

  /** Nothing but traces, which are records of what somebody did themselves, and rows that pass with them. */
  const isTraceAlone = () =>
    writes.some(({ isTrace }) => isTrace) &&
    writes.every(({ isTrace, isPassing }) => isTrace || isPassing) &&
    keyWrites.length + unerased.length === 0 &&
    ledgerEntry === undefined &&
    idempotency === undefined;

  async function raceOthers(): Promise<void> {
    for (let race = 0; race < RACES_MAX; race++) {
      if (await attempt(writes)) return;
      await new Promise((done) => setTimeout(done, Math.random() * Math.min(RACE_PAUSE_MILLISECONDS_MAX, 2 ** race)));
    }
    throw new Busy('Others kept changing the same keys');
  }

  /**
   * Every lookup entry leads back to its person: erasure finds it from the person's partition. In Lookup as well, of
   * which no backup is made: an HMAC of an address in a backup could be tried against addresses as long as that lives.
   */
  function claimPointer(
    controller: ControllerId,
    kind: LookupKind,
    value: string,
    id: string,
    what: 'Put' | 'Delete',
  ): Write {
    return {
      holders: [],
      otherwise: stale,
      item: async () => {
        const { pk } = await lookupKey(ring, controller, kind, value);
        const key = marshall({ pk: `${controller}#${id}`, sk: `${CLAIM_POINTER}${pk.slice(controller.length + 1)}` });
        return what === 'Put'
          ? { Put: { TableName: tableNames.lookup, Item: key } }
          : { Delete: { TableName: tableNames.lookup, Key: key } };
      },
    };
  }

  return change;
}
