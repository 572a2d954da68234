import type { ControllerId, SubjectId } from '../../platform/entity.ts';
import { type Hash, leafHash } from './merkle.ts';

/** A record of the activity log as it was written: all that its leaf is the hash of. Ids, codes and counts only. */
export interface ActivityEntry {
  readonly controller: ControllerId;
  readonly subject: SubjectId;
  /** `evt_…` */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly event: string;
  /** An account's id, or `system:<worker>`. */
  readonly actor: string;
  readonly role?: string | undefined;
  readonly person?: string | undefined;
  readonly requestId: string;
  readonly about?: readonly string[] | undefined;
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** `wri_…`: the chain that it stands in, one of one container for one controller. */
  readonly writer: string;
  /** From 1 in its chain. */
  readonly sequence: number;
  /** The leaf hash of the chain's record before, in hex; empty for the first. */
  readonly previous: string;
  /** 16 bytes in base64url: once they are gone, the leaf says nothing. */
  readonly salt: string;
}

const LEAF_FORMAT = 'vern-activity-1';

/** What is hashed. Whoever checks a log without our code builds these bytes: one JSON array, no spaces, UTF-8. */
export function leafBytes(entry: ActivityEntry): Uint8Array {
  const { detail } = entry;
  const facts = [
    LEAF_FORMAT,
    entry.controller,
    entry.subject,
    entry.id,
    entry.at,
    entry.event,
    entry.actor,
    entry.role ?? null,
    entry.person ?? null,
    entry.requestId,
    entry.about ?? null,
    // A map has no order in DynamoDB; by code units, as every language can sort them.
    detail === undefined ? null : Object.entries(detail).sort(([one], [other]) => (one < other ? -1 : 1)),
    entry.writer,
    entry.sequence,
    entry.previous,
    entry.salt,
  ];
  return new TextEncoder().encode(JSON.stringify(facts));
}

/** RFC 6962, section 2.1: SHA-256(0x00 || bytes). */
export const entryHash = (entry: ActivityEntry): Hash => leafHash(leafBytes(entry));

/** The record from a row of the Activity table, as `unmarshall` gives it (`pk` is `<controller>#<subject>`). */
export function entryOfRow(row: Readonly<Record<string, unknown>>): ActivityEntry {
  const { pk, sk, salt, at, event, actor, role, person, requestId, about, detail, writer, sequence, previous } =
    row as unknown as Omit<ActivityEntry, 'id' | 'salt' | 'controller' | 'subject'> & {
      pk: string;
      sk: string;
      salt: Uint8Array;
    };
  const separator = pk.indexOf('#');
  return {
    controller: pk.slice(0, separator) as ControllerId,
    subject: pk.slice(separator + 1) as SubjectId,
    id: sk,
    at,
    event,
    actor,
    ...(role !== undefined && { role }),
    ...(person !== undefined && { person }),
    requestId,
    ...(about !== undefined && { about }),
    ...(detail !== undefined && { detail }),
    writer,
    sequence,
    previous,
    salt: Buffer.from(salt).toString('base64url'),
  };
}
