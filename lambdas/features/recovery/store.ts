import type { Call } from '../../http/call.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Change } from '../../platform/records.ts';
import { roleEntity } from '../access/role.ts';
import { accountLinkEntity, accountRef } from '../accounts/account.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { isStanding } from '../roles/last-one.ts';
import { roleStore } from '../roles/store.ts';
import type { RecoveryStore } from './handlers.ts';
import { type SecondFactorReset, secondFactorResetRef } from './second-factor-reset.ts';

export const recoveryStore: RecoveryStore = {
  async locked(organisationId, personId, call) {
    const owner = ownerOf(organisationId, personId);
    const [[organisation, person, link], roles, administrators] = await Promise.all([
      call.records.together([
        organisationRef(organisationId),
        personRef(organisationId, personId),
        { entity: accountLinkEntity, owner },
      ]),
      call.records.list(roleEntity, owner),
      roleStore.holdersOf('administrator', organisationId, call),
    ]);
    if (!organisation || !person) return undefined;
    const today = dayIn(organisation.value.timeZone, call.now);
    const account = link && (await call.records.get(accountRef(link.value.accountId)));
    return {
      account: account?.value,
      isAdministrator: roles.items.some(({ value }) => value.role === 'administrator' && value.state !== 'ended'),
      hasColleague: administrators.some(({ value }) => value.personId !== personId && isStanding(value, today)),
    };
  },

  find: (accountId, { records }) => records.get(secondFactorResetRef(accountId)),

  async begin(reset, call, answer) {
    const ref = secondFactorResetRef(reset.accountId);
    const earlier = await call.records.get(ref);
    const change = call.records.change();
    change.put(ref, reset, earlier ? { version: earlier.version } : 'new', expiry(reset));
    if (reset.state === 'mailed') mailLink(change, reset, call);
    recordReset(change, 'second-factor-reset.requested', reset);
    return change.commit(answer);
  },

  async approve(before, after, call, answer) {
    const change = call.records.change().put(before.ref, after, { version: before.version }, expiry(after));
    mailLink(change, after, call);
    recordReset(change, 'second-factor-reset.approved', after);
    return change.commit(answer);
  },
};

const epochSecondsOf = ({ expiresAt }: SecondFactorReset) => Math.floor(Date.parse(expiresAt) / 1000);
const expiry = (reset: SecondFactorReset) => ({ expiresAtEpochSeconds: epochSecondsOf(reset) });

/** To the account's own address, which no organisation can change. */
function mailLink(change: Change, reset: SecondFactorReset, call: Call): void {
  const { owner } = secondFactorResetRef(reset.accountId);
  const validForSeconds = epochSecondsOf(reset) - Math.floor(call.now.getTime() / 1000);
  const { token, expiresAt } = makeLink(
    change,
    { purpose: 'reset-totp', owner, about: reset.requestId, validForSeconds },
    call,
  );
  queueNotice(change, { to: owner, template: 'totp-reset', parameters: { token, expiresAt } }, call);
}

/** The account's own log says it, and the organisation's for the person. */
export function recordReset(change: Change, event: `second-factor-reset.${string}`, reset: SecondFactorReset): Change {
  const { accountId, organisationId, personId, by } = reset;
  return change
    .activity({ event, subject: secondFactorResetRef(accountId).owner, about: [organisationId], detail: { by } })
    .activity({ event, subject: ownerOf(organisationId, personId), about: [accountId], detail: { by } });
}
