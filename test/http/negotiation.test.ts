import { describe, expect, it } from 'vitest';
import { chooseByAccept } from '../../lambdas/http/accept.ts';
import { preferredLanguage } from '../../lambdas/http/accept-language.ts';

describe('the language', () => {
  it.each([
    [undefined, 'nb'],
    ['', 'nb'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['nn-NO', 'nb'],
    ['no', 'nb'],
    ['da', 'nb'],
    ['sv-SE, en;q=0.5', 'nb'],
    ['en;q=0.5, nb;q=0.8', 'nb'],
    ['de, en;q=0.3', 'en'],
    ['de', 'nb'],
    ['*', 'nb'],
    ['en;q=0', 'nb'],
    ['nb;q=0, en;q=0.1', 'en'],
    ['en, nb', 'en'],
    ['EN', 'en'],
    ['constructor, en', 'en'],
    ['nb;q=9, en;q=0.1', 'en'],
    [`${'x,'.repeat(10_000)}en`, 'nb'],
  ])('of %s is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('the form', () => {
  const html = { contentType: 'text/html; charset=utf-8' };
  const json = { contentType: 'application/json' };
  it.each([
    [undefined, html],
    ['*/*', html],
    ['application/json', json],
    ['text/html,application/xhtml+xml,*/*;q=0.8', html],
    ['text/html;q=0.1, application/*', json],
    ['application/json;q=0, text/html', html],
    ['image/png', html],
    ['text/html;q=no, application/json;q=0.1', json],
  ])('of %s', (header, chosen) => {
    expect(chooseByAccept(header, [html, json])).toBe(chosen);
  });
});
