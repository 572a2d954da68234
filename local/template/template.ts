import type { Assembly, RawResource } from './assembly.ts';
import { type Intrinsics, resolveCondition, resolveValue } from './intrinsics.ts';
import { pseudoParameters } from './pseudo-parameters.ts';
import { type Identity, resourceTypes, type TemplateEndpoints } from './resource-types.ts';

/** A resource of the deployed template with every intrinsic resolved. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` answers: a name, an ARN or a URL, by type. */
  readonly physicalId: string;
  /** Resolved on first use: what nothing needs may hold intrinsics that nothing here understands. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What `Fn::GetAtt` answers; throws for an attribute that the type does not declare. */
  attribute(name: string): string;
}

export interface CloudTemplate {
  readonly resources: readonly Resource[];
  ofType(...types: readonly string[]): readonly Resource[];
  /** The local directory or file of a CDK asset, by its object key; throws if the assembly lacks it. */
  assetPath(objectKey: string): string;
}

interface Scope {
  readonly stackName: string;
  readonly intrinsics: Intrinsics;
  readonly resources: ReadonlyMap<string, Resource>;
  output(name: string): unknown;
  exportNamed(name: string): { readonly value: unknown } | undefined;
}

// CDK's own parameter, read by its bootstrap check and by nothing else.
const bootstrapVersion = { prefix: '/cdk-bootstrap/', value: '30' };

/**
 * Gives every resource of every stack its identity and its resolved properties.
 * Throws where a resource type, attribute, intrinsic, export or parameter is unknown, and names it.
 */
export function readTemplate(assembly: Assembly, endpoints: TemplateEndpoints): CloudTemplate {
  const scopes = new Map<string, Scope>();
  for (const { name } of assembly.stacks) scopes.set(name, scopeOf(name, assembly, endpoints, scopes));
  const resources = [...scopes.values()].flatMap((scope) => [...scope.resources.values()]);
  return {
    resources,
    ofType: (...types) => resources.filter(({ type }) => types.includes(type)),
    assetPath: (objectKey) => {
      const path = assembly.assetPaths.get(objectKey);
      if (!path) throw new Error(`The assembly holds no asset ${objectKey}`);
      return path;
    },
  };
}

function scopeOf(
  stackName: string,
  assembly: Assembly,
  endpoints: TemplateEndpoints,
  scopes: ReadonlyMap<string, Scope>,
): Scope {
  const stack = assembly.stacks.find(({ name }) => name === stackName);
  if (!stack) throw new Error(`There is no stack ${stackName}`);
  const { template } = stack;
  const pseudo = pseudoParameters(stackName);
  const resources = new Map<string, Resource>();
  const intrinsics: Intrinsics = {
    where: stackName,
    ref(name) {
      if (pseudo.has(name)) return pseudo.get(name);
      const parameter = template.Parameters?.[name];
      if (parameter) return parameterValue(name, parameter.Type, parameter.Default);
      return existing(name).physicalId;
    },
    attribute: (logicalId, name) => existing(logicalId).attribute(name),
    condition(name) {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new Error(`${stackName}: there is no condition ${name}`);
      return resolveCondition(condition, intrinsics);
    },
    mapping: (map, top, second) => template.Mappings?.[map]?.[top]?.[second],
    importedValue: (name) => exportedValue(name, stackName, scopes),
    stackOutput(otherStack, output) {
      const scope = scopes.get(otherStack);
      if (!scope) throw new Error(`${stackName}: there is no stack ${otherStack}`);
      return scope.output(output);
    },
    systemParameter: (name) => systemParameter(name, stackName, scopes),
  };

  for (const [logicalId, raw] of Object.entries(template.Resources ?? {})) {
    if (raw.Condition && !intrinsics.condition(raw.Condition)) continue;
    resources.set(logicalId, resourceOf(logicalId, raw, intrinsics, endpoints));
  }

  function existing(logicalId: string): Resource {
    const resource = resources.get(logicalId);
    if (!resource) throw new Error(`${stackName}: there is no resource or parameter ${logicalId}`);
    return resource;
  }

  function parameterValue(name: string, type: string, value: unknown): unknown {
    if (value === undefined) throw new Error(`${stackName}: parameter ${name} has no default`);
    return type.startsWith('AWS::SSM::Parameter::Value') ? intrinsics.systemParameter(String(value)) : value;
  }

  return {
    stackName,
    intrinsics,
    resources,
    output(name) {
      const output = template.Outputs?.[name];
      if (!output) throw new Error(`${stackName} has no output ${name}`);
      return resolveValue(output.Value, intrinsics);
    },
    exportNamed(name) {
      for (const output of Object.values(template.Outputs ?? {})) {
        if (!output.Export || resolveValue(output.Export.Name, intrinsics) !== name) continue;
        return { value: resolveValue(output.Value, intrinsics) };
      }
      return undefined;
    },
  };
}

function resourceOf(
  logicalId: string,
  raw: RawResource,
  intrinsics: Intrinsics,
  endpoints: TemplateEndpoints,
): Resource {
  const stackName = intrinsics.where;
  const declared = resourceTypes[raw.Type];
  if (!declared) throw new Error(`${stackName}/${logicalId}: the embedded cloud knows no resource type ${raw.Type}`);
  const identity: Identity = {
    stackName,
    logicalId,
    endpoints,
    text: (property) => textOf(resolveValue(raw.Properties?.[property], intrinsics)),
  };
  let properties: Readonly<Record<string, unknown>> | undefined;
  return {
    stackName,
    logicalId,
    type: raw.Type,
    get physicalId() {
      return declared.ref(identity);
    },
    get properties() {
      properties ??= resolveValue(raw.Properties ?? {}, intrinsics) as Record<string, unknown>;
      return properties;
    },
    attribute(name) {
      const attribute = declared.attributes[name];
      if (!attribute)
        throw new Error(`${stackName}/${logicalId}: the embedded cloud knows no attribute ${raw.Type}.${name}`);
      return attribute(identity);
    },
  };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function exportedValue(name: string, importer: string, scopes: ReadonlyMap<string, Scope>): unknown {
  for (const scope of scopes.values()) {
    const found = scope.exportNamed(name);
    if (found) return found.value;
  }
  throw new Error(`${importer}: no stack exports ${name}`);
}

function systemParameter(name: string, reader: string, scopes: ReadonlyMap<string, Scope>): string {
  if (name.startsWith(bootstrapVersion.prefix)) return bootstrapVersion.value;
  for (const scope of scopes.values()) {
    for (const resource of scope.resources.values()) {
      if (resource.type === 'AWS::SSM::Parameter' && resource.physicalId === name) return resource.attribute('Value');
    }
  }
  throw new Error(`${reader}: no stack declares the SSM parameter ${name}`);
}
