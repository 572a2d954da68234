import { parseArgs } from 'node:util';
import { proveLog } from '../test/trust/prove-log.ts';

/**
 * `npm run prove:log [-- --seed N]`: writes a log through the real writer and sequencer, tampers with it 1,000 times in
 * the table and in the exported file, shows somebody another log, and lets the sequencer die at each of its calls. Fails
 * when the verifier does not name what was done, or a crash does not heal.
 */
const { values } = parseArgs({ options: { seed: { type: 'string' } } });
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const { failures, lines } = await proveLog(
  { events: 400, tamperings: 1000, seed, healing: { events: [300, 9], everyCrash: 1 } },
  (line) => console.log(line),
);
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
