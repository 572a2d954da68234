import { randomBytes } from 'node:crypto';
import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import { CODE_CHARACTERS, organisationCode } from './code.ts';
import type { OrganisationStore } from './handlers.ts';
import { type Organisation, organisationOwner, organisationPointers, organisationRef } from './organisation.ts';

export const organisationStore: OrganisationStore = {
  find: (organisationId, { records }) => records.get(organisationRef(organisationId)),

  async save(before, after, { records }) {
    const fields = (Object.keys(after) as (keyof Organisation)[]).filter((key) => after[key] !== before.value[key]);
    const change = records
      .change()
      .put(before.ref, after, { version: before.version })
      .activity({
        event: 'organisation.changed',
        subject: before.ref.owner,
        detail: { fields: fields.join(' ') },
      });
    if (after.timeZone !== before.value.timeZone) pointAll(change, after);
    await change.commit();
  },

  code: (organisationId, call) => codeOf(organisationId, call),

  async renewCode(organisationId, call) {
    const old = await codeOf(organisationId, call);
    const change = call.records.change();
    // Of two who renew at once the second finds the old code gone, and tries again with the new one.
    if (old !== undefined) change.unpoint(organisationPointers.code(old), { ifPresent: meanwhile });
    const code = newCode();
    pointCode(change, organisationId, code);
    return change
      .activity({ event: 'organisation.code-renewed', subject: organisationOwner(organisationId) })
      .commit({ code });
  },
};

async function codeOf(organisationId: OrganisationId, { records }: Call): Promise<string | undefined> {
  const [pointer] = await records.pointersAt([organisationPointers.ownCode(organisationId)]);
  const code = pointer?.attributes?.['code'];
  return typeof code === 'string' ? code : undefined;
}

export const newCode = (): string => organisationCode(randomBytes(CODE_CHARACTERS));

const meanwhile = () => new StaleVersion('The code was renewed meanwhile');

/** The organisation where the clocks find it, with the zone that its days are counted in. */
export const pointAll = (change: Change, { id, timeZone }: Organisation): Change =>
  change.point({ ...organisationPointers.all(id), attributes: { timeZone } });

/** A code that another organisation has is never taken over: two writes. */
export const pointCode = (change: Change, organisationId: OrganisationId, code: string): Change =>
  change
    .point({ ...organisationPointers.code(code), attributes: { organisationId } }, { ifNew: meanwhile })
    .point({ ...organisationPointers.ownCode(organisationId), attributes: { code } });
