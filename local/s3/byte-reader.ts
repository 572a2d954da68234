import { S3Error } from './errors.ts';

/** Reads a stream by lines, counts and delimiters, holding no more than it must. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** A line without its CRLF; throws IncompleteBody where the stream ends first or the line is longer than the bound. */
  async line(bytesMax: number): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end >= 0) return this.#shift(end + 2).toString('utf8', 0, end);
      if (this.#buffer.length > bytesMax || !(await this.#pull())) throw new S3Error('IncompleteBody');
    }
  }

  /** Exactly so many bytes, in pieces as they arrive. */
  async *take(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#buffer.length === 0 && !(await this.#pull())) throw new S3Error('IncompleteBody');
      const piece = this.#shift(Math.min(left, this.#buffer.length));
      left -= piece.length;
      yield piece;
    }
  }

  /** Everything before the delimiter, in pieces; the delimiter is consumed. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#buffer.indexOf(delimiter);
      if (end >= 0) {
        yield this.#shift(end);
        this.#shift(delimiter.length);
        return;
      }
      // The tail may be the beginning of the delimiter.
      const safe = this.#buffer.length - delimiter.length + 1;
      if (safe > 0) yield this.#shift(safe);
      if (!(await this.#pull())) throw new S3Error('IncompleteBody');
    }
  }

  #shift(count: number): Buffer {
    const piece = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return piece;
  }

  async #pull(): Promise<boolean> {
    const { value, done } = await this.#iterator.next();
    if (done) return false;
    this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
    return true;
  }
}
