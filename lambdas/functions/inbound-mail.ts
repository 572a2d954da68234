import type { EventBridgeEvent } from 'aws-lambda';
import { type MailRoom, takeIn } from '../features/inbound-mail/take-in.ts';
import { env } from '../platform/env.ts';
import { fileVault } from '../platform/file-vault.ts';
import { filesClient } from '../platform/files.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
const mails = quarantine(quarantineClient(), env('QUARANTINE_BUCKET'));
const vault = fileVault(filesClient(), env('FILES_BUCKET'));
type ObjectCreated = EventBridgeEvent<'Object Created', { readonly object: { readonly key: string } }>;

/** Takes in a mail that SES has laid down (S3's event by EventBridge). */
async function work({ detail }: ObjectCreated, { awsRequestId: requestId }: { readonly awsRequestId: string }) {
  const room: MailRoom = {
    mails,
    vault,
    domain: env('INBOUND_MAIL_DOMAIN'),
    openCall: () => systemCall(store, 'inbound-mail', requestId),
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  };
  return { outcome: await takeIn(detail.object.key, room) };
}

export const handler = whileOpen(store, work);
