import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vernApp } from '../../lib/app.ts';
import { addChecks } from '../../lib/checks.ts';
import { CopiesStack } from '../../lib/copies-stack.ts';
import { OnlyInIreland } from '../../lib/only-in-ireland.ts';
import { stageNamed } from '../../lib/stages.ts';
import { synthesised } from '../../local/synthesis.ts';
import { fixtureCatalogue } from './fixtures/catalogue.ts';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'vern-app-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

describe('FW-15, ALL-07: the region', () => {
  const synthIn = (region: string | undefined) => {
    const app = new App({ outdir });
    Aspects.of(app).add(new OnlyInIreland());
    new Bucket(new Stack(app, 'somewhere', region ? { env: { region } } : {}), 'Bucket');
    return () => app.synth();
  };

  it('is Ireland', () => {
    expect(synthIn('eu-west-1')).not.toThrow();
  });

  it.each(['eu-central-1', 'eu-west-2', 'us-east-1'])('is not %s: the synth ends and says why', (region) => {
    expect(synthIn(region)).toThrow(`somewhere would stand in ${region}: Vern runs in eu-west-1 alone`);
  });

  it('is not whichever one the shell names', () => {
    expect(synthIn(undefined)).toThrow('a region yet to be chosen');
  });

  it('admits, for copies of ciphertext, another place inside the EEA and none outside', () => {
    const app = new App({ outdir });
    Aspects.of(app).add(new OnlyInIreland());
    const outside = { stage: stageNamed('dev'), copiesIn: 'eu-west-2' as 'eu-west-3' };
    new CopiesStack(app, 'copies', outside);
    expect(() => app.synth()).toThrow('copies would stand in eu-west-2');
  });

  it('admits nothing there but copies', () => {
    const app = new App({ outdir });
    Aspects.of(app).add(new OnlyInIreland());
    const copies = new CopiesStack(app, 'copies', { stage: stageNamed('dev'), copiesIn: 'eu-north-1' });
    new Queue(copies, 'Queue');
    expect(() => app.synth()).toThrow('where only copies of ciphertext may');
  });
});

describe('the stage', () => {
  it('is refused by a name that is none', () => {
    expect(() => stageNamed('production')).toThrow('There is no stage "production": choose dev, test, prod');
    expect(() => stageNamed('toString')).toThrow('There is no stage');
  });

  it.each(['dev', 'test', 'prod'])('%s lists its origins exactly', (name) => {
    for (const origin of stageNamed(name).allowedOrigins) expect(new URL(origin).origin).toBe(origin);
  });
});

describe('synthesising', () => {
  it('passes the checks of the CDK and of cdk-nag for every kind of function', () => {
    const app = vernApp({ outdir, catalogue: fixtureCatalogue, checked: true });
    addChecks(app);
    expect(() => app.synth()).not.toThrow();
  });

  it('fails those checks for a queue without encryption or TLS', () => {
    const app = vernApp({ outdir, catalogue: { apiFunctions: {}, workers: {} }, checked: true });
    new Queue(new Stack(app, 'careless', { env: { region: 'eu-west-1' } }), 'Queue');
    addChecks(app);
    expect(() => app.synth()).toThrow();
  });

  it('works with no account, no credentials and no network', async () => {
    // The one that `npm start` and the tests of the running service use, made where there is nothing of these.
    const made = await synthesised(join(import.meta.dirname, '../..'));
    const templates = readdirSync(made).filter((file) => file.endsWith('.template.json'));
    expect(templates.sort()).toEqual([
      'vern-dev-api.template.json',
      'vern-dev-data.template.json',
      'vern-dev-mail.template.json',
      'vern-dev-privacy.template.json',
    ]);
    // On a machine with other work the functions' bundles take their time.
  }, 180_000);
});
