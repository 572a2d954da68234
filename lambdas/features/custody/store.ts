import { guardiansOf } from '../attendance/guardians.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { custodyRef } from './custody.ts';
import type { CustodyStore } from './handlers.ts';

export const custodyStore: CustodyStore = {
  async ofChild(organisationId, personId, { records }) {
    const [[person, stored], guardians] = await Promise.all([
      records.together([personRef(organisationId, personId), custodyRef(organisationId, personId)]),
      guardiansOf(records, organisationId, personId),
    ]);
    return person && { kind: person.value.kind, stored, guardianIds: guardians.map(({ link }) => link.guardianId) };
  },

  async save(organisationId, personId, before, after, { records }) {
    await records
      .change()
      .put(custodyRef(organisationId, personId), after, before ? { version: before.version } : 'new')
      .activity({ event: 'custody.set', subject: ownerOf(organisationId, personId) })
      .commit();
  },

  async remove({ ref, version }, { records }) {
    await records.change().remove(ref, { version }).activity({ event: 'custody.removed', subject: ref.owner }).commit();
  },
};
