import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loseDisk } from './client/disk.ts';
import type { Endpoints } from './endpoints.ts';

/* `node local/lose-tables.ts [--state DIR]`: the disk of the running service is lost, for a restore to bring back. */

const { values } = parseArgs({ options: { state: { type: 'string', default: '.vern' } } });
const { mailbox } = JSON.parse(readFileSync(join(resolve(values.state), 'endpoints.json'), 'utf8')) as Endpoints;
for (const name of await loseDisk(mailbox)) console.log(`lost ${name}`);
