import { createHash } from 'node:crypto';
import type { Language } from '../../http/call.ts';
import type { Section } from './document.ts';

/**
 * What a text is called when it is accepted, acknowledged or undertaken: the day it was declared in force, and a part of
 * the SHA-256 of both languages. No text can change without its version changing, whether or not the day was moved.
 */
export function versionOf(inForceSince: string, texts: Readonly<Record<Language, readonly Section[]>>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([texts.nb, texts.en]))
    .digest('hex');
  return `${inForceSince}.${digest.slice(0, DIGEST_CHARACTERS)}`;
}

/** 64 bits: enough to tell apart the versions that one author writes; the activity record keeps which was accepted. */
const DIGEST_CHARACTERS = 16;
