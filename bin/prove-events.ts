import { parseArgs } from 'node:util';
import { proveEvents } from '../test/system/prove-events.ts';

/**
 * `npm run prove:events [-- --devices N --rate N --seconds N --unkilled]`: plays the service on this machine, has devices
 * send 50 signed events a second for a minute, kills the whole service (SIGKILL) in the middle and starts it again, while
 * they repeat what was not answered; then reads the tables: none lost, none twice, an alarm for each call for help.
 */
const { values } = parseArgs({
  options: {
    devices: { type: 'string' },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    unkilled: { type: 'boolean' },
  },
});
const { failures, lines } = await proveEvents(
  {
    devices: Number(values.devices ?? 25),
    eventsPerSecond: Number(values.rate ?? 50),
    seconds: Number(values.seconds ?? 60),
    isKilled: values.unkilled !== true,
  },
  (line) => console.log(line),
);
for (const failure of failures) console.error(failure);
for (const line of lines) console.log(line);
process.exitCode = failures.length > 0 ? 1 : 0;
