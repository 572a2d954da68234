import type { Call } from '../../http/call.ts';
import { RequestId } from '../../http/ids.ts';
import type { Stored } from '../../platform/records.ts';
import { findLink, type Link } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { type Claim, type claimEntity, claimRef } from './claim.ts';
import type { ClaimStore } from './handlers.ts';

export const claimStore: ClaimStore = {
  async ofLink(link, call) {
    return claimBehind(link, call);
  },

  async ofToken(token, call) {
    const link = await findLink(call.records, token);
    return link && claimBehind(link, call);
  },

  async mailCode(stored, { claim, code, expiresAt }, call) {
    const { owner } = stored.ref;
    const change = call.records.change();
    replaceClaim(change, stored, claim);
    queueNotice(change, { to: owner, template: 'claim-code', parameters: { code, expiresAt } }, call);
    await change
      .activity({ event: 'claim.code-mailed', subject: owner, detail: { codesMailed: claim.codesMailed } })
      .commit();
  },

  async saveTry(stored, after, wasRight, { records }) {
    const change = replaceClaim(records.change(), stored, after);
    await change
      .activity({ event: wasRight ? 'claim.opened' : 'claim.code-refused', subject: stored.ref.owner })
      .commit();
  },

  async recordCertificateFetch({ ref, value }, { records }) {
    await records
      .change()
      .activity({ event: 'claim.certificate-fetched', subject: ref.owner, about: [value.subject] })
      .commit();
  },
};

async function claimBehind(link: Link, { records }: Call): Promise<Stored<typeof claimEntity> | undefined> {
  const requestId = RequestId.safeParse(link.owner.subject);
  if (link.purpose !== 'claim-answer' || !requestId.success) return undefined;
  return records.get(claimRef(link.owner.controller, requestId.data));
}

function replaceClaim(
  change: ReturnType<Call['records']['change']>,
  { ref, version, expiresAtEpochSeconds }: Stored<typeof claimEntity>,
  after: Claim,
) {
  const options = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
  return change.put(ref, after, { version }, options);
}
