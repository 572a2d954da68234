import PostalMime from 'postal-mime';
import { customerHandlers } from '../../../lambdas/features/customers/handlers.ts';
import { customerRoutes } from '../../../lambdas/features/customers/routes.ts';
import { customerStore } from '../../../lambdas/features/customers/store.ts';
import { takeIn } from '../../../lambdas/features/inbound-mail/take-in.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import { organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { addBlock } from '../../../lambdas/features/people/writes.ts';
import { tickTickets } from '../../../lambdas/features/tickets/clock.ts';
import { ownTicketHandlers, ticketHandlers } from '../../../lambdas/features/tickets/handlers.ts';
import { confirmTicket, endOutsidersTicket } from '../../../lambdas/features/tickets/outsiders.ts';
import { ticketLinkPage, ticketPageHandlers } from '../../../lambdas/features/tickets/page-handlers.ts';
import { ticketPageRoutes } from '../../../lambdas/features/tickets/page-routes.ts';
import { ownTicketRoutes, ticketRoutes } from '../../../lambdas/features/tickets/routes.ts';
import { ticketStore } from '../../../lambdas/features/tickets/store.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import type { World } from '../erasure/world.ts';
import { fakeSes } from '../notices/kindergarten.ts';

export const DOMAIN = 'inbound.vern.example';
const routes = { ...customerRoutes, ...ticketRoutes, ...ownTicketRoutes, ...ticketPageRoutes, ...linkRoutes };

/** An IT provider with an agent, a customer and its contact, a mailbox, and a door for mail. */
export async function aDesk(world: World) {
  const { store } = world;
  store.clock = new Date('2026-11-23T07:00:00Z');
  const { id: organisationId } = await anOrganisation(store, { profile: 'itservice', name: 'Fjord IT' });
  const params = { organisationId };
  const member = { kind: 'member' } as const;
  const agentPerson = await aPerson(store, organisationId, { kind: 'staff', email: 'agent@example.no' });
  const contactPerson = await aPerson(store, organisationId, { ...member, email: 'kari@kunde.example' });
  const claimed = aCall(store).records.change();
  await claimed
    .claim(organisationId, 'email', 'kari@kunde.example', contactPerson.id, () => new Error('taken'))
    .point(organisationPointers.all(organisationId))
    .activity({ event: 'test.prepared', subject: { controller: organisationId, subject: contactPerson.id } })
    .commit();
  const agentCaller = await someoneWith(store, organisationId, 'staff', { personId: agentPerson.id });
  const leaderCaller = await someoneWith(store, organisationId, 'administrator', {
    personId: (await aPerson(store, organisationId, { kind: 'staff', email: 'leder@example.no' })).id,
  });
  const contactCaller = await someoneWith(store, organisationId, 'member', {
    personId: contactPerson.id,
    scope: { kind: 'person', id: contactPerson.id },
  });
  const ses = fakeSes();
  const outbox = anOutbox(store, { sendMail: ses.sendMail, inboundDomain: DOMAIN });
  const service = aService(store, routes, {
    ...customerHandlers(customerStore),
    ...ticketHandlers(ticketStore, DOMAIN),
    ...ownTicketHandlers(ticketStore),
    ...ticketPageHandlers(ticketStore, (stored, call) => endOutsidersTicket(stored, 'unsubscribed', call)),
    ...someLinkHandlers({ 'confirm-ticket': confirmTicket }, { 'answer-ticket': ticketLinkPage(ticketStore) }),
  });
  // What an earlier desk has caused is none of this one's.
  await sweepOutbox(outbox);
  const agent = service.as(agentCaller);
  const leader = service.as(leaderCaller);
  const contact = service.as(contactCaller);
  const mails = new Map<string, Uint8Array>();
  const vaulted = new Map<string, Uint8Array>();
  const outcomes: string[] = [];
  const room = {
    mails: {
      read: async (key: string) => mails.get(key),
      remove: async (key: string) => void mails.delete(key),
    },
    vault: {
      newKey: () => Buffer.alloc(32, 7).toString('base64'),
      keep: async (place: string, _key: string, content: Uint8Array) => {
        vaulted.set(place, content);
        return 'kept' as const;
      },
    },
    domain: DOMAIN,
    openCall: () => aCall(store),
    log: ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
  };
  return {
    world,
    store,
    organisationId,
    params,
    agent,
    agentCaller,
    agentPerson,
    leader,
    contact,
    contactCaller,
    contactPerson,
    service,
    mails,
    vaulted,
    outcomes,
    async customer() {
      const { body } = await agent.createCustomer({ params, body: { name: 'Kunde AS', postcode: '5003' } });
      await agent.addCustomerContact({ params: { ...params, customerId: body.id, personId: contactPerson.id } });
      return body;
    },
    /** The agent is kept away from the contact. */
    async block() {
      const block = { personId: agentPerson.id, basis: 'court-order', since: '2026-01-01' } as const;
      const change = aCall(store).records.change();
      addBlock(change, organisationId, contactPerson.id, block, { block: undefined, link: undefined });
      await change.commit();
    },
    /** What has been mailed since the last time, read as a mail program does. */
    async mailed() {
      const before = ses.mails.length;
      await sweepOutbox(outbox);
      return Promise.all(ses.mails.slice(before).map(({ raw }) => PostalMime.parse(raw)));
    },
    /** Lays a mail where SES does, and has it taken in. */
    async receive(raw: string, key = `mail/${anId('fil')}`) {
      mails.set(key, Buffer.from(raw.replaceAll('\n', '\r\n')));
      return takeIn(key, room);
    },
    tick: () =>
      tickTickets({
        openCall: () => ({
          ...aCall(store),
          records: openRecords(store, { requestId: 't', actor: 'system:t', newEventId: () => anId('evt') }, undefined, {
            throughRestriction: true,
          }),
        }),
        hasTimeLeft: () => true,
        log: (line) => {
          throw new Error(JSON.stringify(line));
        },
      }),
    later(days: number) {
      store.clock = new Date(store.clock.getTime() + days * 24 * 60 * 60 * 1000);
    },
    /** A role of staff stands open for half an hour. */
    agentToday: async () => service.as(await someoneWith(store, organisationId, 'staff')),
    send: (method: 'GET' | 'POST', path: string, fields?: Record<string, string>) =>
      service.send(`https://vern.test${path}`, {
        method,
        headers: { accept: 'text/html', ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }) },
        ...(fields && { body: new URLSearchParams(fields).toString() }),
      }),
    /** Has the worker carry out every erasure that was ordered. */
    async erase() {
      const rows = (await world.rows('rights')).filter(
        ({ pk, controller }) => pk === 'ERASURES' && controller === organisationId,
      );
      for (const { sk, holder, subject, controller } of rows) {
        const [owner, of] = [subject, holder].map((id) => ({ controller, subject: id }));
        await world.run({ id: sk, owner, holder: of } as never);
      }
    },
  };
}
export type Desk = Awaited<ReturnType<typeof aDesk>>;

/** A mail as SES lays it down: its own headers on top of what the sender wrote. */
export function aMail(wanted: {
  readonly to: string;
  readonly from?: string;
  readonly text?: string;
  readonly subject?: string;
  readonly messageId?: string;
  readonly verdicts?: Partial<Record<'spam' | 'virus' | 'spf' | 'dkim' | 'dmarc', string>>;
  readonly headers?: readonly string[];
  readonly body?: string;
}): string {
  const {
    to,
    from = 'Kari Kunde <kari@kunde.example>',
    text = 'Det virker nå.',
    subject = 'Hjelp',
    headers = [],
  } = wanted;
  const { spam = 'PASS', virus = 'PASS', spf = 'pass', dkim = 'pass', dmarc = 'pass' } = wanted.verdicts ?? {};
  const written = wanted.body ?? `Content-Type: text/plain; charset=utf-8\n\n${text}`;
  return [
    'Return-Path: <kari@kunde.example>',
    `Received: from mx.kunde.example by inbound-smtp.eu-west-1.amazonaws.com with SMTP id abc123 for ${to}; Mon, 23 Nov 2026 07:00:00 +0000 (UTC)`,
    `X-SES-Spam-Verdict: ${spam}`,
    `X-SES-Virus-Verdict: ${virus}`,
    `Authentication-Results: amazonses.com; spf=${spf} (spfCheck: ok) client-ip=192.0.2.7; dkim=${dkim} header.i=@kunde.example; dmarc=${dmarc} header.from=kunde.example;`,
    'X-SES-RECEIPT: AEFBQUFBQUFBQUFF',
    ...headers,
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: ${wanted.messageId ?? `<${anId('fil')}@kunde.example>`}`,
    'MIME-Version: 1.0',
    written,
  ].join('\n');
}
