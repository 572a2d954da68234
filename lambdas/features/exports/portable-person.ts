import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { type AttendanceDay, emptyDay } from '../attendance/attendance-day.ts';
import type { PersonKind, PersonRecord } from '../people/person.ts';
import type { Image } from '../pictures/picture.ts';
import type { Origin } from './origin.ts';
import type { Portable, PortableDay } from './portable.ts';

/** A portable file as this organisation takes it in. */
export interface Carried {
  readonly person: PersonRecord;
  readonly origin: Origin;
  readonly picture: Image | undefined;
  readonly days: readonly AttendanceDay[];
  readonly leftOut: readonly ('picture' | 'fields' | 'consented')[];
}

interface Receiving {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly now: Date;
  fieldsNotHeld(kind: PersonKind, fields: Readonly<Record<string, unknown>>): readonly string[];
  isPictureHeld(kind: PersonKind): boolean;
}

/** What is taken in, and what this organisation may not hold. The person is new, whatever the sender called them. Pure. */
export function carriedFrom({ data, origin, exportedAt }: Portable, receiving: Receiving): Carried {
  if (!data.person || origin.id === 'operator') throw new Error('No person of an organisation');
  const { kind, ...fields } = data.person;
  const { organisationId, personId, now } = receiving;
  const refused = receiving.fieldsNotHeld(kind, fields);
  const held = Object.fromEntries(Object.entries(fields).filter(([name]) => !refused.includes(name)));
  const takesPicture = data.picture !== undefined && receiving.isPictureHeld(kind);
  return {
    person: {
      ...fields,
      ...blank(fields, refused),
      ...held,
      id: personId,
      organisationId,
      kind,
      placements: [],
    } as PersonRecord,
    origin: {
      origin: origin.name,
      originId: origin.id,
      exportedAt,
      importedAt: now.toISOString(),
      signature: 'verified',
    },
    picture: takesPicture ? data.picture : undefined,
    days: (data.attendance ?? []).map((day) => dayOf(day, personId)),
    leftOut: [
      ...(data.picture && !takesPicture ? (['picture'] as const) : []),
      ...(refused.length > 0 ? (['fields'] as const) : []),
      // A consent is given to one organisation: this one has to ask for its own (Art. 7).
      ...(data.consented || data.consentedPictures ? (['consented'] as const) : []),
    ],
  };
}

const blank = (fields: object, refused: readonly string[]) =>
  Object.fromEntries(Object.keys(fields).flatMap((name) => (refused.includes(name) ? [[name, undefined]] : [])));

/** Through whom it was registered did not travel along: it comes from the person. */
const dayOf = ({ day, expected, absence, stays }: PortableDay, personId: PersonId): AttendanceDay => ({
  ...emptyDay(day),
  ...(expected && { expected: { ...expected, by: personId } }),
  ...(absence && { absence: { ...absence, by: personId } }),
  stays: stays.map(({ checkedInAt, checkedOutAt, closedBySystem }, i) => ({
    id: String(i + 1),
    checkedInAt,
    checkedInBy: personId,
    ...(checkedOutAt !== undefined && { checkedOutAt, ...(!closedBySystem && { checkedOutBy: personId }) }),
    ...(closedBySystem && { closedBySystem }),
  })),
});
