import { vernApp } from '../lib/app.ts';

// Only the CDK's command line names a folder; without it the templates are wanted, not a deployment, and wanted soon.
const { CDK_OUTDIR } = process.env;
const app = vernApp({ outdir: CDK_OUTDIR ?? 'cdk.out', checked: CDK_OUTDIR !== undefined });
if (CDK_OUTDIR !== undefined) (await import('../lib/checks.ts')).addChecks(app);
app.synth();
