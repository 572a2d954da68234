import type { Language } from '../../http/call.ts';
import type { PageForm, PageWords } from '../links/page.ts';
import type { RequestRecord } from '../requests/request.ts';
import { type Claim, CODE_DIGITS_MAX } from './claim.ts';

/** What the pages of a claim say. They name nobody and no organisation, for whoever may look over a shoulder. */

/** What is known of the answer, as the page needs it: codes and days only, and the controller's own words. */
export interface ClaimedAnswer {
  readonly right: 'access' | 'rectification' | 'erasure' | 'restriction' | 'objection' | 'portability';
  readonly outcome: 'under-way' | 'carried-out' | 'refused' | 'withdrawn';
  /** Why it was refused (Art. 12(4)): the ground in the law, and the controller's own words. */
  readonly reason?: NonNullable<NonNullable<RequestRecord['decision']>['reason']>;
  readonly refusal?: string;
  /** While it is under way: the last day of the answer, and why it takes longer (Art. 12(3)). */
  readonly answerBy?: string;
  readonly extension?: { readonly reason: 'complexity' | 'number-of-requests'; readonly words?: string };
  readonly copy: 'none' | 'being-made' | 'ready' | 'over';
  readonly certificate: 'none' | 'awaited' | 'ready';
}

const codeForm = (language: Language, token: string): PageForm => ({
  action: `/l/${token}/answer`,
  // Room for the spaces that people type between digits.
  fields: [{ kind: 'code', name: 'code', label: texts[language].codeLabel, charactersMax: 2 * CODE_DIGITS_MAX }],
  button: texts[language].open,
});
const mailForm = (language: Language, token: string): PageForm => ({
  action: `/l/${token}/code`,
  fields: [],
  button: texts[language].mailMe,
});

/** The first page: how to get a code, and where to type it. */
export function claimPage({ codeTravels }: Claim, token: string, language: Language): PageWords {
  const { title, mailed, handed } = texts[language];
  return codeTravels === 'by-mail'
    ? { title, paragraphs: mailed, forms: [mailForm(language, token), codeForm(language, token)] }
    : { title, paragraphs: handed, forms: [codeForm(language, token)] };
}

export function codeSentPage({ codeTravels }: Claim, token: string, language: Language): PageWords {
  const { title, sent, handed } = texts[language];
  return { title, paragraphs: codeTravels === 'by-mail' ? sent : handed, forms: [codeForm(language, token)] };
}

/** One page for a wrong, a used, an expired and a never asked-for code. */
export const codeRefusedPage = (claim: Claim, token: string, language: Language): PageWords => ({
  ...claimPage(claim, token, language),
  title: texts[language].refusedTitle,
  paragraphs: texts[language].refused,
});

export const noMoreCodesPage = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: texts[language].noMoreCodes,
});
export const waitPage = (token: string, language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: texts[language].wait,
  forms: [codeForm(language, token)],
});

export function answerPage(answer: ClaimedAnswer, token: string, pass: string, language: Language): PageWords {
  const words = texts[language];
  const fields = [{ kind: 'hidden', name: 'pass', value: pass }] as const;
  return {
    title: words.answerTitle[answer.right],
    paragraphs: [
      words.outcome[answer.outcome],
      ...(answer.answerBy === undefined ? [] : [`${words.answerBy} ${answer.answerBy}.`]),
      ...(answer.extension ? [words.extended[answer.extension.reason], answer.extension.words ?? ''] : []).filter(
        Boolean,
      ),
      ...(answer.reason === undefined ? [] : [words.reason[answer.reason]]),
      ...(answer.refusal === undefined ? [] : [words.why, answer.refusal]),
      ...(answer.outcome === 'refused' ? [words.refusedRights] : []),
      ...(answer.copy === 'none' ? [] : [words.copy[answer.copy]]),
      ...(answer.certificate === 'none' ? [] : [words.certificate[answer.certificate]]),
    ],
    forms: [
      ...(answer.copy === 'ready' ? [{ action: `/l/${token}/copy`, fields, button: words.getCopy } as const] : []),
      ...(answer.certificate === 'ready'
        ? [{ action: `/l/${token}/certificate`, fields, button: words.getCertificate } as const]
        : []),
    ],
  };
}

export const downloadPage = (url: string, language: Language): PageWords => ({
  title: texts[language].downloadTitle,
  paragraphs: texts[language].download,
  link: { label: texts[language].downloadLabel, url },
});

export const nothingToFetchPage = (language: Language): PageWords => ({
  title: texts[language].nothingTitle,
  paragraphs: texts[language].nothing,
});

const texts = {
  nb: {
    title: 'Svar på henvendelsen din',
    mailed: [
      'Svaret er klart. For at ingen andre skal få se det, åpner du det med en engangskode.',
      'Vi sender koden i en egen e-post. Den virker i ti minutter.',
    ],
    handed: [
      'Svaret er klart. For at ingen andre skal få se det, åpner du det med koden du fikk muntlig eller på papir.',
      'Har du ikke fått noen kode? Ta kontakt der du leverte henvendelsen.',
    ],
    sent: [
      'Vi har sendt deg en engangskode på e-post. Den virker i ti minutter.',
      'Kommer den ikke? Se i søppelposten, og be om en ny etter et minutt.',
    ],
    mailMe: 'Send meg en kode',
    codeLabel: 'Kode',
    open: 'Åpne svaret',
    refusedTitle: 'Koden virker ikke',
    refused: ['Den kan være feil, brukt eller for gammel. Se om du har skrevet den riktig, eller be om en ny.'],
    wait: ['Vi har nettopp sendt en kode. Vent ett minutt før du ber om en ny.'],
    noMoreCodes: [
      'Det er sendt så mange koder at vi ikke sender flere. Ta kontakt der du leverte henvendelsen, så får du svaret på en annen måte.',
    ],
    answerTitle: {
      access: 'Innsyn i opplysningene om deg',
      rectification: 'Retting av opplysninger om deg',
      erasure: 'Sletting av opplysningene om deg',
      restriction: 'Begrenset bruk av opplysningene om deg',
      objection: 'Protest mot bruk av opplysninger om deg',
      portability: 'Opplysningene dine til å ta med',
    },
    outcome: {
      'under-way': 'Saken er under behandling. Du får beskjed når den er ferdig.',
      'carried-out': 'Det du ba om, er gjort.',
      refused: 'Det du ba om, ble ikke gjort.',
      withdrawn: 'Henvendelsen er trukket tilbake, og ingenting er gjort.',
    },
    answerBy: 'Du får svar innen',
    extended: {
      complexity: 'Det tar lengre tid fordi saken er sammensatt.',
      'number-of-requests': 'Det tar lengre tid fordi det er kommet mange henvendelser.',
    },
    reason: {
      'identity-not-proven': 'Det ble ikke vist hvem som ba om det.',
      'manifestly-unfounded': 'Henvendelsen er åpenbart grunnløs (personvernforordningen artikkel 12 nr. 5).',
      excessive: 'Det er bedt om det samme så ofte at det er urimelig (artikkel 12 nr. 5).',
      'kept-by-law': 'En lov krever at opplysningene blir oppbevart (artikkel 17 nr. 3 b).',
      'legal-claims': 'Opplysningene trengs i en rettslig tvist (artikkel 17 nr. 3 e, 18 nr. 2 og 21 nr. 1).',
      'compelling-grounds': 'Det finnes tvingende grunner til å bruke opplysningene (artikkel 21 nr. 1).',
      'rights-of-others': 'Andres rettigheter veier tyngre her (artikkel 15 nr. 4 og 20 nr. 4).',
      'not-for-the-childs-good': 'Det ville ikke være til barnets beste.',
      'information-is-correct': 'Opplysningene er undersøkt og riktige (artikkel 16 og 18 nr. 1 a).',
      'conditions-not-met': 'Vilkårene i loven er ikke oppfylt.',
    },
    why: 'Begrunnelsen er:',
    refusedRights:
      'Er du uenig, kan du klage til Datatilsynet eller gå til domstolene. Personvernombudet svarer gjerne.',
    copy: {
      'being-made': 'Kopien av opplysningene lages nå. Kom tilbake om litt.',
      ready: 'Kopien er klar til å lastes ned. Den er en ZIP-fil: åpne «index.nb.html» i den for å lese.',
      over: 'Tiden for å laste ned kopien er ute. Du kan be om en ny.',
    },
    certificate: {
      awaited:
        'Opplysningene er slettet. Når heller ingen sikkerhetskopi kan gjenopprettes, kommer en signert bekreftelse. Du får e-post om det.',
      ready: 'En signert bekreftelse på slettingen er klar.',
    },
    getCopy: 'Hent kopien',
    getCertificate: 'Last ned bekreftelsen',
    downloadTitle: 'Kopien er klar',
    download: ['Lenken virker i ett minutt. Trenger du mer tid, går du tilbake og henter en ny.'],
    downloadLabel: 'Last ned',
    nothingTitle: 'Ikke noe å hente',
    nothing: ['Det du ba om, er ikke klart ennå, eller tiden for å hente det er ute.'],
  },
  en: {
    title: 'The answer to your request',
    mailed: [
      'The answer is ready. So that nobody else can see it, you open it with a one-time code.',
      'We send the code in an e-mail of its own. It works for ten minutes.',
    ],
    handed: [
      'The answer is ready. So that nobody else can see it, you open it with the code that you were told or given on paper.',
      'Did you not get a code? Contact the place where you made the request.',
    ],
    sent: [
      'We have sent you a one-time code by e-mail. It works for ten minutes.',
      'Did it not arrive? Look among unwanted mail, and ask for a new one after a minute.',
    ],
    mailMe: 'Send me a code',
    codeLabel: 'Code',
    open: 'Open the answer',
    refusedTitle: 'This code does not work',
    refused: ['It may be wrong, used or too old. Check that you typed it right, or ask for a new one.'],
    wait: ['We have just sent a code. Wait a minute before you ask for another.'],
    noMoreCodes: [
      'So many codes have been sent that we send no more. Contact the place where you made the request to get the answer in another way.',
    ],
    answerTitle: {
      access: 'Access to the information about you',
      rectification: 'Correction of information about you',
      erasure: 'Erasure of the information about you',
      restriction: 'Restricted use of the information about you',
      objection: 'Objection to the use of information about you',
      portability: 'Your information to take with you',
    },
    outcome: {
      'under-way': 'Your request is being dealt with. You will be told when it is done.',
      'carried-out': 'What you asked for has been done.',
      refused: 'What you asked for was not done.',
      withdrawn: 'The request was withdrawn, and nothing was done.',
    },
    answerBy: 'You get an answer by',
    extended: {
      complexity: 'It takes longer because the matter is complex.',
      'number-of-requests': 'It takes longer because there have been many requests.',
    },
    reason: {
      'identity-not-proven': 'It was not shown who asked for it.',
      'manifestly-unfounded': 'The request is manifestly unfounded (GDPR Article 12(5)).',
      excessive: 'The same was asked for so often that it is excessive (Article 12(5)).',
      'kept-by-law': 'A law requires the information to be kept (Article 17(3)(b)).',
      'legal-claims': 'The information is needed for a legal claim (Articles 17(3)(e), 18(2) and 21(1)).',
      'compelling-grounds': 'There are compelling grounds to use the information (Article 21(1)).',
      'rights-of-others': 'The rights of others weigh more here (Articles 15(4) and 20(4)).',
      'not-for-the-childs-good': 'It would not be for the good of the child.',
      'information-is-correct': 'The information was examined and is correct (Articles 16 and 18(1)(a)).',
      'conditions-not-met': 'The conditions of the law are not met.',
    },
    why: 'The reason is:',
    refusedRights:
      'If you disagree, you can complain to Datatilsynet or go to court. The data-protection officer is glad to answer.',
    copy: {
      'being-made': 'The copy of the information is being made. Come back in a while.',
      ready: 'The copy is ready to be downloaded. It is a ZIP file: open “index.en.html” in it to read.',
      over: 'The time to download the copy is over. You can ask for a new one.',
    },
    certificate: {
      awaited:
        'The information has been erased. Once no backup can be restored either, a signed certificate follows. You will get an e-mail.',
      ready: 'A signed certificate of the erasure is ready.',
    },
    getCopy: 'Get the copy',
    getCertificate: 'Download the certificate',
    downloadTitle: 'The copy is ready',
    download: ['The link works for one minute. If you need more time, go back and get a new one.'],
    downloadLabel: 'Download',
    nothingTitle: 'Nothing to fetch',
    nothing: ['What you asked for is not ready yet, or the time to fetch it is over.'],
  },
} as const;
