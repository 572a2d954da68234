import { reachedBy } from '../notices/channels/reached-by.ts';
import { categories } from '../notices/notice.ts';
import { declinedNoticesEntity, declinedNoticesRef, preferencesRef } from '../notices/preferences.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import type { PreferenceStore } from './handlers.ts';

export const preferenceStore: PreferenceStore = {
  async find(owner, { records }) {
    const { controller } = owner;
    if (controller === 'operator') return undefined;
    const [[organisation, preferences], declined, channels] = await Promise.all([
      records.together([{ entity: organisationEntity, owner: organisationOwner(controller) }, preferencesRef(owner)]),
      records.list(declinedNoticesEntity, owner),
      reachedBy(owner, records),
    ]);
    if (!organisation) return undefined;
    return {
      owner,
      preferences,
      declined: declined.items.map(({ value }) => value.category),
      timeZone: organisation.value.timeZone,
      reachedBy: channels,
    };
  },

  async save({ owner, preferences: before, declined }, preferences, { records }) {
    const change = records
      .change()
      .put(preferencesRef(owner), preferences, before ? { version: before.version } : 'new');
    const wanted = declined.filter((category) => preferences.categories[category]?.email !== 'off');
    const stored = await records.getMany(wanted.map((category) => declinedNoticesRef(owner, category)));
    for (const row of stored) if (row) change.remove(row.ref, { version: row.version });
    const off = categories.filter((category) => preferences.categories[category]?.email === 'off').length;
    await change.activity({ event: 'notice-preferences.changed', subject: owner, detail: { off } }).commit();
  },
};
