import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesised } from '../../local/synthesis.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type CloudTemplate, type Resource, readTemplate } from '../../local/template/template.ts';

/** What a synth wrote: resolved as the embedded cloud resolves it, and raw. */
export interface Synthesised extends CloudTemplate {
  readonly rawByStack: ReadonlyMap<string, RawStack>;
}

interface RawStack {
  readonly Resources: Readonly<Record<string, RawResource>>;
}

interface RawResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What is declared, synthesised once for all tests and `npm start` as long as the sources stay the same. */
export const declaredTemplate = async (): Promise<Synthesised> =>
  readSynthesised(await synthesised(join(import.meta.dirname, '../..')));

/** Properties resolve on first use, from memory: the folder is no longer needed afterwards. */
export function readSynthesised(outdir: string): Synthesised {
  const assembly = readAssembly(outdir);
  const rawByStack = new Map(
    assembly.stacks.map(({ name }) => [
      name,
      JSON.parse(readFileSync(join(outdir, `${name}.template.json`), 'utf8')) as RawStack,
    ]),
  );
  const template = readTemplate(assembly, { api: 'https://api.invalid', sqs: 'https://sqs.invalid' });
  return { ...template, rawByStack };
}

export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What is left out of a statement that names the rest by leaving out. */
  readonly notActions: readonly string[];
  readonly notResources: readonly string[];
  readonly principal: unknown;
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document, lists where IAM allows a single value. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement } = document as { Statement: Record<string, unknown>[] };
  return Statement.map((one) => ({
    effect: String(one['Effect']),
    actions: listOf(one['Action']),
    resources: listOf(one['Resource']),
    notActions: listOf(one['NotAction']),
    notResources: listOf(one['NotResource']),
    principal: one['Principal'],
    condition: (one['Condition'] ?? {}) as Statement['condition'],
  }));
}

export const listOf = (value: unknown): string[] => [value ?? []].flat().map(String);

/** The table's settings in its one region. */
export function replicaOf(table: Resource | undefined): Record<string, unknown> {
  const [replica, ...others] = (table?.properties['Replicas'] ?? []) as Record<string, unknown>[];
  if (others.length > 0) throw new Error(`${table?.physicalId} has replicas`);
  return replica ?? {};
}

/** The policies that stand on a resource, whatever its type calls them. */
export function resourcePolicies({ type, properties }: Resource): unknown[] {
  if (type === 'AWS::KMS::Key') return [properties['KeyPolicy']];
  if (type === 'AWS::DynamoDB::GlobalTable') {
    const replicas = properties['Replicas'] as Record<string, { PolicyDocument?: unknown }>[];
    return replicas.flatMap((replica) => replica['ResourcePolicy']?.PolicyDocument ?? []);
  }
  if (type === 'AWS::IAM::Role') return [properties['AssumeRolePolicyDocument']];
  return type.endsWith('Policy') && !type.startsWith('AWS::IAM') ? [properties['PolicyDocument']] : [];
}
