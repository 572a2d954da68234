import { describe, expect, it } from 'vitest';
import { rowsElsewhere } from '../../../lambdas/features/erasure/elsewhere.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { anId } from '../../support/store.ts';

const organisationId = anId('org');
const personId = anId('per');
const nobody = { accountId: undefined, guardianIds: [] };
const elsewhere = (sk: string) => rowsElsewhere({ table: 'transient', sk }, ownerOf(organisationId, personId), nobody);

describe('what an erasure finds beyond the person’s own rows', () => {
  it('is their row in the list of addresses that cannot be reached', () => {
    expect(elsewhere('UNDELIVERABLE-ADDRESS')).toEqual([
      { table: 'transient', pk: `${organisationId}#UNDELIVERABLE`, sk: personId },
    ]);
  });

  it('is the row by which a mail leads to them: what SES still says of it leads nowhere', () => {
    const noticeId = anId('ntc');
    expect(elsewhere(`NOTICE#${noticeId}`)).toContainEqual({ table: 'transient', pk: `MAIL#${noticeId}`, sk: 'MAIL' });
  });
});
