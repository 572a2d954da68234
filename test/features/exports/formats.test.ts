import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../../lambdas/features/exports/calendar-file.ts';
import { contactCardOf } from '../../../lambdas/features/exports/contact-card.ts';
import { csvOf } from '../../../lambdas/features/exports/csv.ts';
import { idsIn, otherLabels, withLabels } from '../../../lambdas/features/exports/others.ts';
import { bytesOf, zipOf } from '../../../lambdas/features/exports/zip.ts';
import { anId } from '../../support/store.ts';
import { unpacked } from './world.ts';

const at = new Date('2026-11-23T07:00:00Z');

describe('the calendar', () => {
  const by = anId('per');
  const calendar = (language: 'nb' | 'en' = 'nb') =>
    calendarOf(
      [
        {
          day: '2026-10-25',
          expected: { from: '08:15', until: '16:00', by },
          stays: [
            {
              id: '1',
              checkedInAt: '2026-10-25T07:20:00.000Z',
              checkedInBy: by,
              checkedOutAt: '2026-10-25T14:40:00.000Z',
            },
          ],
          corrections: [],
        },
        {
          day: '2026-12-31',
          absence: { reason: 'holiday', by, at: '2026-12-01T10:00:00.000Z' },
          stays: [],
          corrections: [],
        },
      ],
      { at, timeZone: 'Europe/Oslo', language, subject: 'per_x' },
    );
  const events = (text: string) =>
    new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));

  it('is read by an independent parser, with the instants that were meant, on the day that summer time ends too', () => {
    const [expected, stay, absence] = events(calendar());
    expect(expected?.startDate.toJSDate().toISOString()).toBe('2026-10-25T07:15:00.000Z');
    expect(expected?.endDate.toJSDate().toISOString()).toBe('2026-10-25T15:00:00.000Z');
    expect(stay?.summary).toBe('Til stede');
    expect(stay?.duration.toSeconds()).toBe(7 * 3600 + 20 * 60);
    // A whole day ends with the day after, over the end of the year too.
    expect([absence?.startDate.isDate, absence?.startDate.toString(), absence?.endDate.toString()]).toEqual([
      true,
      '2026-12-31',
      '2027-01-01',
    ]);
    expect(absence?.summary).toBe('Fravær');
  });

  it('has DTSTAMP in UTC and a UID of its own for each event', () => {
    const stamps = calendar('en').match(/DTSTAMP:.*/g);
    expect(new Set(stamps?.map((stamp) => stamp.trim()))).toEqual(new Set(['DTSTAMP:20261123T070000Z']));
    const uids = events(calendar()).map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });
});

describe('the contact card', () => {
  it('is read by an independent parser, with what turns a line escaped', () => {
    const person = {
      firstName: 'Åse; Marie',
      lastName: 'Ødegård, f. Berg',
      email: 'ase@example.no',
      phone: '+4790000000',
      address: 'Storgata 1\\2',
      postcode: '0150',
      birthDate: '1990-02-28',
    };
    const card = new ICAL.Component(ICAL.parse(contactCardOf(person, undefined, at)) as never);
    expect(card.getFirstPropertyValue('fn')).toBe('Åse; Marie Ødegård, f. Berg');
    expect(card.getFirstPropertyValue('n')).toEqual(['Ødegård, f. Berg', 'Åse; Marie', '', '', '']);
    expect(card.getFirstPropertyValue('email')).toBe('ase@example.no');
    expect(String(card.getFirstPropertyValue('tel'))).toBe('tel:+4790000000');
    expect(card.getFirstPropertyValue('adr')).toEqual(['', '', 'Storgata 1\\2', '', '', '0150', '']);
  });

  it('says nothing of what is not held or not shown', () => {
    expect(contactCardOf({ firstName: 'Emil', lastName: 'Olstad' }, undefined, at)).not.toMatch(
      /ADR|EMAIL|TEL|BDAY|PHOTO/,
    );
  });
});

describe('the CSV', () => {
  it('quotes by RFC 4180, nests by dots, and is no formula to a spreadsheet', () => {
    expect(
      csvOf([
        { name: 'a "b", c', scope: { kind: 'x' } },
        { name: '=1+1', phone: '+4790000000' },
      ]),
    ).toBe('\uFEFFname,scope.kind,phone\r\n"a ""b"", c",x,\r\n\'=1+1,,+4790000000\r\n');
  });
});

describe('others', () => {
  it('get labels by role, the same throughout, and the reader keeps their own id', () => {
    const [me, child, teacher] = [anId('per'), anId('per'), anId('per')];
    const value = { child, stays: [{ by: teacher }, { by: teacher }, { by: me }] };
    const labels = otherLabels(idsIn(value), new Set([me]), (id) => (id === teacher ? 'staff' : undefined));
    expect(withLabels(value, labels)).toEqual({
      child: 'other-person-1',
      stays: [{ by: 'other-staff-1' }, { by: 'other-staff-1' }, { by: me }],
    });
  });
});

describe('the ZIP', () => {
  it('opens with all its files, of many sizes, while memory held little at a time', async () => {
    const large = Buffer.alloc(3_000_000, 'opplysninger ');
    async function* entries() {
      yield { name: 'empty.txt', content: Buffer.alloc(0) };
      yield { name: 'folder/large.txt', content: large };
      yield { name: 'files/picture.jpg', content: Buffer.from([1, 2, 3]) };
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of zipOf(entries(), at)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(5);
    async function* again() {
      yield* chunks;
    }
    const { files } = unpacked(await bytesOf(again()));
    expect(Object.keys(files)).toEqual(['empty.txt', 'folder/large.txt', 'files/picture.jpg']);
    expect(Buffer.from(files['folder/large.txt']!).equals(large)).toBe(true);
  });
});
