import type { ScheduledEvent } from 'aws-lambda';
import { checkGuarantees } from '../features/guarantees/check.ts';
import type { Compared } from '../features/guarantees/compare.ts';
import { expectedSettings } from '../features/guarantees/expected.ts';
import { type InForce, UNREADABLE, type Unreadable } from '../features/guarantees/guarantee.ts';
import { buckets } from '../platform/buckets.ts';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { errorName } from '../platform/error-name.ts';
import { filesClient } from '../platform/files.ts';
import { readRecoveryFacts } from '../platform/recovery-window.ts';
import { bucketInForce, tableInForce } from '../platform/settings-in-force.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const client = dynamoClient();
const files = filesClient();
const expected = expectedSettings(env('EXPECTED_SETTINGS'), env('EXPECTED_REFERENCES'));
const log = (line: object) => console.log(JSON.stringify(line));

/** Daily: whether what the promises rest on is still as it was deployed. */
export const handler = whileOpen(store, async ({ id: requestId }: ScheduledEvent): Promise<Compared> => {
  const compared = await checkGuarantees({
    expected,
    inForce,
    openCall: () => systemCall(store, 'guarantees', requestId),
    log,
  });
  log({ requestId, metric: 'guarantees-checked', checked: compared.checked, broken: compared.broken.length });
  return compared;
});

async function inForce(): Promise<InForce> {
  const { keys, mirror } = store.tableNames;
  const [tables, ofBuckets, copiesOfKeys] = await Promise.all([
    eachOf(store.tableNames, (name) => tableInForce(client, name)),
    eachOf(physicalBuckets(), (name) => bucketInForce(files, name)),
    readable('keys', async () => {
      const { backups, copies } = await readRecoveryFacts(client, [keys, mirror]);
      return { backups, tables: copies };
    }),
  ]);
  return { tables, buckets: ofBuckets, copiesOfKeys };
}

const physicalBuckets = () =>
  Object.fromEntries(Object.keys(buckets).map((name) => [name, env(`${name.toUpperCase()}_BUCKET`)]));

async function eachOf<S>(
  names: Readonly<Record<string, string>>,
  read: (physicalName: string) => Promise<S>,
): Promise<Record<string, S | Unreadable>> {
  const found = await Promise.all(
    Object.entries(names).map(async ([name, physical]) => [name, await readable(name, () => read(physical))] as const),
  );
  return Object.fromEntries(found);
}

/** One that cannot be asked must not keep the others from being compared; it counts as broken. */
async function readable<S>(name: string, read: () => Promise<S>): Promise<S | Unreadable> {
  try {
    return await read();
  } catch (error) {
    log({ metric: 'guarantee-unreadable', of: name, error: errorName(error) });
    return UNREADABLE;
  }
}
