import type { Call } from '../../http/call.ts';
import { RequestId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dependantPointers, type EntityDeclaration, type Owner } from '../../platform/entity.ts';
import type { Change, PointerKey, Stored } from '../../platform/records.ts';
import type { Cause } from '../erasure/erasure.ts';
import { orderErasure } from '../erasure/order.ts';
import { askAddress } from '../links/ask-address.ts';
import { makeLink, type Purpose } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { replyAddressRef } from '../requests/request.ts';
import {
  type FormKind,
  type FormSubmission,
  OWN_LINK_SECONDS,
  organisationOf,
  outsiderOf,
  type SubmissionOf,
  type submissionEntity,
  submissionRef,
  UNCONFIRMED_SECONDS,
} from './form.ts';

const confirming = {
  newsletter: 'confirm-subscription',
  enquiry: 'confirm-enquiry',
  'sign-up': 'confirm-sign-up',
  ticket: 'confirm-ticket',
} as const satisfies Record<FormKind, Purpose>;

/**
 * Keeps what was typed out of sight, and mails a link that confirms the address: nothing of it stays if nobody does.
 * `beside`: what else belongs to the same transaction.
 */
export async function askToConfirm(
  submission: FormSubmission,
  organisationId: ReturnType<typeof organisationOf>,
  call: Call,
  beside?: (change: Change) => void,
): Promise<void> {
  const owner = outsiderOf(organisationId, submission.id);
  const purpose = confirming[submission.form];
  const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + UNCONFIRMED_SECONDS;
  await askAddress(submission.email, call, (change) => {
    const { token, expiresAt } = makeLink(change, { purpose, owner, validForSeconds: UNCONFIRMED_SECONDS }, call);
    change.put(submissionRef(owner), submission, 'new', { expiresAtEpochSeconds });
    const parameters = { form: submission.form, token, expiresAt };
    queueNotice(change, { to: owner, template: 'form-confirm', parameters }, call);
    beside?.(change);
    change.activity({ event: 'form.submitted', subject: owner, detail: { form: submission.form } });
  });
}

type Waiting<K extends FormKind> = Pick<Stored<typeof submissionEntity>, 'ref' | 'version'> & {
  readonly value: SubmissionOf<K>;
};

/** What a link that confirms an address leads to. Throws `link-not-found` when its two days are over. */
export async function waitingSubmission<K extends FormKind>(owner: Owner, form: K, call: Call): Promise<Waiting<K>> {
  const stored = await call.records.get(submissionRef(owner));
  if (stored?.value.form !== form) throw new Problem('link-not-found');
  return stored as Waiting<K>;
}

/**
 * The address is theirs: from now on mail goes there, and the organisation's end finds them (four writes). The caller
 * adds what was sent itself, and the activity record.
 */
export function settle(change: Change, { ref, value, version }: Waiting<FormKind>): void {
  const { owner } = ref;
  const { email, language } = value;
  change
    .remove(ref, { version })
    .put(replyAddressRef(owner.controller, requestIdOf(owner)), { email, language, fromForm: true }, 'new')
    .point(dependantPointers.subject(organisationOwner(organisationOf(owner)), requestIdOf(owner)));
}

/** A link to a page with what the outsider has sent; two writes. */
export const makeOwnLink = (change: Change, owner: Owner, call: Pick<Call, 'now'>) =>
  makeLink(change, { purpose: 'own-form', owner, validForSeconds: OWN_LINK_SECONDS }, call);

/**
 * Ends an outsider: the records go at once; the address, and with it every mail that still waits (it finds none), goes
 * with the keys within minutes. The caller adds the activity record.
 */
export function end(
  change: Change,
  {
    owner,
    records,
    rows,
  }: {
    owner: Owner;
    records: readonly Pick<Stored<EntityDeclaration>, 'ref' | 'version'>[];
    rows: readonly PointerKey[];
  },
  cause: Cause,
  call: Pick<Call, 'now' | 'newId'>,
): void {
  const holder = organisationOwner(organisationOf(owner));
  // The address lies where nobody but the worker of erasures may remove anything (`rights:erase`): it goes with the keys.
  for (const { ref, version } of records) change.remove(ref, { version });
  for (const row of rows) change.unpoint(row);
  change.unpoint(dependantPointers.subject(holder, requestIdOf(owner)));
  orderErasure(change, { id: call.newId('ers'), owner, of: holder, cause }, call.now);
}

const requestIdOf = ({ subject }: Owner) => RequestId.parse(subject);
