import { SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { describe, expect, it } from 'vitest';
import { addressIn, type Mail, mailer } from '../../lambdas/platform/mail.ts';

const mail: Mail = {
  raw: Buffer.from('Subject: x\r\n\r\nx'),
  senderAddress: 'notices@vern.example',
  recipientAddress: 'kari@example.org',
  noticeId: 'ntc_01jd8m3v5c2w7x9y4z6a8b0c1d',
};

/** SES's answer, or its failure. */
const ses = (answer: object | Error) => {
  const sent: unknown[] = [];
  const client = {
    async send(command: unknown) {
      sent.push(command);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Parameters<typeof mailer>[0];
  return { client, sent };
};
const failure = (name: string, httpStatusCode: number) =>
  new SESServiceException({ name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode } });

describe('sending mail', () => {
  it('gives SES the recipient, the message and the notice’s id, nothing more (KP-08)', async () => {
    const { client, sent } = ses({ MessageId: 'ses-1' });
    expect(await mailer(client, 'vern-dev')(mail)).toEqual({ outcome: 'accepted', sesMessageId: 'ses-1' });
    expect(sent[0]).toBeInstanceOf(SendRawEmailCommand);
    expect((sent[0] as SendRawEmailCommand).input).toEqual({
      Source: 'notices@vern.example',
      Destinations: ['kari@example.org'],
      RawMessage: { Data: mail.raw },
      Tags: [{ Name: 'notice', Value: 'ntc_01jd8m3v5c2w7x9y4z6a8b0c1d' }],
      // What demands TLS and tells what became of it (AT-10, FW-10).
      ConfigurationSetName: 'vern-dev',
    });
  });

  it.each([
    ['refused', 'an address that can never work', failure('InvalidParameterValue', 400)],
    ['later', 'throttling', failure('Throttling', 400)],
    ['later', 'a paused account', failure('AccountSendingPausedException', 400)],
    ['later', 'a message rejected for our setup', failure('MessageRejected', 400)],
    ['unknown', 'a failure inside SES', failure('InternalFailure', 500)],
    ['unknown', 'a timeout', Object.assign(new Error('timed out'), { name: 'TimeoutError' })],
    ['unknown', 'an answer without an id', {}],
  ])('is %s after %s', async (outcome, _, answer) => {
    const { client, sent } = ses(answer);
    expect(await mailer(client)(mail)).toEqual({ outcome });
    expect(sent).toHaveLength(1);
  });

  const noConnection = () =>
    Object.assign(new Error('the request socket did not establish a connection with the server within 3000 ms'), {
      name: 'TimeoutError',
    });

  it('tries again at once while no connection came about: nothing was sent', async () => {
    let calls = 0;
    const client = {
      async send() {
        if (++calls < 3)
          throw calls === 1 ? noConnection() : Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
        return { MessageId: 'ses-1' };
      },
    } as unknown as Parameters<typeof mailer>[0];
    expect(await mailer(client)(mail)).toEqual({ outcome: 'accepted', sesMessageId: 'ses-1' });
  });

  it('leaves it for later, and not as unknown, when no connection comes about at all', async () => {
    const { client, sent } = ses(noConnection());
    expect(await mailer(client)(mail)).toEqual({ outcome: 'later' });
    expect(sent).toHaveLength(3);
  });

  it.each([
    ['Vern <notices@vern.example>', 'notices@vern.example'],
    ['notices@vern.example', 'notices@vern.example'],
  ])('finds the address in the sender %s', (sender, address) => {
    expect(addressIn(sender)).toBe(address);
  });
});
