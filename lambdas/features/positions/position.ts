import * as z from 'zod';

export const Latitude = z.number().min(-90).max(90);
export const Longitude = z.number().min(-180).max(180);

/** Where a device found itself to be (WGS 84). */
export const Position = z
  .strictObject({
    latitude: Latitude,
    longitude: Longitude,
    accuracyMetres: z
      .number()
      .min(0)
      .max(100_000)
      .meta({ description: 'The radius within which it is, at 68 per cent.' }),
    source: z.enum(['satellite', 'network', 'beacon']),
  })
  .meta({ id: 'Position' });
export type Position = z.output<typeof Position>;
