import { organisationRef } from '../organisations/organisation.ts';
import type { StatementStore } from './handlers.ts';
import { publishedStatements } from './published.ts';
import { publish } from './writes.ts';

export const statementStore: StatementStore = {
  async find(organisationId, { records }) {
    const [organisation, published] = await Promise.all([
      records.get(organisationRef(organisationId)),
      publishedStatements(records, organisationId),
    ]);
    if (organisation?.value.state !== 'open') return undefined;
    return { organisation: organisation.value, published: published.map(({ value }) => value) };
  },

  async publish(organisationId, next, { records }, answer) {
    const change = records.change();
    publish(change, organisationId, next);
    return change.commit(answer);
  },
};
