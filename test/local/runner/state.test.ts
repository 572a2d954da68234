import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyState, holdsState, openState } from '../../../local/state.ts';
import { aFolder } from '../fixtures/assembly.ts';

describe('the state directory', () => {
  it('remembers, in the order of names, until it is told to forget', () => {
    const folder = aFolder();
    const first = openState(folder);
    first.set('b/2', 'two');
    first.set('b/1', 'one');
    first.set('c', 'other');
    first.set('b/1', 'changed');
    first.delete('c');
    first.close();
    const second = openState(folder);
    expect([second.get('b/2'), second.get('c')]).toEqual(['two', undefined]);
    expect(second.entries('b/')).toEqual([
      { name: 'b/1', value: 'changed' },
      { name: 'b/2', value: 'two' },
    ]);
    second.close();
  });

  it('belongs to one runner at a time', () => {
    const folder = aFolder();
    const first = openState(folder);
    expect(() => openState(folder)).toThrow(`Another embedded cloud runs on ${folder}`);
    expect(() => emptyState(folder)).toThrow('Another embedded cloud runs');
    first.close();
    openState(folder).close();
  });

  it('is fresh until it has been provisioned, and again when it was emptied', () => {
    const folder = aFolder();
    expect(holdsState(folder)).toBe(false);
    const first = openState(folder);
    expect(first.isFresh).toBe(true);
    first.set('provisioned', 'yes');
    first.close();
    mkdirSync(join(folder, 'logs'));
    const second = openState(folder);
    expect(second.isFresh).toBe(false);
    second.close();
    expect(holdsState(folder)).toBe(true);
    emptyState(folder);
    expect(existsSync(join(folder, 'logs'))).toBe(false);
    const third = openState(folder);
    expect(third.isFresh).toBe(true);
    third.close();
  });

  it('is not emptied where it is no state directory', () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    expect(() => emptyState(folder)).toThrow('nothing was removed');
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });
});
