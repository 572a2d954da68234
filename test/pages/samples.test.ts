import { describe, expect, it } from 'vitest';
import { purposes } from '../../lambdas/features/links/link.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { type Palette, palettes } from '../../lambdas/http/palette.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { contractRouteIds, drawn, exhibits, pagesOfPurpose, pagesOfRoutes } from './samples.ts';

const languages = ['nb', 'en'] as const;
const routesWithPages = Object.values(apiFunctions).flatMap(({ routes }) =>
  Object.entries<Route>(routes).filter(
    ([, { success }]) => 'content' in success && success.content.some((type) => type.startsWith('text/html')),
  ),
);

describe('what the browser is shown by `npm run check:pages`', () => {
  it.each(purposes)('has the page of a link that is for %s', (purpose) => {
    for (const language of languages) {
      const states = pagesOfPurpose(purpose, language);
      expect(Object.keys(states ?? {}), `a sample of ${purpose} in test/pages/samples.ts`).not.toEqual([]);
    }
  });

  it.each(routesWithPages.map(([id, route]) => [id, `${route.method} ${route.path}`]))(
    'has the page of %s: %s',
    (id) => {
      const known = [...Object.keys(pagesOfRoutes), ...contractRouteIds];
      expect(known, 'a sample in test/pages/samples.ts').toContain(id);
    },
  );

  it('has no page of a route that is gone', () => {
    const ids = routesWithPages.map(([id]) => id);
    expect(Object.keys(pagesOfRoutes).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('every small page of ours', () => {
  const small = languages.flatMap((language) =>
    [
      ...purposes.flatMap((purpose) =>
        Object.entries(pagesOfPurpose(purpose, language) ?? {}).map(
          ([state, one]) => [`${purpose}, ${state}`, one] as const,
        ),
      ),
      ...Object.entries(pagesOfRoutes).flatMap(([id, draw]) =>
        Object.entries(draw(language)).map(([state, one]) => [`${id}, ${state}`, one] as const),
      ),
    ]
      .filter(([, one]) => !('contentType' in one))
      .map(([name, one]) => [name, language, drawn(one, language)] as const),
  );

  it.each(small)(
    '%s in %s runs no script, loads nothing, and is allowed nothing else',
    (_, language, { content, contentSecurityPolicy }) => {
      const html = String(content);
      expect(html).not.toMatch(/<(script|img|link|iframe|object|embed)|\bsrc=|url\(|@import|\son\w+=|javascript:/i);
      expect(contentSecurityPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
      expect(contentSecurityPolicy).toMatch(/form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
      expect(html).toContain(`<html lang="${language}">`);
    },
  );

  it.each(small)(
    '%s in %s says how to complain, and sends its forms in its language to us alone',
    (_, language, { content }) => {
      const html = String(content);
      expect(html).toMatch(/https:\/\/www\.datatilsynet\.no\/\S+/);
      for (const [form] of html.matchAll(/<form[^>]*>/g)) {
        expect(form).toMatch(new RegExp(`^<form method="post"(?: action="/[^/"][^"]*\\?language=${language}")?>$`));
      }
    },
  );

  it.each(small)('%s in %s has a label for every field', (_, _language, { content }) => {
    const fields = String(content).match(/<(?:input(?! type="hidden")|select|textarea)\b/g)?.length ?? 0;
    const labelled =
      String(content).match(/<label[^>]*>(?:(?!<\/label>).)*?<(?:input|select|textarea)\b/gs)?.length ?? 0;
    const named = String(content).match(/<(?:input(?! type="hidden")|select|textarea)\b[^>]*\bid="/g)?.length ?? 0;
    expect(labelled + named).toBeGreaterThanOrEqual(fields);
  });

  it('hangs beside letters, in light and dark, under a name of its own', async () => {
    const names = (await exhibits(purposes, languages)).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('letter-')).length).toBeGreaterThanOrEqual(6);
  });
});

describe('the colours', () => {
  /** WCAG 2.2, 1.4.3: text; 1.4.11: the edge of a field and the ring of the focus. */
  const [TEXT, SHAPE] = [4.5, 3];
  const pairs: readonly (readonly [keyof Palette, keyof Palette, number])[] = [
    ['ink', 'paper', TEXT],
    ['ink', 'ground', TEXT],
    ['quiet', 'ground', TEXT],
    ['quiet', 'paper', TEXT],
    ['deed', 'paper', TEXT],
    ['deed', 'ground', TEXT],
    ['onDeed', 'deed', TEXT],
    ['quiet', 'paper', SHAPE],
    ['deed', 'paper', SHAPE],
    ['ink', 'paper', SHAPE],
  ];
  it.each(pairs.flatMap((pair) => (['light', 'dark'] as const).map((scheme) => [...pair, scheme] as const)))(
    '%s on %s is legible: at least %d to 1, in the %s',
    (above, below, least, scheme) => {
      const palette = palettes[scheme];
      expect(contrast(palette[above], palette[below])).toBeGreaterThanOrEqual(least);
    },
  );

  it('are weighed as WCAG does it', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
