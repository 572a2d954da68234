import * as z from 'zod';
import { type DepartmentId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Ref } from '../../platform/entity.ts';
import { channels } from '../notices/notice.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { WeeklyHours } from '../receivers/weekly-hours.ts';
import { type AlarmKind, alarmKinds, kindsOfAlarm } from './kinds.ts';

const STEPS_MAX = 10;
const PERSONS_MAX = 10;
/** Receivers of one service recipient are put in order; more places than this are a mistake. */
const PLACES_MAX = 20;
const WAIT_MINUTES_MAX = 24 * 60;
const REPEAT_MINUTES_MIN = 5;
const REPEAT_MINUTES_MAX = 7 * 24 * 60;

/** Who is told in a step. */
const StepTo = z.discriminatedUnion('kind', [
  /** One of the recipient's receivers who are on now, by their order: 1 is the first. */
  z.strictObject({ kind: z.literal('receiver'), place: z.int().min(1).max(PLACES_MAX) }),
  /** All receivers who are on now. */
  z.strictObject({ kind: z.literal('all-receivers') }),
  z.strictObject({ kind: z.literal('persons'), personIds: z.array(PersonId).min(1).max(PERSONS_MAX) }),
  /** The heads of the recipient's department, and of the whole organisation where it has none. */
  z.strictObject({ kind: z.literal('leaders') }),
]);

const Step = z
  .strictObject({
    to: StepTo,
    channels: z.array(z.enum(channels)).min(1).max(channels.length),
    waitMinutes: z.int().min(1).max(WAIT_MINUTES_MAX).meta({ description: 'For an answer, before the next step.' }),
    hours: WeeklyHours.optional().meta({ description: 'Left out outside these hours of the organisation’s zone.' }),
  })
  .meta({ id: 'AlarmStep' });
export type Step = z.output<typeof Step>;

const Chain = z
  .strictObject({
    kinds: z.array(z.enum(alarmKinds)).min(1).max(alarmKinds.length),
    steps: z.array(Step).min(1).max(STEPS_MAX),
    repeatMinutes: z.int().min(REPEAT_MINUTES_MIN).max(REPEAT_MINUTES_MAX).default(15).meta({
      description: 'After the last step everybody and the heads are told again and again: first after so long.',
    }),
  })
  .meta({ id: 'AlarmChain' });
type Chain = z.output<typeof Chain>;

/** Who is told of which alarm, by which ways and when (SM-03), in one place: the organisation, a department, a person. */
export const AlarmConfiguration = z
  .strictObject({ chains: z.array(Chain).max(alarmKinds.length) })
  .refine(({ chains }) => {
    const kinds = chains.flatMap((chain) => chain.kinds);
    return new Set(kinds).size === kinds.length;
  }, 'each kind of alarm has one chain')
  .meta({ id: 'AlarmConfiguration' });
export type AlarmConfiguration = z.output<typeof AlarmConfiguration>;

const facts = {
  table: 'core',
  schema: AlarmConfiguration,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who is to be told of an alarm, by which ways and when',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
} as const;

/** Of the whole organisation, or of a department of it. */
export const alarmConfigurationEntity = entity({
  ...facts,
  name: 'alarm-configuration',
  sortKey: 'ALARM-CONFIGURATION',
  retentionClass: 'organisation',
});
/** Of one service recipient. */
export const personalAlarmConfigurationEntity = entity({
  ...facts,
  name: 'personal-alarm-configuration',
  sortKey: 'PERSONAL-ALARM-CONFIGURATION',
  retentionClass: 'membership',
});

export type Place =
  | { readonly of: 'organisation' }
  | { readonly of: 'department'; readonly departmentId: DepartmentId }
  | { readonly of: 'person'; readonly personId: PersonId };

type ConfigurationEntity = typeof alarmConfigurationEntity | typeof personalAlarmConfigurationEntity;
export function configurationRef(organisationId: OrganisationId, place: Place): Ref<ConfigurationEntity> {
  if (place.of === 'person') {
    return { entity: personalAlarmConfigurationEntity, owner: ownerOf(organisationId, place.personId) };
  }
  const key = place.of === 'department' ? place.departmentId : 'organisation';
  return { entity: alarmConfigurationEntity, owner: organisationOwner(organisationId), key };
}

/** A configuration as it was stored, with where it stands. */
export interface Configured {
  readonly of: Place['of'];
  readonly version: number;
  readonly chains: readonly Chain[];
}

/** The chain that an alarm goes by, and where it was read: it keeps them however the configuration is changed later. */
export const ChainInForce = Chain.omit({ kinds: true }).extend({
  from: z.strictObject({ of: z.enum(['person', 'department', 'organisation', 'default']), version: z.int().min(0) }),
});
export type ChainInForce = z.output<typeof ChainInForce>;

/** The most specific that names the kind wins; `configured` goes from the most specific to the least. Pure. */
export function chainFor(kind: AlarmKind, configured: readonly Configured[]): ChainInForce {
  for (const { of, version, chains } of configured) {
    const chain = chains.find(({ kinds }) => kinds.includes(kind));
    if (chain) return { steps: chain.steps, repeatMinutes: chain.repeatMinutes, from: { of, version } };
  }
  return { ...(kindsOfAlarm[kind].isUrgent ? urgentByDefault : otherwise), from: { of: 'default', version: 0 } };
}

const everyChannel = [...channels];
const urgentByDefault: Pick<Chain, 'steps' | 'repeatMinutes'> = {
  steps: [
    { to: { kind: 'receiver', place: 1 }, channels: everyChannel, waitMinutes: 3 },
    { to: { kind: 'receiver', place: 2 }, channels: everyChannel, waitMinutes: 3 },
    { to: { kind: 'all-receivers' }, channels: everyChannel, waitMinutes: 5 },
    { to: { kind: 'leaders' }, channels: everyChannel, waitMinutes: 10 },
  ],
  repeatMinutes: 15,
};
const otherwise: Pick<Chain, 'steps' | 'repeatMinutes'> = {
  steps: [{ to: { kind: 'all-receivers' }, channels: ['email', 'push'], waitMinutes: 12 * 60 }],
  repeatMinutes: 24 * 60,
};
