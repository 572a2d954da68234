import { alarmHandlers } from '../../../lambdas/features/alarms/handlers.ts';
import { alarmRoutes } from '../../../lambdas/features/alarms/routes.ts';
import { alarmStore } from '../../../lambdas/features/alarms/store.ts';
import { changeHandlers } from '../../../lambdas/features/changes/handlers.ts';
import { changeRoutes } from '../../../lambdas/features/changes/routes.ts';
import { changeStore } from '../../../lambdas/features/changes/store.ts';
import { customerHandlers } from '../../../lambdas/features/customers/handlers.ts';
import { customerRoutes } from '../../../lambdas/features/customers/routes.ts';
import { customerStore } from '../../../lambdas/features/customers/store.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { structureHandlers } from '../../../lambdas/features/organisations/structure-handlers.ts';
import { structureRoutes } from '../../../lambdas/features/organisations/structure-routes.ts';
import { structureStore } from '../../../lambdas/features/organisations/structure-store.ts';
import { personHandlers } from '../../../lambdas/features/people/handlers.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { personRoutes } from '../../../lambdas/features/people/routes.ts';
import { personStore } from '../../../lambdas/features/people/store.ts';
import { serviceClientHandlers } from '../../../lambdas/features/service-clients/handlers.ts';
import { serviceClientRoutes } from '../../../lambdas/features/service-clients/routes.ts';
import { serviceClientStore } from '../../../lambdas/features/service-clients/store.ts';
import { tokenHandlers } from '../../../lambdas/features/service-clients/token-handlers.ts';
import { tokenRoutes } from '../../../lambdas/features/service-clients/token-routes.ts';
import { ticketHandlers } from '../../../lambdas/features/tickets/handlers.ts';
import { ticketRoutes } from '../../../lambdas/features/tickets/routes.ts';
import { ticketStore } from '../../../lambdas/features/tickets/store.ts';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { webhookHandlers } from '../../../lambdas/features/webhooks/handlers.ts';
import { webhookRoutes } from '../../../lambdas/features/webhooks/routes.ts';
import { webhookStore } from '../../../lambdas/features/webhooks/store.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { MachineUsers } from '../../../lambdas/platform/machine-users.ts';
import { isAllowed } from '../../../lambdas/platform/outbound.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';
import { aLogWorld } from '../transparency/log-world.ts';

/** Cognito as far as programs go. Its tokens are what the service under test takes. */
export function someMachineUsers(now: () => Date) {
  const users = new Map<string, { sub: string; password: string }>();
  const state = { isBusy: false };
  const pool: MachineUsers = {
    async create(name, password) {
      const sub = crypto.randomUUID();
      users.set(name, { sub, password });
      return sub;
    },
    async signIn(name, password) {
      if (state.isBusy) return 'busy';
      const user = users.get(name);
      if (user?.password !== password) return 'refused';
      const authTimeEpochSeconds = Math.floor(now().getTime() / 1000);
      const claims = { sub: user.sub, originJti: crypto.randomUUID(), authTimeEpochSeconds, isMachine: true };
      return { accessToken: Buffer.from(JSON.stringify(claims)).toString('base64url'), expiresInSeconds: 3600 };
    },
    async remove(name) {
      users.delete(name);
    },
  };
  return { users, pool, state };
}

const routes = {
  ...serviceClientRoutes,
  ...tokenRoutes,
  ...changeRoutes,
  ...webhookRoutes,
  ...structureRoutes,
  ...personRoutes,
  ...customerRoutes,
  ...ticketRoutes,
  ...alarmRoutes,
};

export interface Programs {
  readonly store: TestStore;
  readonly organisationId: OrganisationId;
  readonly machines: ReturnType<typeof someMachineUsers>;
  readonly service: ReturnType<typeof aService<typeof routes>>;
  readonly administrator: SignedIn;
  /** Brings what was recorded into the logs, as the sequencer does every minute. */
  sequence(): Promise<void>;
  later(milliseconds: number): void;
  /** Which letters wait for the administrator. */
  told(): Promise<readonly string[]>;
}

/** In an organisation of their own; `store`: beside others on the same tables. */
export async function somePrograms(db: TestDynamoDb, shared?: TestStore): Promise<Programs> {
  const store = shared ?? (await aStore(db.client, await db.createTables(), ['operator']));
  const { id: organisationId } = await anOrganisation(store);
  const machines = someMachineUsers(() => store.clock);
  const { id: personId } = await aPerson(store, organisationId, { kind: 'staff' });
  const administrator = await someoneWith(store, organisationId, 'administrator', { personId });
  const log = await aLogWorld(db, store.tableNames);
  return {
    store,
    organisationId,
    machines,
    service: aService(store, routes, {
      ...serviceClientHandlers(serviceClientStore, machines.pool),
      ...tokenHandlers(serviceClientStore, machines.pool),
      ...changeHandlers(changeStore),
      ...webhookHandlers(webhookStore, isAllowed),
      ...structureHandlers(structureStore),
      ...customerHandlers(customerStore),
      ...personHandlers(personStore),
      ...ticketHandlers(ticketStore, 'inbound.vern.example'),
      ...alarmHandlers(alarmStore),
    }),
    administrator,
    async sequence() {
      log.store.clock = store.clock;
      await sequenceLogs(log.sequencer());
    },
    async told() {
      const { items } = await aCall(store).records.list(noticeEntity, ownerOf(organisationId, personId));
      return items.map(({ value }) => value.content.template);
    },
    later(milliseconds) {
      store.clock = new Date(store.clock.getTime() + milliseconds);
    },
  };
}
