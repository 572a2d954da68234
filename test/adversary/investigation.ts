import { createHmac } from 'node:crypto';
import { type Attack, attack, type Unwrap } from './cryptanalysis.ts';
import { type Exhibit, type Sealed, type Sink, sealedIn } from './evidence.ts';
import { layersOf } from './layers.ts';
import { type Canary, type Finder, finderOf, hmacNeedles } from './needles.ts';

/** A canary that was found, in plain sight or inside something that was opened. */
export interface Sighting {
  readonly canary: Canary;
  readonly sink: Sink;
  readonly place: string;
  readonly how: string;
}

export interface Investigation {
  readonly sightings: readonly Sighting[];
  readonly attack: Attack;
}

/**
 * What somebody learns who holds these exhibits and has full rights on KMS: looks for the canaries in every layer of
 * every exhibit, opens all that can be opened, looks there, and tries each canary's value against Lookup's HMACs.
 */
export async function investigated(
  exhibits: readonly Exhibit[],
  canaries: readonly Canary[],
  unwrap: Unwrap,
): Promise<Investigation> {
  const sealed: Sealed[] = exhibits.flatMap(sealedIn);
  const result = await attack(sealed, unwrap);
  const hmacs = hmacNeedles(canaries, (value) => hmacsOf(value, result.kmsKeys));
  const finder = finderOf(canaries, hmacs);
  const inSight = exhibits.flatMap(({ sink, place, bytes }) => sightingsIn(finder, bytes, sink, place, 'in sight'));
  const opened = result.opened.flatMap(({ sealed: { sink, place }, plaintext }) =>
    sightingsIn(finder, plaintext, sink, place, 'opened'),
  );
  return { sightings: [...inSight, ...opened], attack: result };
}

const looked = new WeakMap<Finder, Map<string, readonly { canary: Canary; how: string }[]>>();

function sightingsIn(finder: Finder, bytes: Uint8Array, sink: Sink, place: string, how: string): Sighting[] {
  // Images of the same store differ little: what was looked at once is not looked at again.
  const known = looked.get(finder) ?? new Map<string, readonly { canary: Canary; how: string }[]>();
  looked.set(finder, known);
  const id = Buffer.from(bytes).toString('latin1');
  const found =
    known.get(id) ??
    layersOf(bytes).flatMap((layer, depth) =>
      finder
        .find(layer)
        .map(({ canary, encoding }) => ({ canary, how: depth === 0 ? encoding : `${encoding}, packed` })),
    );
  known.set(id, found);
  return found.map((one) => ({ canary: one.canary, sink, place, how: `${how}: ${one.how}` }));
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
