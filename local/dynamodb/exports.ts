import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BucketObjects } from './bucket-objects.ts';
import { tableArn } from './control.ts';

export interface ExportRequest {
  readonly tableName: string;
  readonly tableId: string;
  readonly bucket: string;
  readonly prefix: string | undefined;
  /** SSE-S3 unless the request names a key: the bucket's own default does not count (API reference). */
  readonly encryption: { readonly algorithm: 'AES256' | 'KMS'; readonly kmsKeyId: string | undefined };
  readonly clientToken: string | undefined;
  readonly startedAt: number;
  /** The moment that the export shows. */
  readonly exportTime: number;
}

export interface ExportResult {
  readonly exportArn: string;
  readonly itemCount: number;
  readonly billedSizeBytes: number;
  readonly manifestKey: string;
}

/** Items held in memory for one data file. */
const ITEMS_PER_FILE_MAX = 10_000;

/** `<milliseconds>-<8 hexadecimal digits>`, as AWS names exports. */
export function newExportArn(tableName: string, epochMilliseconds: number): string {
  return `${tableArn(tableName)}/export/${String(epochMilliseconds).padStart(17, '0')}-${randomBytes(4).toString('hex')}`;
}

/**
 * A full export in DynamoDB JSON, file by file as AWS writes it (developer guide, "DynamoDB table export output format"):
 * `_started`, data files, `manifest-files.json`, `manifest-summary.json`, and a checksum of each manifest.
 */
export async function writeExport(
  exportArn: string,
  request: ExportRequest,
  items: AsyncIterable<unknown>,
  objects: BucketObjects,
  nowMilliseconds: () => number,
): Promise<ExportResult> {
  const { bucket, prefix, encryption } = request;
  const folder = `${prefix ? `${prefix.replace(/\/$/, '')}/` : ''}AWSDynamoDB/${exportArn.split('/').at(-1)}`;
  const put = (name: string, body: Buffer | string) =>
    objects.put(bucket, `${folder}/${name}`, typeof body === 'string' ? Buffer.from(body) : body, {
      algorithm: encryption.algorithm === 'KMS' ? 'aws:kms' : 'AES256',
      kmsKeyId: encryption.kmsKeyId,
    });
  await put('_started', '');
  const files: string[] = [];
  let itemCount = 0;
  let bytes = 0;
  for await (const batch of filesOfItems(items)) {
    const lines = batch.map((Item) => `${JSON.stringify({ Item })}\n`).join('');
    const data = gzipSync(lines);
    const name = `data/${randomBytes(16)
      .toString('base64url')
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '0')}.json.gz`;
    await put(name, data);
    files.push(manifestLine(batch.length, data, `${folder}/${name}`));
    itemCount += batch.length;
    bytes += lines.length;
  }
  await putManifest('manifest-files', files.join(''));
  await putManifest('manifest-summary', JSON.stringify(summary()));
  return { exportArn, itemCount, billedSizeBytes: bytes, manifestKey: `${folder}/manifest-summary.json` };

  async function putManifest(name: string, contents: string): Promise<void> {
    await put(`${name}.json`, contents);
    await put(`${name}.checksum`, createHash('md5').update(contents).digest('base64'));
  }

  function summary() {
    return {
      version: '2023-08-01',
      exportArn,
      startTime: new Date(request.startedAt).toISOString(),
      endTime: new Date(nowMilliseconds()).toISOString(),
      tableArn: tableArn(request.tableName),
      tableId: request.tableId,
      exportTime: new Date(request.exportTime).toISOString(),
      s3Bucket: bucket,
      s3Prefix: prefix ?? null,
      s3SseAlgorithm: request.encryption.algorithm,
      s3SseKmsKeyId: request.encryption.kmsKeyId ?? null,
      manifestFilesS3Key: `${folder}/manifest-files.json`,
      billedSizeBytes: bytes,
      itemCount,
      outputFormat: 'DYNAMODB_JSON',
      outputView: null,
      exportType: 'FULL_EXPORT',
      clientToken: request.clientToken ?? null,
    };
  }
}

function manifestLine(itemCount: number, data: Buffer, dataFileS3Key: string): string {
  const md5 = createHash('md5').update(data).digest();
  return `${JSON.stringify({ itemCount, md5Checksum: md5.toString('base64'), etag: md5.toString('hex'), dataFileS3Key })}\n`;
}

async function* filesOfItems(all: AsyncIterable<unknown>): AsyncGenerator<readonly unknown[]> {
  let items: unknown[] = [];
  for await (const item of all) {
    items.push(item);
    if (items.length < ITEMS_PER_FILE_MAX) continue;
    yield items;
    items = [];
  }
  if (items.length > 0) yield items;
}
