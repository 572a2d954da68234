import { spawn } from 'node:child_process';

/**
 * Format and lint, types, dead code: beside each other, for each leaves cores idle that the others can use. One checker
 * for the types: several would each work out the types that all files share, at twice the CPU and twice the memory.
 */
const checks = [['biome', 'ci'], ['tsc', '--checkers', '1'], ['knip']] as const;

/** What it printed is shown when it has ended, so that no two are mixed up. Resolves with whether it found nothing. */
function run([command, ...args]: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    const end = (isGood: boolean, why = '') => {
      process.stdout.write(Buffer.concat(output));
      if (!isGood) console.log(`${command} ${args.join(' ')}: ${why}`);
      done(isGood);
    };
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code) => end(code === 0, `ended with ${code}`));
  });
}

const results = await Promise.all(checks.map(run));
if (!results.every(Boolean)) process.exitCode = 1;
