import { type ApiFunction, apiFunctions, type WorkerFunction, workers } from '../lambdas/functions/catalogue.ts';
import type { Route } from '../lambdas/http/route.ts';
import { type Capability, type CapabilityDeclaration, capabilities } from '../lambdas/platform/capabilities.ts';
import { tables } from '../lambdas/platform/tables.ts';

/** The declarations from which the stacks are derived; a parameter, so that tests prove the loops on small ones. */
export interface Catalogue {
  readonly apiFunctions: Readonly<Record<string, ApiFunction>>;
  readonly workers: Readonly<Record<string, WorkerFunction>>;
}

/** What every function needs that comes to the tables: whether it may, and to which of them. */
const throughTheGate: readonly Capability[] = ['gate:read'];

export const declaredCatalogue: Catalogue = { apiFunctions, workers };

/** What an API function may do: its own needs and those of its routes, each once, in a stable order. */
export function needsOfApiFunction(fn: ApiFunction): readonly Capability[] {
  const routes: readonly Route[] = Object.values(fn.routes);
  return [...new Set([...throughTheGate, ...fn.needs, ...routes.flatMap(({ needs }) => needs)])].sort();
}

/** The same of a worker: those that hold a table which a restore replaces come through the gate. */
export function needsOfWorker({ needs }: WorkerFunction): readonly Capability[] {
  const isInGenerations = needs.some((need) => {
    const declared: CapabilityDeclaration = capabilities[need];
    return 'table' in declared && tables[declared.table].afterRestore !== 'kept';
  });
  return [...new Set([...(isInGenerations ? throughTheGate : []), ...needs])].sort();
}

/** The names of all functions with what each may do. */
export function needsByFunction({ apiFunctions, workers }: Catalogue): ReadonlyMap<string, readonly Capability[]> {
  return new Map([
    ...Object.entries(apiFunctions).map(([name, fn]) => [name, needsOfApiFunction(fn)] as const),
    ...Object.entries(workers).map(([name, worker]) => [name, needsOfWorker(worker)] as const),
  ]);
}

/** A worker that Cognito calls stands in the pool's own stack: between two stacks the references would form a ring. */
export function isCalledByUserPool({ triggers }: WorkerFunction): boolean {
  return triggers.some((trigger) => 'userPool' in trigger);
}
