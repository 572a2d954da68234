import type { Call } from '../../http/call.ts';
import type { ExportId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { ActivityExport, activityExportEntity } from './export.ts';
import type { activityExportRoutes } from './export-routes.ts';

type StoredExport = Stored<typeof activityExportEntity>;

export interface ActivityExportStore {
  /** A block stands between the caller, in whichever role, and somebody in the organisation. */
  isKeptFromAnybody(organisationId: OrganisationId, call: Call): Promise<boolean>;
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredExport[]>;
  find(organisationId: OrganisationId, id: ExportId, call: Call): Promise<StoredExport | undefined>;
  order<A>(organisationId: OrganisationId, ordered: ActivityExport, call: Call, answer: A): Promise<A>;
  /** A plain copy and a link to it; undefined when the file is gone or its key closed. */
  download(stored: StoredExport, call: Call): Promise<{ url: string; expiresAt: string; filename: string } | undefined>;
}

export const activityExportHandlers = (
  exports: ActivityExportStore,
): HandlersFor<typeof activityExportRoutes, Call> => ({
  async orderActivityExport({ params: { organisationId }, body: { from, to } }, call) {
    await demandNobodyBlocked(exports, organisationId, call);
    const present = await exports.list(organisationId, call);
    if (present.some(({ value }) => value.state === 'ordered')) {
      throw new Problem('wrong-state', 'Another copy is being made.');
    }
    const ordered: ActivityExport = {
      id: call.newId('exp'),
      state: 'ordered',
      from,
      to,
      orderedBy: { personId: call.role!.personId, accountId: call.account!.accountId },
      orderedAt: call.now.toISOString(),
      attempts: 0,
    };
    return exports.order(organisationId, ordered, call, viewOf(ordered));
  },

  async listActivityExports({ params }, call) {
    const found = await exports.list(params.organisationId, call);
    return { items: found.map(({ value }) => viewOf(value)) };
  },

  async downloadActivityExport({ params: { organisationId, exportId } }, call) {
    await demandNobodyBlocked(exports, organisationId, call);
    const stored = await exports.find(organisationId, exportId, call);
    if (stored?.value.state !== 'ready') throw new Problem('export-not-found');
    const download = await exports.download(stored, call);
    if (!download) throw new Problem('export-not-found');
    return download;
  },
});

/** The log names also those whom a block keeps from the caller, and a proof leaves out nobody: another officer fetches it. */
async function demandNobodyBlocked(exports: ActivityExportStore, organisationId: OrganisationId, call: Call) {
  if (!(await exports.isKeptFromAnybody(organisationId, call))) return;
  throw new Problem('not-allowed', 'A block keeps you from somebody whom the log names. Another officer can.');
}

function viewOf({ orderedBy: _, attempts: __, ...view }: ActivityExport) {
  return view;
}
