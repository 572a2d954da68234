import type { Action } from '../../access/rules.ts';

interface ToldNoun {
  /** What whoever is told may read as well: an id says that something is there. */
  readonly mayRead: Action;
  /** The noun's only events that are told, where the rest changes nothing that could be read. */
  readonly only?: readonly string[];
}

/**
 * The changes that programs are told of, by the noun of the event. What is not here is told to none: reads, notices,
 * rights and, whatever is added, all that nobody has decided about.
 */
const toldNouns: Readonly<Record<string, ToldNoun>> = {
  organisation: { mayRead: 'organisation:read', only: ['organisation.changed'] },
  department: { mayRead: 'structure:read' },
  group: { mayRead: 'structure:read' },
  closure: { mayRead: 'closure:read' },
  person: { mayRead: 'person:list', only: ['person.created', 'person.changed'] },
  // Whoever has copied something has to remove it as well (Art. 19).
  erasure: { mayRead: 'person:list', only: ['erasure.fenced'] },
  attendance: { mayRead: 'attendance:read' },
  absence: { mayRead: 'attendance:read' },
  absences: { mayRead: 'attendance:read' },
  customer: { mayRead: 'customer:read', only: ['customer.created', 'customer.changed'] },
  timesheet: { mayRead: 'payroll:export', only: ['timesheet.approved', 'timesheet.reopened'] },
  ticket: {
    mayRead: 'ticket:read',
    only: ['ticket.opened', 'ticket.answered', 'ticket.noted', 'ticket.time-entered', 'ticket.changed', 'ticket.ended'],
  },
  alarm: { mayRead: 'alarm:list', only: ['alarm.raised', 'alarm.acknowledged', 'alarm.reset', 'alarm.resolved'] },
  invoice: { mayRead: 'billing:read', only: ['invoice.issued', 'invoice.credit-note-issued', 'invoice.paid'] },
};

function nounIn(event: string): ToldNoun | undefined {
  const noun = event.slice(0, event.indexOf('.'));
  return Object.hasOwn(toldNouns, noun) ? toldNouns[noun] : undefined;
}

/** The action that reading it takes; undefined for what is told to nobody. Pure. */
export function mayReadOf(event: string): Action | undefined {
  const noun = nounIn(event);
  if (!noun || (noun.only && !noun.only.includes(event)) || event.endsWith('.seen')) return undefined;
  return noun.mayRead;
}

/** `noun.happened`, or `noun.*` for all of a noun that is told. Pure. */
export const isTold = (event: string): boolean =>
  event.endsWith('.*') ? nounIn(event) !== undefined : mayReadOf(event) !== undefined;

export const nounsTold: readonly string[] = Object.keys(toldNouns);

/** Programs are told of nothing that none of them could read: a test looks. */
export const actionsOfNouns: readonly Action[] = Object.values(toldNouns).map(({ mayRead }) => mayRead);
