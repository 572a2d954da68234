import { type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Pruning, pruneActivity } from '../../../lambdas/features/activity/prune.ts';
import { operatorItself } from '../../../lambdas/features/registers/operator-itself.ts';
import { bundleHeaderLine, bundleLeafLine } from '../../../lambdas/features/transparency/bundle.ts';
import { type ActivityEntry, entryOfRow } from '../../../lambdas/features/transparency/leaf.ts';
import { transparencyLog } from '../../../lambdas/features/transparency/log.ts';
import { isIncluded } from '../../../lambdas/features/transparency/merkle.ts';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { verifyLog } from '../../../lambdas/features/transparency/verify.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import { activityPruning } from '../../../lambdas/platform/activity-pruning.ts';
import type { ControllerId, Owner, SubjectId } from '../../../lambdas/platform/entity.ts';
import { logTable } from '../../../lambdas/platform/log-table.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { partitionRows } from '../../../lambdas/platform/partition-rows.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aSigningKey } from '../../trust/a-log.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = aSigningKey();

/** The bucket in which nothing is written twice. */
function aBucket() {
  const files = new Map<string, Uint8Array>();
  return {
    get: async (key: string) => files.get(key),
    async putOnce(key: string, content: Uint8Array) {
      if (files.has(key)) return 'present' as const;
      files.set(key, content);
      return 'put' as const;
    },
  };
}

/** A service with a log that is written, sequenced and pruned by its own code, under a clock that the test moves. */
async function aLoggedService() {
  const store: TestStore = await aStore(db.client, await db.createTables(), ['operator']);
  const organisationId: OrganisationId = anId('org');
  const subject: Owner = { controller: organisationId, subject: anId('per') };
  const logFiles = aBucket();
  const table = logTable(store);
  const log = transparencyLog(table, logFiles);
  const reports: unknown[] = [];
  const author = { requestId: 'night', actor: 'system:retention', newEventId: () => anId('evt') };
  const pruning = (but: Partial<Pruning> = {}): Pruning => ({
    log: activityPruning(store),
    openCall: () => ({ ...aCall(store), records: openRecords(store, author) }),
    hasTimeLeft: () => true,
    report: (line) => reports.push(line),
    ...but,
  });

  /** What is in the table of a controller, by its place in the log. */
  async function rows(controller: ControllerId, subjects: readonly SubjectId[]): Promise<Map<number, ActivityEntry>> {
    const found = new Map<number, ActivityEntry>();
    for (const each of subjects) {
      for await (const { pk, sk, attributes } of partitionRows(store).of('activity', `${controller}#${each}`)) {
        found.set(Number(attributes['leaf'] ?? -1), entryOfRow({ pk, sk, ...attributes }));
      }
    }
    return found;
  }

  return {
    store,
    organisationId,
    log,
    reports,
    pruning,
    async happens(at: string, owner: Owner = subject) {
      store.clock = new Date(at);
      await aCall(store).records.change().activity({ event: 'person.changed', subject: owner }).commit();
    },
    sequenced: () =>
      sequenceLogs({
        table,
        logFiles,
        offlineFiles: aBucket(),
        signer: {
          sign: async (bytes) => ({
            keyId: 'key',
            signature: sign('sha256', bytes, keys.privateKey).toString('base64url'),
          }),
        },
        stage: 'test',
        batchLeavesMax: 256,
        requestId: anId('evt'),
        newEventId: () => anId('evt'),
        now: store.now,
        hasTimeLeft: () => true,
        log: (line) => reports.push(line),
      }),
    async prunedAt(at: string, but?: Partial<Pruning>) {
      store.clock = new Date(at);
      return pruneActivity(pruning(but));
    },
    entries: () => rows(organisationId, [subject.subject, organisationId as unknown as SubjectId]),
    operatorsEntries: () => rows('operator', [operatorItself.subject]),
    /** The whole log as a stranger gets it, checked by the stand-alone verifier. */
    async verified() {
      const signed = (await log.checkpoint(organisationId))!;
      const { size } = signed.checkpoint;
      const entries = await rows(organisationId, [subject.subject, organisationId as unknown as SubjectId]);
      const hashes = await log.leaves(organisationId, 0, size);
      const around = await log.rangeProof(organisationId, 0, size, size);
      const lines = [
        bundleHeaderLine({ stage: 'test', controller: organisationId, from: 0, to: size, size, signed, ...around }),
        ...hashes.map((hash, leaf) => bundleLeafLine({ leaf, hash, entry: entries.get(leaf) })),
      ].map((line) => line.trimEnd());
      async function* open() {
        yield* lines;
      }
      return verifyLog(open, { key: keys.publicKey, witnesses: [], isPart: false });
    },
  };
}

describe('CE-15: what happened', () => {
  it('is in the log until its year is over, to the second, and not a second longer', async () => {
    const service = await aLoggedService();
    await service.happens('2026-11-23T07:00:00.000Z');
    await service.happens('2026-11-23T07:00:01.000Z');
    await service.sequenced();
    expect(await service.prunedAt('2027-11-23T06:59:59.999Z')).toEqual({ controllers: 0, rows: 0, failed: 0 });
    expect([...(await service.entries()).keys()].sort()).toEqual([0, 1]);
    expect(await service.prunedAt('2027-11-23T07:00:00.000Z')).toEqual({ controllers: 1, rows: 1, failed: 0 });
    const left = await service.entries();
    expect([...left.keys()].sort()).toEqual([-1, 1]);
    // The record of it, which waits for the sequencer.
    expect(left.get(-1)).toMatchObject({
      event: 'activity.pruned',
      actor: 'system:retention',
      detail: { through: 0, before: '2026-11-23T07:00:00.000Z', rows: 1 },
    });
  });

  it('on 29 February is gone with the last of February', async () => {
    const service = await aLoggedService();
    await service.happens('2028-02-29T12:00:00.000Z');
    await service.sequenced();
    expect((await service.prunedAt('2029-02-28T11:59:59.000Z')).rows).toBe(0);
    expect((await service.prunedAt('2029-02-28T12:00:00.000Z')).rows).toBe(1);
  });

  it('stays while it has no place in the log, and goes when it has one', async () => {
    const service = await aLoggedService();
    await service.happens('2026-11-23T07:00:00.000Z');
    expect((await service.prunedAt('2027-12-01T00:00:00.000Z')).rows).toBe(0);
    await service.sequenced();
    expect((await service.prunedAt('2027-12-02T00:00:00.000Z')).rows).toBe(1);
  });

  it('stays while something before it in the log is younger: what lacks its body is a beginning', async () => {
    const service = await aLoggedService();
    await service.happens('2026-11-23T09:00:00.000Z');
    await service.sequenced();
    // Of a container whose clock is two hours behind, or that was held up.
    await service.happens('2026-11-23T07:00:00.000Z');
    await service.sequenced();
    expect((await service.prunedAt('2027-11-23T08:00:00.000Z')).rows).toBe(0);
    expect((await service.prunedAt('2027-11-23T09:00:00.000Z')).rows).toBe(2);
  });

  it('is removed for the operator, and for those who have left, as for everyone', async () => {
    const service = await aLoggedService();
    await service.happens('2026-11-23T07:00:00.000Z', operatorItself);
    await service.sequenced();
    expect(await service.prunedAt('2027-11-24T00:00:00.000Z')).toEqual({ controllers: 1, rows: 1, failed: 0 });
    const left = await service.operatorsEntries();
    expect([...left.values()].map(({ event }) => event)).toEqual(['activity.pruned']);
  });
});

describe('a log whose beginning has been pruned', () => {
  it('verifies as a whole, and every leaf is still proven to be in it', async () => {
    const service = await aLoggedService();
    for (let month = 1; month <= 9; month++) await service.happens(`2026-0${month}-15T07:00:00.000Z`);
    await service.sequenced();
    expect((await service.prunedAt('2027-06-15T07:00:00.000Z')).rows).toBe(6);
    await service.sequenced();
    const entries = await service.entries();
    expect([...entries.keys()].sort()).toEqual([6, 7, 8, 9]);
    const verification = await service.verified();
    expect(verification.findings).toEqual([]);
    expect(verification.entries).toBe(4);

    const { organisationId, log } = service;
    const { checkpoint } = (await log.checkpoint(organisationId))!;
    for (const [index, leaf] of (await log.leaves(organisationId, 0, checkpoint.size)).entries()) {
      const proof = await log.inclusionProof(organisationId, index, checkpoint.size);
      expect(isIncluded({ leaf, index, size: checkpoint.size, proof, root: checkpoint.root })).toBe(true);
    }
  });

  it('verifies although the run was cut off after its record and before the last row, and the next run goes on', async () => {
    const service = await aLoggedService();
    for (let day = 10; day < 18; day++) await service.happens(`2026-03-${day}T07:00:00.000Z`);
    await service.sequenced();
    const inner = activityPruning(service.store);
    const cutOff = {
      ...inner,
      async remove(rows: Parameters<typeof inner.remove>[0]) {
        await inner.remove(rows.slice(0, 3));
        throw new Error('Out of time');
      },
    };
    const cut = await service.prunedAt('2027-03-20T00:00:00.000Z', { log: cutOff });
    expect(cut).toEqual({ controllers: 0, rows: 0, failed: 1 });
    expect(service.reports).toEqual([
      { event: 'activity-not-pruned', controller: service.organisationId, error: 'Error' },
    ]);
    await service.sequenced();
    expect((await service.verified()).findings).toEqual([]);
    expect((await service.prunedAt('2027-03-21T00:00:00.000Z')).rows).toBe(5);
    await service.sequenced();
    expect((await service.verified()).findings).toEqual([]);
    expect((await service.prunedAt('2027-03-22T00:00:00.000Z')).rows).toBe(0);
  });

  it('is told apart from one whose events somebody else removed', async () => {
    const service = await aLoggedService();
    for (let day = 10; day < 15; day++) await service.happens(`2026-03-${day}T07:00:00.000Z`);
    await service.sequenced();
    const rows = [];
    for await (const row of activityPruning(service.store).inMonth(service.organisationId, '2026-03')) rows.push(row);
    await activityPruning(service.store).remove(rows.filter(({ leaf }) => leaf === 0));
    const { findings } = await service.verified();
    expect(findings.map(({ kind, leaf }) => ({ kind, leaf }))).toContainEqual({ kind: 'deleted', leaf: 0 });
  });

  it('loses nothing more when two runs work at once', async () => {
    const service = await aLoggedService();
    for (let day = 10; day < 15; day++) await service.happens(`2026-03-${day}T07:00:00.000Z`);
    await service.happens('2026-09-01T07:00:00.000Z');
    await service.sequenced();
    await Promise.all([service.prunedAt('2027-03-20T00:00:00.000Z'), service.prunedAt('2027-03-20T00:00:00.000Z')]);
    await service.sequenced();
    expect([...(await service.entries()).keys()]).toContain(5);
    expect((await service.verified()).findings).toEqual([]);
  });
});

describe('a run', () => {
  it('begins nothing when its time is over', async () => {
    const service = await aLoggedService();
    await service.happens('2026-03-10T07:00:00.000Z');
    await service.sequenced();
    const pruned = await service.prunedAt('2027-06-01T00:00:00.000Z', { hasTimeLeft: () => false });
    expect(pruned).toEqual({ controllers: 0, rows: 0, failed: 0 });
    expect((await service.entries()).size).toBe(1);
  });

  it('never removes what has no place in the log, whoever asks', async () => {
    const service = await aLoggedService();
    await service.happens('2026-03-10T07:00:00.000Z');
    const rows = [];
    for await (const row of activityPruning(service.store).inMonth(service.organisationId, '2026-03')) rows.push(row);
    await expect(activityPruning(service.store).remove(rows)).rejects.toThrow();
    expect((await service.entries()).size).toBe(1);
  });
});
