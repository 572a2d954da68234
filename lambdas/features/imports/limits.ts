export const importKinds = ['register', 'staff'] as const;
export type ImportKind = (typeof importKinds)[number];

export const FILE_BYTES_MAX = 5 * 1024 * 1024;
export const ROWS_MAX = 2000;
/** Groups of an organisation, those of the register with them. */
export const GROUPS_MAX = 100;
