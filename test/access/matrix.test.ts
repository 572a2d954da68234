import { describe, expect, it } from 'vitest';
import { rules } from '../../lambdas/access/rules.ts';
import { callers, roleOf } from './cast.ts';
import { describeAccessTo, organisationRoutes } from './matrix.ts';
import { expectedOf, namedRoutes } from './table.ts';

describe('the table of access as such', () => {
  it('has one row for each route of an organisation, and none for what is no route', () => {
    expect([...namedRoutes].sort()).toEqual([...organisationRoutes.keys()].sort());
  });

  it('says “no such right” of every role that no rule names', () => {
    for (const [id, { access }] of organisationRoutes) {
      const may: readonly string[] = access.to === 'role' ? rules[access.may].map(({ role }) => role) : [];
      for (const name of callers) {
        const role = roleOf[name];
        if (role && !may.includes(role)) expect([id, name, expectedOf.get(id)?.[name]]).toEqual([id, name, 403]);
      }
    }
  });
});

// The others are played by `npm run test:slow`.
describeAccessTo(
  [...organisationRoutes].flatMap(([id, { path }]) => (/personId|threadId|photoId/.test(path) ? [id] : [])),
);
