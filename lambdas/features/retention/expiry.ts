import type { EntityDeclaration } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { pictureRef } from '../pictures/picture.ts';
import { dueAt } from './policy.ts';
import type { Known } from './standings.ts';
import type { Place, Sweep } from './sweeping.ts';

/**
 * How long before its term is over a row is told when it expires: from that instant on no read returns it, whether or
 * not the sweep has been. Long enough that a few runs may fail.
 */
export const TOLD_AHEAD_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

/**
 * Writes into the rows of a person when they expire, or takes it out of them where the person has not left after all
 * (`lastDay` undefined). All else about a person is reached through the person's row, and is gone with it.
 */
export async function tellExpiry(
  { person }: Known,
  lastDay: string | undefined,
  { organisationId, timeZone, policy }: Place,
  sweep: Sweep,
): Promise<void> {
  const call = sweep.openCall();
  const picture = await sweep.openClosed().get(pictureRef(organisationId, person.value.id));
  const change = call.records.change();
  const told = [
    tell(change, person, expiryOf('person')),
    picture !== undefined && tell(change, picture, expiryOf('photo')),
  ];
  if (!told.includes(true)) return;
  await change.activity({ event: 'retention.expiry-told', subject: person.ref.owner }).commit();

  function expiryOf(retentionClass: 'person' | 'photo'): number | undefined {
    if (lastDay === undefined) return undefined;
    const at = dueAt(policy[retentionClass], lastDay, timeZone).getTime();
    return at - TOLD_AHEAD_MILLISECONDS <= call.now.getTime() ? Math.floor(at / 1000) : undefined;
  }
}

/** True when the row has to be written. */
function tell<E extends EntityDeclaration>(
  change: Change,
  { ref, value, version, expiresAtEpochSeconds: told }: Stored<E>,
  expiresAtEpochSeconds: number | undefined,
): boolean {
  if (told === expiresAtEpochSeconds) return false;
  change.put(ref, value, { version }, expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds });
  return true;
}
