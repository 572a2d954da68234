import { readFileSync } from 'node:fs';
import { keepCallsOnThisMachine } from '../local/lambda/outbound-calls.ts';

/**
 * One container's life: loads a handler as Lambda's runtime does, lets it answer once, then many times, and writes the
 * CPU microseconds of the whole process (all threads, from its start; per request for warm ones) as a last line of JSON.
 * Arguments: the handler's file, a file with the event, how many warm requests.
 */
const [handlerFile = '', eventFile = '', warmRequests = ''] = process.argv.slice(2);
const WARMING_REQUESTS = 200;

type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;

keepCallsOnThisMachine({ cognitoEndpoint: process.env['BENCH_USER_POOL'], outsideWorld: undefined });
void live(readFileSync(eventFile, 'utf8'), Number(warmRequests));

async function live(event: string, requests: number): Promise<void> {
  const isModule = handlerFile.endsWith('.mjs');
  const { handler } = (isModule ? await import(handlerFile) : require(handlerFile)) as { handler: Handler };
  const answer = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const { statusCode, body } = await handler(JSON.parse(event), { awsRequestId: 'bench' });
      if (statusCode !== 200) throw new Error(`Answered ${statusCode}: ${body}`);
    }
    return cpuMicroseconds();
  };
  const loaded = cpuMicroseconds();
  const cold = await answer(1);
  const warmFrom = await answer(WARMING_REQUESTS);
  const warm = ((await answer(requests)) - warmFrom) / requests;
  process.stdout.write(`\n${JSON.stringify({ loaded, cold, warm })}`, () => process.exit());
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
