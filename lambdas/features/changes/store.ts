import { organisationOwner } from '../organisations/organisation.ts';
import { changesFrom } from './feed.ts';
import type { ChangeStore } from './handlers.ts';

export const changeStore: ChangeStore = {
  from: (controller, wanted, { records }) => changesFrom(records.activityLog, controller, wanted),

  async start(controller, at, { records: { activityLog } }) {
    if (at === 'latest') return activityLog.nextLeaf(controller);
    return (await activityLog.oldestLeaf(controller)) ?? activityLog.nextLeaf(controller);
  },

  async noteRead(organisationId, count, { records }) {
    await records
      .change()
      .activity({ event: 'changes.seen', subject: organisationOwner(organisationId), detail: { count } })
      .commit();
  },
};
