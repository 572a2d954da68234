import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What the templates and bundles follow from. */
const sources = [
  'bin/app.ts',
  'lib/**/*',
  'lambdas/**/*',
  'docs/openapi.json',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const KEPT_MILLISECONDS = 86_400_000;
const WAIT_MILLISECONDS = 200;

/**
 * The synthesised app for the sources as they are, made anew only when they have changed. Runs the app with this very Node,
 * without the CDK's command line, an account, credentials or a network. Rejects with the app's own words when it does not synthesise.
 */
export async function synthesised(root: string): Promise<string> {
  const parent = join(root, 'cdk.out', 'embedded');
  const outdir = join(parent, digestOf(root));
  mkdirSync(parent, { recursive: true });
  // Whoever comes while another is at it waits for that one: it would take both cores twice.
  const lock = `${outdir}.making`;
  while (!isMade(outdir) && !isTaken(lock)) await pause(WAIT_MILLISECONDS);
  if (isMade(outdir)) return outdir;
  const unfinished = `${outdir}.${process.pid}`;
  try {
    removeOld(parent);
    // Whole or not at all.
    renameSync(await run(root, unfinished), outdir);
    return outdir;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

const isMade = (outdir: string) => existsSync(join(outdir, 'manifest.json'));

/** Whether the lock is ours now: that of a process which is no more holds nobody up. */
function isTaken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (Object(error)['code'] !== 'EEXIST') throw error;
  }
  if (!isAlive(holderOf(lock))) rmSync(lock, { force: true });
  return false;
}

function holderOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  // Being written, or gone already.
  if (pid === 0) return true;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** As a fresh machine would, whatever this one has: no account, no credentials, and a network that leads nowhere. */
const nothing = { PATH: '', AWS_EC2_METADATA_DISABLED: 'true', HTTPS_PROXY: 'http://127.0.0.1:9' };

/** The very file that the CDK's command line runs; without one it leaves its templates in the folder where it stands. */
async function run(root: string, unfinished: string): Promise<string> {
  try {
    mkdirSync(unfinished);
    const env = { ...nothing, HOME: unfinished };
    await promisify(execFile)(process.execPath, [join(root, 'bin/app.ts')], { cwd: unfinished, env });
    return join(unfinished, 'cdk.out');
  } catch (cause) {
    throw new Error(`The app does not synthesise: ${Object(cause)['stderr'] ?? cause}`, { cause });
  }
}

function digestOf(root: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of globSync([...sources], { cwd: root }).sort()) {
    const file = join(root, path);
    if (statSync(file).isFile()) hash.update(`\0${path}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOld(parent: string): void {
  for (const name of globSync('*', { cwd: parent })) {
    const path = join(parent, name);
    // A runner that still uses an older one was started within a day, or it is started again.
    if (Date.now() - statSync(path).mtimeMs > KEPT_MILLISECONDS) rmSync(path, { recursive: true, force: true });
  }
}
