import type { PersonId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { formerUserNumbers } from '../erasure/former-users.ts';
import { loggedEntry } from './entry.ts';
import { type Mine, type MyLog, mine } from './mine.ts';
import type { MyActivityStore, Told } from './my-handlers.ts';
import { type Cast, type KnownRole, personIn, plainActor, readRoles } from './names.ts';
import { type FoundIn, newestOfLogs, pageOf } from './several-logs.ts';
import type { Somebody } from './somebody.ts';
import { mayKnow } from './who-may-know.ts';

type Found = FoundIn<Mine>;

export const myActivityStore: MyActivityStore = {
  mine,

  async page(log, { days, event }, { limit, after }, { records }) {
    const { found, end } = await newestOfLogs(records.activityLog, log.subjects, days, after);
    const told = await toldOf(found, log, records);
    return pageOf(told, ({ entry }) => event === undefined || entry.event === event, limit, end);
  },

  async find(log, id, { records }) {
    const controllers = [...new Set(log.subjects.map(({ owner }) => owner.controller))];
    const rows = await Promise.all(controllers.map((controller) => records.activityLog.find(controller, id)));
    const found = rows.flatMap((row): Found[] => {
      if (!row) return [];
      const { entry, ...rest } = loggedEntry(row);
      const subject = log.subjects.find(
        ({ owner }) => owner.controller === entry.controller && owner.subject === entry.subject,
      );
      return subject ? [{ entry, ...rest, subject }] : [];
    });
    const [told] = await toldOf(found, log, records);
    return told;
  },
};

/** Those that the caller may know of, and who is in them. One round trip. */
async function toldOf(found: readonly Found[], { selves }: MyLog, records: Records): Promise<readonly Told[]> {
  const byController = Map.groupBy(found, ({ entry }) => entry.controller);
  const known = new Map(
    await Promise.all(
      [...byController].map(async ([controller, of]) => [controller, await knownOf(controller, of, records)] as const),
    ),
  );
  return found.flatMap(({ subject, ...logged }): Told[] => {
    const { entry } = logged;
    const { roles, former } = known.get(entry.controller)!;
    const role = roles.get(entry.role ?? '');
    const isByReader = selves.has(entry.actor) || (entry.person !== undefined && selves.has(entry.person));
    const isByService = entry.actor.startsWith('system:');
    if (!mayKnow(entry.event, { as: subject.as, isByReader, isByService, role: role?.name })) return [];
    const actor = isByReader ? ({ kind: 'you' } as const) : (plainActor(entry) ?? otherBy(role, entry.person, former));
    return [{ ...logged, subject, cast: castOf(actor, subject) }];
  });
}

async function knownOf(controller: ControllerId, of: readonly Found[], records: Records) {
  const entries = of.map(({ entry }) => entry);
  const personIds = [...new Set(entries.flatMap(({ person }) => personIn(person)))];
  const [roles, former] = await Promise.all([
    readRoles(records, controller, entries),
    controller === 'operator' ? new Map<PersonId, number>() : formerUserNumbers(records, controller, personIds),
  ]);
  return { roles, former };
}

/** Others by role: no name, no id, and no number by which two logs could be joined. */
function otherBy(
  role: KnownRole | undefined,
  personId: string | undefined,
  former: ReadonlyMap<string, number>,
): Somebody {
  if (personId !== undefined && former.has(personId)) return { kind: 'former-user' };
  if (role?.isOfOperator) return { kind: 'operator-staff', role: role.name };
  if (role?.name === 'integration') return { kind: 'program', role: role.name };
  if (role) return { kind: 'person', role: role.name };
  return { kind: personId === undefined ? 'account' : 'person' };
}

function castOf(actor: Somebody, { as, personId, name }: Mine): Cast {
  const about: Somebody =
    as === 'self'
      ? { kind: 'you' }
      : { kind: 'person', ...(personId !== undefined && { personId }), ...(name !== undefined && { name }) };
  return { actorOf: () => actor, subjectOf: () => about };
}
