import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudTemplate, Resource } from '../template/template.ts';

/** A function as the template declares it. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly logicalId: string;
  readonly arn: string;
  /** The folder that Lambda would unpack to /var/task. */
  readonly codeDirectory: string;
  /** `file.export`, such as `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  readonly memoryMegabytes: number;
  /** At most so many invocations at once; absent where the template reserves nothing. */
  readonly reservedConcurrency: number | undefined;
  /** The IAM actions that the function's role allows, such as `dynamodb:GetItem`; wildcards as written. */
  readonly allowedActions: ReadonlySet<string>;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key?: string; readonly ZipFile?: string };
  readonly Handler: string;
  readonly Runtime: string;
  readonly Role?: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly ReservedConcurrentExecutions?: number;
}

// What Lambda assumes when the template says nothing (API reference, CreateFunction).
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MEGABYTES = 128;

/** The template's functions; code given in the template itself is written below `inlineDirectory`. */
export function functionsOf(template: CloudTemplate, inlineDirectory: string): readonly FunctionDeclaration[] {
  const actions = allowedActionsByRole(template);
  return template.ofType('AWS::Lambda::Function').map((resource) => {
    const properties = resource.properties as unknown as FunctionProperties;
    const roleName =
      String(properties.Role ?? '')
        .split('/')
        .at(-1) ?? '';
    return {
      name: resource.physicalId,
      logicalId: resource.logicalId,
      arn: resource.attribute('Arn'),
      codeDirectory: codeDirectoryOf(resource, properties, template, inlineDirectory),
      handler: properties.Handler,
      runtime: properties.Runtime,
      environment: Object.fromEntries(
        Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      timeoutMilliseconds: (properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
      memoryMegabytes: properties.MemorySize ?? DEFAULT_MEMORY_MEGABYTES,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      allowedActions: actions.get(roleName) ?? new Set(),
    };
  });
}

/** The function that a name, a logical id or an ARN (with or without version or alias) means. */
export function findFunction(
  functions: readonly FunctionDeclaration[],
  nameOrArn: string,
): FunctionDeclaration | undefined {
  const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn.split(':')[0];
  return functions.find((each) => each.name === name) ?? functions.find((each) => each.logicalId === name);
}

/** The access key by which an engine can tell which function calls, and its secret: the same at every start. */
export function credentialsOf(functionName: string): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
} {
  const digest = createHash('sha256').update(`embedded-cloud ${functionName}`).digest();
  // AWS's key ids are 20 upper-case letters and digits; ASIA marks a session's.
  const accessKeyId = `ASIA${digest.toString('hex').toUpperCase().slice(0, 16)}`;
  return { accessKeyId, secretAccessKey: digest.toString('base64').slice(0, 40) };
}

function codeDirectoryOf(
  resource: Resource,
  { Code, Handler }: FunctionProperties,
  template: CloudTemplate,
  inlineDirectory: string,
): string {
  if (Code.S3Key) {
    const path = template.assetPath(Code.S3Key);
    if (statSync(path).isDirectory()) return path;
    throw new Error(`${resource.logicalId}: its code is an archive; the embedded cloud runs folders`);
  }
  const directory = join(inlineDirectory, resource.physicalId);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${Handler.split('.')[0]}.js`), Code.ZipFile ?? '');
  return directory;
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
}

function allowedActionsByRole(template: CloudTemplate): ReadonlyMap<string, ReadonlySet<string>> {
  const byRole = new Map<string, Set<string>>();
  const allow = (role: string, document: unknown) => {
    const known = byRole.get(role) ?? new Set<string>();
    byRole.set(role, known);
    for (const { Effect, Action } of listOf<Statement>(Object(document)['Statement'])) {
      if (Effect === 'Allow') for (const action of listOf<string>(Action)) known.add(action);
    }
  };
  for (const policy of template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')) {
    for (const role of listOf<string>(policy.properties['Roles'])) allow(role, policy.properties['PolicyDocument']);
  }
  for (const role of template.ofType('AWS::IAM::Role')) {
    for (const policy of listOf<unknown>(role.properties['Policies']))
      allow(role.physicalId, Object(policy)['PolicyDocument']);
  }
  return byRole;
}

function listOf<T>(value: unknown): readonly T[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as readonly T[];
}
