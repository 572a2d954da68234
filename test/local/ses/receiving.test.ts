import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { receiptRulesOf, receiving } from '../../../local/ses/receiving.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { aFolder, aFunction, anAssembly } from '../fixtures/assembly.ts';
import { aCloud, recordingHandler } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';

const patiently = { timeout: 10_000 };
const clock = { now: () => Date.parse('2026-11-22T12:00:00Z'), offsetMilliseconds: 0 };
const raw = Buffer.from(
  'From: Ola <ola@example.org>\r\nTo: ticket+abc@inbound.test\r\nSubject: Hjelp\r\n\r\nDen virker ikke.\r\n',
);

const rule = (Rule: object) => ({
  Type: 'AWS::SES::ReceiptRule',
  Properties: { RuleSetName: 'set', Rule: { Enabled: true, ...Rule } },
});
const intoMail = [{ S3Action: { BucketName: 'quarantine', ObjectKeyPrefix: 'mail/' } }];

function rulesOf(resources: Readonly<Record<string, unknown>>) {
  return receiptRulesOf(readTemplate(readAssembly(anAssembly([{ resources }])), { api: '', sqs: '' }));
}

describe('the rules of a rule set', () => {
  it.each([
    ['a domain takes its own addresses', ['inbound.test'], 'A@Inbound.test', true],
    ['a domain takes no subdomain’s', ['inbound.test'], 'a@x.inbound.test', false],
    ['a dot takes the subdomains’', ['.inbound.test'], 'a@x.inbound.test', true],
    ['an address takes itself', ['help@inbound.test'], 'help@inbound.test', true],
    ['an address takes no other', ['help@inbound.test'], 'other@inbound.test', false],
    ['nothing named takes everything', [], 'a@anywhere.test', true],
  ])('%s', (_, Recipients, to, isTaken) => {
    const rules = rulesOf({ Rule: rule({ Recipients, Actions: intoMail }) });
    expect(receiving(rules, clock, async () => {}).takes(to)).toBe(isTaken);
  });

  it('that are switched off take nothing, and an action that is not played is refused', () => {
    expect(rulesOf({ Rule: rule({ Enabled: false, Actions: intoMail }) })).toEqual([]);
    expect(() => rulesOf({ Rule: rule({ Actions: [{ BounceAction: {} }] }) })).toThrow('S3Action, not BounceAction');
  });
});

describe('a mail that comes in', () => {
  it('is kept as it came, below what SES writes of it', async () => {
    const kept: [string, string, string][] = [];
    const rules = rulesOf({ Rule: rule({ Recipients: ['inbound.test'], Actions: intoMail }) });
    const mail = receiving(rules, clock, async (bucket, key, body) => void kept.push([bucket, key, body.toString()]));
    const to = 'ticket+abc@inbound.test';
    const id = await mail.receive({ from: 'ola@example.org', to, raw, verdicts: { spam: 'FAIL', dmarc: 'fail' } });
    expect(kept.map(([bucket, key]) => [bucket, key])).toEqual([['quarantine', `mail/${id}`]]);
    const text = kept[0]?.[2] ?? '';
    expect(text.endsWith(raw.toString())).toBe(true);
    const trace = text
      .slice(0, -raw.length)
      .replace(/\r\n(?=[ \t])/g, '')
      .split('\r\n');
    expect(trace.map((line) => line.split(':')[0])).toEqual([
      'Return-Path',
      'Received',
      'X-SES-Spam-Verdict',
      'X-SES-Virus-Verdict',
      'Received-SPF',
      'Authentication-Results',
      'X-SES-RECEIPT',
      '',
    ]);
    expect(trace).toContain('X-SES-Spam-Verdict: FAIL');
    expect(trace[1]).toContain(`for ${to}; Sun, 22 Nov 2026 12:00:00 +0000`);
    expect(trace[5]).toMatch(/^Authentication-Results: amazonses\.com; spf=pass .*dkim=pass .*dmarc=fail/);
  });

  it('is posted to the mailbox from outside, or sent by the service itself, and wakes the worker', async () => {
    const file = join(aFolder(), 'events');
    const cloud = await aCloud(
      {
        resources: {
          Quarantine: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              BucketName: 'quarantine',
              NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
            },
          },
          Rules: { Type: 'AWS::SES::ReceiptRuleSet', Properties: { RuleSetName: 'set' } },
          Rule: rule({ Recipients: ['inbound.test'], Actions: intoMail }),
          Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
          Created: {
            Type: 'AWS::Events::Rule',
            Properties: {
              EventPattern: { 'detail-type': ['Object Created'], detail: { object: { key: [{ prefix: 'mail/' }] } } },
              Targets: [{ Id: 'one', Arn: { 'Fn::GetAtt': ['Watcher', 'Arn'] } }],
            },
          },
        },
      },
      { watcher: recordingHandler() },
    );
    const { mailbox, ses, s3, accessKeyId, secretAccessKey } = cloud.endpoints;
    const post = (query: string) => fetch(`${mailbox}/inbound?${query}`, { method: 'POST', body: raw });
    const posted = await post('to=ticket%2Babc@inbound.test&virus=FAIL');
    const id = await posted.text();
    expect([posted.status, id]).toEqual([200, expect.stringMatching(/^\w{40}$/)]);
    expect((await post('to=nobody@elsewhere.test')).status).toBe(404);
    expect((await post('to=ticket@inbound.test&dkim=perhaps')).status).toBe(400);
    const fromElsewhere = { method: 'POST', body: raw, headers: { origin: 'https://evil.example' } };
    expect((await fetch(`${mailbox}/inbound?to=ticket@inbound.test`, fromElsewhere)).status).toBe(403);

    const form = { Action: 'SendRawEmail', 'RawMessage.Data': raw.toString('base64') };
    expect((await fetch(ses, { method: 'POST', body: new URLSearchParams(form) })).status).toBe(200);
    const keys = () => recorded<{ detail: { object: { key: string } } }>(file).map(({ detail }) => detail.object.key);
    await expect.poll(keys, patiently).toHaveLength(2);
    expect(keys()).toContain(`mail/${id}`);
    const client = new S3Client({ endpoint: s3, region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'quarantine', Key: `mail/${id}` }));
    const text = (await Body?.transformToString()) ?? '';
    expect(text).toContain('X-SES-Virus-Verdict: FAIL');
    expect(text.endsWith(raw.toString())).toBe(true);
  });
});
