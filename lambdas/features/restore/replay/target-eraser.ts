import { keyFences } from '../../../platform/key-fences.ts';
import { partitionRows } from '../../../platform/partition-rows.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import type { StepContext } from '../step.ts';

const closed = (what: string) => (): never => {
  throw new Error(`A replay does not touch ${what}`);
};

/**
 * What erases on the target's tables alone: whatever it would do outside them, or to a key, has been done when the right
 * was exercised, and is a mistake here.
 */
export const targetEraser = ({ target, openCall, hasTimeLeft, log }: StepContext): Eraser => ({
  openCall: () => openCall(true),
  rows: partitionRows(target),
  fences: keyFences(target, { send: closed('the mirror of keys') }),
  users: { remove: closed('the user pool'), exists: closed('the user pool') },
  suppression: { remove: closed('SES'), holds: closed('SES') },
  exports: { list: closed('exports'), remove: closed('exports') },
  downloads: { list: closed('downloads'), remove: closed('downloads') },
  recoveryFacts: closed('AWS'),
  signer: { sign: closed('the signing key') },
  hasTimeLeft,
  log,
});
