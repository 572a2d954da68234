import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileInZip } from '../lambdas/features/exports/zip.ts';
import { BUNDLE_LINE_CHARACTERS_MAX } from '../lambdas/features/transparency/bundle.ts';
import { parseHead, publicKeyOf } from '../lambdas/features/transparency/checkpoint.ts';
import { leavesText } from '../lambdas/features/transparency/finding.ts';
import { type Verification, verifyLog } from '../lambdas/features/transparency/verify.ts';
import { parseWitness } from '../lambdas/features/transparency/witness-text.ts';

const usage = `npm run verify:log -- FILE [--key KEY] [--witness FILE]… [--part]
  FILE      an export of the activity log: the .zip, or the log.jsonl in it
  --key     the service's public key: a PEM file, or its text in base64 (GET /v1/proofs/keys). Without it the key in the
            .zip is used, which shows that nothing was changed since, and not who made it
  --witness a letter with a checkpoint of the log, or its lines in a text file
  --part    only a part of the log was asked for: leaves outside the file are no finding
Needs no network. Ends with 0 when every event is as it was signed, 1 when anything is wrong, 2 when it was asked wrongly.`;

const LOG_IN_ZIP = 'log/log.jsonl';
const KEY_IN_ZIP = 'public-key.pem';
const KEY_BYTES_MAX = 10_000;

/** The findings as text, and what the file is; throws with a text for people when it was asked wrongly. */
export async function verifyFile(args: readonly string[]): Promise<{ isClean: boolean; lines: readonly string[] }> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      witness: { type: 'string', multiple: true, default: [] },
      part: { type: 'boolean', default: false },
    },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error('One file is checked at a time');
  if (!existsSync(file)) throw new Error(`There is no file ${file}`);
  const isZip = await isZipFile(file);
  const keyText = values.key === undefined ? await keyIn(file, isZip) : textOrFile(values.key);
  const key = publicKeyOf(keyText);
  const witnesses = values.witness.map((witness) => parseWitness(readFileSync(witness, 'utf8')));
  const lines = () => linesOf(isZip ? fileInZip(inSips(file), LOG_IN_ZIP) : createReadStream(file));
  const verification = await verifyLog(lines, { key, witnesses, isPart: values.part });
  const isOwnKey = values.key === undefined;
  const unsigned = witnesses.filter(({ signed }) => signed === undefined).length;
  const said = report(verification, { isOwnKey, isZip, letters: witnesses.length, unsigned });
  return { isClean: verification.findings.length === 0, lines: said.map(printable) };
}

function report(
  { findings, header, entries, writers, witnessesAgreed }: Verification,
  {
    isOwnKey,
    isZip,
    letters,
    unsigned,
  }: { readonly isOwnKey: boolean; readonly isZip: boolean; readonly letters: number; readonly unsigned: number },
) {
  const lines: string[] = [];
  if (header) {
    const { controller, stage, from, to, size } = header;
    const range = from === to ? 'no leaves' : leavesText(from, to);
    lines.push(`Log of ${controller} (${stage}): ${range} of ${size}, ${entries} events of ${writers} writers.`);
    const head = headOf(header.signed.head.text);
    if (head) lines.push(`Signed ${head.at} under head ${head.number}, key ${header.signed.head.keyId}.`);
  }
  if (isOwnKey) lines.push('The key is the one in the file: give the published one with --key to know who signed.');
  if (letters > 0) lines.push(`${witnessesAgreed} of ${letters} kept checkpoints agree.`);
  if (unsigned > 0) {
    const carry = unsigned === 1 ? 'carries' : 'carry';
    lines.push(`${unsigned} of the kept checkpoints ${carry} no signature: it is worth what its keeping is worth.`);
  }
  if (isZip) {
    lines.push(
      'Checked is log/log.jsonl. The pages and the spreadsheet beside it are copies for reading, and not signed.',
    );
  }
  for (const { kind, leaf, eventId, text } of findings) {
    const place = [leaf === undefined ? undefined : `leaf ${leaf}`, eventId].filter((part) => part !== undefined);
    lines.push(`${[kind.toUpperCase(), ...place].join(' ')}: ${text}`);
  }
  lines.push(findings.length === 0 ? 'OK: every event is as it was signed.' : `NOT OK: ${findings.length} findings.`);
  return lines;
}

/** A hostile file must not move the cursor, or begin a line of its own: it could take back what was found. */
const printable = (line: string) => line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');

function headOf(text: string) {
  try {
    return parseHead(text).head;
  } catch {
    return undefined;
  }
}

const textOrFile = (value: string) => (existsSync(value) ? readFileSync(value, 'utf8') : value);

/** What is inflated grows a thousandfold at most: so little at a time that a hostile .zip cannot fill the memory. */
const inSips = (file: string) => createReadStream(file, { highWaterMark: 4096 });

/** By its first two bytes, `PK`, whatever it is called. */
async function isZipFile(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString('latin1') === 'PK';
  } finally {
    await handle.close();
  }
}

async function keyIn(file: string, isZip: boolean): Promise<string> {
  let text = '';
  if (isZip) {
    for await (const chunk of fileInZip(inSips(file), KEY_IN_ZIP)) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.length > KEY_BYTES_MAX) break;
    }
  }
  if (text === '') throw new Error('The file holds no key: give it with --key');
  return text;
}

/** Without their ends; a line longer than any that is written ends it, so that a file cannot fill the memory. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > BUNDLE_LINE_CHARACTERS_MAX) throw new Error('A line is too long to be of a log');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

if (import.meta.main) {
  try {
    const { isClean, lines } = await verifyFile(process.argv.slice(2));
    for (const line of lines) console.log(line);
    process.exitCode = isClean ? 0 : 1;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 2;
  }
}
