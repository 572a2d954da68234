import { canonicalJson, canonicalLifecycle, canonicalPolicy } from './canonical.ts';
import {
  type BucketSettings,
  type InForce,
  type Settings,
  type TableSettings,
  UNREADABLE,
  type Unreadable,
} from './guarantee.ts';

/** What was looked at, by name, and of that what is not as the template has it. */
export interface Compared {
  readonly checked: number;
  /** `<table or bucket>.<setting>`: names of ours, nothing that AWS or anyone else wrote. */
  readonly broken: readonly string[];
}

/** Compares every setting that a guarantee rests on. What AWS did not say counts as broken. Pure. */
export function compareSettings(expected: Settings, inForce: InForce): Compared {
  const kept = [
    ...Object.entries(expected.tables).flatMap(([name, settings]) =>
      keptOf(name, tableSettings, settings, inForce.tables[name] ?? UNREADABLE),
    ),
    ...Object.entries(expected.buckets).flatMap(([name, settings]) =>
      keptOf(name, bucketSettings, settings, inForce.buckets[name] ?? UNREADABLE),
    ),
    ...copiesKept(inForce.copiesOfKeys),
  ];
  return { checked: kept.length, broken: kept.filter(({ isKept }) => !isKept).map(({ guarantee }) => guarantee) };
}

interface Kept {
  readonly guarantee: string;
  readonly isKept: boolean;
}

/** Each setting in a form in which equal settings are equal texts. */
const tableSettings: Readonly<Record<string, (settings: TableSettings) => string>> = {
  'deletion-protection': ({ isProtectedFromDeletion }) => String(isProtectedFromDeletion),
  'recovery-window': ({ recoveryDays }) => String(recoveryDays),
  'resource-policy': ({ policy }) => canonicalPolicy(policy),
};

const bucketSettings: Readonly<Record<string, (settings: BucketSettings) => string>> = {
  lifecycle: ({ lifecycle }) => canonicalLifecycle(lifecycle),
  versioning: ({ isVersioned }) => String(isVersioned),
  'object-lock': ({ lock }) => canonicalJson(lock),
  'bucket-policy': ({ policy }) => canonicalPolicy(policy),
  'public-access-block': ({ publicAccessBlock }) => canonicalJson(publicAccessBlock),
};

function keptOf<S extends object>(
  name: string,
  settings: Readonly<Record<string, (settings: S) => string>>,
  expected: S,
  inForce: S | Unreadable,
): Kept[] {
  return Object.entries(settings).map(([setting, canonical]) => ({
    guarantee: `${name}.${setting}`,
    isKept: inForce !== UNREADABLE && canonical(expected) === canonical(inForce),
  }));
}

/** KP-12: what erases a key must erase all of it. */
function copiesKept(copies: InForce['copiesOfKeys']): Kept[] {
  const isNone = (of: 'backups' | 'tables') => copies !== UNREADABLE && copies[of].length === 0;
  return [
    { guarantee: 'keys.no-backups', isKept: isNone('backups') },
    { guarantee: 'keys.no-copies', isKept: isNone('tables') },
  ];
}
