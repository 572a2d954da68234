import type { Call } from '../../http/call.ts';
import { ImportId, OrganisationId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Quarantine } from '../../platform/quarantine.ts';
import { type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { type ImportRecord, type importEntity, importRef, JOB_KEY_PREFIX } from './import.ts';
import { expiryFrom } from './store.ts';

/** What the importer works with; a fresh call for each family of rows, so that it sees the keys as they are then. */
export interface Importer {
  readonly files: Pick<Quarantine, 'read' | 'remove'>;
  openCall(): Call;
}

/** Which import it is about. */
export interface Place {
  readonly organisationId: OrganisationId;
  readonly importId: ImportId;
}

/** From the key of an uploaded object; undefined for a key that is none of ours. */
export function placeOfUpload(key: string): Place | undefined {
  const [folder, organisation, id, ...rest] = key.split('/');
  if (folder !== 'imports' || rest.length > 0) return undefined;
  return placeOf(organisation, id);
}

/** From the key of a row that leads the sweep to an unfinished import. */
export function placeOfUnfinished(sk: string): Place | undefined {
  const [organisation, id] = sk.split('#');
  return placeOf(organisation, id);
}

/** From the keys of a job row in the stream. */
export function placeOfJob(pk: string, sk: string): Place | undefined {
  return pk.startsWith(JOB_KEY_PREFIX) ? placeOf(pk.slice(JOB_KEY_PREFIX.length), sk) : undefined;
}

function placeOf(organisation: string | undefined, id: string | undefined): Place | undefined {
  const [organisationId, importId] = [OrganisationId.safeParse(organisation), ImportId.safeParse(id)];
  if (!organisationId.success || !importId.success) return undefined;
  return { organisationId: organisationId.data, importId: importId.data };
}

export async function todayOf(organisationId: OrganisationId, { records, now }: Call): Promise<string> {
  const organisation = await records.get({ entity: organisationEntity, owner: organisationOwner(organisationId) });
  return dayIn(organisation?.value.timeZone ?? 'Europe/Oslo', now);
}

/**
 * The import's own record, as one worker holds it. Each save is based on the version before: when another worker has
 * the same import, one of the two fails with `StaleVersion` at its next save, and stops.
 */
export interface Progress {
  readonly record: ImportRecord;
  save(changes: Partial<ImportRecord>, event: `import.${string}`): Promise<void>;
}

export function progressOf(stored: Stored<typeof importEntity>, openCall: () => Call): Progress {
  let { value: record, version } = stored;
  const expiresAtEpochSeconds = stored.expiresAtEpochSeconds;
  return {
    get record() {
      return record;
    },
    async save(changes, event) {
      const { records, now } = openCall();
      const next = { ...record, ...changes, progressAt: now.toISOString() };
      await records
        .change()
        .put(stored.ref, next, { version }, { expiresAtEpochSeconds: expiresAtEpochSeconds ?? expiryFrom(now) })
        .activity({
          event,
          subject: stored.ref.owner,
          about: [record.id],
          detail: { state: next.state, rowsDone: next.rowsDone, rowsTotal: next.rowsTotal },
        })
        .commit();
      record = next;
      version += 1;
    },
  };
}

export const findImport = ({ organisationId, importId }: Place, records: Records) =>
  records.get(importRef(organisationId, importId));

/** Another worker has taken the import over: nothing is wrong, and nothing is left to do here. */
export async function unlessTakenOver(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
  }
}
