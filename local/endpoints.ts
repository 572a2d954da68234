/** Where everything listens; also the contents of `<state>/endpoints.json`. */
export interface Endpoints {
  /** The product's HTTP API. */
  readonly api: string;
  /** The mailbox's page; its messages at `/messages`, the movable clock at `/clock`. */
  readonly mailbox: string;
  readonly cognito: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly dynamodb: string;
  readonly kms: string;
  readonly ses: string;
  readonly s3: string;
  readonly sqs: string;
  readonly sns: string;
  /** Lambda's Invoke API. */
  readonly lambda: string;
  /** EventBridge Scheduler's, for one-off schedules. */
  readonly scheduler: string;
  readonly region: string;
  /** A key that every engine takes, for operators' scripts and tests. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
