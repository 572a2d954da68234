import { join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const projectRoot = join(import.meta.dirname, '../..');

/** Parts of the SDK that every client imports and no function uses, and what stands in their place: 150 KB a bundle. */
const standIns = {
  '@aws-sdk/credential-provider-node': './lib/constructs/environment-credentials.ts',
  '@smithy/core/event-streams': './lib/constructs/no-event-streams.ts',
};

/** The code of a function by its name; the handler is `index.handler`. Throws for a function that was not bundled. */
export type Bundles = (name: string) => Code;

/**
 * Bundles every entry in one run of esbuild, which parses what the functions share once: several times faster than
 * `NodejsFunction`, which starts a process per function. CommonJS, because an ESM import of `node:http` loads undici and
 * HTTP/2 at start-up; the SDK is ours, so the tested version is the deployed one.
 */
export function bundled(entries: Readonly<Record<string, string>>, outdir: string): Bundles {
  const folder = resolve(outdir, 'bundles');
  if (Object.keys(entries).length > 0) {
    buildSync({
      absWorkingDir: projectRoot,
      entryPoints: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${name}/index`, entry])),
      outdir: folder,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      mainFields: ['module', 'main'],
      supported: { 'dynamic-import': false },
      alias: standIns,
      logLevel: 'error',
    });
  }
  return (name) => {
    if (!Object.hasOwn(entries, name)) throw new Error(`The function ${name} has no bundle`);
    return Code.fromAsset(join(folder, name));
  };
}
