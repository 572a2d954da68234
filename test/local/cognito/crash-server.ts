import { realClock } from '../../../local/clock.ts';
import { userPoolFromTemplate } from '../../../local/cognito/declaration.ts';
import { startCognito } from '../../../local/cognito/server.ts';
import { clientProperties, poolProperties, REGION } from './declared.ts';

/** A server in a process of its own, to be killed: `node crash-server.ts STATE_DIR`; prints its address. */
const pool = userPoolFromTemplate(REGION, { logicalId: 'Users', properties: poolProperties }, [
  { logicalId: 'App', properties: clientProperties },
]);
const server = await startCognito({
  region: REGION,
  stateDir: process.argv[2] ?? '',
  pools: [pool],
  clock: realClock,
});
process.stdout.write(`${server.url}\n`);
