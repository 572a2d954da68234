import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const usage = `npm run ops -- first-administrator --email ADDRESS --language nb|en [--stage dev] [--state DIR]
  first-administrator  make the first platform operator of a fresh deployment; Cognito mails a temporary password
  --stage NAME         which deployment (dev by default)
  --state DIR          talk to the embedded cloud that keeps its state there, not to AWS`;

/** The command as the operator function takes it, and where to send it. Throws with a text for people. */
export function readOpsCommand(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      email: { type: 'string' },
      language: { type: 'string' },
      stage: { type: 'string', default: 'dev' },
      state: { type: 'string' },
    },
  });
  const [command, ...rest] = positionals;
  const { email, language, stage, state } = values;
  if (command !== 'first-administrator' || rest.length > 0) throw new Error('The command is first-administrator');
  if (email === undefined) throw new Error('--email is missing');
  if (language !== 'nb' && language !== 'en') throw new Error('--language is nb or en');
  if (!/^[a-z][a-z0-9-]*$/.test(stage)) throw new Error(`${stage} is no name of a stage`);
  return { functionName: `vern-${stage}-ops`, stateDir: state, event: { command, email, language } as const };
}

/** The SDK's own variables, so that nothing but where it talks to differs between AWS and this machine. */
function useEmbeddedCloud(stateDir: string): void {
  const { lambda, region, accessKeyId, secretAccessKey } = JSON.parse(
    readFileSync(join(stateDir, 'endpoints.json'), 'utf8'),
  ) as Record<'lambda' | 'region' | 'accessKeyId' | 'secretAccessKey', string>;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
}

async function main(): Promise<void> {
  const { functionName, stateDir, event } = readOpsCommand(process.argv.slice(2));
  if (stateDir !== undefined) useEmbeddedCloud(stateDir);
  const { Payload, FunctionError } = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${functionName} failed: ${answer}`);
  console.log(answer);
  if (JSON.parse(answer).outcome !== 'invited') process.exitCode = 1;
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 1;
  });
}
