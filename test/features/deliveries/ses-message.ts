/** An event as SES publishes it, with what else it says of a mail: headers, subject, and the bounce's own words. */
export function sesMessage(
  eventType: string,
  {
    tags = {},
    address = 'kari@example.org',
    at = '2026-11-23T07:00:05.000Z',
    detail = {},
    messageId = 'ses-1',
  }: {
    readonly tags?: Readonly<Record<string, readonly string[]>>;
    readonly address?: string;
    readonly at?: string;
    readonly detail?: object;
    readonly messageId?: string;
  },
): string {
  const { [eventType]: part } = parts(address, at);
  return JSON.stringify({
    eventType,
    mail: {
      timestamp: '2026-11-23T07:00:00.000Z',
      source: 'notices@vern.example',
      sourceArn: 'arn:aws:ses:eu-west-1:000000000000:identity/vern.example',
      sendingAccountId: '000000000000',
      messageId,
      destination: [address],
      headersTruncated: false,
      headers: [{ name: 'Subject', value: 'En melding venter på deg' }],
      commonHeaders: { to: [address], subject: 'En melding venter på deg' },
      tags: { 'ses:configuration-set': ['vern'], ...tags },
    },
    ...(part && { [part.name]: { ...part.value, ...detail } }),
  });
}

const parts = (address: string, timestamp: string): Record<string, { name: string; value: object }> => ({
  Send: { name: 'send', value: {} },
  Delivery: { name: 'delivery', value: { timestamp, recipients: [address], smtpResponse: '250 2.0.0 OK' } },
  DeliveryDelay: {
    name: 'deliveryDelay',
    value: { timestamp, delayType: 'MailboxFull', delayedRecipients: [{ emailAddress: address }] },
  },
  Bounce: {
    name: 'bounce',
    value: {
      timestamp,
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: address, diagnosticCode: 'smtp; 550 5.1.1 Kari does not live here' }],
    },
  },
  Complaint: {
    name: 'complaint',
    value: {
      timestamp,
      complaintSubType: null,
      complaintFeedbackType: 'abuse',
      complainedRecipients: [{ emailAddress: address }],
    },
  },
  Reject: { name: 'reject', value: { reason: 'Bad content' } },
  'Rendering Failure': { name: 'failure', value: { errorMessage: 'no such attribute', templateName: 'none' } },
  Open: { name: 'open', value: { timestamp, ipAddress: '203.0.113.9' } },
});
