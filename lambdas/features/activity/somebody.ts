import * as z from 'zod';
import { type Profile, type RoleName, roleNames, rolesOfProfile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { PersonId } from '../../http/ids.ts';

/** Who acted, or whom it is about, as far as the reader may know. */
export const Somebody = z
  .strictObject({
    kind: z
      .enum([
        'you',
        'person',
        'former-user',
        'operator-staff',
        'account',
        'not-signed-in',
        'service',
        'program',
        'organisation',
        'something-else',
      ])
      .meta({
        description:
          '`former-user`: erased, told apart by `number`. `operator-staff`: with access that the organisation gave. ' +
          '`account`: signed in, in no role. `service`: a worker, by itself. ' +
          '`program`: one that the organisation has let in. `something-else`: a record of its own, ' +
          'such as a consent.',
      }),
    personId: PersonId.optional(),
    name: z.string().optional(),
    role: z.enum(roleNames).optional(),
    number: z.int().positive().optional(),
  })
  .meta({ id: 'Somebody' });
export type Somebody = z.output<typeof Somebody>;

type Words = Readonly<Record<Language, string>>;
const plainWords: Readonly<Record<Exclude<Somebody['kind'], 'person' | 'former-user' | 'operator-staff'>, Words>> = {
  you: { nb: 'du', en: 'you' },
  account: { nb: 'noen med en konto', en: 'somebody with an account' },
  'not-signed-in': { nb: 'noen som ikke var logget inn', en: 'somebody who was not signed in' },
  service: { nb: 'tjenesten (automatisk)', en: 'the service (automatically)' },
  program: { nb: 'et av virksomhetens programmer', en: 'one of the organisation’s programs' },
  organisation: { nb: 'virksomheten', en: 'the organisation' },
  'something-else': { nb: 'en oppføring', en: 'a record' },
};

/** As it stands in the middle of a sentence, as whoever acts. */
export function wordsFor(somebody: Somebody, profile: Profile | undefined, language: Language): string {
  const { kind, name, role, number } = somebody;
  const title = role && titleOf(role, profile, language);
  if (kind === 'former-user') {
    const words = language === 'nb' ? 'tidligere bruker' : 'former user';
    return number === undefined ? `${language === 'nb' ? 'en' : 'a'} ${words}` : `${words} ${number}`;
  }
  if (kind === 'operator-staff')
    return language === 'nb' ? 'en ansatt hos leverandøren' : 'one of the operator’s staff';
  if (kind !== 'person') return plainWords[kind][language];
  if (name !== undefined) return title === undefined ? name : `${name} (${title})`;
  if (title !== undefined) return language === 'nb' ? `noen med rollen ${title}` : `somebody with the role of ${title}`;
  return language === 'nb' ? 'en person' : 'a person';
}

/** The same as whom it is about: `Du så opplysningene om deg selv.` */
export function objectWordsFor(
  about: Somebody,
  actor: Somebody,
  profile: Profile | undefined,
  language: Language,
): string {
  if (isSame(about, actor)) return language === 'nb' ? 'seg selv' : 'themselves';
  if (about.kind !== 'you') return wordsFor(withoutRole(about), profile, language);
  if (language === 'nb') return actor.kind === 'you' ? 'deg selv' : 'deg';
  return actor.kind === 'you' ? 'yourself' : 'you';
}

const isSame = (about: Somebody, actor: Somebody): boolean =>
  about.personId !== undefined && about.kind !== 'you' && about.personId === actor.personId;

const withoutRole = ({ role: _, ...somebody }: Somebody): Somebody => somebody;

/** What the organisation's people call a role; the operator's own roles have no title there. */
const titleOf = (role: RoleName, profile: Profile | undefined, language: Language): string =>
  (profile && rolesOfProfile[profile][role]?.[language]) ?? role;
