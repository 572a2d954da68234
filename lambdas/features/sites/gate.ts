import { renderSVG } from 'uqr';
import type { Language } from '../../http/call.ts';
import type { OrganisationId, SiteId } from '../../http/ids.ts';
import type { PageField, PageWords } from '../links/page.ts';
import { OnSite, type Site } from './site.ts';

export const gatePath = (organisationId: OrganisationId, siteId: SiteId, code: string) =>
  `/o/${organisationId}/sites/${siteId}/${code}` as const;

/** An SVG without script or outside references, for the board at the gate. */
export const qrSvg = (url: string): string => renderSVG(url, { border: 4 });

/** What the page sends: text in every field, or nothing. */
export type TypedAtGate = Readonly<
  Partial<
    Record<
      'firstName' | 'lastName' | 'birthDate' | 'employer' | 'organisationNumber' | 'hseCardNumber',
      string | undefined
    >
  >
>;
type FieldName = keyof TypedAtGate;
export interface WrongAtGate {
  readonly slug: 'malformed-request' | 'forbidden-content';
  readonly fields: readonly FieldName[];
}

/** A line of the list as it was typed, or which fields somebody has to look at again. Pure. */
export function readAtGate(typed: TypedAtGate, today: string): OnSite | WrongAtGate {
  const given = (name: FieldName) => typed[name]?.trim() || undefined;
  const digits = (name: FieldName) => given(name)?.replace(/\s/g, '');
  const parsed = OnSite.safeParse({
    firstName: given('firstName'),
    lastName: given('lastName'),
    birthDate: dayOf(given('birthDate')),
    employer: { name: given('employer'), organisationNumber: digits('organisationNumber') },
    ...(digits('hseCardNumber') !== undefined && { hseCardNumber: digits('hseCardNumber') }),
  });
  if (parsed.success) {
    const isBorn = parsed.data.birthDate < today;
    return isBorn ? parsed.data : { slug: 'malformed-request', fields: ['birthDate'] };
  }
  const { issues } = parsed.error;
  const fields = issues.map(({ path: [outer, inner] }) => {
    if (outer !== 'employer') return outer as FieldName;
    return inner === 'organisationNumber' ? 'organisationNumber' : 'employer';
  });
  const isForbidden = issues.some((one) => one.code === 'custom' && one.params?.['slug'] === 'forbidden-content');
  return { slug: isForbidden ? 'forbidden-content' : 'malformed-request', fields: [...new Set(fields)] };
}
export const isWrong = (value: object): value is WrongAtGate => 'slug' in value;

/** Norwegians write 31.12.1990; what a browser's own calendar sends is a plain date already. */
function dayOf(text: string | undefined): string | undefined {
  const [, day, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text ?? '') ?? [];
  if (!day || !month || !year) return text;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

interface GateForm {
  readonly site: Site;
  readonly action: `/${string}`;
  readonly typed?: TypedAtGate;
  /** What was picked before, and need not be picked anew. */
  readonly does?: 'in' | 'out' | undefined;
}

/** What the page says before anything is sent, or about what was. What was typed is shown to whoever typed it alone. */
export function gatePage(
  { site, action, typed = {}, does }: GateForm,
  language: Language,
  refused?: WrongAtGate | 'already-on-site' | 'site-entry-not-found' | 'too-many',
): PageWords {
  const words = texts[language];
  const line = (name: FieldName, autocomplete: string, charactersMax: number, required = true): PageField => ({
    kind: 'line',
    name,
    label: words.fields[name],
    type: 'text',
    autocomplete,
    charactersMax,
    required,
    ...(typed[name] !== undefined && { value: typed[name] }),
  });
  const wrong = typeof refused === 'object' ? refused : undefined;
  const said = wrong
    ? [words.wrong(wrong.fields.map((name) => words.fields[name]))]
    : refused
      ? [words.refused[refused as keyof typeof words.refused]]
      : [];
  return {
    title: words.title(site.name),
    paragraphs: [...said, words.lead],
    forms: [
      {
        action,
        fields: [
          {
            kind: 'pick',
            name: 'do',
            legend: words.legend,
            options: [
              { value: 'in', label: words.in },
              { value: 'out', label: words.out },
            ],
            ...(does !== undefined && { picked: does }),
          },
          line('firstName', 'given-name', 80),
          line('lastName', 'family-name', 80),
          line('birthDate', 'bday', 10),
          line('employer', 'organization', 120),
          line('organisationNumber', 'off', 11),
          line('hseCardNumber', 'off', 9, false),
        ],
        button: words.send,
      },
    ],
    notes: { heading: words.aboutHeading, lines: words.about(site.client) },
  };
}

export const doneAtGate = (did: 'in' | 'out', language: Language): PageWords => ({
  title: texts[language].done[did],
  paragraphs: [texts[language].close],
});

const texts = {
  nb: {
    title: (site: string) => `Inn og ut: ${site}`,
    lead: 'Alle som arbeider på byggeplassen, skal stå på oversiktslisten. Fyll ut når du kommer, og når du går.',
    legend: 'Hva gjelder det?',
    in: 'Jeg kommer',
    out: 'Jeg går',
    fields: {
      firstName: 'Fornavn',
      lastName: 'Etternavn',
      birthDate: 'Fødselsdato (dd.mm.åååå)',
      employer: 'Arbeidsgiver',
      organisationNumber: 'Arbeidsgivers organisasjonsnummer (ni sifre)',
      hseCardNumber: 'Nummeret på HMS-kortet, hvis du har et (sju sifre)',
    },
    send: 'Registrer',
    wrong: (fields: readonly string[]) => `Ingenting er registrert. Se på: ${fields.join(', ')}.`,
    refused: {
      'already-on-site': 'Du er registrert som kommet fra før. Registrer at du går, før du kommer igjen.',
      'site-entry-not-found': 'Vi fant ikke at du er registrert som kommet. Skriv det samme som da du kom.',
      'too-many': 'Det er registrert så mange i dag at listen er full. Si fra til den som leder plassen.',
    },
    done: { in: 'Du er registrert som kommet', out: 'Du er registrert som gått' },
    close: 'Du kan lukke siden.',
    aboutHeading: 'Om opplysningene',
    about: (client: string) => [
      `Byggherren er ${client}. Listen er påbudt (byggherreforskriften § 15).`,
      'Den vises til byggherren, til tilsynet og til verneombudene når de ber om det.',
      'Den slettes seks måneder etter at arbeidet er avsluttet. Siden lagrer ikke hvor du er.',
    ],
  },
  en: {
    title: (site: string) => `In and out: ${site}`,
    lead: 'Everybody who works on the site has to be on its list. Fill this in when you come and when you leave.',
    legend: 'What is it about?',
    in: 'I am coming',
    out: 'I am leaving',
    fields: {
      firstName: 'First name',
      lastName: 'Last name',
      birthDate: 'Date of birth (dd.mm.yyyy)',
      employer: 'Employer',
      organisationNumber: 'The employer’s organisation number (nine digits)',
      hseCardNumber: 'The number on the HSE card, if you have one (seven digits)',
    },
    send: 'Register',
    wrong: (fields: readonly string[]) => `Nothing was registered. Look at: ${fields.join(', ')}.`,
    refused: {
      'already-on-site': 'You are registered as having come. Register that you leave before you come again.',
      'site-entry-not-found': 'We did not find that you have come. Type the same as when you came.',
      'too-many': 'So many were registered today that the list is full. Tell whoever runs the site.',
    },
    done: { in: 'You are registered as having come', out: 'You are registered as having left' },
    close: 'You can close this page.',
    aboutHeading: 'About the data',
    about: (client: string) => [
      `The client is ${client}. The law demands the list (byggherreforskriften, section 15).`,
      'It is shown to the client, to the inspectorate and to safety representatives when they ask for it.',
      'It is erased six months after the works have ended. This page does not store where you are.',
    ],
  },
} as const;
