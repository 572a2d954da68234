import { expect, it } from 'vitest';
import { candidatesFor, everyCandidateFor } from '../../../lambdas/features/calendar/audience.ts';
import type { Range } from '../../../lambdas/platform/records.ts';
import { anId } from '../../support/store.ts';

const organisationId = anId('org');
const children = Array.from({ length: 2500 }, () => anId('per')).sort();

/** Pages as the table gives them; the organisation has children and no members. */
const records = {
  async pointers(table: 'core', pk: string, { prefix = '', after, limit = 1000 }: Range) {
    const keys = pk.includes('PEOPLE') && prefix.startsWith('child') ? children.map((id) => `${prefix}${id}`) : [];
    const rest = keys.filter((sk) => after === undefined || sk > after).map((sk) => ({ table, pk, sk }));
    const items = rest.slice(0, limit);
    return rest.length > limit ? { items, next: items.at(-1)!.sk } : { items };
  },
} as Parameters<typeof everyCandidateFor>[0];

it('everybody of a large organisation is told, though an answer lists no more than a thousand', async () => {
  const asked = [records, organisationId, { kind: 'organisation' }, new Map()] as const;
  expect(await everyCandidateFor(...asked)).toEqual(children);
  await expect(candidatesFor(...asked)).rejects.toMatchObject({ slug: 'too-many' });
});
