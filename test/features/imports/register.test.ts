import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerColumns, staffColumns } from '../../../lambdas/features/imports/columns.ts';
import type { ReadRow } from '../../../lambdas/features/imports/import-row.ts';
import type { ImportKind } from '../../../lambdas/features/imports/limits.ts';
import { readRegister } from '../../../lambdas/features/imports/register.ts';

const today = '2026-11-23';
const example = (name: string) => readFileSync(new URL(`../../../examples/${name}.csv`, import.meta.url));
const utf8 = (text: string) => new TextEncoder().encode(text);

function rowsOf(kind: ImportKind, bytes: Uint8Array): readonly ReadRow[] {
  const read = readRegister(kind, bytes, today);
  if ('errors' in read) throw new Error(JSON.stringify(read.errors));
  return read.rows;
}
function fileErrorsOf(kind: ImportKind, bytes: Uint8Array) {
  const read = readRegister(kind, bytes, today);
  return 'errors' in read ? read.errors : [];
}
const findings = (rows: readonly ReadRow[]) =>
  rows.flatMap(({ errors, remarks }) => [
    ...errors.map(({ line, column, code }) => [line, code, column]),
    ...remarks.map(({ line, code, who }) => [line, code, who]),
  ]);

type Cells = Partial<Record<keyof typeof registerColumns, string>>;
const plainCells: Cells = {
  firstName: 'Ola',
  lastName: 'Dal',
  birthDate: '01.02.2023',
  group: 'Blåveis',
  startDate: '17.08.2026',
  guardian1Name: 'Kari Dal',
  guardian1Relation: 'Mor',
  guardian1Email: 'kari@example.no',
  residence: 'Foresatt 1',
};
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
function aRegister(...rows: readonly Cells[]): Uint8Array {
  const names = Object.keys(registerColumns) as (keyof typeof registerColumns)[];
  const header = names.map((name) => registerColumns[name].header).join(';');
  const lines = rows.map((cells) => names.map((name) => quoted({ ...plainCells, ...cells }[name] ?? '')).join(';'));
  return utf8([header, ...lines].join('\r\n'));
}
const rowFrom = (cells: Cells) => rowsOf('register', aRegister(cells))[0]!;

describe('the register of Solbakken (issue 2, item 6)', () => {
  const rows = rowsOf('register', example('solbakken-register'));

  it('has 60 rows, of which 57 can be taken in', () => {
    expect(rows).toHaveLength(60);
    expect(rows.filter(({ row }) => row)).toHaveLength(57);
  });

  it('finds exactly its faults and its remarks, by line', () => {
    expect(findings(rows)).toEqual([
      [9, 'email-empty', 'guardian1'],
      [14, 'date-invalid', 'Fødselsdato'],
      [21, 'row-repeated', undefined],
      [31, 'possible-block', 'child'],
      [40, 'group-empty', 'child'],
      [43, 'email-invalid', 'Foresatt 1 e-post'],
      [52, 'health-data', 'child'],
    ]);
  });

  it('knows 41 first guardians and 34 second ones, shared by siblings, each once', () => {
    const guardians = rows.flatMap(({ row }) => (row?.kind === 'child' ? row.guardians : []));
    const distinct = (who: string) =>
      new Set(guardians.filter((g) => g.who === who).map((g) => g.email ?? `${g.firstName} ${g.lastName}`)).size;
    expect([distinct('guardian1'), distinct('guardian2')]).toEqual([41, 34]);
  });

  it('reads the same from Windows-1252, from commas and from tabs', () => {
    const text = example('solbakken-register').toString('utf8').replace('\uFEFF', '').normalize('NFC');
    const windows1252 = Buffer.from(text, 'latin1');
    expect(rowsOf('register', windows1252)).toEqual(rows);
    expect(rowsOf('register', utf8(text.replaceAll(';', '\t').replace(': nøtter\t', ': nøtter;')))).toEqual(rows);
    expect(rowsOf('register', utf8(text.replaceAll(';', ',')))).toHaveLength(60);
    expect(rowsOf('register', Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual(rows);
  });

  it('keeps the health remark nowhere, and the possible block for the approver (KP-04)', () => {
    expect(JSON.stringify(rows)).not.toMatch(/allergi|epipen/i);
    const blocked = rows.find(({ line }) => line === 31)?.row;
    expect(blocked).toMatchObject({ remark: 'Far har ikke samværsrett, skal ikke hente' });
  });
});

describe('the staff list of Solbakken', () => {
  it('has 18 rows, all readable: that one e-mail address is a guardian’s shows in the plan', () => {
    const rows = rowsOf('staff', example('solbakken-staff'));
    expect(rows.filter(({ row }) => row)).toHaveLength(18);
    expect(findings(rows)).toEqual([]);
  });
});

describe('a row of a register', () => {
  it('takes the fields of a child and its guardian (KP-04, KP-05)', () => {
    const { row, errors } = rowFrom({
      birthDate: '5.3.2024',
      guardian1Phone: '0047 472 74 947',
      guardian1Address: 'Tinglyngen 6',
      guardian1Postcode: '0315',
      protectedAddress: 'j',
    });
    expect(errors).toEqual([]);
    expect(row).toEqual({
      kind: 'child',
      line: 2,
      firstName: 'Ola',
      lastName: 'Dal',
      birthDate: '2024-03-05',
      startDate: '2026-08-17',
      groupName: 'Blåveis',
      protectedAddress: true,
      guardians: [
        {
          who: 'guardian1',
          firstName: 'Kari',
          lastName: 'Dal',
          relation: 'mother',
          rights: 'parental-responsibility',
          livesWith: true,
          email: 'kari@example.no',
          phone: '+4747274947',
          address: 'Tinglyngen 6',
          postcode: '0315',
        },
      ],
    });
  });

  const faults: readonly [Cells, string, keyof typeof registerColumns][] = [
    [{ birthDate: '31.02.2023' }, 'date-invalid', 'birthDate'],
    [{ birthDate: '2023-02-01' }, 'date-invalid', 'birthDate'],
    [{ birthDate: '' }, 'value-missing', 'birthDate'],
    [{ birthDate: '01.01.2027', startDate: '01.02.2027' }, 'birth-date-implausible', 'birthDate'],
    [{ birthDate: '01.01.1923' }, 'birth-date-implausible', 'birthDate'],
    [{ startDate: '01.01.2020' }, 'start-before-birth', 'startDate'],
    [{ startDate: '01.01.2206' }, 'start-implausible', 'startDate'],
    [{ guardian1Email: 'ikke en epost' }, 'email-invalid', 'guardian1Email'],
    [{ guardian1Phone: '123' }, 'phone-invalid', 'guardian1Phone'],
    [{ guardian1Phone: '22334455 x12' }, 'phone-invalid', 'guardian1Phone'],
    [{ guardian1Postcode: '315' }, 'postcode-invalid', 'guardian1Postcode'],
    [{ guardian1Relation: 'Nabo?' }, 'relation-unknown', 'guardian1Relation'],
    [{ guardian1Relation: '' }, 'value-missing', 'guardian1Relation'],
    [{ guardian1Name: 'Kari' }, 'name-incomplete', 'guardian1Name'],
    [{ residence: 'constructor' }, 'residence-unknown', 'residence'],
    [{ protectedAddress: 'kanskje' }, 'flag-unknown', 'protectedAddress'],
    [{ guardian2Name: 'KARI  dal', guardian2Relation: 'Far' }, 'guardian-twice', 'guardian2Name'],
    [
      { guardian2Name: 'Per Dal', guardian2Relation: 'Far', guardian2Email: 'KARI@example.no' },
      'guardian-twice',
      'guardian2Name',
    ],
    [{ firstName: 'O'.repeat(81) }, 'text-too-long', 'firstName'],
    [{ remark: 'fnr 01017012345, 4111 1111 1111 1111' }, 'text-refused', 'remark'],
  ];
  it.each(faults)('with %o is an error that names line and column, and holds no value', (cells, code, column) => {
    const read = rowFrom(cells);
    expect(read).toEqual({ line: 2, errors: [{ line: 2, column: registerColumns[column].header, code }], remarks: [] });
  });

  it('says everything that is wrong with it at once', () => {
    const { errors } = rowFrom({ birthDate: 'x', guardian1Phone: 'y', lastName: '' });
    expect(errors.map(({ code }) => code)).toEqual(['value-missing', 'date-invalid', 'phone-invalid']);
  });

  it('gives the least to whoever is not a parent', () => {
    const rightsOf = (relation: string) => {
      const { row } = rowFrom({ guardian1Relation: relation });
      return row?.kind === 'child' ? row.guardians[0]?.rights : undefined;
    };
    expect(['Medmor', 'Fosterforelder', 'Besteforelder'].map(rightsOf)).toEqual([
      'parental-responsibility',
      'information-only',
      'pick-up-only',
    ]);
  });

  it('keeps the line of a cell that reaches over several', () => {
    const rows = rowsOf('register', aRegister({ remark: 'en\r\nto\r\ntre' }, { firstName: 'Per', birthDate: 'x' }));
    expect(rows[0]?.row).toMatchObject({ line: 2, remark: 'en\nto\ntre' });
    expect(rows[1]?.errors).toMatchObject([{ line: 5 }]);
  });

  it('refuses cells beyond the header', () => {
    const bytes = utf8('Fornavn;Etternavn;E-post\nKari;Dal;kari@example.no;hemmelig');
    expect(rowsOf('staff', bytes)[0]).toEqual({ line: 2, errors: [{ line: 2, code: 'cells-too-many' }], remarks: [] });
  });
});

describe('rows beside each other', () => {
  it('repeat a child: the same is remarked, another version refused', () => {
    const rows = rowsOf('register', aRegister({}, {}, { group: 'Revebjella' }));
    expect(findings(rows)).toEqual([
      [3, 'row-repeated', undefined],
      [4, 'row-contradicts', undefined],
    ]);
    expect(rows.filter(({ row }) => row)).toHaveLength(1);
  });

  it('share an e-mail address under another name: the later one is refused', () => {
    const rows = rowsOf('register', aRegister({}, { firstName: 'Per', guardian1Name: 'Mona Dal' }));
    expect(findings(rows)).toEqual([[3, 'email-of-another', 'Foresatt 1 e-post']]);
  });

  it('give a shared guardian two phone numbers: the earlier holds, and it is said', () => {
    const rows = rowsOf(
      'register',
      aRegister({ guardian1Phone: '47274947' }, { firstName: 'Per', guardian1Phone: '47007563' }),
    );
    expect(findings(rows)).toEqual([[3, 'details-differ', 'guardian1']]);
    expect(rows[1]?.row).toMatchObject({ guardians: [{ phone: '+4747274947' }] });
  });
});

describe('a file', () => {
  const header = 'Fornavn;Etternavn;E-post;Telefon;Stilling;Avdeling';

  it('is matched by its header in any case and spacing', () => {
    const bytes = utf8(' FORNAVN ; etter navn;E post\nKari;Dal;kari@example.no');
    expect(rowsOf('staff', bytes)[0]?.row).toMatchObject({ firstName: 'Kari' });
  });

  it.each([
    ['', 'file-empty'],
    [`${header}\n`, 'file-empty'],
    ['\u0000PNG', 'file-not-text'],
    [`${header}\nKari;"Dal;x`, 'quote-open'],
    [`${header}\n${'Kari;Dal\n'.repeat(2001)}`, 'rows-too-many'],
    ['Kari;Dal;kari@example.no\nOla;Dal;ola@example.no', 'header-missing'],
  ])('that is %j is refused as %s', (text, code) => {
    expect(fileErrorsOf('staff', utf8(text))).toMatchObject([{ code }]);
  });

  it('names the columns that it does not know, and those that are missing or stand twice', () => {
    expect(fileErrorsOf('staff', utf8('Fornavn;Etternavn;Skostørrelse;Fornavn\nx;y;z;u'))).toEqual([
      { code: 'column-unknown', line: 1, column: 'Skostørrelse' },
      { code: 'column-twice', line: 1, column: staffColumns.firstName.header },
      { code: 'column-missing', line: 1, column: staffColumns.email.header },
    ]);
  });

  it('never repeats a first line that is no header', () => {
    expect(JSON.stringify(fileErrorsOf('register', utf8('Kari;Dal;x\ny;z;u')))).not.toContain('Kari');
  });

  it('loses no row to the empty ones that a spreadsheet leaves between them', () => {
    const people = Array.from({ length: 1990 }, (_, i) => `Kari;Dal${i};kari${i}@example.no`);
    const lines = [...people.slice(0, 1000), ...Array.from({ length: 60 }, () => ' ; ;'), ...people.slice(1000)];
    const rows = rowsOf('staff', utf8(`Fornavn;Etternavn;E-post\n${lines.join('\n')}`));
    expect(rows).toHaveLength(1990);
    expect(rows.at(-1)).toMatchObject({ line: 2051, row: { lastName: 'Dal1989' } });
  });

  it('of more than 5 MB or 2,000 rows is refused', () => {
    expect(fileErrorsOf('staff', new Uint8Array(5 * 1024 * 1024 + 1))).toEqual([{ code: 'file-too-large' }]);
    expect(rowsOf('staff', utf8(`${header}\n${'Kari;Dal\n'.repeat(2000)}`))).toHaveLength(2000);
  });

  const kinds = fc.constantFrom<ImportKind>('register', 'staff');
  const named = (rows: readonly ReadRow[]) => rows.every(({ errors }) => errors.every(({ line }) => line >= 1));

  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 2000 }), (kind, bytes) => {
        const read = readRegister(kind, bytes, today);
        expect('errors' in read ? read.errors.length > 0 : named(read.rows)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('with the right header and any cells never throws, and every error names its line', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Mor', '01.02.2023', 'J', '"', ';', '\n', ''));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 22 }), { minLength: 1, maxLength: 8 }), (rows) => {
        const text = [
          Object.values(registerColumns)
            .map(({ header }) => header)
            .join(';'),
          ...rows.map((cells) => cells.map(quoted).join(';')),
        ].join('\n');
        const read = readRegister('register', utf8(text), today);
        if ('errors' in read) return;
        const lines = text.split(/\r\n?|\n/).length;
        for (const { line, errors, row } of read.rows) {
          expect(line).toBeLessThanOrEqual(lines);
          expect(errors.every((error) => error.line === line)).toBe(true);
          expect(errors.length > 0 && row !== undefined).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
