import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { currentVersionsSource } from '../../../bin/versions.ts';
import { type Profile, profiles } from '../../../lambdas/access/roles.ts';
import { accountEntity } from '../../../lambdas/features/accounts/account.ts';
import { agreementDocument, agreementVersion } from '../../../lambdas/features/agreements/agreement.ts';
import { categoriesOf } from '../../../lambdas/features/agreements/annexes.ts';
import { categories } from '../../../lambdas/features/agreements/categories.ts';
import type { LegalDocument } from '../../../lambdas/features/agreements/document.ts';
import { renderHtml } from '../../../lambdas/features/agreements/html.ts';
import { measures } from '../../../lambdas/features/agreements/measures.ts';
import { renderPdf } from '../../../lambdas/features/agreements/pdf.ts';
import { statementDocument, statementVersion } from '../../../lambdas/features/agreements/statement.ts';
import { columnWidths, inWinAnsi, linesOf } from '../../../lambdas/features/agreements/typesetting.ts';
import { confidentialityUndertaking } from '../../../lambdas/features/agreements/undertaking.ts';
import { versionOf } from '../../../lambdas/features/agreements/version.ts';
import { basisUnder } from '../../../lambdas/features/agreements/words.ts';
import type { EntityDeclaration } from '../../../lambdas/platform/entity.ts';

const languages = ['nb', 'en'] as const;
const every = profiles.flatMap((profile) => languages.map((language) => [profile, language] as const));
const solbakken = { name: 'Solbakken barnehage' };
const textOf = (document: LegalDocument) => JSON.stringify(document);

describe('the data-processing agreement (FW-01)', () => {
  it.each(every)('for %s in %s holds every point of GDPR Art. 28(3)', (profile, language) => {
    const text = textOf(agreementDocument(profile, language, solbakken));
    for (const letter of 'abcdefgh') {
      expect(text).toMatch(
        language === 'nb' ? new RegExp(`nr\\. 3 ${letter}\\b|, 3 ${letter}\\b`) : new RegExp(`\\(3\\)\\(${letter}\\)`),
      );
    }
  });

  it.each(every)(
    'for %s in %s says Ireland, 24 hours, return or deletion, and the officer (ALL-07, ALL-08, ALL-09, KP-17)',
    (profile, language) => {
      const text = textOf(agreementDocument(profile, language, solbakken));
      expect(text).toContain('eu-west-1');
      expect(text).toMatch(language === 'nb' ? /senest 24 timer/ : /no later than 24 hours/);
      expect(text).toMatch(language === 'nb' ? /leveres tilbake .* eller slettes/ : /returned .* or deleted/);
      expect(text).toContain('personvernombud@');
      expect(text).toContain('datatilsynet.no');
    },
  );

  it('has the same sections, tables and rows in both languages (AT-14)', () => {
    for (const profile of profiles) {
      const shape = (language: 'nb' | 'en') =>
        agreementDocument(profile, language, solbakken).sections.map(({ blocks }) =>
          blocks.map((block) => (block.kind === 'table' ? block.rows.map((row) => row.length) : block.kind)),
        );
      expect(shape('en')).toEqual(shape('nb'));
    }
  });

  it('names who accepted it and when, and keeps its version: the parties are no part of the text', () => {
    const accepted = { by: 'Kari Nordmann', at: '2026-11-21T10:00:00.000Z' };
    const document = agreementDocument('kindergarten', 'nb', { ...solbakken, accepted });
    expect(document.parties).toContainEqual({
      label: 'Godtatt',
      value: 'Kari Nordmann, 21. november 2026 klokken 11.00',
    });
    expect(document.version).toBe(agreementVersion('kindergarten'));
  });

  it('lists for each profile what is registered under it, and about whom', () => {
    const annexA = (profile: Profile) =>
      JSON.stringify(
        agreementDocument(profile, 'nb', solbakken).sections.find(({ title }) => title.startsWith('Vedlegg A')),
      );
    expect(annexA('kindergarten')).toMatch(/Sperre mellom et barn og en voksen/);
    expect(annexA('kindergarten')).toMatch(/barn, foresatte, ansatte/);
    expect(annexA('itservice')).not.toMatch(/barn|foresatt/i);
    // The operator's own processing is no part of what the organisation instructs.
    for (const profile of profiles) expect(annexA(profile)).not.toContain('Pålogginger');
  });
});

describe('a version', () => {
  const text = (words: string) => [{ title: '', blocks: [{ kind: 'paragraph' as const, text: words }] }];
  it('changes when a word changes in either language', () => {
    const version = versionOf('2026-11-21', { nb: text('hei'), en: text('hello') });
    expect(version).toMatch(/^2026-11-21\.[0-9a-f]{16}$/);
    expect(versionOf('2026-11-21', { nb: text('Hei'), en: text('hello') })).not.toBe(version);
    expect(versionOf('2026-11-21', { nb: text('hei'), en: text('Hello') })).not.toBe(version);
    expect(versionOf('2026-11-21', { nb: text('hei'), en: text('hello') })).toBe(version);
  });
  it('of the undertaking covers both languages (SM-15)', () => {
    expect(confidentialityUndertaking).toMatchObject({
      nb: expect.stringContaining('taushet'),
      en: expect.stringContaining('confidential'),
      version: expect.stringMatching(/^2026-11-21\./),
    });
  });
});

describe('the versions that functions compare with', () => {
  it('are those of the texts: if this fails, run `node bin/versions.ts`', () => {
    const committed = readFileSync('lambdas/features/agreements/current-versions.ts', 'utf8');
    expect(committed === currentVersionsSource(), 'current-versions.ts is stale').toBe(true);
  });
});

describe('the annexes', () => {
  it('name every entity that the features declare, once', async () => {
    const modules = await Promise.all(
      sourceFiles('lambdas/features').map((file) => import(pathToFileURL(resolve(file)).href)),
    );
    const declared = modules.flatMap((module) => Object.values(module).filter(isEntity)).map(({ name }) => name);
    // What is declared and not exported would be seen by nobody.
    const hidden = sourceFiles('lambdas/features').filter((file) =>
      /^const \w+ = entity\(/m.test(readFileSync(file, 'utf8')),
    );
    expect(hidden).toEqual([]);
    const named = categories.flatMap(({ entities }) => entities.map(({ name }) => name));
    expect([...named].sort()).toEqual([...new Set(declared)].sort());
  });

  it('group only what shares our role, basis, special category and term', () => {
    for (const { entities } of categories) {
      const facts = entities.map(({ ourRole, legalBasis, article9, retentionClass }) => ({
        ourRole,
        legalBasis,
        article9,
        retentionClass,
      }));
      for (const other of facts) expect(other).toEqual(facts[0]);
    }
  });

  it('claim no measure whose evidence is not in the repository', () => {
    for (const { evidence } of measures) expect(statSync(evidence).isFile()).toBe(true);
  });
});

describe('the privacy statement (AT-14, AT-15)', () => {
  it.each(every)(
    'for %s in %s says who, what, why, how long, where, which rights and how to complain',
    (profile, language) => {
      const document = statementDocument(profile, language);
      expect(document.version).toBe(statementVersion(profile));
      const text = textOf(document);
      for (const needed of ['eu-west-1', 'Amazon', 'personvernombud@', 'https://www.datatilsynet.no/']) {
        expect(text).toContain(needed);
      }
      expect(text).toMatch(language === 'nb' ? /aldri i seg selv et samtykke/ : /never consent in itself/);
    },
  );

  it('has a version of its own under each profile', () => {
    expect(new Set(profiles.map(statementVersion)).size).toBe(profiles.length);
  });

  it('rests on consent under the safety profile, and there alone (SM-07, ALL-06)', () => {
    for (const profile of profiles) {
      const text = textOf(statementDocument(profile, 'en'));
      expect(/Without consent there is no account/.test(text)).toBe(profile === 'safety');
      const account = categoriesOf(profile, 'controller').find(({ entities }) => entities.includes(accountEntity));
      const basis = basisUnder(profile, account!.entities[0].legalBasis).en;
      expect(basis.startsWith('consent')).toBe(profile === 'safety');
    }
  });
});

describe('the page', () => {
  it('escapes what it is given and runs nothing', () => {
    const page = renderHtml(agreementDocument('family', 'nb', { name: '<script>alert(1)</script> & "Sol"' }));
    expect(page.content).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sol&quot;');
    expect(page.content).not.toMatch(/<script|<link|<img|url\(/);
    expect(page.contentSecurityPolicy).toContain("default-src 'none'");
    expect(page.content).toContain('<html lang="nb">');
  });
});

describe('the PDF', () => {
  it('is A4 in several pages, with title and language, and the same octets each time', async () => {
    const document = agreementDocument('kindergarten', 'nb', { name: 'Solbakken barnehage – æøå ÆØÅ' });
    const octets = await renderPdf(document);
    const pdf = await PDFDocument.load(octets);
    expect(pdf.getTitle()).toBe('Databehandleravtale');
    expect(pdf.getPageCount()).toBeGreaterThan(2);
    expect(pdf.getPage(0).getSize()).toEqual({ width: 595.28, height: 841.89 });
    expect(Buffer.from(await renderPdf(document)).equals(octets)).toBe(true);
  });

  it.each(['Guovdageainnu mánáidgárdi Čáhci', 'روضة 🌞', 'x'.repeat(400)])(
    'is made whatever the organisation is called: %s',
    async (name) => {
      await expect(renderPdf(agreementDocument('family', 'en', { name }))).resolves.toBeInstanceOf(Uint8Array);
    },
  );
});

describe('typesetting', () => {
  const measure = (text: string) => text.length;
  it('breaks lines at spaces, never at a no-break space, and long words where it must', () => {
    expect(linesOf('ett to tre', 6, 1, measure)).toEqual(['ett to', 'tre']);
    expect(linesOf('se art.\u00a06 nå', 7, 1, measure)).toEqual(['se', 'art.\u00a06', 'nå']);
    expect(linesOf('abcdefgh', 3, 1, measure)).toEqual(['abc', 'def', 'gh']);
  });
  it('gives columns all of the width and no more', () => {
    const widths = columnWidths(
      [
        ['a', 'et langt avsnitt med tekst'],
        ['ordet', 'b'],
      ],
      40,
      2,
      1,
      measure,
    );
    expect(widths.reduce((a, b) => a + b, 0)).toBeCloseTo(38);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(5);
  });
  it('keeps what the fonts can show and stands in for the rest', () => {
    const isShown = (character: string) => /[ -~À-ÿ]/.test(character);
    expect(inWinAnsi('Čáhci đŋ ☃', isShown)).toBe('Cáhci dn ?');
  });
});

const isEntity = (exported: unknown): exported is EntityDeclaration =>
  typeof exported === 'object' && exported !== null && 'retentionClass' in exported && 'sortKey' in exported;

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith('.ts') ? [path] : [];
  });
