import * as buckets from './bucket-settings.ts';
import { S3Error } from './errors.ts';
import { listMultipartUploads, listObjectsV2, listObjectVersions } from './listings.ts';
import * as multipart from './multipart.ts';
import { deleteObject, deleteObjects } from './object-deletes.ts';
import { getObject } from './object-reads.ts';
import * as settings from './object-settings.ts';
import { copyObject, putObject } from './object-writes.ts';
import type { BucketCall, ObjectCall, S3Response } from './operation.ts';
import type { S3Request } from './request.ts';

type Answer = S3Response | Promise<S3Response>;

// Every query parameter that makes a request a different operation: one without a handler below is refused, so that
// `PUT ?acl` is never taken for an object's bytes.
const subresources = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
];

const bucketOperations: Readonly<Record<string, (call: BucketCall) => Answer>> = {
  'HEAD ': buckets.headBucket,
  'GET list-type': listObjectsV2,
  'GET versions': listObjectVersions,
  'GET uploads': listMultipartUploads,
  'GET location': buckets.getBucketLocation,
  'GET versioning': buckets.getBucketVersioning,
  'GET lifecycle': buckets.getBucketLifecycle,
  'GET object-lock': buckets.getObjectLockConfiguration,
  'GET cors': buckets.getBucketCors,
  'GET encryption': buckets.getBucketEncryption,
  'GET policy': buckets.getBucketPolicy,
  'GET publicAccessBlock': buckets.getPublicAccessBlock,
  'POST delete': deleteObjects,
};

const objectOperations: Readonly<Record<string, (call: ObjectCall) => Answer>> = {
  'GET ': getObject,
  'HEAD ': getObject,
  'PUT ': (call) => (call.request.headers['x-amz-copy-source'] === undefined ? putObject(call) : copyObject(call)),
  'DELETE ': deleteObject,
  'POST uploads': multipart.createMultipartUpload,
  'PUT uploadId': multipart.uploadPart,
  'POST uploadId': multipart.completeMultipartUpload,
  'DELETE uploadId': multipart.abortMultipartUpload,
  'GET uploadId': multipart.listParts,
  'GET retention': settings.getObjectRetention,
  'PUT retention': settings.putObjectRetention,
  'GET legal-hold': settings.getObjectLegalHold,
  'PUT legal-hold': settings.putObjectLegalHold,
  'GET tagging': settings.getObjectTagging,
  'PUT tagging': settings.putObjectTagging,
  'DELETE tagging': settings.deleteObjectTagging,
};

/** Answers an authenticated request about a bucket or an object. Throws NotImplemented for an operation we lack. */
export function route(call: BucketCall): Answer {
  const { request } = call;
  const operation = operationName(request);
  const { key } = request;
  if (key === undefined) return found(bucketOperations, operation)(call);
  return found(objectOperations, operation)({ ...call, key });
}

function operationName({ method, query }: S3Request): string {
  const named = subresources.filter((name) => query.has(name));
  return `${method} ${named.join('&')}`;
}

function found<Operation>(operations: Readonly<Record<string, Operation>>, name: string): Operation {
  const operation = operations[name];
  if (!operation) throw new S3Error('NotImplemented', `${name.trim()} is not implemented here.`);
  return operation;
}
