import type { Call } from '../../http/call.ts';
import type { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { Account } from '../accounts/account.ts';
import type { platformRecoveryRoutes, recoveryRoutes } from './routes.ts';
import { RESET_HOURS, type SecondFactorReset, type secondFactorResetRef } from './second-factor-reset.ts';

type StoredReset = Stored<ReturnType<typeof secondFactorResetRef>['entity']>;

/** Whose factor it is. */
export interface Locked {
  readonly account: Account | undefined;
  /** Whether the person is an administrator of the organisation, and whether there is another. */
  readonly isAdministrator: boolean;
  readonly hasColleague: boolean;
}

export interface RecoveryStore {
  /** Undefined when the organisation has no such person. */
  locked(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<Locked | undefined>;
  find(accountId: AccountId, call: Call): Promise<StoredReset | undefined>;
  /** Replaces an earlier one, and mails the link when nobody has to approve. */
  begin<A>(reset: SecondFactorReset, call: Call, answer: A): Promise<A>;
  /** Over the version that was read, in one transaction with the mail. */
  approve<A>(before: StoredReset, after: SecondFactorReset, call: Call, answer: A): Promise<A>;
}

export const recoveryHandlers = (recovery: RecoveryStore): HandlersFor<typeof recoveryRoutes, Call> => ({
  async resetSecondFactor({ params: { organisationId, personId } }, call) {
    const locked = await recovery.locked(organisationId, personId, call);
    if (!locked) throw new Problem('person-not-found');
    const account = demandFactor(locked);
    if (isCaller(account.id, call) || personId === call.role!.personId) {
      throw new Problem('wrong-state', 'Another administrator has to do this for you.');
    }
    const reset = resetOf(account.id, { organisationId, personId, by: 'administrator', state: 'mailed' }, call);
    return recovery.begin(reset, call, { confirmBefore: reset.expiresAt });
  },
});

export const platformRecoveryHandlers = (
  recovery: RecoveryStore,
): HandlersFor<typeof platformRecoveryRoutes, Call> => ({
  async requestSecondFactorReset({ body: { organisationId, personId } }, call) {
    const locked = await recovery.locked(organisationId, personId, call);
    if (!locked) throw new Problem('person-not-found');
    if (!locked.isAdministrator || locked.hasColleague) {
      throw new Problem('wrong-state', 'An administrator of the organisation does this.');
    }
    const account = demandFactor(locked);
    if (isCaller(account.id, call)) throw new Problem('wrong-state', 'Others have to do this for you.');
    const about = { organisationId, personId, by: 'platform', state: 'waiting-for-approval' } as const;
    const reset = resetOf(account.id, about, call);
    return recovery.begin(reset, call, viewOf(reset));
  },

  async approveSecondFactorReset({ params: { accountId } }, call) {
    const before = await recovery.find(accountId, call);
    if (before?.value.by !== 'platform') throw new Problem('recovery-not-found');
    if (before.value.state !== 'waiting-for-approval')
      throw new Problem('wrong-state', 'It has been approved already.');
    if (isCaller(before.value.requestedBy, call) || isCaller(accountId, call)) {
      throw new Problem('wrong-state', 'A second, different member of the staff has to approve.');
    }
    const after: SecondFactorReset = { ...before.value, state: 'mailed', approvedBy: call.account!.accountId };
    return recovery.approve(before, after, call, viewOf(after));
  },
});

const isCaller = (accountId: AccountId, call: Call) => accountId === call.account!.accountId;

function demandFactor({ account }: Locked): Account {
  if (!account) throw new Problem('wrong-state', 'The person has no account.');
  if (account.totpOnSince === undefined) throw new Problem('wrong-state', 'The account has no second factor.');
  return account;
}

const resetOf = (
  accountId: AccountId,
  about: Pick<SecondFactorReset, 'organisationId' | 'personId' | 'by' | 'state'>,
  call: Call,
): SecondFactorReset => ({
  ...about,
  accountId,
  requestedBy: call.account!.accountId,
  requestId: call.requestId,
  expiresAt: new Date(call.now.getTime() + RESET_HOURS * 60 * 60 * 1000).toISOString(),
});

const viewOf = ({ accountId, organisationId, personId, state, expiresAt }: SecondFactorReset) => ({
  accountId,
  organisationId,
  personId,
  state,
  expiresAt,
});
