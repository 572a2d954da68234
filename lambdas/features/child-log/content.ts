import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { PersonId } from '../../http/ids.ts';
import { Instant } from '../attendance/attendance-day.ts';

const TEXT_CHARACTERS_MAX = 1000;

/** When it happened; for sleep, when it began. */
const at = Instant;
const text = freeText({ max: TEXT_CHARACTERS_MAX }).min(1);
/** The only free text of the service where health has a place: in entries that are declared as such (Art. 9). */
const healthText = freeText({ max: TEXT_CHARACTERS_MAX }).min(1).meta({
  description: 'Free text on the health of this child; no more about health than its care needs, and of no other.',
});

/** What is nobody's health: codes and times, and notes that say nothing of it. */
const plain = {
  sleep: {
    at,
    /** Absent while the child sleeps. */
    until: Instant.optional(),
  },
  meal: {
    at,
    meal: z.enum(['breakfast', 'lunch', 'dinner', 'snack']),
    eaten: z.enum(['all', 'most', 'some', 'nothing']),
  },
  nappy: { at, nappy: z.enum(['wet', 'soiled', 'both', 'dry']) },
  note: { at, text },
} as const;

const healthOf = {
  medicine: {
    at,
    medicine: oneLine({ max: 80 }),
    /** As it was given, in words: `5 ml`. */
    dose: oneLine({ max: 80 }),
  },
  incident: { at, text: healthText },
  'health-note': { at, text: healthText },
} as const;

const kind = <K extends string>(name: K) => ({ kind: z.literal(name) });

export const PlainContent = z.discriminatedUnion('kind', [
  z.strictObject({ ...kind('sleep'), ...plain.sleep }),
  z.strictObject({ ...kind('meal'), ...plain.meal }),
  z.strictObject({ ...kind('nappy'), ...plain.nappy }),
  z.strictObject({ ...kind('note'), ...plain.note }),
]);
/** Medicine names who gave it. */
export const HealthContent = z.discriminatedUnion('kind', [
  z.strictObject({ ...kind('medicine'), ...healthOf.medicine, givenBy: PersonId }),
  z.strictObject({ ...kind('incident'), ...healthOf.incident }),
  z.strictObject({ ...kind('health-note'), ...healthOf['health-note'] }),
]);
export type PlainContent = z.output<typeof PlainContent>;
export type HealthContent = z.output<typeof HealthContent>;
export type LogContent = PlainContent | HealthContent;

const healthKinds = ['medicine', 'incident', 'health-note'] as const;
export const isHealth = (content: { readonly kind: string }): content is HealthContent =>
  (healthKinds as readonly string[]).includes(content.kind);

const now = { at: Instant.optional().meta({ description: 'Now, unless given.' }) };
/** What a client sends: a tap names no time, and who gives a medicine is who is signed in, unless another is named. */
export const NewContent = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...kind('sleep'), ...plain.sleep, ...now }),
    z.strictObject({ ...kind('meal'), ...plain.meal, ...now }),
    z.strictObject({ ...kind('nappy'), ...plain.nappy, ...now }),
    z.strictObject({ ...kind('note'), ...plain.note, ...now }),
    z.strictObject({ ...kind('medicine'), ...healthOf.medicine, givenBy: PersonId.optional(), ...now }),
    z.strictObject({ ...kind('incident'), ...healthOf.incident, ...now }),
    z.strictObject({ ...kind('health-note'), ...healthOf['health-note'], ...now }),
  ])
  .meta({ id: 'NewLogContent' });
export type NewContent = z.output<typeof NewContent>;

/** What guardians see: the same, without who of the staff gave a medicine. */
export const ContentForGuardian = z
  .discriminatedUnion('kind', [
    ...PlainContent.options,
    z.strictObject({ ...kind('medicine'), ...healthOf.medicine }),
    z.strictObject({ ...kind('incident'), ...healthOf.incident }),
    z.strictObject({ ...kind('health-note'), ...healthOf['health-note'] }),
  ])
  .meta({ id: 'LogContentForGuardian' });
export type ContentForGuardian = z.output<typeof ContentForGuardian>;

export const forGuardian = (content: LogContent): ContentForGuardian => {
  if (content.kind !== 'medicine') return content;
  const { givenBy: _, ...rest } = content;
  return rest;
};

export const isOpenSleep = (content: LogContent): boolean => content.kind === 'sleep' && content.until === undefined;

/** All that people wrote in it, as one text. */
export function textOf(content: LogContent | NewContent): string {
  if ('text' in content) return content.text;
  return content.kind === 'medicine' ? `${content.medicine} ${content.dose}` : '';
}
