import { createRequire } from 'node:module';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { calendarText, type EventText } from '../../../lambdas/features/icalendar/calendar.ts';
import { contentLines, escaped } from '../../../lambdas/features/icalendar/content-lines.ts';
import { osloTimeZone } from '../../../lambdas/features/icalendar/oslo.ts';
import { instantOf } from '../../../lambdas/platform/calendar.ts';
import { naughtyStrings } from './naughty.ts';

const anEvent = (but: Partial<EventText> = {}): EventText => ({
  uid: 'cal_1',
  revisedAt: new Date('2026-11-01T12:30:15.250Z'),
  summary: 'Luciafeiring',
  when: { inOslo: { from: '2026-12-11T08:30', until: '2026-12-11T10:00' } },
  ...but,
});
const text = (...events: EventText[]) => calendarText({ product: 'Test 1', events });
const linesOf = (calendar: string) => calendar.replaceAll('\r\n ', '').trimEnd().split('\r\n');
const parsed = (calendar: string) =>
  new ICAL.Component(ICAL.parse(calendar)).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));

/** RFC 5545, section 3.3.11, read by hand and not by the library. */
const unescaped = (value: string) => value.replace(/\\([nN\\;,])/g, (_, c: string) => (/n/i.test(c) ? '\n' : c));

/** What people write, and what nobody should. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('æ', 'Å', '😀', '👨‍👩‍👧', ',', ';', '\\', '\n', 'n', ':', ' ', '"'),
    maxLength: 200,
  }),
  fc.constantFrom(...naughtyStrings),
);
const naughtiest = { examples: naughtyStrings.map((one): [string] => [one]) };

describe('content lines', () => {
  it('are at most 75 octets, break no character, and unfold to what they were', () => {
    fc.assert(
      fc.property(anyText, (any) => {
        const line = `SUMMARY:${escaped(any)}`;
        const folded = contentLines([line]);
        const parts = folded.split('\r\n');
        expect(parts.pop()).toBe('');
        for (const part of parts) {
          const octets = Buffer.from(part);
          expect(octets.byteLength).toBeLessThanOrEqual(75);
          // A character cut in two would come back as another.
          expect(octets.toString()).toBe(part);
        }
        expect(parts.map((part, i) => (i === 0 ? part : part.slice(1))).join('')).toBe(line.toWellFormed());
      }),
      naughtiest,
    );
  });

  it('fold æøå, emoji and what is joined of several at the octet, not at the character', () => {
    const [first = ''] = contentLines([`SUMMARY:${'å'.repeat(60)}`]).split('\r\n');
    // 8 octets of name and 33 letters of two: one more would not fit.
    expect([Buffer.byteLength(first), [...first].length]).toEqual([74, 41]);
    const family = contentLines([`SUMMARY:${'👨‍👩‍👧'.repeat(12)}`]);
    expect(family.replaceAll('\r\n ', '')).toBe(`SUMMARY:${'👨‍👩‍👧'.repeat(12)}\r\n`);
  });
});

describe('text', () => {
  it('is read back as it was written, by two readers, and never begins a line or a property of its own', () => {
    fc.assert(
      fc.property(anyText, (any) => {
        const calendar = text(anEvent({ summary: any, location: any, description: any }));
        const meant = any
          .toWellFormed()
          .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
          .replace(/[^\P{Cc}\n\t]/gu, '');
        const lines = linesOf(calendar);
        expect(lines.filter((line) => line.startsWith('SUMMARY:')).map((line) => unescaped(line.slice(8)))).toEqual([
          meant,
        ]);
        expect(lines).toHaveLength(linesOf(text(anEvent({ location: 'x', description: 'x' }))).length);
        const [event] = parsed(calendar);
        expect([event?.summary, event?.location, event?.description]).toEqual([meant, meant, meant]);
      }),
      naughtiest,
    );
  });
});
describe('an event', () => {
  it('is at the local time that was meant, whatever the season, and its zone comes with it', () => {
    const winter = text(anEvent());
    expect(parsed(winter)[0]?.startDate.toJSDate().toISOString()).toBe('2026-12-11T07:30:00.000Z');
    expect(linesOf(winter)).toContain('DTSTART;TZID=Europe/Oslo:20261211T083000');
    expect(winter.match(/BEGIN:VTIMEZONE/g)).toHaveLength(1);
    const summer = parsed(text(anEvent({ when: { inOslo: { from: '2027-06-11T08:30', until: '2027-06-11T10:00' } } })));
    expect(summer[0]?.endDate.toJSDate().toISOString()).toBe('2027-06-11T08:00:00.000Z');
  });

  it('of whole days ends with the day after the last, over the end of a year too', () => {
    const [event] = parsed(text(anEvent({ when: { days: { from: '2026-12-30', until: '2026-12-31' } } })));
    expect([event?.startDate.isDate, String(event?.startDate), String(event?.endDate)]).toEqual([
      true,
      '2026-12-30',
      '2027-01-01',
    ]);
  });

  it('in instants needs no zone, and may have no end', () => {
    const instants = text(anEvent({ when: { instants: { from: new Date('2026-12-11T07:30:00Z') } } }));
    expect(linesOf(instants)).toContain('DTSTART:20261211T073000Z');
    expect(instants).not.toMatch(/VTIMEZONE|DTEND/);
  });

  it('says when it was revised, in UTC and whole seconds, and how often', () => {
    expect(linesOf(text(anEvent({ sequence: 3 })))).toEqual(
      expect.arrayContaining(['DTSTAMP:20261101T123015Z', 'SEQUENCE:3', 'UID:cal_1@vern']),
    );
  });

  it('of a rule leaves out its exceptions, one line each, and names the occurrence that an override stands in for', () => {
    const rule = anEvent({
      rule: 'FREQ=WEEKLY;COUNT=4',
      exceptions: [{ inOslo: '2026-12-18T08:30' }, { inOslo: '2026-12-25T08:30' }],
    });
    const moved = anEvent({
      insteadOf: { inOslo: '2027-01-01T08:30' },
      when: { inOslo: { from: '2027-01-04T09:00', until: '2027-01-04T10:00' } },
    });
    const calendar = text(rule, moved);
    expect(calendar.match(/^EXDATE;TZID=Europe\/Oslo:\d{8}T\d{6}$/gm)).toHaveLength(2);
    const [master, override] = parsed(calendar);
    master?.relateException(override!);
    const iterator = master!.iterator();
    const starts: string[] = [];
    for (let next = iterator.next(); next; next = iterator.next()) {
      starts.push(master!.getOccurrenceDetails(next).startDate.toJSDate().toISOString());
    }
    expect(starts).toEqual(['2026-12-11T07:30:00.000Z', '2027-01-04T08:00:00.000Z']);
  });
});

describe('a calendar', () => {
  it('has its name and how often to look twice: as the RFC says, and as apps read it', () => {
    const lines = linesOf(
      calendarText({ product: 'Test 1', name: 'Uka, «hos oss»', refreshedEveryHours: 4, events: [] }),
    );
    expect(lines).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Vern//Test 1//EN',
      'CALSCALE:GREGORIAN',
      'NAME:Uka\\, «hos oss»',
      'X-WR-CALNAME:Uka\\, «hos oss»',
      'REFRESH-INTERVAL;VALUE=DURATION:PT4H',
      'X-PUBLISHED-TTL:PT4H',
      'END:VCALENDAR',
    ]);
  });
});

describe('the zone of Oslo', () => {
  it('is what the library of zones says, but for the address of a stranger', () => {
    const library = createRequire(import.meta.url)('@touch4it/ical-timezones') as {
      getVtimezoneComponent(zone: string): string | null;
    };
    const lines = library.getVtimezoneComponent('Europe/Oslo')?.trim().split(/\r?\n/);
    expect(lines?.filter((line) => !line.startsWith('TZURL'))).toEqual(osloTimeZone);
  });

  it('puts local times at the instants of the runtime’s own zone, over the days on which the clock changes', () => {
    const component = new ICAL.Component(ICAL.parse(osloTimeZone.join('\r\n')));
    const zone = new ICAL.Timezone({ component, tzid: 'Europe/Oslo' });
    for (const day of ['2026-10-24', '2026-10-25', '2027-03-27', '2027-03-28', '2027-10-31', '2027-07-01']) {
      for (let hour = 0; hour < 24; hour++) {
        const time = `${String(hour).padStart(2, '0')}:30`;
        // The hour that comes twice, or not at all: this reader does not go by the RFC (section 3.3.5). We never write it.
        if (isDoubtful(day, hour)) continue;
        const read = ICAL.Time.fromDateTimeString(`${day}T${time}:00`);
        read.zone = zone;
        expect([day, time, read.toJSDate()]).toEqual([day, time, instantOf('Europe/Oslo', day, time)]);
      }
    }
  });
});
const isDoubtful = (day: string, hour: number) =>
  ['2026-10-25', '2027-03-28', '2027-10-31'].includes(day) && hour === 2;
