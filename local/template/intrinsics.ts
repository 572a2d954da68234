/** What CloudFormation's intrinsic functions may ask of the stack that they stand in. */
export interface Intrinsics {
  /** The stack's name, for errors. */
  readonly where: string;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): string;
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
  importedValue(name: string): unknown;
  stackOutput(stackName: string, outputName: string): unknown;
  /** An SSM parameter's value, by its name. */
  systemParameter(name: string): string;
}

/**
 * A template's value with its intrinsics carried out, as CloudFormation does when it deploys.
 * `AWS::NoValue` vanishes from objects and lists. Throws for an unknown intrinsic.
 */
export function resolveValue(value: unknown, stack: Intrinsics): unknown {
  if (typeof value === 'string') return withDynamicReferences(value, stack);
  if (Array.isArray(value)) return value.map((each) => resolveValue(each, stack)).filter((each) => each !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name && isIntrinsic(name)) return carryOut(name, argument, stack);
  return Object.fromEntries(
    entries.map(([key, each]) => [key, resolveValue(each, stack)] as const).filter(([, each]) => each !== undefined),
  );
}

/** The truth of a condition from the template's `Conditions` section or of `Fn::If`. */
export function resolveCondition(condition: unknown, stack: Intrinsics): boolean {
  const [name, argument] = Object.entries(Object(condition))[0] ?? [];
  const each = () => asList(argument).map((one) => resolveCondition(one, stack));
  if (name === 'Condition') return stack.condition(String(argument));
  if (name === 'Fn::And') return each().every(Boolean);
  if (name === 'Fn::Or') return each().some(Boolean);
  if (name === 'Fn::Not') return !each()[0];
  if (name === 'Fn::Equals') {
    const [left, right] = asList(argument).map((one) => resolveValue(one, stack));
    return String(left) === String(right);
  }
  throw new Error(`${stack.where}: the embedded cloud knows no condition function ${name}`);
}

const isIntrinsic = (name: string) => name === 'Ref' || name.startsWith('Fn::');

function carryOut(name: string, argument: unknown, stack: Intrinsics): unknown {
  const resolved = () => resolveValue(argument, stack);
  switch (name) {
    case 'Ref':
      return stack.ref(String(argument));
    case 'Fn::GetAtt':
      return attributeOf(argument, stack);
    case 'Fn::Sub':
      return substitute(argument, stack);
    case 'Fn::Join': {
      const [delimiter, parts] = asList(resolved());
      return asList(parts).join(String(delimiter));
    }
    case 'Fn::Select': {
      const [index, list] = asList(resolved());
      return asList(list)[Number(index)];
    }
    case 'Fn::Split': {
      const [delimiter, text] = asList(resolved());
      return String(text).split(String(delimiter));
    }
    case 'Fn::If': {
      const [condition, then, otherwise] = asList(argument);
      return resolveValue(stack.condition(String(condition)) ? then : otherwise, stack);
    }
    case 'Fn::ImportValue':
      return stack.importedValue(String(resolved()));
    case 'Fn::GetStackOutput': {
      const { StackName, OutputName } = Object(resolved());
      return stack.stackOutput(String(StackName), String(OutputName));
    }
    case 'Fn::FindInMap': {
      const [map, top, second] = asList(resolved()).map(String);
      const found = stack.mapping(map ?? '', top ?? '', second ?? '');
      if (found === undefined) throw new Error(`${stack.where}: nothing is mapped at ${map}.${top}.${second}`);
      return found;
    }
    case 'Fn::Base64':
      return Buffer.from(String(resolved())).toString('base64');
    case 'Fn::ToJsonString':
      return JSON.stringify(resolved());
    default:
      throw new Error(`${stack.where}: the embedded cloud knows no intrinsic ${name}`);
  }
}

function attributeOf(argument: unknown, stack: Intrinsics): string {
  const [logicalId, ...path] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return stack.attribute(logicalId ?? '', path.join('.'));
}

/** `${Name}`, `${Resource.Attribute}`, `${!Literal}`, and the variables of the two-argument form. */
function substitute(argument: unknown, stack: Intrinsics): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = Object(resolveValue(variables, stack));
  return withDynamicReferences(
    String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return String(own[name]);
      return String(name.includes('.') ? attributeOf(name, stack) : stack.ref(name));
    }),
    stack,
  );
}

function withDynamicReferences(text: string, stack: Intrinsics): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replace(/\{\{resolve:([a-z-]+):([^}:]+)(?::\d+)?\}\}/g, (whole, service: string, name: string) => {
    if (service !== 'ssm') throw new Error(`${stack.where}: the embedded cloud cannot resolve ${whole}`);
    return stack.systemParameter(name);
  });
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`A list was expected, not ${JSON.stringify(value)}`);
  return value;
}
