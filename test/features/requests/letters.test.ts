import { describe, expect, it } from 'vitest';
import { letterText } from '../../../lambdas/features/notices/letter.ts';
import type { Facts } from '../../../lambdas/features/notices/letters/phrases.ts';
import { letterFor } from '../../../lambdas/features/notices/letters.ts';
import type { NoticeContent } from '../../../lambdas/features/notices/notice.ts';
import { requestTemplates } from '../../../lambdas/features/notices/templates/requests.ts';
import { anId } from '../../support/store.ts';

const facts = (language: 'nb' | 'en'): Facts => ({
  language,
  organisation: { name: 'Solbakken barnehage', profile: 'kindergarten', timeZone: 'Europe/Oslo' },
  isProtected: false,
  linkUrl: (token) => `https://vern.test/l/${token}`,
});
const about = {
  requestId: anId('req'),
  dueAt: '2026-12-23T23:00:00.000Z',
  timeZone: 'Europe/Oslo',
  hasAccount: true,
} as const;
const templates = Object.keys(requestTemplates) as (keyof typeof requestTemplates)[];
const aboutChild = ['request-about-child', 'request-rectified'];

function text(template: keyof typeof requestTemplates, language: 'nb' | 'en', more = {}, but: Partial<Facts> = {}) {
  const parameters = aboutChild.includes(template)
    ? { requestId: about.requestId, childIds: [anId('per')] }
    : { ...about, ...more };
  return letterText(letterFor({ template, parameters } as NoticeContent, { ...facts(language), ...but }));
}

describe.each(['nb', 'en'] as const)('a letter about a request, in %s', (language) => {
  it.each(templates)('%s says how to complain, who sends it, and why it cannot be turned off (ALL-01)', (template) => {
    const written = text(template, language);
    expect(written).toContain(language === 'nb' ? 'klage til Datatilsynet' : '(Datatilsynet)');
    expect(written).toContain('https://www.datatilsynet.no/');
    expect(written).toContain('Solbakken barnehage');
    expect(written).not.toMatch(/undefined|null|\[object/);
  });

  it.each(templates)('%s names neither the right nor anybody', (template) => {
    expect(text(template, language)).not.toMatch(
      /innsyn|slette|begrens|innsigelse|dataportab|\baccess|eras(e|ure)|restrict|object(ion)? |portab|per_|req_/i,
    );
  });

  it.each(templates)('%s tells who has no account not to sign in', (template) => {
    if (aboutChild.includes(template) || ['request-to-decide', 'request-due', 'request-overdue'].includes(template))
      return;
    if (template === 'request-refused' || template === 'request-met') return;
    expect(text(template, language, { hasAccount: false })).not.toMatch(/Logg på|Sign in/);
  });

  it('names no organisation where the child lives at a protected address', () => {
    expect(text('request-about-child', language, {}, { isProtected: true })).not.toContain('Solbakken');
  });
});

describe('the day by which there is an answer', () => {
  it('is the last day of the term, not the midnight that ends it', () => {
    expect(text('request-received', 'nb')).toContain('senest 23. desember 2026');
    expect(text('request-received', 'en')).toContain('by 23 December 2026');
  });

  it('is counted in the controller’s zone', () => {
    const dueAt = '2026-12-24T05:00:00.000Z';
    expect(text('request-received', 'en', { dueAt, timeZone: 'America/New_York' })).toContain('by 23 December 2026');
  });
});

describe('an extension', () => {
  it.each([
    ['complexity', 'sammensatt', 'complex'],
    ['number-of-requests', 'mange henvendelser', 'many requests'],
  ])('for %s says so', (extendedFor, norwegian, english) => {
    expect(text('request-extended', 'nb', { extendedFor })).toContain(norwegian);
    expect(text('request-extended', 'en', { extendedFor })).toContain(english);
  });
});
