import { operatorItself } from '../registers/operator-itself.ts';
import type { Restoration } from './restoration.ts';
import type { OwnStep } from './restorer.ts';

/** Not on the first day, when much else is due; at an hour when few are about and the night's backup is whole. */
const FIRST_DAY_OF_MONTH = 2;
const FIRST_HOUR = 4;

const drillPointers = {
  /** What the drills showed: counts, codes and instants. */
  report: (begunAt: string) => ({ table: 'core', pk: 'operator#DRILLS', sk: begunAt }) as const,
};

/** Whether this month's drill is still to be made (UTC). Pure; a month that was missed is not made up for. */
export function isDrillDue(last: Pick<Restoration, 'begunAt'> | undefined, now: Date): boolean {
  if (last?.begunAt.slice(0, 7) === now.toISOString().slice(0, 7)) return false;
  const [day, hour] = [now.getUTCDate(), now.getUTCHours()];
  return day > FIRST_DAY_OF_MONTH || (day === FIRST_DAY_OF_MONTH && hour >= FIRST_HOUR);
}

/** What the drill showed, in the service's own tables; a failed one rings the alarm. Written over itself when repeated. */
export const reportDrill: OwnStep = async (drill, restorer) => {
  const outcome = drill.stopped ? 'failed' : 'passed';
  const report = { outcome, ...findings(drill, restorer.now()) };
  restorer.log({ metric: `drill-${outcome}`, drill: drill.id, ...report });
  const { gate } = await restorer.rows.read();
  await restorer
    .callOn(gate.generation)
    .records.change()
    .point({ ...drillPointers.report(drill.begunAt), attributes: report })
    .activity({ event: `service.drill-${outcome}`, subject: operatorItself, detail: report })
    .commit();
  return { done: true };
};

function findings({ day, begunAt, done, stopped }: Restoration, now: Date) {
  const figuresOf = (name: Restoration['step']) => done.findLast(({ step }) => step === name)?.figures ?? {};
  const items = Object.values(figuresOf('import')).reduce((sum, count) => sum + count, 0);
  const checks = Object.values(figuresOf('integrity-check')).reduce((sum, count) => sum + count, 0);
  const minutes = Math.ceil((now.getTime() - Date.parse(begunAt)) / 60_000);
  return { day, minutes, items, checks, ...(stopped && { code: stopped.code }) };
}
