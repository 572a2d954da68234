import { randomBytes } from 'node:crypto';
import { personIdsOf } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import { EXPORT_PENDING_SECONDS, epochSeconds } from '../exports/export.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import type { OrganisationExportStore } from './export-handlers.ts';
import {
  organisationExportEntity,
  organisationExportPointers,
  organisationExportRef,
  partKeyOf,
  partPlaceOf,
} from './organisation-export.ts';

const EXPORTS_READ_MAX = 100;
const ZIP = 'application/zip';
/** 192 bits: a copy's address cannot be guessed. */
const COPY_KEY_BYTES = 24;

interface PartFiles {
  readonly sealed: Pick<Files, 'get'>;
  readonly downloads: Pick<Files, 'put' | 'linkTo'>;
}

export const organisationExportStore = (files: PartFiles): OrganisationExportStore => ({
  isKeptFromAnybody: async (organisationId, { records, role }) =>
    (await blockedFor(records, organisationId, personIdsOf(role!))).size > 0,

  async list(organisationId, { records }) {
    const range = { limit: EXPORTS_READ_MAX, newestFirst: true };
    return (await records.list(organisationExportEntity, organisationOwner(organisationId), range)).items;
  },

  find: (organisationId, id, { records }) => records.get(organisationExportRef(organisationId, id)),

  async order(organisationId, ordered, { records, now }, answer) {
    const expiresAtEpochSeconds = epochSeconds(now) + EXPORT_PENDING_SECONDS;
    const ref = organisationExportRef(organisationId, ordered.id);
    return records
      .change()
      .put(ref, ordered, 'new', { expiresAtEpochSeconds })
      .point({ ...organisationExportPointers.job(organisationId, ordered.id), expiresAtEpochSeconds })
      .point({ ...organisationExportPointers.all(ordered.id), attributes: { organisationId } })
      .activity({ event: 'organisation-export.ordered', subject: ref.owner, about: [ordered.id] })
      .commit(answer);
  },

  async download({ ref, value }, part, { records, now }) {
    const sealed = await files.sealed.get(partKeyOf(value.id, part));
    const zip = sealed && (await records.openFile(ref.owner, 'export', partPlaceOf(value.id, part), sealed));
    if (!zip) return undefined;
    // Written before the link leaves (SM-05).
    await records
      .change()
      .activity({ event: 'organisation-export.fetched', subject: ref.owner, about: [value.id], detail: { part } })
      .commit();
    const key = randomBytes(COPY_KEY_BYTES).toString('base64url');
    await files.downloads.put(key, zip, { contentType: ZIP });
    const filename = `vern-${now.toISOString().slice(0, 'yyyy-mm-dd'.length)}-${part}.zip`;
    return { ...(await files.downloads.linkTo(key, { filename, contentType: ZIP }, now)), filename };
  },
});
