import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Change, Stored } from '../../platform/records.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { type Composed, composedStatement, nothingOfItsOwn } from './compose.ts';
import { detectedReasons } from './facts.ts';
import { beginMailing } from './mailing.ts';
import {
  isMaterial,
  type MaterialReason,
  type PublishedStatement,
  type statementEntity,
  statementRef,
} from './published.ts';

export interface Publication extends Composed {
  readonly cause: PublishedStatement['cause'];
  /** What the publisher says of the change; what is plain from the declarations is added. */
  readonly said: readonly MaterialReason[];
  readonly publishedBy?: PersonId;
}

/** The version that would be published now, or undefined when the text is the one in force. Pure. */
export function nextStatement(
  organisation: Organisation,
  newest: PublishedStatement | undefined,
  { cause, said, publishedBy, ...composition }: Publication,
  now: Date,
): PublishedStatement | undefined {
  const composed = composedStatement(organisation, composition, now);
  if (newest && JSON.stringify(newest.sections) === JSON.stringify(composed.sections)) return undefined;
  const detected = newest ? detectedReasons(newest.facts, composed.facts) : [];
  return {
    ...composed,
    sequence: (newest?.sequence ?? 0) + 1,
    publishedAt: now.toISOString(),
    cause,
    ...(publishedBy !== undefined && { publishedBy }),
    reasons: [...new Set([...said, ...detected])],
  };
}

/** Stores a version, and begins to tell everyone concerned if it is material. Of two at once the second is `StaleVersion`. */
export function publish(change: Change, organisationId: OrganisationId, next: PublishedStatement): void {
  const { sequence, version, cause, reasons } = next;
  const ref = statementRef(organisationId, sequence);
  change.put(ref, next, 'new').activity({
    event: 'statement.published',
    subject: ref.owner,
    detail: { version, sequence, cause, reasons: reasons.join(' ') },
  });
  if (isMaterial(next)) beginMailing(change, organisationId, next);
}

/**
 * What is declared has changed, by a deploy or by terms that the organisation decided on: its own words stay as they
 * are. Undefined when nothing has.
 */
export const declaredStatement = (
  organisation: Organisation,
  newest: Stored<typeof statementEntity> | undefined,
  adjustments: Composed['adjustments'],
  now: Date,
): PublishedStatement | undefined =>
  nextStatement(
    organisation,
    newest?.value,
    {
      cause: newest ? 'declarations' : 'first',
      own: newest?.value.own ?? nothingOfItsOwn.own,
      adjustments,
      said: [],
    },
    now,
  );
