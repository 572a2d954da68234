import type { Opened } from './cryptanalysis.ts';
import { outside } from './evidence.ts';
import type { PlacedCanary } from './family.ts';
import type { Investigation, Sighting } from './investigation.ts';

interface Control {
  readonly failures: readonly string[];
  readonly passed: number;
}

/** Everything must be found where it was put: an adversary who is blind proves nothing. */
export function foundWherePut({ sightings }: Investigation, canaries: readonly PlacedCanary[]): Control {
  const seen = new Set(sightings.map(({ canary, sink }) => `${canary.name}|${sink}`));
  const cells = canaries.flatMap(({ name, sinks }) => sinks.map((sink) => ({ name, sink })));
  const missed = cells.filter(({ name, sink }) => !seen.has(`${name}|${sink}`));
  return {
    failures: missed.map(({ name, sink }) => `blind: ${name} was put into the ${sink} and not found there`),
    passed: cells.length - missed.length,
  };
}

/** With the keys in hand everything that was sealed comes open: it was the keys that went, not the adversary's skill. */
export function openedAgain({ sightings }: Investigation, canaries: readonly PlacedCanary[]): Control {
  const opened = new Set(sightings.filter(({ how }) => how.startsWith('opened')).map(({ canary }) => canary.name));
  const sealed = canaries.filter(({ sinks }) => sinks.some((sink) => sink.endsWith(' table')));
  const missed = sealed.filter(({ name }) => !opened.has(name));
  return {
    failures: missed.map(({ name }) => `blind: ${name} did not come open although the keys were there`),
    passed: sealed.length - missed.length,
  };
}

export interface Verdict {
  readonly failures: readonly string[];
  /** Where copies are out of the service's hands. */
  readonly outside: readonly string[];
  /** What of theirs the law has kept, opened and looked through, by kind of record. */
  readonly keptByLaw: ReadonlyMap<string, number>;
}

/**
 * Nothing of theirs is found, nothing opens but what the law keeps, and in that there is nothing of them. While the reply
 * address is still kept, that alone may be found.
 */
export function verdictOn(
  { sightings, attack }: Investigation,
  canaries: readonly PlacedCanary[],
  subjects: readonly string[],
  meanwhile?: 'the reply address is still kept',
): Verdict {
  const isReplyAddress = ({ place }: Sighting) => meanwhile !== undefined && / \/ REPLY-ADDRESS$/.test(place);
  const theirs = sightings.filter(
    (sighting) => canaries.some((canary) => canary === sighting.canary) && !isReplyAddress(sighting),
  );
  const isOutside = ({ sink }: Sighting) => outside.includes(sink);
  const opened = attack.opened.filter(({ sealed }) => subjects.some((subject) => sealed.partition.includes(subject)));
  const isKept = ({ sealed }: Opened) => sealed.retentionClass === 'consent';
  return {
    failures: distinct([
      ...theirs.filter((sighting) => !isOutside(sighting)).map((sighting) => `found: ${inWords(sighting)}`),
      ...opened.filter((one) => !isKept(one)).map(({ sealed }) => `opened: ${sealed.sink}, ${sealed.place}`),
    ]),
    outside: distinct(theirs.filter(isOutside).map(({ canary, sink }) => `${canary.name} in ${sink}`)),
    keptByLaw: countBy(opened.filter(isKept), ({ sealed }) => kindOf(sealed.place)),
  };
}

const inWords = ({ canary, sink, place, how }: Sighting) => `${canary.name} in the ${sink}, ${place} (${how})`;
const distinct = (lines: readonly string[]) => [...new Set(lines)].sort();
const kindOf = (place: string) => place.split(' / ').at(-1)!.split('#')[0]!;

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, key)].map(([name, of]) => [name, of.length]));
}
