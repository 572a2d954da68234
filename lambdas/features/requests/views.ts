import * as z from 'zod';
import type { Profile } from '../../access/roles.ts';
import { roleNames } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { PersonId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { erasurePlan } from '../erasure/plan.ts';
import { complaint } from '../notices/complaint.ts';
import { isInForce } from './decisions.ts';
import { isAnsweredByCopy, isOverdue } from './due.ts';
import { LegalHold } from './hold.ts';
import {
  AskedBy,
  Controller,
  isClosed,
  type RequestRecord,
  RequestRecord as RequestRecordSchema,
  type RequestText,
  RequestText as RequestTextSchema,
} from './request.ts';
import type { StoredRequest } from './save.ts';

const Said = z.strictObject({ nb: z.string(), en: z.string() });
const PlanLine = z
  .strictObject({
    category: Said,
    entities: z.array(z.string()),
    fate: z.enum(['delete', 'shred', 'anonymise', 'keep']),
    until: Said.optional(),
    law: z.string().optional(),
  })
  .meta({
    id: 'ErasurePlanLine',
    description: 'What an erasure does with one category of data, and by which law it is kept.',
  });

const waitsFor = [
  'your-confirmation',
  'proof-of-identity',
  'decision',
  'redaction',
  'legal-hold',
  'delay',
  'execution',
  'another-try',
] as const;

const shape = RequestRecordSchema.shape;
const common = {
  id: shape.id,
  controller: Controller,
  subject: shape.subject,
  right: shape.right,
  state: shape.state,
  receivedAt: shape.receivedAt,
  dueAt: shape.dueAt.meta({ description: 'The answer is due before this instant (Art. 12(3)).' }),
  isOverdue: z.boolean(),
  waitsFor: z.enum(waitsFor).optional(),
  entities: shape.entities,
  plan: z.array(PlanLine).optional(),
  extension: z
    .strictObject({ reason: shape.extension.unwrap().shape.reason, at: z.iso.datetime(), words: z.string().optional() })
    .optional(),
  decision: z
    .strictObject({
      outcome: z.enum(['approved', 'refused']),
      at: z.iso.datetime(),
      reason: shape.decision.unwrap().shape.reason,
      words: z.string().optional(),
    })
    .optional(),
  executesAt: shape.executesAt,
  isInForce: z.boolean().meta({ description: 'The restriction or objection works now.' }),
  inForceSince: shape.inForceSince,
  endsAt: shape.endsAt,
  endedAt: shape.endedAt,
  exportId: shape.exportId,
  erasureId: shape.erasureId,
  closedAt: shape.closedAt,
  text: RequestTextSchema.shape.text,
  proposal: RequestTextSchema.shape.proposal,
  version: z.int().min(1),
};

/** To whoever asked. */
export const RequestAnswer = z
  .strictObject({
    ...common,
    complaint: z
      .strictObject({ text: z.string(), url: z.url() })
      .meta({ description: 'How to complain (Art. 12(4)).' }),
  })
  .meta({ id: 'Request' });
export type RequestAnswer = z.output<typeof RequestAnswer>;

/** To those who decide. */
export const ControllersRequest = z
  .strictObject({
    ...common,
    askedBy: AskedBy,
    channel: shape.channel,
    identity: shape.identity,
    plannedBy: PersonId.optional(),
    decidedBy: PersonId.optional(),
    guardiansTold: shape.guardiansTold,
    holds: z.array(LegalHold),
  })
  .meta({ id: 'ControllersRequest' });
export type ControllersRequest = z.output<typeof ControllersRequest>;

export const ControllersRequestSummary = ControllersRequest.pick({
  id: true,
  subject: true,
  right: true,
  state: true,
  receivedAt: true,
  dueAt: true,
  isOverdue: true,
  isInForce: true,
}).meta({ id: 'ControllersRequestSummary' });

export const Recipients = z
  .strictObject({
    roles: z.array(z.strictObject({ role: z.enum(roleNames), title: z.string() })).max(roleNames.length),
    guardiansTold: z.int().min(0),
  })
  .meta({
    id: 'Recipients',
    description: 'Who gets to see the data, by role; and how many guardians were told (Art. 19).',
  });

/** All that is shown of a request. */
export interface KnownRequest {
  readonly controller: ControllerId;
  readonly stored: StoredRequest;
  /** Absent at the operator. */
  readonly profile: Profile | undefined;
  readonly text: RequestText | undefined;
  readonly holds: readonly LegalHold[];
}

function commonOf({ controller, stored: { value, version }, profile, text, holds }: KnownRequest, now: Date) {
  const { extension, decision } = value;
  const waits = waitsForOf(value, holds.length);
  return {
    id: value.id,
    controller,
    subject: value.subject,
    right: value.right,
    state: value.state,
    receivedAt: value.receivedAt,
    dueAt: value.dueAt,
    isOverdue: isOverdue(value, now),
    ...(waits && { waitsFor: waits }),
    entities: value.entities,
    ...(value.right === 'erasure' && { plan: planOf(value, profile, holds) }),
    ...(extension && { extension: { ...extension, words: text?.extensionWords } }),
    ...(decision && {
      decision: { outcome: decision.outcome, at: decision.at, reason: decision.reason, words: text?.decisionWords },
    }),
    executesAt: value.executesAt,
    isInForce: isInForce(value),
    inForceSince: value.inForceSince,
    endsAt: value.endsAt,
    endedAt: value.endedAt,
    exportId: value.exportId,
    erasureId: value.erasureId,
    closedAt: value.closedAt,
    text: text?.text,
    proposal: text?.proposal,
    version,
  };
}

/** What an account holds is the same under every profile. */
const ANY_PROFILE: Profile = 'workplace';

const planOf = ({ subject }: RequestRecord, profile: Profile | undefined, holds: readonly LegalHold[]) =>
  erasurePlan({
    profile: profile ?? ANY_PROFILE,
    kind: subject.startsWith('acc_') ? 'account' : 'person',
    holds: holds.map(({ basis }) => basis),
  }).map((line) => ({ ...line, entities: [...line.entities] }));

function waitsForOf({ state, right, executesAt }: RequestRecord, holds: number): (typeof waitsFor)[number] | undefined {
  if (isClosed(state)) return undefined;
  switch (state) {
    case 'identity':
      return 'proof-of-identity';
    case 'planned':
      return 'your-confirmation';
    case 'received':
    case 'awaiting-decision':
      return isAnsweredByCopy({ right }) ? 'redaction' : 'decision';
    case 'approved':
      return holds > 0 ? 'legal-hold' : executesAt === undefined ? 'execution' : 'delay';
    case 'incomplete':
      return 'another-try';
    default:
      return 'execution';
  }
}

export const answerOf = (known: KnownRequest, language: Language, now: Date): RequestAnswer => ({
  ...commonOf(known, now),
  complaint: complaint[language],
});

export function controllersViewOf(known: KnownRequest, now: Date): ControllersRequest {
  const { askedBy, channel, identity, plan, decision, guardiansTold } = known.stored.value;
  return {
    ...commonOf(known, now),
    askedBy,
    channel,
    identity,
    plannedBy: plan?.by,
    decidedBy: decision?.by,
    guardiansTold,
    holds: [...known.holds],
  };
}

export const summaryOf = (request: RequestRecord, now: Date): z.output<typeof ControllersRequestSummary> => ({
  id: request.id,
  subject: request.subject,
  right: request.right,
  state: request.state,
  receivedAt: request.receivedAt,
  dueAt: request.dueAt,
  isOverdue: isOverdue(request, now),
  isInForce: isInForce(request),
});
