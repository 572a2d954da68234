import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { accountOwner, accountRef } from '../accounts/account.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { breachEntity, breachPointers, breachRef, incidentEntity, incidentRef, tellDueAt } from './breach.ts';
import type { BreachStore, StoredIncident, Told } from './breach-handlers.ts';
import { pointDeadline, putBreach } from './breach-writes.ts';
import { operatorItself } from './operator-itself.ts';

export const breachStore: BreachStore = {
  async organisation(organisationId, { records }) {
    const stored = await records.get(organisationRef(organisationId));
    if (!stored) throw new Problem('organisation-not-found');
    return stored.value;
  },

  find: (organisationId, breachId, { records }) => records.get(breachRef(organisationId, breachId)),

  list: (organisationId, range, { records }) =>
    records.list(breachEntity, organisationOwner(organisationId), { ...range, newestFirst: true }),

  async record(organisationId, breach, { records }, answer) {
    return putBreach(records.change(), organisationId, undefined, breach)
      .activity({ event: 'breach.recorded', subject: organisationOwner(organisationId), about: [breach.id] })
      .commit(answer);
  },

  async save(before, after, what, { records }, answer) {
    const { controller } = before.ref.owner;
    return putBreach(records.change(), controller as OrganisationId, before, after)
      .activity({ event: `breach.${what}`, subject: before.ref.owner, about: [after.id] })
      .commit(answer);
  },

  async untold({ ref, value }, personIds, { records }) {
    const organisationId = ref.owner.controller as OrganisationId;
    const [persons, told] = await Promise.all([
      records.getMany(personIds.map((id) => personRef(organisationId, id))),
      records.pointersAt(personIds.map((id) => breachPointers.personTold(organisationId, value.id, id))),
    ]);
    if (persons.some((person) => person === undefined)) throw new Problem('person-not-found');
    return personIds.filter((_, i) => told[i] === undefined);
  },

  async tell(before, after, told, call, answer) {
    const organisationId = before.ref.owner.controller as OrganisationId;
    const change = putBreach(call.records.change(), organisationId, before, after);
    const people = told.ids.map((id) => ({
      to: ownerOf(organisationId, id),
      row: breachPointers.personTold(organisationId, after.id, id),
    }));
    tellPersons(change, people, told.words, call);
    return change
      .activity({
        event: 'breach.persons-told',
        subject: before.ref.owner,
        about: [after.id, ...told.ids],
        detail: { count: told.ids.length },
      })
      .commit(answer);
  },

  findIncident: (breachId, { records }) => records.get(incidentRef(breachId)),

  listIncidents: (range, { records }) => records.list(incidentEntity, operatorItself, { ...range, newestFirst: true }),

  async areKnown(organisationIds, { records }) {
    const found = await records.getMany(organisationIds.map(organisationRef));
    return found.every((organisation) => organisation !== undefined);
  },

  async telling({ id, phases }, { records }) {
    const phase = phases.length;
    const { pk } = breachPointers.told(id, phase, '' as OrganisationId);
    const [told, [toTell]] = await Promise.all([
      records.pointers('core', pk, { limit: ORGANISATIONS_COUNTED_MAX }),
      records.pointersAt([breachPointers.toTell(id, phase)]),
    ]);
    return { organisationsTold: told.items.length, isToldToAll: toTell === undefined };
  },

  async recordIncident(incident, named, { records }, answer) {
    const { id, concernsAccounts } = incident;
    const change = records.change().put(incidentRef(id), incident, 'new');
    if (concernsAccounts) pointDeadline(change, 'operator', undefined, incident);
    if (incident.affects === 'every-organisation' || named.length > 0) {
      tellOrganisations(change, incident, named);
      const deadline = breachPointers.deadline(tellDueAt(incident), id, 'tell', 'operator');
      change.point({ ...deadline, attributes: { controller: 'operator' } });
    }
    return change.activity({ event: 'breach.recorded', subject: operatorItself, about: [id, ...named] }).commit(answer);
  },

  async addIncidentPhase(before, after, named, { records }, answer) {
    const change = records.change().put(before.ref, after, { version: before.version });
    tellOrganisations(change, after, named);
    return change
      .activity({ event: 'breach.phase-added', subject: operatorItself, about: [after.id, ...named] })
      .commit(answer);
  },

  async saveIncident(before, after, what, { records }, answer) {
    return putIncident(records.change(), before, after)
      .activity({ event: `breach.${what}`, subject: operatorItself, about: [after.id] })
      .commit(answer);
  },

  async untoldAccounts({ value }, accountIds, { records }) {
    const [accounts, told] = await Promise.all([
      records.getMany(accountIds.map(accountRef)),
      records.pointersAt(accountIds.map((id) => breachPointers.personTold('operator', value.id, id))),
    ]);
    if (accounts.some((account) => account === undefined)) throw new Problem('account-not-found');
    return accountIds.filter((_, i) => told[i] === undefined);
  },

  async tellAccounts(before, after, told, call, answer) {
    const change = putIncident(call.records.change(), before, after);
    const people = told.ids.map((id) => ({
      to: accountOwner(id),
      row: breachPointers.personTold('operator', after.id, id),
    }));
    tellPersons(change, people, told.words, call);
    return change
      .activity({
        event: 'breach.persons-told',
        subject: operatorItself,
        about: [after.id, ...told.ids],
        detail: { count: told.ids.length },
      })
      .commit(answer);
  },
};

/** More are told all the same; the count in the view stops here. */
const ORGANISATIONS_COUNTED_MAX = 1000;

function putIncident(change: Change, before: StoredIncident, after: StoredIncident['value']): Change {
  change.put(before.ref, after, { version: before.version });
  return after.concernsAccounts ? pointDeadline(change, 'operator', before.value, after) : change;
}

/** The job that the clock goes through, and whom it concerns. */
function tellOrganisations(
  change: Change,
  { id, phases }: StoredIncident['value'],
  named: readonly OrganisationId[],
): void {
  const phase = phases.length;
  change.point({ ...breachPointers.toTell(id, phase), attributes: { breachId: id, phase } });
  for (const organisationId of named) change.point(breachPointers.affected(id, organisationId));
}

type To = Parameters<typeof queueNotice>[1]['to'];

/** The letter of Art. 34, and the row that keeps it from being written twice. */
function tellPersons(
  change: Change,
  people: readonly { readonly to: To; readonly row: PointerKey }[],
  words: Told<unknown>['words'],
  call: Call,
): void {
  for (const { to, row } of people) {
    queueNotice(change, { to, template: 'breach-person', parameters: words }, call);
    change.point({ ...row, attributes: { at: call.now.toISOString() } });
  }
}
