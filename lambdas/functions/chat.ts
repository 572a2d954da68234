import { setTimeout as pause } from 'node:timers/promises';
import { chatHandlers, visitorChatHandlers } from '../features/chats/handlers.ts';
import { chatRoutes, visitorChatRoutes } from '../features/chats/routes.ts';
import { chatStore } from '../features/chats/store.ts';
import { serve } from './serve.ts';

const waiting = { pause: (milliseconds: number) => pause(milliseconds), elapsed: () => performance.now() };

/** Chats: apart, because who waits for an answer holds the function up (decision 0021). */
export const handler = serve(
  { ...visitorChatRoutes, ...chatRoutes },
  { ...visitorChatHandlers(chatStore, waiting), ...chatHandlers(chatStore, waiting) },
);
