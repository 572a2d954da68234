import * as z from 'zod';

/** To whoever runs the place: that the list of addresses which cannot be reached has grown. Neither whose, nor how many. */
export const deliveryTemplates = {
  'addresses-unreachable': z.strictObject({}),
} as const;
