import { spawnSync } from 'node:child_process';
import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, it } from 'vitest';
import { firstDayOf, occurrencesOf } from '../../../lambdas/features/calendar/occurrences.ts';
import { dayNumber, dayOfNumber, daysOfRule, settledRule } from '../../../lambdas/features/calendar/recurrence.ts';
import { parseRule } from '../../../lambdas/features/calendar/rule.ts';
import { type RandomSeries, randomSeries } from './random-rules.ts';

const RULES = 500;
/** A daily one has been through two DST changes by then, and would tell no more in ten years. */
const DAYS_COMPARED: Readonly<Record<string, number>> = { DAILY: 300, WEEKLY: 800, MONTHLY: 2000, YEARLY: 3600 };
const series = randomSeries(RULES);

const daysCompared = ({ sent }: RandomSeries) => DAYS_COMPARED[/FREQ=([A-Z]+)/.exec(sent)![1]!]!;
const firstNumber = ({ event }: RandomSeries) => dayNumber(firstDayOf(event.when));
const lastDayCompared = (one: RandomSeries) => dayOfNumber(firstNumber(one) + daysCompared(one));
const keptRule = ({ event }: RandomSeries) => parseRule(event.rule!, () => '');

/** What ical.js makes of the rule as it was sent, on floating local time: it knows of no zone at all. */
function theirs({ sent, event }: RandomSeries, lastDay: string): string[] {
  const bounded = /COUNT|UNTIL/.test(sent) ? sent : `${sent};UNTIL=${lastDay.replaceAll('-', '')}`;
  const rule = ICAL.Recur.fromString(bounded.replace(/UNTIL=(\d{8})/, 'UNTIL=$1T235959'));
  const iterator = rule.iterator(ICAL.Time.fromString(`${event.when.from}:00`, undefined as never));
  const found: string[] = [];
  for (let at = iterator.next(); at; at = iterator.next()) {
    if (at.toString().slice(0, 10) > lastDay) break;
    found.push(at.toString().slice(0, 16));
  }
  return found;
}

/** A wall clock in Oslo, by Intl: an instant as people there read it. */
const osloClock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'short',
});
const inOslo = (instant: string) => osloClock.format(new Date(instant)).replace(' ', 'T');
/** On the last Sunday of March 02:00 to 02:59 do not exist in Oslo: they mean the hour after. */
function onTheClock(local: string): string {
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  const isSkipped = day.getUTCMonth() === 2 && day.getUTCDay() === 0 && day.getUTCDate() > 24;
  return isSkipped ? local.replace('T02', 'T03') : local;
}

describe('five hundred random series', () => {
  it('happen exactly when an independent implementation says, and on Oslo’s clock at that time', () => {
    let compared = 0;
    for (const one of series) {
      const found = occurrencesOf(one.event, firstDayOf(one.event.when), lastDayCompared(one));
      expect(
        found.map(({ from }) => from),
        one.sent,
      ).toEqual(theirs(one, lastDayCompared(one)));
      for (const { startsAt, from } of found) expect(inOslo(startsAt), one.sent).toBe(onTheClock(from));
      compared += found.length;
    }
    expect(series).toHaveLength(RULES);
    expect(compared).toBeGreaterThan(10_000);
  });

  it('and as a second implementation says', () => {
    for (const one of series) {
      const { from } = one.event.when;
      const first = firstNumber(one);
      const rrule = new RRuleTemporal({
        rruleString: `DTSTART:${from.replace(/[-:]/g, '')}00Z\nRRULE:${one.sent.replace(/UNTIL=(\d{8})/, 'UNTIL=$1T235959Z')}`,
      });
      const second = rrule.between(new Date(`${from}Z`), new Date(`${lastDayCompared(one)}T23:59:59Z`), true);
      const days = daysOfRule(keptRule(one), first, first, first + daysCompared(one)).map(dayOfNumber);
      expect(days, one.sent).toEqual(second.map((at) => at.toString().slice(0, 10)));
    }
  });

  it('are found alike from any day on, without looking at what came before', () => {
    for (const one of series) {
      const start = firstNumber(one);
      const all = daysOfRule(keptRule(one), start, start, start + 500);
      const [from, to] = [start + 400, start + 460];
      expect(daysOfRule(keptRule(one), start, from, to), one.sent).toEqual(
        all.filter((day) => from <= day && day <= to),
      );
    }
  });

  it.each(['Pacific/Auckland', 'America/St_Johns'])('are the same in a process in %s', (zone) => {
    const events = series.slice(0, 60).map(({ event }) => event);
    const found = events.map((event) => occurrencesOf(event, firstDayOf(event.when), '2027-11-30'));
    const script = new URL('print-occurrences.ts', import.meta.url).pathname;
    const env = { ...process.env, TZ: zone };
    const { stdout, stderr } = spawnSync(process.execPath, [script], { env, input: JSON.stringify(events) });
    expect(String(stderr)).toBe('');
    expect(JSON.parse(String(stdout))).toEqual({ zone, found });
  });
});

describe('no rule', () => {
  it('takes long, however far ahead one looks or how rarely it falls on a day', () => {
    const start = dayNumber('2026-01-01');
    let looked = 0;
    const counting = (text: string) => {
      const rule = parseRule(text, () => '');
      const months = new Proxy(rule.byMonth, {
        get(target, name, receiver) {
          if (name === 'includes') looked++;
          return Reflect.get(target, name, receiver);
        },
      });
      return { ...rule, byMonth: months };
    };
    const range = [dayNumber('9000-01-01'), dayNumber('9000-03-03')] as const;
    daysOfRule(counting('FREQ=DAILY;BYMONTH=1'), start, ...range);
    daysOfRule(counting('FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=30'), start, ...range);
    expect(looked).toBeLessThan(100);
    expect(() =>
      settledRule(
        parseRule('FREQ=DAILY;BYMONTH=1;COUNT=1000', () => ''),
        start,
      ),
    ).toThrow('ten years');
  });
});
