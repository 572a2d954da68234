import { organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { holdsOn } from '../requests/hold.ts';
import { adjustmentsRef } from './adjustments.ts';
import { ENDED, endedAt, LAST, retentionPointers, shreddedOf } from './due-index.ts';
import type { RetentionStore } from './handlers.ts';
import { adjustable } from './policy.ts';
import { readStandings } from './standings.ts';

export const retentionStore: RetentionStore = {
  async facts(organisationId, { records }) {
    const [organisation, decided] = await records.together([
      organisationRef(organisationId),
      adjustmentsRef(organisationId),
    ]);
    return organisation && { organisation: organisation.value, decided };
  },

  async decide({ organisation, decided }, after, { records }) {
    const ref = adjustmentsRef(organisation.id);
    const changed = adjustable.filter(
      (kept) => JSON.stringify(decided?.value.adjustments[kept]) !== JSON.stringify(after.adjustments[kept]),
    );
    await records
      .change()
      .put(ref, after, decided ? { version: decided.version } : 'new')
      .activity({ event: 'retention.decided', subject: ref.owner, detail: { changed: changed.join(' ') } })
      .commit();
  },

  async leavers(organisationId, { until, limit, after, callerIds }, { records }) {
    const { pk } = retentionPointers.walk(organisationId);
    const range = { from: ENDED, to: `${ENDED}${until}${LAST}`, limit, ...(after !== undefined && { after }) };
    const [{ items, next }, blocked] = await Promise.all([
      records.pointers('core', pk, range),
      blockedFor(records, organisationId, callerIds),
    ]);
    const rows = items.flatMap((pointer) => {
      const at = endedAt(pointer);
      return at && !blocked.has(at.personId) ? [{ ...at, shredded: shreddedOf(pointer) }] : [];
    });
    const [standings, holds] = await Promise.all([
      readStandings(
        records,
        organisationId,
        rows.map(({ personId }) => personId),
      ),
      Promise.all(rows.map(({ personId }) => holdsOn(records, ownerOf(organisationId, personId)))),
    ]);
    const leavers = rows.flatMap(({ lastDay, shredded }, i) => {
      const known = standings[i];
      if (!known) return [];
      return [{ lastDay, shredded, known, isHeld: holds[i]!.length > 0 || known.keys.get('person') === 'RESTRICTED' }];
    });
    return { leavers, ...(next !== undefined && { next }) };
  },
};
