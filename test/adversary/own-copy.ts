import type { Customer, Inhabitant } from './customer.ts';
import { eventually } from './history.ts';

/** A copy of everything: ordered in words of one's own, looked through, made, and fetched by a link that lives a minute. */
export async function fetchOwnCopy(
  { organisationId, administrator }: Customer,
  { visitor, personId }: Inhabitant,
  words: string,
  photograph: () => Promise<void>,
): Promise<void> {
  await visitor.signInAgain();
  const { body: asked } = await visitor.api.askForRight({
    body: { controller: organisationId, personId, right: 'access', text: words },
  });
  const { exportId } = asked;
  if (!exportId) throw new Error('A request for access without a copy ordered');
  const looking = await administrator.again();
  await eventually(async () => {
    const { body } = await visitor.api.listMyExports();
    const found = body.items.find(({ id }) => id === exportId);
    if (found?.state === 'awaiting-redaction') {
      const params = { organisationId, exportId };
      const { body: shown } = await looking.lookThroughExport({ params });
      const decisions = shown.texts.map(({ digest }) => ({ digest, shown: 'whole' as const }));
      if (decisions.length > 0) await looking.releaseExport({ params, body: { decisions } });
    }
    return found?.state === 'ready' ? true : undefined;
  });
  await photograph();
  const { body: download } = await visitor.api.downloadMyExport({ params: { exportId } });
  const copy = await fetch(download.url);
  if (!copy.ok) throw new Error(`The copy could not be fetched: ${copy.status}`);
  await photograph();
}
