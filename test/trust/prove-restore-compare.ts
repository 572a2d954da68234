import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { roleEntity, roleOwner } from '../../lambdas/features/access/role.ts';
import { accountRef } from '../../lambdas/features/accounts/account.ts';
import { attendanceDayRef } from '../../lambdas/features/attendance/attendance-day.ts';
import { consentEventEntity, currentConsents } from '../../lambdas/features/consents/consent.ts';
import { consentedInformationRef } from '../../lambdas/features/consents/consented-information.ts';
import { type ErasureState, erasurePointers, erasureRef, placeOf } from '../../lambdas/features/erasure/erasure.ts';
import { invoicePointers } from '../../lambdas/features/invoices/invoice.ts';
import { ownerOf } from '../../lambdas/features/people/person.ts';
import { blockRef, linkRef, personRef } from '../../lambdas/features/people/writes.ts';
import { pictureRef } from '../../lambdas/features/pictures/picture.ts';
import { isSecretOf, type ServiceClient } from '../../lambdas/features/service-clients/service-client.ts';
import type { Webhook } from '../../lambdas/features/webhooks/webhook.ts';
import type { ErasureId, OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { keyOf } from '../../lambdas/platform/entity.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import { isAllowedToStay } from '../features/erasure/world.ts';
import { anId } from '../support/store.ts';
import type { History, Somebody } from './prove-restore-history.ts';
import type { Thing } from './prove-restore-services.ts';
import { type Backup, type RestoreWorld, rowsOf } from './prove-restore-world.ts';

/** A difference between the system that never failed and the restored one, in the matter of somebody's rights. */
export interface Difference {
  readonly about: string;
  readonly never: unknown;
  readonly restored: unknown;
}

interface Comparison {
  readonly found: Difference[];
  readonly compared: number;
  /** Records in the backup, and those of them that were gone when the tables were lost. */
  readonly things: number;
  readonly thingsGone: number;
}

const TORN_MILLISECONDS = 5 * 60 * 1000;

type Rows = ReadonlyMap<string, Readonly<Record<string, unknown>>>;
interface Side {
  readonly store: Store;
  readonly core: Rows;
  readonly rights: Rows;
  readonly lookup: Rows;
  readonly transient: Rows;
}

/**
 * Everything about people's rights that the restored tables say otherwise than those that were never lost, and what was
 * compared. What was written after the backup and is no right (a note, a new family) is lost with the tables: that is
 * what a backup of yesterday means.
 */
export async function differences(
  world: RestoreWorld,
  history: History,
  backup: Backup,
  restoredStore: Store,
): Promise<Comparison> {
  const found: Difference[] = [];
  let compared = 0;
  let things = 0;
  let thingsGone = 0;
  const same = (about: string, never: unknown, restored: unknown) => {
    compared++;
    if (!isDeepStrictEqual(never, restored)) found.push({ about, never, restored });
  };
  const [never, restored] = [await sideOf(world, world.store), await sideOf(world, restoredStore)];
  const inBackup = new Set(backup.core.map((row) => `${row['pk']?.S}|${row['sk']?.S}`));

  const busy = await underWay(never);
  same('the ledgers', ledgersOf(never), ledgersOf(restored));
  for (const list of ['REQUESTS', 'REQUESTS-OPEN', 'REQUESTS-CLOSED', 'FORMER-USERS']) {
    for (const organisationId of history.organisations) {
      const pk = `${organisationId}#${list}`;
      same(`the list ${list}`, partition(never.core, pk), partition(restored.core, pk));
    }
  }
  same(
    'when the clock looks at requests',
    startingWith(never.core, 'REQUESTS-DUE#'),
    startingWith(restored.core, 'REQUESTS-DUE#'),
  );

  const cameBack = [...restored.rights.keys()].filter((key) => !never.rights.has(key));
  same('rows of Rights that had been removed', [], cameBack);
  for (const somebody of history.people) await comparePerson(somebody);
  for (const organisationId of history.organisations) {
    if (busy.has(organisationId)) continue;
    const { pk } = invoicePointers.number(organisationId, 1);
    const given = new Set(partition(restored.core, pk).map(([key]) => key));
    const free = partition(never.core, pk).flatMap(([key]) => (given.has(key) ? [] : [key]));
    same(`${organisationId}: numbers of invoices that could be given again`, [], free);
  }
  for (const thing of history.things) await compareThing(thing);
  for (const program of history.programs) await compareProgram(program);
  for (const { organisationId, personId } of history.people) await compareRoles(roleOwner(organisationId, personId));
  for (const { organisationId, personId, childId } of history.people) {
    if (childId) await compareBlock(organisationId, childId, personId);
  }
  return { found, compared, things, thingsGone };

  /** It opens as it did, and what is gone is gone with every row that names it. */
  async function compareThing(thing: Thing): Promise<void> {
    const { kind, organisationId, ref, id, goesWith } = thing;
    const { pk, sk } = keyOf(ref);
    const key = `${pk}|${sk}`;
    const name = `${kind} ${key}`;
    if (never.core.has(key) && restored.core.has(key)) {
      same(`${name}: whether it opens`, await opens(never, thing), await opens(restored, thing));
      if (kind === 'webhook') await compareWebhook(thing);
    }
    const isGoing = [organisationId, ref.owner.subject, ...goesWith].some((subject) => busy.has(subject));
    if (isGoing)
      return same(
        `${name}: opens though it is going`,
        false,
        !never.core.has(key) && (await opens(restored, thing, true)),
      );
    if (!inBackup.has(key)) return;
    things++;
    if (!never.core.has(key)) thingsGone++;
    same(`${name}: whether it is there`, never.core.has(key), restored.core.has(key));
    if (never.core.has(key) || id === undefined) return;
    const known = new Set(naming(never, id).map((row) => `${row.pk}|${row.sk}`));
    const again = naming(restored, id).filter((row) => row.table !== 'transient' && !known.has(`${row.pk}|${row.sk}`));
    same(
      `${name}: gone, and named again`,
      [],
      again.filter((row) => !isOfItsClock(row)),
    );
  }

  /** None that was turned off sends again; what was turned on since the backup may stand still. */
  async function compareWebhook({ ref }: Thing): Promise<void> {
    const [one, other] = await Promise.all([never, restored].map(({ store }) => reading(store).get(ref as never)));
    const stateOf = (stored: unknown) => (stored as { value: Webhook } | undefined)?.value.state;
    if (stateOf(one) === 'disabled') same(`${ref.key}: sends again`, 'disabled', stateOf(other));
  }

  /** No secret that had come to its end opens the door again. */
  async function compareProgram({ ref, secrets }: History['programs'][number]): Promise<void> {
    const [one, other] = await Promise.all([never, restored].map((side) => reading(side.store).get(ref as never)));
    const valid = (client: unknown) =>
      secrets.map((secret) => client !== undefined && isSecretOf((client as Stored).value, secret, world.store.clock));
    const [before, after] = [valid(one), valid(other)];
    same(
      `${ref.key}: secrets that are valid again`,
      [],
      secrets.filter((_, i) => after[i] && !before[i]),
    );
    const accountId = (other as Stored | undefined)?.value.accountId;
    if (!accountId) return;
    const account = await reading(restored.store).get(accountRef(accountId));
    if (account) {
      const found = await reading(restored.store).find('operator', 'sub', account.value.sub);
      same(`${ref.key}: whom its sign-in leads to`, accountId, found);
    }
    if (one) return;
    same(`${ref.key}: the account of a program that was ended`, undefined, account?.version);
  }

  /** Whoever is kept from a child stays so, while both are there. */
  async function compareBlock(organisationId: OrganisationId, childId: PersonId, otherId: PersonId): Promise<void> {
    const ref = blockRef(organisationId, childId, otherId);
    const people = [childId, otherId].map((id) => `${organisationId}#${id}|PERSON`);
    if ([organisationId, childId, otherId].some((id) => busy.has(id))) return;
    if (!people.every((key) => never.core.has(key) && restored.core.has(key))) return;
    const [one, other] = await Promise.all([never, restored].map(({ store }) => reading(store, true).get(ref)));
    same(`${childId}: kept from ${otherId}`, one?.value.basis, one && other?.value.basis);
    if (one)
      same(
        `${childId}: linked all the same`,
        undefined,
        (await reading(restored.store, true).get(linkRef(organisationId, childId, otherId)))?.version,
      );
  }

  async function compareRoles(owner: ReturnType<typeof roleOwner>): Promise<void> {
    const [one, other] = await Promise.all([never, restored].map(({ store }) => activeRoles(store, owner)));
    same(
      `${owner.subject}: roles that are held again`,
      [],
      other!.filter((id) => !one!.includes(id)),
    );
  }

  async function comparePerson(somebody: Somebody): Promise<void> {
    const { organisationId, personId, accountId, sub } = somebody;
    const owner = ownerOf(organisationId, personId);
    const pk = `${organisationId}#${personId}`;
    const isErased = (await reading(never.store).keyStates(owner)).get('membership') === 'ERASED';
    const wasThere = inBackup.has(`${pk}|PERSON`);

    const events = await Promise.all([never, restored].map(({ store }) => foldOf(store, owner)));
    same(`${personId}: consents`, events[0], events[1]);
    same(`${personId}: what the law keeps of requests and holds`, kept(never.rights, pk), kept(restored.rights, pk));
    await compareWhatRestsOnConsents();

    // Fenced, and not yet gone from the tables that were never lost: nor need it be from these.
    if (isErased && never.core.has(`${pk}|PERSON`)) return;
    if (isErased) {
      same(
        `${personId}: erased, and here again`,
        [],
        naming(restored, personId).filter(
          (row) => !isAllowedToStay(row) && !isAskedByAnother(row) && !isGoingWithAll(row),
        ),
      );
      if (accountId && !(await reading(never.store, true).get(accountRef(accountId)))) {
        same(
          `${personId}: the sign-in of an erased account`,
          undefined,
          await reading(restored.store).find('operator', 'sub', sub!),
        );
      }
      const resting = events[0]!.flatMap(({ consentId }) => partition(restored.core, `${organisationId}#${consentId}`));
      same(`${personId}: what rested on the consents of the erased`, [], resting);
      await compareAddresses();
      return;
    }
    if (!wasThere) {
      same(
        `${personId}: registered after the backup`,
        undefined,
        (await reading(restored.store).get(personRef(organisationId, personId)))?.value.id,
      );
      return;
    }
    same(`${personId}: pointers of consents`, pointersOfConsents(never), pointersOfConsents(restored));
    same(`${personId}: holds in force`, holds(never), holds(restored));
    const refs = [
      personRef(organisationId, personId),
      pictureRef(organisationId, personId),
      attendanceDayRef(organisationId, personId, '2026-11-23'),
    ];
    for (const ref of refs) {
      const sk = ref === refs[0] ? 'PERSON' : ref === refs[1] ? 'PICTURE' : 'DAY#2026-11-23';
      const isInBoth = never.core.has(`${pk}|${sk}`) && restored.core.has(`${pk}|${sk}`);
      if (!isInBoth) continue;
      const [one, other] = await Promise.all([never, restored].map(({ store }) => reading(store).get(ref as never)));
      same(`${personId}: whether ${sk} opens`, one !== undefined, other !== undefined);
    }
    // A picture whose term is over is gone with its key: not even its ciphertext lies there again.
    if (!never.core.has(`${pk}|PICTURE`)) {
      same(`${personId}: a shredded picture`, false, restored.core.has(`${pk}|PICTURE`));
    }
    await compareFields();
    await compareAddresses();

    async function compareFields() {
      const [one, other] = await Promise.all(
        [never, restored].map(({ store }) => reading(store, true).get(personRef(organisationId, personId))),
      );
      for (const [field, { at, by }] of somebody.writes) {
        const isCertain = by === 'rectification' || at < backup.exportTime.getTime() - 2 * TORN_MILLISECONDS;
        if (!isCertain) continue;
        const value = (side: typeof one) => side?.value[field as keyof typeof side.value];
        same(`${personId}: ${field} after a ${by}`, value(one), value(other));
      }
    }

    function pointersOfConsents({ core }: Side) {
      const dependants = [...core.keys()].filter((key) => key.startsWith(`${pk}|SUBJECT#con_`));
      const listed = [...core].filter(
        ([key]) => key.startsWith(`${organisationId}#CONSENTS|`) && key.endsWith(`#${personId}`),
      );
      return [dependants.sort(), listed.sort()];
    }

    function holds({ core }: Side) {
      const listed = [...core].filter(
        ([key, row]) => key.startsWith(`${organisationId}#LEGAL-HOLDS|`) && row['subject'] === personId,
      );
      const numbers = [...core.keys()].filter((key) => key.startsWith(`${pk}|LEGAL-HOLD-NUMBER#`));
      return [listed.sort(), numbers.sort()];
    }

    async function compareWhatRestsOnConsents() {
      for (const { consentId, ended } of events[0]!) {
        const ref = consentedInformationRef(organisationId, consentId);
        const again = await reading(restored.store).get(ref);
        if (ended) same(`${personId}: what rested on an ended consent`, undefined, again?.version);
      }
    }

    /** Lookup answers as it did, for every address that the person ever had. */
    async function compareAddresses() {
      const stored = await reading(restored.store, true).get(personRef(organisationId, personId));
      const email = stored?.value.email;
      const isLookupThere = !isErased || never.core.has(`ORGANISATIONS|${organisationId}`);
      if (!isLookupThere) return;
      for (const [name, value] of somebody.secrets) {
        if (!value.includes('@')) continue;
        const holder = await reading(restored.store)
          .find(organisationId, 'email', value)
          .catch(() => undefined);
        same(`${personId}: who has ${name} by Lookup`, value === email ? personId : undefined, holder);
      }
      if (sub === undefined || isErased) return;
      const isLinked =
        never.core.has(`operator#${accountId}|ACCOUNT`) && restored.core.has(`operator#${accountId}|ACCOUNT`);
      if (isLinked)
        same(`${personId}: the sign-in`, accountId, await reading(restored.store).find('operator', 'sub', sub));
    }
  }

  /** At the end of an agreement the lists go as a whole, after the people in them. */
  function isGoingWithAll({ table, pk, sk }: { readonly table: string; readonly pk: string; readonly sk: string }) {
    const [organisationId = '', list = ''] = pk.split('#');
    return busy.has(organisationId) && /^[A-Z-]+$/.test(list) && table === 'core' && never.core.has(`${pk}|${sk}`);
  }

  /** Who asked is an account, with rows of its own until its own erasure has come so far. */
  function isAskedByAnother({ pk, sk }: { readonly pk: string; readonly sk: string }) {
    return sk.startsWith('ASKED#') && never.core.has(`${pk}|${sk}`);
  }
}

interface Stored {
  readonly value: ServiceClient;
}

async function activeRoles(store: Store, owner: ReturnType<typeof roleOwner>): Promise<string[]> {
  const { items } = await reading(store, true).list(roleEntity, owner);
  return items.filter(({ value }) => value.state === 'active').map(({ value }) => value.id);
}

/** A row by which a clock looks, finds nothing and drops it. */
const isOfItsClock = ({ pk }: { readonly pk: string }) => pk === 'WORKPLACE-DUE';

const reading = (store: Store, throughRestriction = false) =>
  openRecords(store, { requestId: 'compare', actor: 'system:test', newEventId: () => anId('evt') }, undefined, {
    throughRestriction,
  });

async function sideOf(world: RestoreWorld, store: Store): Promise<Side> {
  const rows = async (table: 'core' | 'rights' | 'lookup' | 'transient') =>
    new Map(
      (await rowsOf(world.client, store, table)).map((item) => {
        const { pk, sk, ...attributes } = unmarshall(item);
        return [`${pk}|${sk}`, attributes] as const;
      }),
    );
  const [core, rights, lookup, transient] = await Promise.all(
    (['core', 'rights', 'lookup', 'transient'] as const).map(rows),
  );
  return { store, core: core!, rights: rights!, lookup: lookup!, transient: transient! };
}

/** States in which the rows of the erased may be there or not. */
const going: readonly ErasureState[] = ['ordered', 'surveyed', 'fenced'];

/** Who is being erased in the tables that were never lost. */
async function underWay({ rights, store }: Side): Promise<ReadonlySet<string>> {
  const subjects = new Set<string>();
  for (const [key, attributes] of partition(rights, erasurePointers.unfinished('').pk)) {
    const place = placeOf(key.split('|')[1] as ErasureId, attributes);
    const erasure = place && (await reading(store, true).get(erasureRef(place)));
    if (erasure && going.includes(erasure.value.state)) subjects.add(place.owner.subject);
  }
  return subjects;
}

async function opens({ store }: Side, { ref, isShared }: Thing, throughRestriction = false): Promise<boolean> {
  const records = reading(store, throughRestriction);
  return (await (isShared ? records.getShared(ref as never) : records.get(ref as never))) !== undefined;
}

async function foldOf(store: Store, owner: ReturnType<typeof ownerOf>) {
  const { items } = await reading(store, true).list(consentEventEntity, owner);
  return currentConsents(items.map(({ value }) => value));
}

const startingWith = (rows: Rows, beginning: string) =>
  [...rows].filter(([key]) => key.startsWith(beginning)).sort(([one], [other]) => (one < other ? -1 : 1));
const partition = (rows: Rows, pk: string) => startingWith(rows, `${pk}|`);
const ledgersOf = ({ rights }: Side) =>
  [...rights].filter(([key]) => key.includes('#LEDGER|')).sort(([one], [other]) => (one < other ? -1 : 1));
const kept = (rows: Rows, pk: string) =>
  partition(rows, pk).filter(([key]) => /\|(REQUEST|LEGAL-HOLD|CONSENT)#/.test(key));

function naming(side: Side, id: string) {
  const text = (row: unknown) => JSON.stringify(row, (_, value) => (value instanceof Uint8Array ? '' : value));
  return (['core', 'lookup', 'transient'] as const).flatMap((table) =>
    [...side[table]].flatMap(([key, row]) => {
      if (!key.includes(id) && !text(row).includes(id)) return [];
      const [pk = '', sk = ''] = key.split('|');
      return pk.startsWith('RESTORE#') || isOfRequests(pk) ? [] : [{ table, pk, sk }];
    }),
  );
}

/** The register of requests is evidence: ids and instants that the law keeps. */
const isOfRequests = (pk: string) => /#REQUESTS(-OPEN|-CLOSED)?$/.test(pk) || pk.startsWith('REQUESTS-DUE#');
