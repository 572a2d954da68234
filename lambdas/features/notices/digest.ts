import { createHash } from 'node:crypto';
import type { Call } from '../../http/call.ts';
import { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { dueKey, keptUntil, Notice, type noticeEntity, noticeRef } from './notice.ts';
import { DIGEST_BYTES_MAX, DIGEST_ITEMS_MAX, type DigestItem } from './templates/digest.ts';

/** Mails of one digest: a thousand things that wait are a mistake, and are tried again until the digest has gone. */
const PARTS_MAX = 20;

/**
 * Puts a notice into its recipient's digest of an instant (`at`, RFC 3339) instead of sending it: what became of it is
 * from then on what becomes of the digest, whose id is returned. Each digest is one notice that holds what its letters
 * would need, so that it is sent, tried again, given up and emptied like any other. A digest that is being sent takes
 * nothing more: what meets it fails with `StaleVersion`, and is decided anew. Four writes at most; the change still
 * needs its own activity record.
 */
export async function putIntoDigest(
  change: Change,
  stored: Pick<Stored<typeof noticeEntity>, 'ref' | 'value' | 'version'>,
  at: string,
  call: Pick<Call, 'now' | 'records'>,
): Promise<NoticeId> {
  const { owner } = stored.ref;
  const item = itemOf(stored.value);
  const digestId = await addToDigest(change, owner, item, at, call);
  const { content, dueAt, ...notice } = stored.value;
  const was = content.template === 'done' ? content.was : content.template;
  change.put(
    stored.ref,
    { ...notice, state: 'digested', digestId, content: { template: 'done', was } },
    { version: stored.version },
    { expiresAtEpochSeconds: keptUntil(notice.createdAt) },
  );
  if (dueAt !== undefined) change.unpoint(dueKey(notice.id, dueAt));
  return digestId;
}

async function addToDigest(
  change: Change,
  owner: Owner,
  item: DigestItem,
  at: string,
  { records, now }: Pick<Call, 'now' | 'records'>,
): Promise<NoticeId> {
  for (let part = 0; part < PARTS_MAX; part++) {
    const ref = noticeRef(owner, digestIdOf(owner, at, part));
    const digest = await records.get(ref);
    if (!digest) return beginDigest(change, owner, ref.key as NoticeId, item, at, now);
    const { value: notice, version, expiresAtEpochSeconds } = digest;
    const items = isOpen(notice) && notice.content.template === 'digest' ? notice.content.parameters.items : [];
    if (items.length === 0 || isFull(items)) continue;
    const content: Notice['content'] = { template: 'digest', parameters: { items: [...items, item] } };
    change.put(
      ref,
      { ...notice, content },
      { version },
      expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds },
    );
    return notice.id;
  }
  throw new Error('More than a digest holds');
}

function beginDigest(change: Change, owner: Owner, id: NoticeId, item: DigestItem, at: string, now: Date): NoticeId {
  const createdAt = now.toISOString();
  const expiresAtEpochSeconds = keptUntil(createdAt);
  const notice = Notice.parse({
    id,
    content: { template: 'digest', parameters: { items: [item] } },
    state: 'waiting',
    attempts: 0,
    createdAt,
    dueAt: at,
  });
  change.put(noticeRef(owner, id), notice, 'new', { expiresAtEpochSeconds });
  change.point({ ...dueKey(id, at), attributes: { ...owner, noticeId: id }, expiresAtEpochSeconds });
  return id;
}

/** Nobody has begun to send it. */
const isOpen = ({ state, attempts }: Notice) => state === 'waiting' && attempts === 0;

const isFull = (items: readonly DigestItem[]) =>
  items.length >= DIGEST_ITEMS_MAX || Buffer.byteLength(JSON.stringify(items)) >= DIGEST_BYTES_MAX;

function itemOf({ id, content, about, address }: Notice): DigestItem {
  if (content.template === 'done' || content.template === 'digest') throw new Error('A digest takes what can be sent');
  if (address !== undefined) throw new Error('What goes to an address of its own is in nobody’s digest');
  return { id, template: content.template, parameters: content.parameters, ...(about !== undefined && { about }) };
}

/** One id for a recipient's digest of an instant: a ULID of that instant, with a hash in the place of chance. */
function digestIdOf({ controller, subject }: Owner, at: string, part: number): NoticeId {
  const hash = createHash('sha256').update(`${controller}#${subject}#${at}#${part}`).digest('hex').slice(0, 20);
  const digits = crockford(BigInt(Date.parse(at)), 10) + crockford(BigInt(`0x${hash}`), 16);
  return NoticeId.parse(`ntc_${digits}`);
}

function crockford(value: bigint, length: number): string {
  const digits = Array.from({ length }, (_, i) => {
    const digit = (value >> (5n * BigInt(length - 1 - i))) & 31n;
    return CROCKFORD[Number(digit)];
  });
  return digits.join('');
}
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
