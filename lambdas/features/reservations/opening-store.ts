import { Problem } from '../../http/problem.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { CLOSURES_MAX, closureEntity, closureRef } from './closure.ts';
import { FOREVER } from './closures-between.ts';
import type { OpeningStore } from './opening-handlers.ts';
import { reservationRulesRef } from './rules.ts';

export const openingStore: OpeningStore = {
  rules: (organisationId, { records }) => records.get(reservationRulesRef(organisationId)),

  async saveRules(organisationId, before, after, { records }) {
    await records
      .change()
      .put(reservationRulesRef(organisationId), after, before ? { version: before.version } : 'new')
      .activity({ event: 'reservation-rules.changed', subject: organisationOwner(organisationId) })
      .commit();
  },

  async closures(organisationId, from, { records }) {
    const [organisation, closures] = await Promise.all([
      records.get(organisationRef(organisationId)),
      records.list(closureEntity, organisationOwner(organisationId), { from, to: FOREVER, limit: CLOSURES_MAX }),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    return { timeZone: organisation.value.timeZone, closures: closures.items };
  },

  addClosure: (organisationId, closure, { records }, answer) =>
    records
      .change()
      .put(closureRef(organisationId, closure), closure, 'new')
      .activity({
        event: 'closure.added',
        subject: organisationOwner(organisationId),
        about: [closure.id],
        detail: { kind: closure.kind, from: closure.from, until: closure.until },
      })
      .commit(answer),

  async removeClosure({ ref, value, version }, { records }) {
    await records
      .change()
      .remove(ref, { version })
      .activity({
        event: 'closure.withdrawn',
        subject: ref.owner,
        about: [value.id],
        detail: { kind: value.kind, from: value.from, until: value.until },
      })
      .commit();
  },
};
