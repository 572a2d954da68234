import type { PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { registrationEvidenceEntity } from '../invitations/invitation.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { acknowledgementEntity, type StatementStanding, statementStanding } from './acknowledgement.ts';
import { publishedStatements, versionInForce } from './published.ts';

const READ_MAX = 100;

/** What a person is told of their organisation's statement after signing in; one wave for all of them together. */
export async function readStatementStanding(
  organisation: Pick<Organisation, 'id' | 'profile'>,
  personId: PersonId,
  records: Records,
): Promise<StatementStanding> {
  const owner = ownerOf(organisation.id, personId);
  const [published, acknowledgements, registrations] = await Promise.all([
    publishedStatements(records, organisation.id),
    records.list(acknowledgementEntity, owner, { limit: READ_MAX, newestFirst: true }),
    // Whoever registered was shown the statement of that day (AT-15).
    records.list(registrationEvidenceEntity, owner, { limit: READ_MAX }),
  ]);
  return statementStanding(
    versionInForce(organisation.profile, published[0]?.value),
    published.map(({ value }) => value),
    [...acknowledgements.items, ...registrations.items].map(({ value }) => value),
  );
}
