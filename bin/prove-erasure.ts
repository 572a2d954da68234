import { proveErasure } from '../test/adversary/prove-erasure.ts';

/**
 * `npm run prove:erasure`: plays the service on this machine, erases a family through its API, and lets an adversary with
 * every snapshot and full rights on KMS look for them. Fails when anything of them is found, or when the adversary is blind.
 */
const { failures, lines } = await proveErasure((line) => console.log(line));
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
