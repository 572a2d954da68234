import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyFile } from '../../bin/verify-log.ts';
import { bytesOf, zipOf } from '../../lambdas/features/exports/zip.ts';
import { checkpointText } from '../../lambdas/features/transparency/checkpoint.ts';
import { witnessText } from '../../lambdas/features/transparency/witness-text.ts';
import { aLog, aSigningKey, bundleOf, linesOf, STAGE } from '../trust/a-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const log = aLog({ events: 30 });
const lines = linesOf(await bundleOf(log));
const spki = log.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const pem = log.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const exported = file('log.jsonl', lines.join(''));
const tampered = file(
  'tampered.jsonl',
  lines.map((line, i) => (i === 8 ? line.replace('"staff"', '"boss"') : line)).join(''),
);
const letter = file('letter.txt', `Hei\n\n${witnessText(await log.signedAt(20))}\nHilsen`);

const zipped = async (...files: readonly (readonly [string, string])[]) =>
  bytesOf(
    zipOf(
      files.map(([name, text]) => ({ name, content: Buffer.from(text) })),
      new Date('2026-03-02T07:00:00Z'),
    ),
  );

describe('npm run verify:log', () => {
  it('says what was checked, with a key as text or file', async () => {
    for (const key of [spki, file('public.pem', pem)]) {
      const { isClean, lines } = await verifyFile([exported, '--key', key, '--witness', letter]);
      expect(isClean).toBe(true);
      expect(lines).toEqual([
        `Log of ${log.controller} (${STAGE}): leaves 0 to 29 of 30, 30 events of 3 writers.`,
        'Signed 2026-03-02T07:31:00.000Z under head 31, key key-1.',
        '1 of 1 kept checkpoints agree.',
        'OK: every event is as it was signed.',
      ]);
    }
  });

  it('names what is wrong with its leaf and event', async () => {
    const { isClean, lines } = await verifyFile([tampered, '--key', spki]);
    expect(isClean).toBe(false);
    const id = log.entries[7]!.id;
    expect(lines).toContain(`MUTATED leaf 7 ${id}: ${id} at leaf 7 is not as it was when it was written.`);
    expect(lines.at(-1)).toBe('NOT OK: 1 findings.');
  });

  it('reads the log and the key out of an export, whatever else is in it', async () => {
    const others = [['index.nb.html', 'a'.repeat(200_000)] as const, ['log/other.jsonl', '{}'] as const];
    const zip = file('export.zip', await zipped(...others, ['log/log.jsonl', lines.join('')], ['public-key.pem', pem]));
    const { isClean, lines: said } = await verifyFile([zip]);
    expect(isClean).toBe(true);
    expect(said.join('\n')).toContain('The key is the one in the file');
    const other = aSigningKey().publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect((await verifyFile([zip, `--key=${other}`])).isClean).toBe(false);
  });

  it('lets a part be checked when it is said to be one', async () => {
    const part = file('part.jsonl', linesOf(await bundleOf(log, { from: 4, to: 9 })).join(''));
    expect((await verifyFile([part, '--key', spki])).isClean).toBe(false);
    expect((await verifyFile([part, '--key', spki, '--part'])).isClean).toBe(true);
  });

  it('catches a log that was shown otherwise to somebody', async () => {
    const kept = file(
      'kept.txt',
      checkpointText(STAGE, { controller: log.controller, size: 12, root: log.hashes[0]! }),
    );
    const { isClean, lines } = await verifyFile([exported, '--key', spki, '--witness', kept]);
    expect(isClean).toBe(false);
    expect(lines.join('\n')).toContain(
      'SPLIT-VIEW: The kept checkpoint of 12 events is not the beginning of this log.',
    );
  });

  it('says what it was asked wrongly', async () => {
    const asked = (...args: string[]) => verifyFile(args);
    await expect(asked()).rejects.toThrow('One file');
    await expect(asked(join(folder, 'nothing'), '--key', spki)).rejects.toThrow('There is no file');
    await expect(asked(exported)).rejects.toThrow('holds no key');
    await expect(asked(exported, '--key', 'no key')).rejects.toThrow();
    await expect(asked(exported, '--key', spki, '--witness', exported)).rejects.toThrow('no checkpoint');
    await expect(asked(exported, '--kee', spki)).rejects.toThrow('--kee');
  });

  it('says what was not checked: a letter without its signature, and what else is in the .zip', async () => {
    const { checkpoint } = await log.signedAt(12);
    const kept = file('unsigned.txt', checkpointText(STAGE, checkpoint));
    const { lines: said } = await verifyFile([exported, '--key', spki, '--witness', kept, '--witness', letter]);
    expect(said).toContain('2 of 2 kept checkpoints agree.');
    expect(said).toContain('1 of the kept checkpoints carries no signature: it is worth what its keeping is worth.');
    const zip = file('whole.zip', await zipped(['activity.csv', 'lies'], ['log/log.jsonl', lines.join('')]));
    const ofZip = await verifyFile([zip, '--key', spki]);
    expect(ofZip.lines).toContain(
      'Checked is log/log.jsonl. The pages and the spreadsheet beside it are copies for reading, and not signed.',
    );
  });

  it('lets no file write on the terminal: its words stay on their line, without control characters', async () => {
    const id = 'evt_\u001b[2J\nOK: every event is as it was signed.\u202e\u0085';
    const hostile = lines.map((line, i) =>
      i === 8 ? line.replace(log.entries[7]!.id, JSON.stringify(id).slice(1, -1)) : line,
    );
    const { isClean, lines: said } = await verifyFile([file('hostile.jsonl', hostile.join('')), '--key', spki]);
    expect(isClean).toBe(false);
    expect(said.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
  });

  it('does not take a .zip in which the log stands twice: programs differ in which one they show', async () => {
    const once = ['log/log.jsonl', lines.join('')] as const;
    const twice = file('twice.zip', await zipped(once, ['log/log.jsonl', '']));
    await expect(verifyFile([twice, '--key', spki])).rejects.toThrow('more than once');
  });

  it('does not read on when a line has no end', async () => {
    const endless = file('endless.jsonl', `${lines[0]}${'x'.repeat(1_000_000)}`);
    await expect(verifyFile([endless, '--key', spki])).rejects.toThrow('too long');
  });

  it('ends with a code that a script can act on', async () => {
    const codeOf = (...args: string[]) =>
      new Promise<number>((resolve) => {
        const child = execFile(process.execPath, ['bin/verify-log.ts', ...args], () => resolve(child.exitCode ?? -1));
      });
    expect(await Promise.all([codeOf(exported, '--key', spki), codeOf(tampered, '--key', spki), codeOf()])).toEqual([
      0, 1, 2,
    ]);
  });
});
