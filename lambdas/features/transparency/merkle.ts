import { createHash } from 'node:crypto';

/** The Merkle tree of RFC 6962, section 2.1, and its proofs. Sizes and indexes are safe integers, never bit patterns. */

/** SHA-256: 32 bytes. */
export type Hash = Uint8Array;
export const HASH_BYTES = 32;

/** The root of the complete subtree of the 2^level leaves that begin at leaf index * 2^level; level 0 is a leaf. */
export type HashAt = (level: number, index: number) => Promise<Hash>;

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Hash => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export const leafHash = (data: Uint8Array): Hash => sha256(LEAF_PREFIX, data);
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(NODE_PREFIX, left, right);
/** The root of a tree without leaves: the hash of nothing. */
export const EMPTY_ROOT: Hash = sha256();

export const isSameHash = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

/** MTH(D[size]), section 2.1. */
export const treeRoot = (size: number, hashAt: HashAt): Promise<Hash> => rootOfSpan({ from: 0, to: size }, hashAt);

/** MTH of leaves at hand (each already hashed). */
export function rootOf(leaves: readonly Hash[]): Hash {
  const root = growingTree();
  for (const leaf of leaves) root.add(leaf);
  return root.root();
}

/** PATH(index, D[size]), section 2.1.1: the siblings from the leaf up. Throws RangeError when there is no such leaf. */
export async function inclusionProof(index: number, size: number, hashAt: HashAt): Promise<readonly Hash[]> {
  if (!isWithin(index, size)) throw new RangeError(`No leaf ${index} in a tree of ${size}`);
  const siblings: Span[] = [];
  let span = { from: 0, to: size };
  while (span.to - span.from > 1) {
    const [left, right] = halves(span);
    siblings.push(index < right.from ? right : left);
    span = index < right.from ? left : right;
  }
  return rootsOf(siblings.reverse(), hashAt);
}

/** PROOF(first, D[second]), section 2.1.2. Empty for the same size, and from an empty tree. Throws RangeError else. */
export async function consistencyProof(first: number, second: number, hashAt: HashAt): Promise<readonly Hash[]> {
  if (!isWithin(first, second + 1)) throw new RangeError(`A tree of ${second} never had ${first} leaves`);
  if (first === 0) return [];
  const spans: Span[] = [];
  let span = { from: 0, to: second };
  while (span.to !== first) {
    const [left, right] = halves(span);
    spans.push(first <= right.from ? right : left);
    span = first <= right.from ? left : right;
  }
  // The whole first tree is known to whoever asks; a part of it is not.
  if (span.from > 0) spans.push(span);
  return rootsOf(spans.reverse(), hashAt);
}

/** RFC 9162, section 2.1.3.2. */
export function isIncluded(claim: {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}): boolean {
  const { leaf, index, size, proof, root } = claim;
  if (!isWithin(index, size)) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSameHash(hash, root);
}

/** RFC 9162, section 2.1.4.2; the same size needs the same root, and everything is consistent with the empty tree. */
export function isConsistent(claim: {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Hash;
  readonly secondRoot: Hash;
  readonly proof: readonly Hash[];
}): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!isWithin(first, second + 1)) return false;
  if (first === second) return proof.length === 0 && isSameHash(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && isSameHash(firstRoot, EMPTY_ROOT);
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  const [start, ...rest] = path;
  if (start === undefined || proof.length === 0) return false;
  let node = first - 1;
  let last = second - 1;
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [firstHash, secondHash] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      firstHash = nodeHash(sibling, firstHash);
      secondHash = nodeHash(sibling, secondHash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      secondHash = nodeHash(secondHash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSameHash(firstHash, firstRoot) && isSameHash(secondHash, secondRoot);
}

/** The fewest complete subtrees outside [from, to): with them the leaves inside give the root of the whole tree. */
export async function rangeProof(
  from: number,
  to: number,
  size: number,
  hashAt: HashAt,
): Promise<{ left: readonly Hash[]; right: readonly Hash[] }> {
  const { left, right } = outsideOf(from, to, size);
  const hashes = (subtrees: readonly Subtree[]) =>
    Promise.all(subtrees.map(({ level, index }) => hashAt(level, index)));
  const [leftHashes, rightHashes] = await Promise.all([hashes(left), hashes(right)]);
  return { left: leftHashes, right: rightHashes };
}

/** Throws RangeError when `left` or `right` has not as many hashes as a proof of that range has. */
export function rootOfRange(range: {
  readonly from: number;
  readonly leaves: readonly Hash[];
  readonly size: number;
  readonly left: readonly Hash[];
  readonly right: readonly Hash[];
}): Hash {
  const tree = growingRange({ ...range, to: range.from + range.leaves.length });
  for (const leaf of range.leaves) tree.add(leaf);
  return tree.wholeRoot();
}

/** A tree that grows leaf by leaf and remembers its complete subtrees alone. */
interface GrowingTree {
  readonly size: number;
  add(leaf: Hash): void;
  /** As long as the tree is now. */
  root(): Hash;
}
export interface GrowingRange extends GrowingTree {
  /** Of the whole tree; throws RangeError before all leaves of the range are there. */
  wholeRoot(): Hash;
}

/** The leaves [from, to) one by one, with the hashes of `rangeProof` around them. */
export function growingRange(range: {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly left: readonly Hash[];
  readonly right: readonly Hash[];
}): GrowingRange {
  const { from, to, size, left, right } = range;
  const outside = outsideOf(from, to, size);
  if (outside.left.length !== left.length || outside.right.length !== right.length) {
    throw new RangeError(`[${from}, ${to}) of ${size} takes other hashes around it`);
  }
  const tree = growingTree();
  for (const [i, { level }] of outside.left.entries()) tree.addSubtree(level, left[i]!);
  return {
    get size() {
      return tree.size;
    },
    add(leaf) {
      if (tree.size >= to) throw new RangeError(`More leaves than [${from}, ${to})`);
      tree.add(leaf);
    },
    root: tree.root,
    wholeRoot() {
      if (tree.size !== to) throw new RangeError(`Fewer leaves than [${from}, ${to})`);
      const whole = tree.copy();
      for (const [i, { level }] of outside.right.entries()) whole.addSubtree(level, right[i]!);
      return whole.root();
    },
  };
}

/** Its state is a stack of complete subtrees, the largest first, as the ones in the binary form of the size. */
function growingTree(begun: readonly LevelledHash[] = []): GrowingSubtrees {
  const stack = [...begun];
  let size = begun.reduce((leaves, { level }) => leaves + 2 ** level, 0);
  const addSubtree = (level: number, hash: Hash) => {
    let node = { level, hash };
    for (let top = stack.at(-1); top !== undefined && top.level === node.level; top = stack.at(-1)) {
      stack.pop();
      node = { level: node.level + 1, hash: nodeHash(top.hash, node.hash) };
    }
    stack.push(node);
    size += 2 ** level;
  };
  return {
    get size() {
      return size;
    },
    add: (leaf: Hash) => addSubtree(0, leaf),
    addSubtree,
    root: () => fold(stack.map(({ hash }) => hash)),
    copy: () => growingTree(stack),
  };
}
interface GrowingSubtrees extends GrowingTree {
  addSubtree(level: number, hash: Hash): void;
  copy(): GrowingSubtrees;
}
interface LevelledHash {
  readonly level: number;
  readonly hash: Hash;
}

/** Leaves [from, to). */
interface Span {
  readonly from: number;
  readonly to: number;
}
interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** The fewest complete subtrees that cover a span, from left to right. */
function subtreesOf({ from, to }: Span): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
}

function outsideOf(from: number, to: number, size: number) {
  if (!isWithin(from, to + 1) || !isWithin(to, size + 1)) throw new RangeError(`No [${from}, ${to}) in ${size} leaves`);
  return { left: subtreesOf({ from: 0, to: from }), right: subtreesOf({ from: to, to: size }) };
}

/** Of a span as the tree itself is made of: it begins where its larger half may begin. */
async function rootOfSpan(span: Span, hashAt: HashAt): Promise<Hash> {
  return fold(await Promise.all(subtreesOf(span).map(({ level, index }) => hashAt(level, index))));
}
const rootsOf = (spans: readonly Span[], hashAt: HashAt) => Promise.all(spans.map((span) => rootOfSpan(span, hashAt)));

/** Subtrees of falling size give their root from the right. */
function fold(subtrees: readonly Hash[]): Hash {
  const last = subtrees.at(-1);
  if (last === undefined) return EMPTY_ROOT;
  return subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The left half is complete and holds the largest power of two of leaves that is less than all. */
function halves({ from, to }: Span): readonly [Span, Span] {
  let leaves = 1;
  while (leaves * 2 < to - from) leaves *= 2;
  return [
    { from, to: from + leaves },
    { from: from + leaves, to },
  ];
}

const isWithin = (index: number, end: number) => Number.isSafeInteger(index) && index >= 0 && index < end;
const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
const isPowerOfTwo = (n: number) => subtreesOf({ from: 0, to: n }).length === 1;
