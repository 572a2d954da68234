import type { Department, Group } from './organisation.ts';

/**
 * The name that an open department or group has for itself alone, as Lookup compares it; a closed one has given it back.
 * The id's prefix keeps departments and groups apart.
 */
export const nameHeld = ({ id, name, state }: Department | Group): string | undefined =>
  state === 'open' ? `${id.slice(0, 'dep'.length)}|${name.normalize('NFC').toLowerCase()}` : undefined;
