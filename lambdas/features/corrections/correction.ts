import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { CorrectionId, CustomerId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { type EntityDeclaration, entity, type Owner, type Ref } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { type CompanyFact, type Customer, companyFactNames, companyFacts } from '../customers/customer.ts';
import { dueAt } from '../retention/policy.ts';
import type { Term } from '../retention/terms.ts';

const Instant = z.iso.datetime();
const WORDS_CHARACTERS_MAX = 500;
export const CorrectionWords = freeText({ max: WORDS_CHARACTERS_MAX });
export const correctionStates = ['proposed', 'accepted', 'refused'] as const;

const { name, organisationNumber, address, postcode, city } = companyFacts;
/** Only what is named is to change; `null` takes a value away. */
export const ProposedFacts = z
  .strictObject({
    name: name.optional(),
    organisationNumber: organisationNumber.nullable().optional(),
    address: address.nullable().optional(),
    postcode: postcode.nullable().optional(),
    city: city.nullable().optional(),
  })
  .meta({ id: 'ProposedCompanyFacts' });
export type ProposedFacts = z.output<typeof ProposedFacts>;

/** That something held about a customer is not right: said by somebody concerned (AT-02), or by an open register (AT-16). */
export const Correction = z.strictObject({
  id: CorrectionId,
  customerId: CustomerId,
  from: z.enum(['contact', 'brreg']),
  proposed: ProposedFacts,
  /** What stood there when it was proposed. */
  before: z.partialRecord(z.enum(companyFactNames), z.string().max(160)),
  words: z.string().max(WORDS_CHARACTERS_MAX).optional(),
  proposedAt: Instant,
  state: z.enum(correctionStates),
  decidedAt: Instant.optional(),
  decidedBy: PersonId.optional(),
  /** Why, where it was refused. */
  reason: z.string().max(WORDS_CHARACTERS_MAX).optional(),
  /** Then it is erased. */
  dueAt: Instant.optional(),
});
export type Correction = z.output<typeof Correction>;

const common = {
  table: 'core',
  schema: Correction,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to put right what is held about a customer',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  exported: 'copy',
  onErasure: 'delete',
} as const;
/** What a contact proposes is theirs. */
export const correctionEntity = entity({
  ...common,
  name: 'correction',
  sortKey: 'CORRECTION',
  source: 'data-subject',
  retentionClass: 'ticket',
});
/** What a register says is about the customer, and nobody's. */
export const registerCorrectionEntity = entity({
  ...common,
  name: 'register-correction',
  sortKey: 'REGISTER-CORRECTION',
  source: { register: 'Enhetsregisteret (data.brreg.no)' },
  retentionClass: 'organisation',
});

type AnyCorrection = EntityDeclaration<typeof Correction>;
export const correctionRef = (owner: Owner, id: CorrectionId): Ref<AnyCorrection> => ({
  entity: owner.subject === owner.controller ? registerCorrectionEntity : correctionEntity,
  owner,
  key: id,
});

/** `<org>#CORRECTIONS` / `<cor>`: all of them, in the order in which they came. Attributes: `subject`, `state`, `customerId`, `dueAt`. */
export const correctionKey = (organisationId: OrganisationId, id: CorrectionId | '') =>
  ({ table: 'core', pk: `${organisationId}#CORRECTIONS`, sk: id }) as const satisfies PointerKey;
export const correctionRow = (
  { controller, subject }: Owner,
  { id, state, customerId, dueAt }: Correction,
): Pointer => ({
  ...correctionKey(controller as OrganisationId, id),
  attributes: { subject, state, customerId, ...(dueAt !== undefined && { dueAt }) },
});

/** What of a proposal is not so already, and what stands there instead; undefined where nothing differs. Pure. */
export function differing(
  customer: Customer,
  facts: ProposedFacts,
): Pick<Correction, 'proposed' | 'before'> | undefined {
  const named = companyFactNames.filter(
    (fact) => facts[fact] !== undefined && facts[fact] !== (customer[fact] ?? null),
  );
  if (named.length === 0) return undefined;
  const pick = (of: Readonly<Partial<Record<CompanyFact, unknown>>>) =>
    Object.fromEntries(named.flatMap((fact) => (of[fact] === undefined ? [] : [[fact, of[fact]]])));
  return { proposed: ProposedFacts.parse(pick(facts)), before: pick(customer) };
}

/** Accepted or refused, once. Throws `wrong-state`. Pure. */
export function decided(
  correction: Correction,
  decision: { readonly outcome: 'accepted' | 'refused'; readonly reason?: string | undefined },
  by: PersonId,
  house: { readonly timeZone: string; readonly term: Term },
  now: Date,
): Correction {
  if (correction.state !== 'proposed') throw new Problem('wrong-state', 'It has been decided already.');
  const { outcome, reason } = decision;
  if (outcome === 'refused' && reason === undefined) throw new Problem('wrong-state', 'Say why it is refused.');
  const decidedAt = now.toISOString();
  return {
    ...correction,
    state: outcome,
    decidedAt,
    dueAt: dueAt(house.term, decidedAt, house.timeZone).toISOString(),
    decidedBy: by,
    ...(reason !== undefined && { reason }),
  };
}
