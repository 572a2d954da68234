import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { StaleVersion } from '../../platform/records.ts';
import { Email } from '../people/person.ts';
import { newStaff, type StaffDirectory } from './handlers.ts';
import { addStaff, platformStore } from './store.ts';

/** What an operator's console may ask of a deployment; nothing else is done. */
export const OperatorCommand = z.strictObject({
  command: z.literal('first-administrator'),
  email: Email,
  language: z.enum(['nb', 'en']),
});

export type OperatorOutcome =
  | { readonly outcome: 'invited'; readonly accountId: string; readonly roleId: string }
  | { readonly outcome: 'refused'; readonly reason: 'a-platform-operator-exists' };

const firstRow = { table: 'core', pk: 'operator#FIRST-ADMINISTRATOR', sk: 'FIRST' } as const;

/**
 * Makes the operator's keys and the first platform operator of a fresh deployment. After a crash it may be run again:
 * keys and Cognito's user are then there already, and everything of ours is one transaction.
 */
export async function inviteFirstAdministrator(
  { email, language }: z.output<typeof OperatorCommand>,
  directory: StaffDirectory,
  call: Call,
): Promise<OperatorOutcome> {
  await call.records.prepareController('operator');
  if (await hasPlatformOperator(call)) return refused;
  const { sub } = await directory.invite(email, language);
  const staff = await newStaff(platformStore, { sub, email, language, role: 'platform-operator' }, call);
  if (!staff) return refused;
  const [first] = await call.records.pointersAt([firstRow]);
  const change = addStaff(call.records.change(), staff, call);
  // Two consoles at once on a fresh deployment: one of them becomes the first.
  change.point({ ...firstRow, attributes: { roleId: staff.role.id } }, first ? {} : { ifNew: anotherWasFaster });
  try {
    await change.commit();
  } catch (error) {
    if (error instanceof StaleVersion) return refused;
    throw error;
  }
  return { outcome: 'invited', accountId: staff.account.id, roleId: staff.role.id };
}

const refused = { outcome: 'refused', reason: 'a-platform-operator-exists' } as const;
const anotherWasFaster = () => new StaleVersion('Another console was faster');

/** Whoever is suspended can open nothing, so they do not stand in the way of a new one. */
async function hasPlatformOperator(call: Call): Promise<boolean> {
  const staff = await platformStore.staff(call);
  return staff.some(({ role }) => role.role === 'platform-operator' && role.state === 'active');
}
