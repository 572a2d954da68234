import * as z from 'zod';
import type { Profile } from '../../access/roles.ts';
import { freeText, oneLine } from '../../http/free-text.ts';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { statementVersions } from '../agreements/current-versions.ts';
import { organisationOwner } from '../organisations/organisation.ts';

export const PARAGRAPHS_MAX = 10;
const PARAGRAPH_CHARACTERS_MAX = 3000;
const SECTIONS_MAX = 100;
const LINES_MAX = 500;

const OwnSection = z.strictObject({
  title: oneLine({ max: 120 }),
  text: freeText({ max: PARAGRAPH_CHARACTERS_MAX }).min(1),
});
/** What the organisation says in its own words, in both languages (AT-14). */
export const OwnSections = z
  .strictObject({ nb: z.array(OwnSection).max(PARAGRAPHS_MAX), en: z.array(OwnSection).max(PARAGRAPHS_MAX) })
  .meta({ id: 'StatementOwnSections' });
export type OwnSections = z.output<typeof OwnSections>;

/**
 * Why a change is material (AT-13): the first two are for the publisher to say, the others are seen by comparing what is
 * declared, whoever publishes.
 */
export const materialReasons = [
  'narrows-rights',
  'changes-duties',
  'new-purpose',
  'longer-term',
  'new-recipient',
  'other-basis',
  'special-category',
] as const;
export type MaterialReason = (typeof materialReasons)[number];

/** What is declared, as data: two versions of it can be compared. */
export const StatementFacts = z.strictObject({
  processing: z
    .array(
      z.strictObject({
        purpose: z.string(),
        basis: z.string(),
        article9: z.string(),
        /** Absent for a term that ends with something else than days: longer than any. */
        termDays: z.number().optional(),
      }),
    )
    .max(LINES_MAX),
  recipients: z.array(z.string()).max(LINES_MAX),
});
export type StatementFacts = z.output<typeof StatementFacts>;

const Lines = z.array(z.string()).max(LINES_MAX);
const Sections = z
  .array(
    z.strictObject({
      title: z.string(),
      blocks: z
        .array(
          z.discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('paragraph'), text: z.string() }),
            z.strictObject({ kind: z.literal('list'), items: Lines }),
            z.strictObject({ kind: z.literal('table'), columns: Lines, rows: z.array(Lines).max(LINES_MAX) }),
          ]),
        )
        .max(LINES_MAX),
    }),
  )
  .max(SECTIONS_MAX);

/** A version as it was published, with its text: what somebody was shown can be proven. */
export const PublishedStatement = z.strictObject({
  /** 1 for the organisation's first. */
  sequence: z.int().min(1),
  version: z.string().max(80),
  /** Of the generated part: tells a deploy that changed it. */
  generatedVersion: z.string().max(80),
  publishedAt: z.iso.datetime(),
  cause: z.enum(['first', 'organisation', 'declarations']),
  publishedBy: PersonId.optional(),
  reasons: z.array(z.enum(materialReasons)),
  own: OwnSections,
  facts: StatementFacts,
  sections: z.strictObject({ nb: Sections, en: Sections }),
});
export type PublishedStatement = z.output<typeof PublishedStatement>;

export const isMaterial = ({ reasons }: Pick<PublishedStatement, 'reasons'>): boolean => reasons.length > 0;

export const statementEntity = entity({
  name: 'statement',
  table: 'rights',
  sortKey: 'STATEMENT',
  schema: PublishedStatement,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to tell people what is done with their data, and to prove what they were told',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  retentionClass: 'agreement',
  exported: 'copy',
  onErasure: 'delete',
});

export const statementRef = (organisationId: OrganisationId, sequence: number) =>
  ({
    entity: statementEntity,
    owner: organisationOwner(organisationId),
    key: String(sequence).padStart(6, '0'),
  }) as const;

/** How far back somebody's acknowledgement is looked for. */
export const STATEMENTS_SHOWN_MAX = 50;

/** The newest first; one round trip. */
export async function publishedStatements(
  records: Records,
  organisationId: OrganisationId,
  limit = STATEMENTS_SHOWN_MAX,
): Promise<readonly Stored<typeof statementEntity>[]> {
  const page = await records.list(statementEntity, organisationOwner(organisationId), { limit, newestFirst: true });
  return page.items;
}

/** Until an organisation's first statement is stored, what is in force is the generated one of its profile. */
export const versionInForce = (profile: Profile, newest: Pick<PublishedStatement, 'version'> | undefined): string =>
  newest?.version ?? statementVersions[profile];

/** What registration asks for: the organisation's own version. One round trip. */
export async function statementVersionOf(
  organisation: { readonly id: OrganisationId; readonly profile: Profile },
  { records }: { readonly records: Records },
): Promise<string> {
  const [newest] = await publishedStatements(records, organisation.id, 1);
  return versionInForce(organisation.profile, newest?.value);
}
