import type { Call } from '../../http/call.ts';
import { type ConsentId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { dependantPointers } from '../../platform/entity.ts';
import { accountPointers } from '../accounts/account.ts';
import { blocksBetween } from '../people/blocks.ts';
import { ownerOf, peoplePointers } from '../people/person.ts';
import type { ConsentState } from './consent.ts';
import type { Principal, Speaker } from './principal.ts';
import { type House, idsIn, type PrincipalKey, readHouse, readPrincipal } from './read-principals.ts';

/** Persons that an account is, and children of theirs: more is a mistake. */
const PERSONS_MAX = 50;
const CHILDREN_MAX = 50;

/** Somebody whom the caller speaks for. */
export interface Mine {
  readonly principal: Principal;
  readonly speaker: Speaker;
}

interface Candidate extends PrincipalKey {
  readonly speaker: Speaker;
}

/** Everyone the caller speaks for: themself in each organisation, and the children they are responsible for. */
export async function mine(call: Call): Promise<readonly Mine[]> {
  return principalsOf(await candidates(call), call);
}

/** One of them; undefined where the caller has no say, so that an outsider learns nothing. */
export async function mineOf(key: PrincipalKey, call: Call): Promise<Mine | undefined> {
  const wanted = (await candidates(call)).filter(
    ({ organisationId, personId }) => organisationId === key.organisationId && personId === key.personId,
  );
  const [found] = await principalsOf(wanted, call);
  return found;
}

export async function mineByConsent(
  consentId: ConsentId,
  call: Call,
): Promise<(Mine & { readonly state: ConsentState }) | undefined> {
  const all = await candidates(call);
  const keys = all.map(({ organisationId, personId }) =>
    dependantPointers.subject(ownerOf(organisationId, personId), consentId),
  );
  const pointers = await call.records.pointersAt(keys);
  const holders = all.filter((_, i) => pointers[i] !== undefined);
  for (const found of await principalsOf(holders, call)) {
    const state = found.principal.states.find((one) => one.consentId === consentId);
    if (state) return { ...found, state };
  }
  return undefined;
}

/** Ids alone; whether the caller still has a say is read from the records. Two waves. */
async function candidates({ account, records }: Call): Promise<readonly Candidate[]> {
  if (!account) throw new Error('A route for accounts without an account');
  const { pk } = accountPointers.person(account.accountId, '' as OrganisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: 'PERSON#', limit: PERSONS_MAX });
  const own = items.map(({ sk }) => idsIn(sk));
  const ofChildren = await Promise.all(
    own.map(async ({ organisationId, personId }) => {
      const { pk: partition, sk } = peoplePointers.child(organisationId, personId, '' as PersonId);
      const children = await records.pointers('core', partition, { prefix: sk, limit: CHILDREN_MAX });
      return children.items.map((pointer) => ({
        organisationId,
        personId: PersonId.parse(pointer.sk.slice(sk.length)),
        speaker: { personId, capacity: 'guardian' } as const,
      }));
    }),
  );
  return [
    ...own.map((key) => ({ ...key, speaker: { personId: key.personId, capacity: 'self' } as const })),
    ...ofChildren.flat(),
  ];
}

async function principalsOf(wanted: readonly Candidate[], call: Call): Promise<readonly Mine[]> {
  const ids = [...new Set(wanted.map(({ organisationId }) => organisationId))];
  const houses = await Promise.all(ids.map((id) => readHouse(id, call.records)));
  const houseOf = new Map(ids.map((id, i) => [id, houses[i]]));
  const found = await Promise.all(
    wanted.map(async (candidate) => {
      const house = houseOf.get(candidate.organisationId);
      const principal = house && (await readPrincipal(house, candidate.personId, call.records, call.now));
      return principal && (await maySpeak(candidate, principal, house, call))
        ? [{ principal, speaker: candidate.speaker }]
        : [];
    }),
  );
  return found.flat();
}

/** A guardian without parental responsibility has no say; a block beats every link, from either side. */
async function maySpeak({ speaker }: Candidate, principal: Principal, { organisation }: House, call: Call) {
  if (speaker.capacity === 'self') return true;
  // Relatives of a grown-up have no say in what that grown-up consents to.
  if (principal.person.kind !== 'child' || !principal.guardianIds.includes(speaker.personId)) return false;
  const { pk } = accountPointers.person(call.account!.accountId, '' as OrganisationId, '' as PersonId);
  const own = await call.records.pointers('core', pk, { prefix: `PERSON#${organisation.id}#`, limit: PERSONS_MAX });
  const callerIds = own.items.map(({ sk }) => idsIn(sk).personId);
  const blocks = await call.records.getMany(blocksBetween(organisation.id, callerIds, principal.person.id));
  return blocks.every((block) => block === undefined);
}
