import type { Call } from '../../http/call.ts';
import { AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Stored } from '../../platform/records.ts';
import { type roleEntity, roleRef } from '../access/role.ts';
import { accountRef } from '../accounts/account.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { isStanding } from '../roles/last-one.ts';
import { roleStore } from '../roles/store.ts';
import { type SecondFactorReset, secondFactorResetRef, stateAfterReset } from './second-factor-reset.ts';
import { recordReset } from './store.ts';

/** The part of Cognito that forgets a factor. */
export interface FactorKeeper {
  turnOffTotp(sub: string): Promise<void>;
  signOutEverywhere(sub: string): Promise<void>;
}

/** Each takes three writes, and a transaction a hundred. */
const ROLES_AT_ONCE_MAX = 20;

/**
 * What the link in the mail does: TOTP off, every token dead, and the account's roles in other organisations suspended
 * until those confirm them. The suspensions come first and the link is used up last, so a crash in between leaves less
 * open than before and a link that still works; all of it may be done twice.
 */
export const resetTotpEffect =
  (factors: FactorKeeper): LinkEffect =>
  async (link, use, call) => {
    const accountId = AccountId.parse(link.owner.subject);
    const [account, reset] = await call.records.together([accountRef(accountId), secondFactorResetRef(accountId)]);
    if (!account || reset?.value.state !== 'mailed' || reset.value.requestId !== link.about) {
      throw new Problem('link-not-found');
    }
    await changeRoles(accountId, reset.value, call);
    await factors.turnOffTotp(account.value.sub);
    await factors.signOutEverywhere(account.value.sub);

    const { totpOnSince: _, ...withoutFactor } = account.value;
    // The whole second: a token of this very second is older than the reset.
    const notBeforeEpochSeconds = Math.floor(call.now.getTime() / 1000) + 1;
    use
      .put(accountRef(accountId), { ...withoutFactor, notBeforeEpochSeconds }, { version: account.version })
      .remove(reset.ref, { version: reset.version }, () => new Problem('link-not-found'));
    await recordReset(use, 'second-factor-reset.done', reset.value).commit();
  };

async function changeRoles(accountId: AccountId, reset: SecondFactorReset, call: Call): Promise<void> {
  const held = await rolesOf(accountId, call);
  const changes = [];
  for (const { organisationId, role } of held) {
    const isSoleAdministrator = await isSole(organisationId, role, call);
    const state = stateAfterReset({ organisationId, role: role.value, isSoleAdministrator }, reset);
    if (state !== role.value.state) changes.push({ role, state });
  }
  for (let from = 0; from < changes.length; from += ROLES_AT_ONCE_MAX) {
    const change = call.records.change();
    for (const { role, state } of changes.slice(from, from + ROLES_AT_ONCE_MAX)) {
      change.put(role.ref, { ...role.value, state }, { version: role.version }).activity({
        event: state === 'suspended' ? 'role.suspended' : 'role.confirmed',
        subject: role.ref.owner,
        about: [role.value.id],
        detail: { because: 'second-factor-reset' },
      });
    }
    await change.commit();
  }
}

/** Where somebody else could confirm the role, it is not the only administrator's. */
async function isSole(
  organisationId: ControllerId,
  { value }: Stored<typeof roleEntity>,
  call: Call,
): Promise<boolean> {
  if (organisationId === 'operator' || value.role !== 'administrator') return false;
  const organisation = await call.records.get(organisationRef(organisationId));
  const today = dayIn(organisation?.value.timeZone ?? 'Europe/Oslo', call.now);
  const administrators = await roleStore.holdersOf('administrator', organisationId, call);
  return !administrators.some((other) => other.value.personId !== value.personId && isStanding(other.value, today));
}

async function rolesOf(accountId: AccountId, { records }: Call) {
  const { items } = await records.pointers('core', `operator#${accountId}`, { prefix: 'ROLE#' });
  const places = items.map(({ sk, attributes }) => {
    const [, controller = '', roleId = ''] = sk.split('#');
    const organisationId: ControllerId = controller === 'operator' ? controller : OrganisationId.parse(controller);
    return { organisationId, personId: PersonId.parse(attributes?.['personId']), roleId: RoleId.parse(roleId) };
  });
  const roles = await records.getMany(
    places.map(({ organisationId, personId, roleId }) => roleRef(organisationId, personId, roleId)),
  );
  return places.flatMap(({ organisationId }, i) => {
    const role = roles[i];
    return role && role.value.state !== 'ended' ? [{ organisationId, role }] : [];
  });
}
