import type { Call } from '../../http/call.ts';
import { type AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import { StaleVersion } from '../../platform/records.ts';
import { type RoleRecord, rolePointers, roleRef, roleSessionRef, undertakingRef } from '../access/role.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import {
  departmentEntity,
  groupEntity,
  type Organisation,
  organisationEntity,
  organisationOwner,
} from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { readStatementStanding } from '../statements/read-standing.ts';
import { type Account, accountOwner, accountRef, lastSignInEntity, signInEntity } from './account.ts';
import { emailChangeEntity } from './email-change.ts';
import type { AccountStore, AccountView } from './handlers.ts';

const EMAIL_CHANGE_HOURS = 24;
const SIGN_INS_MAX = 200;
/** What Cognito has done already must not be lost to a change of settings at the same moment. */
const CHANGE_TRIES_MAX = 5;

const mine = (call: Call): AccountId => call.account!.accountId;

export const accountStore: AccountStore = {
  async view(call) {
    const accountId = mine(call);
    const partition = `operator#${accountId}`;
    const [[account, lastSignIn], rolePage, personPage] = await Promise.all([
      call.records.together([accountRef(accountId), { entity: lastSignInEntity, owner: accountOwner(accountId) }]),
      call.records.pointers('core', partition, { prefix: 'ROLE#' }),
      call.records.pointers('core', partition, { prefix: 'PERSON#' }),
    ]);
    if (!account) throw new Problem('not-signed-in');

    const held = rolePage.items.map(({ sk, attributes }) => {
      const [, controller = '', roleId = ''] = sk.split('#');
      return {
        controller: controllerOf(controller),
        personId: PersonId.parse(attributes?.['personId']),
        roleId: RoleId.parse(roleId),
      };
    });
    const links = personPage.items.map(({ sk }) => {
      const [, organisationId = '', personId = ''] = sk.split('#');
      return ownerOf(OrganisationId.parse(organisationId), PersonId.parse(personId));
    });
    const organisationIds = [
      ...new Set([
        ...held.flatMap(({ controller }) => (controller === 'operator' ? [] : [controller])),
        ...links.map(({ controller }) => controller as OrganisationId),
      ]),
    ];
    const [roles, organisations, persons] = await Promise.all([
      call.records.getMany(held.map(({ controller, personId, roleId }) => roleRef(controller, personId, roleId))),
      call.records.getMany(organisationIds.map((id) => ({ entity: organisationEntity, owner: organisationOwner(id) }))),
      call.records.getMany(links.map((owner) => ({ entity: personEntity, owner }))),
    ]);
    const organisationOf = new Map(organisations.map((stored) => [stored?.value.id, stored?.value]));
    const current = held.flatMap(({ controller }, i) => {
      const role = roles[i]?.value;
      const organisation = controller === 'operator' ? undefined : organisationOf.get(controller);
      if (!role || role.state === 'ended' || (controller !== 'operator' && !organisation)) return [];
      return [{ role, organisation }];
    });
    return {
      account: account.value,
      version: account.version,
      lastSignInAt: lastSignIn?.value.at,
      roles: await namedScopes(current, call),
      persons: persons.flatMap((stored) => (stored ? [stored.value] : [])),
      statements: await statementsOf(links, organisationOf, call),
    };
  },

  async account(call) {
    const account = await call.records.get(accountRef(mine(call)));
    if (!account) throw new Problem('not-signed-in');
    return account.value;
  },

  async change(account, version, changedFields, call) {
    await call.records
      .change()
      .put(accountRef(account.id), account, { version }, { otherwise: () => new Problem('stale-version') })
      .activity({
        event: 'account.changed',
        subject: accountOwner(account.id),
        detail: { fields: changedFields.join(' ') },
      })
      .commit();
  },

  async signIns(call) {
    const page = await call.records.list(signInEntity, accountOwner(mine(call)), { limit: SIGN_INS_MAX });
    return page.items.map(({ value }) => value).sort((a, b) => b.at.localeCompare(a.at));
  },

  async heldRole(organisationId, roleId, undertaking, call) {
    const [pointer] = await call.records.pointersAt([rolePointers.ofAccount(mine(call), organisationId, roleId)]);
    const personId = PersonId.safeParse(pointer?.attributes?.['personId']);
    if (!personId.success) return undefined;
    const refs = [
      accountRef(mine(call)),
      roleRef(organisationId, personId.data, roleId),
      undertakingRef(organisationId, personId.data, undertaking),
    ] as const;
    if (organisationId === 'operator') {
      const [account, role, undertaken] = await call.records.together(refs);
      return account && role && heldOf(account.value, role.value, undefined, undertaken);
    }
    const [account, role, undertaken, organisation] = await call.records.together([
      ...refs,
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
    ]);
    return account && role && organisation && heldOf(account.value, role.value, organisation.value, undertaken);
  },

  async openRole({ role }, organisationId, expiresAt, call, answer) {
    const ref = roleSessionRef(mine(call), call.account!.originJti, role.id);
    const open = await call.records.get(ref);
    await call.records
      .change()
      .put(
        ref,
        { openedAt: call.now.toISOString(), expiresAt: expiresAt.toISOString() },
        open ? { version: open.version } : 'new',
        {
          expiresAtEpochSeconds: Math.floor(expiresAt.getTime() / 1000),
        },
      )
      .activity({
        event: 'role.opened',
        subject: { controller: organisationId, subject: role.personId },
        about: [role.id],
      })
      .commit(answer);
  },

  async undertake({ role, hasUndertaken }, organisationId, version, call, answer) {
    const change = call.records.change();
    if (!hasUndertaken) {
      const undertaking = { version, at: call.now.toISOString(), accountId: mine(call) };
      change.put(undertakingRef(organisationId, role.personId, version), undertaking, 'new');
    }
    await change
      .activity({
        event: 'confidentiality.undertaken',
        subject: { controller: organisationId, subject: role.personId },
        about: [role.id],
      })
      .commit(answer);
  },

  async setTotp(on, call) {
    await changeAccount(
      call,
      on ? 'account.totp-turned-on' : 'account.totp-turned-off',
      ({ totpOnSince: _, ...account }) => ({
        ...account,
        ...(on && { totpOnSince: call.now.toISOString() }),
      }),
    );
  },

  async endSessions(call) {
    await changeAccount(call, 'account.signed-out-everywhere', (account) => ({
      ...account,
      notBeforeEpochSeconds: Math.floor(call.now.getTime() / 1000) + 1,
    }));
  },

  async askToConfirmEmail(email, call) {
    const owner = accountOwner(mine(call));
    const change = call.records.change();
    const { token, expiresAt } = makeLink(
      change,
      { purpose: 'confirm-email', owner, about: call.requestId, validForSeconds: EMAIL_CHANGE_HOURS * 60 * 60 },
      call,
    );
    const waiting = await call.records.get({ entity: emailChangeEntity, owner });
    change.put(
      { entity: emailChangeEntity, owner },
      { email, requestId: call.requestId, askedAt: call.now.toISOString() },
      waiting ? { version: waiting.version } : 'new',
      { expiresAtEpochSeconds: Math.floor(Date.parse(expiresAt) / 1000) },
    );
    queueNotice(
      change,
      { to: owner, template: 'email-change-confirm', parameters: { token, expiresAt }, address: email },
      call,
    );
    await change.activity({ event: 'account.email-change-asked', subject: owner }).commit({ confirmBefore: expiresAt });
    return expiresAt;
  },
};

/** What the departments and groups of the roles are called: one more round trip, for those who have such roles. */
async function namedScopes(
  held: readonly { role: RoleRecord; organisation: Organisation | undefined }[],
  call: Call,
): Promise<AccountView['roles']> {
  const places = held.flatMap(({ role: { scope }, organisation }) => {
    const entity = { department: departmentEntity, group: groupEntity }[scope.kind as 'department' | 'group'];
    if (!organisation || !entity || scope.id === undefined) return [];
    return [{ entity, owner: organisationOwner(organisation.id), key: scope.id }];
  });
  const found =
    places.length > 0 ? await call.records.getMany<typeof departmentEntity | typeof groupEntity>(places) : [];
  const nameOf = new Map(found.map((stored) => [stored?.value.id as string | undefined, stored?.value.name]));
  return held.map((one) => ({ ...one, scopeName: nameOf.get(one.role.scope.id) }));
}

/** The statement of each organisation, by whoever the caller first is there: one round trip for all. */
async function statementsOf(
  links: readonly Owner[],
  organisationOf: ReadonlyMap<OrganisationId | undefined, Organisation | undefined>,
  { records }: Call,
): Promise<AccountView['statements']> {
  const first = new Map(links.toReversed().map(({ controller, subject }) => [controller, subject]));
  const standings = await Promise.all(
    [...first].map(async ([controller, subject]) => {
      const organisation = organisationOf.get(controller as OrganisationId);
      if (organisation?.state !== 'open') return [];
      return [{ organisation, ...(await readStatementStanding(organisation, subject as PersonId, records)) }];
    }),
  );
  return standings.flat();
}

const controllerOf = (text: string): ControllerId => (text === 'operator' ? text : OrganisationId.parse(text));

const heldOf = (
  account: Account,
  role: RoleRecord,
  organisation: typeof organisationEntity.schema._output | undefined,
  undertaken: unknown,
) => ({
  account,
  role,
  organisation,
  hasUndertaken: undertaken !== undefined,
});

/** Reads, decides and writes the account; another change in between is met by reading again. */
async function changeAccount(
  call: Call,
  event: `account.${string}`,
  decide: (account: Account) => Account,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const stored = await call.records.get(accountRef(mine(call)));
    if (!stored) throw new Problem('not-signed-in');
    const change = call.records
      .change()
      .put(accountRef(mine(call)), decide(stored.value), { version: stored.version })
      .activity({ event, subject: accountOwner(mine(call)) });
    try {
      return await change.commit();
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries >= CHANGE_TRIES_MAX) throw error;
    }
  }
}
