import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expiryAfter, terms } from '../../../lambdas/features/retention/terms.ts';
import { wordsOf } from '../../../lambdas/features/retention/words.ts';
import { type RetentionClass, retentionClasses } from '../../../lambdas/platform/entity.ts';
import { tables } from '../../../lambdas/platform/tables.ts';
import { fixtureCatalogue } from '../../lib/fixtures/catalogue.ts';
import { synthesise } from '../../lib/synthesise.ts';

/**
 * Constants that say how long something is kept and do not take it from the policy, each with the reason. They are found
 * by their name; a number that is not named so, and multiplied to days, is found as well.
 */
const withReason: Readonly<Record<string, string>> = {
  // The platform knows no feature: held against the policy below.
  ACTIVITY_KEPT_MILLISECONDS: 'activity',
  // Wakes a worker, and holds ids alone.
  JOB_KEPT_SECONDS: 'transient',
  // The longest that a row may lie about; its key is destroyed 30 days after the final answer.
  CLAIM_KEPT_SECONDS: 'request',
  // What a restore has replaced: nothing in it outlives its own term, for its keys are the same.
  OLD_GENERATION_KEPT_MILLISECONDS: 'none: tables and not records',
  // Ids that one step of a restore leaves for the next.
  NOTE_KEPT_SECONDS: 'transient',
  // That somebody was reminded, or told of a document: ids, which outlive no more than the clock's own rounds.
  REMINDED_KEPT_SECONDS: 'transient',
  TOLD_KEPT_SECONDS: 'none: ids, for as long as telling a whole organisation can take',
  // That a mail was counted on a day, and that somebody was told that morning.
  SLOT_KEPT_SECONDS: 'transient',
  TOLD_KEPT_DAYS: 'transient',
  // Counts of nobody until their day is put together, and the salt of that day.
  COUNTS_KEPT_DAYS: 'none: about nobody',
  SALT_KEPT_SECONDS: 'none: about nobody',
  // Far below the term of what they are computed from; computed anew each night.
  CATEGORIES_KEPT_SECONDS: 'identified-usage',
  // Ids and an instant, so that a sweep finds an alarm or a silent device: no alarm lasts so long, and no silence is news.
  DUE_KEPT_SECONDS: 'none: ids, until the alarm is over',
  HEARD_KEPT_SECONDS: 'none: ids, as long as the device is in service',
  // Counts and names of settings, about nobody.
  RESULTS_KEPT_DAYS: 'activity',
};

describe('what is kept in the tables', () => {
  it('takes every term from the policy: no file names a term of its own', () => {
    const named = /const (\w*(?:KEPT|RETAINED|RETENTION)\w*)\s*=\s*([^;]*);/g;
    const literals = globSync('lambdas/**/*.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(named)].flatMap(([, name = '', value = '']) =>
        /\d/.test(value) && !/\bterms\b/.test(value) && !(name in withReason) ? [`${file}: ${name} = ${value}`] : [],
      ),
    );
    expect(literals).toEqual([]);
    const unused = Object.keys(withReason).filter(
      (name) => !globSync('lambdas/**/*.ts').some((file) => readFileSync(file, 'utf8').includes(`const ${name} =`)),
    );
    expect(unused).toEqual([]);
  });

  it('is an activity record for a year, and never a day longer (CE-15)', () => {
    const source = readFileSync('lambdas/platform/activity-chain.ts', 'utf8');
    const days = Number(/ACTIVITY_KEPT_MILLISECONDS = (\d+) \* 24/.exec(source)?.[1]);
    const from = new Date('2026-11-23T07:00:00Z');
    const year = expiryAfter(terms.activity.length, from) - from.getTime() / 1000;
    expect(days * 24 * 60 * 60).toBe(year);
  });

  it('is said in the entity registry in the policy’s own words', () => {
    for (const [name, words] of Object.entries(retentionClasses)) {
      expect(words.replaceAll("'", '’'), name).toBe(wordsOf(terms[name as RetentionClass]).en);
    }
  });
});

describe('what lies outside the tables', () => {
  const template = synthesise(fixtureCatalogue);
  const daysOfLog = (ending: string) =>
    template
      .ofType('AWS::Logs::LogGroup')
      .filter(({ properties }) => String(properties['LogGroupName']).endsWith(ending))
      .map(({ properties }) => properties['RetentionInDays']);
  const rulesOf = (id: string) =>
    template
      .ofType('AWS::S3::Bucket')
      .filter(({ logicalId }) => logicalId.includes(id))
      .flatMap(({ properties }) => (properties['LifecycleConfiguration'] as { Rules: Rule[] }).Rules);
  interface Rule {
    readonly ExpirationInDays?: number;
    readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  }

  it('is the web log with IP addresses for 14 days (KP-02)', () => {
    expect(daysOfLog('/web-log')).toEqual([terms['web-log'].length.days]);
  });

  it('is a backup for at most 90 days, with all that S3 is late (ALL-05, SM-12, AT-04)', () => {
    const [rule] = rulesOf('Backup').filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    // Rounded up to midnight, a day to become noncurrent, a day to be removed, and days of lag.
    const latest = rule!.ExpirationInDays! + rule!.NoncurrentVersionExpiration!.NoncurrentDays + 2;
    expect(latest).toBeLessThan(terms.backup.length.days);
  });

  it('is what point-in-time recovery gives back: never longer than a backup, and of keys a day', () => {
    for (const [name, { pointInTimeRecoveryDays = 0 }] of Object.entries(tables)) {
      expect(pointInTimeRecoveryDays, name).toBeLessThan(terms.backup.length.days);
    }
    expect(tables.keys.pointInTimeRecoveryDays).toBe(1);
  });

  it('is an export until the bucket’s own rule, should no sweep come', () => {
    const days = rulesOf('Exports').flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
    expect(days).toEqual([terms.export.length.days + 1]);
  });
});
