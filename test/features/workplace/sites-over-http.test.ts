import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { gatePage } from '../../../lambdas/features/sites/gate.ts';
import {
  LINES_MAX,
  SITES_MAX,
  type SiteEntry,
  type SiteFields,
  siteEntryRef,
  sitePointers,
} from '../../../lambdas/features/sites/site.ts';
import type { SiteId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorkplace, BUILDER, type Workplace } from './workplace.ts';

let db: TestDynamoDb;
let house: Workplace;
let leader: Awaited<ReturnType<Workplace['as']>>;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  house = await aWorkplace(db);
  house.at('2026-11-16T06:00:00Z');
  leader = await house.as('leader');
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const works: SiteFields = {
  name: 'Nytt bad på Solbakken',
  address: 'Solbakken 3, 0150 Oslo',
  client: 'Solbakken borettslag',
  employer: BUILDER,
  worksFrom: '2026-11-01',
  worksUntil: '2026-12-18',
  takesPosition: false,
};
const kim = {
  firstName: 'Kim',
  lastName: 'Nowak',
  birthDate: '1988-02-29',
  employer: { name: 'Nowak Bygg', organisationNumber: '974760673' },
  hseCardNumber: '1234567',
};
const typed = {
  firstName: ' Kim ',
  lastName: 'Nowak',
  birthDate: '29.2.1988',
  employer: 'Nowak Bygg',
  organisationNumber: '974 760 673',
  hseCardNumber: '123 4567',
};
const organisation = () => ({ organisationId: house.organisationId });
const aSite = async (fields: Partial<SiteFields> = {}) => {
  const { body } = await leader.createSite({ params: organisation(), body: { ...works, ...fields } });
  return { site: body, params: { ...organisation(), siteId: body.id } };
};
const codeOf = (url: string) => url.split('/').at(-1)!;
const today = { from: '2026-11-16', to: '2026-11-16' };

describe('a site list, over HTTP', () => {
  it('has what the law wants of each on the site, once while they are there, with when they came and left', async () => {
    const { params } = await aSite();
    const { body: came } = await leader.registerOnSite({ params, body: kim });
    expect(came).toMatchObject({ ...kim, day: '2026-11-16', inAt: '2026-11-16T06:00:00.000Z', registeredBy: 'staff' });
    await expect(leader.registerOnSite({ params, body: kim })).rejects.toMatchObject(refused('already-on-site'));
    const leaving = { params: { ...params, day: came.day, siteEntryId: came.id }, ifMatch: came.version };
    await expect(leader.registerDeparture({ ...leaving, ifMatch: 9 })).rejects.toMatchObject(refused('stale-version'));
    house.at('2026-11-16T06:20:00Z');
    const { body: left } = await leader.registerDeparture(leaving);
    expect(left.outAt).toBe('2026-11-16T06:20:00.000Z');
    await expect(leader.registerDeparture({ ...leaving, ifMatch: left.version })).rejects.toMatchObject(
      refused('wrong-state'),
    );
    await expect(
      leader.registerDeparture({ ...leaving, params: { ...leaving.params, siteEntryId: anId('ste') } }),
    ).rejects.toMatchObject(refused('site-entry-not-found'));
    const { hseCardNumber: _, ...withoutCard } = kim;
    await leader.registerOnSite({ params, body: withoutCard });
    const { body } = await leader.getSiteList({ params, query: today });
    expect(body.items.map(({ outAt }) => outAt)).toEqual(['2026-11-16T06:20:00.000Z', undefined]);
  });

  it('refuses numbers that cannot be, and whatever must not be stored', async () => {
    const { params } = await aSite();
    const wrong = [
      [{ ...kim, hseCardNumber: '12345' }, 'malformed-request'],
      [{ ...kim, birthDate: '2988-02-28' }, 'malformed-request'],
      [{ ...kim, employer: { ...kim.employer, organisationNumber: '974760674' } }, 'malformed-request'],
      [{ ...kim, lastName: '4111 1111 1111 1111' }, 'forbidden-content'],
    ] as const;
    for (const [body, slug] of wrong) {
      await expect(leader.registerOnSite({ params, body })).rejects.toMatchObject(refused(slug));
    }
    expect((await leader.getSiteList({ params, query: today })).body.items).toEqual([]);
  });

  it('is open while works go on, which may be longer than was thought', async () => {
    const { site, params } = await aSite({ worksUntil: '2026-11-15' });
    const member = await house.employee();
    const self = await house.as('member', { personId: member.id, scope: { kind: 'person', id: member.id } });
    const own = { params: { ...organisation(), personId: member.id }, body: { siteId: site.id, do: 'in' as const } };
    for (const refusing of [
      () => leader.registerOnSite({ params, body: kim }),
      () => leader.makeSiteCode({ params }),
      () => self.checkInOnSite(own),
    ]) {
      await expect(refusing()).rejects.toMatchObject(refused('works-over'));
    }
    const { body } = await leader.changeSite({ params, body: works, ifMatch: site.version });
    expect(body).toMatchObject({ worksUntil: '2026-12-18', dueAt: '2027-06-18T22:00:00.000Z', hasCode: false });
    await expect(leader.changeSite({ params, body: works, ifMatch: site.version })).rejects.toMatchObject(
      refused('stale-version'),
    );
    await leader.registerOnSite({ params, body: kim });
    const longAgo = { ...works, worksFrom: '2025-01-01', worksUntil: '2026-03-01' };
    await expect(leader.createSite({ params: organisation(), body: longAgo })).rejects.toMatchObject(
      refused('works-over'),
    );
    await expect(leader.changeSite({ params, body: longAgo, ifMatch: body.version })).rejects.toMatchObject(
      refused('works-over'),
    );
    const card = { ...works, client: '4111 1111 1111 1111' };
    await expect(leader.createSite({ params: organisation(), body: card })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    await expect(leader.changeSite({ params, body: card, ifMatch: 2 })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    expect((await leader.listSites({ params: organisation() })).body.items).toHaveLength(1);
  });

  it('knows an employee who checks in by the app, and takes a position only where the site does', async () => {
    const { site, params } = await aSite();
    const ola = await house.employee();
    const self = await house.as('member', { personId: ola.id, scope: { kind: 'person', id: ola.id } });
    const own = { ...organisation(), personId: ola.id };
    const position = { latitude: 59.9, longitude: 10.7, accuracyMetres: 8 };
    const coming = { siteId: site.id, do: 'in' as const };
    await expect(self.checkInOnSite({ params: own, body: { ...coming, position } })).rejects.toMatchObject(
      refused('position-not-used'),
    );
    await leader.changeSite({ params, body: { ...works, takesPosition: true }, ifMatch: site.version });
    const { body } = await self.checkInOnSite({ params: own, body: { ...coming, position, hseCardNumber: '7654321' } });
    expect(body).toMatchObject({
      firstName: 'Ola',
      employer: BUILDER,
      personId: ola.id,
      registeredBy: 'self',
      position,
    });
    await expect(self.checkInOnSite({ params: own, body: coming })).rejects.toMatchObject(refused('already-on-site'));
    const leaving = { params: own, body: { siteId: site.id, do: 'out' as const } };
    expect((await self.checkInOnSite(leaving)).body.outAt).toBeDefined();
    await expect(self.checkInOnSite(leaving)).rejects.toMatchObject(refused('site-entry-not-found'));
    await expect(self.getSiteList({ params, query: today })).rejects.toMatchObject(refused('not-allowed'));
    const unborn = await house.employee({ birthDate: undefined as never });
    const other = await house.as('member', { personId: unborn.id, scope: { kind: 'person', id: unborn.id } });
    const theirs = { ...organisation(), personId: unborn.id };
    await expect(other.checkInOnSite({ params: theirs, body: coming })).rejects.toMatchObject(
      refused('malformed-request'),
    );
    await expect(other.checkInOnSite({ params: own, body: coming })).rejects.toMatchObject(refused('person-not-found'));
  });

  it('of nobody’s site is not there, and holds so many sites and lines', async () => {
    const params = { ...organisation(), siteId: anId('sit') };
    const member = await house.employee();
    const self = await house.as('member', { personId: member.id, scope: { kind: 'person', id: member.id } });
    const own = { ...organisation(), personId: member.id };
    for (const refusing of [
      () => leader.changeSite({ params, body: works, ifMatch: 1 }),
      () => leader.makeSiteCode({ params }),
      () => leader.registerOnSite({ params, body: kim }),
      () => leader.getSiteList({ params, query: today }),
      () => leader.inviteInspector({ params, body: { hours: 1 } }),
      () => self.checkInOnSite({ params: own, body: { siteId: params.siteId, do: 'in' } }),
    ]) {
      await expect(refusing()).rejects.toMatchObject(refused('site-not-found'));
    }
    const full = await aSite();
    const { body: made } = await leader.makeSiteCode({ params: full.params });
    await fillList(full.site.id);
    const gate = {
      params: { ...full.params, code: codeOf(made.url) },
      query: {},
      body: { ...typed, do: 'in' as const },
    };
    for (const refusing of [
      () => leader.getSiteList({ params: full.params, query: today }),
      () => leader.registerOnSite({ params: full.params, body: kim }),
      () => self.checkInOnSite({ params: own, body: { siteId: full.site.id, do: 'in' } }),
      () => house.anyone.passSiteGate(gate),
    ]) {
      await expect(refusing()).rejects.toMatchObject(refused('too-many'));
    }
    const { pk } = sitePointers.ofOrganisation(house.organisationId, '');
    await house.fill(pk, SITES_MAX, () => anId('sit'));
    await expect(leader.createSite({ params: organisation(), body: works })).rejects.toMatchObject(refused('too-many'));
    for (const query of [
      { from: '2026-11-16', to: '2026-11-15' },
      { from: '2026-10-01', to: '2026-11-16' },
    ]) {
      await expect(leader.getSiteList({ params: full.params, query })).rejects.toMatchObject(
        refused('malformed-request'),
      );
    }
    const backwards = { ...works, worksUntil: '2026-10-01' };
    await expect(leader.changeSite({ params: full.params, body: backwards, ifMatch: 2 })).rejects.toMatchObject(
      refused('malformed-request'),
    );
  });
});

describe('the gate, by the code on its board', () => {
  it('shows a form and nobody, takes people in and out, and ends with the code', async () => {
    const { params } = await aSite();
    const { body: made } = await leader.makeSiteCode({ params });
    expect(made.svg).toContain('<svg');
    const gate = { params: { ...params, code: codeOf(made.url) }, query: { language: 'nb' as const } };
    expect(new URL(made.url).pathname).toBe(`/o/${house.organisationId}/sites/${params.siteId}/${gate.params.code}`);
    const { body: page } = await house.anyone.showSiteGate(gate);
    expect(page.content).toContain('Solbakken borettslag');
    const pass = (body: object) => house.anyone.passSiteGate({ ...gate, body });
    expect((await pass({ ...typed, do: 'in' })).body.content).toContain('Du er registrert som kommet');
    await expect(pass({ ...typed, do: 'in', employer: 'Et annet firma' })).rejects.toMatchObject(
      refused('already-on-site'),
    );
    expect((await house.anyone.showSiteGate(gate)).body.content).not.toContain('Nowak');
    expect((await pass({ ...typed, do: 'out' })).body.content).toContain('Du er registrert som gått');
    house.at('2026-11-16T06:05:00Z');
    await expect(pass({ ...typed, do: 'out' })).rejects.toMatchObject(refused('site-entry-not-found'));
    await expect(pass(typed)).rejects.toMatchObject(refused('malformed-request'));
    const { site } = await aSite();
    const again = gatePage({ site, action: '/o', typed: { firstName: 'Kim' }, does: 'out' }, 'nb');
    expect(again.forms?.[0]?.fields).toMatchObject([{ picked: 'out' }, { value: 'Kim' }, {}, {}, {}, {}, {}]);
    await expect(pass({ ...typed, do: 'in', birthDate: '28.2.2988' })).rejects.toMatchObject(
      refused('malformed-request'),
    );
    await expect(pass({ ...typed, do: 'in', organisationNumber: '974760674' })).rejects.toMatchObject(
      refused('malformed-request'),
    );
    await expect(pass({ ...typed, do: 'in', lastName: '4111 1111 1111 1111' })).rejects.toMatchObject(
      refused('forbidden-content'),
    );
    expect((await leader.getSiteList({ params, query: today })).body.items).toMatchObject([
      { ...kim, registeredBy: 'code' },
    ]);

    await leader.makeSiteCode({ params });
    await expect(house.anyone.showSiteGate(gate)).rejects.toMatchObject(refused('link-not-found'));
    await expect(pass({ ...typed, do: 'in' })).rejects.toMatchObject(refused('link-not-found'));
  });

  it('writes one line however often the button is pressed, and answers each press alike', async () => {
    const { params } = await aSite();
    const { body: made } = await leader.makeSiteCode({ params });
    const gate = { params: { ...params, code: codeOf(made.url) }, query: { language: 'nb' as const } };
    const pass = (body: object) => house.anyone.passSiteGate({ ...gate, body });
    const lines = async (from = today.from) =>
      (await leader.getSiteList({ params, query: { from, to: '2026-11-17' } })).body.items.map(
        ({ firstName, inAt, outAt }) => [firstName, inAt.slice(8, 16), outAt?.slice(8, 16)],
      );
    const pages = async (body: object) => {
      const answers = [...(await Promise.all([pass(body), pass(body), pass(body)])), await pass(body)];
      return new Set(answers.map((answer) => answer.body.content)).size;
    };

    expect(await pages({ ...typed, do: 'in' })).toBe(1);
    expect(await lines()).toEqual([['Kim', '16T06:00', undefined]]);
    // Somebody of the same name and day of birth is another one, by the card.
    house.at('2026-11-16T06:01:00Z');
    await pass({ ...typed, do: 'in', hseCardNumber: '7654321' });
    expect(await lines()).toHaveLength(2);
    house.at('2026-11-16T06:10:00Z');
    expect(await pages({ ...typed, do: 'out' })).toBe(1);
    house.at('2026-11-16T06:11:00Z');
    expect(await pages({ ...typed, do: 'in' })).toBe(1);
    house.at('2026-11-16T06:12:00Z');
    const here = await house.as('leader');
    const staff = await Promise.allSettled(
      [1, 2].map(() => here.registerOnSite({ params, body: { ...kim, firstName: 'Bo', hseCardNumber: '1111111' } })),
    );
    expect(staff.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(staff).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining(refused('already-on-site')) }),
    );
    expect(await lines()).toEqual([
      ['Kim', '16T06:00', '16T06:10'],
      ['Kim', '16T06:01', undefined],
      ['Kim', '16T06:11', undefined],
      ['Bo', '16T06:12', undefined],
    ]);

    // Whoever forgot to leave yesterday has come today, and nothing is made up about when they left.
    house.at('2026-11-17T06:00:00Z');
    leader = await house.as('leader');
    await expect(pass({ ...typed, do: 'out' })).rejects.toMatchObject(refused('site-entry-not-found'));
    await pass({ ...typed, do: 'in' });
    expect((await lines()).filter(([, , out]) => out === undefined)).toHaveLength(4);
    expect(await lines('2026-11-17')).toEqual([['Kim', '17T06:00', undefined]]);
    const { body } = await leader.getSiteList({ params, query: today });
    const forgotten = body.items.find(({ firstName }) => firstName === 'Bo')!;
    const place = { ...params, day: forgotten.day, siteEntryId: forgotten.id };
    await expect(leader.registerDeparture({ params: place, ifMatch: forgotten.version })).rejects.toMatchObject(
      refused('wrong-state'),
    );
  });
});

describe('an inspection', () => {
  it('sees the list behind its link for the hours given, and every opening is recorded', async () => {
    const { params } = await aSite();
    await leader.registerOnSite({ params, body: kim });
    const { body: link } = await leader.inviteInspector({ params, body: { hours: 2 } });
    expect(link.expiresAt).toBe('2026-11-16T08:00:00.000Z');
    const opening = { params: { token: codeOf(link.url) }, query: { language: 'nb' as const } };
    // A scanner of mail only looks: nobody is shown, and nothing recorded.
    expect((await house.anyone.showLink(opening)).body.content).not.toContain('Nowak');
    expect(await inspections()).toEqual([]);
    const { body: page } = await house.anyone.useLink(opening);
    // On a phone the rows are cards: each cell says of what column it is, and what it is to a screen reader.
    expect(String(page.content).replaceAll(' role="cell" data-column', '')).toContain(
      '<tr role="row"><th scope="row" role="rowheader">Nowak, Kim</th><td="Fødselsdato">29. feb. 1988</td>' +
        '<td="Arbeidsgiver">Nowak Bygg</td><td="Organisasjonsnummer">974760673</td><td="HMS-kort">1234567</td>' +
        '<td="Kom">16. nov. kl. 07.00</td><td="Gikk">ikke registrert</td></tr>',
    );
    const { body: file } = await house.anyone.downloadSiteList(opening);
    expect(String(file.content).split('\r\n').slice(0, 2)).toEqual([
      'Navn,Fødselsdato,Arbeidsgiver,Organisasjonsnummer,HMS-kort,Kom,Gikk',
      expect.stringMatching(/^"Nowak, Kim",1988-02-29,Nowak Bygg,974760673,1234567,.*,ikke registrert$/),
    ]);
    expect(await inspections()).toHaveLength(2);
    house.at('2026-11-16T08:00:01Z');
    await expect(house.anyone.useLink(opening)).rejects.toMatchObject(refused('link-not-found'));
    await expect(house.anyone.downloadSiteList(opening)).rejects.toMatchObject(refused('link-not-found'));
  });

  it('counts who is there past midnight, and nobody who forgot to leave the day before', async () => {
    const { params } = await aSite();
    await leader.registerOnSite({ params, body: kim });
    house.at('2026-11-16T21:00:00Z');
    const night = await house.as('leader');
    await night.registerOnSite({ params, body: { ...kim, hseCardNumber: '7654321' } });
    const { body: link } = await night.inviteInspector({ params, body: { hours: 24 } });
    const opened = async () => {
      const { body } = await house.anyone.useLink({ params: { token: codeOf(link.url) }, query: { language: 'nb' } });
      return /og ikke gått: \d+/.exec(String(body.content))?.[0];
    };
    expect(await opened()).toBe('og ikke gått: 2');
    house.at('2026-11-16T23:30:00Z');
    expect(await opened()).toBe('og ikke gått: 1');
  });

  it('ends with the list’s term, six months after the works, whether or not the list has been erased yet', async () => {
    const { site, params } = await aSite({ worksFrom: '2026-04-01', worksUntil: '2026-05-16' });
    expect(site.dueAt).toBe('2026-11-16T23:00:00.000Z');
    house.at('2026-11-16T22:45:00Z');
    const then = await house.as('leader');
    const { body: link } = await then.inviteInspector({ params, body: { hours: 2 } });
    const opening = { params: { token: codeOf(link.url) }, query: {} };
    expect((await house.anyone.useLink(opening)).body.content).toContain('Solbakken borettslag');
    house.at(site.dueAt);
    await expect(house.anyone.downloadSiteList(opening)).rejects.toMatchObject(refused('link-not-found'));
    await expect(house.anyone.useLink(opening)).rejects.toMatchObject(refused('link-not-found'));
    await expect(then.getSiteList({ params, query: today })).rejects.toMatchObject(refused('site-not-found'));
    expect((await then.listSites({ params: organisation() })).body.items).toEqual([]);
  });

  it('says so where nobody was there these days', async () => {
    const { params } = await aSite();
    const { body: link } = await leader.inviteInspector({ params, body: { hours: 1 } });
    const opening = { params: { token: codeOf(link.url) }, query: { language: 'en' as const } };
    const { body } = await house.anyone.useLink(opening);
    expect(body.content).toContain('Nobody was registered in the last 7 days.');
    expect(body.content).not.toContain('<table');
  });
});

/** What the log says of openings. */
async function inspections() {
  const { items } = await aCall(house.store).records.activityLog.of(organisationOwner(house.organisationId));
  return items.filter(({ event }) => event === 'site-list.inspected');
}

async function fillList(siteId: SiteId): Promise<void> {
  const { records } = aCall(house.store);
  for (let from = 0; from <= LINES_MAX; from += 90) {
    const change = records.change();
    for (let i = 0; i < 90; i++) {
      const id = anId('ste');
      const entry: SiteEntry = {
        ...kim,
        id,
        siteId,
        day: '2026-11-16',
        inAt: '2026-11-16T05:00:00.000Z',
        registeredBy: 'staff',
      };
      change.put(siteEntryRef(house.organisationId, siteId, entry.day, id), entry, 'new');
    }
    await change.activity({ event: 'test.prepared', subject: organisationOwner(house.organisationId) }).commit();
  }
}
