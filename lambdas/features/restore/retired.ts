import * as z from 'zod';

/** Tables that nothing works on any more: an old generation after a switch, a half-made one after an abort. */
export const Retired = z.strictObject({
  generations: z.array(z.strictObject({ generation: z.number(), goesAt: z.string() })),
});
export type Retired = z.infer<typeof Retired>;

/** How long the old generation is kept after a switch: to look something up, or to find that the restore was wrong. */
const OLD_GENERATION_KEPT_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

export const afterSwitch = (now: Date): string =>
  new Date(now.getTime() + OLD_GENERATION_KEPT_MILLISECONDS).toISOString();

/** Saying it twice changes nothing: the first word about a generation counts. */
export function withRetired({ generations }: Retired, generation: number, goesAt: string): Retired {
  if (generations.some((one) => one.generation === generation)) return { generations };
  return { generations: [...generations, { generation, goesAt }] };
}

export const withoutRetired = ({ generations }: Retired, generation: number): Retired => ({
  generations: generations.filter((one) => one.generation !== generation),
});

/** The first that is due; never the one that is active, whatever is written. */
export function dueRetired({ generations }: Retired, active: number, now: Date): number | undefined {
  return generations.find(({ generation, goesAt }) => generation !== active && goesAt <= now.toISOString())?.generation;
}

/** No table of it can be there. */
export const nextGeneration = ({ generations }: Retired, active: number): number =>
  Math.max(active, ...generations.map(({ generation }) => generation)) + 1;
