import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient } from '@aws-sdk/client-ses';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readTask } from '../../bin/ops.ts';
import { receiveMail } from '../../bin/ops-receiving.ts';
import { realClock } from '../../local/clock.ts';
import { startSes } from '../../local/ses/server.ts';

/** An account whose active rule set is the named one. */
function anAccount(active: string | undefined) {
  const made: string[] = [];
  const told: string[] = [];
  const client = {
    async send({ input }: { input: { RuleSetName?: string } }) {
      if (input.RuleSetName !== undefined) made.push(input.RuleSetName);
      return active === undefined ? {} : { Metadata: { Name: active } };
    },
  } as unknown as Pick<SESClient, 'send'>;
  return { made, told, run: () => receiveMail('prod', client, (line) => told.push(line)) };
}

describe('npm run ops -- receive-mail', () => {
  it('makes the stage’s rule set the active one where none is', async () => {
    const { made, told, run } = anAccount(undefined);
    expect(await run()).toBe(true);
    expect(made).toEqual(['vern-prod']);
    expect(told).toEqual(['Mail to inbound.vern.example is received by the rule set vern-prod.']);
  });

  it('changes nothing where it is active already', async () => {
    const { made, run } = anAccount('vern-prod');
    expect(await run()).toBe(true);
    expect(made).toEqual([]);
  });

  it('leaves somebody else’s rules alone, and says whose they are', async () => {
    const { made, told, run } = anAccount('company-mail');
    expect(await run()).toBe(false);
    expect(made).toEqual([]);
    expect(told.join(' ')).toContain('company-mail');
  });

  it('finds it active on this machine, where the template’s is the only one', async () => {
    const ses = await startSes({
      stateDir: mkdtempSync(join(tmpdir(), 'vern-receiving-')),
      clock: realClock,
      receiptRuleSet: 'vern-prod',
    });
    onTestFinished(() => ses.close());
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new SESClient({ endpoint: ses.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
    expect(await receiveMail('prod', client, () => {})).toBe(true);
  });

  it('takes a stage and nothing else', () => {
    expect(readTask(['receive-mail', '--stage', 'prod'])).toMatchObject({ command: 'receive-mail', stage: 'prod' });
    expect(() => readTask(['receive-mail', 'now'])).toThrow();
    expect(() => readTask(['receive-mail', '--offline'])).toThrow();
  });
});
