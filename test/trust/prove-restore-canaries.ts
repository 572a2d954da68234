import { linesOf } from '../../lambdas/features/rights-copy/copied.ts';
import { unpackedBodies } from '../../lambdas/features/transparency/bodies.ts';
import { rowFromStream } from '../../lambdas/platform/stream-record.ts';
import { type EvidenceBook, type Exhibit, evidenceBook, rowExhibit, type Sink } from '../adversary/evidence.ts';
import { investigator } from '../adversary/investigation.ts';
import type { Canary } from '../adversary/needles.ts';
import type { TestDynamoDb } from '../support/dynoxide.ts';
import { differences } from './prove-restore-compare.ts';
import { aHistory, type Happening, type Somebody } from './prove-restore-history.ts';
import { aRestoreWorld, type Backup, type RestoreWorld, rowsOf } from './prove-restore-world.ts';

/** At least so many values of the erased are looked for. */
const CANARIES_MIN = 30;
const RESTORES = 3;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const EPOCH = 0;
const COPIES_OF_THE_LOG = 'activity/';
const TABLES = ['core', 'activity', 'rights', 'keys', 'mirror', 'lookup', 'transient'] as const;

interface CanaryVerdict {
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * A family lives, is backed up and is erased; then the tables are lost and restored three times from that backup. Nothing
 * of the family is found in any table of the new generation, in any copy or in the log, by somebody with full rights on
 * KMS. The family that stays is found everywhere, and with the keys of before so is the one that is gone: the adversary sees.
 */
export async function searchForCanaries(db: TestDynamoDb): Promise<CanaryVerdict> {
  const world = await aRestoreWorld(db);
  const history = await aHistory(world);
  const play = async (what: Happening['what'], who: number) => history.play({ what, who, afterSeconds: 60 });
  await play('family-comes', 0);
  await play('family-comes', 0);
  const [gone, , stays] = history.people;
  const [child] = history.people.filter(({ guardianId }) => guardianId === gone?.personId);
  if (!gone || !stays || !child) throw new Error('The families have not come');
  for (const somebody of [gone, stays]) await live(history.people.indexOf(somebody));
  const withKeys = evidenceBook();
  await photograph(world, withKeys);
  const backup: Backup = { ...(await world.snapshot()), exportTime: world.store.clock };

  for (const who of [gone, child]) await play('person-is-erased', history.people.indexOf(who));
  await workToTheEnd();
  const failures: string[] = [];
  for (let restore = 0; restore < RESTORES; restore++) {
    world.pass(DAY_MILLISECONDS);
    await world.sequence();
    const restored = await world.restore(backup, 30);
    const { found } = await differences(world, history, backup, restored.target);
    failures.push(...found.map(({ about }) => `restore ${restore + 1}: ${about} differs`));
    world.switchTo(restored);
  }
  await workToTheEnd();

  const canaries = canariesOf([gone, child]);
  const controls = canariesOf([stays]);
  const now = evidenceBook();
  await photograph(world, now);
  copies(world, backup, now);
  const investigated = investigator([...canaries, ...controls], world.store.unwrap);
  const after = await investigated(now.all());
  for (const { canary, sink, place, how } of after.sightings.filter(({ canary }) => canaries.includes(canary))) {
    failures.push(`${canary.name} is back in the ${sink} at ${place} (${how})`);
  }
  if (canaries.length < CANARIES_MIN) failures.push(`only ${canaries.length} canaries`);
  failures.push(
    ...blindTo(controls, after.sightings, 'core table'),
    ...blindTo(controls, after.sightings, 'backup bucket'),
  );

  const old = await investigated([...now.all(), ...withKeys.all()]);
  failures.push(...blindTo(canaries, old.sightings, 'core table', 'with the keys of before'));
  const sinks = new Set(now.all().map(({ sink }) => sink));
  return {
    failures,
    figures: {
      canaries: canaries.length,
      sinks: sinks.size,
      exhibits: now.all().length,
      ciphertexts: after.attack.ciphertexts,
      attempts: after.attack.attempts,
      controlsFound: new Set(after.sightings.map(({ canary }) => canary.name)).size,
      foundWithOldKeys: new Set(
        old.sightings.filter(({ canary }) => canaries.includes(canary)).map(({ canary }) => canary.name),
      ).size,
    },
  };

  async function live(who: number): Promise<void> {
    for (const what of ['note-is-written', 'address-changes', 'consent-is-given', 'note-is-written'] as const) {
      await play(what, who);
    }
    // The number decides what is put right: an address with a note, a name, an e-mail address.
    for (let more = 0; more < 6; more++) await play('rectification', who + more * history.people.length);
    for (const what of ['note-is-written', 'note-is-written', 'address-changes'] as const) await play(what, who);
    for (const what of ['chat-begins', 'ticket-is-opened', 'thread-is-written'] as const) await play(what, who);
    for (const what of ['photo-is-shared', 'device-is-registered'] as const) await play(what, who);
  }

  async function workToTheEnd(): Promise<void> {
    for (let day = 0; day < 4; day++) {
      await world.erase(2_000);
      world.pass(DAY_MILLISECONDS);
    }
  }
}

const canariesOf = (people: readonly Somebody[]): Canary[] =>
  people.flatMap(({ kind, secrets }) => [...secrets].map(([name, value]) => ({ name: `${kind}'s ${name}`, value })));

/** What an adversary who is not blind must find. What was written over is in no backup: only that which was there then. */
function blindTo(
  canaries: readonly Canary[],
  sightings: readonly { readonly canary: Canary; readonly sink: Sink; readonly how: string }[],
  sink: Sink,
  when = 'with the keys of today',
): string[] {
  const isLasting = ({ name }: Canary) => /firstName|consented|picture/.test(name);
  const seen = new Set(sightings.filter((each) => each.sink === sink).map(({ canary }) => canary));
  const missed = canaries.filter((canary) => isLasting(canary) && !seen.has(canary));
  return missed.map(({ name }) => `blind: ${name} was not found in the ${sink} ${when}`);
}

async function photograph(world: RestoreWorld, book: EvidenceBook): Promise<void> {
  for (const table of TABLES) {
    for (const item of await rowsOf(world.client, world.store, table)) {
      book.add(rowExhibit(`${table} table`, table, item), EPOCH);
    }
  }
  const log = Buffer.from(world.lines.map((line) => JSON.stringify(line)).join('\n'));
  book.add({ sink: 'function logs', place: 'restore', bytes: log }, EPOCH);
}

/** What lies in the buckets: the rows of the export, and the copies of Rights, as files and as the rows in them. */
function copies({ offline }: RestoreWorld, backup: Backup, book: EvidenceBook): void {
  const add = (exhibit: Exhibit) => book.add(exhibit, EPOCH);
  for (const table of ['core', 'activity', 'rights'] as const) {
    for (const item of backup[table]) add(rowExhibit('backup bucket', table, item));
  }
  for (const [key, content] of offline.files) {
    add({ sink: 'offline bucket', place: key, bytes: content });
    if (key.startsWith(COPIES_OF_THE_LOG)) {
      const entries = unpackedBodies(content).leaves.map(({ entry }) => entry);
      add({ sink: 'offline bucket', place: key, bytes: Buffer.from(JSON.stringify(entries)) });
      continue;
    }
    for (const { item } of linesOf({ key, content })) {
      if (item) add(rowExhibit('offline bucket', 'rights', rowFromStream(item)));
    }
  }
}
