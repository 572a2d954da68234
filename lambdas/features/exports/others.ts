import type { PersonKind } from '../people/person.ts';

/** Ids that lead to a human being: a person in an organisation, or an account. */
const idOfSomebody = /^(?:per|acc)_[0-9a-z]{26}$/;
export const OTHER_LABEL = 'other-(?:child|guardian|staff|member|person|account)-[1-9][0-9]*';
const label = new RegExp(`^${OTHER_LABEL}$`);

export const isOtherLabel = (value: string): boolean => label.test(value);

/** Every such id in a value, however deep. */
export function idsIn(value: unknown): Set<string> {
  const found = new Set<string>();
  mapStrings(value, (text) => {
    if (idOfSomebody.test(text)) found.add(text);
    return text;
  });
  return found;
}

/**
 * Others appear by role, never by name or id (GDPR Art. 15(4)): each gets a label that stays the same within one
 * export and means nothing outside it. The ids of `selves` stay.
 */
export function otherLabels(
  mentioned: Iterable<string>,
  selves: ReadonlySet<string>,
  kindOf: (id: string) => PersonKind | undefined,
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const id of mentioned) {
    if (selves.has(id) || labels.has(id)) continue;
    const what = id.startsWith('acc_') ? 'account' : (kindOf(id) ?? 'person');
    const number = (counts.get(what) ?? 0) + 1;
    counts.set(what, number);
    labels.set(id, `other-${what}-${number}`);
  }
  return labels;
}

export const withLabels = (value: unknown, labels: ReadonlyMap<string, string>): unknown =>
  mapStrings(value, (text) => labels.get(text) ?? text);

function mapStrings(value: unknown, of: (text: string) => string): unknown {
  if (typeof value === 'string') return of(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, of));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapStrings(member, of)]));
}
