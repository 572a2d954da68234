import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withAllPlatforms } from '../../bin/lockfile.ts';

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');

describe('package-lock.json', () => {
  it('names every platform’s packages, or npm ci refuses it: if this fails, run `node bin/lockfile.ts`', () => {
    const lockfile = JSON.parse(text);
    expect(Object.keys(withAllPlatforms(lockfile).packages)).toEqual(Object.keys(lockfile.packages));
  });
  it('names no registry’s host', () => expect(text).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/));
});
