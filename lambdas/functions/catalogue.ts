import { contractRoutes } from '../features/contract/routes.ts';
import type { Routes } from '../http/route.ts';
import type { Capability } from '../platform/capabilities.ts';
import type { TableName } from '../platform/tables.ts';

/**
 * Every deployed function, declared once: the stacks, the contract, the typed client and the tests that run for every
 * route are derived from here. A function is a permission group: what its routes and its own needs allow, no more.
 */
export interface ApiFunction {
  readonly entry: string;
  readonly routes: Routes;
  /** What every route of this function needs beside its own needs. */
  readonly needs: readonly Capability[];
}

export type Trigger =
  /** Keys-only or new-image records of a table's stream whose partition key begins so; inserts and changes, no removals. */
  | { readonly stream: TableName; readonly keyPrefix?: string }
  | { readonly schedule: `rate(${string})` | `cron(${string})`; readonly timeZone?: 'Europe/Oslo' }
  | { readonly objectsCreatedIn: 'quarantine' }
  | { readonly userPool: 'CustomMessage' }
  /** Nothing but a call by an operator with the right to invoke it. */
  | { readonly operator: true };

export interface WorkerFunction {
  readonly entry: string;
  readonly needs: readonly Capability[];
  readonly triggers: readonly Trigger[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** At most so many at once; for what must not run beside itself, a lease decides and not this. */
  readonly concurrencyMax?: number;
}

export const apiFunctions = {
  contract: { entry: 'lambdas/functions/contract.ts', routes: contractRoutes, needs: [] },
} satisfies Record<string, ApiFunction>;

export const workers = {} satisfies Record<string, WorkerFunction>;
