import { ConsentId, PersonId } from '../../http/ids.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { consentedInformationRef, consentedPictureRef } from './consented-information.ts';
import { consentPointers, isGivenRow, PURPOSES_MAX, purposeEntity, purposeRef, purposeVersionRef } from './purpose.ts';
import type { PurposeStore } from './purpose-handlers.ts';
import { readHouse, readPrincipal } from './read-principals.ts';

/** Answers that are counted; an organisation has at most 5,000 people. */
const COUNTED_MAX = 50_000;
const CONSENTS_OF_PERSON_MAX = 500;

export const purposeStore: PurposeStore = {
  house: (organisationId, { records }) => readHouse(organisationId, records),

  async list(organisationId, { records }) {
    const page = await records.list(purposeEntity, organisationOwner(organisationId), { limit: PURPOSES_MAX });
    return page.items;
  },

  find: (organisationId, id, { records }) => records.get(purposeRef(organisationId, id)),

  async counts(organisationId, { records }) {
    const { pk } = consentPointers.of(organisationId, '', '');
    const counts = new Map<string, { given: number; ended: number }>();
    for (const row of await allRows(records, pk)) {
      const [purposeId = ''] = row.sk.split('#');
      const count = counts.get(purposeId) ?? { given: 0, ended: 0 };
      counts.set(purposeId, count);
      if (isGivenRow(row)) count.given++;
      else count.ended++;
    }
    return counts;
  },

  async declare(organisationId, purpose, { records }, answer) {
    return records
      .change()
      .put(purposeRef(organisationId, purpose.id), purpose, 'new')
      .put(purposeVersionRef(organisationId, purpose.id, purpose.textVersion), purpose, 'new')
      .activity({
        event: 'consent-purpose.declared',
        subject: organisationOwner(organisationId),
        about: [purpose.id],
        detail: { textVersion: purpose.textVersion, ...(purpose.code !== undefined && { code: purpose.code }) },
      })
      .commit(answer);
  },

  async save(organisationId, before, after, { records }) {
    const change = records
      .change()
      .put(before.ref, after, { version: before.version })
      // The clock looks at every consent to it: what does not hold any more is asked for anew, or ends.
      .unpoint(consentPointers.walked(organisationId))
      .activity({
        event: after.state === 'retired' ? 'consent-purpose.retired' : 'consent-purpose.changed',
        subject: organisationOwner(organisationId),
        about: [after.id],
        detail: { textVersion: after.textVersion },
      });
    if (after.textVersion !== before.value.textVersion) {
      change.put(purposeVersionRef(organisationId, after.id, after.textVersion), after, 'new');
    }
    await change.commit();
  },

  principal: (house, personId, { records, now }) => readPrincipal(house, personId, records, now),

  async answered(house, purposeId, { limit, after, callerIds }, { records, now }) {
    const { organisation } = house;
    const { pk, sk } = consentPointers.of(organisation.id, purposeId, '');
    const [page, blocked] = await Promise.all([
      records.pointers('core', pk, { prefix: sk, limit, ...(after !== undefined && { after: `${sk}${after}` }) }),
      blockedFor(records, organisation.id, callerIds),
    ]);
    const idOf = (sortKey: string) => PersonId.parse(sortKey.slice(sk.length));
    const ids = page.items.map((row) => idOf(row.sk)).filter((id) => !blocked.has(id));
    const principals = await Promise.all(ids.map((id) => readPrincipal(house, id, records, now)));
    return {
      principals: principals.filter((principal) => principal !== undefined),
      ...(page.next !== undefined && { next: idOf(page.next) }),
    };
  },

  async held(organisationId, personId, { records }) {
    const owner = ownerOf(organisationId, personId);
    const { pk, sk } = dependantPointers.subject(owner, '' as ConsentId);
    const { items } = await records.pointers('core', pk, { prefix: `${sk}con_`, limit: CONSENTS_OF_PERSON_MAX });
    const ids = items.map((pointer) => ConsentId.parse(pointer.sk.slice(sk.length)));
    const [information, pictures] = await Promise.all([
      records.getMany(ids.map((id) => consentedInformationRef(organisationId, id))),
      records.getMany(ids.map((id) => consentedPictureRef(organisationId, id))),
    ]);
    return ids.map((consentId, i) => ({
      consentId,
      information: information[i]?.value,
      picture: pictures[i]?.value,
      versions: { information: information[i]?.version ?? 0, picture: pictures[i]?.version ?? 0 },
    }));
  },

  async hold(organisationId, { consentId, principalId }, before, { information, picture }, { records }) {
    const { versions } = before ?? { versions: { information: 0, picture: 0 } };
    const change = records
      .change()
      .put(consentedInformationRef(organisationId, consentId), information, conditionOf(versions.information))
      .activity({
        event: 'consented-information.changed',
        subject: ownerOf(organisationId, principalId),
        about: [consentId],
        detail: { fields: fieldsIn(information), picture: picture !== undefined },
      });
    const pictureRef = consentedPictureRef(organisationId, consentId);
    if (picture) change.put(pictureRef, picture, conditionOf(versions.picture));
    else if (versions.picture > 0) change.remove(pictureRef, { version: versions.picture });
    await change.commit();
  },
};

const conditionOf = (version: number) => (version === 0 ? 'new' : { version });
const fieldsIn = ({ principalId: _, purposeId: __, ...fields }: object & { principalId: string; purposeId: string }) =>
  Object.keys(fields).join(',');

async function allRows(records: Records, pk: string): Promise<readonly Pointer[]> {
  const rows: Pointer[] = [];
  let after: string | undefined;
  do {
    const page = await records.pointers('core', pk, after === undefined ? {} : { after });
    rows.push(...page.items);
    after = page.next;
  } while (after !== undefined && rows.length < COUNTED_MAX);
  return rows;
}
