import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type IApplyRule } from 'cdk-nag';

/** Fails the synth on what AWS's own rules for solutions find; exceptions stand at the construct with their reason. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new Checks(app));
}

class Checks extends AwsSolutionsChecks {
  protected override applyRule(params: IApplyRule): void {
    super.applyRule(params.ruleSuffixOverride === 'IAM5' ? narrowed(params) : params);
  }
}

function narrowed(params: IApplyRule): IApplyRule {
  return {
    ...params,
    rule(node) {
      const findings = params.rule(node);
      return Array.isArray(findings) ? findings.filter((finding) => !allBelowOneOfOurs.test(finding)) : findings;
    },
  };
}

// A bucket's objects, a table's streams, a table's exports: each has no finer name than this before it exists. Nor have
// the generations of one of our tables, which a restore makes, what AWS logs of an import, and Lambda's mappings (which a
// condition holds to our functions).
const allBelowOneOfOurs =
  /^Resource::[^*]+(?:\/(?:(?:stream|export|import)\/)?|:event-source-mapping:)\*$|^Resource::[^*]+table\/vern-[a-z]+-[a-z]+-g\*(?:\/(?:index\/\w+|(?:stream|export|import)\/\*))?$/;
