import type { KeyObject } from 'node:crypto';
import {
  bundleHeaderLine,
  bundleLeafLine,
  parseBundleHeader,
  parseBundleLeaf,
} from '../../lambdas/features/transparency/bundle.ts';
import type { Finding } from '../../lambdas/features/transparency/finding.ts';
import { entryHash } from '../../lambdas/features/transparency/leaf.ts';
import { rootOf } from '../../lambdas/features/transparency/merkle.ts';
import { verifyLog } from '../../lambdas/features/transparency/verify.ts';
import { parseWitness, type Witness, witnessText } from '../../lambdas/features/transparency/witness-text.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { reading, signedCheckpoint } from './a-log.ts';
import { proveHealing } from './healing.ts';
import { tamperWithRows } from './tampered-rows.ts';
import { type Act, acts, type Care, cares, type Pick, type Tampered, tamperedFile } from './tampering.ts';
import { aTrustWorld, type TrustWorld } from './world.ts';

export interface ProveOptions {
  /** Events of the log that is tampered with. */
  readonly events: number;
  readonly tamperings: number;
  readonly seed: number;
  /** Events, by organisation, of the log that a sequencer brings in which crashes at every how-many-th of its calls. */
  readonly healing: { readonly events: readonly number[]; readonly everyCrash: number };
}
export interface Proven {
  readonly failures: readonly string[];
  readonly lines: readonly string[];
}

const CONTAINERS = 4;
const RUNS = 6;

/** Tampers with a real log in every way, and says what the verifier did not name. */
export async function proveLog(options: ProveOptions, say: (line: string) => void = () => {}): Promise<Proven> {
  const db = await startDynamoDb();
  try {
    return await proveOn(db, options, say);
  } finally {
    await db.stop();
  }
}

async function proveOn(db: TestDynamoDb, options: ProveOptions, say: (line: string) => void): Promise<Proven> {
  const pick = numbersFrom(options.seed);
  const world = await aTrustWorld(db, 3, CONTAINERS);
  const controller = world.organisationIds[0]!;
  const letters = await writeLog(world, controller, options.events, pick);
  const failures: string[] = [];
  const bundle = await world.bundle(controller);
  const check = (lines: readonly string[], witnesses: readonly Witness[] = []) =>
    findingsIn(lines, world.keys.publicKey, witnesses);

  const clean = await check(bundle, letters);
  if (clean.length > 0) failures.push(`The untampered log does not verify: ${clean[0]!.text}`);
  if (bundle.length !== options.events + 1)
    failures.push(`The log has ${bundle.length - 1} events of ${options.events}`);
  say(`${options.events} events of ${CONTAINERS} writers, ${letters.length} checkpoints kept: verifies`);

  let named = 0;
  let pinned = 0;
  const rows = await world.rows(controller);
  for (let n = 0; n < options.tamperings; n++) {
    const act = acts[n % acts.length]!;
    const isInTable = n % 3 === 0;
    const care = cares[pick(cares.length)]!;
    const { tampered, findings } = isInTable
      ? await tamperInTable(world, controller, rows, act, pick, check)
      : await tamperInFile(bundle, act, care, pick, check);
    const how = `tampering ${n}: ${act} ${isInTable ? 'in the table' : `in the file, ${care} put right`}`;
    const verdict = judge(act, isInTable ? 'none' : care, tampered, findings);
    if (verdict === 'missed') {
      const found = findings.map(({ kind, leaf, eventId }) => `${kind} ${leaf ?? ''} ${eventId ?? ''}`).slice(0, 5);
      failures.push(`${how}: not named; found ${found.join('; ') || 'nothing'}`);
      continue;
    }
    named += 1;
    if (verdict === 'pinned') pinned += 1;
    if (n % 100 === 99) say(`${n + 1} tamperings, ${named} named`);
  }
  if ((await check(await world.bundle(controller), letters)).length > 0) failures.push('The table was not put back');

  failures.push(...(await proveSplitView(world, bundle, letters, pick)));
  failures.push(...(await proveUnsequenced(world, controller)));
  say('a split view, a rolled-back log and what vanished before it was in the log are caught');
  const healing = await proveHealing(db, options.healing, say);
  failures.push(...healing.failures);
  return {
    failures,
    lines: [
      `prove:log seed ${options.seed}: ${named} of ${options.tamperings} tamperings named, ${pinned} by leaf or event; ${healing.crashes} crashes healed; ${failures.length} failures`,
    ],
  };
}

/** Gives the checkpoints that would have been mailed, one after each run. */
async function writeLog(world: TrustWorld, controller: OrganisationId, events: number, pick: Pick) {
  const letters: Witness[] = [];
  const perRun = Math.ceil(events / RUNS);
  for (let written = 0; written < events; ) {
    const end = Math.min(events, written + perRun);
    while (written < end) {
      const leaves = Math.min(end - written, 1 + pick(3));
      await world.happened(pick(CONTAINERS), controller, leaves);
      written += leaves;
    }
    await world.happened(0, world.organisationIds[1]!);
    await world.sequence();
    letters.push(parseWitness(`Hei,\n\n${witnessText(await world.signed(controller))}\n`));
  }
  return letters;
}

type Check = (lines: readonly string[], witnesses?: readonly Witness[]) => Promise<readonly Finding[]>;

async function findingsIn(lines: readonly string[], key: KeyObject, witnesses: readonly Witness[]) {
  return (await verifyLog(reading(lines), { key, witnesses, isPart: false })).findings;
}

async function tamperInFile(bundle: readonly string[], act: Act, care: Care, pick: Pick, check: Check) {
  const tampered = await tamperedFile(bundle, act, care, pick);
  return { tampered, findings: await check(tampered.lines) };
}

async function tamperInTable(
  world: TrustWorld,
  controller: OrganisationId,
  rows: Parameters<typeof tamperWithRows>[2],
  act: Act,
  pick: Pick,
  check: Check,
) {
  const tampered = await tamperWithRows(world, controller, rows, act, pick);
  try {
    return { tampered, findings: await check(await world.bundle(controller)) };
  } finally {
    await tampered.undo();
  }
}

/**
 * `pinned`: named with its leaf or event, or among the few that it can be. `named`: told what was done, where the file
 * holds nothing more that could tell: forged through and through, it contradicts the signature alone.
 */
function judge(
  act: Act,
  care: Care,
  { expected, eventIds, leaves }: Omit<Tampered, 'lines'>,
  findings: readonly Finding[],
): 'pinned' | 'named' | 'missed' {
  const said = findings.filter(({ kind }) => expected.includes(kind));
  if (said.length === 0) return 'missed';
  const isPinned = said.some(
    ({ leaf, eventId, suspects = [] }) =>
      leaves.includes(leaf ?? -1) ||
      eventIds.includes(eventId ?? '') ||
      suspects.some((suspect) => eventIds.includes(suspect.eventId)),
  );
  if (isPinned) return 'pinned';
  const isWhollyForged = care === 'header' || (act === 'reordered' && care === 'hashes');
  return isWhollyForged ? 'named' : 'missed';
}

/** The operator itself, with the key: a rewritten log that verifies by itself, and one from which the end is gone. */
async function proveSplitView(world: TrustWorld, bundle: readonly string[], letters: readonly Witness[], pick: Pick) {
  const failures: string[] = [];
  const { publicKey, privateKey } = world.keys;
  const [first = '', ...rest] = bundle;
  const header = parseBundleHeader(first);
  const leaves = rest.map(parseBundleLeaf);
  const last = letters.at(-1)!;

  const rewritten = await rewrite(pick(letters.at(-2)!.checkpoint.size));
  if ((await findingsIn(rewritten, publicKey, [])).length > 0)
    failures.push('The rewritten log is caught without a letter');
  for (const letter of letters) {
    const isTold = (await findingsIn(rewritten, publicKey, [letter])).some(({ kind }) => kind === 'split-view');
    if (!isTold && letter === last) failures.push('A split view is not caught by a letter');
  }

  const shorter = leaves.slice(0, letters[2]!.checkpoint.size);
  const older = [
    bundleHeaderLine(
      await headerOf(
        shorter.map(({ hash }) => hash),
        1000,
      ),
    ),
    ...shorter.map(bundleLeafLine),
  ];
  if ((await findingsIn(older, publicKey, [])).length > 0)
    failures.push('The rolled-back log is caught without a letter');
  const told = await findingsIn(older, publicKey, [last]);
  if (!told.some(({ kind }) => kind === 'tail-cut')) failures.push('A rolled-back log is not caught by a letter');
  return failures;

  /** Every record from one on, written anew so that all chains hold, and signed. */
  async function rewrite(index: number): Promise<readonly string[]> {
    const tips = new Map<string, string>();
    const anew = leaves.map((leaf) => {
      const entry = leaf.entry!;
      const previous = tips.get(entry.writer) ?? '';
      const changed = { ...entry, previous, ...(leaf.leaf === index && { actor: 'acc_somebody-else' }) };
      const hash = entryHash(changed);
      tips.set(entry.writer, Buffer.from(hash).toString('hex'));
      return { ...leaf, entry: changed, hash };
    });
    return [
      bundleHeaderLine(
        await headerOf(
          anew.map(({ hash }) => hash),
          1001,
        ),
      ),
      ...anew.map(bundleLeafLine),
    ];
  }

  async function headerOf(hashes: readonly Uint8Array[], number: number) {
    const size = hashes.length;
    const checkpoint = { controller: header.controller, size, root: rootOf(hashes) };
    return { ...header, size, to: size, signed: await signedCheckpoint(checkpoint, privateKey, { number }) };
  }
}

/** A record that is taken away before the sequencer comes: its writer's chain has a gap, which the log itself reports. */
async function proveUnsequenced(world: TrustWorld, controller: OrganisationId): Promise<readonly string[]> {
  const failures: string[] = [];
  for (let n = 0; n < 3; n++) await world.happened(1, controller);
  const waiting = (await world.rows(controller)).filter((row) => row['unsequenced'] !== undefined);
  const middle = waiting.toSorted((one, other) => Number(one['sequence']) - Number(other['sequence']))[1]!;
  await world.remove(middle);
  await world.sequence();
  // The report itself waits for the next run.
  await world.sequence();
  const bundle = await world.bundle(controller);
  const findings = await findingsIn(bundle, world.keys.publicKey, []);
  if (!findings.some(({ kind, text }) => kind === 'chain-gap' && text.includes(String(middle['writer'])))) {
    failures.push('What vanished before it was in the log is not missed');
  }
  const isReported = bundle.some((line) => line.includes('"log.gap-found"'));
  if (!isReported) failures.push('The log does not report the gap itself');
  return failures;
}

/** Mulberry32: the same seed tampers in the same way. */
function numbersFrom(seed: number): Pick {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count) | 0;
  };
}
