import { AccountId, ExportId, type FileId, PersonId, type RequestId, RoleId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { accountLinkEntity, accountRef } from '../accounts/account.ts';
import { emailChangeEntity } from '../accounts/email-change.ts';
import { prepareClaim } from '../claims/announce.ts';
import { claimRef } from '../claims/claim.ts';
import { DEVICES_MAX, deviceEntity } from '../devices/device.ts';
import { invitationEntity } from '../invitations/invitation.ts';
import { undeliverableAddressRef } from '../notices/undeliverable.ts';
import { personEntity } from '../people/person.ts';
import { replyAddressRef } from '../requests/request.ts';
import { isTold } from './answer.ts';
import { type Eraser, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { type Erasure, isAccount, isPerson, type Place } from './erasure.ts';
import { fileIn, fileRowsOf } from './files.ts';
import { CLAIM_PREFIX } from './removal.ts';
import { sharedIn } from './shared.ts';
import { ADDRESSES_MAX, type ErasureTraces, noTraces, ROWS_MAX, tracesRef } from './traces.ts';

const PAGE_MAX = 100;

/**
 * Writes down, under a key of its own, what the fence will make unreadable and the cascade still needs: addresses,
 * Cognito's subject, whose partitions name the subject. Its requester's address goes under the request's own key.
 */
export async function survey(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const call = eraser.openCall();
  const { owner } = place;
  const change = call.records.change();
  const after: Partial<Erasure> = { state: 'surveyed' };
  // Where one class alone is shredded, the subject stays, with all that leads to it.
  if (stored.value.retentionClasses === undefined && (isPerson(owner) || isAccount(owner))) {
    const { traces, accountId } = await (isPerson(owner) ? tracesOfPerson : tracesOfAccount)(owner, call.records);
    const tracesId = stored.value.tracesId ?? call.newId('req');
    const ref = tracesRef(owner.controller, tracesId);
    // There already, where the fence had to wait and all is looked at again.
    const before = await call.records.get(ref);
    change.put(ref, await withRows(traces, owner, eraser), before ? { version: before.version } : 'new');
    // No row of the subject leads to them: another erasure of it at the same time must not destroy them before their time.
    Object.assign(after, { tracesId, ...(accountId && { accountId }) });
    await keepReplyAddress(traces, tracesId);
  }
  await save(change, stored, place, after)
    .activity({ event: 'erasure.surveyed', subject: owner, about: [place.id] })
    .commit();
  return 'went-on';

  /** Whoever asked through an account gets the answer by a claim, because the account may be gone by then. */
  async function keepReplyAddress({ email, language }: ErasureTraces, tracesId: RequestId): Promise<void> {
    const { requestId } = stored.value;
    const { controller, subject } = owner;
    if (email === undefined) return;
    const reply = { email, language };
    if (isTold(stored.value)) {
      const ref = replyAddressRef(controller, tracesId);
      const before = await call.records.get(ref);
      change.put(ref, reply, before ? { version: before.version } : 'new');
    }
    if (requestId === undefined || (await call.records.get(claimRef(controller, requestId)))) return;
    const whose = isAccount(owner) ? AccountId.parse(subject) : PersonId.parse(subject);
    prepareClaim(change, { controller, requestId, subject: whose, codeTravels: 'by-mail', reply }, call.now);
  }
}

async function tracesOfPerson(owner: Owner, records: Records) {
  const [[person, link, undeliverable], invitations] = await Promise.all([
    records.together([
      { entity: personEntity, owner },
      { entity: accountLinkEntity, owner },
      undeliverableAddressRef(owner),
    ]),
    records.list(invitationEntity, owner, { limit: PAGE_MAX, newestFirst: true }),
  ]);
  const email = person?.value.email;
  const invited = invitations.items.map(({ value }) => value.address);
  return {
    accountId: link?.value.accountId,
    traces: {
      ...noTraces,
      addresses: distinct([email, undeliverable?.value.address, ...invited]),
      language: person?.value.language ?? 'nb',
      ...(email !== undefined && { email }),
    },
  };
}

async function tracesOfAccount(owner: Owner, records: Records) {
  const [[account, change, undeliverable], devices] = await Promise.all([
    records.together([
      accountRef(AccountId.parse(owner.subject)),
      { entity: emailChangeEntity, owner },
      undeliverableAddressRef(owner),
    ]),
    records.list(deviceEntity, owner, { limit: DEVICES_MAX }),
  ]);
  const email = account?.value.email;
  return {
    accountId: undefined,
    traces: {
      ...noTraces,
      addresses: distinct([email, change?.value.email, undeliverable?.value.address]),
      language: account?.value.language ?? 'nb',
      ...(email !== undefined && { email }),
      ...(account && { sub: account.value.sub }),
      endpointArns: devices.items.map(({ value }) => value.endpointArn),
    },
  };
}

/** What the raw rows of the subject's own partition say: they can be read whatever the keys' states are. */
async function withRows(traces: ErasureTraces, owner: Owner, eraser: Eraser): Promise<ErasureTraces> {
  const { rows } = eraser;
  const pk = `${owner.controller}#${owner.subject}`;
  const found = { lookups: [] as string[], relatives: new Set<PersonId>(), roleIds: [] as RoleId[] };
  for await (const { sk } of rows.of('core', pk)) {
    const [kind = '', rest = ''] = sk.split('#');
    const person = PersonId.safeParse(rest);
    if (person.success && ties.has(kind)) found.relatives.add(person.data);
    const role = RoleId.safeParse(rest);
    if (role.success && kind === 'ROLE') found.roleIds.push(role.data);
  }
  for await (const { sk } of rows.of('lookup', pk, CLAIM_PREFIX)) found.lookups.push(sk);
  const exportIds: ExportId[] = [];
  for await (const { sk } of rows.of('transient', pk, 'EXPORT#'))
    exportIds.push(ExportId.parse(sk.slice('EXPORT#'.length)));
  const fileIds: FileId[] = [];
  for await (const { sk } of fileRowsOf(owner, eraser)) fileIds.push(fileIn(sk)!);
  return {
    ...traces,
    lookups: found.lookups,
    relatives: [...found.relatives],
    roleIds: found.roleIds,
    exportIds,
    held: (await sharedIn('held', owner, eraser)).slice(0, ROWS_MAX),
    about: (await sharedIn('about', owner, eraser)).slice(0, ROWS_MAX),
    fileIds: fileIds.slice(0, ROWS_MAX),
  };
}

const ties = new Set(['GUARDIAN', 'BLOCK', 'CHILD', 'BLOCKED']);

const distinct = (addresses: readonly (string | undefined)[]): string[] =>
  [...new Set(addresses.filter((address) => address !== undefined))].slice(0, ADDRESSES_MAX);
