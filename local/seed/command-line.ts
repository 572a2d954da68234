import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface SeedWanted {
  readonly families: number;
  readonly seed: number;
  readonly stateDir: string;
}

const FAMILIES_DEFAULT = 200;
const FAMILIES_MAX = 400;
const SEED_MAX = 2 ** 32 - 1;

export const usage = `npm run seed -- [--families N] [--seed N] [--state DIR]
  --families N   how many families the kindergarten has (${FAMILIES_DEFAULT} by default, at most ${FAMILIES_MAX})
  --seed N       another number gives other people and other days; the same number the same (1 by default)
  --state DIR    the state directory of the running service (.vern by default): start it first with npm start
Each run makes an organisation of its own.`;

/** Reads the arguments after the script's name; throws with a text for people when they are wrong. */
export function readCommandLine(args: readonly string[]): SeedWanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      families: { type: 'string', default: String(FAMILIES_DEFAULT) },
      seed: { type: 'string', default: '1' },
      state: { type: 'string', default: '.vern' },
    },
  });
  const families = Number(values.families);
  if (!Number.isInteger(families) || families < 1 || families > FAMILIES_MAX) {
    throw new Error(`--families takes a number from 1 to ${FAMILIES_MAX}`);
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) throw new Error('--seed takes a whole number from 0 on');
  return { families, seed, stateDir: resolve(values.state) };
}
