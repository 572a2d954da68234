import type { Call } from '../../http/call.ts';
import type { Walk } from './pointers-in.ts';

/** What a step of the families' clock has: a fresh call for each thing that it looks at, and its time. */
export interface FamilyClock extends Walk {
  openCall(): Call;
  /** Ids, codes and counts only. */
  log(line: { readonly event: string; readonly [field: string]: string | number | undefined }): void;
}
