import { REGION } from '../account.ts';

export interface ObjectEncryption {
  readonly algorithm?: 'AES256' | 'aws:kms';
  readonly kmsKeyId?: string | undefined;
}

/** Objects as one holder of a key reads and writes them. */
export interface BucketObjects {
  /** Encrypted as told, or else as the bucket does by itself. */
  put(bucket: string, key: string, body: Buffer, encryption?: ObjectEncryption): Promise<void>;
  /** Keys with the prefix, in S3's order. */
  list(bucket: string, prefix: string): AsyncIterable<string>;
  read(bucket: string, key: string): Promise<Buffer>;
}

/** The SDK's client is loaded with the first call, for nearly no start needs it. */
export function bucketObjectsAt(
  endpoint: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): BucketObjects {
  const client = async () => {
    const sdk = await import('@aws-sdk/client-s3');
    const s3 = new sdk.S3Client({ endpoint, credentials, region: REGION, forcePathStyle: true });
    return { s3, sdk };
  };
  let loaded: ReturnType<typeof client> | undefined;
  const opened = () => {
    loaded ??= client();
    return loaded;
  };
  return {
    async put(Bucket, Key, Body, { algorithm, kmsKeyId } = {}) {
      const { s3, sdk } = await opened();
      const encryption = { ServerSideEncryption: algorithm, SSEKMSKeyId: kmsKeyId };
      await s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...encryption }));
    },
    async *list(Bucket, Prefix) {
      const { s3, sdk } = await opened();
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    async read(Bucket, Key) {
      const { s3, sdk } = await opened();
      const { Body } = await s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
  };
}
