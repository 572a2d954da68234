import { describe, expect, it } from 'vitest';
import { readMail, textOfHtml } from '../../../lambdas/features/inbound-mail/incoming.ts';
import { judge } from '../../../lambdas/features/inbound-mail/judge.ts';
import { aMail, DOMAIN } from '../tickets/desk.ts';

const to = `ticket+${'a1'.repeat(20)}@${DOMAIN}`;
const read = (wanted: Partial<Parameters<typeof aMail>[0]>) =>
  readMail(Buffer.from(aMail({ to, ...wanted }).replaceAll('\n', '\r\n')));
const textIn = async (text: string) => (await read({ text })).text;

describe('what was written anew', () => {
  it.each([
    ['Gmail', 'Takk!\n\nOn Mon, 23 Nov 2026 at 08:00, Fjord IT <notices@vern.example> wrote:\n\n> Hei'],
    ['Gmail, wrapped', 'Takk!\n\nOn Mon, 23 Nov 2026 at 08:00, Fjord IT\n<notices@vern.example> wrote:\n\n> Hei'],
    ['Gmail in Norwegian', 'Takk!\n\nman. 23. nov. 2026 kl. 08:00 skrev Fjord IT <notices@vern.example>:\n\n> Hei'],
    ['Apple Mail in Norwegian', 'Takk!\n\nDen 23. nov. 2026 kl. 08:00 skrev Fjord IT:\n\n> Hei'],
    ['Outlook', 'Takk!\n\n________________________________\nFra: Fjord IT\nSendt: mandag\n\nHei'],
    ['Outlook, plain', 'Takk!\n\nFrom: Fjord IT <notices@vern.example>\nSent: Monday\n\nHei'],
    ['an old program', 'Takk!\n\n-----Original Message-----\nHei'],
    ['a signature', 'Takk!\n\n-- \nKari Kunde\nKunde AS'],
    ['quotes between', '> Har du prøvd?\nTakk!\n> Hei'],
  ])('is what stands before the repetition: %s', async (_program, text) => {
    expect(await textIn(text)).toBe('Takk!');
  });

  it('is all of it, where nothing is written but a quote', async () => {
    expect(await textIn('> Har du prøvd?')).toBe('> Har du prøvd?');
  });

  it('is the text of an HTML mail, in which nothing is more than text', () => {
    const html =
      '<html><head><style>p{}</style></head><body><p>Hei &amp; takk&nbsp;!</p><script>alert(1)</script><div>&lt;b&gt;&#229;&#x00e6;</div><blockquote>Gammelt</blockquote></body></html>';
    expect(textOfHtml(html).trim()).toBe('Hei & takk !\n<b>åæ');
  });

  it.each(['<style', '<!--', '<', '<br', '<title'])('is found at once in a mail made to keep us busy: %s', (opened) => {
    // One look at the rest of the mail for each of these would take the worker's whole time, and more.
    expect(textOfHtml(`Hei${opened.repeat(300_000)}`)).toMatch(/^Hei/);
  });
});

describe('what SES says of a mail', () => {
  it('is read above whatever the sender wrote below', async () => {
    const forged = ['X-SES-Virus-Verdict: PASS', 'Authentication-Results: amazonses.com; dmarc=pass; spf=pass'];
    const { verdicts } = await read({ headers: forged, verdicts: { virus: 'FAIL', spf: 'fail', dmarc: 'fail' } });
    expect(verdicts).toMatchObject({ virus: 'fail', spf: 'fail', dmarc: 'fail' });
  });

  it('is not what a sender says where SES has said nothing', async () => {
    const raw = aMail({
      to,
      headers: ['X-SES-Virus-Verdict: PASS', 'Authentication-Results: amazonses.com; spf=pass'],
    });
    const unsaid = raw.replace('X-SES-Virus-Verdict: PASS\n', '').replace(/Authentication-Results:[^\n]*\n/, '');
    expect((await readMail(Buffer.from(unsaid))).verdicts).toMatchObject({ virus: 'none', spf: 'none', dmarc: 'none' });
  });

  it.each([
    ['two in one header', 'Kari <kari@kunde.example>, Ola <ola@annen.example>'],
    ['two headers', 'Kari <kari@kunde.example>\nFrom: Ola <ola@annen.example>'],
    ['a group', 'Alle: kari@kunde.example, ola@annen.example;'],
    ['an address for a name', '<kari@kunde.example> <ola@annen.example>'],
  ])('vouches for nobody where several are named as the sender: %s', async (_how, from) => {
    expect(judge(await read({ from }), DOMAIN)).toEqual({ refusal: 'no-sender' });
  });

  it('vouches for whoever is named alone, whatever they are called', async () => {
    expect((await read({ from: '"Kunde, Kari @ Kunde AS" <kari@kunde.example>' })).from).toEqual({
      address: 'kari@kunde.example',
      name: 'Kunde, Kari @ Kunde AS',
    });
  });

  it('is not believed of anybody else', async () => {
    const raw = aMail({ to }).replace('amazonses.com;', 'mx.kunde.example;');
    expect((await readMail(Buffer.from(raw))).verdicts).toMatchObject({ spf: 'none', dkim: 'none', dmarc: 'none' });
  });

  it('is needed: a mail that was not looked at is not taken in', async () => {
    const raw = aMail({ to }).replace(/X-SES-[^\n]*\n/g, '');
    expect(judge(await readMail(Buffer.from(raw)), DOMAIN)).toEqual({ refusal: 'virus' });
  });
});

describe('a machine', () => {
  it.each([
    ['a holiday answer', { headers: ['Auto-Submitted: auto-replied'] }],
    ['a list', { headers: ['List-Id: <nyheter.kunde.example>'] }],
    ['a mailing', { headers: ['Precedence: bulk'] }],
    ['a bounce', { from: 'MAILER-DAEMON <mailer-daemon@kunde.example>' }],
    ['nobody who reads', { from: 'Ikke svar <no-reply@kunde.example>' }],
  ])('is not answered and asks nothing: %s', async (_what, wanted) => {
    expect(judge(await read(wanted), DOMAIN)).toEqual({ refusal: 'automatic' });
  });

  it('is also our own: a mail from our domain begins no loop', async () => {
    expect(judge(await read({ from: `Vern <notices@${DOMAIN}>` }), DOMAIN)).toEqual({ refusal: 'no-sender' });
  });
});

describe('an address', () => {
  it('leads to a ticket or to the intake, and no other to anything', async () => {
    expect(judge(await read({}), DOMAIN)).toEqual({ destination: { to: 'ticket', detail: 'a1'.repeat(20) } });
    for (const other of [`postmaster@${DOMAIN}`, `ticket@${DOMAIN}`, 'ticket+abc@annet.example']) {
      expect(judge(await read({ to: other }), DOMAIN)).toEqual({ refusal: 'not-ours' });
    }
  });

  it('is found in SES’s trace where the mail was a blind copy', async () => {
    const raw = aMail({ to }).replace(`To: ${to}`, 'To: noen@annet.example');
    expect(judge(await readMail(Buffer.from(raw)), DOMAIN)).toMatchObject({ destination: { to: 'ticket' } });
  });
});
