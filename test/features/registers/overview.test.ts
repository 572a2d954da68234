import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Profile, profiles } from '../../../lambdas/access/roles.ts';
import { rules } from '../../../lambdas/access/rules.ts';
import { resultRow } from '../../../lambdas/features/guarantees/result.ts';
import { rolesOverview } from '../../../lambdas/features/registers/access-overview.ts';
import { operatorItself } from '../../../lambdas/features/registers/operator-itself.ts';
import { processingActivities, riskFacts } from '../../../lambdas/features/registers/processing.ts';
import { promisesOfProfile } from '../../../lambdas/features/registers/promise.ts';
import { fieldsOf, isFreeText } from '../../../lambdas/features/registers/schema-fields.ts';
import { article9Decision } from '../../../lambdas/features/registers/special-category.ts';
import { freeText, oneLine } from '../../../lambdas/http/free-text.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from './world.ts';

const under = (profile: Profile) => ({ profile, adjustments: {}, agreed: undefined });

describe('the record of processing activities (Art. 30)', () => {
  it.each(profiles)('of %s says of each category what Art. 30(1) asks for, in both languages', (profile) => {
    for (const ourRole of ['processor', 'controller'] as const) {
      const activities = processingActivities(under(profile), ourRole);
      expect(activities.length).toBeGreaterThan(3);
      for (const { what, purpose, subjects, legalBasis, specialCategory, kept, sources, onErasure } of activities) {
        for (const words of [what, purpose, subjects, legalBasis, specialCategory, kept]) {
          expect(words.nb).not.toBe('');
          expect(words.en).not.toBe('');
        }
        expect(sources).not.toEqual([]);
        expect(onErasure).not.toEqual([]);
      }
    }
  });

  it('says whose each record is: the organisation’s, or the operator’s own (KP-01)', () => {
    const names = (ourRole: 'processor' | 'controller') =>
      processingActivities(under('kindergarten'), ourRole).flatMap(({ entities }) => entities);
    expect(names('processor')).toContain('person');
    expect(names('processor')).not.toContain('account');
    expect(names('controller')).toContain('account');
    expect(names('controller')).toContain('customer-agreement');
  });

  it('says the organisation’s own terms where it has shortened them', () => {
    const kept = (adjustments: Parameters<typeof processingActivities>[0]['adjustments']) =>
      processingActivities({ ...under('kindergarten'), adjustments }, 'processor').find(({ entities }) =>
        entities.includes('person'),
      )?.kept.en;
    expect(kept({})).toBe('6 months after the placement or role ended');
    expect(kept({ person: { length: { months: 2 } } })).toBe('2 months after the placement or role ended');
  });
});

describe('the facts for an impact assessment (Art. 35(7))', () => {
  const of = (profile: Profile, name: string) =>
    riskFacts(under(profile)).find(({ entities }) => entities.includes(name));
  it('say where children are concerned, and where people write what they want', () => {
    expect(of('kindergarten', 'person')).toMatchObject({ children: true, dependent: true, freeTextFields: ['note'] });
    expect(of('itservice', 'person')).toMatchObject({ children: false, dependent: false });
    expect(of('kindergarten', 'picture')).toMatchObject({ pictures: true });
    expect(of('kindergarten', 'role')).toMatchObject({ children: false, location: false, pictures: false });
  });
});

describe('the fields of a schema', () => {
  it('are found in objects, lists, unions and options, and free text is told from a line', () => {
    const schema = z.object({
      a: freeText({ max: 10 }).optional(),
      b: z.array(z.object({ c: oneLine({ max: 10 }), d: freeText({ max: 10 }).nullable() })),
      e: z.discriminatedUnion('k', [
        z.object({ k: z.literal(1), f: freeText({ max: 90 }) }),
        z.object({ k: z.literal(2) }),
      ]),
      g: z.string().regex(/^x$/),
    });
    const fields = fieldsOf(schema);
    expect(fields.map(({ path }) => path)).toEqual(['a', 'b.c', 'b.d', 'e.k', 'e.f', 'e.k', 'g']);
    expect(fields.filter(isFreeText).map(({ path }) => path)).toEqual(['a', 'b.d', 'e.f']);
  });
});

describe('special categories of data (CE-03, AT-12)', () => {
  const agreed = { condition: 'explicit-consent' } as const;
  it.each(['workplace', 'itservice'] as const)(
    'are refused under %s unless the agreement names the very condition',
    (profile) => {
      expect(article9Decision(profile, 'explicit-consent', undefined)).toBe('refused');
      expect(article9Decision(profile, 'vital-interests', agreed)).toBe('refused');
      expect(article9Decision(profile, 'explicit-consent', agreed)).toBe('allowed');
      expect(article9Decision(profile, 'none', undefined)).toBe('not-special');
    },
  );
  it.each(['family', 'kindergarten', 'safety'] as const)('are as declared under %s', (profile) => {
    expect(article9Decision(profile, 'health-or-social-care', undefined)).toBe('allowed');
  });
});

describe('what is registered under a profile that holds no special categories (CE-03, AT-12)', () => {
  it.each(['workplace', 'itservice'] as const)(
    'of %s needs no agreement: no entity there rests on Art. 9',
    (profile) => {
      expect(riskFacts(under(profile)).filter(({ specialCategories }) => specialCategories !== 'not-special')).toEqual(
        [],
      );
    },
  );
});

describe('the overview of access', () => {
  it('says of each role every action that the rules give it, and no other', () => {
    const overview = rolesOverview('kindergarten', []);
    expect(overview.map(({ role }) => role)).toEqual([
      'administrator',
      'privacy-officer',
      'leader',
      'staff',
      'guardian',
    ]);
    for (const { role, actions } of overview) {
      const given = Object.entries(rules).flatMap(([action, list]) =>
        list.filter((rule) => rule.role === role).map(() => action),
      );
      expect(actions.map(({ action }) => action)).toEqual(given);
    }
    expect(overview.at(-1)?.actions).toContainEqual({
      action: 'absence:report',
      within: 'child',
      rights: ['parental-responsibility'],
    });
  });
});

describe('the overviews over HTTP', () => {
  let dynamoDb: TestDynamoDb;
  let world: World;
  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
  });
  afterAll(() => dynamoDb.stop());
  beforeEach(async () => {
    world = await aWorld(dynamoDb);
  });
  const anOffice = async (profile: Profile) => {
    const { id: organisationId } = await anOrganisation(world.store, { profile });
    const { id: personId } = await aPerson(world.store, organisationId, { kind: 'staff', firstName: 'Siri' });
    const administrator = await someoneWith(world.store, organisationId, 'administrator', { personId });
    return { params: { organisationId }, administrator, api: world.as(administrator) };
  };

  it('give the record with recipients, no transfers, measures, and the operator’s own', async () => {
    const { api, params } = await anOffice('kindergarten');
    const { body } = await api.getProcessingActivities({ params });
    expect(body.controller).toMatchObject({ ...params, profile: 'kindergarten' });
    expect(body.recipients.map(({ id }) => id)).toEqual(['aws', 'amazon-ses', 'amazon-sns']);
    expect(body.transfersOutsideEea).toEqual([]);
    expect(body.securityMeasures.length).toBeGreaterThan(5);
    expect(body.place.en).toContain('eu-west-1');
  });

  it.each([
    ['nb', 'Protokoll over behandlingsaktiviteter', 'Ingen opplysninger overføres ut av EØS.'],
    ['en', 'Record of processing activities', 'No data is transferred outside the EEA.'],
  ] as const)('give it as a page in %s', async (language, ...said) => {
    const { api, params } = await anOffice('kindergarten');
    const { body } = await api.getProcessingActivitiesPage({ params, query: { language } });
    for (const words of [...said, 'Solbakken barnehage', 'Amazon']) expect(body.content).toContain(words);
  });

  it('give the facts for an impact assessment', async () => {
    const { api, params } = await anOffice('kindergarten');
    const { body } = await api.getImpactAssessmentInput({ params });
    expect(body.activities).toHaveLength(body.riskFacts.length);
    expect(body.securityMeasures.length).toBeGreaterThan(5);
  });

  it('count the holders of each role, name those of guarded ones, and show grants in force', async () => {
    const { api, params, administrator } = await anOffice('kindergarten');
    const { organisationId } = params;
    const child = anId('per');
    await someoneWith(world.store, organisationId, 'guardian', { scope: { kind: 'person', id: child } });
    await someoneWith(world.store, organisationId, 'staff', { scope: { kind: 'group', id: anId('grp') } });
    const { body } = await api.getAccessOverview({ params });
    const holdersOf = (name: string) => body.roles.find(({ role }) => role === name)?.holders;
    expect(holdersOf('administrator')).toEqual({ organisation: 1, department: 0, group: 0, person: 0 });
    expect(holdersOf('staff')).toMatchObject({ group: 1 });
    expect(holdersOf('guardian')).toMatchObject({ person: 1 });
    expect(body.guardedHolders.map(({ role }) => role).sort()).toEqual(['administrator', 'staff']);
    expect(body.guardedHolders).toContainEqual(
      expect.objectContaining({ roleId: administrator.role, person: { firstName: 'Siri', lastName: 'Olstad' } }),
    );
    expect([body.grants, body.isCutShort]).toEqual([[], false]);
  });

  it('record and take back the agreement on special categories, where the profile needs one', async () => {
    const { api, params, administrator } = await anOffice('workplace');
    expect((await api.getSpecialCategories({ params })).body).toEqual({ isAgreementNeeded: true });
    const body = { interest: 'Vi fører register over allergier for kantinen.', condition: 'explicit-consent' } as const;
    await api.agreeOnSpecialCategories({ params, body });
    // Once more, in other words: the later counts.
    await api.agreeOnSpecialCategories({ params, body: { ...body, interest: 'Allergier, for kantinen.' } });
    expect((await api.getSpecialCategories({ params })).body.agreement).toMatchObject({
      interest: 'Allergier, for kantinen.',
      agreedBy: administrator.personId,
    });
    await api.withdrawSpecialCategories({ params });
    await api.withdrawSpecialCategories({ params });
    expect((await api.getSpecialCategories({ params })).body).toEqual({ isAgreementNeeded: true });

    const kindergarten = await anOffice('kindergarten');
    await expect(
      kindergarten.api.agreeOnSpecialCategories({ params: kindergarten.params, body }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
    const officer = await someoneWith(world.store, params.organisationId, 'privacy-officer');
    await expect(world.as(officer).agreeOnSpecialCategories({ params, body })).rejects.toMatchObject({
      slug: 'not-allowed',
    });
  });

  it('show a person the promises of each organisation’s profile since they came there (ALL-03)', async () => {
    const { id: organisationId } = await anOrganisation(world.store, { profile: 'safety' });
    const { id: personId } = await aPerson(world.store, organisationId, { kind: 'member' });
    const member = await someoneWith(world.store, organisationId, 'member', { personId });
    const { everywhere, organisations } = (await world.as({ token: member.token }).getMyPromises()).body;
    expect(organisations).toMatchObject([{ organisationId, profile: 'safety', since: '2026-11-22' }]);
    expect(organisations[0]?.promises.map(({ id }) => id)).toEqual(Object.keys(promisesOfProfile.safety));
    expect(everywhere.promises[0]).toMatchObject({ id: 'ALL-01', evidence: ['test'] });
    expect(everywhere.since).toBe('2026-11-23T07:00:00.000Z');
    expect(everywhere.lastCheck).toBeUndefined();
  });

  it('show a person when what the promises rest on was last looked at, and how it stood', async () => {
    const { id: organisationId } = await anOrganisation(world.store);
    const member = await someoneWith(world.store, organisationId, 'member');
    const at = world.store.now();
    await world
      .records()
      .change()
      .point(resultRow({ checked: 56, broken: ['keys.no-backups'] }, at))
      .activity({ event: 'guarantees.checked', subject: operatorItself })
      .commit();
    const { everywhere } = (await world.as({ token: member.token }).getMyPromises()).body;
    expect(everywhere.lastCheck).toEqual({ checkedAt: at.toISOString(), checked: 56, broken: 1 });
  });
});
