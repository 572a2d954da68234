import { globSync, readFileSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * Which layer may import which. Types are free (they leave nothing in a bundle): what is held here is what runs.
 * A feature's store alone touches the records; its handlers and routes are pure; only the platform knows AWS.
 */
const mayImport: Record<string, readonly string[]> = {
  access: ['access', 'zod'],
  http: ['http', 'access', 'zod', '@middy/core', '@navikt/fnrvalidator', 'card-validator', 'structured-headers'],
  domain: [
    'domain',
    'access',
    'http',
    'entity',
    'calendar',
    'records',
    'zod',
    ...[
      'uqr',
      'nodemailer',
      'postal-mime',
      'csv-parse',
      'ical.js',
      'libphonenumber-js',
      '@cantoo/pdf-lib',
      'fflate',
      'file-type',
      'ulid',
    ],
  ],
  worker: ['domain', 'worker', 'store', 'handlers', 'access', 'http', 'entity', 'calendar', 'records', 'zod'],
  routes: ['domain', 'routes', 'access', 'http', 'entity', 'declarations', 'zod'],
  handlers: ['domain', 'handlers', 'access', 'http', 'calendar', 'entity', 'records'],
  store: ['domain', 'store', 'routes', 'access', 'http', 'entity', 'calendar', 'records'],
  entity: ['entity', 'zod'],
  calendar: ['temporal-polyfill'],
  records: [],
  platform: [
    'platform',
    'declarations',
    'entity',
    'calendar',
    'records',
    'http',
    'zod',
    '@aws-sdk',
    'ulid',
    'ipaddr.js',
  ],
  functions: [
    'functions',
    'worker',
    'domain',
    'routes',
    'handlers',
    'store',
    'access',
    'http',
    'platform',
    'declarations',
    'entity',
    'calendar',
    'records',
    'document',
    'zod',
    'ulid',
    'aws-jwt-verify',
    '@aws-sdk',
  ],
  infrastructure: [
    'infrastructure',
    'catalogue',
    'routes',
    'domain',
    'access',
    'http',
    'entity',
    'platform',
    'declarations',
    'zod',
    'aws-cdk-lib',
    'constructs',
    'cdk-nag',
    'date-holidays',
    'esbuild',
    'cdk.json',
    '@aws-sdk',
  ],
};

/** Use cases that no route calls: of workers, of the operator's console, and of links. They may use their stores. */
const useCasesOfWorkers =
  /features\/(attendance\/clock|child-log\/clock|reservations\/clock|requests\/clock|forms\/clock|open-events\/tick|recovery\/reset-totp|imports\/(worker|resume|apply|apply-from-stream|read-upload|make-groups)|platform-staff\/first-administrator)\.ts$/;

function layerOf(path: string): string {
  const [top = '', second = '', third = '', fourth = ''] = path.split('/');
  if (top === 'docs') return 'document';
  if (top === 'bin' || top === 'lib') return 'infrastructure';
  if (top !== 'lambdas')
    return path.startsWith('@aws-sdk/') ? '@aws-sdk' : path.startsWith('@') ? `${top}/${second}` : top;
  if (second === 'access' || second === 'http') return second;
  if (path === 'lambdas/functions/catalogue.ts') return 'catalogue';
  if (second === 'functions') return 'functions';
  if (second === 'platform') {
    const pure = {
      'entity.ts': 'entity',
      'calendar.ts': 'calendar',
      'records.ts': 'records',
      'stream-record.ts': 'records',
      'error-name.ts': 'records',
      'tables.ts': 'declarations',
      'capabilities.ts': 'declarations',
    };
    return pure[third as keyof typeof pure] ?? 'platform';
  }
  if (useCasesOfWorkers.test(path)) return 'worker';
  // `structure-store.ts` is a store like `store.ts`.
  return /(?:^|-)(routes|handlers|store)\.ts$/.exec(fourth)?.[1] ?? 'domain';
}

interface Edge {
  readonly from: string;
  readonly to: string;
}
let edges: Edge[] = [];
let meta: Metafile;

beforeAll(async () => {
  // The proofs play the service and attack it, and the pages are looked at in a browser: tests, although run by hand.
  const files = globSync('{bin,lib,lambdas}/**/*.ts', { exclude: ['bin/prove-*.ts', 'bin/check-pages.ts'] });
  const { metafile } = await build({
    // One bundle of all, and not one of each: who imports whom is the same, and each file is printed once.
    stdin: { contents: files.map((file) => `import './${file}';`).join('\n'), resolveDir: '.' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  delete metafile.inputs['<stdin>'];
  meta = metafile;
  edges = Object.entries(meta.inputs).flatMap(([from, { imports }]) =>
    imports
      .filter(({ path }) => !path.startsWith('node:') && !builtIns.has(path))
      .map(({ path: to }) => ({ from, to })),
  );
});
const builtIns = new Set(['crypto', 'fs', 'path']);

describe('the layers', () => {
  it('are seen whole', () => {
    expect(edges.length).toBeGreaterThan(300);
    expect(new Set(edges.map(({ from }) => layerOf(from)))).toEqual(expect.objectContaining(new Set()));
    for (const layer of [
      'access',
      'http',
      'domain',
      'routes',
      'handlers',
      'store',
      'platform',
      'functions',
      'infrastructure',
    ]) {
      expect(
        edges.some(({ from }) => layerOf(from) === layer),
        layer,
      ).toBe(true);
    }
  });

  it.each(Object.keys(mayImport))('%s imports only what it may', (layer) => {
    const wrong = edges.filter(({ from, to }) => layerOf(from) === layer && !mayImport[layer]!.includes(layerOf(to)));
    expect(wrong).toEqual([]);
  });

  it('let no handler or decision reach the database or another cloud service', () => {
    const reached = edges.filter(({ from, to }) => from.startsWith('lambdas/features/') && layerOf(to) === '@aws-sdk');
    expect(reached).toEqual([]);
  });

  it('keep the clock and chance at the edge: no feature asks for the time or an id by itself', () => {
    const asking = globSync('lambdas/{features,access}/**/*.ts').filter((file) =>
      /\bDate\.now\(|new Date\(\)|randomUUID\(|Math\.random\(/.test(readFileSync(file, 'utf8')),
    );
    expect(asking).toEqual([]);
  });
});

describe('the outbound door', () => {
  /** The only files that may speak to anything outside the process, and to whom. */
  const doors: Record<string, RegExp> = {
    'lambdas/platform/dynamo.ts': /client-dynamodb/,
    'lambdas/platform/key-ring.ts': /client-(dynamodb|kms)/,
    'lambdas/platform/key-mirror.ts': /client-dynamodb/,
    'lambdas/platform/mail.ts': /client-ses/,
    'lambdas/platform/mail-quota.ts': /client-ses/,
    'lambdas/platform/queue-sender.ts': /client-sqs/,
    'lambdas/platform/schedules.ts': /client-scheduler/,
    'lambdas/platform/queue-backlog.ts': /client-sqs/,
    'lambdas/platform/quarantine.ts': /client-s3|s3-presigned-post/,
    'lambdas/platform/second-factor.ts': /client-cognito-identity-provider/,
    'lambdas/platform/user-pool.ts': /client-cognito-identity-provider/,
    'lambdas/platform/user-directory.ts': /client-cognito-identity-provider/,
    'lambdas/platform/machine-users.ts': /client-cognito-identity-provider/,
    'lambdas/platform/outbound.ts': /node:https|node:dns/,
    'lambdas/platform/open-register.ts': /node:https/,
    'lambdas/platform/record-change.ts': /client-dynamodb/,
    'lambdas/functions/container.ts': /client-kms/,
    'lambdas/platform/file-sealing.ts': /client-dynamodb/,
    'lambdas/platform/files.ts': /client-s3|s3-request-presigner/,
    'lambdas/platform/file-vault.ts': /client-s3/,
    'lambdas/platform/backup-files.ts': /client-s3/,
    'lambdas/platform/log-table.ts': /client-dynamodb/,
    'lambdas/functions/sequencer.ts': /client-kms/,
    'lambdas/platform/signing.ts': /client-kms/,
    'lambdas/functions/exports.ts': /client-kms/,
    'lambdas/functions/exporter.ts': /client-kms/,
    'lambdas/platform/table-export.ts': /client-dynamodb/,
    'lambdas/platform/put-once.ts': /client-s3/,
    'lambdas/platform/settings-in-force.ts': /client-(dynamodb|s3)/,
    'lambdas/platform/suppression.ts': /client-sesv2/,
    'lambdas/platform/sns.ts': /client-sns/,
    'lambdas/platform/push.ts': /client-sns/,
    'lambdas/platform/service-rows.ts': /client-dynamodb/,
    'lambdas/platform/table-generations.ts': /client-dynamodb/,
    'lambdas/platform/stream-mappings.ts': /client-lambda/,
    'lambdas/platform/recovery-window.ts': /client-dynamodb/,
    'lambdas/functions/erasure.ts': /client-kms/,
    'lambdas/functions/serve.ts': /aws-jwt-verify/,
    'lambdas/platform/gate.ts': /client-dynamodb/,
    'lambdas/platform/counters.ts': /client-dynamodb/,
    'lambdas/functions/restore.ts': /client-lambda/,
  };
  const network =
    /^(node:)?(https?|http2|net|tls|dgram|dns)$|^(axios|got|undici|node-fetch|ws)$|^@aws-sdk\/client-|^@aws-sdk\/s3-|^aws-jwt-verify$/;

  it('AT-06, SM-10: is the only place with a network client, so nothing goes to anybody but through a listed supplier’s', () => {
    const found = Object.entries(meta.inputs)
      .filter(([from]) => from.startsWith('lambdas/'))
      .flatMap(([from, { imports }]) => imports.map(({ path }) => ({ from, path })))
      .filter(({ from, path }) => network.test(path) && !doors[from]?.test(path));
    expect(found).toEqual([]);
  });

  it('has no door that is not used', () => {
    const unused = Object.entries(doors).filter(
      ([file, to]) => !meta.inputs[file]?.imports.some(({ path }) => to.test(path)),
    );
    expect(unused.map(([file]) => file)).toEqual([]);
  });

  it('is not gone round by fetch', () => {
    const fetching = globSync('lambdas/**/*.ts').filter(
      (file) =>
        file !== 'lambdas/http/client.ts' &&
        /\bfetch\(|globalThis\.fetch|new (WebSocket|EventSource|XMLHttpRequest)\b/.test(readFileSync(file, 'utf8')),
    );
    expect(fetching).toEqual([]);
  });
});
