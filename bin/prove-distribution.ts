import { parseArgs } from 'node:util';
import { proveDistribution } from '../test/system/prove-distribution.ts';

/**
 * `npm run prove:distribution [-- --recipients N --rate N --unkilled]`: plays the service on this machine, sends one job to
 * so many members through SQS and SES at SES's rate, kills the whole service in the middle, starts it again, and counts at
 * SES: every mail once, never faster than the rate, and what the job says of itself. 100,000 recipients take a quarter of
 * an hour and two processors.
 */
const { values } = parseArgs({
  options: { recipients: { type: 'string' }, rate: { type: 'string' }, unkilled: { type: 'boolean' } },
});
const { failures, lines } = await proveDistribution(
  {
    recipients: Number(values.recipients ?? 2_000),
    rate: Number(values.rate ?? 200),
    isKilled: values.unkilled !== true,
  },
  (line) => console.log(line),
);
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
