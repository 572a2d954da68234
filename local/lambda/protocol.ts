/** What a worker thread is told when it starts; everything a Lambda container finds in its environment. */
export interface ThreadStart {
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly clockOffset: SharedArrayBuffer;
  /** Where the user pool's keys are really served, under the same path as at AWS. */
  readonly cognitoEndpoint: string | undefined;
  /** Who plays `*.outside.test`, if anybody. */
  readonly outsideWorld: string | undefined;
}

export interface Invocation {
  readonly requestId: string;
  /** The event as JSON, as Lambda's runtime API delivers it. */
  readonly event: string;
  readonly timeoutMilliseconds: number;
}

/** What a thread posts: the payload as JSON of an invocation, or of the error that ended it. */
export interface ThreadAnswer {
  readonly requestId: string;
  readonly isError: boolean;
  readonly payload: string;
}

/** Posted once when the handler's module has been loaded, well or badly. */
export const LOADED = 'loaded';
