import { PersonId } from '../../http/ids.ts';
import { accountPointers } from '../accounts/account.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { acknowledgementRef } from './acknowledgement.ts';
import type { AcknowledgementStore } from './acknowledgement-handlers.ts';
import { statementVersionOf } from './published.ts';

/** Whom one account is in one organisation: more is a mistake. */
const PERSONS_MAX = 10;

export const acknowledgementStore: AcknowledgementStore = {
  async versionInForce(organisationId, call) {
    const organisation = await call.records.get(organisationRef(organisationId));
    return organisation?.value.state === 'open' ? statementVersionOf(organisation.value, call) : undefined;
  },

  async personsOfCaller(organisationId, { account, records }) {
    const { pk, sk } = accountPointers.person(account!.accountId, organisationId, '' as PersonId);
    const { items } = await records.pointers('core', pk, { prefix: sk, limit: PERSONS_MAX });
    return items.map((pointer) => PersonId.parse(pointer.sk.slice(sk.length)));
  },

  async acknowledge(organisationId, personIds, version, { records, language, now }, answer) {
    const refs = personIds.map((personId) => acknowledgementRef(organisationId, personId, version));
    const earlier = await records.getMany(refs);
    const change = records.change();
    for (const [i, ref] of refs.entries()) {
      if (earlier[i]) continue;
      change.put(ref, { statementVersion: version, language, at: now.toISOString() }, 'new');
    }
    return change
      .activity({
        event: 'statement.acknowledged',
        subject: ownerOf(organisationId, personIds[0]!),
        about: personIds,
        detail: { version },
      })
      .commit(answer);
  },
};
