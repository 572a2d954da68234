import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { createKeyRow } from './change-rows.ts';
import { classKeyRow, classKeyRowKey, newClassKey, openClassKey } from './class-keys.ts';
import { rowId } from './dynamo.ts';
import type { Owner, RetentionClass } from './entity.ts';
import { filePlace, type Session } from './record-reader.ts';
import { Closed, type Records } from './records.ts';
import { open, placeOf, seal } from './sealing.ts';

/** Before the sealed content: which generation of the class key it is sealed under, big-endian. */
const GENERATION_BYTES = 4;
const TRIES_MAX = 10;

/** Contents of files under the class key of whom they are about: what lies in a bucket dies with the key as well. */
export function fileSealing(session: Session): Pick<Records, 'sealFile' | 'openFile'> {
  const rowOf = async (owner: Owner, retentionClass: RetentionClass) => {
    const key = classKeyRowKey(session.tableNames.keys, owner, retentionClass);
    return { key, row: classKeyRow((await session.dynamo.batchGet([[key]])).get(rowId(key))) };
  };

  return {
    async sealFile(owner, retentionClass, place, content) {
      for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
        const { key, row } = await rowOf(owner, retentionClass);
        if (!row) {
          const { wrapped } = await newClassKey(session.ring, owner, retentionClass);
          await session.dynamo.transact([createKeyRow(key, wrapped)], randomUUID()).catch(unlessMadeByAnother);
          continue;
        }
        const classKey = await openClassKey(session.ring, owner, retentionClass, row, session);
        if (!classKey) throw new Closed('The key of a file is a fence or restricted');
        const generation = Buffer.alloc(GENERATION_BYTES);
        generation.writeUInt32BE(row.generation);
        return Buffer.concat([generation, seal(classKey, content, filePlace(owner, retentionClass, place))]);
      }
      throw new Error('A class key could not be made');
    },

    async openFile(owner, retentionClass, place, sealed) {
      const { row } = await rowOf(owner, retentionClass);
      if (!row || sealed.byteLength < GENERATION_BYTES) return undefined;
      const bytes = Buffer.from(sealed);
      if (bytes.readUInt32BE() !== row.generation) return undefined;
      const classKey = await openClassKey(session.ring, owner, retentionClass, row, session);
      return classKey && open(classKey, bytes.subarray(GENERATION_BYTES), filePlace(owner, retentionClass, place));
    },
  };
}

function unlessMadeByAnother(error: unknown): void {
  if (!(error instanceof TransactionCanceledException)) throw error;
}

/** AES-256. */
const CONTENT_KEY_BYTES = 32;

/** A key for one file's content alone, in base64: it is kept in the sealed record that holds the file, and nowhere else. */
export const newContentKey = (): string => randomBytes(CONTENT_KEY_BYTES).toString('base64');

/** Bound to where the content lies: moved to another file's or another organisation's place, it does not open. */
export const sealContent = (key: string, place: string, content: Uint8Array): Uint8Array =>
  seal(contentKey(key), content, contentPlace(place));

/** Throws `SealBroken`. */
export const openContent = (key: string, place: string, sealed: Uint8Array): Buffer =>
  open(contentKey(key), sealed, contentPlace(place));

const contentPlace = (place: string) => placeOf('file-content', place);

function contentKey(key: string): KeyObject {
  const material = Buffer.from(key, 'base64');
  if (material.byteLength !== CONTENT_KEY_BYTES) throw new Error('A content key of another length');
  const secret = createSecretKey(material);
  material.fill(0);
  return secret;
}
