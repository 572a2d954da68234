import { chatEntity } from '../chats/chat.ts';
import { correctionEntity, registerCorrectionEntity } from '../corrections/correction.ts';
import { customerContactEntity, customerEntity } from '../customers/customer.ts';
import { ticketSettingsEntity } from '../tickets/settings.ts';
import {
  supportTicketEntity,
  supportTicketEntryEntity,
  type TicketEntryCopy,
  ticketEntity,
  ticketEntryEntity,
} from '../tickets/ticket.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { fileFields } from './shared-words.ts';

const id = { nb: 'Id', en: 'Id' } as const;
const at = { nb: 'Når', en: 'When' } as const;
const text = { nb: 'Tekst', en: 'Text', freeText: true } as const;
const customerId = { nb: 'Kunde (id)', en: 'Customer (id)' } as const;
const dueAt = { nb: 'Slettes', en: 'Erased' } as const;
const language = {
  nb: 'Språk',
  en: 'Language',
  codes: { nb: { nb: 'bokmål', en: 'Norwegian Bokmål' }, en: { nb: 'engelsk', en: 'English' } },
} as const;
const channel = {
  nb: 'Hvordan det kom',
  en: 'How it came',
  codes: {
    app: { nb: 'i tjenesten', en: 'in the service' },
    staff: { nb: 'skrevet ned av ansatte', en: 'written down by staff' },
    mail: { nb: 'e-post', en: 'e-mail' },
    link: { nb: 'siden fra en e-post', en: 'the page of an e-mail' },
    chat: { nb: 'chat', en: 'chat' },
  },
} as const;
const ticketFields = {
  id,
  number: { nb: 'Saksnummer', en: 'Ticket number' },
  title: { nb: 'Tittel', en: 'Title', freeText: true },
  state: {
    nb: 'Tilstand',
    en: 'State',
    codes: {
      new: { nb: 'ny', en: 'new' },
      open: { nb: 'åpen', en: 'open' },
      'waiting-on-customer': { nb: 'venter på den som spør', en: 'waits for who asks' },
      resolved: { nb: 'løst', en: 'resolved' },
      closed: { nb: 'lukket', en: 'closed' },
    },
  },
  priority: {
    nb: 'Hvor viktig',
    en: 'Priority',
    codes: {
      low: { nb: 'lite viktig', en: 'low' },
      normal: { nb: 'vanlig', en: 'normal' },
      high: { nb: 'viktig', en: 'high' },
      urgent: { nb: 'haster', en: 'urgent' },
    },
  },
  channel,
  language,
  requesterName: { nb: 'Navn på den som spør', en: 'Name of who asks' },
  customerId,
  assigneeId: { nb: 'Hvem arbeider med den', en: 'Who works on it' },
  openedAt: { nb: 'Åpnet', en: 'Opened' },
  updatedAt: { nb: 'Sist endret', en: 'Last changed' },
  respondBy: { nb: 'Bør besvares innen', en: 'Ought to be answered by' },
  answeredAt: { nb: 'Først besvart', en: 'First answered' },
  resolvedAt: { nb: 'Løst', en: 'Resolved' },
  closedAt: { nb: 'Lukket', en: 'Closed' },
  dueAt,
  entries: { nb: 'Antall innføringer', en: 'Number of entries' },
  mailEpoch: {
    nb: 'Hvor mange ganger svaradressene er fornyet',
    en: 'How often its addresses for answers were renewed',
  },
} as const;
const entryFields = {
  id,
  kind: {
    nb: 'Slag',
    en: 'Kind',
    codes: {
      message: { nb: 'melding', en: 'message' },
      note: { nb: 'merknad mellom ansatte', en: 'note among staff' },
      time: { nb: 'tid', en: 'time' },
    },
  },
  at,
  by: {
    nb: 'Fra',
    en: 'From',
    codes: { requester: { nb: 'den som spør', en: 'who asks' }, staff: { nb: 'ansatte', en: 'staff' } },
  },
  personId: { nb: 'Hvem', en: 'Who' },
  channel,
  text,
  files: { nb: 'Vedlegg', en: 'Attachments', fields: fileFields },
  day: { nb: 'Dag', en: 'Day' },
  minutes: { nb: 'Minutter', en: 'Minutes' },
  isBillable: { nb: 'Skal betales', en: 'To be paid for' },
  billedTo: { nb: 'Betales av (id)', en: 'Paid by (id)' },
  billedOn: { nb: 'Faktureres med dagen', en: 'Invoiced by the day' },
} as const;
const facts = {
  name: { nb: 'Navn', en: 'Name' },
  organisationNumber: { nb: 'Organisasjonsnummer', en: 'Organisation number' },
  address: { nb: 'Adresse', en: 'Address' },
  postcode: { nb: 'Postnummer', en: 'Postcode' },
  city: { nb: 'Poststed', en: 'City' },
} as const;
const source = {
  from: {
    nb: 'Kilde',
    en: 'Source',
    codes: {
      staff: { nb: 'ansatte', en: 'staff' },
      contact: { nb: 'en kontakt hos kunden', en: 'a contact of the customer' },
      brreg: { nb: 'Enhetsregisteret', en: 'Enhetsregisteret (the open register of companies)' },
    },
  },
  at: { nb: 'Siden', en: 'Since' },
  correctionId: { nb: 'Rettelse (id)', en: 'Correction (id)' },
} as const;
const correctionFields = {
  id,
  customerId,
  from: { nb: 'Kilde', en: 'Source', codes: { contact: source.from.codes.contact, brreg: source.from.codes.brreg } },
  proposed: { nb: 'Foreslått', en: 'Proposed', fields: facts },
  before: { nb: 'Slik stod det', en: 'As it stood', fields: facts },
  words: { nb: 'Begrunnelse', en: 'Reason given', freeText: true },
  proposedAt: { nb: 'Foreslått når', en: 'Proposed when' },
  state: {
    nb: 'Tilstand',
    en: 'State',
    codes: {
      proposed: { nb: 'venter', en: 'waits' },
      accepted: { nb: 'godtatt', en: 'accepted' },
      refused: { nb: 'avslått', en: 'refused' },
    },
  },
  decidedAt: { nb: 'Avgjort', en: 'Decided' },
  decidedBy: { nb: 'Avgjort av', en: 'Decided by' },
  reason: { nb: 'Hvorfor', en: 'Why', freeText: true },
  dueAt,
} as const;

/** The words of customers, tickets, chats and corrections. */
export const ticketWords: readonly EntityWords[] = [
  words(
    customerEntity,
    { nb: 'Kunder', en: 'Customers' },
    {
      id,
      ...facts,
      responseHours: { nb: 'Avtalt svartid i timer', en: 'Agreed hours to an answer' },
      sources: {
        nb: 'Hvor opplysningene kommer fra',
        en: 'Where the facts come from',
        fields: {
          name: { ...facts.name, fields: source },
          organisationNumber: { ...facts.organisationNumber, fields: source },
          address: { ...facts.address, fields: source },
          postcode: { ...facts.postcode, fields: source },
          city: { ...facts.city, fields: source },
        },
      },
      since: { nb: 'Kunde siden', en: 'Customer since' },
      endedAt: { nb: 'Avsluttet', en: 'Ended' },
    },
  ),
  words(
    customerContactEntity,
    { nb: 'Kontakt for kunde', en: 'Contact of a customer' },
    { customerId, since: { nb: 'Siden', en: 'Since' } },
  ),
  words(ticketEntity, { nb: 'Saker', en: 'Tickets' }, ticketFields),
  words(supportTicketEntity, { nb: 'Saker hos leverandøren', en: 'Tickets at the operator' }, ticketFields),
  wordsOfView<typeof TicketEntryCopy>()(
    ticketEntryEntity,
    { nb: 'Innføringer i saker', en: 'Entries of tickets' },
    entryFields,
  ),
  wordsOfView<typeof TicketEntryCopy>()(
    supportTicketEntryEntity,
    { nb: 'Innføringer i saker hos leverandøren', en: 'Entries of tickets at the operator' },
    entryFields,
  ),
  words(
    ticketSettingsEntity,
    { nb: 'Innstillinger for saker', en: 'Settings of tickets' },
    {
      takesMail: { nb: 'Tar imot e-post', en: 'Takes mail' },
      takesChats: { nb: 'Tar imot chat', en: 'Takes chats' },
      comparesCompanies: { nb: 'Sammenligner med Enhetsregisteret', en: 'Compares with the open register' },
    },
  ),
  words(
    chatEntity,
    { nb: 'Chat', en: 'Chats' },
    {
      id,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { open: { nb: 'åpen', en: 'open' }, ended: { nb: 'avsluttet', en: 'ended' } },
      },
      language,
      name: facts.name,
      place: { nb: 'Sted som er oppgitt', en: 'Place as stated' },
      ipAddress: { nb: 'IP-adresse', en: 'IP address' },
      device: { nb: 'Enhet', en: 'Device' },
      messages: {
        nb: 'Meldinger',
        en: 'Messages',
        fields: {
          id: { nb: 'Id fra programmet som sendte', en: 'Id from the program that sent it' },
          by: {
            nb: 'Fra',
            en: 'From',
            codes: { visitor: { nb: 'den som spør', en: 'who asks' }, staff: { nb: 'ansatte', en: 'staff' } },
          },
          personId: { nb: 'Hvem', en: 'Who' },
          text,
          at,
        },
      },
      startedAt: { nb: 'Begynt', en: 'Begun' },
      endedAt: { nb: 'Avsluttet', en: 'Ended' },
      ticketId: { nb: 'Sak (id)', en: 'Ticket (id)' },
      dueAt,
    },
  ),
  words(correctionEntity, { nb: 'Rettelser som er foreslått', en: 'Corrections proposed' }, correctionFields),
  words(
    registerCorrectionEntity,
    { nb: 'Rettelser fra et register', en: 'Corrections from a register' },
    correctionFields,
  ),
];
