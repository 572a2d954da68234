import { describe, expect, it } from 'vitest';
import {
  type Breach,
  factsOf,
  isReportOverdue,
  reportDueAt,
  tellDueAt,
  withPhase,
} from '../../../lambdas/features/registers/breach.ts';
import { breachNotification } from '../../../lambdas/features/registers/breach-notification.ts';
import { anId } from '../../support/store.ts';

const aBreach = (but: Partial<Breach> = {}): Breach => ({
  id: anId('brc'),
  knownAt: '2026-11-20T16:30:00.000Z',
  phases: [
    {
      at: '2026-11-20T17:00:00.000Z',
      from: 'controller',
      facts: { kinds: ['confidentiality'], whatHappened: 'En liste ble sendt til feil mottaker.' },
    },
  ],
  reports: [],
  personsTold: 0,
  ...but,
});

describe('the 72 hours to Datatilsynet (AT-10)', () => {
  it('run through a weekend', () => {
    expect(reportDueAt(aBreach({ knownAt: '2026-11-20T16:30:00.000Z' }))).toBe('2026-11-23T16:30:00.000Z');
  });

  it.each([
    // Friday 23 October 2026 at 20:00 summer time; on Monday the clocks say 19:00.
    ['in autumn', '2026-10-23T18:00:00.000Z', '2026-10-26T18:00:00.000Z', '19:00'],
    // Friday 26 March 2027 at 20:00 winter time; on Monday the clocks say 21:00.
    ['in spring', '2027-03-26T19:00:00.000Z', '2027-03-29T19:00:00.000Z', '21:00'],
  ])('are 72 hours as they pass when the clocks change %s', (_when, knownAt, dueAt, onTheWall) => {
    expect(reportDueAt(aBreach({ knownAt }))).toBe(dueAt);
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Oslo', timeStyle: 'short' });
    expect(wall.format(new Date(dueAt))).toBe(onTheWall);
  });

  it('are over a millisecond after them, unless something has been sent or decided', () => {
    const due = new Date('2026-11-23T16:30:00.000Z');
    const after = new Date(due.getTime() + 1);
    const { knownAt } = aBreach();
    const decided = { at: knownAt, personId: anId('per') };
    expect(isReportOverdue(aBreach(), due)).toBe(false);
    expect(isReportOverdue(aBreach(), after)).toBe(true);
    expect(isReportOverdue(aBreach({ reports: [{ ...decided, phase: 1 }] }), after)).toBe(false);
    expect(isReportOverdue(aBreach({ notReported: { ...decided, reason: 'Ingen risiko.' } }), after)).toBe(false);
  });

  it('are a day more than what the operator has to tell the controllers (ALL-08)', () => {
    expect(tellDueAt(aBreach())).toBe('2026-11-21T16:30:00.000Z');
  });
});

describe('the facts of a breach', () => {
  it('are what the last phase says of each (Art. 33(4))', () => {
    const more = withPhase(aBreach(), {
      at: '2026-11-21T08:00:00.000Z',
      from: 'controller',
      facts: { approximateSubjects: 42, whatHappened: 'Listen ble sendt til to mottakere.' },
    });
    expect(factsOf(more)).toEqual({
      kinds: ['confidentiality'],
      whatHappened: 'Listen ble sendt til to mottakere.',
      approximateSubjects: 42,
    });
  });
});

describe('the draft of the report', () => {
  const reporter = { name: 'Solbakken barnehage', timeZone: 'Europe/Oslo' };
  const now = new Date('2026-11-21T08:00:00.000Z');
  const full = aBreach({
    phases: [
      {
        at: '2026-11-20T17:00:00.000Z',
        from: 'controller',
        facts: {
          kinds: ['confidentiality', 'availability'],
          cause: 'sent-to-the-wrong-recipient',
          beganAt: '2026-11-20T10:00:00.000Z',
          endedAt: '2026-11-20T11:00:00.000Z',
          whatHappened: 'HVA',
          howItArose: 'HVORDAN',
          approximateSubjects: 42,
          subjectCategories: ['barn', 'foresatte'],
          approximateRecords: 84,
          dataCategories: ['navn', 'fødselsdato'],
          relation: 'RELASJON',
          whereabouts: 'HVOR',
          consequences: 'FØLGER',
          measuresTaken: 'GJORT',
          measuresPlanned: 'PLAN',
          subjectsInformed: 'INFORMERT',
          contact: { name: 'Siri Solberg', email: 'siri@solbakken.example', phone: '+4790000001' },
        },
      },
    ],
  });
  const linesOf = (breach: Breach, language: 'nb' | 'en', at = now) => {
    const { parties, sections } = breachNotification(breach, reporter, at, language);
    const said = sections.flatMap(({ title, blocks }) => [
      title,
      ...blocks.flatMap((block) =>
        block.kind === 'list' ? block.items : block.kind === 'paragraph' ? [block.text] : [],
      ),
    ]);
    return { parties, said };
  };

  it('asks in the order of the form: description, consequences, measures, information, contact', () => {
    const { said } = linesOf(full, 'nb');
    const order = [
      'Beskrivelse av bruddet',
      'Hovedårsak: sendt til feil mottaker',
      'Tidsrom: 20. november 2026 klokken 11.00 – 20. november 2026 klokken 12.00',
      'Oppdaget: 20. november 2026 klokken 17.30',
      'Antall berørte personer, omtrent: 42',
      'Hva som har skjedd: HVA',
      'Hvordan bruddet oppstod: HVORDAN',
      'Hva slags personopplysninger: navn, fødselsdato',
      'Virksomhetens relasjon til de berørte: RELASJON',
      'Hvor opplysningene er nå: HVOR',
      'Konsekvenser for de berørte',
      'FØLGER',
      'Tiltak',
      'Gjennomført: GJORT',
      'Planlagt: PLAN',
      'Informasjon til de berørte',
      'Kontaktinformasjon',
      'Personvernombud eller annen kontakt: Siri Solberg, siri@solbakken.example, +4790000001',
    ];
    const places = order.map((line) => said.indexOf(line));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it.each(['nb', 'en'] as const)('leaves nothing out that is known, and nothing open that is (%s)', (language) => {
    const { said } = linesOf(full, language);
    for (const known of ['HVA', 'HVORDAN', 'HVOR', 'FØLGER', 'GJORT', 'PLAN', 'INFORMERT', '42', '84'])
      expect(said.join('\n')).toContain(known);
    const open = said.filter((line) => /ikke kjent ennå|not known yet/.test(line));
    // Only what those affected have been told is undecided.
    expect(open).toHaveLength(1);
  });

  it('has the same lines in both languages (AT-14)', () => {
    for (const breach of [aBreach(), full]) {
      expect(linesOf(breach, 'en').said).toHaveLength(linesOf(breach, 'nb').said.length);
    }
  });

  it('says what is not known yet, and that more follows a report that was sent', () => {
    expect(linesOf(aBreach(), 'en').said).toContain('Number of persons affected, approximately: not known yet');
    expect(linesOf(aBreach(), 'en').parties).toContainEqual({ label: 'Kind of report', value: 'First report' });
    const sent = aBreach({ reports: [{ at: '2026-11-21T09:00:00.000Z', personId: anId('per'), phase: 1 }] });
    expect(linesOf(sent, 'nb').parties).toContainEqual({
      label: 'Type melding',
      value: 'Tilleggsopplysninger til en melding som er sendt',
    });
  });

  it('asks for the reason when the 72 hours are over (Art. 33(1))', () => {
    const late = linesOf(aBreach(), 'en', new Date('2026-11-24T08:00:00.000Z')).parties;
    expect(late.some(({ value }) => /Say in the report why/.test(value))).toBe(true);
    expect(linesOf(aBreach(), 'en').parties.some(({ value }) => /Say in the report why/.test(value))).toBe(false);
  });
});
