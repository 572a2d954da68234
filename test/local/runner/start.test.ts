import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aFolder } from '../fixtures/assembly.ts';

const root = join(import.meta.dirname, '../../..');

type Runner = ChildProcessByStdio<null, Readable, Readable>;

function start(...args: string[]): Runner {
  const runner = spawn(process.execPath, ['local/start.ts', '--port', '0', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void runner.kill('SIGKILL'));
  return runner;
}

/** The lines printed up to the one that says ready. */
async function untilReady(runner: Runner): Promise<string[]> {
  let printed = '';
  for await (const chunk of runner.stdout) {
    printed += chunk;
    if (/^ready .*\n/m.test(printed)) return printed.trim().split('\n');
  }
  throw new Error(`It never became ready: ${await text(runner.stderr)}`);
}

describe('npm start', () => {
  it('synthesises and runs the product, tells where, and stops when asked', { timeout: 120_000 }, async () => {
    const stateDir = aFolder();
    const runner = start('--state', stateDir);
    const exited = once(runner, 'exit');
    const lines = await untilReady(runner);
    expect(lines.filter((line) => line.startsWith('ready '))).toEqual([lines.at(-1)]);
    const endpoints = JSON.parse(readFileSync(join(stateDir, 'endpoints.json'), 'utf8'));
    expect(lines.at(-1)).toBe(`ready ${endpoints.api}`);
    for (const name of ['api', 'mailbox', 'cognito', 'dynamodb', 'kms', 'ses', 's3', 'sqs', 'lambda']) {
      expect([name, endpoints[name]]).toEqual([name, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)]);
    }
    expect(endpoints).toMatchObject({
      region: 'eu-west-1',
      userPoolId: expect.stringMatching(/^eu-west-1_/),
      clientId: expect.any(String),
    });
    const nowhere = await fetch(`${endpoints.api}/nowhere`);
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { message: 'Not Found' }]);

    const second = start('--state', stateDir);
    const [[code], complaint] = await Promise.all([once(second, 'exit'), text(second.stderr)]);
    expect([code, complaint]).toEqual([1, expect.stringContaining(`Another embedded cloud runs on ${stateDir}`)]);

    runner.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await expect(fetch(endpoints.api)).rejects.toThrow();

    writeFileSync(join(stateDir, 'left-over'), '');
    const anew = start('--state', stateDir, '--fresh');
    await untilReady(anew);
    expect(existsSync(join(stateDir, 'left-over'))).toBe(false);
  });

  it('says what is wrong with its arguments', async () => {
    const runner = start('--colour', 'blue');
    const [[code], complaint] = await Promise.all([once(runner, 'exit'), text(runner.stderr)]);
    expect([code, complaint]).toEqual([2, expect.stringContaining('--state DIR')]);
  });
});
