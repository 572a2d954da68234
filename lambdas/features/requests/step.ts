import type { Template } from '../notices/notice.ts';
import { nextAt } from './due.ts';
import type { RequestRecord } from './request.ts';

/** What a decision about a request does beside changing its entry in the register. */
export type Effect =
  | 'order-export'
  | 'order-erasure'
  /** Closes what Art. 18 or 21 is about, at the key rows. */
  | 'close'
  /** Opens it again, unless another request keeps it closed. */
  | 'open'
  /** Puts the proposed values in the place of those that were wrong. */
  | 'rectify';

export type Telling =
  | { readonly to: 'requester'; readonly template: Extract<Template, `request-${string}`> }
  /** Administrators and privacy officers. */
  | { readonly to: 'controllers'; readonly template: Extract<Template, `request-${string}`> }
  /** Those with parental responsibility, but for the one who asks. */
  | { readonly to: 'other-guardians'; readonly template: 'request-about-child' }
  /** Everyone who may know the child's data, but for the one who asks (Art. 19). */
  | { readonly to: 'recipients'; readonly template: 'request-rectified' };

/** One step of a request: decided purely, carried out in one transaction. */
export interface Step {
  readonly after: RequestRecord;
  readonly event: `request.${string}`;
  readonly effects: readonly Effect[];
  readonly tell: readonly Telling[];
}

export const step = (
  after: RequestRecord,
  event: Step['event'],
  now: Date,
  more: { readonly effects?: readonly Effect[]; readonly tell?: readonly Telling[] } = {},
): Step => ({
  after: withNextAt(after, now),
  event,
  effects: more.effects ?? [],
  tell: more.tell ?? [],
});

/** The entry with the instant at which the clock looks at it next. */
export function withNextAt({ nextAt: _, ...request }: RequestRecord, now: Date): RequestRecord {
  const next = nextAt(request, now);
  return { ...request, ...(next !== undefined && { nextAt: next }) };
}

export const requester = (template: Extract<Template, `request-${string}`>): Telling => ({ to: 'requester', template });
export const controllers = (template: Extract<Template, `request-${string}`>): Telling => ({
  to: 'controllers',
  template,
});
