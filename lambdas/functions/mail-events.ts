import { containerStore, whileOpen } from './container.ts';

const store = containerStore();

async function work(): Promise<object> {
  return {};
}

export const handler = whileOpen(store, work);
