import type { ControllerId, Owner } from '../../../platform/entity.ts';
import { organisationOwner } from '../../organisations/organisation.ts';
import type { StepContext } from '../step.ts';
import { chunksOf } from './chunks.ts';
import { type Claim, claimsOfAccounts, claimsOfOrganisation, staffAccountIds } from './claims.ts';
import { organisationsIn } from './controllers.ts';
import { onTables } from './replay.ts';
import { snapshotParts } from './snapshot-accounts.ts';

/** Each claim is two writes of a transaction of a hundred. */
const CLAIMS_PER_CHANGE = 45;
/** Sorts before every organisation's id. */
const STAFF = 'operator';

const noFigures = { claims: 0, sharedValues: 0, doubtfulValues: 0 };
type Counted = { -readonly [K in keyof typeof noFigures]: number };

/**
 * Fills the new Lookup from the restored Core: e-mail addresses and other identities of an organisation's people, names
 * of its groups and departments, Cognito's subjects of accounts. A value that must be unique and is not is nobody's: it
 * is told of, never guessed. One organisation at a time: beginning it again changes nothing more.
 */
export const rebuildLookup = onTables(async (context) => {
  const counted: Counted = { ...noFigures };
  const after = context.cursor ?? '';
  const isFresh = after === '';
  if (isFresh)
    await claim(context, 'operator', await claimsOfAccounts(context, await staffAccountIds(context)), counted);
  let done = isFresh ? STAFF : after;
  for (const organisationId of await organisationsIn(context)) {
    if (organisationId <= done) continue;
    if (!context.hasTimeLeft()) return { done: false, cursor: done, figures: counted };
    const { claims, accountIds } = await claimsOfOrganisation(context, organisationId);
    await claim(context, organisationId, claims, counted);
    await claim(context, 'operator', await claimsOfAccounts(context, accountIds), counted);
    done = organisationId;
  }
  // Accounts that no person is linked to: of somebody whose request to join still waits, say.
  for (const { name, accountIds } of await snapshotParts(context)) {
    if (name <= done) continue;
    if (!context.hasTimeLeft()) return { done: false, cursor: done, figures: counted };
    await claim(context, 'operator', await claimsOfAccounts(context, await accountIds()), counted);
    done = name;
  }
  return { done: true, figures: counted };
});

async function claim(
  context: StepContext,
  controller: ControllerId,
  claims: readonly Claim[],
  counted: Counted,
): Promise<void> {
  const { unique, shared, doubtful } = decided(claims);
  counted.sharedValues += shared;
  counted.doubtfulValues += doubtful.length;
  for (const { kind, ids } of doubtful) context.log({ event: 'restore.value-doubtful', controller, kind, ids });
  for (const some of chunksOf(unique, CLAIMS_PER_CHANGE)) {
    const { records } = context.openCall(true);
    const missing = await missingOf(context, some, counted);
    if (missing.length === 0) continue;
    const change = records.change();
    const taken = () => new Error('A value was claimed while Lookup was rebuilt');
    for (const { kind, value, id } of missing) change.claim(controller, kind, value, id, taken);
    await change
      .activity({
        event: 'restore.lookup-rebuilt',
        subject: ownerOf(controller, missing),
        detail: { claims: missing.length },
      })
      .commit();
    counted.claims += missing.length;
  }
}

/** Of an organisation's claims it speaks as a whole; of accounts the record stands with the first of them. */
const ownerOf = (controller: ControllerId, [first]: readonly Claim[]): Owner =>
  controller === 'operator' ? { controller, subject: first!.id as Owner['subject'] } : organisationOwner(controller);

/** Those that nobody has yet. One that another has already, by an organisation that came before, is told of. */
async function missingOf({ openCall, log }: StepContext, claims: readonly Claim[], counted: Counted) {
  const missing: Claim[] = [];
  const { records } = openCall(true);
  for (const [kind, ofKind] of Map.groupBy(claims, (each) => each.kind)) {
    const { controller } = ofKind[0]!;
    const holders = await records.findMany(
      controller,
      kind,
      ofKind.map(({ value }) => value),
    );
    for (const [i, each] of ofKind.entries()) {
      const holder = holders[i];
      if (holder === undefined) missing.push(each);
      else if (holder !== each.id) {
        counted.doubtfulValues++;
        log({ event: 'restore.value-doubtful', controller, kind, ids: [holder, each.id].join(' ') });
      }
    }
  }
  return missing;
}

interface Decided {
  readonly unique: readonly Claim[];
  /** Identities that several may have: a name with a date of birth is the first one's, as it was when they came. */
  readonly shared: number;
  readonly doubtful: readonly { readonly kind: Claim['kind']; readonly ids: string }[];
}

/** Who gets which value. Pure. */
export function decided(claims: readonly Claim[]): Decided {
  const unique: Claim[] = [];
  const doubtful: { kind: Claim['kind']; ids: string }[] = [];
  let shared = 0;
  const byValue = Map.groupBy(claims, ({ kind, value }) => `${kind}|${value.normalize('NFC').trim().toLowerCase()}`);
  for (const same of byValue.values()) {
    const ids = [...new Set(same.map(({ id }) => id))].sort();
    const first = same.find(({ id }) => id === ids[0])!;
    if (ids.length === 1) unique.push(first);
    else if (first.kind === 'import-row') {
      unique.push(first);
      shared++;
    } else doubtful.push({ kind: first.kind, ids: ids.join(' ') });
  }
  return { unique, shared, doubtful };
}
