import { CorrectionId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import type { Pointer } from '../../platform/records.ts';
import { customerContactRef, customerRef, withFacts } from '../customers/customer.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { keptFrom } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { ticketSettingsRef } from '../tickets/settings.ts';
import { houseOf } from '../tickets/ticketing.ts';
import { correctionKey, correctionRef, correctionRow } from './correction.ts';
import type { CorrectionStore } from './handlers.ts';

/** What one contact may have waiting. */
const WAITING_MAX = 20;
const OWN_MAX = 100;
/** Rows that are gone through for one page of those that wait. */
const ROWS_PER_READ = 200;
const ROWS_MAX = 2_000;

export const correctionStore: CorrectionStore = {
  async customerOf(organisationId, personId, { records }) {
    const contact = await records.get(customerContactRef(organisationId, personId));
    return contact && records.get(customerRef(organisationId, contact.value.customerId));
  },

  customer: (organisationId, id, { records }) => records.get(customerRef(organisationId, id)),
  settings: async (organisationId, { records }) => (await records.get(ticketSettingsRef(organisationId)))?.value,

  house: (organisationId, { records }) => houseOf(records, organisationId),

  async propose(organisationId, personId, correction, call, answer) {
    const { records, now } = call;
    const owner = personId ? ownerOf(organisationId, personId) : organisationOwner(organisationId);
    const house = await houseOf(records, organisationId);
    if (personId) {
      const { items } = await records.list(correctionRef(owner, correction.id).entity, owner, { limit: OWN_MAX });
      const waiting = items.filter(({ value }) => value.state === 'proposed').length;
      if (waiting >= WAITING_MAX || items.length >= OWN_MAX)
        throw new Problem('too-many', `At most ${WAITING_MAX} wait.`);
    }
    const change = records.change().put(correctionRef(owner, correction.id), correction, 'new');
    change.point(correctionRow(owner, correction));
    // Whoever compares with the register sees the answer at once: nobody has to be told.
    if (personId && house) {
      const among = await decidersOf(records, organisationId, house.timeZone, now, ['administrator', 'leader']);
      for (const id of await reachable(records, organisationId, among.slice(0, CONTROLLERS_TOLD_MAX))) {
        const parameters = { at: now.toISOString() };
        queueNotice(change, { to: ownerOf(organisationId, id), template: 'correction-waiting', parameters }, call);
      }
    }
    const about = [correction.id, correction.customerId];
    return change
      .activity({ event: 'correction.proposed', subject: owner, about, detail: { from: correction.from } })
      .commit(answer);
  },

  async ownOf(organisationId, personId, { records }) {
    const owner = ownerOf(organisationId, personId);
    const { entity } = correctionRef(owner, '' as CorrectionId);
    const { items } = await records.list(entity, owner, { limit: OWN_MAX, newestFirst: true });
    return items.map(({ value }) => value);
  },

  async list(organisationId, show, { limit, after }, call) {
    const { records } = call;
    const blocked = await keptFrom(call);
    const { table, pk } = correctionKey(organisationId, '');
    const rows: Pointer[] = [];
    let last = after;
    let next: CorrectionId | undefined;
    for (let read = 0; next === undefined; ) {
      const range = { limit: ROWS_PER_READ, newestFirst: true, ...(last !== undefined && { after: last }) };
      const page = await records.pointers(table, pk, range);
      read += page.items.length;
      for (const row of page.items) {
        last = row.sk;
        const isWanted = show === 'all' || row.attributes?.['state'] === 'proposed';
        if (isWanted && !blocked.has(refIn(organisationId, row).owner.subject)) rows.push(row);
        if (rows.length < limit) continue;
        next = CorrectionId.parse(row.sk);
        break;
      }
      if (page.next === undefined) break;
      if (read >= ROWS_MAX) next ??= CorrectionId.parse(last);
    }
    const stored = await records.getMany(rows.map((row) => refIn(organisationId, row)));
    return {
      corrections: stored.flatMap((one) =>
        one ? [{ owner: one.ref.owner, value: one.value, version: one.version }] : [],
      ),
      ...(next !== undefined && { next }),
    };
  },

  async find(organisationId, id, call) {
    const [[row], blocked] = await Promise.all([
      call.records.pointersAt([correctionKey(organisationId, id)]),
      keptFrom(call),
    ]);
    const stored = row && (await call.records.get(refIn(organisationId, row)));
    if (!stored || blocked.has(stored.ref.owner.subject)) return undefined;
    return { owner: stored.ref.owner, value: stored.value, version: stored.version };
  },

  async decide({ owner, version }, after, customer, call) {
    const { records, now } = call;
    const change = records
      .change()
      .put(correctionRef(owner, after.id), after, { version })
      .point(correctionRow(owner, after));
    if (customer) {
      const source = { from: after.from, at: now.toISOString(), correctionId: after.id };
      change.put(customer.ref, withFacts(customer.value, after.proposed, source), { version: customer.version });
    }
    if (PersonId.safeParse(owner.subject).success) {
      queueNotice(change, { to: owner, template: 'correction-answered', parameters: { at: now.toISOString() } }, call);
    }
    await change
      .activity({
        event: 'correction.decided',
        subject: owner,
        about: [after.id, after.customerId],
        detail: { state: after.state },
      })
      .commit();
  },
};

const refIn = (controller: OrganisationId, { sk, attributes = {} }: Pick<Pointer, 'sk' | 'attributes'>) => {
  const owner: Owner = { controller, subject: attributes['subject'] as SubjectId };
  return correctionRef(owner, CorrectionId.parse(sk));
};
