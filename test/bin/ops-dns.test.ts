import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTask } from '../../bin/ops.ts';
import { tellDnsRecords } from '../../bin/ops-dns.ts';
import { realClock } from '../../local/clock.ts';
import { startSes } from '../../local/ses/server.ts';

async function told(client?: Pick<SESv2Client, 'send'>): Promise<string[]> {
  const lines: string[] = [];
  await tellDnsRecords('prod', client, (line) => lines.push(line));
  return lines;
}

/** A client of an SES that knows these domains. */
async function sesWith(...names: string[]): Promise<SESv2Client> {
  const ses = await startSes({
    stateDir: mkdtempSync(join(tmpdir(), 'vern-dns-')),
    clock: realClock,
    emailIdentities: names.map((name) => ({
      name,
      dkimTokens: ['abc', 'def', 'ghi'],
      mailFromDomain: `mail.${name}`,
      configurationSetName: undefined,
    })),
  });
  onTestFinished(() => ses.close());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SESv2Client({ endpoint: ses.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
}

const records = (lines: readonly string[]) => lines.filter((line) => / IN (CNAME|MX|TXT) /.test(line));

describe('npm run ops -- dns', () => {
  it('prints, without asking anybody, where bounces go, who may send, and what becomes of a forgery', async () => {
    const lines = await told();
    expect(records(lines)).toEqual([
      'mail.vern.example. 3600 IN MX 10 feedback-smtp.eu-west-1.amazonses.com.',
      'mail.vern.example. 3600 IN TXT "v=spf1 include:amazonses.com -all"',
      '_dmarc.vern.example. 3600 IN TXT "v=DMARC1; p=reject; sp=reject; adkim=s; aspf=r; rua=mailto:alarms@vern.example"',
      'inbound.vern.example. 3600 IN MX 10 inbound-smtp.eu-west-1.amazonaws.com.',
    ]);
    expect(lines.join('\n')).toContain('DKIM records are not known yet');
  });

  it('adds the three of DKIM as soon as SES has made them, and says how SES sees the domain', async () => {
    const lines = await told(await sesWith('vern.example'));
    expect(records(lines)).toHaveLength(7);
    expect(records(lines).slice(4)).toEqual(
      ['abc', 'def', 'ghi'].map(
        (token) => `${token}._domainkey.vern.example. 3600 IN CNAME ${token}.dkim.amazonses.com.`,
      ),
    );
    expect(lines.at(-1)).toBe('As SES sees it: DKIM SUCCESS, MAIL FROM SUCCESS');
  });

  it('says what to deploy where SES does not know the domain', async () => {
    const lines = await told(await sesWith('other.example'));
    expect(records(lines)).toHaveLength(4);
    expect(lines.join('\n')).toContain('Deploy vern-prod-mail');
  });

  it('does not call a failure of AWS a missing domain', async () => {
    const away = { send: () => Promise.reject(new Error('no credentials')) };
    await expect(told(away as unknown as SESv2Client)).rejects.toThrow('no credentials');
  });
});

describe('the words of the command', () => {
  it('name a stage, and for dead letters whose', () => {
    expect(readTask(['dns', '--stage', 'prod', '--offline'])).toEqual({
      command: 'dns',
      stage: 'prod',
      stateDir: undefined,
      isOffline: true,
    });
    expect(readTask(['redrive', 'mail-events', '--state', '.vern'])).toEqual({
      command: 'redrive',
      stage: 'dev',
      stateDir: '.vern',
      what: 'mail-events',
    });
    expect(readTask(['restore-status'])).toBeUndefined();
  });

  it.each([
    [['redrive']],
    [['redrive', 'everything']],
    [['redrive', 'mail-events', 'now']],
    [['dns', 'mail-events']],
    [['dns', '--stage', 'nowhere']],
  ])('%j are refused', (args) => {
    expect(() => readTask(args)).toThrow();
  });
});
