import {
  DescribeActiveReceiptRuleSetCommand,
  type SESClient,
  SetActiveReceiptRuleSetCommand,
} from '@aws-sdk/client-ses';
import { receiptRuleSetName } from '../lib/constructs/inbound-mail.ts';
import { inboundMailDomain } from '../lib/mail-dns.ts';
import { stageNamed } from '../lib/stages.ts';
import type { Tell } from './ops-restore.ts';

/**
 * Makes the stage's rule set the active one, which CloudFormation cannot. An account has one in a region: where another is
 * active, mail goes by it, so that one is left alone. True when the stage's is active in the end.
 */
export async function receiveMail(stageName: string, client: Pick<SESClient, 'send'>, tell: Tell): Promise<boolean> {
  const stage = stageNamed(stageName);
  const ours = receiptRuleSetName(stage);
  const { Metadata } = await client.send(new DescribeActiveReceiptRuleSetCommand({}));
  if (Metadata?.Name !== undefined && Metadata.Name !== ours) {
    tell(`Mail of this account goes by the rule set ${Metadata.Name}: nothing was changed.`);
    tell('Give the stage an account of its own, or move those rules first.');
    return false;
  }
  if (Metadata?.Name === undefined) await client.send(new SetActiveReceiptRuleSetCommand({ RuleSetName: ours }));
  tell(`Mail to ${inboundMailDomain(stage)} is received by the rule set ${ours}.`);
  return true;
}
