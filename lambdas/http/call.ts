import type { RoleName, ScopeKind } from '../access/roles.ts';
import type { Records } from '../platform/records.ts';
import type { AccountId, Id, IdPrefix, OrganisationId, PersonId, RoleId, SafetyDeviceId } from './ids.ts';

export type Language = 'nb' | 'en';

/** A safety device, known by its signature. */
export interface DeviceCaller {
  readonly deviceId: SafetyDeviceId;
  readonly organisationId: OrganisationId;
  /** Whom it belongs to. */
  readonly recipientId: PersonId;
  readonly selfCheckMinutes?: number;
}

/** A scope of a role: the organisation itself, or a department, a group or one person in it. */
export interface Scope {
  readonly kind: ScopeKind;
  /** Absent for the whole organisation. */
  readonly id?: string;
}

export interface AccountCaller {
  readonly accountId: AccountId;
  /** Cognito's subject; only ever used to talk to Cognito. */
  readonly sub: string;
  /** The sign-in that this token descends from; a refresh keeps it. */
  readonly originJti: string;
  /** When the person proved who they are (`auth_time`), in seconds since the epoch. */
  readonly authTimeEpochSeconds: number;
  readonly accessToken: string;
  /** A service client (RFC 6749, section 4.4): a program holds the token, and nobody is signed in. */
  readonly isMachine?: true;
}

/** As `Authorization: Basic` carries them (RFC 7617), decoded. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: string;
}

export interface RoleCaller {
  readonly roleId: RoleId;
  readonly role: RoleName;
  readonly scope: Scope;
  /** Of a service client: what it may do. */
  readonly actions?: readonly string[];
  /** The organisation that the role is in; the operator itself for a platform role. */
  readonly organisationId: OrganisationId | 'operator';
  readonly personId: PersonId;
  /** Who the caller also is in the organisation of the path: a parent may work there too. */
  readonly otherPersonIds: readonly PersonId[];
}

/** One of the persons that an account is, in one organisation. */
export interface OwnPerson {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  /** Roles that were given to that person; whether one is in force stands in its record. */
  readonly roleIds: readonly RoleId[];
}

/** All that the caller is in the organisation: a block keeps the one who signs in away, whichever role they name. */
export const personIdsOf = ({ personId, otherPersonIds }: RoleCaller): readonly PersonId[] => [
  personId,
  ...otherPersonIds,
];

/** Everything a handler may know beside its input: time, chance and identity come from here and from nowhere else. */
export interface Call {
  readonly requestId: string;
  readonly now: Date;
  readonly language: Language;
  /** Absent on a route for anyone. */
  readonly account?: AccountCaller;
  /** Present on a route for devices, which nobody is signed in on. */
  readonly device?: DeviceCaller;
  /** Present on a route for roles. */
  readonly role?: RoleCaller;
  /** Present on a route `withOwnPersons`. */
  readonly ownPersons?: readonly OwnPerson[];
  /** On a route `withBasicCredentials`, where they were sent; nobody has checked them. */
  readonly basicCredentials?: BasicCredentials;
  /** HEAD: only the headers leave, so nobody has read what the answer would have held. */
  readonly headersOnly?: true;
  /** For the sign-in log and rate limits; kept nowhere else. */
  readonly origin: { readonly sourceIp: string; readonly userAgent: string };
  newId<P extends IdPrefix>(prefix: P): Id<P>;
  readonly records: Records;
}
