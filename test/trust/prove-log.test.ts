import { describe, expect, it } from 'vitest';
import { proveLog } from './prove-log.ts';

describe('the log of the real writer and sequencer', () => {
  it('shows each of a few tamperings, a split view, what vanished, and heals from crashes (npm run prove:log does all)', async () => {
    const { failures, lines } = await proveLog({
      events: 45,
      tamperings: 45,
      seed: 7,
      healing: { events: [12, 3], everyCrash: 7 },
    });
    expect(failures).toEqual([]);
    expect(lines.at(-1)).toContain('45 of 45 tamperings named');
  });
});
