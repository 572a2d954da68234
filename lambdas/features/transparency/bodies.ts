import { gunzipSync, gzipSync } from 'node:zlib';
import { type ActivityEntry, entryHash } from './leaf.ts';
import type { Hash } from './merkle.ts';

/** The records of a batch as they lie in the offline bucket: with them a restored table is brought up to the log. */
export interface Bodies {
  readonly controller: string;
  /** Index of the first leaf. */
  readonly from: number;
  /** In the log's order; without a body where the record was gone before it could be copied. */
  readonly leaves: readonly { readonly hash: Hash; readonly entry?: ActivityEntry }[];
}

const FORMAT = 'vern-activity-bodies-1';

interface BodiesJson {
  readonly format: typeof FORMAT;
  readonly controller: string;
  readonly from: number;
  readonly leaves: readonly { readonly hash: string; readonly entry?: ActivityEntry }[];
}

export function packedBodies({ controller, from, leaves }: Bodies): Uint8Array {
  const lines = leaves.map(({ hash, entry }) => ({ hash: base64(hash), ...(entry && { entry }) }));
  return gzipSync(JSON.stringify({ format: FORMAT, controller, from, leaves: lines } satisfies BodiesJson));
}

/** A body that is not what its leaf is the hash of counts as none. Throws when it is no such file. */
export function unpackedBodies(packed: Uint8Array): Bodies {
  const { format, controller, from, leaves } = JSON.parse(gunzipSync(packed).toString()) as BodiesJson;
  if (format !== FORMAT) throw new Error('This file does not hold records of the log');
  return {
    controller,
    from,
    leaves: leaves.map(({ hash, entry }) => ({
      hash: new Uint8Array(Buffer.from(hash, 'base64')),
      ...(entry && base64(entryHash(entry)) === hash && { entry }),
    })),
  };
}

const base64 = (hash: Hash) => Buffer.from(hash).toString('base64');
