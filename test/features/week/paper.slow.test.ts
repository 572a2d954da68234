import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weekPage } from '../../../lambdas/features/week/page.ts';
import type { Week } from '../../../lambdas/features/week/week.ts';
import { aFullWeek } from './weeks.ts';

/** A browser is not among our packages: this check needs one on the machine, and fails without it. */
const CHROMIUM = process.env['CHROMIUM'] ?? 'chromium';
const run = promisify(execFile);
const A4_LANDSCAPE_POINTS = { width: 842, height: 595 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vern-paper-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function printed(week: Week, language: 'nb' | 'en') {
  const [page, pdf] = [join(folder, 'week.html'), join(folder, 'week.pdf')];
  writeFileSync(page, String(weekPage(week, new Date('2026-11-15T18:03:00Z'), language).content));
  const quiet = ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'];
  await run(
    CHROMIUM,
    [
      ...['--headless', '--no-sandbox', '--no-first-run', '--disable-sync', ...quiet],
      ...[`--user-data-dir=${join(folder, 'profile')}`, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`],
      `file://${page}`,
    ],
    { timeout: 60_000 },
  );
  const document = await PDFDocument.load(readFileSync(pdf));
  return { pages: document.getPageCount(), ...document.getPage(0).getSize() };
}

describe('the week on paper', () => {
  it.each<[string, Week]>([
    ['one child', aFullWeek(1, 1, 1)],
    ['three children in four organisations', aFullWeek(3, 4, 1)],
    ['the same with eight events on every day', aFullWeek(3, 4, 8)],
    ['more rows than there is room for', aFullWeek(6, 6, 8)],
  ])('is one sheet of A4, landscape: %s', { timeout: 120_000 }, async (_, week) => {
    for (const language of ['nb', 'en'] as const) {
      const { pages, width, height } = await printed(week, language);
      expect(pages).toBe(1);
      expect(Math.round(width)).toBe(A4_LANDSCAPE_POINTS.width);
      expect(Math.round(height)).toBe(A4_LANDSCAPE_POINTS.height);
    }
  });
});
