import { describe, expect, it } from 'vitest';
import { changesFrom } from '../../../lambdas/features/changes/feed.ts';
import type { ActivityRow } from '../../../lambdas/platform/activity-log.ts';
import { anId } from '../../support/store.ts';

const organisationId = anId('org');

/** A log whose first records have been pruned: `kept` are the leaves that are left. */
function aLog(oldest: number, end: number) {
  const row = (leaf: number) =>
    ({
      ...{ pk: `${organisationId}#${anId('per')}`, sk: anId('evt'), at: '2026-11-23T07:00:00.000Z', leaf },
      ...{ event: 'person.created', actor: 'system:test', requestId: 'r', writer: 'wri_1', sequence: 1 },
      ...{ previous: '', salt: new Uint8Array(16) },
    }) as unknown as ActivityRow;
  return {
    oldestLeaf: async () => oldest,
    // What is pruned has no place any more: from there on nothing is found without a gap.
    inOrder: async (_controller: string, leaf: number, limit: number) =>
      leaf < oldest ? [] : Array.from({ length: Math.min(limit, end - leaf) }, (_, i) => row(leaf + i)),
  };
}
const from = (leaf: number, skipsWhatIsGone: boolean) =>
  changesFrom(aLog(640, 650), organisationId, { leaf, limit: 4, skipsWhatIsGone, may: () => true });

describe('changes from a leaf that is pruned', () => {
  it('are refused to a cursor, which would miss some without knowing', async () => {
    expect(await from(100, false)).toBe('gone');
  });

  it('go on with the oldest that are kept for a webhook that was off for so long', async () => {
    expect(await from(100, true)).toMatchObject({ items: { length: 4 }, next: 644, hasMore: true });
    expect(await from(648, true)).toMatchObject({ items: { length: 2 }, next: 650, hasMore: false });
  });
});
