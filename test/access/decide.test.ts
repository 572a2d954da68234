import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessFacts, accessDecision, type Target } from '../../lambdas/access/decide.ts';
import {
  guardianRights,
  profiles,
  type RoleName,
  roleNames,
  roles,
  rolesOfProfile,
} from '../../lambdas/access/roles.ts';
import { type Action, rules } from '../../lambdas/access/rules.ts';

const facts = (
  role: RoleName,
  target?: Partial<Target & { kind: 'person' }>,
  more: Partial<AccessFacts> = {},
): AccessFacts => ({
  role: { name: role, scope: { kind: 'organisation' }, personId: 'per_me' },
  organisation: { profile: 'kindergarten', state: 'open' },
  target: target && {
    kind: 'person',
    personId: 'per_child',
    groupIds: ['grp_a'],
    departmentIds: [],
    guardianRights: undefined,
    isBlocked: false,
    ...target,
  },
  ...more,
});
const inGroup = (id: string, target?: Partial<Target & { kind: 'person' }>) => {
  const made = facts('staff', target ?? {});
  return { ...made, role: { ...made.role, scope: { kind: 'group' as const, id } } };
};
const actions = Object.keys(rules) as Action[];

describe('access', () => {
  it('SM-02 of staff ends at their group', () => {
    expect(accessDecision('attendance:register', inGroup('grp_a'))).toBe('allowed');
    expect(accessDecision('attendance:register', inGroup('grp_b'))).toBe('out-of-reach');
  });
  it('SM-02 of a leader of a department ends at the department', () => {
    const leaderOf = (departmentId: string, target?: object): AccessFacts => {
      const made = facts('leader', target && { departmentIds: ['dep_a'], ...target });
      return { ...made, role: { ...made.role, scope: { kind: 'department', id: departmentId } } };
    };
    for (const action of ['person:read', 'person:manage', 'person:block', 'person:invite', 'picture:manage'] as const) {
      expect([action, accessDecision(action, leaderOf('dep_a', {}))]).toEqual([action, 'allowed']);
      expect([action, accessDecision(action, leaderOf('dep_b', {}))]).toEqual([action, 'out-of-reach']);
    }
    for (const action of ['person:create', 'import:manage', 'structure:manage', 'guardians:invite'] as const) {
      expect([action, accessDecision(action, leaderOf('dep_a'))]).toEqual([action, 'out-of-reach']);
      expect([action, accessDecision(action, facts('leader'))]).toEqual([action, 'allowed']);
    }
  });
  it.each([
    ['parental-responsibility', 'allowed', 'allowed'],
    ['information-only', 'allowed', 'out-of-reach'],
    ['pick-up-only', 'out-of-reach', 'out-of-reach'],
  ] as const)('of a guardian with %s: reading is %s, reporting absence is %s', (rights, read, report) => {
    expect(accessDecision('attendance:read', facts('guardian', { guardianRights: rights }))).toBe(read);
    expect(accessDecision('absence:report', facts('guardian', { guardianRights: rights }))).toBe(report);
  });
  it('of a guardian to a child that is not theirs is answered as if there were none', () => {
    expect(accessDecision('person:read', facts('guardian', {}))).toBe('out-of-reach');
  });
  it('is refused to a role without any rule for it', () => {
    expect(
      accessDecision('attendance:register', facts('guardian', { guardianRights: 'parental-responsibility' })),
    ).toBe('not-allowed');
  });

  const anyFacts = fc.record({
    role: fc.record({
      name: fc.constantFrom(...roleNames),
      scope: fc.record({
        kind: fc.constantFrom('organisation', 'department', 'group', 'person'),
        id: fc.constantFrom('grp_a', 'dep_a', 'per_child'),
      }),
      personId: fc.constantFrom('per_me', 'per_child'),
    }),
    organisation: fc.record({ profile: fc.constantFrom(...profiles), state: fc.constantFrom('open', 'closed') }),
    target: fc.record({
      kind: fc.constant('person'),
      personId: fc.constant('per_child'),
      groupIds: fc.subarray(['grp_a', 'grp_b']),
      departmentIds: fc.subarray(['dep_a']),
      guardianRights: fc.constantFrom(undefined, ...guardianRights),
      isBlocked: fc.boolean(),
    }),
  }) as fc.Arbitrary<AccessFacts>;

  it('is never allowed past a block or in a closed organisation, whoever asks for whatever', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...actions), (some, action) => {
        const isDenied =
          (some.target?.kind === 'person' && some.target.isBlocked) || some.organisation?.state === 'closed';
        if (isDenied) expect(accessDecision(action, some)).not.toBe('allowed');
      }),
      { numRuns: 2_000 },
    );
  });
  it('is never given to a role that the profile does not know', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...actions), (some, action) => {
        const { name } = some.role;
        if (rolesOfProfile[some.organisation!.profile][name] || name.startsWith('platform-')) return;
        expect(accessDecision(action, some)).toBe('not-allowed');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the catalogue', () => {
  it('SM-15, KP-13 guards every role that is not a person’s own or a guardian’s', () => {
    expect(roleNames.filter((name) => !roles[name].guarded)).toEqual(['guardian', 'member', 'integration']);
  });
  it('gives guardians and members no action on others’ data across the organisation', () => {
    const wide = Object.entries(rules).flatMap(([action, list]) =>
      list.some((rule) => (rule.role === 'guardian' || rule.role === 'member') && rule.within === 'organisation')
        ? [action]
        : [],
    );
    // What these show is decided thing by thing: an event by its scope, a thread by its people, a file by what holds it.
    const byTheThing = [
      ...['calendar:read', 'document:open', 'file:read', 'file:upload', 'message:use'],
      // Their own tickets, and the company that they speak for.
      ...['ticket:own', 'correction:propose'],
      'reservation:manage-siblings',
    ];
    // The same for everybody: what the organisation is called, and when it is closed.
    // And which sites there are, for whoever may come to them; never who is there.
    const forEverybody = ['closure:read', 'organisation:read', 'site:read'];
    const oneself = ['notice-preferences:manage'];
    expect(wide.sort()).toEqual([...byTheThing, ...forEverybody, ...oneself].sort());
  });
});
