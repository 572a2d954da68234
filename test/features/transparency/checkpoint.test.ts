import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  checkpointLeaf,
  checkpointText,
  faultOf,
  type Head,
  headHash,
  headText,
  parseCheckpoint,
  parseHead,
  parseSignedCheckpoint,
  publicKeyOf,
  type SignedCheckpoint,
  signedCheckpointJson,
} from '../../../lambdas/features/transparency/checkpoint.ts';
import { inclusionProof, leafHash, rootOf } from '../../../lambdas/features/transparency/merkle.ts';
import { parseWitness, witnessText } from '../../../lambdas/features/transparency/witness-text.ts';

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const root = leafHash(Uint8Array.of(7));
const organisation = (i: number) =>
  `org_01jd8m3v5c2w7x9y4z6a8b0c${String(i).padStart(2, '0')}` as Checkpoint['controller'];
const checkpoints = Array.from({ length: 5 }, (_, i) => ({ controller: organisation(i), size: i * 10, root }));

async function signedOf(index: number, stage = 'test', previous = ''): Promise<SignedCheckpoint> {
  const leaves = checkpoints.map((checkpoint) => checkpointLeaf(stage, checkpoint));
  const head: Head = { number: 9, at: '2026-03-02T07:00:00.000Z', size: 5, root: rootOf(leaves), previous };
  const text = headText(stage, head);
  const signature = sign('sha256', Buffer.from(text), keys.privateKey).toString('base64url');
  const hashAt = async (level: number, i: number) => rootOf(leaves.slice(i * 2 ** level, (i + 1) * 2 ** level));
  const inclusion = await inclusionProof(index, leaves.length, hashAt);
  return { checkpoint: checkpoints[index]!, head: { text, signature, keyId: 'key-1' }, index, inclusion };
}

describe('a checkpoint', () => {
  it('is three lines: origin, size, root', () => {
    const text = checkpointText('prod', { controller: 'operator', size: 20_852_163, root });
    expect(text).toBe(`vern/prod/log/operator\n20852163\n${Buffer.from(root).toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual({
      stage: 'prod',
      checkpoint: { controller: 'operator', size: 20_852_163, root },
    });
  });

  it.each([
    ['a size with a zero in front', (text: string) => text.replace('\n30\n', '\n030\n')],
    ['a line more', (text: string) => `${text}more\n`],
    ['no line end', (text: string) => text.trimEnd()],
    ['another origin', (text: string) => text.replace('vern/', 'verne/')],
    ['a root of other bytes', (text: string) => text.replace(/.=\n$/, '\n')],
  ])('is refused with %s', (_, change) => {
    const text = checkpointText('prod', checkpoints[3]!);
    expect(() => parseCheckpoint(text)).not.toThrow();
    expect(() => parseCheckpoint(change(text))).toThrow();
  });
});

describe('a head', () => {
  it('says number, moment and the head before', () => {
    const first: Head = { number: 1, at: '2026-03-02T07:00:00.000Z', size: 2, root, previous: '' };
    expect(parseHead(headText('prod', first))).toEqual({ stage: 'prod', head: first });
    const second = { ...first, number: 2, previous: headHash(headText('prod', first)) };
    expect(parseHead(headText('prod', second))).toEqual({ stage: 'prod', head: second });
  });
});

describe('a signed checkpoint', () => {
  it('is accepted with the key that signed its head, given as PEM or as base64', async () => {
    const spki = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (let index = 0; index < checkpoints.length; index++) {
      expect(faultOf(await signedOf(index), publicKeyOf(spki))).toBeUndefined();
      expect(faultOf(await signedOf(index), publicKeyOf(pem))).toBeUndefined();
    }
  });

  it('is refused with another key, another head, and for what the head does not hold', async () => {
    const signed = await signedOf(3);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    expect(faultOf(signed, other)).toBe('forged-head');
    const { head, checkpoint } = signed;
    const forged = { ...signed, head: { ...head, text: head.text.replace('number 9', 'number 8') } };
    expect(faultOf(forged, keys.publicKey)).toBe('forged-head');
    expect(faultOf({ ...signed, head: { ...head, text: 'anything' } }, keys.publicKey)).toBe('no-head');
    const shorter = { ...signed, checkpoint: { ...checkpoint, size: 29 } };
    expect(faultOf(shorter, keys.publicKey)).toBe('not-in-head');
    expect(faultOf({ ...signed, checkpoint: checkpoints[2]! }, keys.publicKey)).toBe('not-in-head');
    expect(faultOf({ ...signed, index: 2 }, keys.publicKey)).toBe('not-in-head');
  });

  it('goes through JSON unchanged, and nothing else comes out of JSON', async () => {
    const signed = await signedOf(3);
    const json = JSON.parse(JSON.stringify(signedCheckpointJson(signed)));
    expect(parseSignedCheckpoint(json)).toEqual(signed);
    expect(() => parseSignedCheckpoint({ ...json, more: 1 })).toThrow();
    expect(() => parseSignedCheckpoint({ ...json, inclusion: ['AA=='] })).toThrow();
    expect(() => parseSignedCheckpoint({ ...json, index: -1 })).toThrow();
  });
});

describe('the text that a letter carries', () => {
  it('is found again in the whole letter, quoted and with other line ends', async () => {
    const signed = await signedOf(3);
    const letter = `Hei,\n\nwith kind regards\n\n${witnessText(signed)}\nwith love\n`;
    const quoted = letter
      .split('\n')
      .map((line) => `> ${line}  `)
      .join('\r\n');
    for (const text of [letter, quoted]) {
      expect(parseWitness(text)).toEqual({ stage: 'test', checkpoint: signed.checkpoint, signed });
    }
  });

  it('may be the checkpoint alone', () => {
    expect(parseWitness(checkpointText('test', checkpoints[3]!))).toEqual({
      stage: 'test',
      checkpoint: checkpoints[3],
    });
    expect(() => parseWitness('nothing of the kind')).toThrow('no checkpoint');
  });
});
