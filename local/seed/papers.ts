import {
  type DocumentRecord,
  documentPointers,
  documentRef,
  ownerOfDocument,
  placeOfDocument,
} from '../../lambdas/features/documents/document.ts';
import { filePointers, objectKey } from '../../lambdas/features/files/file.ts';
import { inboxPointers } from '../../lambdas/features/messages/inbox.ts';
import {
  messageRef,
  type Participant,
  type Thread,
  type ThreadMessage,
  threadRef,
} from '../../lambdas/features/messages/thread.ts';
import { organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../../lambdas/features/people/person.ts';
import { sharedPointers } from '../../lambdas/platform/entity.ts';
import type { FileVault } from '../../lambdas/platform/file-vault.ts';
import type { Chance } from './chance.ts';
import type { Town } from './town.ts';
import type { Piece, Work } from './writer.ts';
import type { Setting } from './year.ts';

const MESSAGES_PER_THREAD = 6;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const DOCUMENTS_PER_GROUP = 3;

const lines = [
  'Hei! Vi trenger mer skiftetøy i hylla.',
  'Takk, det kommer i morgen.',
  'I dag var det mye lek i regnet, så støvlene tørker i garderoben.',
  'Supert! Hvem kan vi møte til en prat i neste uke?',
  'Onsdag klokka 15 passer fint for oss.',
  'Da ses vi da. Ha en fin helg!',
];

/** A conversation about every second child, between its guardians and one of the staff. */
export function threadWork({ organisationId, today }: Setting, { families, staff }: Town, chance: Chance): Work[] {
  return families.flatMap(({ children, guardians }, i) => {
    const child = children[0]!;
    if (i % 2 !== 0) return [];
    const member = staff.find((one) => one.placements[0]?.groupId === child.placements[0]?.groupId)!;
    return [aThread(organisationId, today, child, guardians, member, chance)];
  });
}

function aThread(
  organisationId: Setting['organisationId'],
  today: string,
  child: PersonRecord,
  guardians: readonly PersonRecord[],
  member: PersonRecord,
  chance: Chance,
): Work {
  const begun = Date.parse(`${today}T08:00:00Z`) - chance.whole(20, 300) * DAY_MILLISECONDS;
  const threadId = chance.id('thr', begun);
  const at = (number: number) => new Date(begun + number * DAY_MILLISECONDS).toISOString();
  const everybody = [...guardians, member];
  const roleOf = (person: PersonRecord) => (person === member ? ('staff' as const) : ('guardian' as const));
  const hasUnread = chance.percent(25);
  const last = MESSAGES_PER_THREAD;
  const lastBy = last % 2 === 1 ? member : guardians[0]!;
  const messages = Array.from({ length: last }, (_, i): ThreadMessage => {
    const by = i % 2 === 0 ? member : guardians[0]!;
    return {
      id: chance.id('msg', begun + (i + 1) * DAY_MILLISECONDS),
      number: i + 1,
      by: by.id,
      role: roleOf(by),
      at: at(i + 1),
      audience: everybody.filter((one) => one !== by).map((one) => ({ personId: one.id, role: roleOf(one) })),
      text: lines[i % lines.length]!,
      files: [],
    };
  });
  const waits = (person: PersonRecord) => hasUnread && person !== lastBy;
  const participants = everybody.map(
    (person): Participant => ({
      personId: person.id,
      role: roleOf(person),
      since: at(0),
      newestFor: last,
      lastAt: at(last),
      readTo: waits(person) ? last - 1 : last,
      muted: false,
      archived: false,
    }),
  );
  const thread: Thread = {
    id: threadId,
    childId: child.id,
    subject: `Om ${child.firstName}`,
    isSensitive: false,
    messages: last,
    startedAt: at(0),
    participants,
  };
  const sharing = {
    holders: everybody.map(({ id }) => ownerOf(organisationId, id)),
    opensWhile: 'any',
    about: [ownerOf(organisationId, child.id)],
  } as const;
  const pieces: Piece[] = [
    {
      rows: 2 + everybody.length * 2,
      write(change) {
        change
          .requireUnerased(ownerOf(organisationId, child.id))
          .putShared(threadRef(organisationId, threadId), thread, sharing, 'new')
          .point(sharedPointers.about(ownerOf(organisationId, child.id), threadId));
        for (const person of everybody) {
          const attributes = { at: at(last), childId: child.id };
          change.point({ ...sharedPointers.held(ownerOf(organisationId, person.id), threadId), attributes });
          if (waits(person)) {
            change.point({ ...inboxPointers.waiting(organisationId, person.id, threadId), attributes });
          }
        }
      },
    },
    ...messages.map(
      (message): Piece => ({
        rows: 1,
        write: (change) =>
          void change.putShared(messageRef(organisationId, threadId, message.id), message, sharing, 'new'),
      }),
    ),
  ];
  return { subject: ownerOf(organisationId, child.id), event: 'thread.begun', pieces };
}

/** A few plans for each group, each with a small file that is really there, sealed. */
export async function documentWork(
  { organisationId, today }: Setting,
  { groups }: Town,
  vault: FileVault,
  chance: Chance,
): Promise<Work> {
  const at = new Date(Date.parse(`${today}T06:00:00Z`)).toISOString();
  const pieces: Piece[] = [];
  for (const { id: groupId, name } of groups) {
    for (let number = 1; number <= DOCUMENTS_PER_GROUP; number++) {
      const [documentId, fileId] = [chance.id('doc', Date.parse(at)), chance.id('fil', Date.parse(at))];
      const title = `Månedsplan ${number} for ${name}`;
      const content = Buffer.from(`${title}\n\nMandag: tur. Onsdag: maling. Fredag: fellessamling.\n`);
      const key = vault.newKey();
      await vault.keep(objectKey(organisationId, fileId), key, content);
      const scope = { kind: 'group', id: groupId } as const;
      const owner = ownerOfDocument(organisationId, scope);
      const file = {
        id: fileId,
        name: 'manedsplan.txt',
        contentType: 'text/plain',
        bytes: content.byteLength,
        key,
      } as const;
      const document: DocumentRecord = {
        id: documentId,
        scope,
        kind: 'plan',
        title,
        visibleTo: 'guardians',
        receipt: 'none',
        state: 'published',
        editions: [{ number: 1, file, addedAt: at, publishedAt: at }],
      };
      const { kind, ids } = placeOfDocument(owner, documentId);
      pieces.push({
        rows: 4,
        write: (change) =>
          void change
            .put(documentRef(owner, documentId), document, 'new')
            .point({
              ...documentPointers.home(organisationId, documentId),
              attributes: { subject: owner.subject, kind: scope.kind },
            })
            .point(filePointers.held(owner, fileId))
            .point({
              ...filePointers.home(organisationId, fileId),
              attributes: { ...ids, kind, subject: owner.subject },
            }),
      });
    }
  }
  return { subject: organisationOwner(organisationId), event: 'document.created', pieces };
}
