import type { ActivityLog } from './activity-log.ts';
import type { EntityDeclaration, Owner, Ref, RetentionClass, ValueOf } from './entity.ts';

/**
 * The one way to the tables. A request has one `Records`: it remembers the key rows that it has read, so that a change
 * needs no second look at them (the write's own condition decides). What a fence or a restriction closes reads as absent.
 */
export interface Records {
  /** One round trip: the item and its key row in one consistent BatchGet. */
  get<E extends EntityDeclaration>(ref: Ref<E>): Promise<Stored<E> | undefined>;
  /** One round trip for all, in the order asked for. At most 5,000 references. */
  getMany<E extends EntityDeclaration>(refs: readonly Ref<E>[]): Promise<(Stored<E> | undefined)[]>;
  /** One round trip for references of different entities: `const [child, day] = await records.together([a, b])`. */
  together<const R extends readonly Ref[]>(
    refs: R,
  ): Promise<{ [I in keyof R]: R[I] extends Ref<infer E> ? Stored<E> | undefined : never }>;
  /** One round trip: an owner's records of one entity, with the owner's key row. */
  list<E extends EntityDeclaration>(entity: E, owner: Owner, range?: Range): Promise<Page<Stored<E>>>;
  /** One round trip: rows that hold nothing but ids (who is in a group, which roles an account has). */
  pointers(table: PointerTable, pk: string, range?: Range): Promise<Page<Pointer>>;
  /** One round trip: single pointers by their keys. */
  pointersAt(keys: readonly PointerKey[]): Promise<(Pointer | undefined)[]>;
  /** The id that a value was claimed for, under the controller's own HMAC key; one round trip. */
  find(controller: Owner['controller'], kind: LookupKind, value: string): Promise<string | undefined>;
  /** The same for up to 5,000 values, in one round trip. */
  findMany(
    controller: Owner['controller'],
    kind: LookupKind,
    values: readonly string[],
  ): Promise<(string | undefined)[]>;
  /** What a value is counted by without being kept: an HMAC under the operator's key, normalised as a claim is. */
  fingerprint(kind: string, value: string): Promise<string>;
  /** Two round trips: a record about several people, sealed under an item key of its own (see `putShared`). */
  getShared<E extends EntityDeclaration>(ref: Ref<E>): Promise<Stored<E> | undefined>;
  /** Two round trips for all, in the order asked for. At most 5,000 references. */
  getManyShared<E extends EntityDeclaration>(refs: readonly Ref<E>[]): Promise<(Stored<E> | undefined)[]>;
  /** Two round trips: a page of a thread's or a photo's shared records of one entity; what opens for nobody is left out. */
  listShared<E extends EntityDeclaration>(entity: E, owner: Owner, range?: Range): Promise<Page<Stored<E>>>;
  /**
   * One round trip: which of the owners may hold a share of such records now, in their order: neither erased nor
   * restricted, and without an objection (Art. 21) to any of the entities, which are of one retention class.
   */
  mayHold(
    entities: readonly [EntityDeclaration, ...EntityDeclaration[]],
    owners: readonly Owner[],
  ): Promise<readonly boolean[]>;
  /** One round trip: the states of the owner's class keys; what never had a key is left out. */
  keyStates(owner: Owner): Promise<ReadonlyMap<RetentionClass, KeyState>>;
  /** Seals a file under a class key of its owner, bound to its place (the key under which it will lie). Throws {@link Closed}. */
  sealFile(owner: Owner, retentionClass: RetentionClass, place: string, content: Uint8Array): Promise<Uint8Array>;
  /** Undefined when the key is closed, or was shredded since. */
  openFile(
    owner: Owner,
    retentionClass: RetentionClass,
    place: string,
    sealed: Uint8Array,
  ): Promise<Uint8Array | undefined>;
  /** Who did and saw what; needs the right `activity:read`. */
  readonly activityLog: ActivityLog;
  /** Makes a new controller's keys; before anything of it can be sealed. Repeating it changes nothing. */
  prepareController(controller: Owner['controller']): Promise<void>;
  /** Collects writes; nothing is sent before `commit`. */
  change(): Change;
  /** Waves of DynamoDB calls so far: those sent side by side are one, because time goes by only from one to the next. */
  readonly roundTrips: number;
}

export interface Stored<E extends EntityDeclaration> {
  readonly ref: Ref<E>;
  readonly value: ValueOf<E>;
  /** 1 at creation, one more at each change: the ETag. */
  readonly version: number;
  readonly expiresAtEpochSeconds?: number;
}

export interface Range {
  /** The sort key (after the entity's own part) begins so. */
  readonly prefix?: string;
  /** Sort keys from this one and to that one, both included (after the entity's own part). */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  /** Where the page before ended: `next` of that page. */
  readonly after?: string;
  readonly newestFirst?: boolean;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export type PointerTable = 'core' | 'transient' | 'rights' | 'lookup';
export interface PointerKey {
  readonly table: PointerTable;
  readonly pk: string;
  readonly sk: string;
}
/** A row of opaque ids, instants and codes: never sealed, so never anything personal. */
export interface Pointer extends PointerKey {
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly expiresAtEpochSeconds?: number;
}

export type LookupKind = 'email' | 'phone' | 'sub' | 'import-row' | 'name' | 'subscription';

/** Thrown instead of the general error when the write's own condition fails: the store says what it means. */
export type Otherwise = () => Error;

/** Who shares a record's key. */
export interface Sharing {
  readonly holders: readonly Owner[];
  readonly opensWhile: 'any' | 'all';
  /**
   * Whom it is about: without the key of each of them no holder's share opens it, in no copy of the row, so that it goes
   * with them whoever else holds it.
   */
  readonly about?: readonly Owner[];
}

export interface Change {
  /** Creates (`'new'`) or replaces the version that was read. Throws `otherwise()` when the condition fails; without it, `StaleVersion`. */
  put<E extends EntityDeclaration>(
    ref: Ref<E>,
    value: ValueOf<E>,
    condition: 'new' | { readonly version: number },
    options?: { readonly otherwise?: Otherwise; readonly expiresAtEpochSeconds?: number },
  ): Change;
  /**
   * A record about several people under an item key of its own, wrapped under each holder's class key of the entity's
   * retention class: it opens while any one of them lives, or only while all do. At most 40 holders.
   */
  putShared<E extends EntityDeclaration>(
    ref: Ref<E>,
    value: ValueOf<E>,
    sharing: Sharing,
    condition: 'new' | { readonly version: number },
    options?: { readonly otherwise?: Otherwise; readonly expiresAtEpochSeconds?: number },
  ): Change;
  remove(ref: Ref, condition: { readonly version: number }, otherwise?: Otherwise): Change;
  /**
   * Takes the share of a holder whose key is closed for ever out of a shared row: its place in the list of holders. The
   * record stays as it is, for those who still open it.
   */
  dropShare(key: PointerKey, at: number, holder: Owner): Change;
  point(pointer: Pointer, options?: { readonly ifNew?: Otherwise }): Change;
  unpoint(key: PointerKey, options?: { readonly ifPresent?: Otherwise }): Change;
  /** Nothing may lie there (a block, say) at the moment of the write. */
  requireAbsent(key: Ref | PointerKey, otherwise: Otherwise): Change;
  requirePresent(key: Ref | PointerKey, otherwise: Otherwise): Change;
  /**
   * The subject (a person, an account, an organisation) has not been erased at the moment of the write, restricted or
   * not: for what is written about it under a key that no fence closes. Throws {@link Closed}.
   */
  requireUnerased(owner: Owner): Change;
  /** Makes a value unique within the controller, and findable. */
  claim(controller: Owner['controller'], kind: LookupKind, value: string, id: string, otherwise: Otherwise): Change;
  release(controller: Owner['controller'], kind: LookupKind, value: string, id: string): Change;
  /** Releases what a holder claimed, by the row in the holder's partition (`LOOKUP#…`): the value itself may be unreadable. */
  unclaim(pointer: PointerKey): Change;
  /** What becomes of a class key. Closing needs the right `keys:close`, destroying `keys:erase`. */
  keys(write: KeyWrite): Change;
  /** Appends to the controller's rights ledger, at most once in a change. */
  ledger(entry: LedgerEntry): Change;
  /** No change without its activity record: `commit` refuses a change that has none. */
  activity(record: ActivityRecord): Change;
  /**
   * One transaction of at most 100 writes. Conflicts are retried with jitter; what is still busy then throws `Busy`.
   * The answer of a creating route is stored with it, so that a repeated request gets the same.
   */
  commit<A = undefined>(answer?: A): Promise<A>;
}

export type KeyState = 'ACTIVE' | 'RESTRICTED' | 'ERASED';

/**
 * `erase`: closed for ever, used before or not. `shred`: all that was sealed so far is unreadable for ever, new data can
 * be stored. `restrict` and `lift`: Art. 18. `refuse` and `allow`: an objection (Art. 21) to one entity under this key.
 */
export type KeyWrite =
  | {
      readonly do: 'erase' | 'shred' | 'restrict' | 'lift';
      readonly owner: Owner;
      readonly retentionClass: RetentionClass;
    }
  | {
      readonly do: 'refuse' | 'allow';
      readonly owner: Owner;
      readonly retentionClass: RetentionClass;
      readonly entity: string;
    }
  /** All that a controller ever sealed, at the end of its agreement. */
  | {
      readonly do: 'erase-organisation-key';
      readonly controller: Owner['controller'];
      readonly purpose: 'sealing' | 'lookup';
    };

export const ledgerKinds = [
  'erasure',
  'shredding',
  'withdrawal',
  'objection',
  'objection-lifted',
  'restriction',
  'restriction-lifted',
  'rectification',
] as const;
/** Ids, codes and counts; never anything personal. */
export interface LedgerEntry {
  readonly kind: (typeof ledgerKinds)[number];
  readonly subject: Owner;
  /** The request, consent or erasure that it followed from. */
  readonly about?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** Who acts, for the activity record. */
export interface Author {
  readonly requestId: string;
  /** Ids: account, role and person, or `system:<worker>`. */
  readonly actor: string;
  readonly role?: string;
  readonly person?: string;
  newEventId(): string;
}

export interface ActivityRecord {
  /** `noun.happened`, e.g. `attendance.checked-in`. */
  readonly event: `${string}.${string}`;
  readonly subject: Owner;
  /** Ids of others concerned. */
  readonly about?: readonly string[];
  /** Codes, counts and ids that say what happened; never anything personal. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** The version that a change was based on is no longer the one stored. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
}
/** Others were changing the same rows for as long as we tried; nothing was written. */
export class Busy extends Error {
  override readonly name = 'Busy';
}
/** What would have been written about is erased or restricted: nothing can be stored under it. */
export class Closed extends Error {
  override readonly name = 'Closed';
}

/** Times something is decided because somebody else was faster. */
const DECISIONS_MAX = 5;

/** Decides, and decides anew on what stands there while somebody else is faster. Throws {@link Busy} in the end. */
export async function settled<A>(decide: () => Promise<A>): Promise<A> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof StaleVersion)) throw error;
    }
  }
  throw new Busy('Others kept being faster');
}
