import { CfnResource, type IAspect, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { CopiesStack } from './copies-stack.ts';
import { isOtherEeaRegion, REGION } from './stages.ts';

/** What may stand in a second EEA region: a place for ciphertext, and nothing that opens or handles it. */
const copiesConsistOf = ['AWS::KMS::Alias', 'AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'];

/**
 * FW-15, ALL-07: data lies at AWS in Ireland. A stack for any other region, or for whichever one the shell happens to
 * name, ends the synth. It throws, because an annotation would stop the CDK CLI but not `node bin/app.ts`.
 */
export class OnlyInIreland implements IAspect {
  visit(node: IConstruct): void {
    if (Stack.isStack(node)) refuseOtherRegions(node);
    if (CfnResource.isCfnResource(node)) refuseMoreThanCopies(node);
  }
}

function refuseOtherRegions(stack: Stack): void {
  const region = Token.isUnresolved(stack.region) ? 'a region yet to be chosen' : stack.region;
  if (region === REGION) return;
  if (stack instanceof CopiesStack && isOtherEeaRegion(region)) return;
  throw new Error(`${stack.stackName} would stand in ${region}: Vern runs in ${REGION} alone (FW-15, ALL-07)`);
}

function refuseMoreThanCopies(resource: CfnResource): void {
  if (!(resource.stack instanceof CopiesStack) || copiesConsistOf.includes(resource.cfnResourceType)) return;
  throw new Error(`${resource.node.path} would stand outside ${REGION}, where only copies of ciphertext may (FW-15)`);
}
