import type { Eraser } from '../../erasure/eraser.ts';
import type { Replay } from './replay.ts';

const closed = (what: string) => (): never => {
  throw new Error(`A replay does not touch ${what}`);
};

/**
 * What erases on the target's tables alone: whatever it would do outside them, or to a key, has been done when the right
 * was exercised, and is a mistake here.
 */
export const targetEraser = ({ tables, openCall, hasTimeLeft, log }: Replay): Eraser => ({
  openCall: () => openCall(true),
  rows: tables.rows,
  fences: { ...tables.fences, missing: closed('the mirror of keys'), mirror: closed('the mirror of keys') },
  users: { remove: closed('the user pool'), exists: closed('the user pool') },
  suppression: { remove: closed('SES'), holds: closed('SES') },
  endpoints: { remove: closed('SNS'), exists: closed('SNS') },
  exports: { list: closed('exports'), remove: closed('exports') },
  files: { list: closed('files'), remove: closed('files') },
  downloads: { list: closed('downloads'), remove: closed('downloads') },
  recoveryFacts: closed('AWS'),
  signer: { sign: closed('the signing key') },
  hasTimeLeft,
  log,
});
