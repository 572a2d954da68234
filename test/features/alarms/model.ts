import type { AlarmKind } from '../../../lambdas/features/alarms/kinds.ts';
import type { Channel } from '../../../lambdas/features/notices/notice.ts';

/** The people of the model, with the ways by which each is reached. */
export const cast = {
  first: ['push', 'sms', 'email'],
  second: ['email'],
  third: ['sms'],
  head: ['email', 'sms', 'push'],
} as const satisfies Record<string, readonly Channel[]>;
export type Name = keyof typeof cast;
export const names = Object.keys(cast) as Name[];

const minutes = (count: number) => count * 60_000;
type Expected = `${Name} ${string} ${Channel}`;

interface ModelAlarm {
  readonly kind: 'button' | 'battery-low';
  /** Milliseconds since the epoch; Infinity when nothing is to come. */
  dueAt: number;
  /** How many of the chain's calls have been made since it began, or began anew. */
  calls: number;
  /** When the last of them was made. */
  calledAt: number;
  state: 'ringing' | 'answered' | 'resolved';
  answeredBy: Name | undefined;
  /** Called with the next call, whoever that is for. */
  also: Name | undefined;
  /** Word that somebody has answered, or that it is over: to whom, and when the next call would come after it. */
  word:
    | { readonly template: 'alarm-taken' | 'alarm-over'; readonly to: readonly Name[]; readonly then: number }
    | undefined;
  joinable: boolean;
  readonly called: Set<Name>;
  /** By which ways each has been called so far. */
  readonly ways: Map<Name, Set<Channel>>;
}

/**
 * What alarms should do, written apart from how they do it: the default chains as a table, times in milliseconds, and no
 * transaction, version or row.
 */
export class AlarmModel {
  now: number;
  /** By the event that raised it, or that it took in. */
  readonly alarmOf = new Map<string, number>();
  readonly alarms: ModelAlarm[] = [];
  /** Every notice there should be, and how many of each. */
  readonly notices = new Map<string, number>();

  constructor(now: number) {
    this.now = now;
  }

  raise(sourceId: string, kind: 'button' | 'battery-low'): number {
    const known = this.alarmOf.get(sourceId);
    if (known !== undefined) return known;
    const open = this.alarms.findIndex((alarm) => alarm.kind === kind && alarm.joinable);
    const index = open >= 0 ? open : this.alarms.length;
    if (open < 0) {
      this.alarms.push({
        kind,
        dueAt: this.now,
        calls: 0,
        calledAt: this.now,
        state: 'ringing',
        answeredBy: undefined,
        also: undefined,
        word: undefined,
        joinable: true,
        called: new Set(),
        ways: new Map(),
      });
    }
    // Once everybody has been called, whoever calls again need not wait for longer than the first time.
    const joined = open >= 0 ? this.alarms[open] : undefined;
    if (joined && joined.kind === 'button' && joined.calls >= 5 && !joined.word) {
      joined.dueAt = Math.min(joined.dueAt, Math.max(this.now, joined.calledAt + minutes(15)));
    }
    this.alarmOf.set(sourceId, index);
    return index;
  }

  /** A worker looks at an alarm: everything that is due, or only its first transaction where it dies after that. */
  look(index: number, transactions = Number.POSITIVE_INFINITY): void {
    const alarm = this.alarms[index]!;
    for (let made = 0; made < transactions && alarm.dueAt <= this.now; made++) this.#move(index, alarm);
  }

  answer(index: number, by: Name): 'done' | 'taken' | 'over' {
    const alarm = this.alarms[index]!;
    if (alarm.state === 'resolved') return 'over';
    if (alarm.state === 'answered') return alarm.answeredBy === by ? 'done' : 'taken';
    alarm.state = 'answered';
    alarm.answeredBy = by;
    alarm.joinable = false;
    alarm.also = undefined;
    this.#sendWord(alarm, 'alarm-taken', by, this.now + minutes(alarm.kind === 'button' ? 60 : 24 * 60));
    return 'done';
  }

  resolve(index: number, by: Name): 'done' | 'over' {
    const alarm = this.alarms[index]!;
    if (alarm.state === 'resolved') return 'over';
    alarm.state = 'resolved';
    alarm.joinable = false;
    this.#sendWord(alarm, 'alarm-over', by, Number.POSITIVE_INFINITY);
    return 'done';
  }

  #sendWord(alarm: ModelAlarm, template: 'alarm-taken' | 'alarm-over', by: Name, then: number): void {
    const to = [...alarm.called].filter((name) => name !== by);
    alarm.word = to.length > 0 ? { template, to, then } : undefined;
    alarm.dueAt = to.length > 0 ? this.now : then;
  }

  #move(index: number, alarm: ModelAlarm): void {
    if (alarm.word) {
      const { template, to, then } = alarm.word;
      for (const name of to) {
        const ways = [...(alarm.ways.get(name) ?? [])];
        const quiet = ways.filter((way) => way !== 'sms');
        for (const way of template === 'alarm-over' && quiet.length > 0 ? quiet : ways) {
          this.#expect(index, `${name} ${template} ${way}`);
        }
      }
      alarm.word = undefined;
      alarm.dueAt = then;
      return;
    }
    if (alarm.state === 'answered') {
      alarm.state = 'ringing';
      alarm.calls = 0;
      alarm.dueAt = this.now;
      alarm.also = alarm.called.has(alarm.answeredBy!) ? alarm.answeredBy : undefined;
      alarm.answeredBy = undefined;
      return;
    }
    this.#call(index, alarm);
  }

  #call(index: number, alarm: ModelAlarm): void {
    const { whom, only, wait } = callNumber(alarm.calls, alarm.kind);
    const ways = new Map<Name, readonly Channel[]>(
      whom.map((name) => {
        const theirs: readonly Channel[] = cast[name];
        const both = theirs.filter((way) => only.includes(way));
        return [name, both.length > 0 ? both : theirs];
      }),
    );
    if (alarm.also) {
      const before = [...(alarm.ways.get(alarm.also) ?? [])];
      ways.set(alarm.also, [...new Set([...(ways.get(alarm.also) ?? []), ...before])]);
    }
    for (const [name, by] of ways) {
      const template =
        alarm.kind === 'battery-low' ? 'device-waiting' : alarm.called.has(name) ? 'alarm-again' : 'alarm-waiting';
      for (const way of by) {
        this.#expect(index, `${name} ${template} ${way}`);
        alarm.ways.set(name, (alarm.ways.get(name) ?? new Set()).add(way));
      }
    }
    for (const name of ways.keys()) alarm.called.add(name);
    alarm.also = undefined;
    alarm.calls++;
    alarm.calledAt = this.now;
    alarm.dueAt = this.now + minutes(wait);
  }

  #expect(index: number, notice: Expected): void {
    const key = `${index} ${notice}`;
    this.notices.set(key, (this.notices.get(key) ?? 0) + 1);
  }
}

const every: readonly Channel[] = ['email', 'sms', 'push'];
const everybody = { whom: ['first', 'second', 'third', 'head'] as const satisfies readonly Name[], only: every };
const receivers = ['first', 'second', 'third'] as const satisfies readonly Name[];

/** Whom the n-th call is for, by which ways, and how many minutes it waits: the chains that nobody has chosen. */
function callNumber(
  n: number,
  kind: Extract<AlarmKind, 'button' | 'battery-low'>,
): { readonly whom: readonly Name[]; readonly only: readonly Channel[]; readonly wait: number } {
  if (kind === 'battery-low') {
    if (n === 0) return { whom: receivers, only: ['email', 'push'], wait: 12 * 60 };
    return { ...everybody, wait: 24 * 60 };
  }
  const chain = [
    { whom: ['first'], only: every, wait: 3 },
    { whom: ['second'], only: every, wait: 3 },
    { whom: receivers, only: every, wait: 5 },
    { whom: ['head'], only: every, wait: 10 },
    { ...everybody, wait: 15 },
    { ...everybody, wait: 30 },
  ] as const;
  return chain[n] ?? { ...everybody, wait: 60 };
}
