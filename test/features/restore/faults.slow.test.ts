import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aRestoredWorld, begin, coreOfMonday, organisation, untilEnded } from './acting.ts';
import type { Fault } from './world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const WORLDS_AT_ONCE = 4;

/** A restore of which one call to AWS fails; `from` are the calls that built the world. */
async function restoredWith(faultAt: (call: number) => Fault) {
  let isBuilt = false;
  let calls = 0;
  const world = await aRestoredWorld(db, () => (isBuilt ? faultAt(++calls) : undefined));
  isBuilt = true;
  // Whoever hears nothing says it again.
  await begin(world).catch(() => begin(world));
  const restore = await untilEnded(world);
  const { gate } = await world.read();
  const recorded = await world.partition('activity', 2, `${organisation}#${organisation}`);
  return {
    calls,
    outcome: restore.outcome,
    gate,
    item: await world.get('core', 2, 'ORGANISATIONS', organisation),
    records: recorded.length,
    mappings: world.mappingsOf(world.physical('transient', 2)).length,
    protected: world.settingsOf(world.physical('core', 2))?.isProtected,
    backupsOfAws: world.backupsOfAws,
  };
}

describe('a restore of which one call fails', () => {
  it.each<Exclude<Fault, undefined>>(['before', 'after'])(
    'ends like one of which none does, whichever it is: %s AWS has done it',
    async (fault) => {
      const { calls, ...whole } = await restoredWith(() => undefined);
      expect(whole).toMatchObject({
        outcome: 'restored',
        gate: { generation: 2, isOpen: true },
        item: coreOfMonday[0],
        records: 1,
        mappings: 2,
        protected: true,
      });
      const waiting = Array.from({ length: calls }, (_, i) => i + 1);
      const worker = async () => {
        for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
          const broken = at;
          const { calls: _, ...ended } = await restoredWith((call) => (call === broken ? fault : undefined));
          expect(ended, `call ${broken}`).toEqual(whole);
        }
      };
      await Promise.all(Array.from({ length: WORLDS_AT_ONCE }, worker));
    },
    600_000,
  );
});
