import type { Call } from '../../http/call.ts';
import type { Pointer } from '../../platform/records.ts';
import { operatorItself } from '../registers/operator-itself.ts';
import { expiresOn } from './backup.ts';
import type { BackupsStore } from './handlers.ts';
import type { BackupRegister, RegisteredBackup } from './keep.ts';

const BACKUPS = 'operator#BACKUPS';
/** As many days as a backup may live, and those of the sweep. */
const BACKUPS_MAX = 100;
/** One transaction; the rest goes with the next sweep. */
const ENDED_PER_SWEEP_MAX = 50;

const pointers = {
  backup: (day: string) => ({ table: 'core', pk: BACKUPS, sk: day }) as const,
  sweep: { table: 'core', pk: 'operator#BACKUP-SWEEP', sk: 'LAST' } as const,
  /** Written by the drills of restoring. */
  drills: 'operator#DRILLS',
};

export const backupsStore: BackupsStore = {
  list: listBackups,

  async lastDrill({ records }) {
    const { items } = await records.pointers('core', pointers.drills, { newestFirst: true, limit: 1 });
    const { sk: at, attributes = {} } = items[0] ?? {};
    if (at === undefined) return undefined;
    return { at, day: String(attributes['day']), isPassed: attributes['outcome'] === 'passed' };
  },
};

/** The keeper's own view; `openCall` gives fresh records each time. */
export const backupRegister = (openCall: () => Call): BackupRegister => ({
  list: () => listBackups(openCall()),

  async note(backup, event) {
    const { day, ...attributes } = backup;
    await openCall()
      .records.change()
      .point({ ...pointers.backup(day), attributes: { ...attributes } })
      .activity({ event: `backup.${event}`, subject: operatorItself, detail: { day } })
      .commit();
  },

  async lastSweepOn() {
    const [sweep] = await openCall().records.pointersAt([pointers.sweep]);
    return sweep && String(sweep.attributes?.['on']);
  },

  async noteSweep(day, removed) {
    const { records } = openCall();
    const { items } = await records.pointers('core', BACKUPS, { limit: BACKUPS_MAX });
    const change = records.change().point({ ...pointers.sweep, attributes: { on: day } });
    const ended = items.filter(({ sk }) => expiresOn(sk) < day).slice(0, ENDED_PER_SWEEP_MAX);
    for (const { sk } of ended) change.unpoint(pointers.backup(sk));
    const detail = { day, versions: removed, ended: ended.length };
    await change.activity({ event: 'backup.swept', subject: operatorItself, detail }).commit();
  },
});

async function listBackups({ records }: Pick<Call, 'records'>): Promise<RegisteredBackup[]> {
  const { items } = await records.pointers('core', BACKUPS, { newestFirst: true, limit: BACKUPS_MAX });
  return items.map(backupAt);
}

function backupAt({ sk: day, attributes = {} }: Pointer): RegisteredBackup {
  const { offlineAt } = attributes;
  return {
    day,
    completedAt: String(attributes['completedAt']),
    items: Number(attributes['items']),
    bytes: Number(attributes['bytes']),
    ...(offlineAt !== undefined && { offlineAt: String(offlineAt) }),
    lockedUntil: String(attributes['lockedUntil']),
  };
}
