import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the templates and bundles follow from. */
const sources = [
  'lib/**/*',
  'lambdas/**/*',
  'docs/openapi.json',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const KEPT_MILLISECONDS = 86_400_000;

/**
 * The synthesised app for the sources as they are, made anew only when they have changed. Runs the app with this very Node,
 * without the CDK's command line. Rejects with the app's own words when it does not synthesise.
 */
export async function synthesised(root: string): Promise<string> {
  const parent = join(root, 'cdk.out', 'embedded');
  const outdir = join(parent, digestOf(root));
  if (existsSync(join(outdir, 'manifest.json'))) return outdir;
  mkdirSync(parent, { recursive: true });
  removeOld(parent);
  const unfinished = `${outdir}.${process.pid}`;
  await run(root, unfinished);
  // Whole or not at all, also when two runners synthesise at once.
  if (existsSync(outdir)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, outdir);
  return outdir;
}

async function run(root: string, outdir: string): Promise<void> {
  const script =
    "const { vernApp } = await import('./lib/app.ts'); vernApp({ outdir: process.argv[1], checked: false }).synth();";
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, outdir], { cwd: root });
  } catch (cause) {
    rmSync(outdir, { recursive: true, force: true });
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
