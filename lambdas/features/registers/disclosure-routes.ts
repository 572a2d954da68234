import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { DisclosureId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { type Capability, changingRecords } from '../../platform/capabilities.ts';
import { AccountsDisclosure, DisclosureNotice, PersonsDisclosure } from './disclosure.ts';

const known = {
  isKnownToSubjects: z.boolean().meta({ description: 'It stands in the access of those concerned.' }),
  version: z.int().min(1),
};
const PersonsView = PersonsDisclosure.extend(known).meta({ id: 'Disclosure' });
const AccountsView = AccountsDisclosure.extend(known).meta({ id: 'OperatorDisclosure' });
const given = { id: true, recordedAt: true, recordedBy: true } as const;
const changing = [...changingRecords, 'rights:read', 'rights:append'] as const satisfies readonly Capability[];
const description =
  'A person sees the entry in their access (Art. 15), unless an order keeps it secret: then from the day after `until`.';

export const disclosureRoutes = {
  recordDisclosure: {
    summary: 'Record a disclosure that the law or an authority ordered',
    description,
    tag: 'Registers',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/disclosures',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: inOrganisation,
    body: PersonsDisclosure.omit(given).meta({ id: 'NewDisclosure' }),
    success: { status: 201, body: PersonsView },
    problems: ['person-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
    // An order is obeyed, and recorded, whether or not the person has restricted the use of their data.
    throughRestriction: true,
  },
  listDisclosures: {
    summary: 'List the organisation’s disclosures',
    description: 'The read is recorded.',
    tag: 'Registers',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/disclosures',
    access: rolesThatMay('register:manage'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(PersonsView) },
    problems: [],
    needs: changing,
    reads: 'disclosures',
  },
  changeDisclosureNotice: {
    summary: 'Record that those concerned were told, or that the order of secrecy lasts longer',
    description: 'What they may see already is not withheld again.',
    tag: 'Registers',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/disclosures/{disclosureId}/notice',
    access: rolesThatMayBeforeAgreement('register:manage'),
    params: inOrganisation.extend({ disclosureId: DisclosureId }),
    body: DisclosureNotice,
    success: { status: 200, body: PersonsView },
    problems: ['disclosure-not-found', 'wrong-state'],
    needs: changing,
    versioned: true,
    // An order is obeyed, and recorded, whether or not the person has restricted the use of their data.
    throughRestriction: true,
  },
  recordOperatorDisclosure: {
    summary: 'Record a disclosure about accounts that the law or an authority ordered',
    description,
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/disclosures',
    access: rolesThatMay('platform:register:manage'),
    body: AccountsDisclosure.omit(given).meta({ id: 'NewOperatorDisclosure' }),
    success: { status: 201, body: AccountsView },
    problems: ['account-not-found', 'wrong-state'],
    needs: changing,
    creates: true,
  },
  listOperatorDisclosures: {
    summary: 'List the operator’s disclosures',
    description: 'The read is recorded.',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/disclosures',
    access: rolesThatMay('platform:register:manage'),
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(AccountsView) },
    problems: [],
    needs: changing,
    reads: 'disclosures',
  },
  changeOperatorDisclosureNotice: {
    summary: 'Record that the holders of accounts were told, or that the order of secrecy lasts longer',
    tag: 'Platform',
    method: 'PUT',
    path: '/v1/platform/disclosures/{disclosureId}/notice',
    access: rolesThatMay('platform:register:manage'),
    params: z.strictObject({ disclosureId: DisclosureId }),
    body: DisclosureNotice,
    success: { status: 200, body: AccountsView },
    problems: ['disclosure-not-found', 'wrong-state'],
    needs: changing,
    versioned: true,
  },
} as const satisfies Routes;
