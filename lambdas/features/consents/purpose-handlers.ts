import { type Call, personIdsOf } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type ConsentPurposeId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { audienceOf } from '../people/views.ts';
import { cleanedImage } from '../pictures/image.ts';
import { consentTo, standingOf } from './consent.ts';
import { type ConsentedInformation, type ConsentedPicture, fieldsNotCarried } from './consented-information.ts';
import { type Consented, consented } from './kinds.ts';
import { factsOf, type Principal, purposeOf, questionsTo } from './principal.ts';
import {
  type ConsentPurpose,
  changedPurpose,
  PURPOSES_MAX,
  type PurposeRules,
  type PurposeText,
  type purposeEntity,
} from './purpose.ts';
import type { ConsentStanding, InformationView, purposeRoutes } from './purpose-routes.ts';
import type { House } from './read-principals.ts';
import { standardPurpose, standardPurposesOf } from './standard-purposes.ts';

export type StoredPurpose = Stored<typeof purposeEntity>;
export interface Counts {
  readonly given: number;
  readonly ended: number;
}

/** What is held on one consent, with the version of the fields; 0 where nothing is held yet. */
export interface HeldOnConsent {
  readonly consentId: Consented['consentId'];
  readonly information: ConsentedInformation | undefined;
  readonly picture: ConsentedPicture | undefined;
  readonly versions: { readonly information: number; readonly picture: number };
}

export interface PurposeStore {
  house(organisationId: OrganisationId, call: Call): Promise<House | undefined>;
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredPurpose[]>;
  find(organisationId: OrganisationId, id: ConsentPurposeId, call: Call): Promise<StoredPurpose | undefined>;
  counts(organisationId: OrganisationId, call: Call): Promise<ReadonlyMap<string, Counts>>;
  declare<A>(organisationId: OrganisationId, purpose: ConsentPurpose, call: Call, answer: A): Promise<A>;
  /** Saves over the version that was read, with the text as it was shown; the clock then looks at all consents. */
  save(organisationId: OrganisationId, before: StoredPurpose, after: ConsentPurpose, call: Call): Promise<void>;
  principal(house: House, personId: PersonId, call: Call): Promise<Principal | undefined>;
  /** A page of those who ever answered, by id; whoever a block keeps from one of `callerIds` is left out. */
  answered(
    house: House,
    purposeId: ConsentPurposeId,
    range: { readonly limit: number; readonly after?: string; readonly callerIds: readonly PersonId[] },
    call: Call,
  ): Promise<{ readonly principals: readonly Principal[]; readonly next?: string }>;
  held(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<readonly HeldOnConsent[]>;
  /** Demands the consent itself: what was only acknowledged or accepted does not compile. */
  hold(
    organisationId: OrganisationId,
    on: Consented,
    before: HeldOnConsent | undefined,
    what: { readonly information: ConsentedInformation; readonly picture: ConsentedPicture | undefined },
    call: Call,
  ): Promise<void>;
}

export const purposeHandlers = (store: PurposeStore): HandlersFor<typeof purposeRoutes, Call> => ({
  async listConsentPurposes({ params: { organisationId } }, call) {
    const [house, purposes, counts] = await Promise.all([
      houseOf(store, organisationId, call),
      store.list(organisationId, call),
      store.counts(organisationId, call),
    ]);
    const declared = new Set(purposes.map(({ value }) => value.code));
    return {
      items: purposes.map((stored) => view(stored.value, stored.version, counts)),
      standard: standardPurposesOf(house.organisation.profile)
        .filter(({ code }) => !declared.has(code))
        .map((one) => ({ ...one, fields: [...one.fields], kinds: [...one.kinds] })),
    };
  },

  async declareConsentPurpose({ params: { organisationId }, body }, call) {
    const house = await houseOf(store, organisationId, call);
    const purposes = await store.list(organisationId, call);
    if (purposes.length >= PURPOSES_MAX) throw new Problem('too-many', `At most ${PURPOSES_MAX} purposes.`);
    const declared = declarationOf(body, house);
    if ('code' in declared && purposes.some(({ value }) => value.code === declared.code && value.state === 'open')) {
      throw new Problem('name-taken', 'This standard purpose has been declared already.');
    }
    const purpose: ConsentPurpose = {
      ...declared,
      id: call.newId('pur'),
      textVersion: 1,
      holdsSinceTextVersion: 1,
      state: 'open',
      since: call.now.toISOString(),
    };
    return store.declare(organisationId, purpose, call, view(purpose, 1, new Map()));
  },

  async changeConsentPurpose({ params: { organisationId, purposeId }, body, ifMatch }, call) {
    const before = await storedPurpose(store, organisationId, purposeId, call);
    if (before.value.state === 'retired') throw new Problem('wrong-state', 'The purpose has been retired.');
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const { asksAnew, ...wanted } = body;
    const counts = await store.counts(organisationId, call);
    const after = changedPurpose(before.value, wanted, asksAnew, call.now);
    if (!after) return view(before.value, before.version, counts);
    await store.save(organisationId, before, after, call);
    return view(after, before.version + 1, counts);
  },

  async retireConsentPurpose({ params: { organisationId, purposeId }, ifMatch }, call) {
    const before = await storedPurpose(store, organisationId, purposeId, call);
    if (before.value.state === 'retired') return;
    if (before.version !== ifMatch) throw new Problem('stale-version');
    await store.save(organisationId, before, { ...before.value, state: 'retired' }, call);
  },

  async listConsentsToPurpose({ params: { organisationId, purposeId }, query }, call) {
    const house = await houseOf(store, organisationId, call);
    const purpose = house.purposes.find(({ id }) => id === purposeId);
    if (!purpose) throw new Problem('consent-purpose-not-found');
    const list: List = { name: 'consents', filter: { organisationId, purposeId } };
    const range = {
      limit: query.limit,
      callerIds: personIdsOf(call.role!),
      ...(query.cursor !== undefined && { after: decodeCursor(list, query.cursor, PersonId) }),
    };
    const { principals, next } = await store.answered(house, purposeId, range, call);
    return {
      items: principals.map((principal) => standingIn(principal, purpose, call)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async listPersonConsents({ params }, call) {
    const principal = await principalOf(store, params, call);
    return { items: questionsTo(principal).map(({ purpose }) => standingIn(principal, purpose, call)) };
  },

  async listConsentedInformation({ params }, call) {
    const principal = await principalOf(store, params, call);
    const held = await store.held(params.organisationId, params.personId, call);
    const audience = audienceOf(call.role!, params.personId);
    return { items: held.flatMap((one) => informationFor(audience, one, principal)) };
  },

  async putConsentedInformation({ params, body, ifMatch }, call) {
    const principal = await principalOf(store, params, call);
    const purpose = purposeOf(principal, params.purposeId);
    if (!purpose) throw new Problem('consent-purpose-not-found');
    const on = consented(consentTo(principal.states, purpose.id), purpose, factsOf(principal, purpose));
    if (!on) throw new Problem('consent-not-in-force');
    refuseFieldsNotCarried(principal, on, body);
    const held = await store.held(params.organisationId, params.personId, call);
    const before = held.find(({ consentId }) => consentId === on.consentId);
    const version = (before?.versions.information ?? 0) + 1;
    if (version !== ifMatch) throw new Problem('stale-version');
    const what = heldBy(principal.person.id, purpose.id, body);
    await store.hold(params.organisationId, on, before, what, call);
    return { ...shown(on.consentId, what.information, what.picture), version: version + 1 };
  },
});

type Body = InputOf<(typeof purposeRoutes)['putConsentedInformation']>['body'];

function heldBy(principalId: PersonId, purposeId: ConsentPurposeId, { picture, ...fields }: Body) {
  const whose = { principalId, purposeId };
  return { information: { ...whose, ...fields }, picture: picture && { ...whose, ...cleaned(picture) } };
}

const cleaned = ({ contentType, content }: NonNullable<Body['picture']>) => ({
  contentType,
  content: cleanedImage(contentType, Buffer.from(content, 'base64')).toString('base64'),
});

function shown(
  consentId: Consented['consentId'],
  { principalId: _, purposeId, ...fields }: ConsentedInformation,
  picture: ConsentedPicture | undefined,
): Omit<InformationView, 'version'> {
  const { contentType, content } = picture ?? {};
  return {
    consentId,
    purposeId,
    ...fields,
    ...(contentType !== undefined && content !== undefined && { picture: { contentType, content } }),
  };
}

/** As much of it as the role sees of the person. */
function informationFor(
  audience: ReturnType<typeof audienceOf>,
  { consentId, information, picture, versions }: HeldOnConsent,
  { person }: Principal,
): InformationView[] {
  if (!information) return [];
  const version = versions.information + 1;
  const whole = { ...shown(consentId, information, picture), version };
  if (audience === 'management') return [whole];
  const { address, postcode, email, position, ...forGuardian } = whole;
  if (audience === 'guardian') return [forGuardian];
  return [{ ...forGuardian, email, position, ...(!person.protectedAddress && { address, postcode }) }];
}

function refuseFieldsNotCarried({ person }: Principal, on: Consented, body: object): void {
  const refused = fieldsNotCarried(person.kind, on, body);
  if (refused.length === 0) return;
  const detail = 'This consent does not cover the field, or the field needs none (FW-02).';
  throw new Problem('malformed-request', undefined, {
    errors: refused.map((field) => ({ pointer: pointer('body', field), detail })),
  });
}

function standingIn(principal: Principal, purpose: ConsentPurpose, { language }: Call): ConsentStanding {
  const state = consentTo(principal.states, purpose.id);
  const found = state && standingOf(state, purpose, factsOf(principal, purpose));
  return {
    personId: principal.person.id,
    purposeId: purpose.id,
    title: purpose.title[language],
    standing: found?.standing ?? 'not-given',
    isInForce: found?.isInForce ?? false,
    missing: found?.missing ?? 0,
  };
}

function declarationOf(
  body: InputOf<(typeof purposeRoutes)['declareConsentPurpose']>['body'],
  { organisation }: House,
): PurposeText & PurposeRules & Pick<ConsentPurpose, 'code'> {
  if (!('code' in body)) return body;
  const standard = standardPurpose(organisation.profile, body.code);
  if (!standard) throw new Problem('consent-purpose-not-found', 'The profile has no such standard purpose.');
  const { code, guardians = standard.guardians, age = standard.age, kinds = standard.kinds } = body;
  return { ...standard, code, guardians, age, kinds };
}

const view = (purpose: ConsentPurpose, version: number, counts: ReadonlyMap<string, Counts>) => ({
  ...purpose,
  fields: [...purpose.fields],
  ...(counts.get(purpose.id) ?? { given: 0, ended: 0 }),
  version,
});

async function houseOf(store: PurposeStore, organisationId: OrganisationId, call: Call): Promise<House> {
  const house = await store.house(organisationId, call);
  if (!house) throw new Problem('organisation-not-found');
  return house;
}

async function principalOf(
  store: PurposeStore,
  { organisationId, personId }: { organisationId: OrganisationId; personId: PersonId },
  call: Call,
): Promise<Principal> {
  const principal = await store.principal(await houseOf(store, organisationId, call), personId, call);
  if (!principal) throw new Problem('person-not-found');
  return principal;
}

async function storedPurpose(store: PurposeStore, organisationId: OrganisationId, id: ConsentPurposeId, call: Call) {
  const stored = await store.find(organisationId, id, call);
  if (!stored) throw new Problem('consent-purpose-not-found');
  return stored;
}
