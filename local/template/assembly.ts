import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A CloudFormation template as `cdk synth` writes it; everything below is unresolved. */
interface StackTemplate {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, RawOutput>>;
}

export interface RawResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface RawOutput {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

interface SynthesisedStack {
  readonly name: string;
  readonly template: StackTemplate;
}

export interface Assembly {
  readonly stacks: readonly SynthesisedStack[];
  /** The absolute path of each file asset, by the key under which CDK would upload it (`<hash>.zip`). */
  readonly assetPaths: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads a cloud assembly (`cdk.out`), its nested assemblies (stages) included. Throws where a file is missing. */
export function readAssembly(outdir: string): Assembly {
  const stacks: SynthesisedStack[] = [];
  const assetPaths = new Map<string, string>();
  collect(resolve(outdir), stacks, assetPaths);
  if (stacks.length === 0) throw new Error(`${outdir} holds no stacks: was it synthesised?`);
  return { stacks, assetPaths };
}

function collect(directory: string, stacks: SynthesisedStack[], assetPaths: Map<string, string>): void {
  const manifest = readJson<Manifest>(join(directory, 'manifest.json'));
  for (const [name, { type, properties = {} }] of Object.entries(manifest.artifacts ?? {})) {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) {
      collect(join(directory, properties.directoryName), stacks, assetPaths);
    }
    if (type === 'cdk:asset-manifest' && properties.file) {
      collectAssets(directory, readJson<AssetManifest>(join(directory, properties.file)), assetPaths);
    }
    if (type === 'aws:cloudformation:stack' && properties.templateFile) {
      const template = readJson<StackTemplate>(join(directory, properties.templateFile));
      stacks.push({ name: properties.stackName ?? name, template });
    }
  }
}

function collectAssets(directory: string, assets: AssetManifest, assetPaths: Map<string, string>): void {
  for (const { source, destinations } of Object.values(assets.files ?? {})) {
    if (!source.path) continue;
    for (const { objectKey } of Object.values(destinations)) assetPaths.set(objectKey, resolve(directory, source.path));
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
