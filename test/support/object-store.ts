import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** S3 as the outside world that it is: objects in memory, `If-None-Match: *` honoured, nothing ever removed. */
export interface TestObjectStore {
  readonly client: S3Client;
  /** By `<bucket>/<key>`. */
  readonly objects: Map<string, Uint8Array>;
}

const KEYS_IN_A_PAGE = 1_000;

/** `before` and `after` see each call: what they throw is what its caller gets, done or not. */
export function anObjectStore(
  faults: { before?(command: object): void; after?(command: object): void } = {},
): TestObjectStore {
  const objects = new Map<string, Uint8Array>();

  function answer(command: object): object {
    if (command instanceof PutObjectCommand) {
      const { Bucket, Key, Body, IfNoneMatch } = command.input;
      const name = `${Bucket}/${Key}`;
      if (IfNoneMatch === '*' && objects.has(name)) throw refused('PreconditionFailed', 412);
      objects.set(name, Uint8Array.from(Body as Uint8Array));
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const { Bucket, Key } = command.input;
      const content = objects.get(`${Bucket}/${Key}`);
      if (!content) throw new NoSuchKey({ message: 'The specified key does not exist.', $metadata: {} });
      return { Body: { transformToByteArray: async () => Uint8Array.from(content) } };
    }
    if (command instanceof ListObjectsV2Command) {
      const { Bucket, Prefix = '', StartAfter = '', ContinuationToken } = command.input;
      const after = ContinuationToken ?? StartAfter;
      const keys = [...objects.keys()]
        .filter((name) => name.startsWith(`${Bucket}/${Prefix}`))
        .map((name) => name.slice(`${Bucket}/`.length))
        .filter((key) => key > after)
        .sort();
      const page = keys.slice(0, KEYS_IN_A_PAGE);
      return {
        Contents: page.map((Key) => ({ Key, LastModified: new Date(0) })),
        ...(keys.length > page.length && { NextContinuationToken: page.at(-1) }),
      };
    }
    throw new Error('an unexpected call to S3');
  }

  const send = async (command: object) => {
    faults.before?.(command);
    const answered = answer(command);
    faults.after?.(command);
    return answered;
  };
  return { client: { send } as unknown as S3Client, objects };
}

const refused = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
