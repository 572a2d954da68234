import type { RetentionClass } from '../../lambdas/platform/entity.ts';
import type { PlacedCanary } from './coinage.ts';
import type { Opened } from './cryptanalysis.ts';
import { type Exhibit, outside, type Sink } from './evidence.ts';
import type { Investigation, Sighting } from './investigation.ts';

/** Whether the adversary sees what there is, and the law what it wants. */
export interface Control {
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

/** Where nothing of anybody's is put, that there is something at all shows that it was looked into. */
export function lookedInto(exhibits: readonly Exhibit[], wanted: readonly Sink[]): Control {
  const empty = wanted.filter((sink) => !exhibits.some((exhibit) => exhibit.sink === sink));
  return { failures: empty.map((sink) => `blind: nothing was in the ${sink}`), passed: wanted.length - empty.length };
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
  /** What stands of them in what the law has the organisation keep: canary and class. */
  readonly stands: readonly string[];
}

/** What may still be there when a verdict is given. */
export interface Meanwhile {
  /** Of where the answer goes nothing is said: it is known until 30 days after it. */
  readonly replyAddress?: true;
  /** Classes of an organisation's own history whose terms are not over; `consent` is the proof that the law was kept. */
  readonly kept: readonly RetentionClass[];
}

/**
 * Nothing of theirs is found, nothing opens but what the law keeps, and in that there is nothing of them. While the reply
 * address is still kept, that alone may be found; and in an organisation's own history what the law wants to stand there,
 * sealed, until its term is over.
 */
export function verdictOn(
  { sightings, attack }: Investigation,
  canaries: readonly PlacedCanary[],
  subjects: readonly string[],
  { replyAddress, kept }: Meanwhile = { kept: ['consent'] },
): Verdict {
  const isReplyAddress = ({ place }: Sighting) => replyAddress !== undefined && / \/ REPLY-ADDRESS$/.test(place);
  const theirs = sightings.flatMap((sighting) => {
    const canary = canaries.find((each) => each === sighting.canary);
    return canary && !isReplyAddress(sighting) ? [{ ...sighting, canary }] : [];
  });
  const stands = ({ canary, retentionClass }: (typeof theirs)[number]) =>
    canary.keptIn?.some((each) => each === retentionClass && kept.includes(each)) === true;
  const isOutside = ({ sink }: Sighting) => outside.includes(sink);
  const found = theirs.filter((sighting) => !isOutside(sighting) && !stands(sighting));
  const opened = attack.opened.filter(({ sealed }) => subjects.some((subject) => sealed.partition.includes(subject)));
  const isKept = ({ sealed }: Opened) => kept.some((each) => each === sealed.retentionClass);
  return {
    failures: distinct([
      ...found.map((sighting) => `found: ${inWords(sighting)}`),
      ...opened
        .filter((one) => !isKept(one))
        .map(({ sealed, by }) => `opened: ${sealed.sink}, ${sealed.place}, by a key in the ${by}`),
    ]),
    outside: distinct(theirs.filter(isOutside).map(({ canary, sink }) => `${canary.name} in ${sink}`)),
    keptByLaw: countBy(opened.filter(isKept), ({ sealed }) => kindOf(sealed.place)),
    stands: distinct(theirs.filter(stands).map(({ canary, retentionClass }) => `${canary.name} (${retentionClass})`)),
  };
}

/** What the law wants is there while it wants it: a term that ends early is broken as well. */
export function keptWhereItMust(
  { stands }: Pick<Verdict, 'stands'>,
  canaries: readonly PlacedCanary[],
  kept: readonly RetentionClass[],
): Control {
  const wanted = canaries.flatMap(({ name, keptIn = [] }) =>
    keptIn.filter((each) => kept.includes(each)).map((each) => `${name} (${each})`),
  );
  const missed = wanted.filter((each) => !stands.includes(each));
  return { failures: missed.map((each) => `gone too early: ${each}`), passed: wanted.length - missed.length };
}

/** Each of these records still opens: it is kept as long as the law wants it. */
export function stillOpen({ attack }: Investigation, subjects: readonly string[]): Control {
  const missed = subjects.filter((subject) => !attack.opened.some(({ sealed }) => sealed.partition.includes(subject)));
  return { failures: missed.map((subject) => `gone too early: ${subject}`), passed: subjects.length - missed.length };
}

const inWords = ({ canary, sink, place, how }: Sighting) => `${canary.name} in the ${sink}, ${place} (${how})`;
const distinct = (lines: readonly string[]) => [...new Set(lines)].sort();
const kindOf = (place: string) => place.split(' / ').at(-1)!.split('#')[0]!;

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, key)].map(([name, of]) => [name, of.length]));
}
