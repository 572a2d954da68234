import { REGION } from '../account.ts';
import type { PutObject } from './exports.ts';

/** Writes objects as one holder of a key would; the SDK's client is loaded with the first, for nearly no start needs it. */
export function putObjectTo(
  endpoint: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): PutObject {
  const client = async () => {
    const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const s3 = new S3Client({ endpoint, credentials, region: REGION, forcePathStyle: true });
    return { s3, PutObjectCommand };
  };
  let loaded: ReturnType<typeof client> | undefined;
  return async (Bucket, Key, Body) => {
    loaded ??= client();
    const { s3, PutObjectCommand } = await loaded;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
}
