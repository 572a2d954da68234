import { ConsentId } from '../../http/ids.ts';
import {
  classesOf,
  dependantPointers,
  type EntityDeclaration,
  type LegalBasis,
  type Owner,
  restrictable,
  type SubjectId,
} from '../../platform/entity.ts';
import type { Change, Records } from '../../platform/records.ts';
import { categories } from '../agreements/categories.ts';
import { erasureEntity, erasurePointers } from '../erasure/erasure.ts';
import { isInForce } from './decisions.ts';
import { isClosed, type RequestRecord } from './request.ts';

/** Who somebody is, and who stands by them: without it nobody can be served. */
const indispensable = ['person', 'guardian-link'];
/** What the person brought from elsewhere by their own wish (Art. 20): they have it deleted instead. */
const broughtAlong = ['origin', 'carried-days'];
/** Art. 21(1); a consent is taken back instead, and what the law demands cannot be objected to. */
const objectableBases: readonly LegalBasis[] = ['legitimate-interest', 'controllers-agreement'];
const closable = restrictable.filter((retentionClass) => classesOf('per_' as SubjectId).includes(retentionClass));

/** What an objection (Art. 21) may be about, by the entity's name. */
export const objectable: ReadonlyMap<string, EntityDeclaration> = new Map(
  categories
    .flatMap(({ entities }): readonly EntityDeclaration[] => entities)
    .filter(
      ({ retentionClass, legalBasis }) => closable.includes(retentionClass) && objectableBases.includes(legalBasis),
    )
    .filter(({ name }) => !indispensable.includes(name) && !broughtAlong.includes(name))
    .map((entity) => [entity.name, entity]),
);

/** Closes at the key rows what a restriction or an objection is about; one entry in the ledger. */
export function close(change: Change, owner: Owner, request: RequestRecord, consents: readonly Owner[]): void {
  if (request.right === 'objection') {
    for (const { name, retentionClass } of objectedIn(request)) {
      change.keys({ do: 'refuse', owner, retentionClass, entity: name });
    }
  } else {
    for (const row of keyRowsOf([owner, ...consents])) change.keys({ do: 'restrict', ...row });
  }
  const kind = request.right === 'objection' ? 'objection' : 'restriction';
  change.ledger({ kind, subject: owner, about: request.id, ...about(request) });
}

/** Opens it again, but for what another request of the same person keeps closed. */
export function open(
  change: Change,
  owner: Owner,
  request: RequestRecord,
  {
    others,
    consents,
    erasing,
  }: {
    readonly others: readonly RequestRecord[];
    readonly consents: readonly Owner[];
    readonly erasing: ReadonlySet<string>;
  },
): void {
  if (request.right === 'objection') {
    const kept = new Set(
      others.filter(isObjectionInForce).flatMap((other) => objectedIn(other).map(({ name }) => name)),
    );
    for (const { name, retentionClass } of objectedIn(request)) {
      if (!kept.has(name)) change.keys({ do: 'allow', owner, retentionClass, entity: name });
    }
  } else if (!others.some(keepsClosed)) {
    const open = [owner, ...consents].filter(({ subject }) => !erasing.has(subject));
    for (const row of keyRowsOf(open)) change.keys({ do: 'lift', ...row });
  }
  const kind = request.right === 'objection' ? 'objection-lifted' : 'restriction-lifted';
  change.ledger({ kind, subject: owner, about: request.id, ...about(request) });
}

const objectedIn = ({ entities = [] }: RequestRecord): EntityDeclaration[] =>
  entities.flatMap((name) => objectable.get(name) ?? []);
/** Consents of one person whose data one transaction can close. */
const CONSENTS_MAX = 30;

/** The consents that have keys of their own, whatever became of them. One round trip. */
export async function consentsOf(records: Records, owner: Owner): Promise<Owner[]> {
  const { pk, sk } = dependantPointers.subject(owner, 'con_' as ConsentId);
  const { items, next } = await records.pointers('core', pk, { prefix: sk, limit: CONSENTS_MAX });
  if (next !== undefined) throw new Error(`More than ${CONSENTS_MAX} consents of one person`);
  const start = sk.length - 'con_'.length;
  return items.map((pointer) => ({ ...owner, subject: ConsentId.parse(pointer.sk.slice(start)) }));
}

/** Erasures of one person that are read: the newest. */
const ERASURES_READ_MAX = 100;

/**
 * The person, and consents of theirs, whose erasure has been ordered and is not at its end: by a withdrawal as well, which
 * a legal hold may keep waiting for months. What the order closed stays closed. Two round trips.
 */
export async function beingErased(records: Records, owner: Owner): Promise<ReadonlySet<string>> {
  const { items } = await records.list(erasureEntity, owner, { limit: ERASURES_READ_MAX, newestFirst: true });
  const ordered = items.filter(({ value }) => value.closedAt === undefined && value.retentionClasses === undefined);
  if (ordered.length === 0) return new Set();
  const places = await records.pointersAt(ordered.map(({ value }) => erasurePointers.place(value.id)));
  return new Set(places.flatMap((place) => (place ? [String(place.attributes?.['subject'])] : [])));
}

const isObjectionInForce = (other: RequestRecord) => other.right === 'objection' && isInForce(other);
/** What rests on a consent lies under keys of its own: a restriction closes those as well. */
const keyRowsOf = (owners: readonly Owner[]) =>
  owners.flatMap((owner) =>
    classesOf(owner.subject)
      .filter((retentionClass) => restrictable.includes(retentionClass))
      .map((retentionClass) => ({ owner, retentionClass })),
  );
const about = ({ entities }: RequestRecord) => (entities ? { detail: { entities: entities.join(' ') } } : {});

/** A restriction in force, and an erasure that has been ordered: its data stays closed until the worker has come. */
const keepsClosed = (other: RequestRecord): boolean =>
  (other.right === 'restriction' && isInForce(other)) || (other.erasureId !== undefined && !isClosed(other.state));
