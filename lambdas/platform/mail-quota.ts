import { GetSendQuotaCommand, type SESClient } from '@aws-sdk/client-ses';
import type { SendQuota } from '../features/distribution/quota.ts';

/** SES GetSendQuota. What SES leaves out counts as nothing: then nothing is sent, and the next look asks again. */
export async function readSendQuota(client: Pick<SESClient, 'send'>): Promise<SendQuota> {
  const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = await client.send(new GetSendQuotaCommand({}));
  return { maxPerSecond: MaxSendRate, max24Hour: Max24HourSend, sentLast24Hours: SentLast24Hours };
}
