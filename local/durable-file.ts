import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file so that a kill at any moment leaves the old contents or the new, never a mixture: written aside,
 * flushed, renamed, and the folder flushed too, because the rename itself lives there.
 */
export function writeDurably(path: string, contents: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.new`;
  // Key material and mail addresses are nobody else's business on a shared machine.
  const file = openSync(aside, 'w', 0o600);
  try {
    writeFileSync(file, contents);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  flushFolder(dirname(path));
}

/** The parsed JSON of a file written by `writeDurably`, or undefined where there is none yet. */
export function readDurably(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // Beginning anew would lose keys, or move the clock back: a human decides.
    throw new Error(`${path} is damaged; restore it or remove the whole state folder`, { cause: error });
  }
}

function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
