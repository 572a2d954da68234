import { createHash, createHmac } from 'node:crypto';
import { type Attack, attack, type Unwrap } from './cryptanalysis.ts';
import { type Exhibit, type Sink, sealedIn } from './evidence.ts';
import { layersOf } from './layers.ts';
import { type Canary, finderOf, hmacNeedles } from './needles.ts';

/** A canary that was found, in plain sight or inside something that was opened. */
export interface Sighting {
  readonly canary: Canary;
  readonly sink: Sink;
  readonly place: string;
  readonly how: string;
  /** Of what was opened, where its row says so. */
  readonly retentionClass?: string | undefined;
}

export interface Investigation {
  readonly sightings: readonly Sighting[];
  readonly attack: Attack;
}

const IDLE_MILLISECONDS = 500;

/**
 * Looks for canaries in exhibits with full rights on KMS. Images of the same store differ little, and so do the exhibits of
 * several investigations: what was looked at once is not looked at again.
 */
export function investigator(canaries: readonly Canary[], unwrap: Unwrap) {
  const finder = finderOf(canaries);
  const known = new Map<string, readonly Found[]>();

  function foundIn(bytes: Uint8Array): readonly Found[] {
    const id = createHash('sha256').update(bytes).digest('base64');
    const found =
      known.get(id) ??
      layersOf(bytes).flatMap((layer, depth) =>
        finder
          .find(layer)
          .map(({ canary, encoding }) => ({ canary, how: depth === 0 ? encoding : `${encoding}, packed` })),
      );
    known.set(id, found);
    return found;
  }

  /**
   * What somebody learns who holds these exhibits: what lies in sight in any layer of them, what can be opened, and which
   * canary's value fits one of Lookup's HMACs.
   */
  return async function investigated(exhibits: readonly Exhibit[]): Promise<Investigation> {
    // Thinking keeps everybody waiting: connections that were closed meanwhile must be seen to be before KMS is asked.
    await new Promise((done) => setTimeout(done, IDLE_MILLISECONDS));
    const result = await attack(exhibits.flatMap(sealedIn), unwrap);
    const hmacs = finderOf(
      [],
      hmacNeedles(canaries, (value) => hmacsOf(value, result.kmsKeys)),
    );
    const inSight = exhibits.flatMap(({ sink, place, bytes }) => [
      ...foundIn(bytes).map(({ canary, how }) => ({ canary, sink, place, how: `in sight: ${how}` })),
      ...hmacs.find(bytes).map(({ canary, encoding }) => ({ canary, sink, place, how: `guessed: ${encoding}` })),
    ]);
    const opened = result.opened.flatMap(({ sealed: { sink, place, retentionClass }, plaintext }) => {
      const lay = { sink, place, retentionClass };
      return [
        ...foundIn(plaintext).map(({ canary, how }) => ({ ...lay, canary, how: `opened: ${how}` })),
        ...hmacs.find(plaintext).map(({ canary, encoding }) => ({ ...lay, canary, how: `opened: ${encoding}` })),
      ];
    });
    return { sightings: [...inSight, ...opened], attack: result };
  };
}

interface Found {
  readonly canary: Canary;
  readonly how: string;
}

/** As Lookup makes them (lambdas/platform/key-ring.ts), for everything that it could file such a value under. */
function hmacsOf(value: string, keys: readonly Buffer[]): string[] {
  const normalised = [value, value.normalize('NFC').trim().toLowerCase()];
  return keys.flatMap((key) =>
    ['email', 'phone', 'sub', 'name', 'import-row'].flatMap((kind) =>
      normalised.map((each) => createHmac('sha256', key).update(`${kind}|${each}`).digest('base64url')),
    ),
  );
}
