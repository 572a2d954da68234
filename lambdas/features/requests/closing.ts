import { classesOf, type EntityDeclaration, type Owner, restrictable } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { categories } from '../agreements/categories.ts';
import { isInForce } from './decisions.ts';
import { isClosed, type RequestRecord } from './request.ts';

/** Who somebody is, and who keeps whom away from them, cannot be objected to and still be served. */
const indispensable = ['person', 'guardian-link', 'block'];

/** What an objection (Art. 21) may be about: what a restriction can close, but for what the service stands on. */
export const objectable: ReadonlyMap<string, EntityDeclaration> = new Map(
  categories
    .flatMap(({ entities }): readonly EntityDeclaration[] => entities)
    .filter(({ name, retentionClass }) => restrictable.includes(retentionClass) && !indispensable.includes(name))
    .map((entity) => [entity.name, entity]),
);

/** Closes at the key rows what a restriction or an objection is about; one entry in the ledger. */
export function close(change: Change, owner: Owner, request: RequestRecord): void {
  if (request.right === 'objection') {
    for (const { name, retentionClass } of objectedIn(request)) {
      change.keys({ do: 'refuse', owner, retentionClass, entity: name });
    }
  } else {
    for (const retentionClass of restrictableOf(owner)) change.keys({ do: 'restrict', owner, retentionClass });
  }
  const kind = request.right === 'objection' ? 'objection' : 'restriction';
  change.ledger({ kind, subject: owner, about: request.id, ...about(request) });
}

/** Opens it again, but for what another request of the same person keeps closed. */
export function open(change: Change, owner: Owner, request: RequestRecord, others: readonly RequestRecord[]): void {
  if (request.right === 'objection') {
    const kept = new Set(
      others.filter(isObjectionInForce).flatMap((other) => objectedIn(other).map(({ name }) => name)),
    );
    for (const { name, retentionClass } of objectedIn(request)) {
      if (!kept.has(name)) change.keys({ do: 'allow', owner, retentionClass, entity: name });
    }
  } else if (!others.some(keepsClosed)) {
    for (const retentionClass of restrictableOf(owner)) change.keys({ do: 'lift', owner, retentionClass });
  }
  const kind = request.right === 'objection' ? 'objection-lifted' : 'restriction-lifted';
  change.ledger({ kind, subject: owner, about: request.id, ...about(request) });
}

const objectedIn = ({ entities = [] }: RequestRecord): EntityDeclaration[] =>
  entities.flatMap((name) => objectable.get(name) ?? []);
const isObjectionInForce = (other: RequestRecord) => other.right === 'objection' && isInForce(other);
const restrictableOf = ({ subject }: Owner) => classesOf(subject).filter((one) => restrictable.includes(one));
const about = ({ entities }: RequestRecord) => (entities ? { detail: { entities: entities.join(' ') } } : {});

/** A restriction in force, and an erasure that has been ordered: its data stays closed until the worker has come. */
const keepsClosed = (other: RequestRecord): boolean =>
  (other.right === 'restriction' && isInForce(other)) || (other.erasureId !== undefined && !isClosed(other.state));
