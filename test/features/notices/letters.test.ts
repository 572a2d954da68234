import { describe, expect, it } from 'vitest';
import { type Letter, letterHtml, letterText } from '../../../lambdas/features/notices/letter.ts';
import { letterFor } from '../../../lambdas/features/notices/letters.ts';
import { categoryOf, type Template, templates } from '../../../lambdas/features/notices/notice.ts';
import { canBeDeclinedByLink } from '../../../lambdas/features/notices/preferences.ts';
import { escapeHtml } from '../../../lambdas/http/content.ts';
import { palettes } from '../../../lambdas/http/palette.ts';
import { factsBut, samples } from './letter-samples.ts';

const everyTemplate = Object.keys(templates) as Template[];
const everyLanguage = ['nb', 'en'] as const;
const every = everyTemplate.flatMap((template) => everyLanguage.map((language) => [template, language] as const));
const letterOf = (template: Template, but: Parameters<typeof factsBut>[0]) =>
  letterFor(samples[template], factsBut(but));
const bodiesOf = (letter: Letter) => [letterHtml(letter), letterText(letter)] as const;

describe('every letter', () => {
  it.each(everyTemplate)('%s has a sample, so that everything below is tried on it', (template) => {
    expect(samples[template]).toMatchObject({ template });
    expect(templates[template].safeParse(samples[template].parameters).error).toBeUndefined();
  });

  it.each(every)('%s in %s says who sent it, why, and how to complain (ALL-01)', (template, language) => {
    for (const body of bodiesOf(letterOf(template, { language }))) {
      expect(body).toContain(
        language === 'nb' ? 'Du får denne e-posten fra Solbakken' : 'You get this e-mail from Solbakken',
      );
      expect(body).toContain('Datatilsynet');
      expect(body).toMatch(/https:\/\/www\.datatilsynet\.no\/\S+/);
    }
  });

  it.each(every)('%s in %s can be declined, or says why not, and leads to what can be chosen', (template, language) => {
    const letter = letterOf(template, { language });
    const category = categoryOf(template);
    if (category && canBeDeclinedByLink(category))
      expect(letter.decline?.url).toBe(`https://api.vern.example/l/decline?language=${language}`);
    else if (template !== 'digest') expect(letter.decline).toBeUndefined();
    if (!letter.decline) {
      expect(letterText(letter)).toMatch(
        /kan (?:derfor )?ikke slås av|ikke noe du abonnerer|cannot be turned off|not something that you subscribe/,
      );
    }
    for (const body of bodiesOf(letter))
      expect(body).toContain(`https://api.vern.example/l/preferences?language=${language}`);
  });

  it.each(every)('%s in %s says that replies are not read, and whom to ask', (template, language) => {
    const said = {
      nb: 'Svar på denne e-posten blir ikke lest. Lurer du på noe, ta kontakt med Solbakken barnehage.',
      en: 'Replies to this e-mail are not read. If you have questions, contact Solbakken barnehage.',
    };
    for (const body of bodiesOf(letterOf(template, { language }))) expect(body).toContain(said[language]);
  });

  it.each(every)('%s in %s has a subject that tells nothing of the child or the organisation', (template, language) => {
    const { subject } = letterOf(template, { language });
    expect(subject).not.toMatch(/Åse|Solbakken|02[.:]30/);
    expect(subject.length).toBeLessThanOrEqual(78);
  });

  it.each(every)(
    '%s in %s names no organisation to a protected address, and at most a first name',
    (template, language) => {
      const letter = letterOf(template, { language, isProtected: true });
      for (const body of [letter.subject, ...bodiesOf(letter)])
        expect(body).not.toMatch(/Solbakken|barnehage|kindergarten/i);
    },
  );

  it.each(every)('%s in %s says the same in HTML and in text', (template, language) => {
    const letter = letterOf(template, { language });
    const [html, text] = bodiesOf(letter);
    const { subject: _subject, language: _language, ...said } = letter;
    for (const words of stringsIn(said)) {
      expect(html).toContain(escapeHtml(words));
      expect(text).toContain(words.trimEnd());
    }
    expect(html).toContain(`<title>${escapeHtml(letter.subject)}</title>`);
  });

  it.each(every)(
    '%s in %s is one article in its language with one heading and one button at most',
    (template, language) => {
      const html = letterHtml(letterOf(template, { language }));
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain(`<div role="article" lang="${language}"`);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html.match(/class="button"/g)?.length ?? 0).toBeLessThanOrEqual(1);
      for (const [, url, label] of html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/g)) {
        expect(url).toMatch(/^https:\/\//);
        expect(label).not.toBe('');
      }
    },
  );

  it.each(every)('%s in %s loads nothing, has no script, and is dark where its reader is', (template, language) => {
    const html = letterHtml(letterOf(template, { language }));
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form)|url\(|@import|src=|\son\w+=/i);
    expect(html).toContain('prefers-color-scheme:dark');
    const known: ReadonlySet<string> = new Set(Object.values(palettes).flatMap((palette) => Object.values(palette)));
    for (const [colour] of html.matchAll(/(?<=[:])#[0-9a-f]{3,8}\b/gi)) expect(known).toContain(colour);
  });

  it.each(every)('%s in %s leads to pages in its own language', (template, language) => {
    const text = letterText(letterOf(template, { language }));
    for (const [url] of text.matchAll(/https:\/\/api\.vern\.example\/l\/[k\w]+\S*/g)) {
      expect(url).toMatch(new RegExp(`\\?language=${language}$`));
    }
  });

  it('names an hour that happens twice as the wall clock does (DST in Europe/Oslo)', () => {
    expect(letterText(letterOf('checked-in', {}))).toContain('klokken 02.30');
  });

  it('keeps a right-to-left name from turning the sentence around it', () => {
    const text = letterText(letterOf('checked-in', { childFirstName: 'أحمد' }));
    expect(text).toContain('\u2068أحمد\u2069 ble krysset inn');
  });
});

const stringsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : [];
