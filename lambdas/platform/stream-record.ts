import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue as StreamValue } from 'aws-lambda';
import type { Row } from './dynamo.ts';

/** The part of a DynamoDB stream record that workers read where the stream carries keys only: keys and the kind of change. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, { readonly S?: string | undefined }>> | undefined;
      }
    | undefined;
}

/** An image as a stream's record gives it, as the SDK takes it. */
export const rowFromStream = (image: Readonly<Record<string, StreamValue>>): Row =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, fromStream(value)]));

/** Lambda gives binary attributes as base64 text; the SDK takes bytes. All other types are written alike. */
function fromStream({ B, BS, L, M, ...alike }: StreamValue): AttributeValue {
  if (B !== undefined) return { B: Buffer.from(B, 'base64') };
  if (BS !== undefined) return { BS: BS.map((bytes) => Buffer.from(bytes, 'base64')) };
  if (L !== undefined) return { L: L.map(fromStream) };
  if (M !== undefined) return { M: rowFromStream(M) };
  return alike as AttributeValue;
}
