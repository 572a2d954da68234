import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import { openApiDocument } from '../lambdas/http/openapi.ts';
import type { Route, Routes } from '../lambdas/http/route.ts';
import { clientTypes } from './client-types.ts';
import { allRoutes } from './openapi.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The typed client as a package that can be published (packages/client): the very code that our own tests use, the
 * operations as a table, and the contract as types. It needs nothing of ours, and no other package.
 */
export function clientPackage(routes: Routes): { readonly code: string; readonly types: string } {
  const table = Object.fromEntries(Object.entries(routes).map(([id, route]) => [id, factsOf(route)]));
  const { outputFiles } = buildSync({
    stdin: {
      contents: [
        "import { clientFor } from './lambdas/http/client.ts';",
        "export { GatewayError, ProblemError, serviceTokens } from './lambdas/http/client.ts';",
        `const routes = JSON.parse(${JSON.stringify(JSON.stringify(table))});`,
        'export const vernClient = (options) => clientFor(routes, options);',
      ].join('\n'),
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    write: false,
  });
  const document = openApiDocument(routes, { version: '0', publicUrl: 'https://api.vern.example' });
  return { code: outputFiles[0]!.text, types: clientTypes(document, routes) };
}

/** What the client needs to know of a route: neither schemas nor rules. */
function factsOf({ method, path, access, creates, versioned, success }: Route) {
  const { status } = success;
  return {
    ...{ method, path, access: { to: access.to } },
    ...(creates && { creates }),
    ...(versioned && { versioned }),
    success: { status, ...('body' in success && { body: true }), ...('content' in success && { content: true }) },
  };
}

if (import.meta.main) {
  const { code, types } = clientPackage(allRoutes(apiFunctions));
  const dist = new URL('../packages/client/dist/', import.meta.url);
  mkdirSync(dist, { recursive: true });
  writeFileSync(new URL('index.js', dist), code);
  writeFileSync(new URL('index.d.ts', dist), types);
}
