import { parseArgs } from 'node:util';
import { proveErasure } from '../test/adversary/prove-erasure.ts';

/**
 * `npm run prove:erasure [-- --only kindergarten|workplace|safety|itservice]`: plays the service on this machine, erases one
 * of two through its API, and lets an adversary with every snapshot and full rights on KMS look for them. Fails when
 * anything of them is found but what the law keeps, or when the adversary is blind.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const { failures, lines } = await proveErasure((line) => console.log(line), values.only);
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
