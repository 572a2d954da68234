import * as z from 'zod';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { ownerOf } from '../people/person.ts';

/** Ids that a request can name. */
const DATA_IDS_MAX = 10;
const Instant = z.iso.datetime();

/** One use of the service by one employee (CE-04): which function, with which data, from what kind of device. */
export const UsageEvent = z
  .strictObject({
    at: Instant,
    module: z.string().max(60),
    /** The operation’s name in the contract. */
    function: z.string().max(60),
    device: z.strictObject({
      maker: z.string().max(40),
      system: z.string().max(40),
      browser: z.string().max(40),
      version: z.string().max(10),
    }),
    /** Ids of what was asked for. */
    about: z.array(z.string().max(40)).max(DATA_IDS_MAX),
  })
  .meta({ id: 'UsageEvent' });
export type UsageEvent = z.output<typeof UsageEvent>;

const declaration = {
  table: 'transient',
  schemaVersion: 1,
  ourRole: 'processor',
  legalBasis: 'legitimate-interest',
  article9: 'none',
  source: 'use',
  retentionClass: 'identified-usage',
  exported: 'copy',
  onErasure: 'delete',
} as const;

export const usageEventEntity = entity({
  ...declaration,
  name: 'usage-event',
  sortKey: 'USAGE',
  schema: UsageEvent,
  purpose: 'to show an employee how they use the service, and to find misuse',
  isTrace: true,
});

export const usageCategoryNames = ['frequent', 'occasional', 'rare'] as const;
export type UsageCategory = (typeof usageCategoryNames)[number];

/** What an employee uses how often, as it was computed from their own use (CE-06). Nobody else sees it. */
export const UsageCategories = z
  .strictObject({
    computedAt: Instant,
    /** The days that were looked at. */
    from: z.iso.date(),
    until: z.iso.date(),
    modules: z
      .array(
        z.strictObject({
          module: z.string().max(60),
          category: z.enum(usageCategoryNames),
          /** On how many of those days it was used: the basis. */
          days: z.int().min(1),
        }),
      )
      .max(60),
  })
  .meta({ id: 'UsageCategories' });
export type UsageCategories = z.output<typeof UsageCategories>;

export const usageCategoriesEntity = entity({
  ...declaration,
  name: 'usage-categories',
  sortKey: 'USAGE-CATEGORIES',
  schema: UsageCategories,
  purpose: 'to show an employee first what they use most',
});

/** Whether employees are categorised at all: off until an administrator turns it on. */
export const UsageSettings = z.strictObject({ categorisation: z.boolean(), changedAt: Instant });
export type UsageSettings = z.output<typeof UsageSettings>;

export const usageSettingsEntity = entity({
  ...ofTheOrganisation,
  name: 'usage-settings',
  sortKey: 'USAGE-SETTINGS',
  schema: UsageSettings,
  purpose: 'to keep what an organisation has decided about usage',
});

const owned = (organisationId: OrganisationId, personId: PersonId): Owner => ownerOf(organisationId, personId);
/** Where a page of uses ended: `<instant>#<request>`. */
export const UsageKey = z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w=-]{1,80}$/);
/** In the order of their instants. */
export const usageEventRef = (organisationId: OrganisationId, personId: PersonId, at: string, requestId: string) =>
  ({ entity: usageEventEntity, owner: owned(organisationId, personId), key: `${at}#${requestId}` }) as const;
export const usageCategoriesRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: usageCategoriesEntity, owner: owned(organisationId, personId) }) as const;
export const usageSettingsRef = (organisationId: OrganisationId) =>
  ({
    entity: usageSettingsEntity,
    owner: { controller: organisationId, subject: organisationId } satisfies Owner,
  }) as const;
