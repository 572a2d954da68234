import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letterFor } from '../../../lambdas/features/notices/letters.ts';
import { mimeOf } from '../../../lambdas/features/notices/mime.ts';
import { type NoticeContent, noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { addStaff } from '../../../lambdas/features/platform-staff/store.ts';
import { entryHash } from '../../../lambdas/features/transparency/leaf.ts';
import { rootOf } from '../../../lambdas/features/transparency/merkle.ts';
import { verifyLog } from '../../../lambdas/features/transparency/verify.ts';
import { mailCheckpoints, type WitnessClock } from '../../../lambdas/features/transparency/witness.ts';
import { parseWitness, type Witness } from '../../../lambdas/features/transparency/witness-text.ts';
import type { AccountId, PersonId } from '../../../lambdas/http/ids.ts';
import type { ControllerId, Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { type ALog, aLog, aSigningKey, bundleOf, linesOf, reading, signedCheckpoint } from '../../trust/a-log.ts';
import { aHouse, type House } from '../retention/world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const KEYS_URL = 'https://api.vern.example/v1/proofs/keys';
// A Monday in winter: 06:00 in Oslo is 05:00 UTC.
const MONDAY = '2026-11-23';

/** A service whose clock of rights ticks over organisations with logs; `rows` counts what was asked of the log. */
async function aService() {
  const store: TestStore = await aStore(db.client, await db.createTables(), ['operator']);
  const logs = new Map<ControllerId, ALog>();
  const reports: unknown[] = [];
  const asked: ControllerId[] = [];
  const clock = (but: Partial<WitnessClock> = {}): WitnessClock => ({
    log: {
      async checkpoint(controller) {
        asked.push(controller);
        return logs.get(controller)?.signedAt(30);
      },
    },
    keysUrl: KEYS_URL,
    openCall: () => aCall(store),
    hasTimeLeft: () => true,
    report: (line) => reports.push(line),
    ...but,
  });
  return {
    store,
    logs,
    asked,
    reports,
    async customer(timeZone = 'Europe/Oslo'): Promise<House> {
      const house = await aHouse(db, { timeZone }, store);
      logs.set(house.organisationId, aLog({ events: 40 }));
      return house;
    },
    tickAt(at: string, but?: Partial<WitnessClock>) {
      store.clock = new Date(at);
      return mailCheckpoints(clock(but));
    },
    letters: async (to: Owner): Promise<NoticeContent[]> =>
      (await aCall(store).records.list(noticeEntity, to)).items.map(({ value }) => value.content as NoticeContent),
  };
}
const holderOf = async (house: House, role: 'privacy-officer' | 'administrator' | 'leader', but = {}) => {
  const personId = await house.person({ kind: 'staff', email: 'vern@example.org' });
  await house.role(personId, role, but);
  return ownerOf(house.organisationId, personId);
};

describe('the checkpoint of the week', () => {
  it('is mailed on Monday morning where the organisation is, and once', async () => {
    const service = await aService();
    const oslo = await holderOf(await service.customer(), 'privacy-officer');
    const azores = await holderOf(await service.customer('Atlantic/Azores'), 'privacy-officer');
    expect(await service.tickAt(`${MONDAY}T04:59:00Z`)).toEqual({ mailed: 0, failed: 0 });
    expect(await service.letters(oslo)).toEqual([]);
    expect(await service.tickAt(`${MONDAY}T05:00:00Z`)).toEqual({ mailed: 1, failed: 0 });
    expect(await service.letters(oslo)).toMatchObject([
      { template: 'log-checkpoint', parameters: { events: 30, keysUrl: KEYS_URL } },
    ]);
    expect(await service.letters(azores)).toEqual([]);
    expect(await service.tickAt(`${MONDAY}T07:00:00Z`)).toEqual({ mailed: 1, failed: 0 });
    for (const at of [`${MONDAY}T07:15:00Z`, '2026-11-25T07:00:00Z', '2026-11-29T22:00:00Z']) {
      expect(await service.tickAt(at)).toEqual({ mailed: 0, failed: 0 });
    }
    expect(await service.letters(oslo)).toHaveLength(1);
    expect(await service.letters(azores)).toHaveLength(1);
  });

  it('comes again the next Monday, over the turn of the year too', async () => {
    const service = await aService();
    const officer = await holderOf(await service.customer(), 'privacy-officer');
    for (const monday of ['2026-12-21', '2026-12-28', '2027-01-04']) {
      expect((await service.tickAt(`${monday}T05:00:00Z`)).mailed).toBe(1);
    }
    expect(await service.letters(officer)).toHaveLength(3);
  });

  it('comes later in the week when the service was down on Monday', async () => {
    const service = await aService();
    const officer = await holderOf(await service.customer(), 'privacy-officer');
    await service.tickAt('2026-11-26T12:00:00Z');
    expect(await service.letters(officer)).toHaveLength(1);
  });

  it('asks nobody any more once all have had it', async () => {
    const service = await aService();
    await holderOf(await service.customer(), 'privacy-officer');
    await service.tickAt(`${MONDAY}T05:00:00Z`);
    service.asked.length = 0;
    await service.tickAt(`${MONDAY}T05:15:00Z`);
    expect(service.asked).toEqual([]);
  });

  it('goes to every privacy officer in office, and to no administrator beside them', async () => {
    const service = await aService();
    const house = await service.customer();
    const officers = [await holderOf(house, 'privacy-officer'), await holderOf(house, 'privacy-officer')];
    const others = [
      await holderOf(house, 'administrator'),
      await holderOf(house, 'leader'),
      await holderOf(house, 'privacy-officer', { validUntil: '2026-11-22' }),
      await holderOf(house, 'privacy-officer', { validFrom: '2026-11-24' }),
      await holderOf(house, 'privacy-officer', { state: 'suspended' }),
    ];
    await service.tickAt(`${MONDAY}T05:00:00Z`);
    for (const officer of officers) expect(await service.letters(officer)).toHaveLength(1);
    for (const other of others) expect(await service.letters(other)).toEqual([]);
  });

  it('goes to the administrators where nobody is privacy officer, and to nobody of another organisation', async () => {
    const service = await aService();
    const house = await service.customer();
    const administrator = await holderOf(house, 'administrator');
    const other = await holderOf(await service.customer(), 'privacy-officer');
    await service.tickAt(`${MONDAY}T05:00:00Z`);
    const logOf = ({ organisationId }: House) => service.logs.get(organisationId)?.controller ?? '';
    const [letter] = await service.letters(administrator);
    expect(letter).toMatchObject({ parameters: { text: expect.stringContaining(logOf(house)) } });
    const [others] = await service.letters(other);
    expect(JSON.stringify(others)).not.toContain(logOf(house));
  });

  it('goes to the platform operators for the operator’s own log, at their accounts', async () => {
    const service = await aService();
    const accountId: AccountId = anId('acc');
    const personId: PersonId = anId('per');
    const call = aCall(service.store);
    const account = { id: accountId, sub: 'sub', email: 'drift@example.org', language: 'nb', isNew: true } as const;
    const role = {
      id: anId('rol'),
      personId,
      role: 'platform-operator',
      scope: { kind: 'organisation' },
      validFrom: '2026-01-01',
      state: 'active',
    } as const;
    await addStaff(call.records.change(), { account, role }, call).commit();
    service.logs.set('operator', aLog({ events: 40 }));
    expect((await service.tickAt(`${MONDAY}T05:00:00Z`)).mailed).toBe(1);
    expect(await service.letters({ controller: 'operator', subject: accountId })).toHaveLength(1);
  });

  it('is not sent to anyone while there is no log', async () => {
    const service = await aService();
    const house = await service.customer();
    service.logs.clear();
    const officer = await holderOf(house, 'privacy-officer');
    expect(await service.tickAt(`${MONDAY}T05:00:00Z`)).toEqual({ mailed: 0, failed: 0 });
    expect(await service.letters(officer)).toEqual([]);
  });

  it('goes on with the others when one fails, and with that one in the next run', async () => {
    const service = await aService();
    const [broken, whole] = [await service.customer(), await service.customer()];
    const officers = [await holderOf(broken, 'privacy-officer'), await holderOf(whole, 'privacy-officer')];
    const failing = {
      checkpoint: async (controller: ControllerId) => {
        if (controller === broken.organisationId) throw new Error('No such file');
        return service.logs.get(controller)?.signedAt(30);
      },
    };
    expect(await service.tickAt(`${MONDAY}T05:00:00Z`, { log: failing })).toEqual({ mailed: 1, failed: 1 });
    expect(service.reports).toEqual([{ event: 'checkpoint-not-mailed', about: broken.organisationId, error: 'Error' }]);
    expect(await service.tickAt(`${MONDAY}T05:15:00Z`)).toEqual({ mailed: 1, failed: 0 });
    for (const officer of officers) expect(await service.letters(officer)).toHaveLength(1);
  });

  it('goes on where its time ran out', async () => {
    const service = await aService();
    const houses = [await service.customer(), await service.customer(), await service.customer()];
    const officers = await Promise.all(houses.map((house) => holderOf(house, 'privacy-officer')));
    let looks = 0;
    await service.tickAt(`${MONDAY}T05:00:00Z`, { hasTimeLeft: () => ++looks < 4 });
    await service.tickAt(`${MONDAY}T05:15:00Z`);
    for (const officer of officers) expect(await service.letters(officer)).toHaveLength(1);
  });

  it('is written once when two runs work at once', async () => {
    const service = await aService();
    const officer = await holderOf(await service.customer(), 'privacy-officer');
    await Promise.all([service.tickAt(`${MONDAY}T05:00:00Z`), service.tickAt(`${MONDAY}T05:00:00Z`)]);
    expect(await service.letters(officer)).toHaveLength(1);
  });
});

describe('the letter that a privacy officer keeps', () => {
  const languages = ['nb', 'en'] as const;
  /** As it arrives, after all that mail servers do to it. */
  async function aLetter(log: ALog, language: 'nb' | 'en') {
    const service = await aService();
    const house = await service.customer();
    service.logs.set(house.organisationId, log);
    const officer = await holderOf(house, 'privacy-officer');
    await service.tickAt(`${MONDAY}T05:00:00Z`);
    const [content] = await service.letters(officer);
    const facts = {
      language,
      organisation: { name: 'Solbakken barnehage', profile: 'kindergarten', timeZone: 'Europe/Oslo' } as const,
      isProtected: false,
      linkUrl: (secret: string) => `https://api.vern.example/l/${secret}`,
    };
    const envelope = { senderAddress: 'notices@vern.example', senderName: 'Vern', recipientAddress: 'a@example.org' };
    const raw = await mimeOf(letterFor(content!, facts), envelope);
    return { ...(await PostalMime.parse(raw)), raw: Buffer.from(raw).toString('utf8') };
  }
  /** What is selected and copied from the page that a mail program shows. */
  const copied = (html: string) =>
    html
      .replace(/[\s\S]*<pre[^>]*>([\s\S]*)<\/pre>[\s\S]*/, '$1')
      .replace(/<[^>]+>/g, '')
      .replaceAll('&#43;', '+')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');

  it.each(languages)(
    'is a witness as it stands, in text, quoted, as the mail was saved whole, and as copied from the page (%s)',
    async (language) => {
      const log = aLog({ events: 40 });
      const { text = '', html = '', raw } = await aLetter(log, language);
      const quoted = text.replaceAll(/^/gm, '> ');
      const lines = linesOf(await bundleOf(log, { consistentWith: 30 }));
      for (const kept of [text, text.replaceAll('\n', '\r\n'), quoted, copied(html), raw]) {
        const witness = parseWitness(kept);
        expect(witness.checkpoint).toMatchObject({ controller: log.controller, size: 30 });
        expect(witness.signed?.head.keyId).toBe('key-1');
        const verification = await verifyLog(reading(lines), {
          key: log.publicKey,
          witnesses: [witness],
          isPart: false,
        });
        expect(verification.findings).toEqual([]);
        expect(verification.witnessesAgreed).toBe(1);
      }
    },
  );

  it('convicts a log that was written anew since, and signed with the same key', async () => {
    const keys = aSigningKey();
    const log = aLog({ events: 30, keys });
    const { text = '' } = await aLetter(log, 'nb');
    const entries = log.entries.with(29, { ...log.entries[29]!, actor: 'acc_somebody-else' });
    const hashes = entries.map(entryHash);
    const { controller } = log;
    const signedAt = (size: number) =>
      signedCheckpoint({ controller, size, root: rootOf(hashes) }, keys.privateKey, { number: 99 });
    const rewritten = linesOf(await bundleOf({ ...log, entries, hashes, signedAt }));
    const check = (witnesses: Witness[]) =>
      verifyLog(reading(rewritten), { key: log.publicKey, witnesses, isPart: false });
    expect((await check([])).findings).toEqual([]);
    expect((await check([parseWitness(text)])).findings.map(({ kind }) => kind)).toEqual(['split-view']);
  });

  it.each(languages)(
    'says what it is, why to keep it and where the keys are, and nothing of the log (%s)',
    async (language) => {
      const log = aLog({ events: 40 });
      const { text = '', subject = '' } = await aLetter(log, language);
      const says = { nb: [/Ta vare på e-posten/, /30 hendelser/], en: [/Please keep this e-mail/, /30 events/] }[
        language
      ];
      for (const said of says) expect(text).toMatch(said);
      expect(text).toContain(KEYS_URL);
      for (const entry of log.entries) {
        expect(text).not.toContain(entry.subject);
        expect(text).not.toContain(entry.actor);
      }
      expect(subject).not.toContain('Solbakken');
    },
  );
});
