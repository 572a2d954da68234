import type * as z from 'zod';
import type { Action } from '../access/rules.ts';
import type { Capability } from '../platform/capabilities.ts';
import type { ProblemSlug } from './problem.ts';

/** Who may call a route. There is no default: a public route has to say so. */
export type Access =
  | { readonly to: 'anyone' }
  /** A signed-in account, in no role: what is the caller's own (`/v1/me/…`). */
  | { readonly to: 'account'; readonly proof?: Proof }
  /** A device of a safety service, which signs each request with its own key (RFC 9421); the path names it. */
  | { readonly to: 'device' }
  /**
   * A role named in `Vern-Role`, in the organisation of the path (or of the operator, under `/v1/platform/…`). What
   * changes something waits for the data-processing agreement (FW-01), unless `beforeAgreement` says that it need not.
   */
  | { readonly to: 'role'; readonly may: Action; readonly proof?: Proof; readonly beforeAgreement?: true };

/** STEP_UP: the caller signed in within the last 300 seconds (`auth_time`; a refresh does not count). */
export type Proof = 'fresh';

/** A read that matters (SM-05): its activity record is written before the answer leaves. */
export type RecordedRead =
  | 'person'
  | 'people'
  | 'import'
  | 'group-list'
  | 'attendance'
  | 'agreement'
  | 'consents'
  | 'request'
  | 'disclosures'
  | 'activity'
  | 'calendar'
  | 'child-log'
  | 'alarms'
  | 'photos'
  | 'documents'
  | 'messages'
  | 'views'
  | 'notices'
  | 'enquiries'
  | 'customers'
  | 'tickets'
  | 'chats'
  | 'sign-ups'
  | 'work-hours'
  | 'clock-positions'
  | 'payroll'
  | 'timesheets'
  | 'working-time'
  | 'qualifications'
  | 'site-list'
  | 'subscribers'
  | 'safety-devices'
  | 'geofences'
  | 'receivers'
  | 'usage'
  | 'abuse-reports';

export interface Route {
  readonly summary: string;
  /** What the caller should know beyond the summary; Markdown. */
  readonly description?: string;
  readonly tag: Tag;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly access: Access;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body may also come from the form of a page of ours (`application/x-www-form-urlencoded`): text in every field. */
  readonly form?: true;
  readonly success: Success;
  readonly problems: readonly ProblemSlug[];
  readonly needs: readonly Capability[];
  readonly reads?: RecordedRead;
  /** It will be taken away: see `Deprecated`. */
  readonly deprecated?: Deprecated;
  /** A creating POST: `Idempotency-Key` is required, and the same key with the same body gets the same answer (24 h). */
  readonly creates?: true;
  /** Requests to this route from everybody together, held by the gateway (429): for what anyone may make us do. */
  readonly limit?: { readonly perSecond: number; readonly burst: number };
  /** A client may name itself in `Authorization: Basic` (RFC 6749, section 2.3.1): `call.basicCredentials`. */
  readonly withBasicCredentials?: true;
  /** Sees what is restricted (Art. 18) or objected to (Art. 21) all the same: for the rights themselves alone. */
  readonly throughRestriction?: true;
  /**
   * Who the caller is in each organisation is looked up in the same wave as the account itself (`call.ownPersons`): for
   * what an app asks for whenever it is opened.
   */
  readonly withOwnPersons?: true;
  /** The answer carries an `ETag` from its `version`; a change demands `If-Match` (428 missing, 412 stale). */
  readonly versioned?: true;
}

/**
 * What is published stays for six months at least after it was deprecated (http/deprecation.ts): days, both in UTC, and
 * what takes its place.
 */
export interface Deprecated {
  readonly since: `${number}-${number}-${number}`;
  readonly sunset: `${number}-${number}-${number}`;
  readonly successor?: `/${string}`;
}

export type Success =
  | { readonly status: 200 | 201 | 202; readonly body: z.ZodType }
  /** Not JSON: a page, a PDF, an SVG; the handler answers `{ contentType, content }`. */
  | { readonly status: 200; readonly content: readonly string[] }
  | { readonly status: 204 };

export const tags = {
  Contract: 'The contract itself, and whether the service is up.',
  Joining: 'Registration, invitations and links.',
  Me: "The caller's own account, roles, factors and week.",
  Organisations: 'Organisations, their agreements, structure and roles.',
  People: 'Children, members, guardians and staff.',
  Imports: 'Taking in a register.',
  Attendance: 'Who is where, and when.',
  Calendar: 'Events, answers, conversation hours and calendar feeds.',
  'Child log': 'A child’s day: sleep, meals, notes, photos.',
  Files: 'Uploads, documents and downloads.',
  Messages: 'Threads between staff and guardians, and notices to groups.',
  Notices: 'What was sent, what became of it, what each person wants; jobs to many, newsletters and surveys.',
  Workplace: 'Time clock, time sheets, working time, qualifications, and who is on which site.',
  Enquiries: 'Forms that anybody may fill in: enquiries, sign-ups and newsletters.',
  Safety: 'Safety devices, where people are, geofences, alarms, and who is told.',
  Tickets: 'Customers and their contacts, tickets, chats, corrections; support from the operator.',
  Billing: 'Prices, invoices, credit notes and payments.',
  Requests: 'The six rights: requests, their answers, and the way to the data-protection officer.',
  Registers: 'Sub-processors, disclosures, breaches, processing activities, promises.',
  Usage:
    'How the service is used, counted without knowing by whom; and, at work, what was registered of one’s own use.',
  Integrations: 'Programs of the organisation: service clients, the feed of changes, webhooks.',
  Activity: 'Who saw and changed what, and the proof that nothing of it was altered.',
  Consents: 'What people consent to, and the statements that tell them.',
  Retention: 'How long data is kept, and what becomes of it when an agreement ends.',
  Platform: "The operator's own staff.",
} as const;
export type Tag = keyof typeof tags;

export type Routes = Readonly<Record<string, Route>>;

export const anyone: Access = { to: 'anyone' };
export const device: Access = { to: 'device' };
export const account: Access = { to: 'account' };
export const accountWithFreshProof: Access = { to: 'account', proof: 'fresh' };
export const rolesThatMay = (may: Action): Access => ({ to: 'role', may });
export const rolesThatMayWithFreshProof = (may: Action): Access => ({ to: 'role', may, proof: 'fresh' });

export const rolesThatMayBeforeAgreement = (may: Action): Access => ({ to: 'role', may, beforeAgreement: true });

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
export type InputOf<R extends Route> = {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  /** The version from `If-Match`, on a changing route that is `versioned`. */
  readonly ifMatch: R extends { versioned: true; method: 'PUT' | 'PATCH' | 'DELETE' } ? number : undefined;
};
export type Content = {
  readonly contentType: string;
  readonly content: string | Uint8Array;
  readonly filename?: string;
};
export type OutputOf<R extends Route> = R['success'] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : R['success'] extends { content: readonly string[] }
    ? Content
    : // biome-ignore lint/suspicious/noConfusingVoidType: a handler of a 204 returns nothing
      void;

/** One handler per declared route; a missing, extra or ill-typed handler does not compile. */
export type HandlersFor<R extends Routes, Call> = {
  readonly [Id in keyof R]: (input: InputOf<R[Id]>, call: Call) => Promise<OutputOf<R[Id]>>;
};
