import * as z from 'zod';

/** As people call a ticket: its day and four characters, told apart by a condition of the write (`261122-7KQ4`). */
export const TicketNumber = z
  .string()
  .regex(/^\d{6}-[0-9A-HJKMNP-TV-Z]{4}$/)
  .meta({ id: 'TicketNumber', examples: ['261122-7KQ4'] });
