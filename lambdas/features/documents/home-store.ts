import { DocumentId } from '../../http/ids.ts';
import type { FileHome, FoundFile } from '../files/home.ts';
import { opened } from './decisions.ts';
import { type DocumentRecord, editionInForce } from './document.ts';
import { findIn, putReceipt } from './standing-store.ts';

/** Documents hold files: who may see the document may open it, readers nothing but the edition in force. */
export const documentHome: FileHome = {
  kind: 'document',

  async find({ owner, ids }, fileId, call) {
    const documentId = DocumentId.safeParse(ids['documentId']);
    const found = documentId.success ? await findIn(owner, documentId.data, call) : undefined;
    if (!found) return undefined;
    const { stored, standing, receipt } = found;
    const document = stored.value;
    const inForce = editionInForce(document);
    const shown = standing.worksWith ? document.editions : inForce ? [inForce] : [];
    const file = shown.map((edition) => edition.file).find(({ id }) => id === fileId);
    if (!file) return undefined;
    const noted = standing.worksWith ? undefined : opened(document, receipt?.value, call.now.toISOString());
    return {
      file,
      subject: owner,
      mayInline: true,
      ...openedAs(document),
      ...(noted && { noteOpening: (change) => void putReceipt(change, stored, receipt, noted, call) }),
    };
  },
};

/** Guardians are told of the openings of what they may see: of another document not that there is one. */
function openedAs({ scope, state, visibleTo }: DocumentRecord): Pick<FoundFile, 'openedAs'> {
  if (scope.kind !== 'person') return {};
  if (state !== 'published' || visibleTo === 'staff') return { openedAs: 'document.file-opened' };
  return visibleTo === 'person' ? { openedAs: 'document.own-file-opened' } : {};
}
