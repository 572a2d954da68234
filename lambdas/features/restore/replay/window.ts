import type { StepContext } from '../step.ts';

/** AWS's exports of several tables may lie five minutes apart, whatever their names say; twice that is looked back. */
const TORN_MILLISECONDS_MAX = 5 * 60 * 1000;

/** What had happened before this instant is in every imported table for certain. */
export function tornSince({ backup }: Pick<StepContext, 'backup'>): Date {
  const exported = Object.values(backup.tables).map(({ exportTime }) => Date.parse(exportTime));
  return new Date(Math.min(...exported) - 2 * TORN_MILLISECONDS_MAX);
}

/** What had happened before this instant is in the imported Core for certain. */
export const coreHoldsUntil = ({ backup }: Pick<StepContext, 'backup'>): Date =>
  new Date(Date.parse(backup.tables.core.exportTime) - TORN_MILLISECONDS_MAX);
