import type { DatabaseSync } from 'node:sqlite';

/** GetSendStatistics looks back two weeks. */
const KEPT_SECONDS = 14 * 86_400;
const DAY_SECONDS = 86_400;

/** What one accepted message counts for in quotas and statistics. */
export interface Send {
  readonly epochMilliseconds: number;
  readonly recipients: number;
  readonly bounces: number;
  readonly complaints: number;
  readonly rejects: number;
}

/** Everything that was sent in one second. */
interface SecondOfSends extends Omit<Send, 'epochMilliseconds'> {
  readonly epochSecond: number;
}

export type SendCounts = ReturnType<typeof openSendCounts>;

/**
 * How much was sent, kept by the second, so that a day's count costs the same after a hundred thousand mails as after one:
 * the sum of the day is carried along, and what leaves the window is taken off. The last second is counted by the
 * millisecond, in memory.
 */
export function openSendCounts(database: DatabaseSync) {
  database.exec(`
    DROP TABLE IF EXISTS sends;
    CREATE TABLE IF NOT EXISTS sends_by_second (
      epochSecond INTEGER PRIMARY KEY, recipients INTEGER, bounces INTEGER, complaints INTEGER, rejects INTEGER);`);
  const upsert = database.prepare(
    `INSERT INTO sends_by_second VALUES (?, ?, ?, ?, ?) ON CONFLICT (epochSecond) DO UPDATE SET
       recipients = recipients + excluded.recipients, bounces = bounces + excluded.bounces,
       complaints = complaints + excluded.complaints, rejects = rejects + excluded.rejects`,
  );
  const dropOld = database.prepare('DELETE FROM sends_by_second WHERE epochSecond < ?');
  const all = database.prepare('SELECT * FROM sends_by_second ORDER BY epochSecond');

  const ofTheDay: { epochSecond: number; recipients: number }[] = all.all().map((row) => {
    const { epochSecond, recipients } = secondFrom(row);
    return { epochSecond, recipients };
  });
  let sumOfTheDay = ofTheDay.reduce((sum, { recipients }) => sum + recipients, 0);
  let ofTheSecond: { epochMilliseconds: number; recipients: number }[] = [];

  function leaveTheDay(now: number): void {
    const since = Math.floor(now / 1000) - DAY_SECONDS;
    let left = 0;
    for (const { epochSecond, recipients } of ofTheDay) {
      if (epochSecond > since) break;
      sumOfTheDay -= recipients;
      left += 1;
    }
    if (left > 0) ofTheDay.splice(0, left);
  }

  return {
    /** Inside the transaction that keeps the mail. */
    add({ epochMilliseconds, recipients, bounces, complaints, rejects }: Send): void {
      const epochSecond = Math.floor(epochMilliseconds / 1000);
      upsert.run(epochSecond, recipients, bounces, complaints, rejects);
      const last = ofTheDay.at(-1);
      if (last?.epochSecond === epochSecond) {
        last.recipients += recipients;
      } else {
        ofTheDay.push({ epochSecond, recipients });
        dropOld.run(epochSecond - KEPT_SECONDS);
      }
      sumOfTheDay += recipients;
      ofTheSecond.push({ epochMilliseconds, recipients });
    },
    /** Recipients in the last second. */
    inSecond(now: number): number {
      ofTheSecond = ofTheSecond.filter((send) => send.epochMilliseconds > now - 1000);
      return ofTheSecond.reduce((sum, { recipients }) => sum + recipients, 0);
    },
    /** Recipients in the last 24 hours. */
    inDay(now: number): number {
      leaveTheDay(now);
      return sumOfTheDay;
    },
    /** Oldest first. */
    bySecond: (): SecondOfSends[] => all.all().map(secondFrom),
  };
}

function secondFrom(row: Readonly<Record<string, unknown>>): SecondOfSends {
  const count = (name: string) => Number(row[name]);
  return {
    epochSecond: count('epochSecond'),
    recipients: count('recipients'),
    bounces: count('bounces'),
    complaints: count('complaints'),
    rejects: count('rejects'),
  };
}
