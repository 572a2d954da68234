import * as z from 'zod';
import { freeText, inBothLanguages, oneLine } from '../../http/free-text.ts';
import { OpenEventId, type OrganisationId, SignUpId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { contact, PEOPLE_MAX, type SubmissionOf } from '../forms/form.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { dueAt } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';

/** Of one organisation, those that are over for long among them. */
export const OPEN_EVENTS_MAX = 100;
export const PLACES_MAX = 2_000;

const Instant = z.iso.datetime();

export const NewOpenEvent = z
  .strictObject({
    title: inBothLanguages(oneLine({ max: 120 })),
    description: inBothLanguages(freeText({ max: 2000 })),
    place: oneLine({ max: 200 }).optional(),
    from: Instant,
    until: Instant,
    signUpUntil: Instant.meta({ description: 'From then on nobody can sign up.' }),
    places: z.int().min(1).max(PLACES_MAX).optional().meta({ description: 'Absent: as many as come.' }),
    asks: z
      .strictObject({ phone: z.boolean(), address: z.boolean() })
      .meta({ description: 'What the form asks for beside name and e-mail: only what is needed (KP-03).' }),
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'It ends after it begins.' })
  .refine(({ signUpUntil, until }) => signUpUntil <= until, {
    path: ['signUpUntil'],
    message: 'Nobody signs up for what is over.',
  })
  .meta({ id: 'NewOpenEvent' });
export type NewOpenEvent = z.output<typeof NewOpenEvent>;

/** Something that anybody may come to. Nothing in it is about a person. */
export const OpenEvent = z.strictObject({
  ...NewOpenEvent.shape,
  id: OpenEventId,
  state: z.enum(['open', 'cancelled']),
  /** People who have a place, and who wait for one: not sign-ups, each of which may be for several. */
  taken: z.int().min(0),
  waiting: z.int().min(0),
  /** What those who have signed up have still to be told: the clock does, page by page. */
  tell: z.strictObject({ what: z.enum(['changed', 'cancelled']), at: Instant, after: SignUpId.optional() }).optional(),
});
export type OpenEvent = z.output<typeof OpenEvent>;

export const openEventEntity = entity({
  ...ofTheOrganisation,
  name: 'open-event',
  sortKey: 'OPEN-EVENT',
  schema: OpenEvent,
  purpose: "to run the organisation's service",
});
export const openEventRef = (organisationId: OrganisationId, id: OpenEventId) =>
  ({ entity: openEventEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** Somebody comes to an open event, or waits for a place; alone or with others, who are counted and not named. */
export const SignUp = z.strictObject({
  id: SignUpId,
  openEventId: OpenEventId,
  ...contact,
  language: z.enum(['nb', 'en']),
  people: z.int().min(1).max(PEOPLE_MAX),
  state: z.enum(['place', 'waiting']),
  at: Instant,
  /** Then it is erased, if the event was then over for as long. */
  dueAt: Instant,
});
export type SignUp = z.output<typeof SignUp>;

export const signUpEntity = entity({
  name: 'sign-up',
  table: 'core',
  sortKey: 'SIGN-UP',
  schema: SignUp,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who comes to an open event',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: 'copy',
  onErasure: 'delete',
});
export const signUpRef = (owner: Owner) => ({ entity: signUpEntity, owner }) as const;

/** `<org>#SIGN-UPS` / `<opn>#<sgn>`, in the order in which they were asked for. Attributes: `state`, `people`. */
export const signUpKey = (organisationId: OrganisationId, eventId: OpenEventId, id: SignUpId | '') =>
  ({ table: 'core', pk: `${organisationId}#SIGN-UPS`, sk: `${eventId}#${id}` }) as const satisfies PointerKey;
export const signUpRow = (organisationId: OrganisationId, { openEventId, id, state, people }: SignUp): Pointer => ({
  ...signUpKey(organisationId, openEventId, id),
  attributes: { state, people },
});

/**
 * The event as staff want it now. Whoever has signed up is told of a cancellation, a new time or a new place. Throws
 * `wrong-state` for one that is cancelled: its people have been told. Pure.
 */
export function changed(
  event: OpenEvent,
  { state, ...wanted }: NewOpenEvent & Pick<OpenEvent, 'state'>,
  now: Date,
): OpenEvent {
  if (event.state === 'cancelled') throw new Problem('wrong-state', 'This event is cancelled.');
  const { id, taken, waiting, tell } = event;
  const isMoved = wanted.from !== event.from || wanted.until !== event.until || wanted.place !== event.place;
  const what: NonNullable<OpenEvent['tell']>['what'] | undefined =
    state === 'cancelled' ? 'cancelled' : isMoved ? 'changed' : undefined;
  const told: OpenEvent['tell'] = what ? { what, at: now.toISOString() } : tell;
  return { ...wanted, id, state, taken, waiting, ...(told && { tell: told }) };
}

/** Whether anybody can still sign up. Pure. */
export const isOpenForSignUp = ({ state, signUpUntil }: OpenEvent, now: Date): boolean =>
  state === 'open' && now.toISOString() < signUpUntil;

/** Whether so many people have a place: who waits is not overtaken. Pure. */
export const hasPlaceFor = ({ places, taken, waiting }: OpenEvent, people: number): boolean =>
  places === undefined || (waiting === 0 && taken + people <= places);

/** The sign-up and the event with it. Pure. */
export function signedUp(
  event: OpenEvent,
  submission: SubmissionOf<'sign-up'>,
  timeZone: string,
  now: Date,
): { readonly event: OpenEvent; readonly signUp: SignUp } {
  const { id, openEventId, name, phone, address, language, people } = submission;
  const state = hasPlaceFor(event, people) ? 'place' : 'waiting';
  return {
    event: counted(event, state, people),
    signUp: {
      id,
      openEventId,
      name,
      ...(phone !== undefined && { phone }),
      ...(address !== undefined && { address }),
      language,
      people,
      state,
      at: now.toISOString(),
      dueAt: keptUntil(event, timeZone),
    },
  };
}

/** The event with so many more (or, below nought, fewer) in that state. Pure. */
export const counted = (event: OpenEvent, state: SignUp['state'], people: number): OpenEvent => ({
  ...event,
  taken: event.taken + (state === 'place' ? people : 0),
  waiting: event.waiting + (state === 'waiting' ? people : 0),
});

/** 30 days after the event: then nobody has to know who came. */
export const keptUntil = ({ until }: Pick<OpenEvent, 'until'>, timeZone: string): string =>
  dueAt(terms['sign-up'], until, timeZone).toISOString();

/** Those of the waiting who get a place now, in their order; whoever needs more places than there are waits on, and all behind them. Pure. */
export function movingUp<W extends { readonly people: number }>(event: OpenEvent, waiting: readonly W[]): readonly W[] {
  if (event.state !== 'open') return [];
  let free = event.places === undefined ? Number.POSITIVE_INFINITY : event.places - event.taken;
  const moved: W[] = [];
  for (const one of waiting) {
    if (one.people > free) break;
    free -= one.people;
    moved.push(one);
  }
  return moved;
}
