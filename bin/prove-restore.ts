import { parseArgs } from 'node:util';
import { proveRestore } from '../test/trust/prove-restore.ts';

/**
 * `npm run prove:restore [-- --seed N --histories N]`: random histories of people exercising their rights, a backup torn
 * by up to five minutes, the loss of all tables that a restore replaces, and three restores in a row; then a family that
 * was erased is looked for in everything. Fails when a right has been undone, or when whoever looks is blind.
 */
const { values } = parseArgs({ options: { seed: { type: 'string' }, histories: { type: 'string' } } });
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const histories = values.histories === undefined ? 60 : Number(values.histories);
const { failures, lines } = await proveRestore({ histories, happeningsMax: 70, seed }, (line) => console.log(line));
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
