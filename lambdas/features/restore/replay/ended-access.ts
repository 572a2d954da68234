import { PersonId, RoleId, ServiceClientId, WebhookId } from '../../../http/ids.ts';
import type { Change } from '../../../platform/records.ts';
import { rolePointers, roleRef } from '../../access/role.ts';
import { accountLinkEntity, accountRef } from '../../accounts/account.ts';
import { Block } from '../../people/person.ts';
import { addBlock, blockRef, linkRef, personRef } from '../../people/writes.ts';
import { belongingsOf, endClient } from '../../service-clients/ending.ts';
import { overtaken, serviceClientRef } from '../../service-clients/service-client.ts';
import type { ActivityEntry } from '../../transparency/leaf.ts';
import { disabledReasons, webhookRef } from '../../webhooks/webhook.ts';
import type { StepContext } from '../step.ts';

interface Ending {
  /** Undefined where it stands as it should. */
  end(entry: ActivityEntry, context: StepContext): Promise<Change | undefined>;
  /** The event by which it was taken back. */
  readonly undoneBy?: string;
}

/** Who was to come in no longer: what the restored tables would let in again. By the events of the activity log. */
const endings: Readonly<Record<string, Ending>> = {
  'block.set': { end: blockAgain, undoneBy: 'block.lifted' },
  'role.ended': { end: endRole },
  'service-client.ended': { end: endProgram },
  'service-client.secret-renewed': { end: endSecrets },
  'webhook.changed': { end: turnOff, undoneBy: 'webhook.changed' },
  'webhook.disabled': { end: turnOff, undoneBy: 'webhook.changed' },
};

/** Ends it where it stands open again; answers whether it did. Doing it twice changes nothing more. */
export async function endAccess(
  entry: ActivityEntry,
  isSince: (event: string) => boolean,
  context: StepContext,
): Promise<boolean> {
  const { controller, subject, event, about = [] } = entry;
  const ending = endings[event];
  if (!ending || (ending.undoneBy !== undefined && isSince(ending.undoneBy))) return false;
  const change = await ending.end(entry, context);
  if (!change) return false;
  await change.activity({ event: 'restore.access-ended', subject: { controller, subject }, about }).commit();
  return true;
}

/** The record says no more than the log does. Whoever came after the backup is not there: nothing leads to them. */
async function blockAgain({ controller, subject, about, at, detail }: ActivityEntry, { openCall }: StepContext) {
  if (controller === 'operator') return undefined;
  const [childId, otherId] = [PersonId.parse(subject), PersonId.parse(about?.[0])];
  const { records } = openCall(true);
  const [child, other, block, link, linkBack] = await records.together([
    personRef(controller, childId),
    personRef(controller, otherId),
    blockRef(controller, childId, otherId),
    linkRef(controller, childId, otherId),
    linkRef(controller, otherId, childId),
  ]);
  if (!child || !other || block) return undefined;
  const change = records.change();
  const since = at.slice(0, 'yyyy-mm-dd'.length);
  const again = Block.parse({ personId: otherId, basis: detail?.['basis'], since });
  addBlock(change, controller, childId, again, { block, link, linkBack });
  return change;
}

async function endRole({ controller, subject, about }: ActivityEntry, { openCall }: StepContext) {
  const [personId, roleId] = [PersonId.parse(subject), RoleId.parse(about?.[0])];
  const { records } = openCall(true);
  const ref = roleRef(controller, personId, roleId);
  const [role, link] = await records.together([ref, { entity: accountLinkEntity, owner: ref.owner }]);
  if (!role || role.value.state === 'ended') return undefined;
  const change = records
    .change()
    .put(role.ref, { ...role.value, state: 'ended' }, { version: role.version })
    .unpoint(rolePointers.inOrganisation(controller, roleId));
  return link ? change.unpoint(rolePointers.ofAccount(link.value.accountId, controller, roleId)) : change;
}

/** Cognito's user went when it was ended, and stays so. Lookup is rebuilt after this, and finds no account. */
async function endProgram({ controller, about }: ActivityEntry, { openCall }: StepContext) {
  if (controller === 'operator') return undefined;
  const { records } = openCall(true);
  const client = await records.get(serviceClientRef(controller, ServiceClientId.parse(about?.[0])));
  if (!client) return undefined;
  const change = records.change();
  endClient(change, controller, client, await belongingsOf(controller, client.value, records));
  return change;
}

/** Nothing is sent to where somebody, or its silence, had ended that; who changed it last says whether. */
async function turnOff({ controller, about, event, detail }: ActivityEntry, { openCall }: StepContext) {
  const isOff = event === 'webhook.disabled' || detail?.['state'] === 'disabled';
  if (controller === 'operator' || !isOff) return undefined;
  const { records } = openCall(true);
  const webhook = await records.get(webhookRef(controller, WebhookId.parse(about?.[0])));
  if (!webhook || webhook.value.state === 'disabled') return undefined;
  const reason = disabledReasons.find((one) => one === detail?.['reason']) ?? 'by-administrator';
  const after = { ...webhook.value, state: 'disabled', disabledReason: reason } as const;
  return records.change().put(webhook.ref, after, { version: webhook.version });
}

/** The secret that came instead is lost: an administrator makes another. What was to be refused is refused. */
async function endSecrets({ controller, about, at, detail }: ActivityEntry, { openCall }: StepContext) {
  if (controller === 'operator') return undefined;
  const { records } = openCall(true);
  const client = await records.get(serviceClientRef(controller, ServiceClientId.parse(about?.[0])));
  if (!client) return undefined;
  const endedOthers = detail?.['endsTokens'] === true;
  const secrets = overtaken(client.value, { at, endedOthers });
  if (secrets.every(({ until }, i) => until === client.value.secrets[i]?.until)) return undefined;
  const change = records.change().put(client.ref, { ...client.value, secrets }, { version: client.version });
  const account = endedOthers ? await records.get(accountRef(client.value.accountId)) : undefined;
  if (!account) return change;
  const notBeforeEpochSeconds = Math.max(account.value.notBeforeEpochSeconds, Math.floor(Date.parse(at) / 1000) + 1);
  return change.put(account.ref, { ...account.value, notBeforeEpochSeconds }, { version: account.version });
}
