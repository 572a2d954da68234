import type { ControllerId } from '../../platform/entity.ts';
import type { Files } from '../../platform/files.ts';
import type { LogTable } from '../../platform/log-table.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { leavesIn, logKeys, tileReader } from './log-files.ts';
import { consistencyProof, type Hash, inclusionProof, rangeProof } from './merkle.ts';
import { hashAtFrom } from './tiles.ts';

/** The log as readers have it. Sizes and indexes are of leaves; a size that the log never had throws RangeError. */
export interface TransparencyLog {
  /** The newest that has been signed; undefined while there is none. */
  checkpoint(controller: ControllerId): Promise<SignedCheckpoint | undefined>;
  /** Leaf hashes [from, to). */
  leaves(controller: ControllerId, from: number, to: number): Promise<readonly Hash[]>;
  /** RFC 6962, section 2.1.1. */
  inclusionProof(controller: ControllerId, index: number, size: number): Promise<readonly Hash[]>;
  /** RFC 6962, section 2.1.2. */
  consistencyProof(controller: ControllerId, first: number, second: number): Promise<readonly Hash[]>;
  rangeProof(
    controller: ControllerId,
    from: number,
    to: number,
    size: number,
  ): Promise<{ readonly left: readonly Hash[]; readonly right: readonly Hash[] }>;
}

export function transparencyLog(table: Pick<LogTable, 'state'>, files: Pick<Files, 'get'>): TransparencyLog {
  /** Up to the size that is known now all tiles are there. */
  async function hashAt(controller: ControllerId, size: number) {
    const { size: current } = await table.state(controller);
    if (size > current) throw new RangeError(`The log has ${current} leaves, not ${size}`);
    return hashAtFrom(tileReader(files, controller, current), size);
  }

  return {
    async checkpoint(controller) {
      const { signedSize } = await table.state(controller);
      if (signedSize === 0) return undefined;
      const content = await files.get(logKeys.checkpoint(controller, signedSize));
      if (!content) throw new Error(`The signed checkpoint of ${controller} at ${signedSize} cannot be read`);
      return parseSignedCheckpoint(JSON.parse(Buffer.from(content).toString()));
    },

    async leaves(controller, from, to) {
      const { size: current } = await table.state(controller);
      if (from < 0 || from > to || to > current) throw new RangeError(`No leaves [${from}, ${to}) of ${current}`);
      return leavesIn(files, controller, { from, to, current });
    },

    async inclusionProof(controller, index, size) {
      return inclusionProof(index, size, await hashAt(controller, size));
    },
    async consistencyProof(controller, first, second) {
      return consistencyProof(first, second, await hashAt(controller, second));
    },
    async rangeProof(controller, from, to, size) {
      return rangeProof(from, to, size, await hashAt(controller, size));
    },
  };
}
