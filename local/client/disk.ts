import { tables } from '../../lambdas/platform/tables.ts';

/** What a restore brings back or makes anew; keys, mirror and gate are not on this disk. */
const lost = Object.entries(tables).filter(([, { afterRestore }]) => afterRestore !== 'kept');

/** Drops the service's tables of every generation underneath it, as a lost disk would. Resolves with their names. */
export async function loseDisk(mailbox: string): Promise<readonly string[]> {
  const disk = new URL('/disk', mailbox);
  const { tables: present } = (await (await fetch(disk)).json()) as { tables: readonly string[] };
  const names = present.filter((table) => lost.some(([name]) => new RegExp(`-${name}-g\\d+$`).test(table)));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(disk, { method: 'POST', headers, body: JSON.stringify({ lose: names }) });
  if (!response.ok) throw new Error(`The tables are still there: ${response.status} ${await response.text()}`);
  return names;
}
