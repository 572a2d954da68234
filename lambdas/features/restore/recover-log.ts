import type { ControllerId } from '../../platform/entity.ts';
import type { LogTable } from '../../platform/log-table.ts';
import type { Store } from '../../platform/open-records.ts';
import { bringNumbersBack } from '../invoices/after-restore.ts';
import { LogSplit } from '../transparency/log-files.ts';
import { recoverHeads, recoverLog } from '../transparency/recover.ts';
import { controllersIn } from './replay/controllers.ts';
import { coreHoldsUntil } from './replay/window.ts';
import { RestoreRefused, type Step, type StepContext } from './step.ts';

/**
 * The activity log is never set back: each organisation's is brought up to its locked tiles, with the copies of its
 * records. What was recorded in the last minute before the tables were lost may be missing, and is counted. By the log no
 * invoice's number is given again. The cursor is the controller that comes next.
 */
export const recoverLogs =
  (logTableOf: (store: Store) => LogTable): Step =>
  async (context) => {
    const table = logTableOf(context.target);
    const controllers = await controllersWithLog(table, context);
    const figures = {
      ...{ organisations: 0, leaves: 0, bodiesAdded: 0, bodiesMissing: 0 },
      ...{ invoiceNumbers: 0, invoicesLost: 0 },
    };
    for (const controller of controllers) {
      if (context.cursor !== undefined && controller < context.cursor) continue;
      if (figures.organisations > 0 && !context.hasTimeLeft()) return { done: false, cursor: controller, figures };
      for (let isCutOff = true; isCutOff; ) {
        const recovered = await recoverLog(table, context, controller, context.now()).catch((error: unknown) => {
          if (error instanceof LogSplit) throw new RestoreRefused('log-split', { controller });
          throw error;
        });
        figures.leaves += recovered.leaves;
        figures.bodiesAdded += recovered.bodiesAdded;
        figures.bodiesMissing += recovered.bodiesMissing;
        isCutOff = recovered.isCutOff ?? false;
        if (isCutOff && !context.hasTimeLeft()) return { done: false, cursor: controller, figures };
      }
      const kept = await bringNumbersBack(controller, coreHoldsUntil(context), context);
      figures.invoiceNumbers += kept.numbers;
      figures.invoicesLost += kept.lost;
      if (!kept.isDone) return { done: false, cursor: controller, figures };
      figures.organisations++;
    }
    await recoverHeads(table, context);
    return { done: true, figures };
  };

async function controllersWithLog(table: LogTable, context: StepContext): Promise<readonly ControllerId[]> {
  const known = (await table.states()).map(({ controller }) => controller);
  return [...new Set([...known, ...(await controllersIn(context))])].sort();
}
