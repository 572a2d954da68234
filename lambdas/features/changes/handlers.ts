import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { type ChangeTold, Leaf } from './change.ts';
import type { Told } from './feed.ts';
import type { changeRoutes } from './routes.ts';

export interface ChangeStore {
  /** Two round trips. */
  from(
    controller: ControllerId,
    wanted: {
      readonly leaf: number;
      readonly limit: number;
      readonly skipsWhatIsGone?: boolean;
      may(action: string): boolean;
      isWanted?(change: ChangeTold): boolean;
    },
    call: Call,
  ): Promise<Told | 'gone'>;
  /** The leaf to begin with. */
  start(controller: ControllerId, at: 'oldest' | 'latest', call: Call): Promise<number>;
  /** Before the answer leaves, as every record of a read (SM-05). */
  noteRead(organisationId: OrganisationId, count: number, call: Call): Promise<void>;
}

export const changeHandlers = (changes: ChangeStore): HandlersFor<typeof changeRoutes, Call> => ({
  async listChanges({ params: { organisationId }, query }, call) {
    const list: List = { name: 'changes', filter: { organisationId } };
    const leaf =
      query.cursor === undefined
        ? await changes.start(organisationId, query.start ?? 'oldest', call)
        : Number(decodeCursor(list, query.cursor, Leaf));
    const nouns = query.nouns?.split(',');
    const may = (action: string) => call.role?.actions?.includes(action) === true;
    const isWanted = ({ event }: ChangeTold) => nouns?.some((noun) => event.startsWith(`${noun}.`)) ?? true;
    const skipsWhatIsGone = query.cursor === undefined;
    const wanted = { leaf, limit: query.limit, skipsWhatIsGone, may, isWanted };
    const found = await changes.from(organisationId, wanted, call);
    if (found === 'gone') throw new Problem('cursor-too-old');
    // Whoever asks every minute and hears nothing has read nothing.
    if (found.items.length > 0) await changes.noteRead(organisationId, found.items.length, call);
    const { items, next, hasMore } = found;
    return { items: [...items], next: encodeCursor(list, String(next)), hasMore };
  },
});
