import { randomUUID } from 'node:crypto';
import type { CustomerId, InvoiceId } from '../../lambdas/http/ids.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { linkTokenIn, serviceTime, waitForMail } from '../../local/client/mailbox.ts';
import { apiFor } from '../../local/client/visitor.ts';
import { ascii, emailOf, nameOf, type PlacedCanary, phoneOf, street, text, word } from './coinage.ts';
import { asBrowser, askToBeErased, type Customer, comeIn, employ, type Inhabitant, openCustomer } from './customer.ts';
import type { Sink } from './evidence.ts';
import { eventually, type Stage } from './history.ts';
import { fetchOwnCopy } from './own-copy.ts';
import type { Lived, Play } from './prove-profile.ts';

type Contact = ReturnType<typeof aContact>;

/** A baker's shop, and who speaks for it. */
function aContact() {
  const sealed: readonly Sink[] = ['core table', 'backup bucket'];
  // The company is the organisation's customer whoever speaks for it, and its name stands on what it has to pay.
  const ofCompany = { sinks: sealed, keptIn: ['organisation', 'invoice'] } as const;
  const canaries = {
    firstName: { name: 'the first name', value: nameOf(), sinks: sealed },
    lastName: { name: 'the last name', value: nameOf(), sinks: sealed },
    email: { name: 'the e-mail address', value: emailOf(), sinks: [...sealed, 'lookup table', 'cognito'] },
    phone: { name: 'the telephone number', value: phoneOf(), sinks: sealed },
    address: { name: 'the address', value: street(), sinks: sealed },
    note: { name: 'a note about the contact', value: text('Treffes helst'), sinks: sealed },
    company: { name: "the company's name", value: `Bakeriet ${word(12)}`, ...ofCompany },
    companyStreet: { name: "the company's address", value: street(), ...ofCompany },
    question: { name: 'what was asked by mail', value: text('Kassen starter ikke'), sinks: sealed },
    subject: { name: 'the subject of a mail', value: text('Kassen'), sinks: sealed },
    reply: { name: 'what was answered by mail', value: text('Fortsatt svart'), sinks: sealed },
    internal: { name: 'a note among staff', value: text('Trolig'), sinks: sealed },
    answer: { name: 'what staff answered', value: text('Trekk ut'), sinks: sealed },
    hours: { name: 'what the time was for', value: text('Byttet'), sinks: sealed },
    ownTicket: { name: 'what was asked in the app', value: text('Skriveren'), sinks: [...sealed, 'downloads bucket'] },
    chat: { name: 'what was said in a chat', value: text('Hei, jeg'), sinks: sealed },
    chatName: { name: 'the name in a chat', value: nameOf(), sinks: sealed },
    chatPlace: { name: 'the place in a chat', value: `${nameOf()}sletta`, sinks: sealed },
    chatDevice: { name: 'the device in a chat', value: `Mozilla/5.0 ${ascii(word(12))}/1.0`, sinks: sealed },
    visit: { name: 'what was said without signing in', value: text('Jeg bare ser'), sinks: sealed },
    visitorName: { name: 'the name of a visitor', value: nameOf(), sinks: sealed },
    outsider: {
      name: 'the address of somebody who is registered nowhere',
      value: emailOf(),
      sinks: ['rights table', 'backup bucket', 'delivered mail'],
    },
    outsidersQuestion: {
      name: 'what somebody asked who is registered nowhere',
      value: text('Nettet'),
      sinks: sealed,
    },
    correction: { name: 'what was proposed to be put right', value: street(), sinks: sealed },
    correctionWords: { name: 'why it should be put right', value: text('Vi har flyttet'), sinks: sealed },
    refusal: { name: 'why it was not put right', value: text('Det stemmer ikke'), sinks: sealed },
    request: { name: 'the words of a request', value: text('Jeg lurer på'), sinks: ['rights table', 'backup bucket'] },
  } satisfies Record<string, PlacedCanary>;
  return { canaries, all: Object.values(canaries) as readonly PlacedCanary[] };
}

interface Desk {
  readonly stage: Stage;
  readonly customer: Customer;
  readonly agent: Inhabitant;
  /** Where mail is taken in. */
  readonly intake: string;
}

interface Inside {
  readonly contact: Contact;
  readonly at: Inhabitant;
  /** Of whoever chatted without signing in. */
  readonly visitorsToken: string;
  /** Of the page on which somebody who is registered nowhere follows what they asked. */
  readonly outsidersLink: string;
}

/** An IT provider, and two who ask it for help: by mail, in the app, in chats; and the month is invoiced. */
export const playItService: Play = async (stage, photograph) => {
  const desk = await aDesk(stage);
  const inside: Inside[] = [];
  for (const contact of [aContact(), aContact()]) {
    const { at, customerId } = await theContact(desk, contact);
    await askByMail(desk, contact, customerId, photograph);
    const outsidersLink = await askFromOutside(desk, contact, photograph);
    await askInTheApp(desk, contact, at);
    const visitorsToken = await chat(desk, contact, at);
    await photograph();
    await putRight(desk, contact, at);
    inside.push({ contact, at, visitorsToken, outsidersLink });
  }
  const invoices = await invoiceTheMonth(desk);
  // After the month: what was said in a request is destroyed 30 days after its answer.
  for (const { contact, at } of inside) {
    await fetchOwnCopy(desk.customer, at, contact.canaries.request.value, photograph);
  }
  await photograph();
  const [leaving, staying] = inside;
  return {
    leaving: livedIn(leaving!),
    staying: livedIn(staying!),
    async erase() {
      // Who is registered nowhere has it gone by what they were given, and that is all that is known of them (AT-04).
      const { visitorsToken, outsidersLink } = leaving!;
      await apiFor(stage.endpoints).eraseChat({ params: { token: visitorsToken } });
      const page = await fetch(`${outsidersLink}/ticket`, {
        method: 'POST',
        body: new URLSearchParams({ do: 'erase' }),
      });
      if (!page.ok) throw new Error(`The ticket was not erased: ${page.status}`);
      return askToBeErased(desk.customer, leaving!.at);
    },
    // Five years after a year that ends within the next month or two; what proves that the law was kept is gone by then.
    terms: [{ retentionClasses: ['invoice', 'consent'], over: 'P6Y', subjects: invoices }],
    fills: [],
    stays: ['organisation'],
  };
};

const livedIn = ({ contact, at }: Inside): Lived => ({ canaries: contact.all, subjects: at.subjects });

async function aDesk(stage: Stage): Promise<Desk> {
  const customer = await openCustomer(stage, 'itservice');
  const agent = await employ(stage, customer, 'staff');
  const { organisationId, administrator } = customer;
  const params = { organisationId };
  const { body: closed } = await administrator.api.getTicketSettings({ params });
  const { body: settings } = await administrator.api.setTicketSettings({
    params,
    ifMatch: closed.version,
    body: { takesMail: true, takesChats: true, comparesCompanies: false },
  });
  await administrator.api.publishPriceList({
    params,
    body: {
      validFrom: await monthOf(stage),
      seller: {
        name: 'Vardø Drift AS',
        organisationNumber: '974760673',
        isVatRegistered: true,
        isInRegisterOfEnterprises: true,
        address: { street: 'Havnegata 1', postcode: '9950', city: 'Vardø' },
        email: 'faktura@itservice.example.no',
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
  return { stage, customer, agent, intake: settings.intakeAddress! };
}

const monthOf = async ({ endpoints }: Stage) =>
  dayIn('Europe/Oslo', await serviceTime(endpoints.mailbox)).slice(0, 'yyyy-mm'.length);

async function theContact({ stage, customer }: Desk, { canaries: of }: Contact) {
  const { organisationId, administrator } = customer;
  const params = { organisationId };
  const api = await administrator.again();
  const { body: company } = await api.createCustomer({
    params,
    body: { name: 'Ny kunde', organisationNumber: '918654062', postcode: '5014', city: 'Bergen' },
  });
  // By a change, whose answer is not kept for a day as that of a creation is.
  await api.changeCustomer({
    params: { ...params, customerId: company.id },
    ifMatch: company.version,
    body: { name: of.company.value, address: of.companyStreet.value },
  });
  const { body: person } = await api.createPerson({
    params,
    body: {
      kind: 'member',
      firstName: of.firstName.value,
      lastName: of.lastName.value,
      email: of.email.value,
      phone: of.phone.value,
      address: of.address.value,
      note: of.note.value,
    },
  });
  await api.addCustomerContact({ params: { ...params, customerId: company.id, personId: person.id } });
  const at = await comeIn(stage, customer, { personId: person.id, email: of.email.value });
  return { at, customerId: company.id };
}

/** A mail becomes a ticket; staff note, answer and enter time; the answer's address takes the reply. */
async function askByMail(
  { stage, customer, agent, intake }: Desk,
  { canaries: of }: Contact,
  customerId: CustomerId,
  photograph: () => Promise<void>,
): Promise<void> {
  const { organisationId } = customer;
  const from = of.email.value;
  await mailed(stage, { to: intake, from, subject: of.subject.value, words: of.question.value }, photograph);
  const working = await agent.again();
  const ticketId = await eventually(async () => {
    const { body } = await working.listTickets({ params: { organisationId }, query: { limit: 20 } });
    return body.items.find(({ title }) => title === of.subject.value)?.id;
  });
  const ofTicket = { params: { organisationId, ticketId } };
  const { body: ticket } = await working.getTicket(ofTicket);
  await working.changeTicket({
    ...ofTicket,
    ifMatch: ticket.version,
    body: { assigneeId: agent.personId, customerId, state: 'open' },
  });
  await working.addTicketEntry({ ...ofTicket, body: { kind: 'note', text: of.internal.value } });
  await working.addTicketEntry({ ...ofTicket, body: { kind: 'message', text: of.answer.value } });
  await working.addTicketEntry({
    ...ofTicket,
    body: { kind: 'time', minutes: 90, isBillable: true, text: of.hours.value },
  });
  const answered = await waitForMail(stage.endpoints.mailbox, from, ({ subject }) => subject.includes(ticket.number));
  const to = answered.headers['reply-to'];
  if (!to) throw new Error('The answer cannot be answered');
  await mailed(stage, { to, from, subject: `Sv: ${of.subject.value}`, words: of.reply.value }, photograph);
  await eventually(async () => {
    const { body } = await working.getTicket(ofTicket);
    return body.entries.some((entry) => entry.text?.includes(of.reply.value)) || undefined;
  });
}

/** The mail of somebody unknown waits for the link in ours. Resolves with the page on which they follow what they asked. */
async function askFromOutside(
  { stage, customer, agent, intake }: Desk,
  { canaries: of }: Contact,
  photograph: () => Promise<void>,
): Promise<string> {
  const { api, mailbox } = stage.endpoints;
  const { organisationId } = customer;
  const outsider = of.outsider.value;
  const subject = `Nett ${word(8)}`;
  await mailed(stage, { to: intake, from: outsider, subject, words: of.outsidersQuestion.value }, photograph);
  const asked = await waitForMail(mailbox, outsider, ({ text: words }) => words.includes('/l/'));
  await fetch(`${api}/l/${linkTokenIn(asked)}`, { method: 'POST' });
  const working = await agent.again();
  const ticketId = await eventually(async () => {
    const { body } = await working.listTickets({ params: { organisationId }, query: { limit: 20 } });
    return body.items.find(({ title }) => title === subject)?.id;
  });
  await working.addTicketEntry({
    params: { organisationId, ticketId },
    body: { kind: 'message', text: 'Prøv igjen om en time.' },
  });
  const answered = await waitForMail(
    mailbox,
    outsider,
    ({ id, text: words }) => id !== asked.id && words.includes('/l/') && !words.includes(linkTokenIn(asked)),
  );
  return `${api}/l/${linkTokenIn(answered)}`;
}

async function askInTheApp({ customer }: Desk, { canaries: of }: Contact, at: Inhabitant): Promise<void> {
  const { organisationId } = customer;
  await (await at.again()).openOwnTicket({
    params: { organisationId },
    body: { title: 'Skriver', text: of.ownTicket.value },
  });
}

/** Signed in, with a device and a place; and without signing in. Resolves with the token of the latter. */
async function chat({ stage, customer }: Desk, { canaries: of }: Contact, at: Inhabitant): Promise<string> {
  const { organisationId } = customer;
  const begun = await fetch(`${stage.endpoints.api}/v1/organisations/${organisationId}/own-chats`, {
    method: 'POST',
    headers: {
      ...(await asBrowser(stage, at, of.chatDevice.value)),
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ text: of.chat.value, name: of.chatName.value, place: of.chatPlace.value }),
  });
  if (begun.status !== 201) throw new Error(`The chat was not begun: ${begun.status} ${await begun.text()}`);
  const { body: visit } = await apiFor(stage.endpoints).beginChat({
    body: { organisationId, messageId: randomUUID(), text: of.visit.value, name: of.visitorName.value },
  });
  return visit.token;
}

/** The contact says that something about the company is wrong, and is told why it is not. */
async function putRight({ customer }: Desk, { canaries: of }: Contact, at: Inhabitant): Promise<void> {
  const { organisationId, administrator } = customer;
  const params = { organisationId };
  const { body: proposed } = await (await at.again()).proposeCorrection({
    params,
    body: { proposed: { address: of.correction.value }, words: of.correctionWords.value },
  });
  await (await administrator.again()).decideCorrection({
    params: { ...params, correctionId: proposed.id },
    body: { outcome: 'refused', reason: of.refusal.value },
  });
}

/** The month is over: its invoices are made, issued, and mailed to whoever speaks for a company. */
async function invoiceTheMonth({ stage, customer }: Desk): Promise<readonly InvoiceId[]> {
  const { organisationId, administrator } = customer;
  const params = { organisationId };
  const month = await monthOf(stage);
  await fetch(`${stage.endpoints.mailbox}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: 'P32D' }),
  });
  const api = await administrator.again();
  await api.startInvoiceRun({ params, body: { period: month } });
  await eventually(async () =>
    (await api.listInvoiceRuns({ params })).body.items.find(({ state }) => state === 'drafted'),
  );
  await api.approveInvoiceRun({ params: { ...params, month } });
  return eventually(async () => {
    const { body } = await api.listInvoices({ params, query: { limit: 20 } });
    const issued = body.items.filter(({ number }) => number !== undefined);
    return issued.length === 2 ? issued.map(({ id }) => id) : undefined;
  });
}

/** From outside, as SES takes it in; and photographed where SES lays it down. */
async function mailed(
  { endpoints }: Stage,
  { to, from, subject, words }: { readonly [K in 'to' | 'from' | 'subject' | 'words']: string },
  photograph: () => Promise<void>,
): Promise<void> {
  const address = new URL(`${endpoints.mailbox}/inbound`);
  address.searchParams.set('to', to);
  address.searchParams.set('from', from);
  const encoded = (value: string) => Buffer.from(value, 'utf8').toString('base64');
  const raw = [
    `From: <${from}>`,
    `To: ${to}`,
    `Subject: =?utf-8?B?${encoded(subject)}?=`,
    `Message-ID: <${word(20).replaceAll(/[^a-z]/g, 'x')}@example.no>`,
    `Date: ${(await serviceTime(endpoints.mailbox)).toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    encoded(words),
  ].join('\r\n');
  const taken = await fetch(address, { method: 'POST', body: raw });
  if (!taken.ok) throw new Error(`The mail was not taken in: ${taken.status} ${await taken.text()}`);
  await photograph();
}
