import { confirmEmail } from '../../../lambdas/features/accounts/email-change.ts';
import { accountHandlers } from '../../../lambdas/features/accounts/handlers.ts';
import { accountRoutes } from '../../../lambdas/features/accounts/routes.ts';
import { accountStore } from '../../../lambdas/features/accounts/store.ts';
import {
  acceptanceHandlers,
  invitationHandlers,
  registrationHandlers,
} from '../../../lambdas/features/invitations/handlers.ts';
import {
  acceptanceRoutes,
  invitationRoutes,
  registrationRoutes,
} from '../../../lambdas/features/invitations/routes.ts';
import { invitationStore } from '../../../lambdas/features/invitations/store.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { aService } from '../../support/service.ts';
import { anId, aStore } from '../../support/store.ts';
import { aUserPool } from '../../support/user-pool.ts';

/** Accounts, invitations and links behind the real gate, on fresh tables. */
export async function aWorld(db: TestDynamoDb) {
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  const pool = aUserPool();
  const statementVersion = () => 's1';
  const service = aService(
    store,
    { ...accountRoutes, ...acceptanceRoutes, ...registrationRoutes, ...invitationRoutes, ...linkRoutes },
    {
      ...accountHandlers(accountStore, pool, { version: 'v1', nb: 'Jeg lover å tie.', en: 'I promise silence.' }),
      ...acceptanceHandlers(invitationStore, statementVersion),
      ...registrationHandlers(invitationStore, pool, statementVersion),
      ...invitationHandlers(invitationStore),
      ...someLinkHandlers({
        'confirm-email': confirmEmail(pool),
      }),
    },
  );
  const records = () => openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') });
  const noticesTo = async (owner: Owner) => (await records().list(noticeEntity, owner)).items.map(({ value }) => value);
  return {
    store,
    pool,
    service,
    records,
    noticesTo,
    pass: (seconds: number) => {
      store.clock = new Date(store.clock.getTime() + seconds * 1000);
    },
    /** The secret in the newest letter of a kind. */
    async tokenTo(owner: Owner, template: string): Promise<string> {
      const notice = (await noticesTo(owner)).findLast(({ content }) => content.template === template);
      if (!notice || !('parameters' in notice.content) || !('token' in notice.content.parameters)) {
        throw new Error(`No letter ${template}`);
      }
      const { token } = notice.content.parameters;
      if (token === undefined) throw new Error(`The letter ${template} leads nowhere`);
      return token;
    },
  };
}
export type World = Awaited<ReturnType<typeof aWorld>>;
