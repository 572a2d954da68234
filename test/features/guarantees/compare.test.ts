import { describe, expect, it } from 'vitest';
import { compareSettings } from '../../../lambdas/features/guarantees/compare.ts';
import type {
  BucketSettings,
  InForce,
  Settings,
  TableSettings,
} from '../../../lambdas/features/guarantees/guarantee.ts';

const bucketArn = 'arn:aws:s3:::backup';
const aPolicy = () => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'NoCopy',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['dynamodb:CreateBackup', 'dynamodb:DeleteTable'],
      Resource: '*',
    },
    {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
const aTable = (): TableSettings => ({ isProtectedFromDeletion: true, recoveryDays: 1, policy: aPolicy() });
const aBucket = (): BucketSettings => ({
  lifecycle: [
    { isEnabled: true, prefix: '', expiresAfterDays: 83, noncurrentExpiresAfterDays: 1, abortsUploadsAfterDays: 1 },
    { isEnabled: true, prefix: '', removesLoneMarkers: true },
  ],
  isVersioned: true,
  lock: { mode: 'COMPLIANCE', days: 82 },
  policy: aPolicy(),
  publicAccessBlock: {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  },
});
const deployed = (): Settings => ({ tables: { keys: aTable() }, buckets: { offline: aBucket() } });
const inForce = (changed: Partial<InForce> = {}): InForce => ({
  ...deployed(),
  copiesOfKeys: { backups: [], tables: [] },
  ...changed,
});
const withTable = (changed: Partial<TableSettings>) => inForce({ tables: { keys: { ...aTable(), ...changed } } });
const withBucket = (changed: Partial<BucketSettings>) =>
  inForce({ buckets: { offline: { ...aBucket(), ...changed } } });
const withRule = (changed: object) =>
  withBucket({ lifecycle: aBucket().lifecycle.map((rule, i) => (i === 0 ? { ...rule, ...changed } : rule)) });
const withStatement = (changed: object) => ({
  Version: '2012-10-17',
  Statement: aPolicy().Statement.map((statement, i) => (i === 0 ? { ...statement, ...changed } : statement)),
});
const { lock: _lock, ...unlocked } = aBucket();
const { policy: _policy, ...unguarded } = aTable();
const { publicAccessBlock: _block, ...open } = aBucket();
const block = aBucket().publicAccessBlock!;

const broken = (found: InForce) => compareSettings(deployed(), found).broken;

describe('a guarantee', () => {
  it('is kept by what was deployed', () => {
    expect(compareSettings(deployed(), inForce())).toEqual({ checked: 10, broken: [] });
  });

  it.each<[string, string, InForce]>([
    ['the deletion protection is off', 'keys.deletion-protection', withTable({ isProtectedFromDeletion: false })],
    ['the keys could be brought back for longer', 'keys.recovery-window', withTable({ recoveryDays: 35 })],
    ['there is no recovery at all', 'keys.recovery-window', withTable({ recoveryDays: 0 })],
    ['the policy is gone', 'keys.resource-policy', inForce({ tables: { keys: unguarded } })],
    [
      'a denial is gone',
      'keys.resource-policy',
      withTable({ policy: withStatement({ Action: 'dynamodb:DeleteTable' }) }),
    ],
    ['a denial allows', 'keys.resource-policy', withTable({ policy: withStatement({ Effect: 'Allow' }) })],
    [
      'a denial is of somebody',
      'keys.resource-policy',
      withTable({ policy: withStatement({ Principal: { AWS: '1' } }) }),
    ],
    [
      'a denial has an exception',
      'keys.resource-policy',
      withTable({ policy: withStatement({ Condition: { Bool: { 'aws:x': true } } }) }),
    ],
    [
      'one thing more is allowed',
      'keys.resource-policy',
      withTable({ policy: { Statement: [...aPolicy().Statement, {}] } }),
    ],
    ['files are kept longer', 'offline.lifecycle', withRule({ expiresAfterDays: 84 })],
    ['old versions are kept longer', 'offline.lifecycle', withRule({ noncurrentExpiresAfterDays: 2 })],
    ['a rule is switched off', 'offline.lifecycle', withRule({ isEnabled: false })],
    ['a rule is for a part only', 'offline.lifecycle', withRule({ prefix: 'daily/' })],
    ['a rule does something else too', 'offline.lifecycle', withRule({ other: ['Transitions'] })],
    ['a rule is gone', 'offline.lifecycle', withBucket({ lifecycle: aBucket().lifecycle.slice(0, 1) })],
    ['versions are not kept apart', 'offline.versioning', withBucket({ isVersioned: false })],
    ['files are locked for less time', 'offline.object-lock', withBucket({ lock: { mode: 'COMPLIANCE', days: 81 } })],
    ['some may unlock', 'offline.object-lock', withBucket({ lock: { mode: 'GOVERNANCE', days: 82 } })],
    ['nothing is locked', 'offline.object-lock', inForce({ buckets: { offline: unlocked } })],
    [
      'a bucket’s policy says more',
      'offline.bucket-policy',
      withBucket({ policy: withStatement({ Resource: bucketArn }) }),
    ],
    [
      'the public is let in',
      'offline.public-access-block',
      withBucket({ publicAccessBlock: { ...block, restrictPublicBuckets: false } }),
    ],
    ['nothing keeps the public out', 'offline.public-access-block', inForce({ buckets: { offline: open } })],
    ['there is a backup of the keys', 'keys.no-backups', inForce({ copiesOfKeys: { backups: ['arn'], tables: [] } })],
    ['somebody has restored the keys', 'keys.no-copies', inForce({ copiesOfKeys: { backups: [], tables: ['copy'] } })],
  ])('is named when %s', (_, guarantee, found) => {
    expect(broken(found)).toEqual([guarantee]);
  });

  it('counts as broken, with all of its kind, when AWS does not say', () => {
    expect(broken(inForce({ tables: { keys: 'unreadable' } }))).toEqual([
      'keys.deletion-protection',
      'keys.recovery-window',
      'keys.resource-policy',
    ]);
    expect(broken(inForce({ buckets: {} }))).toHaveLength(5);
    expect(broken(inForce({ copiesOfKeys: 'unreadable' }))).toEqual(['keys.no-backups', 'keys.no-copies']);
  });
});

describe('AWS’s way of writing', () => {
  it.each<[string, InForce]>([
    [
      'a list of one as the one, and the one as a list',
      withTable({
        policy: {
          Statement: [
            { ...aPolicy().Statement[0], Principal: '*', Resource: ['*'] },
            { ...aPolicy().Statement[1], Action: ['s3:*'] },
          ],
        },
      }),
    ],
    ['statements in another order', withTable({ policy: { Statement: aPolicy().Statement.toReversed() } })],
    [
      'actions in another order and in capitals',
      withTable({ policy: withStatement({ Action: ['DynamoDB:DeleteTable', 'dynamodb:CreateBackup'] }) }),
    ],
    ['a name for a statement', withTable({ policy: { Id: 'made-up', ...withStatement({ Sid: 'another' }) } })],
    [
      'a boolean as a boolean, in a list, under a key in small letters',
      withBucket({
        policy: {
          Statement: [
            aPolicy().Statement[0]!,
            { ...aPolicy().Statement[1], Condition: { Bool: { 'aws:securetransport': [false] } } },
          ],
        },
      }),
    ],
    ['rules in another order', withBucket({ lifecycle: aBucket().lifecycle.toReversed() })],
    ['fields in another order', withBucket({ lock: { days: 82, mode: 'COMPLIANCE' } })],
  ])('makes no difference: %s', (_, found) => {
    expect(broken(found)).toEqual([]);
  });
});
