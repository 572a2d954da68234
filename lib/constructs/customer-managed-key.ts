import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export const kmsReading = ['kms:Decrypt', 'kms:DescribeKey'];
export const kmsWriting = [...kmsReading, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

// Everything that keeps a key in order and nothing that opens with it: an administrator of keys reads no data.
const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

interface CustomerManagedKeyProps {
  readonly alias: `vern-${string}`;
  readonly description: string;
  /** Who may open with it, beside nobody. */
  readonly use: readonly PolicyStatement[];
}

/** A rotating key that is retained on delete, and that its administrators cannot open with. */
export const customerManagedKey = (scope: Construct, id: string, props: CustomerManagedKeyProps): Key =>
  retainedKey(scope, id, props, { enableKeyRotation: true });

/** For proofs: ECDSA over P-256. An asymmetric key does not rotate, and its public half must stay the same for years. */
export const signingKey = (scope: Construct, id: string, props: CustomerManagedKeyProps): Key =>
  retainedKey(scope, id, props, { keySpec: KeySpec.ECC_NIST_P256, keyUsage: KeyUsage.SIGN_VERIFY });

function retainedKey(scope: Construct, id: string, props: CustomerManagedKeyProps, kind: KeyProps): Key {
  const administered = new PolicyStatement({
    sid: 'Administration',
    principals: [new AccountRootPrincipal()],
    actions: administration,
    resources: ['*'],
  });
  return new Key(scope, id, {
    alias: `alias/${props.alias}`,
    description: props.description,
    ...kind,
    removalPolicy: RemovalPolicy.RETAIN,
    policy: new PolicyDocument({ statements: [administered, ...props.use] }),
  });
}

/** For a key's policy: the account's own roles, as their own policies allow, and only inside a request to that service. */
export function usedThrough(scope: Construct, service: 'dynamodb' | 's3' | 'sqs'): PolicyStatement {
  const { account, region } = Stack.of(scope);
  return new PolicyStatement({
    sid: 'UseThroughService',
    principals: [new AccountRootPrincipal()],
    // DynamoDB takes a grant for its background work when a table is made.
    actions: service === 'dynamodb' ? [...kmsWriting, 'kms:CreateGrant'] : kmsWriting,
    resources: ['*'],
    conditions: {
      StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com`, 'kms:CallerAccount': account },
    },
  });
}
