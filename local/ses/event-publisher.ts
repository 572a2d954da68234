import { setTimeout as pause } from 'node:timers/promises';
import type { MailStore } from './mail-store.ts';
import type { SesEvent } from './simulator.ts';

const RETRY_MILLISECONDS = 1000;

/** As many as SNS takes in one call (API reference, PublishBatch). */
const BATCH_MAX = 10;

/** Takes one to ten events, all or none. */
export type OnEvents = (events: readonly SesEvent[]) => void | Promise<void>;

/**
 * Hands the stored events to `onEvents`, in their order, each at least once: events leave the store only when
 * `onEvents` has taken them, so a kill in between repeats them and never loses one. A refusal is tried again each second.
 */
export function eventPublisher(store: MailStore, onEvents: OnEvents) {
  const stopping = new AbortController();
  let isRunning = false;

  async function publishAll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waiting = store.waitingEvents(BATCH_MAX);
      const last = waiting.at(-1);
      if (!last) break;
      const areTaken = await publish(waiting.map(({ event }) => JSON.parse(event) as SesEvent));
      // Once stopped, the store may be closed: the events stay in it and are repeated by the next start.
      if (areTaken && !stopping.signal.aborted) store.eventsPublished(last.sequence);
    }
    // In the same breath as the look at the empty store, so that no later wake is lost.
    isRunning = false;
  }

  async function publish(events: readonly SesEvent[]): Promise<boolean> {
    try {
      await onEvents(events);
      return true;
    } catch (error) {
      console.error('Events of SES could not be published; they are tried again', error);
      await pause(RETRY_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => {});
      return false;
    }
  }

  return {
    /** Starts publishing what waits, if it is not under way. */
    wake(): void {
      if (isRunning || stopping.signal.aborted) return;
      isRunning = true;
      void publishAll();
    },
    stop: () => stopping.abort(),
  };
}
