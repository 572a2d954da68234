import { describe, expect, it } from 'vitest';
import { proveLog } from './prove-log.ts';

describe('the log of the real writer and sequencer', () => {
  it('shows each of a few tamperings, a split view, what vanished, and heals from crashes (npm run prove:log does all)', async () => {
    const { failures, lines } = await proveLog({
      events: 60,
      tamperings: 60,
      seed: 7,
      healing: { events: [20, 3], everyCrash: 4 },
    });
    expect(failures).toEqual([]);
    expect(lines.at(-1)).toContain('60 of 60 tamperings named');
  });
});
