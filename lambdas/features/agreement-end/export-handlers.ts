import type { Call } from '../../http/call.ts';
import type { ExportId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { organisationExportRoutes } from './export-routes.ts';
import type { OrganisationExport, organisationExportEntity } from './organisation-export.ts';

type StoredExport = Stored<typeof organisationExportEntity>;

export interface OrganisationExportStore {
  /** A block stands between the caller, in whichever role, and somebody in the organisation. */
  isKeptFromAnybody(organisationId: OrganisationId, call: Call): Promise<boolean>;
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredExport[]>;
  find(organisationId: OrganisationId, id: ExportId, call: Call): Promise<StoredExport | undefined>;
  order<A>(organisationId: OrganisationId, ordered: OrganisationExport, call: Call, answer: A): Promise<A>;
  /** A plain copy and a link to it; undefined when the file is gone or its key closed. */
  download(
    stored: StoredExport,
    part: number,
    call: Call,
  ): Promise<{ url: string; expiresAt: string; filename: string } | undefined>;
}

export const organisationExportHandlers = (
  exports: OrganisationExportStore,
): HandlersFor<typeof organisationExportRoutes, Call> => ({
  async exportOrganisation({ params: { organisationId } }, call) {
    await demandNobodyBlocked(exports, organisationId, call);
    const present = await exports.list(organisationId, call);
    if (present.some(({ value }) => value.state === 'ordered')) {
      throw new Problem('wrong-state', 'Another copy is being made.');
    }
    const ordered: OrganisationExport = {
      id: call.newId('exp'),
      state: 'ordered',
      orderedBy: { personId: call.role!.personId, accountId: call.account!.accountId },
      orderedAt: call.now.toISOString(),
      parts: [],
      attempts: 0,
    };
    return exports.order(organisationId, ordered, call, viewOf(ordered));
  },

  async listOrganisationExports({ params }, call) {
    const found = await exports.list(params.organisationId, call);
    return { items: found.map(({ value }) => viewOf(value)) };
  },

  async downloadOrganisationExport({ params, body }, call) {
    await demandNobodyBlocked(exports, params.organisationId, call);
    const stored = await exports.find(params.organisationId, params.exportId, call);
    if (stored?.value.state !== 'ready' || body.part > stored.value.parts.length) throw new Problem('export-not-found');
    const download = await exports.download(stored, body.part, call);
    if (!download) throw new Problem('export-not-found');
    return download;
  },
});

/** A copy of everybody holds also those whom a block keeps from the caller: another administrator fetches it. */
async function demandNobodyBlocked(exports: OrganisationExportStore, organisationId: OrganisationId, call: Call) {
  if (!(await exports.isKeptFromAnybody(organisationId, call))) return;
  throw new Problem('not-allowed', 'A block keeps you from somebody whose data it holds. Another administrator can.');
}

function viewOf({ id, state, orderedAt, readyAt, expiresAt, parts }: OrganisationExport) {
  return { id, state, orderedAt, ...(readyAt && { readyAt }), ...(expiresAt && { expiresAt }), parts };
}
