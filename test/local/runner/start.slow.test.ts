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

const patiently = { timeout: 60_000 };

describe('npm start', () => {
  it('begins anew after a start that was cut short, tells where it runs, and stops when asked', async () => {
    const stateDir = aFolder();
    const cutShort = start('--state', stateDir);
    await expect.poll(() => existsSync(join(stateDir, 'cognito')), patiently).toBe(true);
    cutShort.kill('SIGKILL');
    await once(cutShort, 'exit');
    writeFileSync(join(stateDir, 'left-over'), '');

    const runner = start('--state', stateDir);
    const exited = once(runner, 'exit');
    const lines = await untilReady(runner);
    expect(lines[0]).toContain('an earlier start was cut short before it was ready: beginning anew');
    expect(existsSync(join(stateDir, 'left-over'))).toBe(false);
    const people = JSON.parse(readFileSync(join(stateDir, 'people.json'), 'utf8'));
    expect(people.length).toBeGreaterThan(0);
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
    const again = start('--state', stateDir);
    expect((await untilReady(again))[0]).not.toContain('anew');
    expect(JSON.parse(readFileSync(join(stateDir, 'people.json'), 'utf8'))).toEqual(people);
    again.kill('SIGKILL');
    await once(again, 'exit');
    start('--state', stateDir, '--fresh');
    await expect.poll(() => existsSync(join(stateDir, 'left-over')), patiently).toBe(false);
  }, 120_000);

  it('that is interrupted before it is ready ends without an error', async () => {
    const stateDir = aFolder();
    const runner = start('--state', stateDir);
    const [exited, complaint] = [once(runner, 'exit'), text(runner.stderr)];
    // Its listeners are there as soon as the people are being made, which the operator's function shows.
    await expect.poll(() => existsSync(join(stateDir, 'logs', 'vern-dev-ops.log')), patiently).toBe(true);
    runner.kill('SIGINT');
    expect([await exited, await complaint]).toEqual([[0, null], '']);
    expect(existsSync(join(stateDir, 'endpoints.json'))).toBe(false);
  }, 120_000);

  it('says what is wrong with its arguments', async () => {
    const runner = start('--colour', 'blue');
    const [[code], complaint] = await Promise.all([once(runner, 'exit'), text(runner.stderr)]);
    expect([code, complaint]).toEqual([2, expect.stringContaining('--state DIR')]);
  });
});
