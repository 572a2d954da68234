import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profiles } from '../../../lambdas/access/roles.ts';
import { promisesOfProfile, promisesToEveryone } from '../../../lambdas/features/registers/promise.ts';

/** How many there are of each; an id is never dropped. */
const counts = { FW: 18, SM: 15, KP: 17, CE: 16, AT: 17, ALL: 9 };
const prefixOf = { family: 'FW', safety: 'SM', kindergarten: 'KP', workplace: 'CE', itservice: 'AT' } as const;
const every = Object.entries({ ...Object.assign({}, ...Object.values(promisesOfProfile)), ...promisesToEveryone }) as [
  string,
  (typeof promisesToEveryone)[string],
][];

describe('the promises (ALL-03)', () => {
  it('are all there, each exactly once', () => {
    const expected = Object.entries(counts).flatMap(([prefix, count]) =>
      Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(2, '0')}`),
    );
    const declared = globSync('lambdas/features/registers/promises/*.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ {2}'([A-Z]+-\d{2})': \{$/gm)].map(([, id]) => id),
    );
    expect(declared.sort()).toEqual(expected.sort());
    expect(every.map(([id]) => id).sort()).toEqual(expected.sort());
  });

  it('stand under the profile that makes them', () => {
    for (const profile of profiles) {
      const ids = Object.keys(promisesOfProfile[profile]);
      expect(ids.every((id) => id.startsWith(`${prefixOf[profile]}-`))).toBe(true);
    }
    expect(Object.keys(promisesToEveryone).every((id) => id.startsWith('ALL-'))).toBe(true);
  });

  it.each(every)('%s is said in a sentence in both languages', (_id, { nb, en }) => {
    for (const sentence of [nb, en]) expect(sentence).toMatch(/^[A-ZÅÆØ].{15,}\.$/);
    expect(nb).not.toBe(en);
  });

  const withEvidence = every.flatMap(([id, { evidence }]) => evidence.map((kind) => [id, kind] as const));
  it.each(withEvidence)('%s claims a %s that names it', (id, kind) => {
    const files = globSync(kind === 'test' ? 'test/**/*.ts' : 'test/lib/**/*.ts').filter(
      (file) => kind !== 'test' || !file.startsWith('test/lib/'),
    );
    const naming = files.filter((file) => new RegExp(`\\b${id}\\b`).test(readFileSync(file, 'utf8')));
    expect(naming).not.toEqual([]);
  });
});
