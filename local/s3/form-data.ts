import { ByteReader } from './byte-reader.ts';
import { S3Error } from './errors.ts';

const FORM_BYTES_MAX = 20 * 1024;
const HEADER_LINE_BYTES_MAX = 4096;
const HEADER_LINES_MAX = 16;

/** A form up to its `file`: the fields by name in lower case, and the file's bytes still to be read. */
export interface UploadForm {
  fields: ReadonlyMap<string, string>;
  fileName: string;
  file: AsyncIterable<Buffer>;
}

/**
 * Reads `multipart/form-data` (RFC 7578) as S3 does: fields first, 20 KB at most; the file last, and whatever follows
 * it is ignored. Throws MalformedPOSTRequest.
 */
export async function readUploadForm(contentType: string, body: AsyncIterable<Buffer>): Promise<UploadForm> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  if (!boundary) throw new S3Error('MalformedPOSTRequest');
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`);
  // The first delimiter has no line break of its own before it.
  const reader = new ByteReader(precededBy(Buffer.from('\r\n'), body));
  await collect(reader.until(delimiter), FORM_BYTES_MAX);
  const fields = new Map<string, string>();
  let bytesLeft = FORM_BYTES_MAX;
  while ((await reader.line(HEADER_LINE_BYTES_MAX)) !== '--') {
    const disposition = await readDisposition(reader);
    if (disposition.name === 'file') {
      return { fields, fileName: disposition.fileName ?? '', file: reader.until(delimiter) };
    }
    if (fields.has(disposition.name)) throw new S3Error('MalformedPOSTRequest', `Repeated field ${disposition.name}.`);
    const value = await collect(reader.until(delimiter), bytesLeft);
    bytesLeft -= value.length;
    fields.set(disposition.name, value.toString('utf8'));
  }
  throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.', {
    details: { ArgumentName: 'file', ArgumentValue: '0' },
  });
}

async function readDisposition(reader: ByteReader): Promise<{ name: string; fileName: string | undefined }> {
  let disposition = '';
  for (let count = 0; count < HEADER_LINES_MAX; count += 1) {
    const line = await reader.line(HEADER_LINE_BYTES_MAX);
    if (line === '') break;
    if (/^content-disposition:/i.test(line)) disposition = line;
  }
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
  if (!name) throw new S3Error('MalformedPOSTRequest');
  return { name: name.toLowerCase(), fileName: /;\s*filename="([^"]*)"/i.exec(disposition)?.[1] };
}

async function collect(pieces: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const collected: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > bytesMax) throw new S3Error('MalformedPOSTRequest', 'Your POST request fields exceed the maximum size.');
    collected.push(piece);
  }
  return Buffer.concat(collected);
}

async function* precededBy(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
