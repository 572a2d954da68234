import type { RunnerState } from '../state.ts';

const PREFIX = 'table-made/';

/**
 * The tables that this cloud has made, by the template or by a call. At a DynamoDB that is not ours there may be others,
 * which are none of its business.
 */
export function tablesMade(state: RunnerState): readonly string[] {
  return state.entries(PREFIX).map(({ name }) => name.slice(PREFIX.length));
}

export const wasMade = (state: RunnerState, tableName: string) => state.get(`${PREFIX}${tableName}`) !== undefined;

export function rememberMade(state: RunnerState, tableName: string): void {
  state.set(`${PREFIX}${tableName}`, 'yes');
}

/** For a table of the template never: it would be made anew at the next start. */
export function forgetMade(state: RunnerState, tableName: string): void {
  state.delete(`${PREFIX}${tableName}`);
}
