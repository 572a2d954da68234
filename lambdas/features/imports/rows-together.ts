import { childIdentity, comparableName, grownUpIdentity, normalisedEmail } from '../people/identity.ts';
import type { GuardianCells, ReadRow, RegisterRow, RowError, RowRemark } from './import-row.ts';

/**
 * What only shows when rows are seen beside each other: a child on two rows, an e-mail address with two names, a shared
 * guardian with two phone numbers. The earlier row holds; the later one bears the finding.
 */
export function checkRowsTogether(rows: readonly ReadRow[]): ReadRow[] {
  const seen: Seen = { persons: new Map(), names: new Map(), guardians: new Map() };
  return rows.map((read) => (read.row ? checkAgainst(seen, read, read.row) : read));
}

interface Seen {
  /** By identity: the row that the person has of its own (a child, or a member of staff). */
  readonly persons: Map<string, RegisterRow>;
  /** By e-mail address: the name that came with it. */
  readonly names: Map<string, string>;
  readonly guardians: Map<string, GuardianCells>;
}

function checkAgainst(seen: Seen, read: ReadRow, row: RegisterRow): ReadRow {
  const refused = (errors: readonly RowError[]): ReadRow => ({ line: read.line, errors, remarks: [] });

  const wrongNames = namedEmails(row).filter(({ email, name }) => (seen.names.get(email) ?? name) !== name);
  if (wrongNames.length > 0) {
    return refused(wrongNames.map(({ column }) => ({ line: read.line, column, code: 'email-of-another' })));
  }
  const identity = identityOfRow(row);
  const earlier = seen.persons.get(identity);
  if (earlier && isSame(earlier, row)) {
    return { line: read.line, errors: [], remarks: [{ line: read.line, code: 'row-repeated' }] };
  }
  if (earlier) return refused([{ line: read.line, code: 'row-contradicts' }]);

  seen.persons.set(identity, row);
  for (const { email, name } of namedEmails(row)) seen.names.set(email, name);
  if (row.kind === 'staff') return read;
  const settled = row.guardians.map((guardian) => settleGuardian(seen, guardian));
  const remarks = settled.flatMap(({ guardian, differs }): RowRemark[] =>
    differs ? [{ line: read.line, code: 'details-differ', who: guardian.who }] : [],
  );
  return {
    ...read,
    row: { ...row, guardians: settled.map(({ guardian }) => guardian) },
    remarks: [...read.remarks, ...remarks],
  };
}

/** The guardian as the earlier row has it; what that one leaves empty, this row may fill. */
function settleGuardian(seen: Seen, guardian: GuardianCells): { guardian: GuardianCells; differs: boolean } {
  const identity = grownUpIdentity(guardian);
  if (!identity) return { guardian, differs: false };
  const key = `${identity.kind} ${identity.value}`;
  const earlier = seen.guardians.get(key);
  const details = ['phone', 'address', 'postcode'] as const;
  const differs = details.some((field) => earlier?.[field] && guardian[field] && earlier[field] !== guardian[field]);
  const settled = { ...guardian };
  for (const field of details) {
    const value = earlier?.[field];
    if (value !== undefined) settled[field] = value;
  }
  seen.guardians.set(key, settled);
  return { guardian: settled, differs };
}

const namedEmails = (row: RegisterRow) =>
  (row.kind === 'staff'
    ? [{ ...row, column: 'E-post' }]
    : row.guardians.map((guardian) => ({
        ...guardian,
        column: `Foresatt ${guardian.who === 'guardian1' ? 1 : 2} e-post`,
      }))
  ).flatMap((named) =>
    named.email === undefined
      ? []
      : [{ email: normalisedEmail(named.email), name: comparableName(named), column: named.column }],
  );

function identityOfRow(row: RegisterRow): string {
  if (row.kind === 'child') return childIdentity(row).value;
  const identity = grownUpIdentity(row);
  return identity ? `${identity.kind} ${identity.value}` : `name ${comparableName(row)}`;
}

const isSame = (one: RegisterRow, other: RegisterRow) =>
  JSON.stringify({ ...one, line: 0 }) === JSON.stringify({ ...other, line: 0 });
