import * as z from 'zod';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';
import type { Change, PointerKey, Stored } from '../../platform/records.ts';
import { keptUntil, type Notice, type Template } from './notice.ts';

/** `refused`: SES would not take it. `bounced`: it came back for good. `complained`: whoever reads there does not want it. */
export const stopReasons = ['refused', 'bounced', 'complained'] as const;

/** The address that mail is not sent to any more. Compared with the present one: a new address lifts it. */
const UndeliverableAddress = z.strictObject({
  address: z.string().max(254),
  since: z.iso.datetime(),
  // Written without a reason while a refusal was the only one.
  reason: z.enum(stopReasons).default('refused'),
});
export type UndeliverableAddress = z.output<typeof UndeliverableAddress>;

export const undeliverableAddressEntity = entity({
  name: 'undeliverable-address',
  table: 'transient',
  sortKey: 'UNDELIVERABLE-ADDRESS',
  schema: UndeliverableAddress,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to stop writing to an address that refuses mail',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'notice',
  exported: 'copy',
  onErasure: 'delete',
});

export const undeliverableAddressRef = (owner: Owner): Ref<typeof undeliverableAddressEntity> => ({
  entity: undeliverableAddressEntity,
  owner,
});

export const undeliverablePointers = {
  /** The organisation's people whose address gets no more mail. */
  person: (organisationId: OrganisationId, personId: PersonId | ''): PointerKey => ({
    table: 'transient',
    pk: `${organisationId}#UNDELIVERABLE`,
    sk: personId,
  }),
  /** That the organisation's administrators are told of them on a day. */
  told: (organisationId: OrganisationId, day: string): PointerKey => ({
    table: 'transient',
    pk: `${organisationId}#UNDELIVERABLE-TOLD`,
    sk: day,
  }),
};

const asking: ReadonlySet<Template> = new Set(['form-confirm', 'dpo-confirm', 'email-change-confirm']);

/**
 * It asks whether an address is somebody's. Nobody has said so yet, and nothing more is written there: to keep the
 * address in order to leave it alone would only keep it for longer than was promised.
 */
export const asksWhoseAddress = ({ content }: Pick<Notice, 'content'>): boolean =>
  asking.has(content.template === 'done' ? content.was : content.template);

/** The owner's row in the organisation's list; undefined for accounts, and for whoever has none but a reply address. */
export function listedAs({ controller, subject }: Owner): PointerKey | undefined {
  const personId = PersonId.safeParse(subject);
  if (controller === 'operator' || !personId.success) return undefined;
  return undeliverablePointers.person(controller, personId.data);
}

/**
 * No more mail to this address of the owner (two writes), over what was known `before`. The change still needs its own
 * activity record.
 */
export function stopMailTo(
  change: Change,
  owner: Owner,
  stop: UndeliverableAddress,
  before: Stored<typeof undeliverableAddressEntity> | undefined,
): Change {
  const expiresAtEpochSeconds = keptUntil(stop.since);
  const condition = before ? { version: before.version } : 'new';
  change.put(undeliverableAddressRef(owner), stop, condition, { expiresAtEpochSeconds });
  const row = listedAs(owner);
  return row ? change.point({ ...row, expiresAtEpochSeconds }) : change;
}

/**
 * Whether a stop says more than what is known: of another address the later one counts, of the same address the first
 * has said it all. Pure.
 */
export function isNews(stop: UndeliverableAddress, known: UndeliverableAddress | undefined): boolean {
  if (!known) return true;
  return known.address !== stop.address && known.since < stop.since;
}
