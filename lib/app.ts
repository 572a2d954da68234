import { App, Aspects, Tags } from 'aws-cdk-lib';
import cdkJson from '../cdk.json' with { type: 'json' };
import { ApiStack } from './api-stack.ts';
import { type Catalogue, declaredCatalogue } from './catalogue.ts';
import { bundled } from './constructs/bundles.ts';
import { CopiesStack } from './copies-stack.ts';
import { DataStack } from './data-stack.ts';
import { MailStack } from './mail-stack.ts';
import { OnlyInIreland } from './only-in-ireland.ts';
import { PrivacyStack } from './privacy-stack.ts';
import { REGION, type Stage, stageNamed } from './stages.ts';

interface VernAppProps {
  readonly outdir: string;
  /** Whether the synth fails on findings of CDK's own rules and of cdk-nag; two seconds that a local start does without. */
  readonly checked: boolean;
  /** By default the one that the context names (`cdk -c stage=test`), or dev. */
  readonly stage?: Stage;
  readonly catalogue?: Catalogue;
}

/** The whole of Vern for one stage; bundles its functions. Needs neither an account nor a network. */
export function vernApp({ outdir, checked, stage: chosen, catalogue = declaredCatalogue }: VernAppProps): App {
  // The CLI passes the context of cdk.json; without the CLI the same templates must come out.
  const app = new App({
    outdir,
    context: cdkJson.context,
    analyticsReporting: false,
    builtinCloudFormationValidation: checked,
    treeMetadata: checked,
  });
  const stage = chosen ?? stageNamed(app.node.tryGetContext('stage') ?? 'dev');
  const bundles = bundled(entriesOf(catalogue), outdir);
  const common = { stage, env: { region: REGION } };
  const named = (name: string) => `vern-${stage.name}-${name}`;

  const mail = new MailStack(app, named('mail'), common);
  const data = new DataStack(app, named('data'), { ...common, catalogue, bundles, mail });
  const api = new ApiStack(app, named('api'), { ...common, catalogue, bundles, data });
  new PrivacyStack(app, named('privacy'), { ...common, catalogue, bundles, data, api });
  data.addStackDependency(mail);
  if (stage.ciphertextCopiesIn) {
    new CopiesStack(app, named('copies'), { stage, copiesIn: stage.ciphertextCopiesIn });
  }

  Tags.of(app).add('vern:stage', stage.name);
  Aspects.of(app).add(new OnlyInIreland());
  return app;
}

function entriesOf({ apiFunctions, workers }: Catalogue): Record<string, string> {
  const functions = Object.entries({ ...apiFunctions, ...workers });
  return Object.fromEntries(functions.map(([name, { entry }]) => [name, entry]));
}
