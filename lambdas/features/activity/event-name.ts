import * as z from 'zod';

/** `noun.happened`: apart from the sentences, for whoever tells of events without words. */
export const EventName = z
  .string()
  .max(80)
  .regex(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/)
  .meta({ id: 'EventName', examples: ['person.seen'] });
