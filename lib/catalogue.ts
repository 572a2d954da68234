import { type ApiFunction, apiFunctions, type WorkerFunction, workers } from '../lambdas/functions/catalogue.ts';
import type { Route } from '../lambdas/http/route.ts';
import type { Capability } from '../lambdas/platform/capabilities.ts';

/** The declarations from which the stacks are derived; a parameter, so that tests prove the loops on small ones. */
export interface Catalogue {
  readonly apiFunctions: Readonly<Record<string, ApiFunction>>;
  readonly workers: Readonly<Record<string, WorkerFunction>>;
}

export const declaredCatalogue: Catalogue = { apiFunctions, workers };

/** What an API function may do: its own needs and those of its routes, each once, in a stable order. */
export function needsOfApiFunction(fn: ApiFunction): readonly Capability[] {
  const routes: readonly Route[] = Object.values(fn.routes);
  return [...new Set([...fn.needs, ...routes.flatMap(({ needs }) => needs)])].sort();
}

/** The names of all functions with what each may do. */
export function needsByFunction({ apiFunctions, workers }: Catalogue): ReadonlyMap<string, readonly Capability[]> {
  return new Map([
    ...Object.entries(apiFunctions).map(([name, fn]) => [name, needsOfApiFunction(fn)] as const),
    ...Object.entries(workers).map(([name, { needs }]) => [name, [...new Set(needs)].sort()] as const),
  ]);
}

/** A worker that Cognito calls stands in the pool's own stack: between two stacks the references would form a ring. */
export function isCalledByUserPool({ triggers }: WorkerFunction): boolean {
  return triggers.some((trigger) => 'userPool' in trigger);
}
