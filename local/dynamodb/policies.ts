import { createHash } from 'node:crypto';
import { type Calls, type Control, describedTable, type Input, Refusal, tableArn, tableNameIn } from './control.ts';
import type { TableDeclaration } from './tables.ts';

interface StoredPolicy {
  readonly policy: string;
  readonly revisionId: string;
}

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const nameOf = (tableName: string) => `policy/${tableName}`;
const declaredNameOf = (tableName: string) => `policy-declared/${tableName}`;

/** A table's own policy, set when the template first says it and when the template changes: like CloudFormation, not at every start. */
export function setDeclaredPolicies({ state }: Control, tables: readonly TableDeclaration[]): void {
  for (const { name, resourcePolicy } of tables) {
    const declared = resourcePolicy === undefined ? '' : JSON.stringify(resourcePolicy);
    if (state.get(declaredNameOf(name)) === declared) continue;
    state.set(declaredNameOf(name), declared);
    if (declared === '') state.delete(nameOf(name));
    else state.set(nameOf(name), JSON.stringify(storedPolicy(declared)));
  }
}

export function setPolicy({ state }: Control, tableName: string, policy: string): string {
  const stored = storedPolicy(policy);
  state.set(nameOf(tableName), JSON.stringify(stored));
  return stored.revisionId;
}

export function forgetPolicy({ state }: Control, tableName: string): void {
  state.delete(nameOf(tableName));
}

/** Throws AccessDeniedException where the table's own policy denies the action to everyone. */
export function demandNotDenied(control: Control, operation: string, input: Input): void {
  for (const name of tablesNamed(input)) {
    const { policy } = policyOf(control, name) ?? {};
    const action = `dynamodb:${operation}`;
    if (policy === undefined || !statementsOf(policy).some((statement) => denies(statement, action))) continue;
    throw new Refusal(
      'AccessDeniedException',
      `Not authorized to perform: ${action} on resource: ${tableArn(name)} with an explicit deny in a resource-based policy`,
    );
  }
}

export function policyCalls(
  control: Control,
): Calls<'GetResourcePolicy' | 'PutResourcePolicy' | 'DeleteResourcePolicy'> {
  const tableOf = async ({ ResourceArn }: Input): Promise<string> => {
    const name = tableNameIn(ResourceArn);
    if (await describedTable(control, name)) return name;
    throw new Refusal('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  };
  /** Throws PolicyNotFoundException where the caller expected another revision. */
  const demandRevision = (name: string, expected: unknown) => {
    const { revisionId } = policyOf(control, name) ?? {};
    const isExpected =
      expected === undefined || (expected === 'NO_POLICY' ? revisionId === undefined : expected === revisionId);
    if (!isExpected) throw noPolicy(name);
  };

  return {
    async GetResourcePolicy(input) {
      const name = await tableOf(input);
      const stored = policyOf(control, name);
      if (!stored) throw noPolicy(name);
      return { Policy: stored.policy, RevisionId: stored.revisionId };
    },
    async PutResourcePolicy(input) {
      const name = await tableOf(input);
      const policy = String(input['Policy']);
      if (!isDocument(policy)) throw new Refusal('ValidationException', 'Invalid policy document');
      demandRevision(name, input['ExpectedRevisionId']);
      return { RevisionId: setPolicy(control, name, policy) };
    },
    async DeleteResourcePolicy(input) {
      const name = await tableOf(input);
      demandRevision(name, input['ExpectedRevisionId']);
      const { revisionId } = policyOf(control, name) ?? {};
      forgetPolicy(control, name);
      return { RevisionId: revisionId };
    },
  };
}

function policyOf({ state }: Control, tableName: string): StoredPolicy | undefined {
  const stored = state.get(nameOf(tableName));
  return stored === undefined ? undefined : (JSON.parse(stored) as StoredPolicy);
}

function storedPolicy(policy: string): StoredPolicy {
  const digest = createHash('sha256').update(policy).digest();
  return { policy, revisionId: String(digest.readBigUInt64BE()) };
}

const noPolicy = (name: string) =>
  new Refusal(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${tableArn(name)}`,
  );

function tablesNamed(input: Input): ReadonlySet<string> {
  const named = ['TableName', 'TableArn', 'ResourceArn', 'SourceTableName', 'SourceTableArn'];
  return new Set(named.flatMap((property) => (input[property] === undefined ? [] : tableNameIn(input[property]))));
}

function denies({ Effect, Principal, Action, Condition }: Statement, action: string): boolean {
  const isForEveryone = Principal === '*' || Object(Principal)['AWS'] === '*';
  return Effect === 'Deny' && isForEveryone && meets(Condition) && listOf(Action).some((each) => covers(each, action));
}

/** The only condition that is played: everyone but the role that deploys, which nobody here is. */
function meets(condition: Statement['Condition']): boolean {
  return Object.entries(condition ?? {}).every(
    ([operator, keys]) => operator === 'ArnNotLike' && Object.keys(keys).every((key) => key === 'aws:PrincipalArn'),
  );
}

/** Whether an action of a policy, wildcards and all, means this one. */
export function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(action);
}

function statementsOf(policy: string): readonly Statement[] {
  const { Statement: statements } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return listOf(statements);
}

function isDocument(policy: string): boolean {
  try {
    statementsOf(policy);
    return true;
  } catch {
    return false;
  }
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
