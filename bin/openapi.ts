import { readFileSync, writeFileSync } from 'node:fs';
import type { ApiFunction } from '../lambdas/functions/catalogue.ts';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import { openApiDocument } from '../lambdas/http/openapi.ts';
import type { Routes } from '../lambdas/http/route.ts';

/**
 * The contract of all deployed functions, as `node bin/openapi.ts` writes it to docs/openapi.json. Its address is a
 * placeholder: each stage puts its own in when it serves the document.
 */
export function contractJson(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const document = openApiDocument(allRoutes(apiFunctions), { version, publicUrl: 'https://api.vern.example' });
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

export function allRoutes(functions: Readonly<Record<string, ApiFunction>>): Routes {
  const routes = Object.values(functions).flatMap((declared) => Object.entries(declared.routes));
  const ids = new Set(routes.map(([id]) => id));
  if (ids.size !== routes.length) throw new Error('Two routes have the same id');
  return Object.fromEntries(routes);
}

if (import.meta.main) writeFileSync(new URL('../docs/openapi.json', import.meta.url), contractJson());
