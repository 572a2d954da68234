import type { LifecycleRule, PolicyDocument } from './guarantee.ts';

/**
 * A policy in a form in which two that say the same are the same text: AWS writes lists of one as the one, orders as it
 * likes, and takes `"*"` and `{ "AWS": "*" }` for the same principal. What only names a statement (Sid, Id) is left out.
 */
export const canonicalPolicy = (policy: PolicyDocument | undefined): string =>
  JSON.stringify((policy?.Statement ?? []).map(canonicalStatement).sort());

/** Lifecycle rules have names of AWS's making and no order. */
export const canonicalLifecycle = (rules: readonly LifecycleRule[]): string =>
  JSON.stringify(rules.map((rule) => JSON.stringify(sorted(rule))).sort());

/** Fields that are absent and fields that are in another place make no difference. */
export const canonicalJson = (value: Readonly<Record<string, unknown>> | undefined): string =>
  JSON.stringify(value === undefined ? {} : sorted(value));

function canonicalStatement({ Sid: _, ...statement }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    sorted(
      Object.fromEntries(
        Object.entries(statement).map(([element, value]) => {
          if (element === 'Principal' || element === 'NotPrincipal') return [element, canonicalPrincipal(value)];
          if (element === 'Condition') return [element, canonicalCondition(value)];
          // Names of actions know no capitals (IAM user guide, "Action").
          const isAction = element === 'Action' || element === 'NotAction';
          return [element, listOf(isAction ? [value].flat().map((action) => String(action).toLowerCase()) : value)];
        }),
      ),
    ),
  );
}

const canonicalPrincipal = (principal: unknown): unknown =>
  isRecord(principal) ? sorted(mapped(principal, listOf)) : { AWS: listOf(principal) };

/** Names of condition keys know no capitals either. */
function canonicalCondition(condition: unknown): unknown {
  if (!isRecord(condition)) return listOf(condition);
  return sorted(
    mapped(condition, (tests) =>
      isRecord(tests)
        ? sorted(Object.fromEntries(Object.entries(tests).map(([key, values]) => [key.toLowerCase(), listOf(values)])))
        : listOf(tests),
    ),
  );
}

const mapped = (record: Readonly<Record<string, unknown>>, to: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));

/** A list of texts, each once: a boolean or number in a policy is its text. */
const listOf = (value: unknown): string[] => [...new Set([value].flat().map(String))].sort();

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sorted = (record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
