import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../local/cognito/records.ts';
import { Store } from '../../../local/cognito/store.ts';
import { aFolder } from './folder.ts';

const aPath = () => join(aFolder(), 'pool.journal');
const aGrant = (originJti: string): Grant => ({
  originJti,
  sub: 'a-user',
  clientId: 'a-client',
  eventId: 'an-event',
  refreshTokenHash: 'x'.repeat(1000),
  authTimeEpochSeconds: 1,
  refreshExpiresAtEpochMilliseconds: 2,
  state: 'live',
});
const put = (key: string) => ({ collection: 'grants', key, value: aGrant(key) }) as const;

describe('the journal', () => {
  it('brings back what was committed and nothing that was removed', () => {
    const path = aPath();
    const store = new Store(path);
    store.commit(put('one'), put('two'));
    store.commit({ collection: 'grants', key: 'one', value: null });
    expect([...store.all('grants').keys()]).toEqual(['two']);
    const again = new Store(path);
    expect([...again.all('grants').keys()]).toEqual(['two']);
    expect(again.all('grants').get('two')).toEqual(aGrant('two'));
  });

  it('drops a line that was cut off, and goes on after it', () => {
    const path = aPath();
    new Store(path).commit(put('one'));
    appendFileSync(path, JSON.stringify([put('torn')]).slice(0, -5));
    const store = new Store(path);
    expect([...store.all('grants').keys()]).toEqual(['one']);
    store.commit(put('two'));
    expect([...new Store(path).all('grants').keys()]).toEqual(['one', 'two']);
  });

  it('is rewritten when it has grown far beyond what is alive', () => {
    const path = aPath();
    const store = new Store(path);
    for (let write = 0; write < 5000; write++) store.commit(put('same'));
    expect(statSync(path).size).toBeLessThan(4 * 1024 * 1024);
    store.commit(put('other'));
    expect([...new Store(path).all('grants').keys()]).toEqual(['same', 'other']);
  });

  it('is readable by its owner alone', () => {
    const path = aPath();
    new Store(path).commit(put('one'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('refuses to open over a line that is not its own', () => {
    const path = aPath();
    new Store(path).commit(put('one'));
    appendFileSync(path, '[{"collection":"grants","key":"x","value":{"sub":1}}]\n');
    const before = readFileSync(path, 'utf8');
    expect(() => new Store(path)).toThrow();
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});
