import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly isFresh: boolean;
  readonly isVerbose: boolean;
  readonly port: number;
  readonly stateDir: string;
  readonly dynamoDbEndpoint: string | undefined;
  readonly outsideWorld: string | undefined;
}

const DEFAULT_PORT = 3000;
const PORT_MAX = 65_535;

export const usage = `npm start -- [--fresh] [--port N] [--state DIR] [--dynamodb URL] [--outside URL] [--verbose]
  --fresh         begin anew: remove what the state directory holds
  --port N        the API's port (or PORT; ${DEFAULT_PORT} by default, 0 for any free one)
  --state DIR     where state is kept (.vern by default)
  --dynamodb URL  a DynamoDB to use instead of the embedded one (or VERN_DYNAMODB_ENDPOINT)
  --outside URL   who plays https://*.outside.test, where webhooks go: http://127.0.0.1:PORT
  --verbose       show the functions' logs
VERN_SES_RATE and VERN_SES_DAILY bound the mails of a second and of a day, as SES does; without them there is no bound.`;

/** Reads the arguments after the script's name; throws with a text for people when they are wrong. */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      port: { type: 'string' },
      state: { type: 'string', default: '.vern' },
      dynamodb: { type: 'string' },
      outside: { type: 'string' },
    },
  });
  const port = Number(values.port ?? environment['PORT'] ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX)
    throw new Error(`${values.port ?? environment['PORT']} is no port`);
  const dynamoDbEndpoint = values.dynamodb ?? environment['VERN_DYNAMODB_ENDPOINT'];
  if (dynamoDbEndpoint !== undefined && !URL.canParse(dynamoDbEndpoint))
    throw new Error(`${dynamoDbEndpoint} is no URL`);
  if (values.outside !== undefined && !/^http:\/\/127\.0\.0\.1:\d+$/.test(values.outside))
    throw new Error(`${values.outside} is no address of this machine`);
  return {
    isFresh: values.fresh,
    isVerbose: values.verbose,
    port,
    stateDir: resolve(values.state),
    dynamoDbEndpoint,
    outsideWorld: values.outside,
  };
}
