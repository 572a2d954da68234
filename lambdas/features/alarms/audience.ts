import type { PersonId } from '../../http/ids.ts';
import { type Channel, channels } from '../notices/notice.ts';
import { isWithin } from '../receivers/weekly-hours.ts';
import type { Addressee } from './alarm.ts';
import type { ChainInForce, Step } from './configuration.ts';
import type { Audience } from './decisions.ts';

/** All that decides whom an alarm is for, as it stands at this moment. */
export interface Reach {
  readonly timeZone: string;
  /** The recipient's receivers who are on now and may know of alarms, in their order; each by the ways of their choice. */
  readonly receivers: readonly Addressee[];
  /** Heads of the recipient's departments, or of the whole organisation where it has none. */
  readonly leaders: readonly PersonId[];
  readonly administrators: readonly PersonId[];
  /** Of all of these, and of whoever the chain names: to whom a notice can be written, and whom no block keeps away. */
  readonly there: ReadonlySet<PersonId>;
}

/** Whoever a chain names. */
export const namedIn = ({ steps }: ChainInForce): PersonId[] =>
  steps.flatMap(({ to }) => (to.kind === 'persons' ? to.personIds : []));

/** Whom each step of a chain is for right now, and everybody together. Pure. */
export function audienceOf(chain: ChainInForce, reach: Reach, now: Date): Audience {
  const { administrators, timeZone, there } = reach;
  const isThere = (personId: PersonId) => there.has(personId);
  const receivers = reach.receivers.filter(({ personId }) => isThere(personId));
  const leaders = reach.leaders.filter(isThere);
  // Where nobody heads anything, whoever administers the organisation has to see to it.
  const heads = leaders.length > 0 ? leaders : administrators.filter(isThere);
  const by = (ways: readonly Channel[]) => (personId: PersonId) => ({ personId, channels: [...ways] });
  return {
    ofStep({ to, channels: ways, hours }: Step) {
      if (!isWithin(hours, now, timeZone)) return [];
      switch (to.kind) {
        case 'receiver':
          return receivers.slice(to.place - 1, to.place).map((one) => byTheirs(one, ways));
        case 'all-receivers':
          return receivers.map((one) => byTheirs(one, ways));
        case 'persons':
          return to.personIds.filter(isThere).map(by(ways));
        case 'leaders':
          return heads.map(by(ways));
      }
    },
    everybody: [...receivers, ...[...namedIn(chain).filter(isThere), ...heads].map(by(channels))],
  };
}

/** The step's ways, as far as the receiver takes them; a receiver who takes none of them is reached by their own. */
function byTheirs({ personId, channels: theirs }: Addressee, by: readonly Channel[]): Addressee {
  const both = by.filter((channel) => theirs.includes(channel));
  return { personId, channels: both.length > 0 ? both : theirs };
}
