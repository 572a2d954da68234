import PostalMime from 'postal-mime';
import { type ConsentPurpose, purposeRef } from '../../../lambdas/features/consents/purpose.ts';
import { standardPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { enquiryHandlers } from '../../../lambdas/features/enquiries/handlers.ts';
import { enquiryRoutes } from '../../../lambdas/features/enquiries/routes.ts';
import { confirmEnquiry, enquiryStore } from '../../../lambdas/features/enquiries/store.ts';
import { tickForms } from '../../../lambdas/features/forms/clock.ts';
import { formSettingHandlers, publicFormHandlers } from '../../../lambdas/features/forms/handlers.ts';
import { ownFormHandlers, ownFormPage } from '../../../lambdas/features/forms/own-handlers.ts';
import { ownFormStore } from '../../../lambdas/features/forms/own-store.ts';
import { formSettingRoutes, ownFormRoutes, publicFormRoutes } from '../../../lambdas/features/forms/routes.ts';
import { formStore } from '../../../lambdas/features/forms/store.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import { openEventHandlers } from '../../../lambdas/features/open-events/handlers.ts';
import { openEventRoutes } from '../../../lambdas/features/open-events/routes.ts';
import { confirmSignUp, openEventStore } from '../../../lambdas/features/open-events/store.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { subscriberHandlers } from '../../../lambdas/features/subscriptions/handlers.ts';
import { subscriberRoutes } from '../../../lambdas/features/subscriptions/routes.ts';
import { subscriberStore } from '../../../lambdas/features/subscriptions/store.ts';
import { confirmSubscription, unsubscribe } from '../../../lambdas/features/subscriptions/subscribing.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld } from '../erasure/world.ts';
import { fakeSes } from '../notices/kindergarten.ts';

const routes = {
  ...publicFormRoutes,
  ...ownFormRoutes,
  ...formSettingRoutes,
  ...enquiryRoutes,
  ...openEventRoutes,
  ...subscriberRoutes,
  ...linkRoutes,
};

/** A kindergarten with its forms open, somebody who runs it, and the mailbox of whoever fills a form in. */
export async function aDesk(db: TestDynamoDb) {
  const world = await aWorld(db);
  const { store, organisationId } = world;
  const head = await aPerson(store, organisationId, { kind: 'staff', email: 'styrer@example.no' });
  const administrator = await someoneWith(store, organisationId, 'administrator', { personId: head.id });
  const ses = fakeSes();
  const purpose: ConsentPurpose = {
    id: anId('pur'),
    code: 'newsletter',
    textVersion: 1,
    holdsSinceTextVersion: 1,
    state: 'open',
    since: '2026-01-01T00:00:00.000Z',
    ...standardPurpose('kindergarten', 'newsletter')!,
  };
  const change = () =>
    aCall(store)
      .records.change()
      .activity({ event: 'test.prepared', subject: organisationOwner(organisationId) });
  await change().put(purposeRef(organisationId, purpose.id), purpose, 'new').commit();
  const service = aService(store, routes, {
    ...publicFormHandlers(formStore),
    ...ownFormHandlers(ownFormStore),
    ...formSettingHandlers(formStore),
    ...enquiryHandlers(enquiryStore),
    ...openEventHandlers(openEventStore),
    ...subscriberHandlers(subscriberStore),
    ...someLinkHandlers(
      {
        'confirm-subscription': confirmSubscription,
        'confirm-enquiry': confirmEnquiry,
        'confirm-sign-up': confirmSignUp,
        unsubscribe,
      },
      { 'own-form': ownFormPage(ownFormStore) },
    ),
  });
  const staff = service.as(administrator);
  const settings = { params: { organisationId }, body: { newsletter: true, enquiries: true } };
  await staff.setPublicForms({ ...settings, ifMatch: 1 });

  const desk = {
    world,
    store,
    organisationId,
    purpose,
    change,
    service,
    staff,
    /** Days later: a role stands open for half an hour. */
    staffToday: async () => service.as(await someoneWith(store, organisationId, 'administrator')),
    settings,
    at: (path: string) => `/o/${organisationId}/${path}`,
    send: (method: 'GET' | 'POST', path: string, fields?: Record<string, string>, accept = 'text/html') =>
      service.send(`https://vern.test${path}`, {
        method,
        headers: { accept, ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }) },
        ...(fields && { body: new URLSearchParams(fields).toString() }),
      }),
    /** Sends what is due; what has come since the last time, the newest last. */
    async mails() {
      const before = ses.mails.length;
      await sweepOutbox(anOutbox(store, { sendMail: ses.sendMail }));
      return Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
    },
    /** The address of the page of the link that was mailed last. */
    async linkMailed(to?: string) {
      const mails = (await desk.mails()).filter(
        (mail) => to === undefined || mail.to?.[0]?.address?.toLowerCase() === to.toLowerCase(),
      );
      const text = mails.findLast((mail) => mail.text?.includes('/l/'))?.text ?? '';
      return /\/l\/[\w-]+/.exec(text)?.[0] ?? 'no link';
    },
    /** Fills a form in and confirms the address. */
    async confirmed(path: string, fields: Record<string, string>) {
      await desk.send('POST', desk.at(path), fields);
      const link = await desk.linkMailed(fields['email']?.trim());
      return (await desk.send('POST', link)).text();
    },
    tick: () => tickForms({ openCall: () => aCall(store), hasTimeLeft: () => true, log: () => {} }),
    /** Has the worker carry out every erasure that was ordered. */
    async erase() {
      for (const { sk, holder, subject, controller } of await world
        .rows('rights')
        .then((rows) => rows.filter(({ pk }) => pk === 'ERASURES'))) {
        const [owner, of] = [subject, holder].map((id) => ({ controller, subject: id }));
        await world.run({ id: sk, owner, holder: of } as never);
      }
    },
  };
  return desk;
}
export type Desk = Awaited<ReturnType<typeof aDesk>>;
