import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };

/**
 * Runs scripts of package.json beside each other (format and lint, types, dead code), for each leaves cores idle that the
 * others can use; one checker for the types, because several would each work out what all files share, at twice the CPU and
 * twice the memory. What a script printed is shown when it has ended, so that no two are mixed up. Fails when one does.
 */
function run(name: string): Promise<boolean> {
  const command = scripts[name];
  if (command === undefined) throw new Error(`There is no script ${name}`);
  return new Promise((done) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(output));
      if (code !== 0) console.log(`${name} (${command}) ended with ${code}`);
      done(code === 0);
    });
  });
}

const results = await Promise.all(process.argv.slice(2).map(run));
if (!results.every(Boolean)) process.exitCode = 1;
