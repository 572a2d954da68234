import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { FREQUENT_DAYS_MIN, LOOKED_BACK_DAYS, OCCASIONAL_DAYS_MIN } from './categorise.ts';
import { UsageCategories, UsageEvent, usageCategoriesEntity, usageEventEntity } from './usage-event.ts';

const Settings = z
  .strictObject({ categorisation: z.boolean(), version: z.int().min(1) })
  .meta({ id: 'UsageSettings', description: 'Whether employees are categorised by what they use (CE-06).' });

export const categorisationStates = ['not-here', 'turned-off', 'not-disclosed', 'none-yet', 'categorised'] as const;

const OwnUsage = page(UsageEvent)
  .extend({
    isRegistered: z
      .boolean()
      .meta({ description: 'False where the organisation’s profile registers nothing by person.' }),
    categorisation: z.strictObject({
      state: z.enum(categorisationStates).meta({
        description:
          '`not-disclosed`: the privacy statement in force has not been acknowledged, so nothing is computed. ' +
          '`none-yet`: nothing was computed, or you object.',
      }),
      categories: UsageCategories.optional(),
      /** In the caller's language. */
      basis: z.string().max(600).meta({ description: 'How a category follows from use, and how to object.' }),
    }),
  })
  .meta({ id: 'OwnUsage' });

const reading = [...readingRecords, 'rights:read', 'transient:read', 'activity:append'] as const;

export const usageRoutes = {
  listOwnUsage: {
    summary: 'See what was registered of your own use',
    description:
      `Under the profile \`workplace\` alone: each use, newest first, for ${LOOKED_BACK_DAYS} days, and the categories that follow ` +
      `from it (used on ${FREQUENT_DAYS_MIN} days or more: frequent; on ${OCCASIONAL_DAYS_MIN} or more: occasional; else rare). ` +
      'Nobody else reads it, no employer either. To stop it, object (GDPR Art. 21): `POST /v1/me/requests` with the right ' +
      `\`objection\` and the entities \`${usageEventEntity.name}\` or \`${usageCategoriesEntity.name}\`.`,
    tag: 'Usage',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/usage',
    access: rolesThatMay('usage:read'),
    params: ofPerson,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: OwnUsage },
    problems: [],
    needs: reading,
    reads: 'usage',
  },
  getUsageSettings: {
    summary: 'Read whether employees are categorised by use',
    tag: 'Usage',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/usage-settings',
    access: rolesThatMay('usage:settings'),
    params: inOrganisation,
    success: { status: 200, body: Settings },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  putUsageSettings: {
    summary: 'Choose whether employees are categorised by use',
    description:
      'Off until it is turned on, and only under the profile `workplace`. Each employee is categorised once they have ' +
      'acknowledged the privacy statement, which says so, unless they object; only they see their categories.',
    tag: 'Usage',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/usage-settings',
    access: rolesThatMay('usage:settings'),
    params: inOrganisation,
    body: z.strictObject({ categorisation: z.boolean() }).meta({ id: 'UsageSettingsChange' }),
    success: { status: 200, body: Settings },
    problems: ['wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
