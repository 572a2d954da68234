import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { Closed } from '../../platform/records.ts';
import type { MailEvent } from '../deliveries/mail-events.ts';
import { stopsMail } from '../deliveries/outcome.ts';
import { tellAdministrators } from '../deliveries/tell-administrators.ts';
import { isNews, listedAs, stopMailTo, undeliverableAddressRef } from '../notices/undeliverable.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import type { JobPlace } from './mail-tag.ts';
import { eventSignOf, eventsAttribute, jobRows, recipientsIn } from './rows.ts';

/** What SES said of one mail of a job, and the address that it went to. */
export type JobEvent = JobPlace & MailEvent & { readonly address: string };

/** Rows of events in one transaction, each of another chunk. */
const ROWS_PER_CHANGE = 40;

/**
 * Records what SES says of jobs' mails: one row for each chunk that the events are of. The same again is one row more, and
 * counts nothing twice. What bounced for good, or was complained about, stops mail to that address. Two round trips.
 */
export async function recordJobEvents(events: readonly JobEvent[], call: Call): Promise<void> {
  const byChunk = [...Map.groupBy(events, ({ jobId, chunk }) => `${jobId}#${chunk}`).values()];
  const planned = await call.records.pointersAt(byChunk.map(([one]) => jobRows.chunk(one!.jobId, one!.chunk)));
  // Of a job that is gone with its year, or with its organisation, nothing is recorded any more.
  const known = byChunk.flatMap((group, i) => {
    const { organisationId } = planned[i]?.attributes ?? {};
    const expiresAtEpochSeconds = planned[i]?.expiresAtEpochSeconds;
    if (typeof organisationId !== 'string' || expiresAtEpochSeconds === undefined) return [];
    return [{ group, organisationId: organisationId as OrganisationId, expiresAtEpochSeconds }];
  });
  for (const { group } of known) for (const event of group) if (stopsMail(event)) await stopMail(event, call);
  for (let first = 0; first < known.length; first += ROWS_PER_CHANGE) {
    const change = call.records.change();
    for (const { group, organisationId, expiresAtEpochSeconds } of known.slice(first, first + ROWS_PER_CHANGE)) {
      const { jobId, chunk } = group[0]!;
      const signs = eventsAttribute(group.map((event) => ({ index: event.index, sign: eventSignOf(event) })));
      change
        .point({
          ...jobRows.events(jobId, chunk, call.newId('evt')),
          attributes: { events: signs },
          expiresAtEpochSeconds,
        })
        .activity({
          event: 'distribution.reported',
          subject: organisationOwner(organisationId),
          about: [jobId],
          detail: { chunk, events: group.length },
        });
    }
    await change.commit();
  }
}

/** Done before its row is written: cut off in between, it is done again, and is no news then. */
async function stopMail(event: JobEvent, call: Call): Promise<void> {
  const { records } = call;
  const [row] = await records.pointersAt([jobRows.recipient(event.jobId, event.chunk, event.index)]);
  const owner = row && ownerIn([...recipientsIn([row]).values()]);
  if (!owner || owner.controller === 'operator') return;
  const stop = {
    address: event.address,
    since: event.at,
    reason: event.type === 'complaint' ? 'complained' : 'bounced',
  } as const;
  const before = await records.get(undeliverableAddressRef(owner));
  if (!isNews(stop, before?.value)) return;
  if (listedAs(owner)) await tellAdministrators(owner.controller, call);
  const change = stopMailTo(records.change(), owner, stop, before).activity({
    event: 'notices.stopped',
    subject: owner,
    detail: { reason: stop.reason },
  });
  await change.commit().catch((error: unknown) => {
    // Erased between the look and the write.
    if (!(error instanceof Closed)) throw error;
  });
}

const ownerIn = ([recipient]: readonly { readonly owner: Owner }[]): Owner | undefined => recipient?.owner;
