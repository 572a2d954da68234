import type { Profile } from '../../access/roles.ts';
import {
  classesOf,
  type EntityDeclaration,
  keptThroughErasure,
  ownHistory,
  type RetentionClass,
  type SubjectId,
} from '../../platform/entity.ts';
import { categories, isUnder } from '../agreements/categories.ts';
import type { Bilingual } from '../agreements/document.ts';
import { termWords } from '../agreements/words.ts';

/**
 * `delete`: the row goes and its key with it. `shred`: only its key goes, where rows lie that nobody may change (locked
 * backups). `anonymise`: counts remain. `keep`: by the law named, until then.
 */
export type Fate = 'delete' | 'shred' | 'anonymise' | 'keep';

export interface PlanLine {
  readonly category: Bilingual;
  readonly entities: readonly string[];
  readonly fate: Fate;
  readonly until?: Bilingual;
  readonly law?: string;
}

export interface PlanFacts {
  readonly profile: Profile;
  readonly kind: 'person' | 'account';
  /** Legal holds in force, each by the law or order that it rests on: nothing is erased while there is one. */
  readonly holds: readonly string[];
}

/**
 * What an erasure will do, per category of data and derived from what every entity declares: shown before it runs
 * (Art. 17). Lines of one category differ where its entities do. Pure.
 */
export function erasurePlan({ profile, kind, holds }: PlanFacts): PlanLine[] {
  const classes = [...classesOf(anyoneOf[kind]), ...(kind === 'person' ? ownHistory : [])];
  return categories.filter(isUnder(profile)).flatMap(({ what, entities }) => {
    const concerned = entities.filter((entity) => isAbout(kind, entity, classes));
    const byFate = Map.groupBy(concerned, (entity) => JSON.stringify(fateOf(entity, holds)));
    return [...byFate.values()].map((alike) => ({
      category: what,
      entities: alike.map(({ name }) => name),
      ...fateOf(alike[0]!, holds),
    }));
  });
}

/** The classes depend on the kind of subject alone. */
const anyoneOf = { person: 'per_' as SubjectId, account: 'acc_' as SubjectId };

/** A class that both kinds have (notices, evidence) holds either's data: an account's is the operator's own (KP-01). */
function isAbout(kind: PlanFacts['kind'], entity: EntityDeclaration, classes: readonly RetentionClass[]): boolean {
  if (!classes.includes(entity.retentionClass)) return false;
  const isShared = classesOf(anyoneOf[kind === 'person' ? 'account' : 'person']).includes(entity.retentionClass);
  return !isShared || kind === 'account' || entity.ourRole === 'processor';
}

function fateOf(entity: EntityDeclaration, holds: readonly string[]): Omit<PlanLine, 'category' | 'entities'> {
  const { onErasure, retentionClass } = entity;
  if (holds.length > 0) return { fate: 'keep', until: whileHeld, law: holds.join(', ') };
  if (typeof onErasure === 'object') return { fate: 'keep', until: termWords(retentionClass), law: onErasure.law };
  // Evidence is kept by the class that it lies in, whatever its entity says.
  if (keptThroughErasure.includes(retentionClass)) {
    return { fate: 'keep', until: termWords(retentionClass), law: 'GDPR Art. 17(3)(b), (e)' };
  }
  return { fate: onErasure };
}

const whileHeld: Bilingual = {
  nb: 'til plikten til å bevare det er over',
  en: 'until the duty to preserve it is over',
};
