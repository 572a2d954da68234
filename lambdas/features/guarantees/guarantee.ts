import * as z from 'zod';

/** A resource policy as CloudFormation and AWS write it (IAM user guide, "JSON policy elements"). */
const PolicyDocument = z.looseObject({ Statement: z.array(z.looseObject({})) });
export type PolicyDocument = z.output<typeof PolicyDocument>;

/** What a rule of a bucket's lifecycle does. */
const LifecycleRule = z.strictObject({
  isEnabled: z.boolean(),
  /** Empty: the whole bucket. */
  prefix: z.string(),
  expiresAfterDays: z.int().optional(),
  removesLoneMarkers: z.boolean().optional(),
  noncurrentExpiresAfterDays: z.int().optional(),
  abortsUploadsAfterDays: z.int().optional(),
  /** What else a rule does, by AWS's names: none of ours does anything else. */
  other: z.array(z.string()).optional(),
});
export type LifecycleRule = z.output<typeof LifecycleRule>;

const PublicAccessBlock = z.strictObject({
  blockPublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  ignorePublicAcls: z.boolean(),
  restrictPublicBuckets: z.boolean(),
});

/** What a table is set to that keeps its contents from vanishing or, for keys, from being copied. */
const TableSettings = z.strictObject({
  isProtectedFromDeletion: z.boolean(),
  /** 0: no point-in-time recovery at all. */
  recoveryDays: z.int().min(0).max(35),
  policy: PolicyDocument.optional(),
});
export type TableSettings = z.output<typeof TableSettings>;

/** What a bucket is set to that lets its contents end when they should, and not before. */
const BucketSettings = z.strictObject({
  lifecycle: z.array(LifecycleRule),
  isVersioned: z.boolean(),
  /** Object Lock's default retention; absent where nothing is locked. */
  lock: z.strictObject({ mode: z.enum(['COMPLIANCE', 'GOVERNANCE']), days: z.int() }).optional(),
  policy: PolicyDocument.optional(),
  publicAccessBlock: PublicAccessBlock.optional(),
});
export type BucketSettings = z.output<typeof BucketSettings>;

/** The settings of everything that a guarantee rests on, by the declared names of tables and buckets. */
export const Settings = z.strictObject({
  tables: z.record(z.string(), TableSettings),
  buckets: z.record(z.string(), BucketSettings),
});
export type Settings = z.output<typeof Settings>;

/** Where copies of keys could come from; there must be none. */
export interface CopiesOfKeys {
  /** ARNs of backups of any kind. */
  readonly backups: readonly string[];
  /** Names of tables that somebody restored. */
  readonly tables: readonly string[];
}

/** AWS did not say: the table or bucket is not there, or we may not ask. */
export const UNREADABLE = 'unreadable';
export type Unreadable = typeof UNREADABLE;
/** The same, as AWS says that it is. */
export interface InForce {
  readonly tables: Readonly<Record<string, TableSettings | Unreadable>>;
  readonly buckets: Readonly<Record<string, BucketSettings | Unreadable>>;
  readonly copiesOfKeys: CopiesOfKeys | Unreadable;
}
