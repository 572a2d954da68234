import type { Call } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { Closed, type Pointer, StaleVersion, type Stored } from '../../platform/records.ts';
import { accountLinkEntity, accountOwner } from '../accounts/account.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { linkToStatement } from './link-page.ts';
import { mailingPointers, mailingRef, type statementMailingEntity } from './mailing.ts';
import { publishedStatements } from './published.ts';
import { declaredStatement, publish } from './writes.ts';

/** People told in one transaction: five writes each (the letter, when it is due, its link twice, the key), and a few of its own. */
const TOLD_AT_ONCE_MAX = 18;

export interface StatementClock {
  /** A fresh one for each step, so that each sees the keys as they are then. */
  openCall(): Call;
  hasTimeLeft(): boolean;
  log(line: Readonly<Record<string, unknown>>): void;
}

/**
 * Publishes what has changed in what each organisation's statement declares, and goes on telling people of material changes.
 * It may be ended at any point: a statement is published once (its number is new), and a mailing remembers, in the
 * transaction that queues the letters, whom it has told.
 */
export async function tickStatements(clock: StatementClock): Promise<{ published: number; told: number }> {
  const published = await publishDeclared(clock);
  const told = await tellEveryone(clock);
  return { published, told };
}

async function publishDeclared(clock: StatementClock): Promise<number> {
  let count = 0;
  for await (const organisationId of organisationsIn(clock)) {
    try {
      if (await publishFor(organisationId, clock.openCall())) count++;
    } catch (error) {
      // Published by somebody else at this moment, or the organisation is being erased: looked at again next time.
      if (!(error instanceof StaleVersion) && !(error instanceof Closed)) throw error;
    }
  }
  return count;
}

async function publishFor(organisationId: OrganisationId, call: Call): Promise<boolean> {
  const [[organisation, decided], [newest]] = await Promise.all([
    call.records.together([organisationRef(organisationId), adjustmentsRef(organisationId)]),
    publishedStatements(call.records, organisationId, 1),
  ]);
  if (organisation?.value.state !== 'open') return false;
  const next = declaredStatement(organisation.value, newest, decided?.value.adjustments ?? {}, call.now);
  if (!next) return false;
  const change = call.records.change();
  publish(change, organisationId, next);
  await change.commit();
  return true;
}

async function* organisationsIn(clock: StatementClock): AsyncGenerator<OrganisationId> {
  const { pk } = organisationPointers.all('' as OrganisationId);
  let after: string | undefined;
  do {
    const page = await clock.openCall().records.pointers('core', pk, after === undefined ? {} : { after });
    for (const { sk } of page.items) {
      if (!clock.hasTimeLeft()) return;
      yield OrganisationId.parse(sk);
    }
    after = page.next;
  } while (after !== undefined);
}

async function tellEveryone(clock: StatementClock): Promise<number> {
  const { pk } = mailingPointers.unfinished('' as OrganisationId, 0);
  const { items } = await clock.openCall().records.pointers('core', pk);
  let told = 0;
  for (const { attributes } of items) {
    const organisationId = OrganisationId.parse(attributes?.['organisationId']);
    const sequence = Number(attributes?.['sequence']);
    while (clock.hasTimeLeft()) {
      const step = await tellSome(organisationId, sequence, clock);
      told += step.told;
      if (step.isDone) break;
    }
  }
  return told;
}

async function tellSome(organisationId: OrganisationId, sequence: number, clock: StatementClock) {
  const call = clock.openCall();
  const mailing = await call.records.get(mailingRef(organisationId, sequence));
  if (!mailing) await forget(organisationId, sequence, call);
  if (!mailing || mailing.value.doneAt !== undefined) return { told: 0, isDone: true };
  const { pk } = peoplePointers.person(organisationId, 'child', '' as PersonId);
  const range = { limit: TOLD_AT_ONCE_MAX, ...(mailing.value.after !== undefined && { after: mailing.value.after }) };
  const page = await call.records.pointers('core', pk, range);
  try {
    return await tell(mailing, page, call);
  } catch (error) {
    if (error instanceof StaleVersion) return { told: 0, isDone: true };
    if (!(error instanceof Closed)) throw error;
    // Somebody on the page is being erased at this moment: the others are told without them.
    clock.log({ event: 'statement-mailing.somebody-closed', organisationId, sequence });
    return tell(mailing, page, clock.openCall(), isReachable);
  }
}

/** The organisation has been erased: nobody is left to be told. */
async function forget(organisationId: OrganisationId, sequence: number, { records }: Call): Promise<void> {
  await records
    .change()
    .unpoint(mailingPointers.unfinished(organisationId, sequence))
    .activity({ event: 'statement.mailing-ended', subject: organisationRef(organisationId).owner })
    .commit();
}

/** Queues a page's letters and remembers how far it came, in one transaction: of two clocks only one writes. */
async function tell(
  mailing: Stored<typeof statementMailingEntity>,
  { items, next }: { readonly items: readonly Pointer[]; readonly next?: string },
  call: Call,
  isAddressed: (owner: Owner, call: Call) => Promise<boolean> = async () => true,
) {
  const { value, ref } = mailing;
  const organisationId = ref.owner.controller as OrganisationId;
  const change = call.records.change();
  const found = await recipientsAmong(organisationId, items, call);
  const addressed = await Promise.all(found.map((owner) => isAddressed(owner, call)));
  const recipients = found.filter((_, i) => addressed[i]);
  for (const to of recipients) {
    const { version, sequence } = value;
    const { token, expiresAt } = linkToStatement(change, to, { organisationId, sequence }, call);
    queueNotice(change, { to, template: 'statement-changed', parameters: { version, token, expiresAt } }, call);
  }
  const after = items.at(-1)?.sk ?? value.after;
  const isDone = next === undefined;
  const told = value.told + recipients.length;
  const progress = {
    ...value,
    ...(after !== undefined && { after }),
    told,
    ...(isDone && { doneAt: call.now.toISOString() }),
  };
  change.put(ref, progress, { version: mailing.version }).activity({
    event: isDone ? 'statement.everyone-told' : 'statement.some-told',
    subject: ref.owner,
    detail: { version: value.version, told },
  });
  if (isDone) change.unpoint(mailingPointers.unfinished(organisationId, value.sequence));
  await change.commit();
  return { told: recipients.length, isDone };
}

async function isReachable(owner: Owner, { records }: Call): Promise<boolean> {
  const state = (await records.keyStates(owner)).get('notice');
  return state === undefined || state === 'ACTIVE';
}

/** The address that the organisation registered, otherwise the account's own; whoever has neither is told by their guardians. */
async function recipientsAmong(organisationId: OrganisationId, rows: readonly Pointer[], call: Call) {
  const owners = rows.map(({ sk }) => ownerOf(organisationId, PersonId.parse(sk.slice(sk.indexOf('#') + 1))));
  const [persons, links] = await Promise.all([
    call.records.getMany(owners.map((owner) => ({ entity: personEntity, owner }) as const)),
    call.records.getMany(owners.map((owner) => ({ entity: accountLinkEntity, owner }) as const)),
  ]);
  return owners.flatMap((owner, i) => {
    const [person, link] = [persons[i], links[i]];
    if (!person) return [];
    if (person.value.email !== undefined) return [owner];
    return link ? [accountOwner(link.value.accountId)] : [];
  });
}
