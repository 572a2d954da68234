import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventSentences, type Names, sentenceOf } from '../../../lambdas/features/activity/sentences.ts';
import { decidedAudienceOf, mayKnow } from '../../../lambdas/features/activity/who-may-know.ts';
import { noticeStates } from '../../../lambdas/features/notices/notice.ts';
import type { RecordedRead } from '../../../lambdas/http/route.ts';
import { anId } from '../../support/store.ts';

const sources = globSync('lambdas/**/*.ts').filter((file) => !file.startsWith('lambdas/features/activity/sentences'));
const codeOf = (file: string) =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(logged, '');

const eventLiteral = /(?<![\w/.-])'([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)'/g;
/** Such literals that are no events: names of files, what a worker logs by its name, and settings that are compared. */
const noEvents = new Set([
  ...[
    'activity.csv',
    'contacts.vcf',
    'attendance.ics',
    'content.xml',
    'manifest.json',
    'manifest.sig',
    'public-key.pem',
  ],
  ...['keys.no-backups', 'keys.no-copies', 'restore.step-failed'],
  // Libraries.
  ...['ical.js', 'ipaddr.js'],
  ...['statement-mailing.somebody-closed', 'organisation-export.interrupted'],
]);
/** A line for the operator's log, and no record. */
const logged = /\blog\(\s*\{\s*event: '[^']+'|JSON\.stringify\(\{\s*event: '[^']+'/g;

/** Events whose name is put together: what stands for the part, and what it can be. */
const reads: Record<RecordedRead, true> = {
  person: true,
  people: true,
  import: true,
  'group-list': true,
  attendance: true,
  agreement: true,
  consents: true,
  request: true,
  disclosures: true,
  activity: true,
  calendar: true,
  'child-log': true,
  photos: true,
  documents: true,
  messages: true,
  views: true,
  notices: true,
  enquiries: true,
  'sign-ups': true,
  subscribers: true,
  alarms: true,
  customers: true,
  tickets: true,
  chats: true,
  'work-hours': true,
  'clock-positions': true,
  payroll: true,
  timesheets: true,
  'working-time': true,
  qualifications: true,
  'site-list': true,
  usage: true,
  'abuse-reports': true,
  'safety-devices': true,
  geofences: true,
  receivers: true,
};
const composed: Readonly<Record<string, readonly string[]>> = {
  '`${route.reads}.seen`': Object.keys(reads).map((noun) => `${noun}.seen`),
  '`consent.${how}`': ['consent.withdrawn', 'consent.lapsed'],
  '`breach.${what}`': ['phase-added', 'reported', 'not-reported', 'persons-not-told'].map((what) => `breach.${what}`),
  '`${noun}.${what}`': ['child-log', 'staff-log'].flatMap((noun) =>
    ['changed', 'corrected', 'removed', 'confirmed'].map((what) => `${noun}.${what}`),
  ),
  '`thread.${event}`': ['joined', 'left', 'read', 'kept'].map((event) => `thread.${event}`),
  '`backup.${event}`': ['backup.completed', 'backup.copied'],
  '`service.drill-${outcome}`': ['service.drill-passed', 'service.drill-failed'],
  '`registration.${evidence.basis}`': ['registration.acknowledged', 'registration.consented'],
  // What a notice can become; that it is being sent is said by itself.
  '`notice.${state}`': noticeStates
    .filter((state) => state !== 'created' && state !== 'sending')
    .map((state) => `notice.${state}`),
};

const written = new Set<string>(Object.values(composed).flat());
const templates = new Set<string>();
for (const file of sources) {
  const code = codeOf(file);
  for (const [, event] of code.matchAll(eventLiteral)) if (!noEvents.has(event!)) written.add(event!);
  for (const [, template] of code.matchAll(/\bevent: (`[^`]*\.[^`]*`)/g))
    if (!template!.includes('{string}')) templates.add(template!);
}

const names: Names = { actorOf: () => 'du', subjectOf: () => 'Emil Olstad' };
const entry = (event: string) => ({
  event,
  actor: anId('acc'),
  controller: anId('org'),
  subject: anId('per'),
});

describe('the sentences of the activity log', () => {
  it('are found for every event that the code writes', () => {
    expect(written.size).toBeGreaterThan(150);
    expect([...written].filter((event) => !(event in eventSentences)).sort()).toEqual([]);
  });

  it('know every way in which the name of an event is put together', () => {
    expect([...templates].filter((template) => !(template in composed))).toEqual([]);
    expect(Object.keys(composed).filter((template) => !templates.has(template))).toEqual([]);
  });

  it('speak of nothing that the code no longer writes', () => {
    expect(Object.keys(eventSentences).filter((event) => !written.has(event))).toEqual([]);
  });

  it('are whole sentences in both languages, about the same ones', () => {
    for (const [event, { nb, en }] of Object.entries(eventSentences)) {
      for (const sentence of [nb, en]) expect(sentence, event).toMatch(/^\{who\} .{5,110}\.$/);
      expect(/\{whom\}/.test(nb), event).toBe(/\{whom\}/.test(en));
      expect(nb, event).not.toBe(en);
    }
  });

  it('begin with a capital letter, and take a name as it is', () => {
    const odd: Names = { actorOf: () => 'du', subjectOf: () => '$& {who}' };
    expect(sentenceOf(entry('person.seen'), 'nb', names)).toBe('Du så opplysningene om Emil Olstad.');
    expect(sentenceOf(entry('person.seen'), 'nb', odd)).toBe('Du så opplysningene om $& {who}.');
  });

  it('say of an event of an earlier version that it has no words', () => {
    expect(sentenceOf(entry('parrot.fed'), 'en', names)).toBe(
      'Du did something that the service no longer has words for (parrot.fed).',
    );
    expect(sentenceOf(entry('constructor.name'), 'nb', names)).toContain('(constructor.name)');
  });
});

describe('who may know of an event', () => {
  const staff = { as: 'guardian', isByReader: false, isByService: false, role: 'staff' } as const;

  it('has been decided for each of them', () => {
    expect(Object.keys(eventSentences).filter((event) => decidedAudienceOf(event) === undefined)).toEqual([]);
  });

  it('is the privacy officer alone, where nobody has decided, of a block and of an order that may be secret', () => {
    for (const event of ['parrot.fed', 'block.set', 'block.lifted', 'disclosure.recorded', 'disclosures.seen'])
      for (const as of ['self', 'guardian'] as const)
        expect(mayKnow(event, { ...staff, as, isByReader: true }), event).toBe(false);
  });

  it('is no guardian for what the other guardian or the child did, asked for or was mailed', () => {
    expect(mayKnow('attendance.checked-in', staff)).toBe(true);
    expect(mayKnow('attendance.stay-closed', { ...staff, role: undefined, isByService: true })).toBe(true);
    expect(mayKnow('absence.reported', { ...staff, role: 'guardian' })).toBe(false);
    expect(mayKnow('absence.reported', { ...staff, role: 'guardian', isByReader: true })).toBe(true);
    expect(mayKnow('consent.given', { ...staff, role: undefined })).toBe(false);
    for (const event of ['request.seen', 'export.released', 'guardian.linked', 'person.invited', 'notice.accepted'])
      expect(mayKnow(event, staff), event).toBe(false);
  });
});
