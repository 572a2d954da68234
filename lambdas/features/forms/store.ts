import { readHouse } from '../consents/read-principals.ts';
import { openEventRef } from '../open-events/open-event.ts';
import { closedForms, publicFormsRef } from './form.ts';
import type { FormStore } from './handlers.ts';
import { askToConfirm } from './outsider.ts';

export const formStore: FormStore = {
  async house(organisationId, { records }) {
    const [house, forms] = await Promise.all([
      readHouse(organisationId, records),
      records.get(publicFormsRef(organisationId)),
    ]);
    if (!house) return undefined;
    const { organisation, purposes, statementVersion } = house;
    return {
      id: organisationId,
      name: organisation.name,
      timeZone: organisation.timeZone,
      forms: forms?.value ?? closedForms,
      newsletter: purposes.find(({ code, state }) => code === 'newsletter' && state === 'open'),
      statementVersion,
    };
  },

  openEvent: async (organisationId, id, { records }) => (await records.get(openEventRef(organisationId, id)))?.value,
  ask: askToConfirm,
  settings: (organisationId, { records }) => records.get(publicFormsRef(organisationId)),

  async saveSettings(organisationId, forms, before, { records }) {
    const ref = publicFormsRef(organisationId);
    await records
      .change()
      .put(ref, forms, before === undefined ? 'new' : { version: before })
      .activity({ event: 'public-forms.changed', subject: ref.owner, detail: { ...forms } })
      .commit();
  },
};
