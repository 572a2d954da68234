import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogContent } from '../../../lambdas/features/child-log/content.ts';
import { countsOf } from '../../../lambdas/features/child-log/day-summary.ts';
import {
  confirmed,
  edited,
  FREE_EDIT_MINUTES,
  namesOneOf,
  newEntry,
  removed,
} from '../../../lambdas/features/child-log/decisions.ts';
import { CORRECTIONS_MAX, type LogEntry } from '../../../lambdas/features/child-log/entry.ts';
import { anId } from '../../support/store.ts';

const [author, colleague] = [anId('per'), anId('per')];
const timeZone = 'Europe/Oslo';
const start = new Date('2026-11-23T11:00:00Z');
const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const hand = (by = author, minutes = 0) => ({ by, now: minutesLater(minutes), timeZone });
const note = (text: string, at = start.toISOString()): LogContent => ({ kind: 'note', at, text });
const anEntry = (content: LogContent = note('Lekte ute.')): LogEntry =>
  newEntry({ id: anId('lge'), content, visibleTo: 'guardians' }, hand());
const changed = (entry: LogEntry, text: string, by = author, minutes = 0) =>
  edited(entry, { content: note(text), visibleTo: 'guardians' }, hand(by, minutes));
const slug = (of: string) => expect.objectContaining({ slug: of });

describe('an entry of the child log (KP-04)', () => {
  it('is its author’s to change freely for a quarter of an hour, and a correction from then on', () => {
    const entry = anEntry();
    expect(changed(entry, 'Lekte inne.', author, FREE_EDIT_MINUTES).corrections).toEqual([]);
    const late = changed(entry, 'Lekte inne.', author, FREE_EDIT_MINUTES + 1);
    expect(late.content).toEqual(note('Lekte inne.'));
    expect(late.corrections).toEqual([
      {
        at: minutesLater(FREE_EDIT_MINUTES + 1).toISOString(),
        by: author,
        before: { content: note('Lekte ute.'), visibleTo: 'guardians' },
      },
    ]);
  });

  it('keeps what stood there as soon as anybody else changes it, also from whoever wrote it', () => {
    const mended = changed(anEntry(), 'Lekte inne.', colleague);
    expect(mended.corrections).toHaveLength(1);
    expect(changed(mended, 'Lekte ute likevel.').corrections).toHaveLength(2);
  });

  it('never drops a correction: after the last one it takes no more', () => {
    let entry = anEntry();
    for (let n = 0; n < CORRECTIONS_MAX; n++) entry = changed(entry, `Nummer ${n}`, colleague);
    expect(() => changed(entry, 'En til', colleague)).toThrow(slug('too-many'));
    expect(entry.corrections.map(({ before }) => before.content)).toContainEqual(note('Lekte ute.'));
  });

  it('vanishes when its author takes it back at once, and leaves a trace for staff later', () => {
    expect(removed(anEntry(), hand())).toBeUndefined();
    expect(removed(anEntry(), hand(colleague))?.removed).toEqual({ by: colleague, at: start.toISOString() });
    const late = removed(anEntry(), hand(author, FREE_EDIT_MINUTES + 1))!;
    expect(late.content).toEqual(note('Lekte ute.'));
    expect(() => removed(late, hand())).toThrow(slug('wrong-state'));
    expect(() => changed(late, 'Noe annet')).toThrow(slug('wrong-state'));
  });

  it('stays of its kind and on its day', () => {
    const meal: LogContent = { kind: 'meal', at: start.toISOString(), meal: 'lunch', eaten: 'all' };
    const as = (content: LogContent) => () => edited(anEntry(), { content, visibleTo: 'guardians' }, hand());
    expect(as(meal)).toThrow(slug('wrong-state'));
    expect(as(note('I går', '2026-11-22T11:00:00Z'))).toThrow(slug('wrong-state'));
  });

  it.each([
    ['ahead of now', '2026-11-23T11:03:00Z', undefined],
    ['more than a month back', '2026-10-22T11:00:00Z', undefined],
    ['ending before it begins', '2026-11-23T10:00:00Z', '2026-11-23T09:59:00Z'],
    ['a sleep of more than a day', '2026-11-21T10:00:00Z', '2026-11-22T10:01:00Z'],
  ])('cannot be %s', (_, at, until) => {
    expect(() => anEntry({ kind: 'sleep', at, ...(until && { until }) })).toThrow(slug('wrong-state'));
  });

  it('lies on the organisation’s local day, whatever day it is in UTC', () => {
    const entry = anEntry(note('Sent', '2026-11-22T23:30:00Z'));
    expect(entry.day).toBe('2026-11-23');
  });

  it('takes the end of a sleep as its own second half, and not as a correction', () => {
    const asleep = anEntry({ kind: 'sleep', at: '2026-11-23T10:00:00Z' });
    const content: LogContent = { kind: 'sleep', at: '2026-11-23T10:00:00Z', until: '2026-11-23T11:30:00Z' };
    const awake = edited(asleep, { content, visibleTo: 'guardians' }, hand(colleague, 60));
    expect(awake.corrections).toEqual([]);
    const hidden = edited(asleep, { content, visibleTo: 'staff' }, hand(colleague, 60));
    expect(hidden.corrections).toHaveLength(1);
  });
});

describe('a medicine', () => {
  const given = (givenBy = author) =>
    anEntry({ kind: 'medicine', at: start.toISOString(), medicine: 'Paracet', dose: '5 ml', givenBy });

  it('is confirmed by a second person: neither who gave it nor who wrote it down', () => {
    expect(confirmed(given(), hand(colleague)).confirmed).toEqual({ by: colleague, at: start.toISOString() });
    expect(() => confirmed(given(), hand())).toThrow(slug('second-person-required'));
    expect(() => confirmed(given(colleague), hand(colleague))).toThrow(slug('second-person-required'));
    expect(() => confirmed(confirmed(given(), hand(colleague)), hand(anId('per')))).toThrow(slug('wrong-state'));
    expect(() => confirmed(anEntry(), hand(colleague))).toThrow(slug('wrong-state'));
  });

  it('loses its confirmation when it is changed, and keeps it among what stood there', () => {
    const entry = confirmed(given(), hand(colleague));
    const content = { ...entry.content, dose: '10 ml' } as LogContent;
    const after = edited(entry, { content, visibleTo: 'guardians' }, hand());
    expect(after.confirmed).toBeUndefined();
    expect(after.corrections[0]?.before.confirmed).toEqual({ by: colleague, at: start.toISOString() });
  });
});

describe('an incident of two children', () => {
  const children = [
    { firstName: 'Åse Marie', lastName: 'Ødegård' },
    { firstName: 'Emil', lastName: 'Olstad-Berg' },
  ];
  const named = (text: string) => namesOneOf(children, { kind: 'incident', text });

  it.each([
    'Emil falt.',
    'De løp. emil falt',
    'Beit Emils arm.',
    'ÅSE slo seg',
    'Marie gråt',
    'Barnet til Berg',
    'A\u030Ase falt',
  ])('is not written about both with a name of either: %s', (text) => {
    expect(named(text)).toBe(true);
  });

  it('may be told without names', () => {
    expect(named('To barn krasjet på sykkel. Begge fikk plaster.')).toBe(false);
    expect(named('Emilie var ikke med.')).toBe(false);
  });

  it('finds each name wherever it stands among other words', () => {
    const names = children.flatMap(({ firstName, lastName }) => `${firstName} ${lastName}`.split(/[ -]/));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.lorem(), fc.lorem(), (name, before, after) => {
        expect(named(`${before}, ${name}: ${after}`)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the numbers of a day', () => {
  it('count what stands, and a sleep that goes on until now', () => {
    const entries = [
      anEntry({ kind: 'sleep', at: '2026-11-23T08:00:00Z', until: '2026-11-23T08:40:00Z' }),
      anEntry({ kind: 'sleep', at: '2026-11-23T10:45:00Z' }),
      anEntry({ kind: 'meal', at: start.toISOString(), meal: 'lunch', eaten: 'most' }),
      anEntry(),
      removed(anEntry(), hand(colleague))!,
      anEntry({ kind: 'medicine', at: start.toISOString(), medicine: 'Paracet', dose: '5 ml', givenBy: author }),
    ];
    expect(countsOf(entries, timeZone, start)).toEqual({
      sleeps: 2,
      minutesAsleep: 55,
      asleepSince: '2026-11-23T10:45:00Z',
      meals: 1,
      nappies: 0,
      notes: 1,
      health: 1,
    });
  });

  it('end a sleep that nobody ended with its day', () => {
    const asleep = anEntry({ kind: 'sleep', at: '2026-11-23T10:00:00Z' });
    const counts = countsOf([asleep], timeZone, new Date('2026-11-25T10:00:00Z'));
    expect(counts).toMatchObject({ sleeps: 1, minutesAsleep: 13 * 60 });
    expect(counts.asleepSince).toBeUndefined();
  });
});
