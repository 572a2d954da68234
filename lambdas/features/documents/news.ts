import type { Call } from '../../http/call.ts';
import { DocumentId, OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import type { DocumentRecord } from './document.ts';
import type { Reader } from './readers.ts';

/** Telling whole groups is done in slices, by the clock of families: where the next one begins is in the sort key. */
export interface News {
  readonly organisationId: OrganisationId;
  readonly documentId: DocumentId;
  readonly edition: number;
  /** Absent before the first slice. */
  readonly after: string | undefined;
}

/** What is to be told, of all organisations: ids and numbers. */
export const newsPointer = ({ organisationId, documentId, edition, after }: News) =>
  ({
    table: 'core',
    pk: NEWS,
    sk: [organisationId, documentId, edition, ...(after === undefined ? [] : [after])].join('#'),
  }) as const satisfies PointerKey;
const NEWS = 'DOCUMENT-NEWS';
export const newsPartition = { table: 'core', pk: NEWS } as const;

export function newsIn(sk: string): News | undefined {
  const [organisation, document, edition, ...after] = sk.split('#');
  const [organisationId, documentId] = [OrganisationId.safeParse(organisation), DocumentId.safeParse(document)];
  if (!organisationId.success || !documentId.success) return undefined;
  return {
    organisationId: organisationId.data,
    documentId: documentId.data,
    edition: Number(edition),
    after: after.length > 0 ? after.join('#') : undefined,
  };
}

/** That somebody has been told of an edition, for a week: guardians of two children are told once. */
export const toldPointer = ({ controller, subject }: Owner, { documentId, edition }: News) =>
  ({
    table: 'transient',
    pk: `${controller}#${subject}`,
    sk: `DOCUMENT-TOLD#${documentId}#${edition}`,
  }) as const satisfies PointerKey;

/** Mail that says that something waits: neither its title nor its kind. */
export function tell(
  change: Change,
  organisationId: OrganisationId,
  { readerId, childId }: Reader,
  { id: about, receipt: asked }: Pick<DocumentRecord, 'id' | 'receipt'>,
  call: Pick<Call, 'now' | 'newId'>,
): void {
  const to = ownerOf(organisationId, readerId);
  if (childId)
    queueNotice(change, { to, about, template: 'document-about-child', parameters: { childId, asked } }, call);
  else queueNotice(change, { to, about, template: 'document-for-you', parameters: { asked } }, call);
}
