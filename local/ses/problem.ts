/** An error that SES answers with; the code is the one of the SES v1 API reference. Always the caller's fault. */
export class SesProblem extends Error {
  override readonly name = 'SesProblem';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalidParameter(message: string): SesProblem {
  return new SesProblem('InvalidParameterValue', message);
}
