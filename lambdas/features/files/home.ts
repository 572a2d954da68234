import type { Call } from '../../http/call.ts';
import type { FileId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import type { KeptFile } from './file.ts';

export const homeKinds = ['document', 'photo', 'message', 'event', 'ticket'] as const;
type HomeKind = (typeof homeKinds)[number];

/** Where a file is held: in whose partition, by which feature, and the ids by which that finds its record again. */
export interface FilePlace {
  readonly owner: Owner;
  readonly kind: HomeKind;
  readonly ids: Readonly<Record<string, string>>;
}

/** What a feature that holds files knows of one. */
export interface FoundFile {
  readonly file: KeptFile;
  /** Whom the activity record is about that it was opened. */
  readonly subject: Owner;
  /** Whether it may be shown in place; the type and the size decide as well. */
  readonly mayInline: boolean;
  /**
   * The event of its opening, where those who are told of `file.opened` (whom it is about, and the guardians) may not know
   * that there is such a file.
   */
  readonly openedAs?: 'thread.file-opened' | 'ticket.file-opened' | 'document.file-opened' | 'document.own-file-opened';
  /** What the feature notes of the opening (a read receipt), in the transaction that records it; left out where it cannot be. */
  noteOpening?(change: Change): void;
}

/** Each feature that holds files has one; functions/files.ts mounts them. */
export interface FileHome {
  readonly kind: HomeKind;
  /** Authorises too, anew at each request: undefined is a 404. */
  find(place: FilePlace, fileId: FileId, call: Call): Promise<FoundFile | undefined>;
}
