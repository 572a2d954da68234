import type { OrganisationId } from '../../../http/ids.ts';
import type { ControllerId } from '../../../platform/entity.ts';
import { organisationPointers } from '../../organisations/organisation.ts';
import { organisationIdIn } from '../../retention/standings.ts';
import { pointersIn } from '../../walks/pointers-in.ts';
import type { StepContext } from '../step.ts';
import { noted } from './notes.ts';

const OPERATOR: ControllerId = 'operator';
/** Everybody who was erased, until the law no longer wants to know of it (erasure/evidence.ts). */
const EVIDENCE = 'EVIDENCE-DUE';

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

/**
 * Whoever has a ledger: the organisations of the restored Core, those that had an entry since, those that have ended and
 * of which the law keeps something, and the operator.
 */
export async function controllersIn(context: StepContext): Promise<ControllerId[]> {
  const since = (await noted(context, 'ledgers')) as ControllerId[];
  const ended = await endedOrganisations(context);
  return [...new Set([OPERATOR, ...(await organisationsIn(context)), ...ended, ...since])].sort();
}

async function endedOrganisations({ openCall }: StepContext): Promise<ControllerId[]> {
  const ended: ControllerId[] = [];
  const walk = { openCall, hasTimeLeft: () => true };
  for await (const { attributes } of pointersIn({ table: 'rights', pk: EVIDENCE }, walk)) {
    const controller = organisationIdIn(String(attributes?.['controller']));
    if (controller && attributes?.['subject'] === controller) ended.push(controller);
  }
  return ended;
}
