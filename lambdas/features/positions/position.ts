import * as z from 'zod';

/** Where a device found itself to be (WGS 84). */
export const Position = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracyMetres: z
      .number()
      .min(0)
      .max(100_000)
      .meta({ description: 'The radius within which it is, at 68 per cent.' }),
    source: z.enum(['satellite', 'network', 'beacon']),
  })
  .meta({ id: 'Position' });
export type Position = z.output<typeof Position>;

/** Positions in one answer. */
export const POSITIONS_MAX = 500;

/** Why somebody looks: codes, so that nothing about anybody's health is written down here. */
export const reasonsForLooking = [
  'alarm',
  'missing',
  'planned-follow-up',
  'asked-by-recipient',
  'device-check',
] as const;
