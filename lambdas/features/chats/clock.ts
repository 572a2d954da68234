import { OrganisationId } from '../../http/ids.ts';
import type { SubjectId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type Pointer, StaleVersion } from '../../platform/records.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { holdsOn } from '../requests/hold.ts';
import type { TicketClock } from '../tickets/clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { chatKey, chatRef } from './chat.ts';
import { endChat, subjectOf } from './ending.ts';

interface ChatsTicked {
  erased: number;
  held: number;
  failed: number;
}

/** Erases every chat whose term is over (AT-04: 90 days after it began). Repeating it changes nothing more. */
export async function tickChats(clock: TicketClock): Promise<ChatsTicked> {
  const ticked: ChatsTicked = { erased: 0, held: 0, failed: 0 };
  for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.safeParse(sk).data;
    if (!organisationId) continue;
    for await (const row of pointersIn(chatKey(organisationId, ''), clock)) {
      // Every row: since the organisation shortened its term, what began later may be due earlier.
      if (String(row.attributes?.['dueAt']) > clock.openCall().now.toISOString()) continue;
      try {
        ticked[await look(organisationId, row, clock)]++;
      } catch (error) {
        // Its visitor was faster, or an erasure was.
        if (error instanceof StaleVersion || error instanceof Closed) continue;
        ticked.failed++;
        clock.log({ event: 'chat-tick-failed', error: errorName(error) });
      }
    }
  }
  return ticked;
}

async function look(organisationId: OrganisationId, row: Pointer, clock: TicketClock): Promise<'erased' | 'held'> {
  const call = clock.openCall();
  const owner = { controller: organisationId, subject: row.attributes?.['subject'] as SubjectId };
  const [stored, keys, holds] = await Promise.all([
    call.records.get(chatRef(owner, row.sk as Parameters<typeof chatRef>[1])),
    call.records.keyStates(owner),
    owner.subject.startsWith('cht_') ? [] : holdsOn(call.records, owner),
  ]);
  const change = call.records.change();
  if (stored && (holds.length > 0 || keys.get('chat') === 'RESTRICTED')) return 'held';
  if (stored) endChat(change, stored, 'retention', call);
  else change.unpoint(row);
  await change.activity({ event: 'chat.ended-by-term', subject: subjectOf(owner), about: [row.sk] }).commit();
  return 'erased';
}
