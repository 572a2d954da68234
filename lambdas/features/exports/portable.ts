import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { OrganisationId } from '../../http/ids.ts';
import { canonicalJson } from '../../http/strict-json.ts';
import { Account, accountEntity } from '../accounts/account.ts';
import type { Bilingual } from '../agreements/document.ts';
import {
  type AttendanceDay,
  absenceReasons,
  attendanceDayEntity,
  Instant,
  TimeOfDay,
} from '../attendance/attendance-day.ts';
import {
  ConsentedFields,
  consentedInformationEntity,
  consentedPictureEntity,
} from '../consents/consented-information.ts';
import { PersonFields, PlainDate, personEntity, personKinds } from '../people/person.ts';
import { pictureEntity } from '../pictures/picture.ts';
import type { Content } from './content.ts';

/** The name and version of the format: another version is another schema, and old files stay readable. */
export const PORTABLE_FORMAT = 'vern-portable';
export const PORTABLE_VERSION = 1;
/** Sealed they fit DynamoDB's item of 400 KB, where they wait to be written one by one. */
const DAYS_MAX = 1_000;
const CONSENTED_MAX = 50;

/** Without the note: it is the organisation's, not the person's own. */
const PortablePerson = PersonFields.omit({ note: true }).extend({ kind: z.enum(personKinds) });
const PortablePicture = pictureEntity.schema.shape.image.unwrap();
/** When, and not through whom: others do not travel along (GDPR Art. 20(4)). */
const PortableDay = z.strictObject({
  day: PlainDate,
  expected: z.strictObject({ from: TimeOfDay, until: TimeOfDay.optional() }).optional(),
  absence: z.strictObject({ reason: z.enum(absenceReasons), at: Instant }).optional(),
  stays: z
    .array(
      z.strictObject({
        checkedInAt: Instant,
        checkedOutAt: Instant.optional(),
        closedBySystem: z.literal(true).optional(),
      }),
    )
    .max(20),
});
export type PortableDay = z.output<typeof PortableDay>;
const PortableAccount = Account.pick({
  firstName: true,
  lastName: true,
  email: true,
  phone: true,
  language: true,
  settings: true,
});

/** What can be taken to another controller (GDPR Art. 20), in a format of its own. */
export const Portable = z
  .strictObject({
    format: z.literal(PORTABLE_FORMAT),
    version: z.literal(PORTABLE_VERSION),
    origin: z.strictObject({
      id: z.union([OrganisationId, z.literal('operator')]),
      name: oneLine({ max: 120 }),
    }),
    exportedAt: z.iso.datetime(),
    data: z.strictObject({
      person: PortablePerson.optional(),
      picture: PortablePicture.optional(),
      attendance: z.array(PortableDay).max(DAYS_MAX).optional(),
      account: PortableAccount.optional(),
      /** Rests on consents, which do not travel along. */
      consented: z.array(ConsentedFields).max(CONSENTED_MAX).optional(),
      consentedPictures: z.array(PortablePicture).max(CONSENTED_MAX).optional(),
    }),
  })
  .meta({ id: 'Portable' });
export type Portable = z.output<typeof Portable>;

/** The same with our signature over its canonical JSON (names sorted, no white space), so that it can be passed on alone. */
export const SignedPortable = z
  .strictObject({
    portable: Portable,
    signature: z.strictObject({
      keyId: z.string().max(200),
      algorithm: z.literal('ECDSA_SHA_256'),
      /** DER in base64url. */
      value: z
        .string()
        .max(200)
        .regex(/^[\w-]+$/)
        .meta({ examples: ['MEUCIQD0'] }),
    }),
  })
  .meta({ id: 'SignedPortable' });
export type SignedPortable = z.output<typeof SignedPortable>;

export const signedBytes = (portable: Portable): Uint8Array => Buffer.from(canonicalJson(portable), 'utf8');

/** How each entity that is declared portable travels; a test finds one that is missing here. */
const forms: Readonly<Record<string, (records: readonly unknown[]) => Partial<Portable['data']>>> = {
  [personEntity.name]: ([person]) => (person ? { person: onlyKnown(PortablePerson, person) } : {}),
  [pictureEntity.name]: ([picture]) => {
    const { image } = picture as z.output<typeof pictureEntity.schema>;
    return image ? { picture: image } : {};
  },
  [attendanceDayEntity.name]: (days) => ({
    attendance: days.slice(-DAYS_MAX).map((day) => portableDay(day as AttendanceDay)),
  }),
  [consentedInformationEntity.name]: (all) => ({ consented: all.map((one) => onlyKnown(ConsentedFields, one)) }),
  [consentedPictureEntity.name]: (all) => ({ consentedPictures: all.map((one) => onlyKnown(PortablePicture, one)) }),
  [accountEntity.name]: ([account]) => (account ? { account: onlyKnown(PortableAccount, account) } : {}),
};

/** An employer's own rules say what hours and papers are worth: they are in the copy, as JSON and CSV, for whoever wants them. */
const ofEmployment: Bilingual = {
  nb: 'Timer og papirer fra et arbeidsforhold ligger i kopien, som JSON og CSV; ingen annen virksomhet tar dem inn som sine.',
  en: 'Hours and papers of an employment are in the copy, as JSON and CSV; no other organisation takes them in as its own.',
};
/** Declared portable, but of no use to another organisation, or nothing without the other person that it is about. */
export const staysBehind: Readonly<Record<string, Bilingual>> = {
  'work-day': ofEmployment,
  'clock-position': ofEmployment,
  'working-time': ofEmployment,
  qualification: ofEmployment,
  'guardian-link': {
    nb: 'Hvem som er foresatt, gjelder også den andre og blir ikke med i filen som kan tas med (art. 20 nr. 4).',
    en: 'Who is a guardian concerns the other person too, so it is not in the file that can be taken along (Art. 20(4)).',
  },
};

export const isCarried = (entityName: string): boolean => Object.hasOwn(forms, entityName);

/** Undefined where there is nothing to take along. Pure. */
export function portableOf({ parts, collected }: Content, at: Date): Portable | undefined {
  const portable = parts.filter(({ entity }) => entity.exported === 'portable');
  const data = Object.assign({}, ...portable.map(({ entity, records }) => forms[entity.name]?.(records) ?? {}));
  if (Object.keys(data).length === 0) return undefined;
  const { owner, organisation } = collected;
  return Portable.parse({
    format: PORTABLE_FORMAT,
    version: PORTABLE_VERSION,
    origin: { id: owner.controller, name: organisation?.name ?? 'Vern' },
    exportedAt: at.toISOString(),
    data,
  });
}

const portableDay = ({ day, expected, absence, stays }: AttendanceDay): PortableDay => ({
  day,
  ...(expected && {
    expected: { from: expected.from, ...(expected.until !== undefined && { until: expected.until }) },
  }),
  ...(absence && { absence: { reason: absence.reason, at: absence.at } }),
  stays: stays.map(({ checkedInAt, checkedOutAt, closedBySystem }) => ({
    checkedInAt,
    ...(checkedOutAt !== undefined && { checkedOutAt }),
    ...(closedBySystem && { closedBySystem }),
  })),
});

const onlyKnown = <S extends z.ZodObject>(schema: S, value: unknown): z.output<S> =>
  schema.parse(Object.fromEntries(Object.entries(value as object).filter(([name]) => name in schema.shape)));
