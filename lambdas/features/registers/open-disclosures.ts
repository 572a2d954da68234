import { DisclosureId, OrganisationId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Pointer } from '../../platform/records.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { type RegistersClock, type RegistersTicked, tried } from './clock.ts';
import {
  type Disclosure,
  handed,
  mayBeKnown,
  operatorsRegister,
  type Register,
  registerOf,
  withheldPointer,
} from './disclosure.ts';

/** Writes the entries of those concerned once the last day of secrecy is over, where the controller is. */
export async function openDisclosures(clock: RegistersClock, ticked: RegistersTicked): Promise<void> {
  const { pk } = withheldPointer('', 'operator', '' as DisclosureId);
  const { now } = clock.openCall();
  // A zone is a day ahead of UTC at most: what was its yesterday is no later than today in UTC.
  const to = `${now.toISOString().slice(0, 'yyyy-mm-dd'.length)}~`;
  for await (const pointer of pointersIn({ table: 'core', pk }, clock, { from: '0', to })) {
    const [, controller = '', id = ''] = pointer.sk.split('#');
    const register = controller === 'operator' ? operatorsRegister : registerOf(OrganisationId.parse(controller));
    const today = dayIn(String(pointer.attributes?.['timeZone']), now);
    await tried(id, clock, ticked, () => open(register, DisclosureId.parse(id), pointer, today, clock, ticked));
  }
}

async function open(
  register: Register,
  id: DisclosureId,
  { table, pk, sk }: Pointer,
  today: string,
  clock: RegistersClock,
  ticked: RegistersTicked,
): Promise<void> {
  const { entity, owner } = register;
  const stored = await clock.openCall().records.get({ entity, owner, key: id });
  if (stored && !mayBeKnown(stored.value.notice, today)) return;
  // One by one: whoever has been erased meanwhile keeps nobody else from knowing.
  for (const subject of stored?.value.subjects ?? [])
    if (!(await tried(id, clock, ticked, () => putEntry(register, stored!.value, subject, clock)))) return;
  const change = clock.openCall().records.change().unpoint({ table, pk, sk });
  await change.activity({ event: 'disclosure.opened', subject: owner, about: [id] }).commit();
  ticked.disclosuresOpened++;
}

async function putEntry(
  { entryEntity, ownerOfEntry }: Register,
  disclosure: Disclosure,
  subject: Disclosure['subjects'][number],
  clock: RegistersClock,
): Promise<void> {
  const { records } = clock.openCall();
  const ref = { entity: entryEntity, owner: ownerOfEntry(subject), key: disclosure.id };
  if (await records.get(ref)) return;
  const change = records.change().put(ref, handed(disclosure), 'new');
  await change.activity({ event: 'disclosure.entry-opened', subject: ref.owner, about: [disclosure.id] }).commit();
}
