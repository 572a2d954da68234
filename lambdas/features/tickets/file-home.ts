import { type OrganisationId, TicketEntryId, TicketId } from '../../http/ids.ts';
import type { FileHome } from '../files/home.ts';
import { keptFrom } from '../people/blocks.ts';
import { entryRef } from './ticket.ts';

/** The files of tickets: for whoever asked, and for those who work on tickets of the whole organisation. */
export const ticketFileHome: FileHome = {
  kind: 'ticket',
  async find({ owner, ids }, fileId, { records, role }) {
    const ticketId = TicketId.safeParse(ids['ticketId']);
    const entryId = TicketEntryId.safeParse(ids['entryId']);
    if (!role || !ticketId.success || !entryId.success) return undefined;
    const isRequester = role.personId === owner.subject;
    const isAtWork = ['administrator', 'leader', 'staff'].includes(role.role) && role.scope.kind === 'organisation';
    if (!isRequester && !isAtWork) return undefined;
    if (!isRequester && (await keptFrom({ records, role })).has(owner.subject)) return undefined;
    const entry = await records.get(entryRef(owner, ticketId.data, entryId.data));
    const file = entry?.value.kind === 'message' && entry.value.files.find(({ id }) => id === fileId);
    if (!file) return undefined;
    const { controller } = owner;
    const isOutsiders = owner.subject.startsWith('req_');
    const subject = isOutsiders ? { controller, subject: controller as OrganisationId } : owner;
    return { file, subject, mayInline: true, openedAs: 'ticket.file-opened' };
  },
};
