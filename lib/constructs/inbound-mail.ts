import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnReceiptRule, CfnReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { INBOUND_MAIL_FOLDER } from '../../lambdas/platform/buckets.ts';
import { inboundMailDomain } from '../mail-dns.ts';
import type { Stage } from '../stages.ts';
import type { EncryptedBucket } from './buckets.ts';

const RULE = 'into-quarantine';

/** The set's name: which of an account's sets is the active one is chosen by a call (docs/operations.md). */
export const receiptRuleSetName = ({ name }: Stage) => `vern-${name}`;

/** Who SES is when it writes for our rule: its own name, this account and this one rule. */
export function sesReceiving(scope: Construct, stage: Stage) {
  const { account, partition, region } = Stack.of(scope);
  const rule = `receipt-rule-set/${receiptRuleSetName(stage)}:receipt-rule/${RULE}`;
  return {
    principals: [new ServicePrincipal('ses.amazonaws.com')],
    conditions: {
      StringEquals: {
        'aws:SourceAccount': account,
        'aws:SourceArn': `arn:${partition}:ses:${region}:${account}:${rule}`,
      },
    },
  };
}

interface InboundMailProps {
  readonly stage: Stage;
  readonly quarantine: EncryptedBucket;
}

/**
 * Mail to the stage's inbound domain: over TLS alone, looked at by SES for spam and viruses, laid as it came into the
 * quarantine, where it waits a day at most for the worker that reads it. No mail is answered or sent on by a rule.
 */
export class InboundMail extends Construct {
  constructor(scope: Construct, id: string, { stage, quarantine: { bucket } }: InboundMailProps) {
    super(scope, id);
    const set = new CfnReceiptRuleSet(this, 'Rules', { ruleSetName: receiptRuleSetName(stage) });
    const rule = new CfnReceiptRule(this, 'IntoQuarantine', {
      ruleSetName: set.ref,
      rule: {
        name: RULE,
        enabled: true,
        recipients: [inboundMailDomain(stage)],
        scanEnabled: true,
        tlsPolicy: 'Require',
        actions: [{ s3Action: { bucketName: bucket.bucketName, objectKeyPrefix: INBOUND_MAIL_FOLDER } }],
      },
    });
    // SES writes a note of its own when the rule is made, and makes none where it may not.
    for (const policy of this.#policiesOf(bucket, stage)) rule.node.addDependency(policy);
  }

  #policiesOf(bucket: Bucket, stage: Stage) {
    const put = { actions: ['s3:PutObject'], resources: [bucket.arnForObjects(`${INBOUND_MAIL_FOLDER}*`)] };
    const statements = [
      new PolicyStatement({ ...sesReceiving(this, stage), ...put }),
      // What lies there was received and looked at by SES: nobody of ours can lay a mail beside it.
      new PolicyStatement({
        ...put,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        conditions: { StringNotEquals: { 'aws:PrincipalServiceName': 'ses.amazonaws.com' } },
      }),
    ];
    return statements.flatMap((statement) => bucket.addToResourcePolicy(statement).policyDependable ?? []);
  }
}
