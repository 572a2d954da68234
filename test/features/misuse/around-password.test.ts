import { describe, expect, it } from 'vitest';
import { aroundPassword, type PasswordWatch } from '../../../lambdas/features/misuse/around-password.ts';
import { usernameOfMachine } from '../../../lambdas/http/machine-name.ts';
import { anId } from '../../support/store.ts';

const now = new Date('2026-11-23T07:00:20Z');
const BEFORE = 'PreAuthentication_Authentication';
const AFTER = 'PostAuthentication_Authentication';

/** The trigger as its function opens it, on rows as DynamoDB keeps them, with a wait that takes no time. */
function aWatch(but: Partial<PasswordWatch> = {}) {
  const rows = new Map<string, Record<string, number>>();
  const waited: number[] = [];
  const lines: object[] = [];
  const watch: PasswordWatch = {
    counters: {
      async add({ pk, sk }, by) {
        const row = rows.get(`${pk}|${sk}`) ?? {};
        for (const [name, n] of Object.entries(by)) row[name] = (row[name] ?? 0) + n;
        rows.set(`${pk}|${sk}`, row);
        return { ...row };
      },
      async set({ pk, sk }, to) {
        rows.set(`${pk}|${sk}`, { ...to });
      },
    },
    pseudonym: async (who) => Buffer.from(who).toString('hex'),
    openCall() {
      throw new Error('nobody is told before there have been five');
    },
    now: () => now,
    isOpen: async () => true,
    spentMilliseconds: () => 0,
    leftMilliseconds: () => 5_000,
    wait: async (milliseconds) => void waited.push(milliseconds),
    log: (line) => void lines.push(line),
    ...but,
  };
  return { watch, rows, waited, lines };
}
const event = (triggerSource: string, but: { userName?: string; userAttributes?: Record<string, string> } = {}) => {
  const { userName = '6f1c', userAttributes = { sub: '6f1c', email: 'kari@example.no' } } = but;
  return { triggerSource, userName, request: { userAttributes }, response: {} };
};

describe('the trigger around a password', () => {
  it('holds up each attempt by more, lets every one go on unchanged, and forgets them after a right password', async () => {
    const { watch, waited, lines } = aWatch();
    for (let i = 0; i < 5; i++) {
      const before = event(BEFORE);
      expect(await aroundPassword(before, watch)).toBe(before);
    }
    expect(waited).toEqual([0, 0, 0, 250, 500]);
    const after = event(AFTER);
    expect(await aroundPassword(after, watch)).toBe(after);
    await aroundPassword(event(BEFORE), watch);
    expect(waited).toEqual([0, 0, 0, 250, 500, 0]);
    expect(lines).toEqual([]);
  });

  it('holds up nobody for the attempts of another, nor for what was tried in another hour', async () => {
    let clock = now;
    const { watch, waited } = aWatch({ now: () => clock });
    for (let i = 0; i < 4; i++) await aroundPassword(event(BEFORE), watch);
    await aroundPassword(event(BEFORE, { userName: '7a2b', userAttributes: { sub: '7a2b' } }), watch);
    clock = new Date('2026-11-23T08:00:00Z');
    await aroundPassword(event(BEFORE), watch);
    expect(waited).toEqual([0, 0, 0, 250, 0, 0]);
  });

  it('answers before Cognito gives up, with what it has spent counted as waited', async () => {
    const { watch, waited } = aWatch({ spentMilliseconds: () => 200, leftMilliseconds: () => 1_100 });
    for (let i = 0; i < 5; i++) await aroundPassword(event(BEFORE), watch);
    expect(waited).toEqual([0, 0, 0, 50, 100]);
  });

  it('counts nothing of a program, and writes nothing while the service is being restored', async () => {
    const email = usernameOfMachine(anId('scl'));
    for (const { watch, rows, waited, who } of [
      { ...aWatch(), who: { userName: '9c', userAttributes: { sub: '9c', email } } },
      { ...aWatch({ isOpen: async () => false }), who: {} },
    ]) {
      for (const source of [BEFORE, AFTER]) await aroundPassword(event(source, who), watch);
      expect([rows.size, waited]).toEqual([0, []]);
    }
  });

  it('keeps nobody out when it cannot count, and says so without a word of whom', async () => {
    const { watch, lines } = aWatch({ pseudonym: () => Promise.reject(new TypeError('kari@example.no')) });
    for (const source of [BEFORE, AFTER]) {
      const asked = event(source);
      expect(await aroundPassword(asked, watch)).toBe(asked);
    }
    expect(lines).toEqual([
      { metric: 'sign-in-not-counted', error: 'TypeError' },
      { metric: 'sign-in-not-counted', error: 'TypeError' },
    ]);
  });

  it('tells the owner with the next attempt when it could not with this one', async () => {
    let asked = 0;
    const { watch } = aWatch({
      openCall() {
        asked++;
        throw new Error('no table');
      },
    });
    for (let i = 0; i < 7; i++) await aroundPassword(event(BEFORE), watch);
    expect(asked).toBe(2);
  });
});
