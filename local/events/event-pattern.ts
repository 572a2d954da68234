/** A pattern of EventBridge and of Lambda's event filters; both speak the same language. */
export type EventPattern = Readonly<Record<string, unknown>>;

/**
 * Whether the event matches (EventBridge user guide, "Comparison operators"). Throws for an operator that the
 * embedded cloud does not know.
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return asList(wanted).some((each) => matchesPattern(Object(each), event));
    const value = isRecord(event) ? event[name] : undefined;
    if (!Array.isArray(wanted)) return alternatives(value).some((each) => matchesPattern(Object(wanted), each));
    return wanted.some((each) => matchesValue(each, value));
  });
}

/** A list in the event matches when one of its elements does. */
function matchesValue(wanted: unknown, value: unknown): boolean {
  if (isRecord(wanted) && 'exists' in wanted) return (value !== undefined) === wanted['exists'];
  if (isRecord(wanted) && 'anything-but' in wanted) {
    return value !== undefined && alternatives(value).every((each) => !isOneOf(wanted['anything-but'], each));
  }
  return alternatives(value).some((each) => matchesScalar(wanted, each));
}

const alternatives = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function isOneOf(unwanted: unknown, value: unknown): boolean {
  return asList(Array.isArray(unwanted) ? unwanted : [unwanted]).some((each) => matchesScalar(each, value));
}

function matchesScalar(wanted: unknown, value: unknown): boolean {
  if (!isRecord(wanted)) return wanted === value;
  const [operator = '', operand] = Object.entries(wanted)[0] ?? [];
  if (operator === 'numeric') return typeof value === 'number' && matchesNumbers(asList(operand), value);
  // Text operators take one text, or a list of which one must match.
  const operands = asList(Array.isArray(operand) ? operand : [operand]);
  const test = textOperators[operator];
  if (!test) throw new Error(`The embedded cloud knows no event pattern operator ${operator}`);
  return typeof value === 'string' && operands.some((each) => test(value, each));
}

const textOperators: Readonly<Record<string, (value: string, operand: unknown) => boolean>> = {
  prefix: (value, operand) => withCase(value, operand, (text, part) => text.startsWith(part)),
  suffix: (value, operand) => withCase(value, operand, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (value, operand) => value.toLowerCase() === String(operand).toLowerCase(),
  wildcard: (value, operand) => wildcardExpression(String(operand)).test(value),
};

function withCase(value: string, operand: unknown, test: (text: string, part: string) => boolean): boolean {
  if (!isRecord(operand)) return test(value, String(operand));
  return test(value.toLowerCase(), String(operand['equals-ignore-case']).toLowerCase());
}

function wildcardExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
  '>=': (value, limit) => value >= limit,
  '>': (value, limit) => value > limit,
};

function matchesNumbers(conditions: readonly unknown[], value: number): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const compare = comparisons[String(conditions[index])];
    if (!compare) throw new Error(`The embedded cloud knows no numeric comparison ${String(conditions[index])}`);
    if (!compare(value, Number(conditions[index + 1]))) return false;
  }
  return true;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
