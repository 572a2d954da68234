import type { Call } from '../../http/call.ts';
import { ChatId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dependantPointers, type Owner, type SubjectId } from '../../platform/entity.ts';
import type { Change, Pointer, PointerKey } from '../../platform/records.ts';
import { hashOf, newToken } from '../links/link.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { keptFrom } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { dueAt, policyOf } from '../retention/policy.ts';
import { ticketSettingsRef } from '../tickets/settings.ts';
import { openTicket } from '../tickets/ticketing.ts';
import {
  anotherMessage,
  CHAT_TOKEN,
  type Chat,
  chatKey,
  chatRef,
  chatRow,
  chatTokenKey,
  ended,
  tokenOf,
  transcript,
} from './chat.ts';
import { endChat, subjectOf } from './ending.ts';
import type { ChatStore, StoredChat } from './handlers.ts';

const DEVICE_CHARACTERS_MAX = 256;
const TRANSCRIPT_CHARACTERS_MAX = 8000;

export const chatStore: ChatStore = {
  async begin(organisationId, personId, { text, messageId, ...beginning }, call, answer) {
    const { records, now, language, origin } = call;
    const [organisation, adjustments, settings] = await records.together([
      organisationRef(organisationId),
      adjustmentsRef(organisationId),
      ticketSettingsRef(organisationId),
    ]);
    if (organisation?.value.state !== 'open' || !settings?.value.takesChats) throw new Problem('chat-not-found');
    const { profile, timeZone } = organisation.value;
    const startedAt = now.toISOString();
    const term = policyOf(profile, adjustments?.value.adjustments).chat;
    const chat: Chat = {
      id: call.newId('cht'),
      state: 'open',
      language,
      ...beginning,
      ipAddress: origin.sourceIp,
      device: origin.userAgent.slice(0, DEVICE_CHARACTERS_MAX),
      messages: [{ by: 'visitor', text, at: startedAt }],
      startedAt,
      dueAt: dueAt(term, startedAt, timeZone).toISOString(),
    };
    const owner: Owner = personId
      ? ownerOf(organisationId, personId)
      : { controller: organisationId, subject: chat.id };
    const change = records.change().put(chatRef(owner, chat.id), chat, 'new').point(chatRow(owner, chat));
    // The organisation's end finds a visitor who is registered nowhere.
    if (!personId) change.point(dependantPointers.subject(organisationOwner(organisationId), chat.id));
    const token = messageId === undefined ? newToken() : tokenOf(organisationId, messageId);
    const [row, own] = tokenRows(owner, chat, token);
    change.point(row, { ifNew: () => new Begun('This message has begun a chat') }).point(own);
    change.activity({ event: 'chat.begun', subject: subjectOf(owner), about: [chat.id] });
    try {
      return await change.commit(answer(token, chat));
    } catch (error) {
      if (!(error instanceof Begun)) throw error;
      return answer(token, await begunBefore(token, chat, call));
    }
  },

  async list(organisationId, { limit, after }, call) {
    const { records } = call;
    const { table, pk } = chatKey(organisationId, '');
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const [{ items, next }, blocked] = await Promise.all([records.pointers(table, pk, range), keptFrom(call)]);
    const seen = items.map((row) => refIn(organisationId, row)).filter(({ owner }) => !blocked.has(owner.subject));
    const stored = await records.getMany(seen);
    return {
      chats: stored.flatMap((one) => (one ? [one.value] : [])),
      ...(next !== undefined && { next: ChatId.parse(next) }),
    };
  },

  async ofToken(token, { records }) {
    const [row] = await records.pointersAt([chatTokenKey(hashOf(token))]);
    const { controller, subject, chatId } = row?.attributes ?? {};
    const id = ChatId.safeParse(chatId);
    // Written by tokenRows from an Owner, and by nobody else.
    return id.success ? records.get(chatRef({ controller, subject } as Owner, id.data)) : undefined;
  },

  async find(organisationId, id, call) {
    const [[row], blocked] = await Promise.all([
      call.records.pointersAt([chatKey(organisationId, id)]),
      keptFrom(call),
    ]);
    const ref = row && refIn(organisationId, row);
    return ref && !blocked.has(ref.owner.subject) ? call.records.get(ref) : undefined;
  },

  again: ({ ref }, { records }) => records.get(ref),

  async recordReading({ ref, value }, { records }) {
    await records
      .change()
      .activity({ event: 'chat.seen', subject: subjectOf(ref.owner), about: [value.id] })
      .commit();
  },

  save: (stored, after, event, { records }, answer) => {
    const { owner } = stored.ref;
    return saved(records.change(), stored, after)
      .activity({ event, subject: subjectOf(owner), about: [after.id], detail: { count: after.messages.length } })
      .commit(answer);
  },

  async erase(stored, token, call) {
    const { owner } = stored.ref;
    const change = call.records
      .change()
      .unpoint(chatTokenKey(hashOf(token)))
      .unpoint(ownTokenKey(owner, hashOf(token)));
    endChat(change, stored, 'unsubscribed', call);
    await change.activity({ event: 'chat.erased', subject: subjectOf(owner), about: [stored.value.id] }).commit();
  },

  async makeTicket(stored, { title, requesterId }, call, answer) {
    const { owner } = stored.ref;
    const organisationId = owner.controller as OrganisationId;
    const personId = PersonId.safeParse(owner.subject).data ?? requesterId;
    if (!personId) throw new Problem('wrong-state', 'Say which registered person the visitor is.');
    const [person, blocked] = await Promise.all([
      call.records.get(personRef(organisationId, personId)),
      keptFrom(call),
    ]);
    if (!person || blocked.has(personId)) throw new Problem('person-not-found');
    const requester = ownerOf(organisationId, personId);
    const change = call.records.change();
    const { language } = stored.value;
    const wanted = { id: call.newId('tck'), title, language, channel: 'chat' as const };
    const first = {
      id: call.newId('tme'),
      by: 'requester',
      text: transcript(stored.value, TRANSCRIPT_CHARACTERS_MAX),
    } as const;
    const ticket = await openTicket(change, requester, wanted, first, call);
    const over = stored.value.state === 'ended' ? stored.value : ended(stored.value, call.now);
    return saved(change, stored, { ...over, ticketId: ticket.id })
      .activity({
        event: 'ticket.opened',
        subject: requester,
        about: [ticket.id, stored.value.id],
        detail: { channel: 'chat' },
      })
      .commit(answer(ticket));
  },
};

class Begun extends Error {
  override readonly name = 'Begun';
}

/** The chat that a message has begun, when it comes again. */
async function begunBefore(token: string, { name, place, messages }: Chat, call: Call): Promise<Chat> {
  const before = (await chatStore.ofToken(token, call))?.value;
  if (!before) throw new Problem('chat-not-found');
  const isSame = before.name === name && before.place === place && before.messages[0]?.text === messages[0]?.text;
  if (!isSame) throw anotherMessage();
  return before;
}

const saved = (change: Change, { ref, version }: StoredChat, after: Chat): Change =>
  change.put(ref, after, { version }).point(chatRow(ref.owner, after));

const refIn = (controller: OrganisationId, { sk, attributes = {} }: Pick<Pointer, 'sk' | 'attributes'>) =>
  chatRef({ controller, subject: attributes['subject'] as SubjectId }, ChatId.parse(sk));

const ownTokenKey = ({ controller, subject }: Owner, hash: string): PointerKey => ({
  table: 'transient',
  pk: `${controller}#${subject}`,
  sk: `${CHAT_TOKEN}#${hash}`,
});

/** From the token to the chat, and from its owner to the token, so that an erasure finds it. */
function tokenRows(owner: Owner, { id, dueAt }: Chat, token: string): readonly [Pointer, Pointer] {
  const hash = hashOf(token);
  const expiresAtEpochSeconds = Math.floor(Date.parse(dueAt) / 1000);
  return [
    { ...chatTokenKey(hash), attributes: { ...owner, chatId: id }, expiresAtEpochSeconds },
    { ...ownTokenKey(owner, hash), expiresAtEpochSeconds },
  ];
}
