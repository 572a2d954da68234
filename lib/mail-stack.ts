import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  Identity,
  MailFromBehaviorOnMxFailure,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { mailFromDomain } from './mail-dns.ts';
import type { Stage } from './stages.ts';

/**
 * The address that mail comes from. A stack of its own, deployed first: the user pool refuses a sender whose domain is
 * not verified yet, and its DKIM records can be published only once the identity exists.
 */
export class MailStack extends Stack {
  readonly sender: string;
  /** The bare address inside the sender, as `ses:FromAddress` compares it. */
  readonly senderAddress: string;
  readonly domain: string;
  readonly configurationSetName: string;
  /** What sending touches: the domain and its configuration set. */
  readonly identityArns: readonly string[];

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, props);
    this.domain = stage.mail.domain;
    this.sender = stage.mail.sender;
    this.senderAddress = addressIn(stage.mail.sender);
    this.configurationSetName = `vern-${stage.name}`;

    const configurationSet = new ConfigurationSet(this, 'Sending', {
      configurationSetName: this.configurationSetName,
      // AT-10, FW-10: a receiver without TLS gets no mail at all.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      // SES keeps no mail for an address that has bounced for good, or whose owner has complained, and says so in an event.
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    new EmailIdentity(this, 'Domain', {
      identity: Identity.domain(stage.mail.domain),
      // The default for every mail of the domain, also those that the user pool sends.
      configurationSet,
      dkimSigning: true,
      dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain: mailFromDomain(stage),
      // Rather no mail than mail in SES's own name, which the domain's DMARC record does not cover.
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.REJECT_MESSAGE,
      // What becomes of a mail is told to the topic alone: a mailbox of bounces would be a list of people's addresses.
      feedbackForwarding: false,
    });
    const ses = (resource: string) => this.formatArn({ service: 'ses', resource, resourceName: '' }).replace(/\/$/, '');
    this.identityArns = [ses(`identity/${this.domain}`), ses(`configuration-set/${this.configurationSetName}`)];
  }
}

function addressIn(sender: string): string {
  return /<([^<>]+)>$/.exec(sender)?.[1] ?? sender;
}
