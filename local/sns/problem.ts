/** An error that SNS answers with; the code is the one on the wire, of the API reference. */
export class SnsProblem extends Error {
  override readonly name = 'SnsProblem';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const invalidParameter = (what: string) => new SnsProblem('InvalidParameter', 400, `Invalid parameter: ${what}`);
export const notFound = (what: string) => new SnsProblem('NotFound', 404, what);
