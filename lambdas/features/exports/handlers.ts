import { createPublicKey, createVerify } from 'node:crypto';
import type { Profile } from '../../access/roles.ts';
import type { AccountCaller, Call } from '../../http/call.ts';
import type { ExportId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { Signer } from '../../platform/signing.ts';
import { fieldsNotHeld } from '../people/person.ts';
import { isPictureHeld } from '../pictures/picture.ts';
import { downloadOf, type ExportFiles } from './download.ts';
import type { ExportRecord, exportEntity, TextDecision } from './export.ts';
import { type SignedPortable, signedBytes } from './portable.ts';
import { type Carried, carriedFrom } from './portable-person.ts';
import type { Export, ExportToLookThrough, exportRoutes, PortableImported } from './routes.ts';
import type { Text } from './texts.ts';

export type StoredExport = Stored<typeof exportEntity>;

export interface ExportStore {
  /** The exports that the account may fetch now, their own and their children's. */
  mine(account: AccountCaller, call: Call): Promise<StoredExport[]>;
  /** One that waits to be looked through, whom a block does not keep the caller from, and its texts as they are now. */
  toLookThrough(
    of: { readonly organisationId: OrganisationId; readonly exportId: ExportId },
    call: Call,
  ): Promise<{ readonly stored: StoredExport; readonly texts: readonly Text[] } | undefined>;
  /** That the texts were seen is recorded before they leave. */
  recordLook(stored: StoredExport, call: Call): Promise<void>;
  release(stored: StoredExport, decisions: readonly TextDecision[], call: Call): Promise<void>;
  profileOf(organisationId: OrganisationId, call: Call): Promise<Profile>;
  /** Throws `email-taken`. */
  add(carried: Carried, answer: PortableImported, call: Call): Promise<PortableImported>;
}

export const exportHandlers = (
  exports: ExportStore,
  files: ExportFiles,
  signer: Pick<Signer, 'publicKey'>,
): HandlersFor<typeof exportRoutes, Call> => ({
  async listMyExports(_, call) {
    const mine = await exports.mine(callerOf(call), call);
    return { items: mine.map((stored) => answerOf(stored)) };
  },

  async downloadMyExport({ params }, call) {
    const mine = await exports.mine(callerOf(call), call);
    const stored = mine.find(({ value }) => value.id === params.exportId);
    const download = stored && (await downloadOf(stored, files, call));
    if (!download) throw new Problem('export-not-found');
    return download;
  },

  async lookThroughExport({ params }, call) {
    const { stored, texts } = await toLookThrough(exports, params, call);
    await exports.recordLook(stored, call);
    return lookAnswer(stored, texts);
  },

  async releaseExport({ params, body }, call) {
    const { stored, texts } = await toLookThrough(exports, params, call);
    if (stored.value.state !== 'awaiting-redaction') throw new Problem('wrong-state');
    demandOneDecisionEach(texts, body.decisions);
    await exports.release(stored, body.decisions, call);
    return { ...lookAnswer(stored, texts), state: 'ordered' };
  },

  async importPortable({ params: { organisationId }, body }, call) {
    await demandSignature(body, signer);
    const { portable } = body;
    if (!portable.data.person || portable.origin.id === 'operator') {
      throw new Problem('portable-refused', 'The file holds no person of an organisation.');
    }
    const profile = await exports.profileOf(organisationId, call);
    const personId = call.newId('per');
    const carried = carriedFrom(portable, {
      organisationId,
      personId,
      now: call.now,
      fieldsNotHeld,
      isPictureHeld: (kind) => isPictureHeld(profile, kind),
    });
    return exports.add(carried, { personId, leftOut: [...carried.leftOut] }, call);
  },
});

function callerOf({ account }: Call): AccountCaller {
  if (!account) throw new Error('The chain lets nobody else through');
  return account;
}

async function toLookThrough(
  exports: ExportStore,
  of: { readonly organisationId: OrganisationId; readonly exportId: ExportId },
  call: Call,
) {
  const found = await exports.toLookThrough(of, call);
  if (!found) throw new Problem('export-not-found');
  return found;
}

/** Every text as it is now, and nothing else: what was changed meanwhile has to be read again. */
function demandOneDecisionEach(texts: readonly Text[], decisions: readonly TextDecision[]): void {
  const wanted = new Set(texts.map(({ digest }) => digest));
  const given = new Set(decisions.map(({ digest }) => digest));
  const isWhole =
    given.size === decisions.length && given.size === wanted.size && [...wanted].every((one) => given.has(one));
  if (!isWhole) throw new Problem('texts-changed');
}

async function demandSignature(
  { portable, signature }: SignedPortable,
  signer: Pick<Signer, 'publicKey'>,
): Promise<void> {
  const { keyId, spki } = await signer.publicKey();
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  const isOurs =
    signature.keyId === keyId &&
    createVerify('sha256').update(signedBytes(portable)).verify(key, Buffer.from(signature.value, 'base64url'));
  if (!isOurs) throw new Problem('portable-refused', 'The signature is not ours, or the file was changed.');
}

function answerOf({ ref, value }: StoredExport): Export {
  const { id, state, language, orderedAt, readyAt, expiresAt, bytes, subject } = value;
  const { controller } = ref.owner;
  return {
    id,
    ...(controller !== 'operator' && { organisationId: controller, personId: subject as PersonId }),
    state,
    language,
    orderedAt,
    ...(readyAt !== undefined && { readyAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(bytes !== undefined && { bytes }),
  };
}

const lookAnswer = ({ value }: { readonly value: ExportRecord }, texts: readonly Text[]): ExportToLookThrough => ({
  id: value.id,
  personId: value.subject as PersonId,
  state: value.state,
  texts: texts.map(({ entity, field, text, digest, label }) => ({ digest, record: entity, field, label, text })),
});
