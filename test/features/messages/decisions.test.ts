import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  audienceOfReply,
  messageToAnswer,
  newParticipant,
  withMessage,
  withNewParticipant,
  withoutParticipant,
  withReadMark,
} from '../../../lambdas/features/messages/decisions.ts';
import {
  mayRead,
  participantIn,
  type Thread,
  type ThreadMessage,
  waitsFor,
} from '../../../lambdas/features/messages/thread.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { anId } from '../../support/store.ts';

const at = '2026-11-23T07:00:00.000Z';
const people = Array.from({ length: 6 }, () => anId('per'));
const roleOf = (personId: PersonId) => (people.indexOf(personId) < 3 ? ('staff' as const) : ('guardian' as const));
const participant = (personId: PersonId) => newParticipant({ personId, role: roleOf(personId), at });

const aThread = (ids: readonly PersonId[]): Thread => ({
  id: anId('thr'),
  childId: anId('per'),
  subject: 'Tur',
  isSensitive: false,
  messages: 1,
  startedAt: at,
  participants: ids.map(participant),
});
const aMessage = (by: PersonId, readers: readonly PersonId[], number = 1): ThreadMessage => ({
  id: anId('msg'),
  number,
  by,
  role: roleOf(by),
  at,
  audience: readers.map((personId) => ({ personId, role: roleOf(personId) })),
  text: 'x',
  files: [],
});

const person = fc.constantFrom(...people);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reply' as const), by: person, toAll: fc.boolean() }) },
  fc.record({ do: fc.constant('add' as const), by: person, whom: person }),
  fc.record({ do: fc.constant('remove' as const), by: person, whom: person }),
  fc.record({ do: fc.constant('block' as const), whom: person }),
);

describe('whatever people do in a conversation', () => {
  it('no answer goes further than the conversation, nobody gets one who is kept away, and what was written stays with whom it was for', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let thread = aThread([people[0]!, people[1]!, people[3]!]);
        const messages = [aMessage(people[0]!, [people[1]!, people[3]!])];
        const kept = new Set<PersonId>();
        for (const taken of steps) {
          if (taken.do === 'block') {
            kept.add(taken.whom);
            continue;
          }
          const me = participantIn(thread, taken.by);
          if (!me || kept.has(taken.by)) continue;
          if (taken.do === 'add') {
            if (participantIn(thread, taken.whom)) continue;
            const before = messages.filter((message) => mayRead(message, taken.whom));
            thread = withNewParticipant(thread, { personId: taken.whom, role: roleOf(taken.whom), at }, () => true);
            expect(messages.filter((message) => mayRead(message, taken.whom))).toEqual(before);
            continue;
          }
          if (taken.do === 'remove') {
            thread = leaving(thread, taken.whom, me) ?? thread;
            continue;
          }
          const replied = messageToAnswer(messages, taken.by);
          const isReachable = (id: PersonId) => !kept.has(id);
          const audience = audienceOfReply({ thread, by: taken.by, replied, toAll: taken.toAll, isReachable });
          for (const { personId } of audience) {
            expect(participantIn(thread, personId)).toBeDefined();
            expect(kept.has(personId)).toBe(false);
            expect(personId).not.toBe(taken.by);
            if (taken.toAll || !replied) continue;
            expect(replied.by === taken.by ? mayRead(replied, personId) : personId === replied.by).toBe(true);
          }
          if (replied) expect(mayRead(replied, taken.by)).toBe(true);
          const number = thread.messages + 1;
          const message = aMessage(
            taken.by,
            audience.map(({ personId }) => personId),
            number,
          );
          messages.push(message);
          thread = withMessage(thread, message);
          for (const one of thread.participants) {
            if (mayRead(message, one.personId) && one.personId !== taken.by) expect(waitsFor(one)).toBe(true);
          }
        }
      }),
    );
  });

  it('a read mark only moves on', () => {
    const [reader] = people;
    const read = withReadMark(aThread([reader!]), reader!, 5, at)!;
    expect(participantIn(read, reader!)).toMatchObject({ readTo: 5, readAt: at });
    expect(withReadMark(read, reader!, 3, at)).toBeUndefined();
    expect(withReadMark(read, people[1]!, 9, at)).toBeUndefined();
  });
});

/** Undefined where it is refused. */
function leaving(
  thread: Thread,
  whom: PersonId,
  by: NonNullable<ReturnType<typeof participantIn>>,
): Thread | undefined {
  try {
    return withoutParticipant(thread, whom, by);
  } catch (error) {
    expect(error).toMatchObject({ name: 'Problem' });
    return undefined;
  }
}
