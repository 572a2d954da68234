import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../../../lambdas/access/roles.ts';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import { recordSignIn } from '../../../lambdas/features/accounts/sign-in-log.ts';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { aroundPassword } from '../../../lambdas/features/misuse/around-password.ts';
import { limits, MINUTE_SECONDS, windowAt } from '../../../lambdas/features/misuse/limits.ts';
import { saltsIn } from '../../../lambdas/features/misuse/salts.ts';
import { attempted, FAILURES_TOLD_OF, succeeded } from '../../../lambdas/features/misuse/sign-in-attempts.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import { organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { objectable } from '../../../lambdas/features/requests/closing.ts';
import { acknowledgementEntity } from '../../../lambdas/features/statements/acknowledgement.ts';
import { versionInForce } from '../../../lambdas/features/statements/published.ts';
import { statisticsHandlers } from '../../../lambdas/features/statistics/handlers.ts';
import { statisticsRoutes } from '../../../lambdas/features/statistics/routes.ts';
import { statisticsStore } from '../../../lambdas/features/statistics/store.ts';
import { tickUsage, type UsageClock } from '../../../lambdas/features/usage/clock.ts';
import { usageHandlers } from '../../../lambdas/features/usage/handlers.ts';
import { usageRoutes } from '../../../lambdas/features/usage/routes.ts';
import { usageStore } from '../../../lambdas/features/usage/store.ts';
import { usageDayRef } from '../../../lambdas/features/usage/usage-day.ts';
import { usageEventRef, usageSettingsRef } from '../../../lambdas/features/usage/usage-event.ts';
import type { AccountId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { type Counters, counters as countersOn } from '../../../lambdas/platform/counters.ts';
import type { SendMail } from '../../../lambdas/platform/mail.ts';
import { aWorld as aCognito, aSession, aUser, PASSWORD, type TriggerEvent } from '../../local/cognito/world.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
let counters: Counters;
let service: ReturnType<typeof aCountingService>;
const aCountingService = (counting: TestStore) =>
  aService(
    counting,
    { ...usageRoutes, ...statisticsRoutes },
    { ...usageHandlers(usageStore), ...statisticsHandlers(statisticsStore) },
  );

beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), ['operator']);
  counters = countersOn(db.client, store.tableNames);
  service = aCountingService({
    ...store,
    counters,
    get clock() {
      return store.clock;
    },
  });
});
afterAll(() => db.stop());
beforeEach(() => {
  store.clock = new Date('2026-11-18T07:00:00Z');
});

async function anEmployer(profile: Profile = 'workplace') {
  const { id: organisationId } = await anOrganisation(store, { profile });
  await aCall(store)
    .records.change()
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .activity({ event: 'test.prepared', subject: ownerOf(organisationId, anId('per')) })
    .commit();
  const { id: personId } = await aPerson(store, organisationId, { kind: 'member' });
  const employee = await someoneWith(store, organisationId, 'member', { personId });
  return { organisationId, personId, employee, params: { organisationId, personId } };
}
type Employer = Awaited<ReturnType<typeof anEmployer>>;

const look = async ({ employee, params }: Pick<Employer, 'employee' | 'params'>) =>
  (await service.as(employee).listOwnUsage({ params, query: {} })).body;
/** What is counted and registered beside a request is there soon after its answer. */
const registered = (employer: Employer, times: number) =>
  vi.waitFor(async () => {
    const { items } = await aCall(store).records.list(
      usageEventRef(employer.organisationId, employer.personId, '', '').entity,
      ownerOf(employer.organisationId, employer.personId),
    );
    expect(items).toHaveLength(times);
    return items.map(({ value }) => value);
  });

const rows = async () => {
  const { Items = [] } = await db.client.send(
    new ScanCommand({ TableName: store.tableNames.transient, ConsistentRead: true }),
  );
  return Items.map((item) => unmarshall(item));
};
const countsOf = async (organisationId: OrganisationId) =>
  (await rows()).filter(({ pk }) => String(pk).startsWith(`USAGE#${organisationId}#`));
const counted = (organisationId: OrganisationId, uses: number) =>
  vi.waitFor(async () => {
    const found = (await countsOf(organisationId)).filter(({ sk }) => String(sk).startsWith('FUNCTION#'));
    expect(found.reduce((sum, row) => sum + Number(row['uses']), 0)).toBe(uses);
  });

const clock = (): UsageClock => ({ openCall: () => aCall(store), hasTimeLeft: () => true, log: () => {} });
const dayOf = async (organisationId: OrganisationId, day: string) =>
  (await aCall(store).records.get(usageDayRef(organisationId, day)))?.value;

async function prepare(
  employer: Employer,
  what: (change: ReturnType<ReturnType<typeof aCall>['records']['change']>) => void,
) {
  const change = aCall(store).records.change();
  what(change);
  await change
    .activity({ event: 'test.prepared', subject: ownerOf(employer.organisationId, employer.personId) })
    .commit();
}
const asRefused = (slug: string) => expect.objectContaining({ slug });

describe('use', () => {
  it('FW-16, KP-15: is counted without an id and without an address, and each person once a day', async () => {
    const employer = await anEmployer('itservice');
    const { organisationId, employee } = employer;
    await look(employer);
    await look(employer);
    await counted(organisationId, 2);
    const kept = await countsOf(organisationId);
    const text = JSON.stringify(kept).replaceAll(organisationId, '');
    for (const secret of [employee.accountId, employee.personId, employee.sub, employee.role, '203.0.113.7']) {
      expect(text).not.toContain(secret);
    }
    const sum = (kind: string, of: string) =>
      kept.filter(({ sk }) => String(sk).startsWith(kind)).reduce((n, row) => n + Number(row[of] ?? 0), 0);
    expect([sum('FUNCTION#Usage#listOwnUsage', 'people'), sum('BROWSER#other#-', 'people')]).toEqual([1, 1]);
    for (const { expiresAtEpochSeconds } of kept) expect(expiresAtEpochSeconds).toBeGreaterThan(0);
  });

  it('is put together when the day is over, once, and the salt of the day is thrown away', async () => {
    const employer = await anEmployer();
    const { organisationId } = employer;
    await look(employer);
    await counted(organisationId, 1);
    const salts = async () => (await countsOf(organisationId)).filter(({ sk }) => sk === 'SALT');
    expect(await salts()).toHaveLength(1);

    store.clock = new Date('2026-11-18T23:30:00Z');
    await tickUsage(clock());
    expect(await dayOf(organisationId, '2026-11-18')).toBeUndefined();
    store.clock = new Date('2026-11-19T00:30:00Z');
    await Promise.all([tickUsage(clock()), tickUsage(clock())]);
    await tickUsage(clock());
    expect(await dayOf(organisationId, '2026-11-18')).toEqual({
      people: 1,
      functions: [{ module: 'Usage', function: 'listOwnUsage', uses: 1, people: 1 }],
      browsers: [{ browser: 'other', version: '-', people: 1 }],
    });
    expect(await salts()).toEqual([]);
  });
});

describe('identified use', () => {
  it('CE-04: is registered at work, seen by the employee, in their copy, and gone after 21 days', async () => {
    const employer = await anEmployer();
    await look(employer);
    await registered(employer, 1);
    const { items, isRegistered } = await look(employer);
    expect(isRegistered).toBe(true);
    expect(items.at(-1)).toMatchObject({
      module: 'Usage',
      function: 'listOwnUsage',
      device: { browser: 'other' },
      about: [employer.organisationId, employer.personId],
    });
    const owner = ownerOf(employer.organisationId, employer.personId);
    const copy = await collectRecords(aCall(store).records, owner, { kind: 'self' });
    expect(copy.map(({ entity }) => entity.name)).toContain('usage-event');

    store.clock = new Date('2026-12-09T07:00:01Z');
    const left = await aCall(store).records.list(
      usageEventRef(employer.organisationId, employer.personId, '', '').entity,
      owner,
    );
    expect(left.items).toEqual([]);
  });

  it('is registered nowhere else, and of nobody who looks without a role in the organisation', async () => {
    const employer = await anEmployer('itservice');
    const { isRegistered, categorisation } = await look(employer);
    await counted(employer.organisationId, 1);
    expect(isRegistered).toBe(false);
    expect(categorisation.state).toBe('not-here');
    await registered(employer, 0);
  });

  it('is for the employee alone: neither a colleague nor an administrator reads it', async () => {
    const { organisationId, params } = await anEmployer();
    const { id: personId } = await aPerson(store, organisationId, { kind: 'member' });
    const others: SignedIn[] = [
      await someoneWith(store, organisationId, 'administrator'),
      await someoneWith(store, organisationId, 'member', { personId }),
    ];
    for (const other of others) {
      await expect(service.as(other).listOwnUsage({ params, query: {} })).rejects.toEqual(
        asRefused('person-not-found'),
      );
    }
  });

  it('alone is written without an activity record, and not together with anything else', async () => {
    const { organisationId, personId } = await anEmployer();
    const event = {
      ...{ at: store.now().toISOString(), module: 'Calendar', function: 'listCalendar', about: [] },
      device: { maker: 'other', system: 'other', browser: 'other', version: '-' },
    };
    const traced = (key: string) =>
      aCall(store)
        .records.change()
        .put(usageEventRef(organisationId, personId, event.at, key), event, 'new');
    await traced('one').commit();
    const settings = { categorisation: true, changedAt: event.at };
    const both = traced('two').put(usageSettingsRef(organisationId), settings, 'new');
    await expect(both.commit()).rejects.toThrow('without its activity record');
  });

  it('stops with an objection (Art. 21), and is counted all the same', async () => {
    expect([...objectable.keys()]).toEqual(expect.arrayContaining(['usage-event', 'usage-categories']));
    const employer = await anEmployer();
    const owner = ownerOf(employer.organisationId, employer.personId);
    await prepare(employer, (change) =>
      change
        .keys({ do: 'refuse', owner, retentionClass: 'identified-usage', entity: 'usage-event' })
        .ledger({ kind: 'objection', subject: owner }),
    );
    expect((await look(employer)).items).toEqual([]);
    await counted(employer.organisationId, 1);
    expect(
      (await rows()).filter(({ pk, sk }) => String(pk).endsWith(employer.personId) && String(sk).startsWith('USAGE#')),
    ).toEqual([]);
  });

  it('goes with the person, and what was counted of it stays, once', async () => {
    const employer = await anEmployer();
    await look(employer);
    await registered(employer, 1);
    await counted(employer.organisationId, 1);
    const owner = ownerOf(employer.organisationId, employer.personId);
    await prepare(employer, (change) =>
      change
        .keys({ do: 'erase', owner, retentionClass: 'identified-usage' })
        .ledger({ kind: 'erasure', subject: owner }),
    );
    await registered(employer, 0);
    store.clock = new Date('2026-11-19T03:00:00Z');
    await tickUsage(clock());
    expect((await dayOf(employer.organisationId, '2026-11-18'))?.functions).toMatchObject([{ uses: 1, people: 1 }]);
  });
});

describe('categories by use (CE-06)', () => {
  const categorisation = async (employer: Employer) => (await look(employer)).categorisation;
  async function turnedOn(employer: Employer) {
    const administrator = await someoneWith(store, employer.organisationId, 'administrator');
    const params = { organisationId: employer.organisationId };
    const api = service.as(administrator);
    const { version } = (await api.getUsageSettings({ params })).body;
    return (await api.putUsageSettings({ params, body: { categorisation: true }, ifMatch: version })).body;
  }
  const acknowledge = (employer: Employer) =>
    prepare(employer, (change) => {
      const statementVersion = versionInForce('workplace', undefined);
      const ref = {
        entity: acknowledgementEntity,
        owner: ownerOf(employer.organisationId, employer.personId),
        key: statementVersion,
      };
      const at = store.now().toISOString();
      change.put(ref, { statementVersion, at, language: 'nb' } as never, 'new');
    });
  const use = (employer: Employer, day: string) =>
    prepare(employer, (change) => {
      const at = `${day}T10:00:00.000Z`;
      const device = { maker: 'Apple', system: 'iOS', browser: 'Safari', version: '18' };
      change.put(
        usageEventRef(employer.organisationId, employer.personId, at, anId('evt')),
        { at, module: 'Calendar', function: 'listCalendar', device, about: [] },
        'new',
      );
    });

  it('are computed at night of whoever has been told, and seen by them with the basis', async () => {
    const employer = await anEmployer();
    for (const day of ['2026-11-15', '2026-11-16', '2026-11-17']) await use(employer, day);
    expect(await categorisation(employer)).toMatchObject({ state: 'turned-off' });
    expect(await turnedOn(employer)).toMatchObject({ categorisation: true, version: 2 });

    store.clock = new Date('2026-11-19T02:30:00Z');
    await tickUsage(clock());
    expect(await categorisation(employer)).toMatchObject({ state: 'not-disclosed' });
    await acknowledge(employer);
    await tickUsage(clock());
    const seen = await categorisation(employer);
    expect(seen).toMatchObject({
      state: 'categorised',
      categories: { modules: expect.arrayContaining([{ module: 'Calendar', category: 'occasional', days: 3 }]) },
    });
    expect(seen.basis).toContain('protestere');
  });

  it('are not computed of whoever objects to them', async () => {
    const employer = await anEmployer();
    await use(employer, '2026-11-17');
    await turnedOn(employer);
    await acknowledge(employer);
    const owner = ownerOf(employer.organisationId, employer.personId);
    await prepare(employer, (change) =>
      change
        .keys({ do: 'refuse', owner, retentionClass: 'identified-usage', entity: 'usage-categories' })
        .ledger({ kind: 'objection', subject: owner }),
    );
    store.clock = new Date('2026-11-19T02:30:00Z');
    expect(await tickUsage(clock())).toMatchObject({ failed: 0 });
    expect(await categorisation(employer)).toMatchObject({ state: 'none-yet' });
  });

  it('cannot be turned on where nobody’s use is registered by person', async () => {
    const employer = await anEmployer('itservice');
    await expect(turnedOn(employer)).rejects.toEqual(asRefused('wrong-state'));
  });
});

describe('statistics', () => {
  it('are for whoever answers for the place: as numbers, a page and a chart; the operator has its own', async () => {
    store.clock = new Date('2026-11-19T07:00:00Z');
    const employer = await anEmployer();
    const { organisationId } = employer;
    const leader = await someoneWith(store, organisationId, 'leader');
    const usage = {
      people: 12,
      functions: [{ module: 'Calendar', function: 'listCalendar', uses: 40, people: 12 }],
      browsers: [{ browser: 'Safari', version: '18', people: 12 }],
    };
    await prepare(employer, (change) => change.put(usageDayRef(organisationId, '2026-11-09'), usage, 'new'));
    const api = service.as(leader);
    const week = { from: '2026-W46', until: '2026-W46' };
    const { body } = await api.getStatistics({ params: { organisationId }, query: week });
    expect(body).toMatchObject({
      from: '2026-11-09',
      until: '2026-11-15',
      modules: [{ module: 'Calendar', uses: 40 }],
    });
    const page = await api.getStatisticsPage({ params: { organisationId }, query: { ...week, language: 'en' } });
    expect(String(page.body.content)).toContain('Use of Vern');
    const chart = await api.getStatisticsChart({ params: { organisationId, chart: 'uses-by-module' }, query: week });
    expect(String(chart.body.content)).toMatch(/^<svg/);
    const operator = await someoneWith(store, 'operator', 'platform-operator');
    const own = await service.as(operator).getPlatformStatistics({ query: week });
    expect(own.body.modules).toEqual([]);
    await vi.waitFor(async () => {
      const counted = (await rows()).filter(({ pk }) => String(pk).startsWith('USAGE#operator#2026-11-19#'));
      expect(counted.map(({ sk }) => sk)).toContain('FUNCTION#Usage#getPlatformStatistics');
    });
    store.clock = new Date('2026-11-20T03:00:00Z');
    await tickUsage(clock());
    const operators = (await aCall(store).records.get(usageDayRef('operator', '2026-11-19')))?.value;
    expect(operators?.functions).toMatchObject([{ function: 'getPlatformStatistics', uses: 1, people: 1 }]);
  });
});

describe('too many requests', () => {
  it('CE-08: are refused with the seconds until it is worth trying again', async () => {
    const { employee, params } = await anEmployer('itservice');
    const now = store.now();
    const { startsAtEpochSeconds } = windowAt({ windowSeconds: MINUTE_SECONDS }, now);
    const hour = windowAt({ windowSeconds: 3600 }, now).startsAtEpochSeconds;
    // The salt that is in force is the one that the row holds.
    const salts = saltsIn(counters, () => 'not this one');
    const who = await salts.pseudonym(
      { pk: 'RATE-SALT', sk: String(hour) },
      `account ${employee.accountId}`,
      hour + 7200,
    );
    const { requestsMax } = limits.find(({ of, routes }) => of === 'account' && routes === 'reading')!;
    await counters.add({ pk: `RATE#${who}`, sk: `60#${startsAtEpochSeconds}` }, { reading: requestsMax }, hour + 7200);

    const { organisationId, personId } = params;
    const path = `https://vern.test/v1/organisations/${organisationId}/people/${personId}/usage`;
    const headers = { authorization: `Bearer ${employee.token}`, 'vern-role': employee.role };
    const refused = await service.send(path, { method: 'GET', headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(await refused.json()).toMatchObject({ type: 'https://vern.test/problems/too-many-requests', status: 429 });

    store.clock = new Date(now.getTime() + 60_000);
    expect((await service.send(path, { method: 'GET', headers })).status).toBe(200);
  });
});

describe('signing in', () => {
  const noticesOf = async (accountId: AccountId) => {
    const { items } = await aCall(store).records.list(noticeEntity, accountOwner(accountId));
    return items.map(({ value }) => value.content);
  };
  const anAccount = async (): Promise<{ accountId: AccountId; sub: string; personId: PersonId }> =>
    someoneWith(store, (await anOrganisation(store)).id, 'guardian');

  it('CE-08: from a new browser is mailed, the first time ever is not', async () => {
    const { accountId } = await anAccount();
    const signIn = (userAgent: string) => {
      const caller = {
        accountId,
        sub: 'sub',
        originJti: crypto.randomUUID(),
        authTimeEpochSeconds: 0,
        accessToken: '',
      };
      const call = aCall(store);
      return recordSignIn(caller, { sourceIp: '203.0.113.7', userAgent }, call, call.records);
    };
    await signIn('Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0');
    expect(await noticesOf(accountId)).toEqual([]);
    store.clock = new Date(store.now().getTime() + 60_000);
    await signIn('Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36');
    store.clock = new Date(store.now().getTime() + 60_000);
    await signIn('Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36');
    expect(await noticesOf(accountId)).toEqual([
      { template: 'sign-in-new', parameters: { at: expect.any(String), novelty: 'browser', browser: 'Chrome' } },
    ]);
  });

  it('CE-08: with a wrong password, in the embedded cloud: each waits longer, a stranger locks nobody out, and its owner is mailed', async () => {
    const waited: number[] = [];
    const cognito = await aCognito({
      pool: { LambdaConfig: { PreAuthentication: 'sign-in-triggers', PostAuthentication: 'sign-in-triggers' } },
      client: { ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] },
      trigger: (event) =>
        aroundPassword(event as TriggerEvent & Parameters<typeof aroundPassword>[0], {
          counters,
          pseudonym: (value) => store.ring.hmac('operator', 'sign-in-attempts', value),
          openCall: () => aCall(store),
          now: () => store.now(),
          isOpen: async () => true,
          spentMilliseconds: () => 0,
          leftMilliseconds: () => 5_000,
          wait: async (milliseconds) => void waited.push(milliseconds),
          log: (line) => {
            throw new Error(line.error);
          },
        }),
    });
    try {
      const { accountId } = await anAccount();
      const email = await aUser(cognito, `${accountId}@example.no`);
      const who = { UserPoolId: cognito.poolId, Username: email };
      const { Username: sub = '' } = await cognito.sdk.send(new AdminGetUserCommand(who));
      await aCall(store)
        .records.change()
        .claim('operator', 'sub', sub, accountId, () => new Error('taken'))
        .activity({ event: 'test.prepared', subject: accountOwner(accountId) })
        .commit();
      const tried = (password: string, name = email) =>
        aSession(cognito, name, password).then(
          () => 'in',
          ({ name: problem }) => problem,
        );
      const outcomes = [];
      for (let i = 0; i < FAILURES_TOLD_OF + 3; i++) outcomes.push(await tried('Wrong-Horse-77'));
      expect(new Set(outcomes)).toEqual(new Set(['NotAuthorizedException']));
      expect(waited).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000]);
      // Cognito's own hold passes within a quarter of an hour; ours is no lock at any time, and over with a right password.
      cognito.advance(15 * 60_000);
      expect(await tried(PASSWORD)).toBe('in');
      expect(await tried(PASSWORD)).toBe('in');
      expect(waited.slice(-2)).toEqual([4000, 0]);

      const mails: string[] = [];
      const sendMail: SendMail = async ({ recipientAddress }) => {
        mails.push(recipientAddress);
        return { outcome: 'accepted', sesMessageId: 'ses-1' };
      };
      await sweepOutbox(anOutbox(store, { sendMail }));
      expect(mails.filter((to) => to === email)).toHaveLength(1);
    } finally {
      await cognito.server.close();
    }
  });

  it('that fails again and again is held up longer, told of once a day, and never refused', async () => {
    const { accountId, sub } = await anAccount();
    const attempts = {
      counters,
      pseudonym: (value: string) => store.ring.hmac('operator', 'sign-in-attempts', value),
      openCall: () => aCall(store),
    };
    const delays: number[] = [];
    for (let i = 0; i < FAILURES_TOLD_OF + 3; i++) delays.push(await attempted(sub, store.now(), attempts));
    expect(delays).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000]);
    expect(await noticesOf(accountId)).toEqual([
      { template: 'sign-ins-failed', parameters: { at: store.now().toISOString() } },
    ]);
    expect(JSON.stringify((await rows()).filter(({ pk }) => String(pk).startsWith('SIGN-IN-ATTEMPTS#')))).not.toContain(
      sub,
    );

    // A name that nobody has is held up as long: the time does not tell who is there.
    const unknown: number[] = [];
    for (let i = 0; i < delays.length; i++) unknown.push(await attempted('nobody@example.no', store.now(), attempts));
    expect(unknown).toEqual(delays);

    await succeeded(sub, store.now(), attempts);
    expect(await attempted(sub, store.now(), attempts)).toBe(0);
  });
});
