import type { Language } from './call.ts';

const LANGUAGES_MAX = 20;

/** Whoever reads Danish or Swedish reads Norwegian more easily than English. */
const languageOf: Readonly<Record<string, Language>> = { nb: 'nb', nn: 'nb', no: 'nb', da: 'nb', sv: 'nb', en: 'en' };

/** The language to answer in, from `Accept-Language` (RFC 9110, section 12.5.4); Norwegian where nothing else is asked. */
export function preferredLanguage(header: string | undefined): Language {
  const asked = (header ?? '')
    .split(',', LANGUAGES_MAX)
    .map(parseRange)
    .filter(({ language, quality }) => language !== undefined && quality > 0);
  // Array.prototype.sort is stable: among equals the first one asked for wins.
  return asked.sort((a, b) => b.quality - a.quality)[0]?.language ?? 'nb';
}

function parseRange(range: string): { language: Language | undefined; quality: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const isWeight = weight === undefined || /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight);
  const primary = tag.split('-')[0] ?? '';
  const language = primary === '*' ? 'nb' : Object.hasOwn(languageOf, primary) ? languageOf[primary] : undefined;
  return { language, quality: isWeight ? Number(weight ?? 1) : 0 };
}
