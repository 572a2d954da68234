import type { Endpoints } from '../endpoints.ts';

const WAIT_MILLISECONDS = 200;
const WAITS_MAX = 600;

export async function moveClock({ mailbox }: Endpoints, by: string): Promise<void> {
  const moved = await fetch(`${mailbox}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: by }),
  });
  if (!moved.ok) throw new Error(`The clock was not moved: ${moved.status}`);
}

export async function until<T>(found: () => Promise<T | undefined>): Promise<T> {
  for (let wait = 0; wait < WAITS_MAX; wait++) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((done) => setTimeout(done, WAIT_MILLISECONDS));
  }
  throw new Error(`Nothing came of it within ${(WAITS_MAX * WAIT_MILLISECONDS) / 1000} seconds`);
}

/** How the service refused, as status and problem. */
export async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    const { status, slug } = error as { status?: number; slug?: string };
    if (status !== undefined && slug !== undefined) return `${status} ${slug}`;
    throw error;
  }
  throw new Error('This should have been refused');
}
