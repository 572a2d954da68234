import type { Call, RoleCaller } from '../../http/call.ts';
import type { DocumentId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { aboutPerson, structureOf, whereaboutsOf } from './around.ts';
import { type DocumentEntity, type DocumentRecord, documentRef, receiptRef } from './document.ts';
import type { FoundDocument } from './handlers.ts';
import { type Standing, type Structure, standingOnPersons, standingOnShared, type Whereabouts } from './reach.ts';

/** One document and its standing, by where it lies. */
export async function findIn(owner: Owner, documentId: DocumentId, call: Call): Promise<FoundDocument | undefined> {
  const role = roleOf(call);
  const organisationId = organisationOf(owner);
  const ref = documentRef(owner, documentId);
  const read = call.records.together([ref, receiptRef(organisationId, role.personId, documentId)]);
  const [[stored, receipt], standingOf] = await Promise.all([read, standings(owner, role, call)]);
  const standing = stored && standingOf(stored.value);
  return stored && standing?.sees ? { stored, standing, receipt } : undefined;
}

/** Two waves at most, beside which the document itself is read. */
async function standings(owner: Owner, role: RoleCaller, call: Call): Promise<(document: DocumentRecord) => Standing> {
  const organisationId = organisationOf(owner);
  if (owner.subject === organisationId) {
    const around = await aroundShared(organisationId, role, call);
    return (document) => standingInShared(role, document, around);
  }
  const about = await aboutPerson(organisationId, owner.subject as PersonId, role, call);
  const unseen: Standing = { sees: false, worksWith: false, manages: false };
  return (document) => (about ? standingOnPersons(role, document, about) : unseen);
}

interface AroundShared {
  readonly structure: Structure;
  readonly where: Whereabouts | undefined;
}

export async function aroundShared(
  organisationId: OrganisationId,
  role: RoleCaller,
  call: Call,
): Promise<AroundShared> {
  const isServed = role.role === 'guardian' || role.role === 'member';
  const [structure, where] = await Promise.all([
    structureOf(call.records, organisationId),
    isServed ? whereaboutsOf(organisationId, role, call) : undefined,
  ]);
  return { structure, where };
}

export function standingInShared(
  role: RoleCaller,
  document: DocumentRecord,
  { structure, where }: AroundShared,
): Standing {
  const { scope } = document;
  if (scope.kind === 'person') throw new Error('A document about a person among those of the organisation');
  return standingOnShared(role, { ...document, scope }, where, structure);
}

/** Of those that the caller may see, with their own receipts: one wave. */
export async function withReceipts(
  found: readonly Omit<FoundDocument, 'receipt'>[],
  call: Call,
): Promise<readonly FoundDocument[]> {
  const seen = found.filter(({ standing }) => standing.sees);
  const { personId } = roleOf(call);
  const receipts = await call.records.getMany(
    seen.map(({ stored: { ref, value } }) => receiptRef(organisationOf(ref.owner), personId, value.id)),
  );
  return seen.map((one, i) => ({ ...one, receipt: receipts[i] }));
}

/** Writes what a reader has done beside the record of theirs that was read. */
export function putReceipt(
  change: Change,
  { ref }: Stored<DocumentEntity>,
  receipt: FoundDocument['receipt'],
  after: NonNullable<FoundDocument['receipt']>['value'],
  call: Call,
): Change {
  const place = receiptRef(organisationOf(ref.owner), roleOf(call).personId, after.documentId);
  return change.put(place, after, receipt ? { version: receipt.version } : 'new');
}

export const organisationOf = ({ controller }: Owner) => controller as OrganisationId;

/** The chain lets nobody without a role reach a route for roles. */
export function roleOf({ role }: Call): RoleCaller {
  if (!role) throw new Error('A route for roles without a role');
  return role;
}
