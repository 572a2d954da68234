import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { type RetentionClass, retentionClasses } from '../../platform/entity.ts';
import { PlainDate, personKinds } from '../people/person.ts';
import { LengthSchema, type RetentionAdjustments } from './adjustments.ts';
import { type Adjustable, adjustable, dueDay, policyOf } from './policy.ts';
import type { Place } from './sweeping.ts';
import { type After, type Kept, terms } from './terms.ts';
import { keptWords, wordsOf } from './words.ts';

const kept = Object.keys(terms) as [Kept, ...Kept[]];
const afters = [...new Set(Object.values(terms).map(({ after }) => after))] as [After, ...After[]];
const Bilingual = z.strictObject({ nb: z.string(), en: z.string() });

const TermView = z
  .strictObject({
    kept: z.enum(kept),
    what: Bilingual,
    /** Absent where it goes at once, or with what it belongs to. */
    length: LengthSchema.optional(),
    after: z.enum(afters),
    words: Bilingual,
    /** The statute that demands at least this much. */
    floor: z.strictObject({ length: LengthSchema, law: z.string() }).optional(),
    /** May be changed by the organisation. */
    isAdjustable: z.boolean(),
    /** What it would be if the organisation had not decided otherwise. */
    defaultLength: LengthSchema.optional(),
    basis: z.string().optional(),
  })
  .meta({ id: 'RetentionTerm' });

export const RetentionPolicy = z
  .strictObject({
    terms: z.array(TermView).max(kept.length),
    decidedBy: PersonId.optional(),
    decidedAt: z.iso.datetime().optional(),
    version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
  })
  .meta({ id: 'RetentionPolicy' });

export function policyView(
  profile: Parameters<typeof policyOf>[0],
  decided: RetentionAdjustments | undefined,
  version: number,
): z.input<typeof RetentionPolicy> {
  const byDefault = policyOf(profile);
  const inForce = policyOf(profile, decided?.adjustments);
  return {
    terms: kept.flatMap((name) => {
      const term = inForce[name];
      if (!term) return [];
      const { length, after, floor } = term;
      const isAdjustable = (adjustable as readonly Kept[]).includes(name);
      const basis = isAdjustable ? decided?.adjustments[name as Adjustable]?.basis : undefined;
      const standard = byDefault[name]?.length;
      return [
        {
          kept: name,
          what: keptWords[name],
          ...(length && { length }),
          after,
          words: wordsOf(term),
          ...(floor && { floor }),
          isAdjustable,
          ...(isAdjustable && standard && { defaultLength: standard }),
          ...(basis !== undefined && { basis }),
        },
      ];
    }),
    ...(decided && { decidedBy: decided.decidedBy, decidedAt: decided.decidedAt }),
    version,
  };
}

const classNames = Object.keys(retentionClasses) as [RetentionClass, ...RetentionClass[]];

export const Departure = z
  .strictObject({
    personId: PersonId,
    kind: z.enum(personKinds),
    /** The last day of the last placement or role. */
    lastDay: PlainDate,
    goes: z
      .array(
        z.strictObject({
          /** Absent: everything about the person. */
          retentionClass: z.enum(classNames).optional(),
          /** The first day without it. */
          on: PlainDate,
        }),
      )
      .max(classNames.length),
    /** A legal hold, or a restriction, keeps it beyond that day. */
    isHeld: z.boolean(),
  })
  .meta({ id: 'Departure' });

/** What goes of somebody who left on a day, up to and including another one. Pure. */
export function goingUntil(
  until: string,
  lastDay: string,
  shredded: readonly string[],
  { policy, timeZone }: Pick<Place, 'policy' | 'timeZone'>,
): z.input<typeof Departure>['goes'] {
  const on = (name: 'person' | 'photo') => dueDay(policy[name], lastDay, timeZone);
  const photo = shredded.includes('photo') ? [] : [{ retentionClass: 'photo' as const, on: on('photo') }];
  return [...photo.filter((one) => one.on < on('person')), { on: on('person') }].filter((one) => one.on <= until);
}
