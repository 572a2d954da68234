/** An error that KMS answers with. The name is the exception's, as in the AWS KMS API reference. */
export class KmsProblem extends Error {
  override readonly name = 'KmsProblem';
  readonly exception: string;

  constructor(exception: `${string}Exception`, message = '') {
    super(message);
    this.exception = exception;
  }
}
