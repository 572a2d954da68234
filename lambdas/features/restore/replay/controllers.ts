import type { OrganisationId } from '../../../http/ids.ts';
import type { ControllerId } from '../../../platform/entity.ts';
import { organisationPointers } from '../../organisations/organisation.ts';
import { organisationIdIn } from '../../retention/standings.ts';
import { pointersIn } from '../../walks/pointers-in.ts';
import type { StepContext } from '../step.ts';
import { noted } from './notes.ts';

const OPERATOR: ControllerId = 'operator';

/** The organisations of the restored Core, in the order of their ids. */
export async function organisationsIn({ openCall }: Pick<StepContext, 'openCall'>): Promise<OrganisationId[]> {
  const ids: OrganisationId[] = [];
  const walk = { openCall, hasTimeLeft: () => true };
  for await (const { sk } of pointersIn(organisationPointers.all('' as OrganisationId), walk)) {
    const organisationId = organisationIdIn(sk);
    if (organisationId) ids.push(organisationId);
  }
  return ids;
}

/** Whoever has a ledger: the organisations of the restored Core, those that had an entry since, and the operator. */
export async function controllersIn(context: StepContext): Promise<ControllerId[]> {
  const since = (await noted(context, 'ledgers')) as ControllerId[];
  return [...new Set([OPERATOR, ...(await organisationsIn(context)), ...since])].sort();
}
