import { containerStore, whileOpen } from './container.ts';

const store = containerStore();

export const handler = whileOpen(store, async () => ({}));
