import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { MessageId, PersonId, ThreadId } from '../../http/ids.ts';
import { Subject } from './thread.ts';

/** A person’s conversations that are listed: the newest. */
export const LISTED_MAX = 1_000;
/** What a search looks at: the newest conversations, and the newest messages of each. */
export const SEARCHED_THREADS_MAX = 40;
export const SEARCHED_MESSAGES_MAX = 100;
/** Found by one search. */
export const FOUND_MAX = 50;
const SEARCH_CHARACTERS_MAX = 100;

/** Where a page of conversations ended. */
export const ThreadSortKey = z.string().regex(/^\d{4}-[\dTZ:.-]+#thr_[0-9a-z]+$/);

export const InboxView = z
  .strictObject({
    waiting: z.int().min(0).meta({ description: 'Conversations and notices with something you have not read.' }),
    items: z.array(
      z.strictObject({
        threadId: ThreadId.optional(),
        announcementId: MessageId.optional(),
        childId: PersonId.optional(),
        at: z.iso.datetime().meta({ description: 'When the newest of it came.' }),
      }),
    ),
  })
  .meta({ id: 'Inbox' });

export const MessageSearch = z
  .strictObject({ text: oneLine({ max: SEARCH_CHARACTERS_MAX }), childId: PersonId.optional() })
  .meta({ id: 'MessageSearch' });

export const FoundMessage = z
  .strictObject({
    threadId: ThreadId,
    childId: PersonId,
    subject: Subject,
    messageId: MessageId,
    at: z.iso.datetime(),
    text: z.string(),
  })
  .meta({ id: 'FoundMessage' });
export type FoundMessage = z.output<typeof FoundMessage>;
