import type { Call } from '../../http/call.ts';
import { CorrectionId, type OrganisationId } from '../../http/ids.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type PointerKey, StaleVersion } from '../../platform/records.ts';
import type { TicketClock } from '../tickets/clock.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { correctionKey, correctionRef } from './correction.ts';

/**
 * Erases the corrections of an organisation that were decided and have been kept for their term. Answers how many. One
 * that fails stops no other, and none of another organisation's.
 */
export async function endCorrections(organisationId: OrganisationId, clock: TicketClock): Promise<number> {
  let erased = 0;
  for await (const { attributes = {}, ...row } of pointersIn(correctionKey(organisationId, ''), clock)) {
    const dueAt = attributes['dueAt'];
    if (typeof dueAt !== 'string' || dueAt > clock.openCall().now.toISOString()) continue;
    try {
      const owner = { controller: organisationId, subject: attributes['subject'] as SubjectId };
      if (await isEnded(owner, row, clock.openCall())) erased++;
    } catch (error) {
      // Somebody else was faster, or an erasure was.
      if (error instanceof StaleVersion || error instanceof Closed) continue;
      clock.log({ event: 'correction-tick-failed', error: errorName(error) });
    }
  }
  return erased;
}

async function isEnded(owner: Owner, row: PointerKey, { records }: Call): Promise<boolean> {
  const [stored, keys] = await Promise.all([
    records.get(correctionRef(owner, CorrectionId.parse(row.sk))),
    records.keyStates(owner),
  ]);
  // A restriction keeps it: whoever asked for it may need it for a claim (Art. 18(2)).
  if (keys.get('ticket') === 'RESTRICTED') return false;
  const change = records.change().unpoint(row);
  if (stored) change.remove(stored.ref, { version: stored.version });
  await change.activity({ event: 'correction.ended', subject: owner, about: [row.sk] }).commit();
  return true;
}
