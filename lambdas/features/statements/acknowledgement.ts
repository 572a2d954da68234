import * as z from 'zod';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { type Acknowledged, acknowledged } from '../consents/kinds.ts';
import { ownerOf } from '../people/person.ts';
import { isMaterial, type PublishedStatement } from './published.ts';

/** That a person was shown a version and confirmed having read it (AT-15). It is no consent to anything. */
const Acknowledgement = z.strictObject({
  statementVersion: z.string().max(80),
  language: z.enum(['nb', 'en']),
  at: z.iso.datetime(),
});

export const acknowledgementEntity = entity({
  name: 'statement-acknowledgement',
  table: 'rights',
  sortKey: 'ACKNOWLEDGEMENT',
  schema: Acknowledgement,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove what a person was shown, acknowledged or consented to',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 5(2)' },
});

export const acknowledgementRef = (organisationId: OrganisationId, personId: PersonId, version: string) =>
  ({ entity: acknowledgementEntity, owner: ownerOf(organisationId, personId), key: version }) as const;

export interface StatementStanding {
  readonly version: string;
  /** Something material has changed since the person last confirmed. */
  readonly isMaterial: boolean;
  readonly acknowledged?: Acknowledged;
  /** Shown after each sign-in until it is acknowledged: material changes, and a first statement (AT-13, AT-15). */
  readonly mustAcknowledge: boolean;
}

/** What a person is told after signing in (CE-16). `published`: the newest first; `read`: all that the person confirmed. Pure. */
export function statementStanding(
  versionInForce: string,
  published: readonly Pick<PublishedStatement, 'version' | 'reasons'>[],
  read: readonly { readonly statementVersion: string; readonly at: string }[],
): StatementStanding {
  const confirmed = read.find(({ statementVersion }) => statementVersion === versionInForce);
  if (confirmed) {
    const [newest] = published;
    return {
      version: versionInForce,
      isMaterial: newest ? isMaterial(newest) : false,
      acknowledged: acknowledged(confirmed),
      mustAcknowledge: false,
    };
  }
  const lastRead = published.findIndex(({ version }) => read.some((one) => one.statementVersion === version));
  const unread = lastRead === -1 ? published : published.slice(0, lastRead);
  const hasMaterial = unread.some(isMaterial);
  return {
    version: versionInForce,
    isMaterial: hasMaterial,
    mustAcknowledge: hasMaterial || read.length === 0,
  };
}
