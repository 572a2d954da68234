import { CorrectionId, type OrganisationId } from '../../http/ids.ts';
import type { SubjectId } from '../../platform/entity.ts';
import type { TicketClock } from '../tickets/clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { correctionKey, correctionRef } from './correction.ts';

/** Erases the corrections of an organisation that were decided and have been kept for their term. Answers how many. */
export async function endCorrections(organisationId: OrganisationId, clock: TicketClock): Promise<number> {
  let erased = 0;
  for await (const { attributes = {}, ...row } of pointersIn(correctionKey(organisationId, ''), clock)) {
    const call = clock.openCall();
    const dueAt = attributes['dueAt'];
    if (typeof dueAt !== 'string' || dueAt > call.now.toISOString()) continue;
    const owner = { controller: organisationId, subject: attributes['subject'] as SubjectId };
    const [stored, keys] = await Promise.all([
      call.records.get(correctionRef(owner, CorrectionId.parse(row.sk))),
      call.records.keyStates(owner),
    ]);
    // A restriction keeps it: whoever asked for it may need it for a claim (Art. 18(2)).
    if (keys.get('ticket') === 'RESTRICTED') continue;
    const change = call.records.change().unpoint(row);
    if (stored) change.remove(stored.ref, { version: stored.version });
    await change.activity({ event: 'correction.ended', subject: owner, about: [row.sk] }).commit();
    erased++;
  }
  return erased;
}
