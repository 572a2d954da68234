import type { Group } from '../../lambdas/features/organisations/organisation.ts';
import type { GuardianLink, PersonRecord } from '../../lambdas/features/people/person.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { daysAfter } from '../../lambdas/platform/calendar.ts';
import type { Chance } from './chance.ts';
import { boys, emailOf, girls, groups as groupNames, men, families as surnames, women } from './names.ts';

const GROUPS = 12;
const STAFF_PER_GROUP = 3;

export interface Family {
  readonly children: readonly PersonRecord[];
  readonly guardians: readonly PersonRecord[];
  readonly links: readonly { readonly childId: PersonRecord['id']; readonly link: GuardianLink }[];
}

export interface Town {
  readonly groups: readonly Group[];
  readonly staff: readonly PersonRecord[];
  readonly families: readonly Family[];
}

export interface TownWanted {
  readonly organisationId: OrganisationId;
  readonly families: number;
  readonly today: string;
  /** Tells the addresses of this run from those of the ones before. */
  readonly run: number;
}

/** Who there is, decided before anything is written. Pure. */
export function aTown({ organisationId, families, today, run }: TownWanted, chance: Chance): Town {
  const madeAt = Date.parse(`${today}T06:00:00Z`);
  const since = daysAfter(today, -365);
  const groups = groupNames
    .slice(0, Math.min(GROUPS, families))
    .map((name): Group => ({ id: chance.id('grp', madeAt), name, state: 'open' }));
  let number = 0;
  const person = (kind: PersonRecord['kind'], firstName: string, lastName: string): PersonRecord => ({
    id: chance.id('per', madeAt),
    organisationId,
    kind,
    firstName,
    lastName,
    language: 'nb',
    protectedAddress: false,
    placements: [],
    ...(kind !== 'child' && { email: emailOf(firstName, lastName, ++number, run) }),
  });

  function family(): Family {
    const lastName = chance.of(surnames);
    const children = Array.from({ length: chance.percent(45) ? 2 : 1 }, (): PersonRecord => {
      const placed = { groupId: chance.of(groups).id, from: since };
      const child = person('child', chance.of(chance.percent(50) ? girls : boys), lastName);
      const birthDate = daysAfter(today, -chance.whole(400, 2000));
      return { ...child, birthDate, placements: [placed] };
    });
    const mother = person('guardian', chance.of(women), chance.percent(70) ? lastName : chance.of(surnames));
    const father = person('guardian', chance.of(men), lastName);
    const guardians = chance.percent(12) ? [mother] : [mother, father];
    const livesApart = guardians.length === 2 && chance.percent(15);
    const links = children.flatMap(({ id }) =>
      guardians.map(({ id: guardianId }, i) => ({
        childId: id,
        link: {
          guardianId,
          relation: i === 0 ? ('mother' as const) : ('father' as const),
          rights: livesApart && i === 1 ? ('information-only' as const) : ('parental-responsibility' as const),
          livesWith: !livesApart || i === 0,
          from: since,
        },
      })),
    );
    return { children, guardians, links };
  }

  return {
    groups,
    staff: groups.flatMap(({ id }) =>
      Array.from({ length: STAFF_PER_GROUP }, () => ({
        ...person('staff', chance.of(chance.percent(80) ? women : men), chance.of(surnames)),
        placements: [{ groupId: id, from: since }],
      })),
    ),
    families: Array.from({ length: families }, family),
  };
}
