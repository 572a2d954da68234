import {
  type Checkpoint,
  checkpointText,
  hashOf,
  parseCheckpoint,
  parseHead,
  parseSignedCheckpoint,
  type SignedCheckpoint,
} from './checkpoint.ts';

/**
 * A signed checkpoint as a letter carries it: whoever keeps the letter can show later what the log was that day, whatever
 * we have done since. One hash a line, nothing at the end of a line that a mail program could take away.
 */
export function witnessText({ checkpoint, head, index, inclusion }: SignedCheckpoint): string {
  const { stage } = parseHead(head.text);
  return [
    checkpointText(stage, checkpoint),
    head.text,
    `signature ${head.signature}\nkey ${head.keyId}\nindex ${index}\n`,
    ...inclusion.map((hash) => `with ${Buffer.from(hash).toString('base64')}\n`),
  ].join('');
}

export interface Witness {
  readonly stage: string;
  readonly checkpoint: Checkpoint;
  /** Absent when the text holds the checkpoint's three lines alone. */
  readonly signed?: SignedCheckpoint;
}

const CHECKPOINT_LINES = 3;
const HEAD_LINES = 6;
const HEAD_BEGINS = /^vern\/\S+\/heads$/;

/**
 * From a whole letter, quoted (`> `) or indented too, or saved by a mail program as it came (quoted-printable, RFC 2045,
 * section 6.7): what stands around is passed over. Throws when no checkpoint is in it.
 */
export function parseWitness(text: string): Witness {
  try {
    return witnessIn(text);
  } catch (error) {
    const decoded = text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));
    if (decoded === text) throw error;
    return witnessIn(decoded);
  }
}

function witnessIn(text: string): Witness {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/^[\s>]+|\s+$/g, ''))
    .filter((line) => line !== '');
  const block = (begin: RegExp, count: number) => {
    const first = lines.findIndex((line) => begin.test(line));
    return first < 0 ? undefined : `${lines.slice(first, first + count).join('\n')}\n`;
  };
  const firstOfHead = lines.findIndex((line) => HEAD_BEGINS.test(line));
  const behind = lines.slice(firstOfHead + HEAD_LINES);
  const end = behind.findIndex((line) => !/^(signature|key|index|with) /.test(line));
  // A whole mail holds all of it once more, as a page.
  const signing = end < 0 ? behind : behind.slice(0, end);
  const labelled = (label: string) =>
    signing.flatMap((line) => (line.startsWith(`${label} `) ? [line.slice(label.length + 1)] : []));

  const checkpointBlock = block(/^vern\/\S+\/log\/\S+$/, CHECKPOINT_LINES);
  if (checkpointBlock === undefined) throw new Error('There is no checkpoint in this text');
  const { stage, checkpoint } = parseCheckpoint(checkpointBlock);
  const head = block(HEAD_BEGINS, HEAD_LINES);
  if (head === undefined) return { stage, checkpoint };
  const signed = parseSignedCheckpoint({
    checkpoint: { ...checkpoint, root: Buffer.from(checkpoint.root).toString('base64') },
    head: { text: head, signature: labelled('signature')[0], keyId: labelled('key')[0] },
    index: Number(labelled('index')[0]),
    inclusion: labelled('with').filter(isHash),
  });
  return { stage, checkpoint, signed };
}

/** Other lines of the letter may begin with the same word. */
function isHash(text: string): boolean {
  try {
    return hashOf(text).length > 0;
  } catch {
    return false;
  }
}
