import { describe, expect, it } from 'vitest';
import { buckets } from '../../lambdas/platform/buckets.ts';
import { type TableDeclaration, tables } from '../../lambdas/platform/tables.ts';
import { listOf, type Statement, type Synthesised, statementsOf } from './synthesised.ts';

/** What S3 and IAM must hold for the backups: only AWS can keep these promises, so they are properties of the template. */
export function describeBackups(template: Synthesised): void {
  const bucketNamed = (part: string) =>
    template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.startsWith(`Buckets${part}`))!;
  const statements = template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').flatMap(({ properties }) => {
    const roles = listOf(properties['Roles']);
    return statementsOf(properties['PolicyDocument']).map((statement) => ({ ...statement, roles }));
  });
  const rolesThatMay = (action: RegExp, resource: string) =>
    new Set(
      statements
        .filter(({ actions, resources }) => actions.some((one) => action.test(one)) && touches(resources, resource))
        .flatMap(({ roles }) => roles),
    );
  const touches = (resources: readonly string[], part: string) => resources.some((arn) => arn.includes(part));

  const named = (bucket: string) => `${bucket.charAt(0).toUpperCase()}${bucket.slice(1)}`;

  const endOfBackups = [
    {
      Status: 'Enabled',
      ExpirationInDays: 83,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
    { Status: 'Enabled', ExpiredObjectDeleteMarker: true },
  ];
  describe('backups', () => {
    it.each(['Backup', 'Offline'])(
      'ALL-05, AT-04, SM-12: everything in %s expires at 83 days, older versions and fragments a day later',
      (name) => {
        const { properties } = bucketNamed(name);
        expect(properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
        expect(Object(properties['LifecycleConfiguration']).Rules).toEqual(endOfBackups);
        expect(properties).not.toHaveProperty('ReplicationConfiguration');
      },
    );

    it('FW-11: the offline copy is locked against everybody for 82 days, under a key of its own', () => {
      const { properties } = bucketNamed('Offline');
      expect(properties['ObjectLockEnabled']).toBe(true);
      expect(properties['ObjectLockConfiguration']).toEqual({
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 82 } },
      });
      expect(properties['BucketEncryption']).not.toEqual(bucketNamed('Backup').properties['BucketEncryption']);
    });

    it('FW-11: what is declared to be in a backup is exported, and nothing else can be', () => {
      const exporting = statements.filter(({ actions }) => actions.includes('dynamodb:ExportTableToPointInTime'));
      const exported = exporting
        .flatMap(({ resources }) => resources)
        .map((arn) => /table\/vern-dev-([a-z]+)/.exec(arn)?.[1]);
      const declared = Object.entries<TableDeclaration>(tables).filter(([, { inBackup }]) => inBackup);
      expect([...new Set(exported)].sort()).toEqual(declared.map(([name]) => name).sort());
      // What files are kept for longer than a backup is, the keeper copies; and no others.
      const kept = Object.entries(buckets).flatMap(([name, { inBackup }]) => (inBackup ? [name] : []));
      expect(kept).toEqual(['files']);
      const sources = Object.keys(buckets).filter((name) =>
        rolesThatMay(/^s3:GetObject$/, bucketNamed(named(name)).physicalId).has('vern-dev-backup-keeper'),
      );
      expect(sources.sort()).toEqual(['backup', ...kept, 'offline'].sort());
    });

    it('KP-12: who makes the exports and who keeps the copies can neither read a key nor open one', () => {
      for (const worker of ['vern-dev-backup-export', 'vern-dev-backup-keeper']) {
        const own = statements.filter(({ roles }) => roles.includes(worker));
        expect(own.length).toBeGreaterThan(3);
        expect(own.filter(({ resources }) => touches(resources, 'vern-dev-keys'))).toEqual([]);
        expect(own.filter(({ resources }) => touches(resources, 'vern-dev-mirror'))).toEqual([]);
        expect(own.filter(opensDirectly)).toEqual([]);
      }
    });

    it('ALL-05: the keeper alone removes versions, and nobody ends a lock', () => {
      for (const name of ['Backup', 'Offline']) {
        const removing = rolesThatMay(/^s3:DeleteObjectVersion$/, bucketNamed(name).physicalId);
        expect([...removing]).toEqual(['vern-dev-backup-keeper']);
      }
      const unlocking = /Bypass|LegalHold|PutBucket|PutLifecycle|DeleteBucket|PutEncryption/;
      expect(statements.flatMap(({ actions }) => actions).filter((action) => unlocking.test(action))).toEqual([]);
    });

    it('ALL-05: nobody can lock a copy for longer than its term, which nobody could take back', () => {
      const policy = template.ofType('AWS::S3::BucketPolicy').find(({ properties }) => {
        return String(properties['Bucket']) === bucketNamed('Offline').physicalId;
      });
      const onLocks = statementsOf(policy?.properties['PolicyDocument']).filter(({ actions }) =>
        actions.includes('s3:PutObjectRetention'),
      );
      expect(onLocks).toMatchObject([
        {
          effect: 'Deny',
          principal: { AWS: '*' },
          condition: { NumericGreaterThan: { 's3:object-lock-remaining-retention-days': '83' } },
        },
      ]);
      expect(onLocks[0]?.resources.join()).toMatch(/\/\*$/);
    });

    it('FW-11, ALL-05: somebody is told of a day without a backup, and of one that is too old', () => {
      const told = template.ofType('AWS::CloudWatch::Alarm').map(({ properties }) => properties['MetricName']);
      expect(told).toEqual(expect.arrayContaining(['backup-missing', 'backup-damaged', 'backup-too-old']));
      const silent = template
        .ofType('AWS::CloudWatch::Alarm')
        .filter(({ properties }) => properties['TreatMissingData'] === 'breaching')
        .flatMap(({ properties }) => properties['Dimensions'] as { Value: string }[]);
      expect(silent.map(({ Value }) => Value).sort()).toEqual(['vern-dev-backup-export', 'vern-dev-backup-keeper']);
    });
  });
}

/** KMS without a service in between: what opens organisations' keys. */
const opensDirectly = ({ actions, condition }: Statement) =>
  actions.some((action) => action.startsWith('kms:')) && !condition['StringEquals']?.['kms:ViaService'];
