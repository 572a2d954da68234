import { execFile } from 'node:child_process';
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import { open, seal } from '../lambdas/platform/sealing.ts';
import { bundled } from '../lib/constructs/bundles.ts';
import { aWorld, type World } from './world.ts';

/**
 * `npm run bench`: what our way costs beside what one would write without us, in CPU time of the same run and as ratios
 * within pairs, because times on a shared machine say nothing alone. Asserts nothing.
 */
const PAIRS = 15;
const WARM_REQUESTS = 300;
const SEALS_IN_A_BATCH = 4_000;
const RECORD_BYTES = 1024;

type Pair<T> = { readonly ours: T; readonly peer: T };
type Step<T> = () => T | Promise<T>;

const bundling = { bundle: true, minify: true, platform: 'node', target: 'node24', logLevel: 'error' } as const;
/** What the SDK has of CommonJS asks for Node's own modules by `require`. */
const requireInModules = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

const folder = mkdtempSync(join(tmpdir(), 'vern-bench-'));
try {
  const world = await aWorld(folder);
  const containers = await lives(world).finally(world.stop);
  const of = (figure: 'loaded' | 'cold' | 'warm') =>
    containers.map(({ ours, peer }) => ({ ours: ours[figure], peer: peer[figure] }));
  console.table({
    'start to loaded, beside the bare SDK in ESM': ratios(of('loaded')),
    'start to first GET /v1/me, beside the SDK’s first GetItem': ratios(of('cold')),
    'warm GET /v1/me, beside a warm GetItem': ratios(of('warm')),
    'seal and open 1 KB, beside AES-GCM with a KeyObject': ratios(await sealings()),
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** CPU microseconds of fresh processes: the deployed bundle with its whole chain, and a bare SDK handler as ESM. */
async function lives({ environment, anEvent }: World) {
  bundled({ account: apiFunctions.account.entry }, folder);
  build('peer', 'esm');
  build('one-process', 'cjs');
  const live = (handler: string) => async () => {
    writeFileSync(join(folder, 'event.json'), JSON.stringify(await anEvent()));
    const files = [join(folder, 'one-process.cjs'), join(folder, handler), join(folder, 'event.json')];
    const args = [...files, String(WARM_REQUESTS)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
    // What the handler logs stands before.
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as { loaded: number; cold: number; warm: number };
  };
  return inPairs(PAIRS, live('bundles/account/index.js'), live('peer.mjs'));
}

function build(name: string, format: 'esm' | 'cjs'): void {
  buildSync({
    ...{ ...bundling, format, mainFields: ['module', 'main'] },
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile: join(folder, `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`),
    banner: { js: format === 'esm' ? requireInModules : '' },
  });
}

/** One record bound to its place, and the same cipher bound to nothing. */
async function sealings() {
  const key = createSecretKey(randomBytes(32));
  const record = randomBytes(RECORD_BYTES);
  const place = 'core|ORG#1|PERSON#1|1';
  const ours = () => cpuOfBatch(() => open(key, seal(key, record, place), place));
  const bare = () => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([cipher.update(record), cipher.final()]);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAuthTag(cipher.getAuthTag());
    return Buffer.concat([decipher.update(body), decipher.final()]);
  };
  const peer = () => cpuOfBatch(bare);
  await inPairs(2, ours, peer);
  return inPairs(PAIRS, ours, peer);
}

function cpuOfBatch(once: () => Buffer): number {
  const before = process.cpuUsage();
  for (let i = 0; i < SEALS_IN_A_BATCH; i++) once();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / SEALS_IN_A_BATCH;
}

/** Alternately, and who begins changes from pair to pair: what warms or throttles the machine hits both. */
async function inPairs<T>(count: number, ours: Step<T>, peer: Step<T>): Promise<Pair<T>[]> {
  const pairs: Pair<T>[] = [];
  for (let i = 0; i < count; i++) {
    const early = i % 2 === 0 ? await ours() : undefined;
    const theirs = await peer();
    pairs.push({ ours: early ?? (await ours()), peer: theirs });
  }
  return pairs;
}

function ratios(pairs: readonly Pair<number>[]) {
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  const median = (values: number[]) => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
  const all = sorted(pairs.map(({ ours, peer }) => ours / peer));
  const shown = (value = Number.NaN) => Number(value.toFixed(2));
  return {
    ...{ min: shown(all[0]), median: shown(median(all)), max: shown(all.at(-1)) },
    ...{ 'our µs': shown(median(pairs.map(({ ours }) => ours))), 'peer µs': shown(median(pairs.map((p) => p.peer))) },
  };
}
