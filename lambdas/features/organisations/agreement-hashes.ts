import { createHash } from 'node:crypto';
import type { Language } from '../../http/call.ts';
import { agreementDocument } from '../agreements/agreement.ts';
import type { Organisation } from './organisation.ts';

/** The text as both parties see it: without the parties, so that the same text has the same hash for everyone. */
export const agreementHashes = ({ profile, name }: Pick<Organisation, 'profile' | 'name'>) => {
  const hashOf = (language: Language) =>
    createHash('sha256')
      .update(JSON.stringify(agreementDocument(profile, language, { name }).sections))
      .digest('hex');
  return { nb: hashOf('nb'), en: hashOf('en') };
};
