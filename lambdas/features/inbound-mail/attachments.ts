import { endingOf, FILE_BYTES_MAX, type FileType, KeptFile } from '../files/file.ts';
import { inspect } from '../files/inspection.ts';
import type { Incoming } from './incoming.ts';

/** As many as a message takes. */
const FILES_MAX = 10;

interface Attachment {
  readonly name: string;
  readonly contentType: FileType;
  readonly content: Buffer;
}

/** What of a mail's attachments may be kept: of a type that people hand each other, and looked at as every upload is. */
export async function attachmentsOf({ attachments }: Pick<Incoming, 'attachments'>): Promise<Attachment[]> {
  const kept: Attachment[] = [];
  for (const { name, contentType, content } of attachments) {
    if (kept.length >= FILES_MAX || content.length > FILE_BYTES_MAX || !isTaken(contentType)) continue;
    const inspected = await inspect({ contentType, bytes: content.length }, content);
    if ('refusal' in inspected) continue;
    kept.push({ name: nameOf(name, contentType), contentType, content: inspected.content });
  }
  return kept;
}

const isTaken = (contentType: string): contentType is FileType => contentType in endingOf;

/** A name that is not one line, or holds a number that must not be stored, says no more than the type. */
function nameOf(name: string, contentType: FileType): string {
  const parsed = KeptFile.shape.name.safeParse(name);
  return parsed.success ? parsed.data : `vedlegg.${endingOf[contentType]}`;
}
