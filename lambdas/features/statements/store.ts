import { organisationRef } from '../organisations/organisation.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import type { StatementStore } from './handlers.ts';
import { publishedStatements } from './published.ts';
import { publish } from './writes.ts';

export const statementStore: StatementStore = {
  async find(organisationId, { records }) {
    const [[organisation, decided], published] = await Promise.all([
      records.together([organisationRef(organisationId), adjustmentsRef(organisationId)]),
      publishedStatements(records, organisationId),
    ]);
    if (organisation?.value.state !== 'open') return undefined;
    return {
      organisation: organisation.value,
      published: published.map(({ value }) => value),
      adjustments: decided?.value.adjustments ?? {},
    };
  },

  async publish(organisationId, next, { records }, answer) {
    const change = records.change();
    publish(change, organisationId, next);
    return change.commit(answer);
  },
};
