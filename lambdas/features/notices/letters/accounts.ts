import { type RoleName, rolesOfProfile } from '../../../access/roles.ts';
import type { accountTemplates } from '../templates/accounts.ts';
import { english, type Facts, type Letters, norwegian } from './phrases.ts';

/** Invitations, and the security of accounts. */ export const accountLetters: Letters<keyof typeof accountTemplates> =
  {
    invitation: {
      nb(parameters, facts) {
        const say = norwegian(facts);
        const title = say.organisation && roleTitle(facts, parameters.role);
        return {
          subject: 'Invitasjon til Vern',
          heading: say.organisation ? `${say.organisation} inviterer deg til Vern` : 'Du er invitert til Vern',
          paragraphs: say.organisation
            ? [
                `${say.organisation} bruker Vern og har registrert deg${title ? ` som ${title}` : ''}.`,
                'Når du har takket ja, ser du hva som er registrert om deg, og får beskjedene som er til deg.',
              ]
            : [
                'En virksomhet som har registrert e-postadressen din, inviterer deg til Vern. Av hensyn til sikkerheten står ikke navnet på virksomheten i e-posten.',
              ],
          action: { label: 'Se invitasjonen', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'Vil du ikke være med, eller kjenner du ikke avsenderen? Da trenger du ikke gjøre noe.',
          ],
          footer: [
            say.why(say.organisation ? 'de har registrert e-postadressen din' : 'e-postadressen din er registrert'),
            'Den sendes én gang og er ikke noe du abonnerer på.',
          ],
        };
      },
      en(parameters, facts) {
        const say = english(facts);
        const title = say.organisation && roleTitle(facts, parameters.role);
        return {
          subject: 'Invitation to Vern',
          heading: say.organisation ? `${say.organisation} invites you to Vern` : 'You are invited to Vern',
          paragraphs: say.organisation
            ? [
                `${say.organisation} uses Vern and has registered you${title ? ` as ${title}` : ''}.`,
                'Once you have accepted, you can see what is registered about you, and you get the messages meant for you.',
              ]
            : [
                'An organisation that has registered your e-mail address invites you to Vern. For safety, its name is left out of this e-mail.',
              ],
          action: { label: 'See the invitation', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'If you do not want to take part, or do not know the sender, there is nothing you need to do.',
          ],
          footer: [
            say.why(say.organisation ? 'it has registered your e-mail address' : 'your e-mail address is registered'),
            'It is sent once and is not something that you subscribe to.',
          ],
        };
      },
    },
    'email-change-confirm': {
      nb(parameters, facts) {
        const say = norwegian(facts);
        return {
          subject: 'Bekreft e-postadressen din',
          heading: 'Er dette e-postadressen din?',
          paragraphs: ['Noen, trolig du, vil bruke denne adressen til kontoen sin i Vern.'],
          action: { label: 'Bekreft adressen', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'Var det ikke deg? Da trenger du ikke gjøre noe. Adressen blir ikke tatt i bruk.',
          ],
          footer: [say.why('adressen er oppgitt for en konto'), say.aboutTheAccount],
        };
      },
      en(parameters, facts) {
        const say = english(facts);
        return {
          subject: 'Confirm your e-mail address',
          heading: 'Is this your e-mail address?',
          paragraphs: ['Someone, probably you, wants to use this address for their account in Vern.'],
          action: { label: 'Confirm the address', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'Was it not you? Then there is nothing you need to do. The address will not be used.',
          ],
          footer: [say.why('the address was given for an account'), say.aboutTheAccount],
        };
      },
    },
    'email-changed': {
      nb(parameters, facts) {
        const say = norwegian(facts);
        return {
          subject: 'Kontoen din har fått ny e-postadresse',
          heading: 'E-postadressen er endret',
          paragraphs: [
            `Kontoen din i Vern fikk ny e-postadresse ${say.when(parameters.at)}. Heretter skriver vi til den nye adressen.`,
            'Var det ikke deg? Bytt passord, og si fra med en gang til virksomheten du bruker Vern hos.',
          ],
          footer: [say.why('adressen hørte til en konto til nå'), say.aboutTheAccount],
        };
      },
      en(parameters, facts) {
        const say = english(facts);
        return {
          subject: 'Your account has a new e-mail address',
          heading: 'The e-mail address has been changed',
          paragraphs: [
            `Your account in Vern got a new e-mail address on ${say.when(parameters.at)}. From now on we write to the new one.`,
            'Was it not you? Change your password, and tell the organisation where you use Vern at once.',
          ],
          footer: [say.why('this address belonged to an account until now'), say.aboutTheAccount],
        };
      },
    },
    'totp-reset': {
      nb(parameters, facts) {
        const say = norwegian(facts);
        return {
          subject: 'Bekreft at totrinnsbekreftelsen skal nullstilles',
          heading: 'Har du mistet totrinnsbekreftelsen?',
          paragraphs: [
            'En administrator har fått beskjed om at du har mistet autentiseringsappen din, og har bedt om at totrinnsbekreftelsen nullstilles.',
            'Når du har bekreftet, logger du på med passordet og setter opp appen på nytt. Roller du har hos andre virksomheter, er stengt til de også har bekreftet.',
          ],
          action: { label: 'Bekreft nullstillingen', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'Har du ikke bedt om dette? Ikke bekreft, og si fra til administratoren med en gang.',
          ],
          footer: [say.why('noen vil nullstille kontoens totrinnsbekreftelse'), say.aboutTheAccount],
        };
      },
      en(parameters, facts) {
        const say = english(facts);
        return {
          subject: 'Confirm that your second factor is to be reset',
          heading: 'Have you lost your second factor?',
          paragraphs: [
            'An administrator was told that you have lost your authenticator app, and has asked for your second factor to be reset.',
            'Once you have confirmed, sign in with your password and set up the app again. Roles that you have in other organisations stay closed until they have confirmed too.',
          ],
          action: { label: 'Confirm the reset', url: facts.linkUrl(parameters.token) },
          afterwards: [
            say.until(parameters.expiresAt),
            'Did you not ask for this? Do not confirm, and tell the administrator at once.',
          ],
          footer: [say.why('someone wants to reset the second factor of an account'), say.aboutTheAccount],
        };
      },
    },
  };

function roleTitle({ organisation, language }: Facts, role: RoleName): string | undefined {
  return organisation && rolesOfProfile[organisation.profile][role]?.[language];
}
