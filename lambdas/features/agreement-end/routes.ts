import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Access, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { AgreementAcceptance } from '../organisations/agreement-acceptance.ts';
import { ServicePeriod } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';
import { choices } from './end.ts';

/** Also when the agreement has ended: that is what it is for. */
const administratorsWithFreshProof: Access = {
  to: 'role',
  may: 'agreement:accept',
  proof: 'fresh',
  beforeAgreement: true,
};

const AgreementEndView = z
  .strictObject({
    endsOn: PlainDate.optional().meta({ description: 'The last day; absent while the agreement is open.' }),
    choice: z.enum(choices).optional(),
    chosenAt: z.iso.datetime().optional(),
    chosenBy: PersonId.optional(),
    /** The first day without what the operator is controller for: the customer agreement (KP-10). */
    agreementErasedOn: PlainDate.optional(),
    /** The first day without anything. */
    deletedOn: PlainDate.optional(),
    version: z.int().min(1),
  })
  .meta({ id: 'AgreementEnd' });

const AGREEMENTS_SHOWN_MAX = 200;

export const agreementEndRoutes = {
  getAgreementEnd: {
    summary: 'Read what becomes of the data when the agreement ends',
    tag: 'Retention',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/agreement/end',
    access: rolesThatMay('agreement:accept'),
    params: inOrganisation,
    success: { status: 200, body: AgreementEndView },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  chooseAgreementEnd: {
    summary: 'Choose return or deletion of all data',
    description:
      '`return`: fetch it by `POST …/exports`; it is deleted 90 days after the end. `deletion`: deleted at the end, three ' +
      'days after the choice at the earliest. Without a choice it is deleted after 90 days (ALL-09). The choice can be ' +
      'changed until the deletion has begun.',
    tag: 'Retention',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/agreement/end',
    access: administratorsWithFreshProof,
    params: inOrganisation,
    body: z.strictObject({ choice: z.enum(choices) }).meta({ id: 'AgreementEndChoice' }),
    success: { status: 200, body: AgreementEndView },
    problems: ['wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  listAgreements: {
    summary: 'Fetch the agreements in force and those before',
    description:
      'When the service is agreed for, and every version of the data-processing agreement that was accepted: by whom, ' +
      'when, and the hash of its text (AT-17). The text in force is `GET …/agreement`, also as a page and a PDF.',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/agreements',
    access: rolesThatMay('agreement:accept'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z
        .strictObject({
          servicePeriod: ServicePeriod.optional(),
          dataProcessing: z.array(AgreementAcceptance.extend({ isCurrent: z.boolean() })).max(AGREEMENTS_SHOWN_MAX),
        })
        .meta({ id: 'AgreementsInForce' }),
    },
    problems: [],
    needs: [...readingRecords, 'rights:read'],
  },
} as const satisfies Routes;
