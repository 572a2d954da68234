import type { Profile } from '../../access/roles.ts';
import { ConsentPurposeId } from '../../http/ids.ts';
import {
  AGE_OF_CONSENT_DEFAULT,
  type ConsentPurpose,
  type PurposeRules,
  type PurposeText,
  type StandardPurposeCode,
} from './purpose.ts';

/** Purposes that an organisation declares by their code: the words are ours, the choice is the organisation's. */
const standardTexts: Readonly<Record<StandardPurposeCode, PurposeText>> = {
  account: {
    title: { nb: 'Konto og opplysningene om deg', en: 'Your account and the data about you' },
    text: {
      nb: 'Virksomheten registrerer navn, e-post, telefon og rollene dine, så du kan bruke tjenesten. Uten samtykke blir det ingen konto. Trekker du samtykket, slettes opplysningene om deg med en gang.',
      en: 'The organisation registers your name, e-mail, phone and roles, so that you can use the service. Without consent there is no account. If you withdraw it, the data about you is erased at once.',
    },
    data: { nb: 'navn, e-post, telefon, roller', en: 'name, e-mail, phone, roles' },
    fields: [],
  },
  'pictures-inside': {
    title: { nb: 'Bilder inne i barnehagen', en: 'Pictures inside the kindergarten' },
    text: {
      nb: 'Barnehagen tar bilder av barnet og viser dem inne i barnehagen og til foreldrene i avdelingen. Bildene legges ikke ut på nettet.',
      en: 'The kindergarten takes pictures of the child and shows them inside the kindergarten and to the parents of the group. They are not put on the internet.',
    },
    data: { nb: 'bilder av barnet', en: 'pictures of the child' },
    fields: [],
  },
  'pictures-web': {
    title: { nb: 'Bilder på nettsidene', en: 'Pictures on the web site' },
    text: {
      nb: 'Virksomheten viser bilder av barnet på sine åpne nettsider. Alle kan se dem der, og andre kan ta kopi.',
      en: 'The organisation shows pictures of the child on its open web site. Anyone can see them there, and others may copy them.',
    },
    data: { nb: 'bilder av barnet', en: 'pictures of the child' },
    fields: [],
  },
  trips: {
    title: { nb: 'Turer', en: 'Trips' },
    text: {
      nb: 'Barnet er med på turer til fots, med buss eller med tog. Turlederen har med navnet på barnet og telefonnummer til foresatte.',
      en: 'The child joins trips on foot, by bus or by train. Whoever leads the trip brings the name of the child and the guardians’ phone numbers.',
    },
    data: { nb: 'navn på barnet, telefon til foresatte', en: 'the child’s name, the guardians’ phone' },
    fields: [],
  },
  newsletter: {
    title: { nb: 'Nyhetsbrev', en: 'Newsletter' },
    text: {
      nb: 'Virksomheten sender deg nyhetsbrev på e-post. Du kan si nei igjen når som helst, her eller med lenken i hvert brev.',
      en: 'The organisation sends you newsletters by e-mail. You can say no again at any time, here or by the link in each letter.',
    },
    data: { nb: 'e-post', en: 'e-mail' },
    fields: [],
  },
  surveys: {
    title: { nb: 'Spørreundersøkelser', en: 'Surveys' },
    text: {
      nb: 'Virksomheten sender deg spørreundersøkelser på e-post. Du velger selv om du svarer.',
      en: 'The organisation sends you surveys by e-mail. Whether you answer is up to you.',
    },
    data: { nb: 'e-post', en: 'e-mail' },
    fields: [],
  },
  'profile-extras': {
    title: { nb: 'Flere opplysninger om deg', en: 'More about you' },
    text: {
      nb: 'Virksomheten lagrer fødselsdato, stilling, adresse og bilde av deg. Tjenesten trenger dem ikke; de slettes når du trekker samtykket.',
      en: 'The organisation keeps your date of birth, position, address and picture. The service does not need them; they are erased when you withdraw the consent.',
    },
    data: { nb: 'fødselsdato, stilling, adresse, bilde', en: 'date of birth, position, address, picture' },
    fields: ['birthDate', 'position', 'address', 'postcode', 'picture'],
  },
};

const ofProfile: Readonly<Record<Profile, readonly StandardPurposeCode[]>> = {
  family: ['pictures-web', 'newsletter', 'surveys', 'profile-extras'],
  kindergarten: ['pictures-inside', 'pictures-web', 'trips', 'newsletter', 'surveys', 'profile-extras'],
  workplace: ['newsletter', 'surveys', 'profile-extras'],
  safety: ['newsletter', 'surveys', 'profile-extras'],
  itservice: ['newsletter', 'surveys'],
};

/** What is spread to the whole world needs both guardians; the rest may be decided by one. */
const rulesOf = (code: StandardPurposeCode): PurposeRules => ({
  guardians: code === 'pictures-web' ? 'both' : 'either',
  age: AGE_OF_CONSENT_DEFAULT,
  kinds: aboutChildren.includes(code) ? ['child'] : ['guardian', 'staff', 'member'],
});
const aboutChildren: readonly StandardPurposeCode[] = ['pictures-inside', 'pictures-web', 'trips'];

/** The declaration of a standard purpose, or undefined where the profile has none of that name. */
export const standardPurpose = (
  profile: Profile,
  code: StandardPurposeCode,
): (PurposeText & PurposeRules) | undefined =>
  ofProfile[profile].includes(code) ? { ...standardTexts[code], ...rulesOf(code) } : undefined;

export const standardPurposesOf = (profile: Profile) =>
  ofProfile[profile].map((code) => ({ code, ...standardTexts[code], ...rulesOf(code) }));

/** Under `safety` there is no account without it (SM-07), so nobody declares or retires it: every organisation has it. */
export const accountPurpose: ConsentPurpose = {
  id: ConsentPurposeId.parse(`pur_${'0'.repeat(26)}`),
  code: 'account',
  textVersion: 1,
  holdsSinceTextVersion: 1,
  state: 'open',
  since: '2026-11-21T00:00:00.000Z',
  ...standardTexts.account,
  ...rulesOf('account'),
};
export const builtInPurposes = (profile: Profile): readonly ConsentPurpose[] =>
  profile === 'safety' ? [accountPurpose] : [];
