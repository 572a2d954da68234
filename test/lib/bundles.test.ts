import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { declaredCatalogue } from '../../lib/catalogue.ts';
import { defaultProvider } from '../../lib/constructs/environment-credentials.ts';
import { EventStreamSerde } from '../../lib/constructs/no-event-streams.ts';
import { synthesised } from '../../local/synthesis.ts';

/**
 * Kilobytes (of 1000 bytes) that each function may weigh: what was measured, and at most a tenth. Every cold start reads and
 * compiles all of it, at about a millisecond of CPU for 20 KB.
 */
const KILOBYTES_MAX: Readonly<Record<string, number>> = {
  // Most of it is the contract itself, docs/openapi.json.
  contract: 3195,
  account: 660,
  week: 615,
  // With every page that a link or a public form leads to, and the words of each.
  door: 800,
  invitations: 570,
  // With the terms of retention, their words, and the end of an agreement; the categories of the agreement name the
  // entities of forms, surveys and distribution.
  organisations: 760,
  // Most of it is the library that draws PDFs.
  documents: 1345,
  platform: 615,
  people: 575,
  // The words of every category, and of the promises.
  registers: 780,
  imports: 740,
  // With reservations, closures, capacity and custody.
  attendance: 605,
  // With the parser of calendar files.
  calendar: 700,
  childLog: 565,
  files: 810,
  messages: 610,
  // With the words of every function, for the report of use.
  usage: 625,
  // With the client of SNS, for the devices.
  notices: 705,
  safety: 580,
  deviceEvents: 580,
  // With the client of SES's own list of addresses.
  ownAddresses: 640,
  billing: 600,
  // Half of it is the library that draws PDFs.
  biller: 1115,
  // With the client of the user pool, for programs' users.
  integrations: 625,
  // With the reader of network addresses.
  webhookSender: 480,
  // With the page behind the code at a site's gate.
  forms: 605,
  // Tickets, customers, corrections and support.
  tickets: 640,
  chat: 610,
  // With the reader of mail, and the inspection that every upload passes.
  inboundMail: 830,
  workplace: 615,
  familyClock: 545,
  fileInspector: 655,
  // With the sentences of the log, the feed of changes, and the client of the bucket that the log's hashes lie in.
  activity: 860,
  // The words of every field, and the claims that lead to a copy.
  exports: 995,
  rights: 805,
  // It reads the checkpoint of the log, so the client of S3 is in it.
  rightsClock: 880,
  // With all that a notice may be about: it is looked at again before it is sent.
  outbox: 825,
  mailEvents: 445,
  // It plans and counts, and holds no letter.
  dispatcher: 505,
  distributor: 765,
  mirror: 185,
  guarantees: 535,
  sequencer: 525,
  rightsCopy: 390,
  backupExport: 495,
  backupUsers: 625,
  backupKeeper: 600,
  attendanceClock: 465,
  // With the clients of SQS and of EventBridge Scheduler.
  alarmClock: 510,
  // With receivers and their hours.
  alarms: 565,
  retention: 470,
  reconcile: 420,
  // The restore holds all that can be erased, and where it lies.
  restore: 950,
  ops: 505,
  customMessage: 10,
  signInTriggers: 400,
  usageClock: 425,
  importer: 820,
  erasure: 955,
  exporter: 1065,
};

const functions = { ...declaredCatalogue.apiFunctions, ...declaredCatalogue.workers };
const entries = Object.fromEntries(Object.entries(functions).map(([name, { entry }]) => [name, entry]));
const folder = await synthesised(join(import.meta.dirname, '../..'));
const bundleOf = (name: string) => join(folder, 'bundles', name, 'index.js');

afterEach(() => vi.unstubAllEnvs());

describe('the bundle of', () => {
  it.each(Object.keys(entries))('%s keeps its budget', (name) => {
    const kilobytes = Math.ceil(statSync(bundleOf(name)).size / 1000);
    expect(
      kilobytes,
      `${name} weighs ${kilobytes} KB. See what came in with esbuild's --analyze: an entity or a text that only its ` +
        'version was wanted of, a client that one route needs (give that route a function of its own), a library of ' +
        'which little is used. If all of it is wanted, raise its budget here and say so in the commit.',
    ).toBeLessThanOrEqual(KILOBYTES_MAX[name] ?? 0);
  });

  it.each(Object.keys(entries))('%s looks for credentials in the environment alone', (name) => {
    // The SDK's default chain would ask containers, profiles and SSO.
    expect(readFileSync(bundleOf(name), 'utf8')).not.toMatch(/AWS_CONTAINER_CREDENTIALS|sso_session|role_arn/);
  });
});

describe('the legal texts', () => {
  it('are only in the functions that show them: the others compare a version', () => {
    const showing = Object.keys(entries).filter((name) =>
      /Annex B: Security measures|Who is responsible/.test(readFileSync(bundleOf(name), 'utf8')),
    );
    // The clock publishes what a deploy has changed in every organisation's statement.
    expect(showing.sort()).toEqual(['documents', 'exporter', 'organisations', 'rightsClock']);
  });
});

describe('the budgets', () => {
  it('are of functions that exist', () => {
    expect(Object.keys(KILOBYTES_MAX).filter((name) => !Object.hasOwn(entries, name))).toEqual([]);
  });
});

describe('what stands in for parts of the SDK', () => {
  it('takes credentials from the environment, and refuses where it has none', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    await expect(defaultProvider()()).rejects.toThrow('No credentials');
  });

  it('fails at the first event stream, with the place to look', () => {
    expect(() => new EventStreamSerde()).toThrow('lib/constructs/bundles.ts');
  });
});
