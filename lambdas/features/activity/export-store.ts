import { randomBytes } from 'node:crypto';
import { personIdsOf } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import { EXPORT_PENDING_SECONDS, epochSeconds } from '../exports/export.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { activityExportEntity, activityExportPointers, activityExportRef, fileKeyOf, filePlaceOf } from './export.ts';
import type { ActivityExportStore } from './export-handlers.ts';

const EXPORTS_READ_MAX = 100;
const ZIP = 'application/zip';
/** 192 bits: a copy's address cannot be guessed. */
const COPY_KEY_BYTES = 24;

interface ExportFiles {
  readonly sealed: Pick<Files, 'get'>;
  readonly downloads: Pick<Files, 'put' | 'linkTo'>;
}

export const activityExportStore = (files: ExportFiles): ActivityExportStore => ({
  isKeptFromAnybody: async (organisationId, { records, role }) =>
    (await blockedFor(records, organisationId, personIdsOf(role!))).size > 0,

  async list(organisationId, { records }) {
    const range = { limit: EXPORTS_READ_MAX, newestFirst: true };
    return (await records.list(activityExportEntity, organisationOwner(organisationId), range)).items;
  },

  find: (organisationId, id, { records }) => records.get(activityExportRef(organisationId, id)),

  async order(organisationId, ordered, { records, now }, answer) {
    const expiresAtEpochSeconds = epochSeconds(now) + EXPORT_PENDING_SECONDS;
    const ref = activityExportRef(organisationId, ordered.id);
    const detail = { from: ordered.from, to: ordered.to };
    return records
      .change()
      .put(ref, ordered, 'new', { expiresAtEpochSeconds })
      .point({ ...activityExportPointers.job(organisationId, ordered.id), expiresAtEpochSeconds })
      .point({ ...activityExportPointers.all(ordered.id), attributes: { organisationId } })
      .activity({ event: 'activity-export.ordered', subject: ref.owner, about: [ordered.id], detail })
      .commit(answer);
  },

  async download({ ref, value }, { records, now }) {
    const sealed = await files.sealed.get(fileKeyOf(value.id));
    const zip = sealed && (await records.openFile(ref.owner, 'export', filePlaceOf(value.id), sealed));
    if (!zip) return undefined;
    // Written before the link leaves (SM-05).
    await records
      .change()
      .activity({ event: 'activity-export.fetched', subject: ref.owner, about: [value.id] })
      .commit();
    const key = randomBytes(COPY_KEY_BYTES).toString('base64url');
    await files.downloads.put(key, zip, { contentType: ZIP });
    const filename = `vern-log-${value.from}-${value.to}.zip`;
    return { ...(await files.downloads.linkTo(key, { filename, contentType: ZIP }, now)), filename };
  },
});
