import { PersonId, PhotoId, ThreadId } from '../../http/ids.ts';
import { type EntityDeclaration, type Owner, sharedPointers } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { abuseReportEntity } from '../abuse-reports/abuse-report.ts';
import {
  mayRead,
  messageThreadEntity,
  participantIn,
  threadMessageEntity,
  threadOwner,
  threadRef,
} from '../messages/thread.ts';
import { blocksBetween } from '../people/blocks.ts';
import { photoEntity, photoRef } from '../photos/photo.ts';
import type { Held } from './collect.ts';
import { type Audience, guardianIn } from './export.ts';
import { filesOf } from './files-of.ts';
import { viewOf } from './views.ts';

const PAGE_ITEMS = 200;
/** More stops the export rather than cutting it. */
const SHARED_MAX = 5_000;

/**
 * What a person holds together with others (Art. 15): the conversations that they take part in, as far as each message was
 * by or for them, what they reported of it, and the photos that show them. What is only about them in others' conversations is not theirs; and what
 * a child wrote with staff is not its guardian's.
 */
export async function heldWithOthers(records: Records, owner: Owner, audience: Audience): Promise<Held[]> {
  const personId = PersonId.safeParse(owner.subject).data;
  const { controller } = owner;
  if (!personId || controller === 'operator') return [];
  const ids = await heldIds(records, owner);
  const photoIds = ids.flatMap((id) => PhotoId.safeParse(id).data ?? []);
  const threadIds = guardianIn(audience) ? [] : ids.flatMap((id) => ThreadId.safeParse(id).data ?? []);
  const [photos, threads] = await Promise.all([
    records.getManyShared(photoIds.map((id) => photoRef(controller, id))),
    records.getManyShared(threadIds.map((id) => threadRef(controller, id))),
  ]);
  const found: Held[] = photos.flatMap((photo) => (photo ? [shown(photoEntity, photo.value, audience)] : []));
  for (const thread of threads) {
    if (!thread || !participantIn(thread.value, personId)) continue;
    const blocks = await records.getMany(blocksBetween(controller, [personId], thread.value.childId));
    const isKeptApart = blocks.some((block) => block !== undefined);
    found.push(shown(messageThreadEntity, thread.value, audience));
    const threadsOwner = threadOwner(controller, thread.value.id);
    for await (const report of everyShared(records, abuseReportEntity, threadsOwner)) {
      if (report.reportedBy === personId) found.push(shown(abuseReportEntity, report, audience));
    }
    for await (const message of everyShared(records, threadMessageEntity, threadsOwner)) {
      if (!mayRead(message, personId)) continue;
      const copy = shown(threadMessageEntity, message, audience);
      // What they can open no more does not come to them by the copy either.
      found.push(isKeptApart ? { ...copy, files: [] } : copy);
      if (found.length > SHARED_MAX) throw new Error(`More than ${SHARED_MAX} records held with others`);
    }
  }
  return found;
}

const shown = (entity: Held['entity'], value: unknown, audience: Audience): Held => ({
  entity,
  value: viewOf(entity).of(value, undefined),
  files: filesOf(entity, value, audience),
});

async function heldIds(records: Records, owner: Owner): Promise<string[]> {
  const { pk, sk: prefix } = sharedPointers.held(owner, '');
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await records.pointers('core', pk, {
      prefix,
      limit: PAGE_ITEMS,
      ...(after !== undefined && { after }),
    });
    found.push(...page.items.map(({ sk }) => sk.slice(prefix.length)));
    if (found.length > SHARED_MAX) throw new Error(`More than ${SHARED_MAX} conversations and photos`);
    if (page.next === undefined) return found;
    after = page.next;
  }
}

async function* everyShared<E extends EntityDeclaration>(records: Records, entity: E, owner: Owner) {
  for (let after: string | undefined; ; ) {
    const range = { limit: PAGE_ITEMS, ...(after !== undefined && { after }) };
    const page = await records.listShared(entity, owner, range);
    for (const { value } of page.items) yield value;
    if (page.next === undefined) return;
    after = page.next;
  }
}
