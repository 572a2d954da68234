const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The SDK names a connection that did not come about in time by its words alone. */
export const isNeverConnected = (error: unknown): boolean =>
  error instanceof Error &&
  (NO_CONNECTION.has((error as NodeJS.ErrnoException).code ?? '') ||
    (error.name === 'TimeoutError' && /establish/i.test(error.message)));

/**
 * What a call that failed says about what it asked for. `refused`: AWS answered with an error of these names, and no later
 * try can succeed. `later`: nothing has been done, and what stands in the way can be mended without us (throttled, paused,
 * the month's money spent). `unknown`: no answer, or a server's failure, which says neither.
 */
export function outcomeOfFailure(error: unknown, refusals: ReadonlySet<string>): 'refused' | 'later' | 'unknown' {
  if (!(error instanceof Error)) return 'unknown';
  if (refusals.has(error.name)) return 'refused';
  if (isNeverConnected(error)) return 'later';
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status !== undefined && status >= 400 && status < 500 ? 'later' : 'unknown';
}
