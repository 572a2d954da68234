import { ExportId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { accountOwner, accountPointers } from '../accounts/account.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, isLinkedOn, ownerOf } from '../people/person.ts';
import { addPerson, claimsFor, IdentityTaken } from '../people/writes.ts';
import { pictureRef } from '../pictures/picture.ts';
import { carriedDaysPointers, carriedDaysRef } from './carried-days.ts';
import { collectRecords } from './collect.ts';
import { EXPORT_PENDING_SECONDS, epochSeconds, exportPointers, exportRef, ownerOfExport } from './export.ts';
import type { ExportStore, StoredExport } from './handlers.ts';
import { originRef } from './origin.ts';
import { textsIn } from './texts.ts';

const PERSONS_MAX = 100;
const EXPORTS_MAX = 50;
const TRIES_MAX = 3;

export const exportStore: ExportStore = {
  async mine({ accountId }, call) {
    const { records } = call;
    const persons = await personsOf(records, accountId);
    const receivers = [accountOwner(accountId), ...persons];
    const found = await Promise.all(receivers.map((receiver) => exportsFor(records, receiver)));
    const shown = await Promise.all(
      found.flat().map(async (stored) => ((await mayFetch(stored, persons, call)) ? [stored] : [])),
    );
    return shown.flat().sort((one, other) => (one.value.id < other.value.id ? 1 : -1));
  },

  async toLookThrough({ organisationId, exportId }, { records, role }) {
    const [pointer] = await records.pointersAt([exportPointers.all(exportId)]);
    const { controller, holder } = pointer?.attributes ?? {};
    // Another organisation's is answered as if there were none.
    if (controller !== organisationId || typeof holder !== 'string' || !role) return undefined;
    const stored = await records.get(exportRef({ controller: organisationId, subject: holder as SubjectId }, exportId));
    if (!stored) return undefined;
    const subject = PersonId.parse(stored.value.subject);
    const blocks = await records.getMany(
      blocksBetween(organisationId, [role.personId, ...role.otherPersonIds], subject),
    );
    if (blocks.some((block) => block)) return undefined;
    const owner = ownerOf(organisationId, subject);
    return { stored, texts: textsIn(await collectRecords(records, owner, stored.value.audience)) };
  },

  async recordLook({ ref, value }, { records }) {
    const subject = ownerOfExport(ref.owner.controller, value);
    await records
      .change()
      .activity({ event: 'export.looked-through', subject, about: [value.id] })
      .commit();
  },

  async release({ ref, value, version }, decisions, { records, now }) {
    const expiresAtEpochSeconds = epochSeconds(now) + EXPORT_PENDING_SECONDS;
    const subject = ownerOfExport(ref.owner.controller, value);
    await records
      .change()
      .put(
        ref,
        { ...value, state: 'ordered', attempts: 0, decisions: [...decisions] },
        { version },
        { expiresAtEpochSeconds, otherwise: () => new Problem('wrong-state') },
      )
      // Another attribute each time: a row written again as it was wakes nobody.
      .point({
        ...exportPointers.job(ref.owner, value.id),
        attributes: { at: now.toISOString() },
        expiresAtEpochSeconds,
      })
      .activity({
        event: 'export.released',
        subject,
        about: [value.id],
        detail: { leftOut: decisions.filter(({ shown }) => shown !== 'whole').length },
      })
      .commit();
  },

  async profileOf(organisationId, { records }) {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) throw new Problem('organisation-not-found');
    return organisation.value.profile;
  },

  async add({ person, origin, picture, days }, answer, { records }) {
    const { organisationId, id } = person;
    for (let attempt = 1; ; attempt++) {
      const change = records.change();
      addPerson(change, person, await claimsFor(records, undefined, person), { cause: { by: 'portable-import' } });
      change.put(originRef(organisationId, id), origin, 'new');
      if (picture) change.put(pictureRef(organisationId, id), { image: picture }, 'new');
      if (days.length > 0) {
        change
          .put(carriedDaysRef(organisationId, id), [...days], 'new')
          .point(carriedDaysPointers.job(organisationId, id))
          .point(carriedDaysPointers.waiting(organisationId, id));
      }
      try {
        return await change.commit(answer);
      } catch (error) {
        // Another person has this name and birth date, or got it since we looked: look again.
        if (!(error instanceof IdentityTaken) || attempt >= TRIES_MAX) throw error;
      }
    }
  },
};

async function personsOf(records: Records, accountId: Parameters<typeof accountOwner>[0]): Promise<Owner[]> {
  const { pk } = accountPointers.person(accountId, '' as OrganisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: 'PERSON#', limit: PERSONS_MAX });
  return items.map(({ sk }) => {
    const [, organisationId, personId] = sk.split('#');
    return ownerOf(OrganisationId.parse(organisationId), PersonId.parse(personId));
  });
}

async function exportsFor(records: Records, receiver: Owner): Promise<StoredExport[]> {
  const { pk, sk } = exportPointers.receiver(receiver, '');
  const { items } = await records.pointers('transient', pk, { prefix: sk, limit: EXPORTS_MAX });
  const refs = items.map((pointer) => {
    const { controller, holder } = pointer.attributes ?? {};
    const owner = { controller, subject: holder } as unknown as Owner;
    return exportRef(owner, ExportId.parse(pointer.sk.slice(sk.length)));
  });
  const found = await records.getMany(refs);
  return found.flatMap((stored) => (stored ? [stored] : []));
}

/** A guardian that has ceased to be one, and one whom a block keeps from the child, has lost the export too. */
async function mayFetch(
  { ref, value }: StoredExport,
  persons: readonly Owner[],
  { records, now }: { readonly records: Records; readonly now: Date },
): Promise<boolean> {
  const { audience } = value;
  const { controller } = ref.owner;
  if (audience.kind === 'claim') return false;
  if (audience.kind === 'self' || controller === 'operator') return true;
  const childId = PersonId.parse(value.subject);
  const selves = persons.filter((one) => one.controller === controller).map(({ subject }) => subject as PersonId);
  const [[link, organisation], blocks] = await Promise.all([
    records.together([
      { entity: guardianLinkEntity, owner: ownerOf(controller, childId), key: audience.guardianId },
      organisationRef(controller),
    ]),
    records.getMany(blocksBetween(controller, selves, childId)),
  ]);
  if (!link || !organisation || blocks.some((block) => block)) return false;
  const { rights } = link.value;
  // Responsibility that has become information alone does not open what was made for responsibility.
  const hasRights = rights === audience.rights || rights === 'parental-responsibility';
  return hasRights && isLinkedOn(link.value, dayIn(organisation.value.timeZone, now));
}
