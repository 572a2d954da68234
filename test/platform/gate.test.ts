import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { whileOpen, whileOpenOrDraining } from '../../lambdas/functions/container.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import {
  activeTableNames,
  closeGate,
  type Gate,
  type GateTable,
  gate,
  generationOf,
  openGate,
  type TableNames,
  tableNamesOfGeneration,
} from '../../lambdas/platform/gate.ts';
import { tables } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

let clock: Date;
let at: GateTable;
let reads: number;
let aContainer: () => Gate;
beforeEach(async () => {
  clock = new Date('2026-11-24T08:00:00Z');
  at = { client: db.client, table: (await db.createTables()).gate };
  reads = 0;
  const counted = dynamo(db.client);
  aContainer = () =>
    gate({
      dynamo: {
        ...counted,
        batchGet(groups) {
          reads++;
          return counted.batchGet(groups);
        },
      },
      table: at.table,
      deployedGeneration: 1,
      now: () => clock,
    });
});
const pass = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1000);
};

const deployed = Object.fromEntries(
  Object.entries(tables).map(([name, { afterRestore }]) => [
    name,
    `vern-dev-${name}${afterRestore === 'kept' ? '' : '-g1'}`,
  ]),
) as unknown as TableNames;

describe('the names of the tables', () => {
  it('carry the generation, but for those that no restore may bring back to an earlier state', () => {
    expect(generationOf(deployed)).toBe(1);
    expect({ ...tableNamesOfGeneration(deployed, 12) }).toEqual({
      core: 'vern-dev-core-g12',
      activity: 'vern-dev-activity-g12',
      rights: 'vern-dev-rights-g12',
      lookup: 'vern-dev-lookup-g12',
      transient: 'vern-dev-transient-g12',
      keys: 'vern-dev-keys',
      mirror: 'vern-dev-mirror',
      gate: 'vern-dev-gate',
    });
  });

  it('follow the gate for whoever took them before a restore', async () => {
    const container = aContainer();
    const { core } = activeTableNames(deployed, container);
    const names = activeTableNames(deployed, container);
    expect([core, names.core]).toEqual(['vern-dev-core-g1', 'vern-dev-core-g1']);
    await closeGate(at, 1, clock);
    await openGate(at, 2, 1, clock);
    await container.current();
    expect([names.core, names.keys]).toEqual(['vern-dev-core-g2', 'vern-dev-keys']);
  });
});

describe('the gate', () => {
  it('is open on the deployed generation while nobody has ever closed it', async () => {
    expect(await aContainer().current()).toEqual({ generation: 1, isOpen: true });
  });

  it('is believed to be open for ten seconds and not a moment longer', async () => {
    const container = aContainer();
    await container.current();
    expect(await closeGate(at, 1, clock)).toBe(true);
    pass(9.999);
    expect(await container.current()).toMatchObject({ isOpen: true });
    pass(0.001);
    expect(await container.current()).toMatchObject({ isOpen: false });
    expect(reads).toBe(2);
  });

  it('is looked at each time while it is closed', async () => {
    await closeGate(at, 1, clock);
    const container = aContainer();
    await container.current();
    await container.current();
    expect(reads).toBe(2);
    pass(60);
    expect(await openGate(at, 2, 1, clock)).toBe(true);
    expect(await container.current()).toEqual({ generation: 2, isOpen: true, openedAt: clock.toISOString() });
  });

  it('is closed and opened from the generation that it stands on alone, as often as is asked', async () => {
    expect(await closeGate(at, 1, clock)).toBe(true);
    expect(await closeGate(at, 1, clock)).toBe(true);
    expect(await openGate(at, 2, 1, clock)).toBe(true);
    expect(await openGate(at, 2, 1, clock)).toBe(true);
    expect(await closeGate(at, 1, clock)).toBe(false);
    expect(await openGate(at, 3, 1, clock)).toBe(false);
    expect(await aContainer().current()).toMatchObject({ generation: 2, isOpen: true });
  });

  it('is opened again on the old generation when a restore is given up', async () => {
    await closeGate(at, 1, clock);
    expect(await openGate(at, 1, 1, clock)).toBe(true);
    expect(await aContainer().current()).toMatchObject({ generation: 1, isOpen: true });
  });
});

describe('a worker, while the gate is closed', () => {
  const work = vi.fn(async () => 'done');
  const worker = () => whileOpen({ gate: aContainer() } as Parameters<typeof whileOpen>[0], work);
  beforeEach(async () => {
    work.mockClear();
    await closeGate(at, 1, clock);
  });

  it('leaves a stream and its schedule to the next sweep', async () => {
    expect(await worker()({ Records: [] }, {})).toEqual({ batchItemFailures: [] });
    expect(await worker()({ 'detail-type': 'Scheduled Event' }, {})).toBeUndefined();
    expect(work).not.toHaveBeenCalled();
  });

  it('refuses what no sweep would find again, so that it is tried again', async () => {
    await expect(worker()({ 'detail-type': 'Object Created' }, {})).rejects.toThrow('being restored');
    await expect(worker()({ resume: 'org' }, {})).rejects.toThrow('being restored');
    await expect(worker()({ Records: [{ eventSource: 'aws:sqs' }] }, {})).rejects.toThrow('being restored');
    expect(work).not.toHaveBeenCalled();
  });

  it('still brings what was recorded into the log while the restore waits, and stops before that goes on', async () => {
    const store = { gate: aContainer(), now: () => clock } as Parameters<typeof whileOpenOrDraining>[0];
    const sequencer = whileOpenOrDraining(store, work);
    pass(9 * 60);
    expect(await sequencer({ 'detail-type': 'Scheduled Event' }, {})).toBe('done');
    pass(60);
    expect(await sequencer({ 'detail-type': 'Scheduled Event' }, {})).toBeUndefined();
    expect(work).toHaveBeenCalledOnce();
    await openGate(at, 2, 1, clock);
    expect(await sequencer({ 'detail-type': 'Scheduled Event' }, {})).toBe('done');
  });

  it('works again once it is open', async () => {
    await openGate(at, 2, 1, clock);
    expect(await worker()({ Records: [] }, {})).toBe('done');
  });
});
