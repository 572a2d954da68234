import type { PersonId } from '../../http/ids.ts';
import type { Change } from '../../platform/records.ts';
import type { PersonRecord } from '../people/person.ts';
import {
  addBlock,
  addLink,
  addPerson,
  type Claims,
  identityOf,
  linkRef,
  personRef,
  saveLink,
  savePerson,
} from '../people/writes.ts';
import type { Step } from './plan.ts';
import type { Place } from './worker.ts';
import type { World } from './world.ts';

/** Puts the steps of one row into one transaction: some 25 writes for a child with two new guardians. */
export function writeSteps(change: Change, steps: readonly Step[], world: World, place: Place): void {
  const { organisationId, importId } = place;
  const cause = { importId };
  const options = { cause, groupsAreKnown: true } as const;
  const written = new Set(
    steps.flatMap((step) => (step.do === 'add' ? step.person.id : step.do === 'save' ? step.after.id : [])),
  );
  for (const step of steps) {
    switch (step.do) {
      case 'add':
        addPerson(change, step.person, claimsIn(world, undefined, step.person), options);
        break;
      case 'save': {
        const { value, version } = step.before;
        const before = { ref: personRef(organisationId, value.id), value, version };
        savePerson(change, before, step.after, claimsIn(world, value, step.after), options);
        break;
      }
      case 'link':
        addLink(change, organisationId, step.childId, step.link, { written, cause });
        break;
      case 'save-link': {
        const ref = linkRef(organisationId, step.childId, step.after.guardianId);
        saveLink(change, { ref, ...step.before }, step.after, cause);
        break;
      }
      case 'block':
        addBlock(
          change,
          organisationId,
          step.childId,
          step.block,
          { block: undefined, link: linkIn(world, step.childId, step.block.personId, place) },
          cause,
        );
        break;
    }
  }
}

function linkIn(world: World, childId: PersonId, guardianId: PersonId, { organisationId }: Place) {
  const known = world.link(childId, guardianId);
  return known && { ref: linkRef(organisationId, childId, guardianId), ...known };
}

/** As `claimsFor`, from what has been read already. */
function claimsIn(world: World, before: PersonRecord | undefined, after: PersonRecord): Claims {
  const [left, taken] = [before && identityOf(before), identityOf(after)];
  if (left?.kind === taken?.kind && left?.value === taken?.value) return { claim: [], release: [] };
  return {
    release: left && world.personBy(left)?.value.id === after.id ? [left] : [],
    claim: taken && (world.personBy(taken)?.value.id ?? after.id) === after.id ? [taken] : [],
  };
}
