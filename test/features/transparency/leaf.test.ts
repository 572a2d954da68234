import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ActivityEntry, entryHash, entryOfRow, leafBytes } from '../../../lambdas/features/transparency/leaf.ts';

const anEntry = (differing: Partial<ActivityEntry> = {}): ActivityEntry => ({
  controller: 'operator',
  subject: 'acc_01jd8m3v5c2w7x9y4z6a8b0c1d' as ActivityEntry['subject'],
  id: 'evt_01jd8m3v5c2w7x9y4z6a8b0c1e',
  at: '2026-03-02T07:00:00.000Z',
  event: 'account.changed',
  actor: 'system:outbox',
  requestId: 'r-1',
  writer: 'wri_01jd8m3v5c2w7x9y4z6a8b0c1f',
  sequence: 1,
  previous: '',
  salt: 'AAECAwQFBgcICQoLDA0ODw',
  ...differing,
});

describe('the leaf of an activity record', () => {
  it('is one JSON array of everything, absent as null, hashed with the prefix of a leaf', () => {
    const text =
      '["vern-activity-1","operator","acc_01jd8m3v5c2w7x9y4z6a8b0c1d","evt_01jd8m3v5c2w7x9y4z6a8b0c1e",' +
      '"2026-03-02T07:00:00.000Z","account.changed","system:outbox",null,null,"r-1",null,null,' +
      '"wri_01jd8m3v5c2w7x9y4z6a8b0c1f",1,"","AAECAwQFBgcICQoLDA0ODw"]';
    expect(new TextDecoder().decode(leafBytes(anEntry()))).toBe(text);
    const expected = createHash('sha256')
      .update(Buffer.from([0]))
      .update(text)
      .digest();
    expect(Buffer.from(entryHash(anEntry()))).toEqual(expected);
  });

  it('is the same however a map came back ordered', () => {
    const one = anEntry({ detail: { b: 1, a: true, Z: 'x' } });
    const other = anEntry({ detail: { Z: 'x', a: true, b: 1 } });
    expect(entryHash(one)).toEqual(entryHash(other));
    expect(new TextDecoder().decode(leafBytes(one))).toContain('[["Z","x"],["a",true],["b",1]]');
  });

  it('is another when anything of the record is', () => {
    const whole = anEntry({ role: 'staff', person: 'per_1', about: ['per_2'], detail: { count: 2 } });
    const changes: Partial<ActivityEntry>[] = [
      { controller: 'org_01jd8m3v5c2w7x9y4z6a8b0c1d' as ActivityEntry['controller'] },
      { subject: 'acc_01jd8m3v5c2w7x9y4z6a8b0c1e' as ActivityEntry['subject'] },
      { id: 'evt_2' },
      { at: '2026-03-02T07:00:00.001Z' },
      { event: 'account.read' },
      { actor: 'acc_2' },
      { role: 'administrator' },
      { role: undefined },
      { person: 'per_3' },
      { requestId: 'r-2' },
      { about: [] },
      { about: undefined },
      { detail: { count: 3 } },
      { detail: { count: '2' } },
      { detail: undefined },
      { writer: 'wri_2' },
      { sequence: 2 },
      { previous: '00' },
      { salt: 'AAAAAAAAAAAAAAAAAAAAAA' },
    ];
    const hashes = [whole, ...changes.map((change) => ({ ...whole, ...change }))].map((entry) =>
      Buffer.from(entryHash(entry)).toString('hex'),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is found again from the row in the table, and what the log itself put there does not count', () => {
    const entry = anEntry({ about: ['per_2'], detail: { count: 2 } });
    const { controller, subject, id, salt, ...facts } = entry;
    const row = {
      ...facts,
      pk: `${controller}#${subject}`,
      sk: id,
      salt: new Uint8Array(Buffer.from(salt, 'base64url')),
      month: 'operator#2026-03',
      leaf: 17,
      expiresAtEpochSeconds: 1,
    };
    expect(entryOfRow(row)).toEqual(entry);
  });
});
