import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  EMPTY_ROOT,
  growingRange,
  type Hash,
  type HashAt,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  rangeProof,
  rootOf,
  rootOfRange,
  treeRoot,
} from '../../../lambdas/features/transparency/merkle.ts';
import { CONSISTENCY, EMPTY, INCLUSION, LEAVES, ROOTS } from './rfc6962-vectors.ts';

const SIZE_MAX = 260;
const hex = (hash: Hash) => Buffer.from(hash).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** Written straight from RFC 6962, section 2.1, and by no other way than the code under test goes: over the leaves themselves. */
function mth(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(mth(leaves.slice(0, half)), mth(leaves.slice(half)));
}
const subtrees = new WeakMap<readonly Hash[], Map<string, Hash>>();
function over(leaves: readonly Hash[], size = leaves.length): HashAt {
  const known = subtrees.get(leaves) ?? new Map<string, Hash>();
  subtrees.set(leaves, known);
  return async (level, index) => {
    if ((index + 1) * 2 ** level > size) throw new Error(`Subtree ${index} of level ${level} is not complete`);
    const name = `${level}/${index}`;
    const hash = known.get(name) ?? mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
    known.set(name, hash);
    return hash;
  };
}

const vectors = LEAVES.map((data) => leafHash(bytes(data)));
const many = Array.from({ length: SIZE_MAX }, (_, i) => leafHash(new TextEncoder().encode(`leaf ${i}`)));
/** Every root of the first n leaves, computed once. */
const roots = Array.from({ length: SIZE_MAX + 1 }, (_, size) => mth(many.slice(0, size)));
const flipped = (hash: Hash, bit: number) => hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

const size = fc.integer({ min: 1, max: SIZE_MAX });
const bit = fc.integer({ min: 0, max: 255 });

describe("RFC 6962's published vectors", () => {
  it('give the published roots, from leaves and from subtrees', async () => {
    expect(hex(EMPTY_ROOT)).toBe(EMPTY);
    expect(hex(rootOf([]))).toBe(EMPTY);
    expect(hex(await treeRoot(0, over([])))).toBe(EMPTY);
    for (const [i, root] of ROOTS.entries()) {
      expect(hex(rootOf(vectors.slice(0, i + 1)))).toBe(root);
      expect(hex(await treeRoot(i + 1, over(vectors.slice(0, i + 1))))).toBe(root);
    }
  });

  it.each(INCLUSION)('give the published path of leaf $index of $size, and it is accepted', async (vector) => {
    const { index, size, proof } = vector;
    expect((await inclusionProof(index, size, over(vectors))).map(hex)).toEqual(proof);
    const root = bytes(ROOTS[size - 1]!);
    expect(isIncluded({ leaf: vectors[index]!, index, size, proof: proof.map(bytes), root })).toBe(true);
  });

  it.each(CONSISTENCY)('give the published proof from $first to $second leaves, and it is accepted', async (vector) => {
    const { first, second, proof } = vector;
    expect((await consistencyProof(first, second, over(vectors))).map(hex)).toEqual(proof);
    const [firstRoot, secondRoot] = [bytes(ROOTS[first - 1]!), bytes(ROOTS[second - 1]!)];
    expect(isConsistent({ first, second, firstRoot, secondRoot, proof: proof.map(bytes) })).toBe(true);
  });
});

describe('a proof of inclusion', () => {
  it('is accepted for every leaf of every tree up to 140 leaves', async () => {
    for (let size = 1; size <= 140; size++) {
      const hashAt = over(many, size);
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, hashAt);
        expect(isIncluded({ leaf: many[index]!, index, size, proof, root: roots[size]! })).toBe(true);
      }
    }
  });

  it('is refused for another leaf, place, size, root, and with any bit or hash of it changed', async () => {
    const place = size.chain((size) => fc.record({ size: fc.constant(size), index: fc.nat({ max: size - 1 }) }));
    await fc.assert(
      fc.asyncProperty(place, bit, fc.nat(), async ({ size, index }, bit, at) => {
        const proof = await inclusionProof(index, size, over(many));
        const claim = { leaf: many[index]!, index, size, proof, root: roots[size]! };
        expect(isIncluded(claim)).toBe(true);
        expect(isIncluded({ ...claim, leaf: flipped(claim.leaf, bit) })).toBe(false);
        expect(isIncluded({ ...claim, root: flipped(claim.root, bit) })).toBe(false);
        expect(isIncluded({ ...claim, root: roots[size - 1]! })).toBe(false);
        expect(isIncluded({ ...claim, index: size })).toBe(false);
        expect(isIncluded({ ...claim, index: -1 })).toBe(false);
        expect(isIncluded({ ...claim, index: 0.5 })).toBe(false);
        expect(isIncluded({ ...claim, proof: [...proof, many[0]!] })).toBe(false);
        if (size > 1) {
          expect(isIncluded({ ...claim, index: (index + 1) % size })).toBe(false);
          expect(isIncluded({ ...claim, proof: proof.slice(1) })).toBe(false);
          expect(isIncluded({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
          const broken = proof.map((hash, i) => (i === at % proof.length ? flipped(hash, bit) : hash));
          expect(isIncluded({ ...claim, proof: broken })).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is not made of a leaf that is not there', async () => {
    await expect(inclusionProof(3, 3, over(many))).rejects.toThrow(RangeError);
    await expect(inclusionProof(-1, 3, over(many))).rejects.toThrow(RangeError);
    await expect(inclusionProof(0, 0, over(many))).rejects.toThrow(RangeError);
  });
});

describe('a proof of consistency', () => {
  it('is accepted between every two trees up to 140 leaves', async () => {
    for (let second = 0; second <= 140; second++) {
      const hashAt = over(many, second);
      for (let first = 0; first <= second; first++) {
        const proof = await consistencyProof(first, second, hashAt);
        const [firstRoot, secondRoot] = [roots[first]!, roots[second]!];
        expect(isConsistent({ first, second, firstRoot, secondRoot, proof })).toBe(true);
      }
    }
  });

  it('is refused for another root or size, and with any bit or hash of it changed', async () => {
    const sizes = size.chain((second) =>
      fc.record({ second: fc.constant(second), first: fc.integer({ min: 1, max: second }) }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, bit, fc.nat(), async ({ first, second }, bit, at) => {
        const proof = await consistencyProof(first, second, over(many));
        const claim = { first, second, firstRoot: roots[first]!, secondRoot: roots[second]!, proof };
        expect(isConsistent(claim)).toBe(true);
        expect(isConsistent({ ...claim, firstRoot: flipped(claim.firstRoot, bit) })).toBe(false);
        expect(isConsistent({ ...claim, secondRoot: flipped(claim.secondRoot, bit) })).toBe(false);
        expect(isConsistent({ ...claim, first: second + 1 })).toBe(false);
        expect(isConsistent({ ...claim, first: -1 })).toBe(false);
        expect(isConsistent({ ...claim, first: 0 })).toBe(false);
        expect(isConsistent({ ...claim, proof: [...proof, many[0]!] })).toBe(false);
        if (first < second) {
          const broken = proof.map((hash, i) => (i === at % proof.length ? flipped(hash, bit) : hash));
          expect(isConsistent({ ...claim, proof: broken })).toBe(false);
          expect(isConsistent({ ...claim, proof: proof.slice(1) })).toBe(false);
          expect(isConsistent({ ...claim, proof: [] })).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is refused when the log was rewritten behind what had been shown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 100 }), fc.nat(), async (first, at) => {
        const second = first + 20;
        const rewritten = many.map((leaf, i) => (i === at % first ? leafHash(leaf) : leaf)).slice(0, second);
        const proof = await consistencyProof(first, second, over(rewritten));
        const claim = { first, second, firstRoot: roots[first]!, secondRoot: mth(rewritten), proof };
        expect(isConsistent(claim)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('is not made from more leaves than there are', async () => {
    await expect(consistencyProof(4, 3, over(many))).rejects.toThrow(RangeError);
    await expect(consistencyProof(-1, 3, over(many))).rejects.toThrow(RangeError);
  });
});

describe('a proof of a range', () => {
  it('gives the root with the leaves inside, for every range of every tree up to 33 leaves', async () => {
    for (let size = 0; size <= 33; size++) {
      for (let from = 0; from <= size; from++) {
        for (let to = from; to <= size; to++) {
          const proof = await rangeProof(from, to, size, over(many, size));
          const leaves = many.slice(from, to);
          expect(hex(rootOfRange({ from, leaves, size, ...proof }))).toBe(hex(roots[size]!));
        }
      }
    }
  });

  it('gives the roots that the tree had on the way', async () => {
    const { left, right } = await rangeProof(37, 90, 200, over(many));
    const tree = growingRange({ from: 37, to: 90, size: 200, left, right });
    for (let index = 37; index < 90; index++) {
      expect(tree.size).toBe(index);
      expect(hex(tree.root())).toBe(hex(roots[index]!));
      expect(() => tree.wholeRoot()).toThrow(RangeError);
      tree.add(many[index]!);
    }
    expect(tree.size).toBe(90);
    expect(hex(tree.root())).toBe(hex(roots[90]!));
    expect(hex(tree.wholeRoot())).toBe(hex(roots[200]!));
    expect(() => tree.add(many[90]!)).toThrow(RangeError);
  });

  it('gives another root when a leaf or a hash around it was changed', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), bit, fc.nat(), async (size, a, b, bit, at) => {
        const [from = 0, to = 0] = [a % (size + 1), b % (size + 1)].sort((one, other) => one - other);
        const { left, right } = await rangeProof(from, to, size, over(many));
        const all = [...left, ...many.slice(from, to), ...right];
        const broken = all.map((hash, i) => (i === at % all.length ? flipped(hash, bit) : hash));
        const parts = {
          left: broken.slice(0, left.length),
          leaves: broken.slice(left.length, left.length + to - from),
          right: broken.slice(left.length + to - from),
        };
        expect(hex(rootOfRange({ from, size, ...parts }))).not.toBe(hex(roots[size]!));
      }),
      { numRuns: 150 },
    );
  });

  it('takes exactly the hashes that such a range has around it', async () => {
    const { left, right } = await rangeProof(5, 9, 21, over(many));
    const leaves = many.slice(5, 9);
    expect(() => rootOfRange({ from: 5, leaves, size: 21, left: left.slice(1), right })).toThrow(RangeError);
    expect(() => rootOfRange({ from: 5, leaves, size: 21, left, right: [...right, right[0]!] })).toThrow(RangeError);
    expect(() => rootOfRange({ from: 5, leaves, size: 8, left, right })).toThrow(RangeError);
  });
});
