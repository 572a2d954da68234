import * as z from 'zod';
import { BreachId } from '../../../http/ids.ts';

const Instant = z.iso.datetime();

/** Art. 34(2), in the controller's own words; the route that takes them has looked into them. */
const WordsToPersons = z.strictObject({
  whatHappened: z.string().max(1000),
  consequences: z.string().max(1000),
  measures: z.string().max(1000),
  contact: z.string().max(200),
});

/** Suppliers' names are public; of a breach the controllers' letter says no more than that it waits, and by when. */
export const registerTemplates = {
  'sub-processor-change': z.strictObject({
    kind: z.enum(['add', 'replace', 'remove']),
    supplier: z.string().max(160),
    effectiveOn: z.iso.date(),
    objectBefore: z.iso.date(),
  }),
  'breach-told': z.strictObject({
    breachId: BreachId,
    /** 1 for the first word of it; later ones say that more is known. */
    phase: z.int().min(1),
    knownAt: Instant,
    reportDueAt: Instant,
  }),
  'breach-person': z.strictObject({ nb: WordsToPersons, en: WordsToPersons }),
} as const;
