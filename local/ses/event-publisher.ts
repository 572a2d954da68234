import { setTimeout as pause } from 'node:timers/promises';
import type { MailStore } from './mail-store.ts';
import type { SesEvent } from './simulator.ts';

const RETRY_MILLISECONDS = 1000;

export type OnEvent = (event: SesEvent) => void | Promise<void>;

/**
 * Hands the stored events to `onEvent`, in their order, each at least once: an event leaves the store only when
 * `onEvent` has taken it, so a kill in between repeats it and never loses it. A refusal is tried again each second.
 */
export function eventPublisher(store: MailStore, onEvent: OnEvent) {
  const stopping = new AbortController();
  let isRunning = false;

  async function publishAll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const [next] = store.waitingEvents(1);
      if (!next) break;
      const isTaken = await publish(JSON.parse(next.event) as SesEvent);
      // Once stopped, the store may be closed: the event stays in it and is repeated by the next start.
      if (isTaken && !stopping.signal.aborted) store.eventPublished(next.sequence);
    }
    // In the same breath as the look at the empty store, so that no later wake is lost.
    isRunning = false;
  }

  async function publish(event: SesEvent): Promise<boolean> {
    try {
      await onEvent(event);
      return true;
    } catch (error) {
      console.error('An SES event could not be published; it is tried again', error);
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
