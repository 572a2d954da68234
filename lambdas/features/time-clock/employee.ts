import type { PersonRecord } from '../people/person.ts';

/** Whoever may have hours, papers and sites here: all but guardians, who are here for others. What else is needed is a role. */
export const mayWork = (person: PersonRecord | undefined): boolean =>
  person !== undefined && person.kind !== 'guardian';
