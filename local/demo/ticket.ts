import type { CustomerId, OrganisationId, PersonId, TicketId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { linkTokenIn, serviceTime, waitForMail } from '../client/mailbox.ts';
import type { Api } from '../client/visitor.ts';
import type { Customer, House, InRole } from './house.ts';
import { moveClock, until } from './playing.ts';
import { chapter, indented, step } from './telling.ts';

interface Desk {
  readonly house: House;
  readonly provider: Customer;
  readonly organisationId: OrganisationId;
  readonly customerId: CustomerId;
  readonly agent: InRole & { readonly id: PersonId };
}

const CONTACT = 'lise@bakeriet.example.no';

/** A ticket of an IT provider's customer, from a mail to the invoice. */
export async function aTicket(house: House, platform: Api): Promise<void> {
  chapter('A ticket, from mail to invoice');
  const provider = await house.customer(platform, {
    name: 'Fjordnett',
    profile: 'itservice',
    companyName: 'Fjordnett AS',
    organisationNumber: '918654062',
    postalAddress: { street: 'Bryggen 2', postcode: '5003', city: 'Bergen' },
    administrator: {
      firstName: 'Ola',
      lastName: 'Fjord',
      email: 'ola@fjordnett.example.no',
      phone: '+4755000000',
      title: 'manager',
    },
  });
  await house.agree(provider);
  const desk = await theDesk(house, provider);
  const ticketId = await aMailComesIn(desk);
  await theAnswer(desk, ticketId);
  await theInvoice(desk, ticketId);
}

async function theDesk(house: House, provider: Customer): Promise<Desk> {
  const { api, organisationId } = provider;
  const params = { organisationId };
  const { body: customer } = await api.createCustomer({
    params,
    body: {
      name: 'Bakeriet på hjørnet AS',
      organisationNumber: '974760673',
      address: 'Torget 1',
      postcode: '5014',
      city: 'Bergen',
      responseHours: 4,
    },
  });
  const { body: contact } = await api.createPerson({
    params,
    body: { kind: 'member', firstName: 'Lise', lastName: 'Bakke', email: CONTACT, language: 'nb' },
  });
  await api.addCustomerContact({ params: { ...params, customerId: customer.id, personId: contact.id } });
  const { body: colleague } = await api.createPerson({
    params,
    body: { kind: 'staff', firstName: 'Omar', lastName: 'Haug', email: 'omar@fjordnett.example.no', language: 'nb' },
  });
  const agent = await house.join(
    provider,
    'itservice',
    { id: colleague.id, email: 'omar@fjordnett.example.no' },
    { role: 'staff' },
  );
  step('Fjordnett has a customer, the bakery, with Lise as its contact; Omar works at the desk.');
  return { house, provider, organisationId, customerId: customer.id, agent: { ...agent, id: colleague.id } };
}

async function aMailComesIn({ house, provider, organisationId, agent }: Desk): Promise<TicketId> {
  const params = { organisationId };
  const { body: closed } = await provider.api.getTicketSettings({ params });
  const { body: settings } = await provider.api.setTicketSettings({
    params,
    ifMatch: closed.version,
    body: { takesMail: true, takesChats: false },
  });
  const intake = settings.intakeAddress!;
  await mailed(house, intake, CONTACT, {
    subject: 'Kassen starter ikke',
    text: 'Hei!\n\nKassen i butikken starter ikke etter strømbruddet i natt.\n\nLise\n\n> sendt fra telefonen min',
  });
  const ticket = await until(async () => {
    const { body } = await agent.api.listTickets({ params, query: { limit: 20, show: 'open' } });
    return body.items[0];
  });
  step(
    `Ola opens the desk for mail. Lise writes to ${intake.split('@')[0]!.slice(0, 10)}…@…: ticket ${ticket.number}, “${ticket.title}”, answer due ${ticket.respondBy?.slice(0, 16)}.`,
  );
  return ticket.id;
}

async function theAnswer({ house, organisationId, agent, customerId }: Desk, ticketId: TicketId): Promise<void> {
  const params = { organisationId, ticketId };
  const { body: ticket } = await agent.api.getTicket({ params });
  await agent.api.changeTicket({
    params,
    ifMatch: ticket.version,
    body: { assigneeId: agent.id, customerId, priority: 'high', state: 'open' },
  });
  await agent.api.addTicketEntry({
    params,
    body: { kind: 'note', text: 'Trolig strømforsyningen; reservedel på lager.' },
  });
  await agent.api.addTicketEntry({
    params,
    body: {
      kind: 'message',
      text: 'Hei Lise! Trekk ut kontakten i ett minutt, og prøv igjen. Jeg kommer kl. 10 om det ikke hjelper.',
    },
  });
  const mail = await waitForMail(house.endpoints.mailbox, CONTACT, ({ subject }) => subject.includes(ticket.number));
  step(
    `Omar notes something for his colleagues and answers. Lise gets a mail, “${mail.subject}”; what he wrote is not in it:`,
  );
  for (const line of mail.text.trim().split('\n').slice(0, 8)) indented(line);
  const url = `${house.endpoints.api}/l/${linkTokenIn(mail)}`;
  const looked = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  const pressed = await (await fetch(url, { method: 'POST', headers: { accept: 'text/html' } })).text();
  const has = (page: string) => (page.includes('Trekk ut kontakten') ? 'has it' : 'does not have it');
  step(
    `The link’s page ${has(looked)}, for a mail scanner looks at links too; behind its button the page ${has(pressed)}. Nobody is signed in by it.`,
  );
  await mailed(house, mail.headers['reply-to']!, CONTACT, {
    subject: `Re: ${mail.subject}`,
    text: `Det hjalp ikke. Kom gjerne!\n\nLise\n\n${mail.text
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n')}`,
  });
  const reply = await until(async () => {
    const { body } = await agent.api.getTicket({ params });
    const messages = body.entries.filter((entry) => entry.kind === 'message');
    return messages.length > 2 ? messages.at(-1) : undefined;
  });
  step(
    `She answers by mail. The address is hers and this ticket’s alone, and what she quoted is cut away: “${reply.text.split('\n')[0]}”`,
  );
  await agent.api.addTicketEntry({
    params,
    body: { kind: 'time', minutes: 90, isBillable: true, text: 'Byttet strømforsyning' },
  });
  const { body: now } = await agent.api.getTicket({ params });
  await agent.api.changeTicket({ params, ifMatch: now.version, body: { state: 'closed' } });
  step('Omar drives there, enters 90 minutes, and closes the ticket: two years from now it is erased.');
}

async function theInvoice({ house, provider, organisationId }: Desk, _: TicketId): Promise<void> {
  const params = { organisationId };
  const month = dayIn('Europe/Oslo', await serviceTime(house.endpoints.mailbox)).slice(0, 7);
  let manager = await provider.again();
  await manager.publishPriceList({
    params,
    body: {
      validFrom: month,
      seller: {
        name: 'Fjordnett AS',
        organisationNumber: '918654062',
        isVatRegistered: true,
        isInRegisterOfEnterprises: true,
        address: { street: 'Bryggen 2', postcode: '5003', city: 'Bergen' },
        email: 'faktura@fjordnett.example.no',
        account: '86011117947',
      },
      paymentDays: 14,
      kid: 'mod10',
      reminderFeeOre: 3500,
      items: [
        {
          code: 'hours',
          name: { nb: 'Konsulenttimer', en: 'Consulting hours' },
          charge: { by: 'hour', unitPriceOre: 119_500 },
          vat: 'vat-25',
        },
      ],
    },
  });
  await moveClock(house.endpoints, 'P32D');
  manager = await provider.again();
  const run = async () => {
    await manager.startInvoiceRun({ params, body: { period: month } });
    await until(async () =>
      (await manager.listInvoiceRuns({ params })).body.items.find(({ state }) => state === 'drafted'),
    );
  };
  await run();
  await run();
  const { body: drafts } = await manager.listInvoices({ params, query: { limit: 20 } });
  const draft = drafts.items[0]!;
  step(
    `A month later Ola runs the invoices of ${month}, twice, to be sure: ${drafts.items.length} draft of ${kroner(draft.payableOre)}.`,
  );
  const since = (await serviceTime(house.endpoints.mailbox)).toISOString();
  await manager.approveInvoiceRun({ params: { ...params, month } });
  const issued = await until(async () => {
    const { body } = await manager.getInvoice({ params: { ...params, invoiceId: draft.id } });
    return body.number === undefined ? undefined : body;
  });
  const pdf = await manager.fetchInvoice({ params: { ...params, invoiceId: issued.id }, query: { format: 'pdf' } });
  const xml = await manager.fetchInvoice({ params: { ...params, invoiceId: issued.id }, query: { format: 'xml' } });
  step(`Approved, it has number ${issued.number}, KID ${issued.kid}, and is due on ${issued.dueOn}:`);
  for (const { text, quantityThousandths, netOre } of issued.lines) {
    indented(`${text}: ${quantityThousandths / 1000} × = ${kroner(netOre)}`);
  }
  indented(`to pay ${kroner(issued.totals.payableOre)}, of which VAT ${kroner(issued.totals.vatOre)}`);
  step(
    `It is a PDF (${sizeOf(pdf.body.content)}) and an EHF invoice in Peppol BIS Billing 3.0 (${sizeOf(xml.body.content)}); Lise gets a mail with a link:`,
  );
  const mail = await waitForMail(
    house.endpoints.mailbox,
    CONTACT,
    ({ subject, sentAt }) => /faktura/i.test(subject) && sentAt >= since,
  );
  indented(mail.subject);
}

const kroner = (ore: number) => `kr ${(ore / 100).toFixed(2).replace('.', ',')}`;
const sizeOf = (content: string | Uint8Array) => `${Math.round(Buffer.byteLength(content) / 1024)} KB`;

/** A mail from outside, as SES takes it in. */
async function mailed(
  { endpoints }: House,
  to: string,
  from: string,
  { subject, text }: { readonly subject: string; readonly text: string },
): Promise<void> {
  const address = new URL(`${endpoints.mailbox}/inbound`);
  address.searchParams.set('to', to);
  address.searchParams.set('from', from);
  const raw = [
    `From: Lise Bakke <${from}>`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: <${crypto.randomUUID()}@bakeriet.example.no>`,
    `Date: ${(await serviceTime(endpoints.mailbox)).toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(text, 'utf8').toString('base64'),
  ].join('\r\n');
  const taken = await fetch(address, { method: 'POST', body: raw });
  if (!taken.ok) throw new Error(`The mail was not taken in: ${taken.status} ${await taken.text()}`);
}
