import { draftEntity } from '../messages/draft.ts';
import { outOfOfficeEntity } from '../messages/out-of-office.ts';
import { type MessageCopy, messageThreadEntity, type ThreadCopy, threadMessageEntity } from '../messages/thread.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { fileFields, from, until } from './shared-words.ts';

const id = { nb: 'Id', en: 'Id' } as const;
const subject = { nb: 'Emne', en: 'Subject', freeText: true } as const;
const text = { nb: 'Tekst', en: 'Text', freeText: true } as const;
const about = { nb: 'Om (id)', en: 'About (id)' } as const;

/** The words of what people write to each other. */
export const messageWords: readonly EntityWords[] = [
  wordsOfView<typeof ThreadCopy>()(
    messageThreadEntity,
    { nb: 'Samtaler', en: 'Conversations' },
    {
      id,
      childId: about,
      subject,
      isSensitive: { nb: 'Følsom', en: 'Sensitive' },
      startedAt: { nb: 'Begynt', en: 'Begun' },
    },
  ),
  wordsOfView<typeof MessageCopy>()(
    threadMessageEntity,
    { nb: 'Meldinger i samtaler', en: 'Messages in conversations' },
    {
      id,
      by: { nb: 'Skrevet av', en: 'Written by' },
      at: { nb: 'Når', en: 'When' },
      text,
      files: { nb: 'Vedlegg', en: 'Attachments', fields: fileFields },
      editedAt: { nb: 'Endret', en: 'Changed' },
      deletedAt: { nb: 'Trukket tilbake', en: 'Taken back' },
    },
  ),
  words(
    draftEntity,
    { nb: 'Utkast til meldinger', en: 'Drafts of messages' },
    {
      id,
      childId: about,
      threadId: { nb: 'Samtale (id)', en: 'Conversation (id)' },
      subject,
      text,
      savedAt: { nb: 'Lagret', en: 'Saved' },
    },
  ),
  words(outOfOfficeEntity, { nb: 'Fravær fra jobb', en: 'Out of office' }, { from, until, text }),
];
