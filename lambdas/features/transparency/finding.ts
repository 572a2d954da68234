/** What can be wrong with a log, by what must have been done to it. */
export type FindingKind =
  /** The file is not of the format. */
  | 'malformed'
  /** An event is not as it was when it was written. */
  | 'mutated'
  /** An event, or its body before its time, is gone. */
  | 'deleted'
  | 'reordered'
  | 'inserted'
  /** Events at the end are missing. */
  | 'tail-cut'
  /** An event vanished before it came into the log. */
  | 'chain-gap'
  /** The events together are not those that were signed. */
  | 'wrong-root'
  /** Size and root are not those that were signed. */
  | 'wrong-checkpoint'
  /** The key did not sign this. */
  | 'wrong-signature'
  /** Someone was shown another log. */
  | 'split-view'
  /** Nothing can be said about a letter, for this file does not reach it. */
  | 'not-comparable';

export interface Finding {
  readonly kind: FindingKind;
  readonly leaf?: number | undefined;
  readonly eventId?: string | undefined;
  /** One or two sentences in English. */
  readonly text: string;
  /** Where one of several must be it. */
  readonly suspects?: readonly { readonly leaf: number; readonly eventId: string }[];
}

/** A file that is all wrong is told so soon enough. */
export const FINDINGS_MAX = 1_000;

/** `leaf 7`, `leaves 7 to 9`: `to` is the one behind the last. */
export const leavesText = (from: number, to: number) =>
  to - from === 1 ? `leaf ${from}` : `leaves ${from} to ${to - 1}`;
