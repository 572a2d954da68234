import type { KeyObject } from 'node:crypto';
import type { AccountCaller, BasicCredentials, Call, DeviceCaller, Language } from './call.ts';
import type { SafetyDeviceId } from './ids.ts';
import type { InputOf, Route } from './route.ts';

/** What is known of a request once it is authenticated and validated, and its access has to be decided. */
export interface Admission {
  readonly requestId: string;
  readonly routeId: string;
  readonly route: Route;
  readonly input: InputOf<Route>;
  /** Absent on a route for anyone. */
  readonly account: AccountCaller | undefined;
  /** Present on a route for devices. */
  readonly device?: DeviceCaller;
  /** `Vern-Role` as it was sent, on a route for roles only. */
  readonly roleHeader: string | undefined;
  readonly language: Language;
  readonly origin: Call['origin'];
  /** HEAD; see `Call`. */
  readonly headersOnly?: true;
  /**
   * On a creating route: the key, and the request in a canonical form (method, path, body). Absent there when the
   * caller sent none: access is still decided first, and the request is refused after that.
   */
  readonly idempotency: { readonly key: string; readonly request: string } | undefined;
  /** See `Call`. */
  readonly basicCredentials?: BasicCredentials;
  readonly now: Date;
}

/** The answer that an earlier request with the same Idempotency-Key and the same content was given. */
export interface Replay {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The seam to the platform: what the kit cannot decide without a table or a user pool. A function whose handlers need
 * less than a whole call may give them less.
 */
export interface Steps<C = Call> {
  /** Throws `Problem('not-signed-in')`. */
  authenticate(request: { token: string; sourceIp: string; userAgent: string }): Promise<AccountCaller>;
  /** The device and the key that it signs with; undefined for one that is not in service. */
  findDevice?(deviceId: SafetyDeviceId): Promise<{ device: DeviceCaller; publicKey: KeyObject } | undefined>;
  /** For a request that no key of a device has signed: throws `too-many-requests` where the address sends too many. */
  demandSigned?(from: { readonly sourceIp: string; readonly now: Date }): Promise<void>;
  /** Decides the route's access rule and builds the call; `replay` is the stored answer, if there is one. */
  admit(request: Admission): Promise<{ call: C; replay: Replay | undefined }>;
  /**
   * Throws if a creating route ended without committing its idempotency row (a bug), and does what must happen before
   * the answer leaves (recorded reads). `answer` is what is about to leave; a replay is not concluded again.
   */
  conclude(request: Admission & { readonly call: C }, answer: unknown): Promise<void>;
}
