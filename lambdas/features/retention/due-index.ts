import * as z from 'zod';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import {
  type ControllerId,
  type Owner,
  type RetentionClass,
  retentionClasses,
  type SubjectId,
} from '../../platform/entity.ts';
import type { Change, Pointer, PointerKey } from '../../platform/records.ts';
import type { PersonRecord } from '../people/person.ts';
import { endOfPlacements } from './departure.ts';

/**
 * The due-date index: what the sweep goes through, per controller, in the order of days. Never the tables.
 *
 * `ENDED#<last day>#<person>` stands under the day on which somebody left, not under the day on which they are due: so
 * another term in force needs no new index. A row says "look at this person"; whether they have left is then read.
 */
export const retentionPointers = {
  ended: (organisationId: OrganisationId, lastDay: string, personId: PersonId | '') =>
    ({ table: 'core', pk: `${organisationId}#RETENTION`, sk: `${ENDED}${lastDay}#${personId}` }) as const,
  /** What is due on a day that is known when it is written. Attributes: `subject`, and `classes` separated by blanks. */
  due: (controller: ControllerId, day: string, subject: string) =>
    ({ table: 'core', pk: `${controller}#RETENTION`, sk: `${DUE}${day}#${subject}` }) as const,
  /** How far this week's walk through the people has come. Attributes: `week`, `after`, `isDone`. */
  walk: (organisationId: OrganisationId) => ({ table: 'core', pk: `${organisationId}#RETENTION`, sk: 'WALK' }) as const,
};
export const ENDED = 'ENDED#';
export const DUE = 'DUE#';
/** Sorts after every id. */
export const LAST = '~';

/** Where a page of the preview ended. */
export const EndedSortKey = z.string().regex(/^ENDED#\d{4}-\d{2}-\d{2}#per_[0-9a-z]+$/);

/** Attributes of an `ENDED` row: the classes that have been shredded already, separated by blanks. */
export const shreddedOf = ({ attributes }: Pointer): readonly string[] =>
  String(attributes?.['shredded'] ?? '')
    .split(' ')
    .filter((name) => name !== '');

export function endedAt({ sk }: PointerKey): { lastDay: string; personId: PersonId } | undefined {
  const [, lastDay, personId] = /^ENDED#(\d{4}-\d{2}-\d{2})#(per_[0-9a-z]+)$/.exec(sk) ?? [];
  return lastDay && personId ? { lastDay, personId: personId as PersonId } : undefined;
}

/** What a `DUE` row says; undefined for any other row. */
export function dueIn(controller: ControllerId, { attributes }: Pointer): Due | undefined {
  const { subject, classes, of } = attributes ?? {};
  if (typeof subject !== 'string' || typeof classes !== 'string') return undefined;
  const named = classes.split(' ').filter((name): name is RetentionClass => name in retentionClasses);
  return {
    owner: { controller, subject: subject as SubjectId },
    ...(typeof of === 'string' && { of: { controller, subject: of as SubjectId } }),
    retentionClasses: named,
  };
}
interface Due {
  readonly owner: Owner;
  readonly of?: Owner;
  readonly retentionClasses: readonly RetentionClass[];
}

/** Moves the row of a person whose placements change: in the same transaction (at most two writes). */
export function pointEndOfPlacements(change: Change, before: PersonRecord | undefined, after: PersonRecord): void {
  const { organisationId, id } = after;
  const [left, leaves] = [before && endOfPlacements(before.placements), endOfPlacements(after.placements)];
  if (left === leaves) return;
  if (left !== undefined) change.unpoint(retentionPointers.ended(organisationId, left, id));
  if (leaves !== undefined) change.point(retentionPointers.ended(organisationId, leaves, id));
}

/** Has somebody looked at when a role ends (one write). Whether another one goes on is seen then. */
export function pointEndOfRole(change: Change, controller: ControllerId, personId: PersonId, lastDay: string): void {
  if (controller !== 'operator') change.point(retentionPointers.ended(controller, lastDay, personId));
}

/** Erases whole classes of a subject on a day that is known now, such as what was said 30 days after a thread was closed (one write). */
export function eraseOn(change: Change, { owner, of, classes }: DueOrder, day: string): void {
  const { controller, subject } = owner;
  const attributes = { subject, classes: classes.join(' '), ...(of && { of: of.subject }) };
  change.point({ ...retentionPointers.due(controller, day, subject), attributes });
}
interface DueOrder {
  readonly owner: Owner;
  /** Of a request or a consent: whose it is, under the same controller. */
  readonly of?: Owner;
  readonly classes: readonly [RetentionClass, ...RetentionClass[]];
}
