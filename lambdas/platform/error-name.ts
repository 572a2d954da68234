/** What a log may say of a failure: its name. A message may repeat what somebody wrote. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
