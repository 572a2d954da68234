import type { Profile, RoleName } from '../../access/roles.ts';
import { rolesOfProfile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { dayAndTime, timeOfDay } from './instants.ts';
import { isolated, type Letter } from './letter.ts';
import type { NoticeContent } from './notice.ts';

/** What the templates may say, gathered when the notice is sent. */
export interface Facts {
  readonly language: Language;
  /** Absent in mail from the operator itself (accounts). */
  readonly organisation?: { readonly name: string; readonly profile: Profile; readonly timeZone: string };
  /** Recipient or child lives at a protected address: at most a first name, never the organisation's. */
  readonly isProtected: boolean;
  readonly childFirstName?: string;
  readonly linkUrl: (token: string) => string;
  readonly declineUrl?: string;
}

/** Operator's mail about accounts has no organisation to take a zone from. */
const OPERATORS_ZONE = 'Europe/Oslo';

/** Who the letter says it is from. */
export const senderName = (facts: Facts) =>
  facts.organisation && !facts.isProtected ? facts.organisation.name : 'Vern';

/** The letter for a notice, in its recipient's language. Pure. */
export function letterFor(content: NoticeContent, facts: Facts): Letter {
  const written = facts.language === 'nb' ? inNorwegian(content, facts) : inEnglish(content, facts);
  return { language: facts.language, ...written };
}

function inNorwegian(content: NoticeContent, facts: Facts): Omit<Letter, 'language'> {
  const { timeZone, organisation, child } = spoken(facts, 'barnet');
  const why = organisation
    ? (reason: string) => `Du får denne e-posten fra ${organisation} fordi ${reason}. Den er sendt med Vern.`
    : (reason: string) => `Du får denne e-posten fra Vern fordi ${reason}.`;
  const until = (instant: string) => `Lenken virker til ${dayAndTime(instant, timeZone, 'nb')}.`;
  const aboutTheAccount = 'Den gjelder sikkerheten til kontoen din og kan derfor ikke slås av.';

  switch (content.template) {
    case 'checked-in':
      return {
        subject: 'Melding om oppmøte',
        heading: `${capitalised(child)} er krysset inn`,
        paragraphs: [
          `${capitalised(child)} ble krysset inn klokken ${timeOfDay(content.parameters.at, timeZone, 'nb')}.`,
        ],
        footer: [why('du er registrert som foresatt')],
        ...declining(facts, 'Jeg vil ikke ha slike meldinger'),
      };
    case 'not-arrived':
      return {
        subject: 'Viktig melding om oppmøte i dag',
        heading: `${capitalised(child)} er ikke krysset inn`,
        paragraphs: [
          `${capitalised(child)} var ventet klokken ${timeOfDay(content.parameters.expectedAt, timeZone, 'nb')}, men er ikke krysset inn ennå.`,
          'Er dere på vei, trenger du ikke gjøre noe. Blir det fravær i dag, melder du fra i Vern.',
          `Trodde du at ${child} var kommet fram? Ring med en gang dit ${child} skulle være.`,
        ],
        footer: [why('du er registrert som foresatt'), 'Den gjelder barnets sikkerhet og kan derfor ikke slås av.'],
      };
    case 'invitation': {
      const title = organisation && roleTitle(facts, content.parameters.role);
      return {
        subject: 'Invitasjon til Vern',
        heading: organisation ? `${organisation} inviterer deg til Vern` : 'Du er invitert til Vern',
        paragraphs: organisation
          ? [
              `${organisation} bruker Vern og har registrert deg${title ? ` som ${title}` : ''}.`,
              'Når du har takket ja, ser du hva som er registrert om deg, og får beskjedene som er til deg.',
            ]
          : [
              'En virksomhet som har registrert e-postadressen din, inviterer deg til Vern. Av hensyn til sikkerheten står ikke navnet på virksomheten i e-posten.',
            ],
        action: { label: 'Se invitasjonen', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'Vil du ikke være med, eller kjenner du ikke avsenderen? Da trenger du ikke gjøre noe.',
        ],
        footer: [
          why(organisation ? 'de har registrert e-postadressen din' : 'e-postadressen din er registrert'),
          'Den sendes én gang og er ikke noe du abonnerer på.',
        ],
      };
    }
    case 'email-change-confirm':
      return {
        subject: 'Bekreft e-postadressen din',
        heading: 'Er dette e-postadressen din?',
        paragraphs: ['Noen, trolig du, vil bruke denne adressen til kontoen sin i Vern.'],
        action: { label: 'Bekreft adressen', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'Var det ikke deg? Da trenger du ikke gjøre noe. Adressen blir ikke tatt i bruk.',
        ],
        footer: [why('adressen er oppgitt for en konto'), aboutTheAccount],
      };
    case 'email-changed':
      return {
        subject: 'Kontoen din har fått ny e-postadresse',
        heading: 'E-postadressen er endret',
        paragraphs: [
          `Kontoen din i Vern fikk ny e-postadresse ${dayAndTime(content.parameters.at, timeZone, 'nb')}. Heretter skriver vi til den nye adressen.`,
          'Var det ikke deg? Bytt passord, og si fra med en gang til virksomheten du bruker Vern hos.',
        ],
        footer: [why('adressen hørte til en konto til nå'), aboutTheAccount],
      };
    case 'totp-reset':
      return {
        subject: 'Bekreft at totrinnsbekreftelsen skal nullstilles',
        heading: 'Har du mistet totrinnsbekreftelsen?',
        paragraphs: [
          'En administrator har fått beskjed om at du har mistet autentiseringsappen din, og har bedt om at totrinnsbekreftelsen nullstilles.',
          'Når du har bekreftet, logger du på med passordet og setter opp appen på nytt. Roller du har hos andre virksomheter, er stengt til de også har bekreftet.',
        ],
        action: { label: 'Bekreft nullstillingen', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'Har du ikke bedt om dette? Ikke bekreft, og si fra til administratoren med en gang.',
        ],
        footer: [why('noen vil nullstille kontoens totrinnsbekreftelse'), aboutTheAccount],
      };
  }
}

function inEnglish(content: NoticeContent, facts: Facts): Omit<Letter, 'language'> {
  const { timeZone, organisation, child } = spoken(facts, 'the child');
  const why = organisation
    ? (reason: string) => `You get this e-mail from ${organisation} because ${reason}. It was sent with Vern.`
    : (reason: string) => `You get this e-mail from Vern because ${reason}.`;
  const until = (instant: string) => `The link works until ${dayAndTime(instant, timeZone, 'en')}.`;
  const aboutTheAccount = 'It concerns the security of your account, so it cannot be turned off.';

  switch (content.template) {
    case 'checked-in':
      return {
        subject: 'About today’s attendance',
        heading: `${capitalised(child)} is checked in`,
        paragraphs: [`${capitalised(child)} was checked in at ${timeOfDay(content.parameters.at, timeZone, 'en')}.`],
        footer: [why('you are registered as a guardian')],
        ...declining(facts, 'I do not want messages like this'),
      };
    case 'not-arrived':
      return {
        subject: 'Important: about today’s attendance',
        heading: `${capitalised(child)} is not checked in`,
        paragraphs: [
          `${capitalised(child)} was expected at ${timeOfDay(content.parameters.expectedAt, timeZone, 'en')} but is not checked in yet.`,
          'If you are on your way, there is nothing you need to do. If it is an absence, report it in Vern.',
          `Did you think that ${child} had arrived? Call the place where ${child} should be at once.`,
        ],
        footer: [
          why('you are registered as a guardian'),
          'It concerns the safety of the child, so it cannot be turned off.',
        ],
      };
    case 'invitation': {
      const title = organisation && roleTitle(facts, content.parameters.role);
      return {
        subject: 'Invitation to Vern',
        heading: organisation ? `${organisation} invites you to Vern` : 'You are invited to Vern',
        paragraphs: organisation
          ? [
              `${organisation} uses Vern and has registered you${title ? ` as ${title}` : ''}.`,
              'Once you have accepted, you can see what is registered about you, and you get the messages meant for you.',
            ]
          : [
              'An organisation that has registered your e-mail address invites you to Vern. For safety, its name is left out of this e-mail.',
            ],
        action: { label: 'See the invitation', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'If you do not want to take part, or do not know the sender, there is nothing you need to do.',
        ],
        footer: [
          why(organisation ? 'it has registered your e-mail address' : 'your e-mail address is registered'),
          'It is sent once and is not something that you subscribe to.',
        ],
      };
    }
    case 'email-change-confirm':
      return {
        subject: 'Confirm your e-mail address',
        heading: 'Is this your e-mail address?',
        paragraphs: ['Someone, probably you, wants to use this address for their account in Vern.'],
        action: { label: 'Confirm the address', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'Was it not you? Then there is nothing you need to do. The address will not be used.',
        ],
        footer: [why('the address was given for an account'), aboutTheAccount],
      };
    case 'email-changed':
      return {
        subject: 'Your account has a new e-mail address',
        heading: 'The e-mail address has been changed',
        paragraphs: [
          `Your account in Vern got a new e-mail address on ${dayAndTime(content.parameters.at, timeZone, 'en')}. From now on we write to the new one.`,
          'Was it not you? Change your password, and tell the organisation where you use Vern at once.',
        ],
        footer: [why('this address belonged to an account until now'), aboutTheAccount],
      };
    case 'totp-reset':
      return {
        subject: 'Confirm that your second factor is to be reset',
        heading: 'Have you lost your second factor?',
        paragraphs: [
          'An administrator was told that you have lost your authenticator app, and has asked for your second factor to be reset.',
          'Once you have confirmed, sign in with your password and set up the app again. Roles that you have in other organisations stay closed until they have confirmed too.',
        ],
        action: { label: 'Confirm the reset', url: facts.linkUrl(content.parameters.token) },
        afterwards: [
          until(content.parameters.expiresAt),
          'Did you not ask for this? Do not confirm, and tell the administrator at once.',
        ],
        footer: [why('someone wants to reset the second factor of an account'), aboutTheAccount],
      };
  }
}

function spoken(facts: Facts, childWithoutName: string) {
  return {
    timeZone: facts.organisation?.timeZone ?? OPERATORS_ZONE,
    organisation: facts.organisation && !facts.isProtected ? isolated(facts.organisation.name) : undefined,
    child: facts.childFirstName === undefined ? childWithoutName : isolated(facts.childFirstName),
  };
}

function roleTitle({ organisation, language }: Facts, role: RoleName): string | undefined {
  return organisation && rolesOfProfile[organisation.profile][role]?.[language];
}

const declining = ({ declineUrl }: Facts, label: string) =>
  declineUrl === undefined ? {} : { decline: { label, url: declineUrl } };

const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase('nb') + text.slice(1);
