import type { Call } from '../../http/call.ts';
import { ExportId, OrganisationId } from '../../http/ids.ts';
import type { ActivityLog } from '../../platform/activity-log.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import type { FileVault } from '../../platform/file-vault.ts';
import type { Files } from '../../platform/files.ts';
import { type Records, StaleVersion } from '../../platform/records.ts';
import type { Signer } from '../../platform/signing.ts';
import { exportRef, JOB_KEY_PREFIX } from './export.ts';

/** What the exporter works with. Its calls see through restrictions: whoever restricts may still have a copy (Art. 18(2)). */
export interface Maker {
  /** Sealed files, until they are fetched or their seven days are over. */
  readonly sealed: Pick<Files, 'put' | 'remove'>;
  /** Plain copies that live minutes. */
  readonly downloads: Pick<Files, 'list' | 'remove'>;
  /** What people have uploaded. */
  readonly vault: Pick<FileVault, 'read'>;
  readonly activityLog: ActivityLog;
  readonly signer: Signer;
  openCall(): Call;
}

/** Which export it is about, and under whose key. */
export interface Place {
  readonly holder: Owner;
  readonly id: ExportId;
}

/** From the keys of a job row in the stream; undefined for a row that is none of ours. */
export function placeOfJob(pk: string, sk: string): Place | undefined {
  if (!pk.startsWith(JOB_KEY_PREFIX)) return undefined;
  const [controller, holder] = pk.slice(JOB_KEY_PREFIX.length).split('#');
  return placeOf(controller, holder, sk);
}

export function placeOf(controller: unknown, holder: unknown, id: string): Place | undefined {
  const [exportId, organisationId] = [ExportId.safeParse(id), OrganisationId.safeParse(controller)];
  const isController = controller === 'operator' || organisationId.success;
  if (!exportId.success || !isController || typeof holder !== 'string' || !subject.test(holder)) return undefined;
  return { holder: { controller: controller as Owner['controller'], subject: holder as SubjectId }, id: exportId.data };
}
const subject = /^(?:per|acc|req)_[0-9a-z]{26}$/;

export const findExport = ({ holder, id }: Place, records: Records) => records.get(exportRef(holder, id));

/** Another worker has taken the export over: nothing is wrong, and nothing is left to do here. */
export async function unlessTakenOver(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
  }
}
