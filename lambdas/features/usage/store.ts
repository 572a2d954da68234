import { Problem } from '../../http/problem.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { readStatementStanding } from '../statements/read-standing.ts';
import type { UsageStore } from './handlers.ts';
import { usageCategoriesRef, usageEventEntity, usageSettingsRef } from './usage-event.ts';

export const usageStore: UsageStore = {
  async ownUse(organisationId, personId, range, { records }) {
    const [[organisation, settings, categories], events] = await Promise.all([
      records.together([
        organisationRef(organisationId),
        usageSettingsRef(organisationId),
        usageCategoriesRef(organisationId, personId),
      ]),
      records.list(usageEventEntity, ownerOf(organisationId, personId), { ...range, newestFirst: true }),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    const standing = await readStatementStanding(organisation.value, personId, records);
    return {
      organisation: organisation.value,
      settings: settings?.value,
      hasAcknowledged: standing.acknowledged !== undefined && !standing.mustAcknowledge,
      categories: categories?.value,
      events: events.items.map(({ value }) => value),
      ...(events.next !== undefined && { next: events.next }),
    };
  },

  async settings(organisationId, { records }) {
    const [organisation, stored] = await records.together([
      organisationRef(organisationId),
      usageSettingsRef(organisationId),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    return { organisation: organisation.value, stored };
  },

  async saveSettings(organisationId, settings, before, { records }) {
    const ref = usageSettingsRef(organisationId);
    await records
      .change()
      .put(ref, settings, before === undefined ? 'new' : { version: before })
      .activity({
        event: 'usage-settings.changed',
        subject: ref.owner,
        detail: { categorisation: settings.categorisation },
      })
      .commit();
  },
};
