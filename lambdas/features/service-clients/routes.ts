import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { RoleId, ServiceClientId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { RoleScope } from '../access/role.ts';
import { OLD_SECRET_HOURS, Scope, SERVICE_CLIENTS_MAX } from './service-client.ts';

const ofClient = inOrganisation.extend({ serviceClientId: ServiceClientId });

const ServiceClientView = z
  .strictObject({
    id: ServiceClientId.meta({ description: 'The `client_id`.' }),
    name: oneLine({ max: 80 }),
    scopes: z.array(z.string()).meta({ description: 'What it may do, and nothing else.' }),
    scope: RoleScope,
    roleId: RoleId.meta({ description: 'What the program sends in `Vern-Role`.' }),
    createdAt: z.iso.datetime(),
    newestSecretAt: z.iso.datetime(),
    olderSecretUntil: z.iso.datetime().optional(),
  })
  .meta({ id: 'ServiceClient' });

const WithSecret = z
  .strictObject({
    client: ServiceClientView,
    secret: z.string().meta({ description: 'The `client_secret`. It is shown this once, and kept as a hash alone.' }),
  })
  .meta({ id: 'ServiceClientSecret' });

const Made = WithSecret.extend({
  secret: WithSecret.shape.secret.optional().meta({
    description:
      'The `client_secret`. It is shown this once, and kept as a hash alone; absent when the request is repeated.',
  }),
}).meta({ id: 'ServiceClientMade' });

const needs = [...changingRecords, 'lookup:read', 'lookup:write', 'user-pool:machines'] as const;

export const serviceClientRoutes = {
  createServiceClient: {
    summary: 'Let a program in',
    description:
      'For a program of the organisation’s own (RFC 6749, section 4.4): it acts in the role `integration`, in this ' +
      'organisation alone, and may do what its scopes say, within its scope, and nothing else. A repeated request is ' +
      'answered with the same program and without the secret: what repeats an answer has to keep it, and a secret is ' +
      'kept by nobody. Whoever has lost it makes a new one.',
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/service-clients',
    access: rolesThatMay('service-client:manage'),
    params: inOrganisation,
    body: z
      .strictObject({
        name: oneLine({ max: 80 }),
        scopes: z.array(Scope).min(1).max(60),
        scope: RoleScope.optional().meta({
          description: 'The whole organisation, unless a department or group is named.',
        }),
      })
      .meta({ id: 'NewServiceClient' }),
    success: { status: 201, body: Made },
    problems: ['too-many', 'wrong-state', 'department-not-found', 'group-not-found'],
    needs,
    creates: true,
  },
  listServiceClients: {
    summary: 'List the programs that are let in',
    description: 'What they have done stands in the activity log.',
    tag: 'Integrations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/service-clients',
    access: rolesThatMay('service-client:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z
        .strictObject({ items: z.array(ServiceClientView).max(SERVICE_CLIENTS_MAX) })
        .meta({ id: 'ServiceClients' }),
    },
    problems: [],
    needs: readingRecords,
  },
  renewServiceClientSecret: {
    summary: 'Make a new secret for a program',
    description:
      `The one before stays valid for ${OLD_SECRET_HOURS} hours. With \`endsOthersNow\`, for a secret that has leaked, it ` +
      'ends at once, and so does every token that was got with it.',
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/service-clients/{serviceClientId}/secret',
    access: rolesThatMay('service-client:manage'),
    params: ofClient,
    body: z.strictObject({ endsOthersNow: z.boolean().optional() }).meta({ id: 'NewServiceClientSecret' }),
    success: { status: 201, body: WithSecret },
    problems: ['service-client-not-found'],
    needs,
  },
  endServiceClient: {
    summary: 'Let a program in no more',
    description: 'Counts from its next request, whatever tokens it holds.',
    tag: 'Integrations',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/service-clients/{serviceClientId}',
    // Taking access away must never have to wait for an agreement.
    access: rolesThatMayBeforeAgreement('service-client:manage'),
    params: ofClient,
    success: { status: 204 },
    problems: ['service-client-not-found'],
    needs,
  },
} as const satisfies Routes;
