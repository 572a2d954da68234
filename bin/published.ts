import { readFileSync, writeFileSync } from 'node:fs';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import { type Published, publishedOn } from '../lambdas/http/deprecation.ts';
import { allRoutes } from './openapi.ts';

const FILE = new URL('../docs/published-operations.json', import.meta.url);

/** Every operation that was ever published; one goes from here only when its day has come. */
export const readPublished = (): Published => JSON.parse(readFileSync(FILE, 'utf8')) as Published;

if (import.meta.main) {
  const today = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const published = publishedOn(today, readPublished(), allRoutes(apiFunctions));
  writeFileSync(FILE, `${JSON.stringify(published, undefined, 2)}\n`);
}
