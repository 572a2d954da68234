import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { backupBucket, offlineLock } from './constructs/buckets.ts';
import { customerManagedKey, usedThrough } from './constructs/customer-managed-key.ts';
import type { OtherEeaRegion, Stage } from './stages.ts';

/**
 * A second place, inside the EEA, for copies of backups. What lies in a backup is sealed, and the keys that open it never
 * leave Ireland: this stack's own key only adds AWS's encryption at rest, and dies to no one's loss.
 */
export class CopiesStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage; copiesIn: OtherEeaRegion }) {
    super(scope, id, { ...props, env: { region: props.copiesIn } });
    const encryptionKey = customerManagedKey(this, 'Encryption', {
      alias: copiesPlace(this, props.stage, props.copiesIn).keyAlias,
      description: `Vern ${props.stage.name}: copies of backups`,
      use: [usedThrough(this, 's3')],
    });
    const { bucketName } = copiesPlace(this, props.stage, props.copiesIn);
    backupBucket(this, 'Copies', encryptionKey, { ...offlineLock, bucketName });
  }
}

/** Where the copies lie, by names of our own: no stack of one region can refer to what stands in another. */
export function copiesPlace({ account }: Stack, { name }: Stage, region: OtherEeaRegion) {
  return { region, bucketName: `vern-${name}-copies-${account}`, keyAlias: `vern-${name}-copies` } as const;
}
export type CopiesPlace = ReturnType<typeof copiesPlace>;
